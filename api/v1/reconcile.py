"""The Reconciliation Service API 0.2, by which OpenRefine matches columns with records."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import marshmallow as ma
import orjson

from api.formats.page import MakeAnswer, MakeAtOrigin, SingleObject
from api.http.problems import HTTPProblem, RecordMoved, invalid_body
from api.http.urls import public_url
from api.openapi.blueprint import FAILURES, Blueprint
from api.query.display import DisplayParameter, NumberParameter
from api.query.form import FORM_TYPE, parse_form
from api.query.json_values import InvalidJSON
from api.query.parameters import EnumParameter
from api.query.parser import Query
from api.query.path import PathRecord, missing_record_error
from api.query.reconciliation import (
    MAX_QUERIES,
    Batch,
    Extension,
    QuestionParameter,
    parse_batch,
    parse_extension,
)
from api.v1.reconciliation_schemas import (
    EntityPropertiesSchema,
    ReconciledRecordSchema,
    ReconciliationBatchSchema,
    ReconciliationManifestSchema,
)
from models.dataset import Dataset
from models.queries.fetch import fetch_documents
from models.search.descriptions import describe
from models.search.entities import (
    ENTITY_TYPES,
    Entity,
    fetch_entities,
    match_entities,
    split_entity_id,
)
from models.search.properties import properties_of, property_name, property_values

# properties that are proposed at once
DEFAULT_PROPOSED, MAX_PROPOSED = 50, 200

blp = Blueprint(
    "reconciliation",
    __name__,
    description="The Reconciliation Service API 0.2, for OpenRefine and other clients.",
    example="actor:mark-rutte",
)


class ReconciliationQuery(ma.Schema):
    """The parameters of the service."""

    class Meta:
        # apispec leaves them out: with them, answers are no manifest, on which typed clients rely
        dump_only = ("queries", "extend")

    queries = QuestionParameter()
    extend = QuestionParameter()


class EntityTypeParameter(DisplayParameter, EnumParameter):
    """A type of entities."""

    component = "EntityType"
    words = ENTITY_TYPES

    def __init__(self) -> None:
        super().__init__(
            "The type of the entities; all types where it is not given, or empty.",
            "actor",
            load_default=None,
        )

    def check(self, value: str) -> str:
        """The type; OpenRefine sends an empty one for a column without a type."""
        return super().check(value) if value.strip() else ""

    def parse_value(self, value: str) -> Any:
        return super().parse_value(value) if value else self.load_default


class PropertiesQuery(ma.Schema):
    """The parameters of the list of properties."""

    type = EntityTypeParameter()
    limit = NumberParameter("The most properties.", 10, 1, MAX_PROPOSED, DEFAULT_PROPOSED)


@blp.object_route(
    "/reconcile",
    ReconciliationManifestSchema,
    ReconciliationQuery(),
    failures=(*FAILURES, 422),
)
def get_reconciliation_manifest(query: Query) -> MakeAnswer:
    """Get what the reconciliation service offers: the manifest.

    With `queries`, a batch of queries as JSON, it answers as the POST does. With `extend`, a data
    extension query, it answers the properties of entities.
    """
    questions = [name for name in QUESTIONS if name in query.parameters]
    if len(questions) > 1:
        raise HTTPProblem(
            "invalid-value",
            "One request asks either queries or extend.",
            [{"parameter": "extend", "message": "cannot be used with queries"}],
        )
    for name in questions:
        parse, make_answer = QUESTIONS[name]
        try:
            return make_answer(parse(query.parameters[name][0]))
        except InvalidJSON as error:
            first = error.errors[0]
            place = f"{name} at {first['pointer']}" if first["pointer"] else name
            detail = f"{place} {first['message']}."
            errors = [{**error, "parameter": name} for error in error.errors]
            raise HTTPProblem("invalid-value", detail, errors) from None
    return manifest()


@blp.body_route(
    "/reconcile",
    FORM_TYPE,
    ReconciliationBatchSchema,
    {"$ref": "#/components/schemas/ReconciliationResults"},
    sample={"queries": '{"q1": {"query": "Erdogan", "type": "actor", "limit": 3}}'},
)
def reconcile_names(body: bytes) -> MakeAnswer:
    """Reconcile names: find the entities that they may stand for.

    The form has one field: `queries`, a batch of at most 100 queries, or `extend`, a data
    extension query, whose answer has the members `meta` and `rows`. The answer is not cached.
    """
    name, text = parse_form(body, [*QUESTIONS])
    parse, make_answer = QUESTIONS[name]
    try:
        return make_answer(parse(text))
    except InvalidJSON as error:
        errors = [{**error, "pointer": f"/{name}{error['pointer']}"} for error in error.errors]
        raise invalid_body(errors) from None


@blp.object_route(
    "/reconcile/properties",
    EntityPropertiesSchema,
    PropertiesQuery(),
    failures=(*FAILURES, 422),
    sample="type=organization",
)
def list_entity_properties(query: Query) -> MakeAnswer:
    """List the properties of entities that data extension fetches.

    They are kind, country, all identifiers, and the identifiers of each scheme in the dataset.
    """
    (type,) = query.parameters.get("type", (None,))

    def answer(dataset: Dataset) -> SingleObject:
        properties = properties_of([type] if type else ENTITY_TYPES)[: query.limit]
        document = {
            "properties": [{"id": id, "name": property_name(id)} for id in properties],
            "type": type,
            "limit": query.limit,
        }
        return SingleObject(orjson.dumps(document))

    return answer


@blp.object_route("/reconcile/<id>", ReconciledRecordSchema)
def get_reconciled_record(query: Query, id: str) -> MakeAnswer:
    """Get the record of an entity by its type and id.

    The answer is that of the record's own path: `/v1/reconcile/actor:mark-rutte` answers as
    `/v1/actors/mark-rutte` does.
    """
    record = split_entity_id(id)
    if record is None:
        types = ", ".join(f"{type}:ID" for type in ENTITY_TYPES)
        raise HTTPProblem(
            "not-found",
            f"There is no entity {id[:200]!r}: ids of entities are {types}.",
            [{"parameter": "id", "message": "is no id of an entity", "value": id[:200]}],
        )

    def answer(dataset: Dataset) -> SingleObject:
        documents = fetch_documents([record])
        if record not in documents:
            error = missing_record_error(PathRecord(*record))
            raise (
                RecordMoved(f"{record[0]}:{error.id}") if isinstance(error, RecordMoved) else error
            )
        return SingleObject(documents[record])

    return answer


def manifest() -> MakeAnswer:
    base = public_url()
    document = {
        "versions": ["0.2"],
        "name": "Claimbase",
        "identifierSpace": f"{base}/v1/reconcile/",
        "schemaSpace": f"{base}/v1/openapi.json",
        "documentation": f"{base}/v1/docs",
        "serviceVersion": version("claimbase"),
        "defaultTypes": [type_reference(type) for type in ENTITY_TYPES],
        "view": {"url": f"{base}/v1/reconcile/{{{{id}}}}"},
        "batchSize": MAX_QUERIES,
        "extend": {
            "propose_properties": {
                "service_url": base,
                "service_path": "/v1/reconcile/properties",
            }
        },
    }
    content = orjson.dumps(document)
    return MakeAtOrigin(lambda dataset: SingleObject(content), base)


def reconcile(batch: Batch) -> MakeAnswer:
    def answer(dataset: Dataset) -> SingleObject:
        results = match_entities([*batch.values()])
        document = {
            id: {"result": [candidate_document(entity) for entity in entities]}
            for id, entities in zip(batch, results, strict=True)
        }
        return SingleObject(orjson.dumps(document))

    return answer


def candidate_document(entity: Entity) -> dict[str, Any]:
    candidate = entity.candidate
    features = {"exactness": candidate.score, **entity.agreements}
    return {
        "id": f"{candidate.type}:{candidate.id}",
        "name": candidate.name,
        "description": describe(candidate.type, candidate.document),
        "type": [type_reference(candidate.type)],
        "score": entity.score,
        "match": entity.match,
        "features": [{"id": id, "value": int(value)} for id, value in features.items()],
    }


def type_reference(type: str) -> dict[str, str]:
    return {"id": type, "name": type.capitalize()}


def extend(extension: Extension) -> MakeAnswer:
    def answer(dataset: Dataset) -> SingleObject:
        entities = fetch_entities(extension.entities)
        document = {
            "meta": [{"id": id, "name": property_name(id)} for id in extension.properties],
            "rows": {
                entity: {
                    property: extended_values(entities.get(entity), property)
                    for property in extension.properties
                }
                for entity in extension.entities
            },
        }
        return SingleObject(orjson.dumps(document))

    return answer


def extended_values(document: dict | None, property: str) -> list[dict[str, str]]:
    """The values of a property of a record; none of an unknown record."""
    values = property_values(document, property) if document else []
    return [{"str": value} for value in values]


# the parameters and form fields that ask something: a parser, and what answers it
QUESTIONS: dict[str, tuple[Callable[[str], Any], Callable[[Any], MakeAnswer]]] = {
    "queries": (parse_batch, reconcile),
    "extend": (parse_extension, extend),
}
