"""Schemas of the Reconciliation Service API 0.2, whose names it gives."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.openapi import schemas
from models.search.entities import ENTITY_TYPES


class EntityTypeReferenceSchema(schemas.Schema):
    """A type of entities."""

    id = schemas.enum_field("EntityType", ENTITY_TYPES, "Its id.")
    name = schemas.text_field("Its name.")


class EntityViewSchema(schemas.Schema):
    """Where an entity is shown."""

    url = schemas.text_field("The address, with `{{id}}` in place of the entity's id.")


class PropertyServiceSchema(schemas.Schema):
    """Where properties are listed."""

    service_url = schemas.text_field("The address of the server.")
    service_path = schemas.text_field("The path.")


class ExtensionServiceSchema(schemas.Schema):
    """The data extension service."""

    propose_properties = schemas.object_field(
        PropertyServiceSchema, "Where properties are listed.", nullable=False
    )


class ReconciliationManifestSchema(schemas.Schema):
    """The manifest of the reconciliation service."""

    versions = schemas.texts_field("The versions of the Reconciliation Service API.")
    name = schemas.text_field("The name of the service.")
    identifierSpace = schemas.text_field("The beginning of the addresses of all entities.")
    schemaSpace = schemas.text_field("The address of the specification of the records.")
    documentation = schemas.text_field("The address of the documentation.")
    serviceVersion = schemas.text_field("The version of Claimbase that answers.")
    defaultTypes = schemas.objects_field(EntityTypeReferenceSchema, "The types of entities.")
    view = schemas.object_field(EntityViewSchema, "Where an entity is shown.", nullable=False)
    batchSize = schemas.number_field("The most queries of a batch.")
    extend = schemas.object_field(
        ExtensionServiceSchema, "The data extension service.", nullable=False
    )


class MatchFeatureSchema(schemas.Schema):
    """One part of a score."""

    id = schemas.text_field("`exactness`, or the property that was compared.")
    value = schemas.number_field(
        "Of `exactness`: the score of the name or the identifier; of a property: 1 if it agrees, "
        "else 0."
    )


class EntityCandidateSchema(schemas.Schema):
    """An entity that a query may stand for."""

    id = schemas.text_field("Its type and id, as `actor:mark-rutte`.")
    name = schemas.text_field("Its name.")
    description = schemas.text_field("A line that tells it apart from its namesakes.")
    type = schemas.objects_field(EntityTypeReferenceSchema, "Its type.")
    score = schemas.number_field("How well it matches, from 0 to 100.")
    match = ma.fields.Boolean(
        **schemas.field_options("Whether it is the only exact candidate.", False)
    )
    features = schemas.objects_field(MatchFeatureSchema, "The parts of the score.")


class ReconciliationResultSchema(schemas.Schema):
    """The candidates of one query."""

    result = schemas.objects_field(EntityCandidateSchema, "The candidates, the best first.")


class ReconciliationBatchSchema(schemas.Schema):
    """A batch of queries, as a form."""

    queries = schemas.text_field("The queries by their ids, as JSON.")


class EntityPropertySchema(schemas.Schema):
    """A property of entities."""

    id = schemas.text_field("Its id.")
    name = schemas.text_field("Its name.")


class EntityPropertiesSchema(schemas.Schema):
    """The properties of entities."""

    properties = schemas.objects_field(EntityPropertySchema, "The properties.")
    type = schemas.text_field("The type that was asked for.", nullable=True)
    limit = schemas.number_field("The most properties.")


class ReconciledRecordSchema(schemas.Schema):
    """The record of an entity, as the path of its type answers it."""

    id = schemas.id_field()


# results by the ids of the queries
RESULTS = {
    "type": "object",
    "description": "The candidates of each query, by the id of the query.",
    "additionalProperties": {"$ref": "#/components/schemas/ReconciliationResult"},
}


def describe_results(spec: Any) -> None:
    """Add the schema of results, which marshmallow cannot express, to the specification."""
    spec.components.schema("ReconciliationResult", schema=ReconciliationResultSchema)
    spec.components.schema("ReconciliationResults", RESULTS)
