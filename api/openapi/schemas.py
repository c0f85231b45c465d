"""Schemas of answers: the fields and schemas that all resources share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import marshmallow as ma

from models import RECORD_TYPES
from models.queries.names import NAMED_TABLES
from models.record_table import RecordTable
from models.values import dates

DATE = {
    "type": "string",
    "pattern": f"^{dates.PATTERN}$",
    "description": "A date of reduced precision (ISO 8601): a year, a month or a day.",
    "examples": ["2025", "2025-05", "2025-05-14"],
}
TIMESTAMP = {
    "type": "string",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}Z$",
    "description": "A moment in UTC.",
    "examples": ["2026-01-02T03:04:05.123456Z"],
}


class Schema(ma.Schema):
    """Base of all schemas: it allows unknown fields, so that a new field breaks no client.

    A schema's docstring is its description in the specification.
    """

    class Meta:
        unknown = ma.EXCLUDE

    def __init_subclass__(cls) -> None:
        cls.Meta = type("Meta", (cls.Meta,), {"description": cls.__doc__})  # type: ignore[assignment,misc]


class Component(ma.fields.Field):
    """A field whose schema is a named component of the specification."""

    def __init__(self, component: str, schema: dict, **kwargs: Any):
        self.component = component
        self.schema = schema
        super().__init__(**kwargs)


def field_options(description: str, nullable: bool) -> dict[str, Any]:
    return {
        "required": True,
        "allow_none": nullable,
        "metadata": {"description": description},
    }


def text_field(description: str, *, nullable: bool = False) -> ma.fields.Field:
    return ma.fields.String(**field_options(description, nullable))


def number_field(description: str, *, nullable: bool = False) -> ma.fields.Field:
    return ma.fields.Integer(**field_options(description, nullable))


def share_field(description: str) -> ma.fields.Field:
    """A number from 0 to 1, or null."""
    options = field_options(description, True)
    return ma.fields.Float(**options, validate=ma.validate.Range(0, 1))


def flag_field(description: str) -> ma.fields.Field:
    return ma.fields.Boolean(**field_options(description, False))


def date_field(description: str, *, nullable: bool = True) -> ma.fields.Field:
    return Component("PartialDate", DATE, **field_options(description, nullable))


def timestamp_field(description: str) -> ma.fields.Field:
    return Component("Timestamp", TIMESTAMP, **field_options(description, False))


def enum_field(
    component: str, words: Iterable[str], description: str, *, nullable: bool = False
) -> ma.fields.Field:
    """One word of a closed list."""
    return Component(component, enum_schema(words), **field_options(description, nullable))


def enum_schema(words: Iterable[str]) -> dict:
    """The JSON Schema of a closed list of words; generated clients name `-date` DATE_DESC."""
    values = list(words)
    schema: dict[str, Any] = {"type": "string", "enum": values}
    schema["x-enum-varnames"] = [enum_name(word).upper().replace("-", "_") for word in values]
    return schema


def enum_name(word: str) -> str:
    """A word as generated clients can name it: `-date` is date-desc, `!quote` not-quote."""
    if word.startswith("-"):
        return f"{word[1:]}-desc"
    return word.replace("!", "not-")


def texts_field(description: str) -> ma.fields.Field:
    return ma.fields.List(ma.fields.String(), **field_options(description, False))


def object_field(
    schema: type[Schema], description: str, *, nullable: bool = True
) -> ma.fields.Field:
    return ma.fields.Nested(schema, **field_options(description, nullable))


def objects_field(schema: type[Schema], description: str) -> ma.fields.Field:
    return ma.fields.List(ma.fields.Nested(schema), **field_options(description, False))


def attributes_field() -> ma.fields.Field:
    return ma.fields.Dict(
        ma.fields.String(),
        ma.fields.String(),
        **field_options("The coders' own variables, by name.", False),
    )


class ReferenceSchema(Schema):
    """Another record, by id and name."""

    id = text_field("The record's id.")
    name = text_field("The record's name.")


PARTY_TYPES = ("actor", "organization")


class PartySchema(Schema):
    """An actor or an organization."""

    type = enum_field("PartyType", PARTY_TYPES, "Whether it is an actor or an organization.")
    id = text_field("The record's id.")
    name = text_field("The record's name.")


class IdentifierSchema(Schema):
    """The record's identifier in another system."""

    scheme = text_field("The system: wikidata, bioguide …")
    identifier = text_field("The record's identifier there.")


def id_field() -> ma.fields.Field:
    return text_field("The record's id: it stays, or redirects to the one that replaced it.")


def ending_fields() -> tuple[ma.fields.Field, ...]:
    """The fields that every document ends with."""
    return (
        objects_field(IdentifierSchema, "The record's identifiers in other systems."),
        texts_field("Ids that the record had before; they redirect to it."),
        timestamp_field("When the record entered the dataset."),
        timestamp_field("When the record itself last changed."),
    )


def claim_count_field() -> ma.fields.Field:
    return number_field("How many coded and verified claims its /claims route lists.")


# the specification keeps this order; new types follow
NAMED_TYPES = tuple(
    dict.fromkeys(("actor", "organization", "event", "source", "topic", "position", *NAMED_TABLES))
)
MATCH_TYPES = (*NAMED_TYPES, "country")


class MatchSchema(Schema):
    """A record that a name stands for."""

    type = enum_field("MatchType", MATCH_TYPES, "Its type.")
    id = text_field("Its id, which the filter takes, too.")
    name = text_field("Its name.")


class SuggestionSchema(MatchSchema):
    """A record that was probably meant."""

    query = text_field("The parameter that finds it on this list.")


class ResolutionSchema(Schema):
    """How one value of a filter was understood."""

    asked = text_field("The value, without a leading `!`.")
    exclude = ma.fields.Boolean(  # type: ignore[assignment]  # a field, not the option
        **field_options("Whether the filter excludes its records.", False)
    )
    tier = enum_field(
        "Tier",
        ("id", "name", "spelling", "words", "none"),
        "The matching tier: an id, former id or external identifier; a whole name or alias; "
        "another spelling of one, or the country code of a state; all words among those of a "
        "name; nothing.",
    )
    count = number_field("How many records it stands for.")
    matches = objects_field(MatchSchema, "The first 20 of them.")
    suggestions = objects_field(
        SuggestionSchema, "If nothing matched: records of any type that were probably meant."
    )


def resolved_field() -> ma.fields.Field:
    return ma.fields.Dict(
        ma.fields.String(),
        ma.fields.List(ma.fields.Nested(ResolutionSchema)),
        **field_options("The matches of each name, by parameter.", False),
    )


class FacetValueSchema(Schema):
    """One value of a facet."""

    id = text_field("The value for the filter.")
    name = text_field("Its name.")
    count = number_field("How many records of the list have it.")


class FacetSchema(Schema):
    """How the records of a list spread over the values of a field."""

    groups = number_field("How many values there are.")
    missing = number_field("How many records have none.")
    values = objects_field(FacetValueSchema, "The 20 most frequent ones.")


class HighlightSchema(Schema):
    """Where words of `q` stand in one text of a record."""

    type = text_field("The record's type.")
    id = text_field("The record's id.")
    path = text_field("The field, as `reports.0.exact`; of a source's text a part is shown.")
    text = text_field("The plain text.")
    ranges = ma.fields.List(
        ma.fields.List(ma.fields.Integer()),
        **field_options("The words: of each, its first code point and the one after it.", False),
    )


class DatasetMetaSchema(Schema):
    """The version of the dataset."""

    dataset = text_field("Names the database and its version; opaque.")


class ListMetaSchema(Schema):
    """About a list: its total, its next page, and how its names were understood."""

    total = number_field(
        "How many records match, on all pages; null under count=none.", nullable=True
    )
    next_cursor = text_field("The cursor of the next page; null on the last.", nullable=True)
    dataset = text_field("Names the database and its version; opaque.")
    query = text_field("The query as an English sentence, for display; its wording may change.")
    ranked = number_field(
        "How many records sort=relevance ranked, where it did not rank all; else null.",
        nullable=True,
    )
    highlights = objects_field(
        HighlightSchema, "Where the words of q stand in the page's records, if asked for."
    )
    resolved = resolved_field()
    facets = ma.fields.Dict(
        ma.fields.String(),
        ma.fields.Nested(FacetSchema),
        **field_options("The facets that were asked for, by name.", False),
    )


class ProblemErrorSchema(Schema):
    """An error at one place."""

    parameter = text_field("The query or path parameter.", nullable=True)
    pointer = text_field("A JSON pointer, where it is no parameter.", nullable=True)
    message = text_field("The error.")
    value = text_field("The value that was given.", nullable=True)
    suggestion = text_field("A valid value that was probably meant.", nullable=True)


class ProblemSchema(Schema):
    """A failure, as RFC 9457 has it."""

    type = text_field("The address of a page that explains the code.")
    title = text_field("The kind of failure.")
    status = number_field("The HTTP status.")
    detail = text_field("The failure, in a sentence.")
    instance = text_field("The path that was asked for.")
    code = text_field("The kind of failure, for programs; it stays.")
    errors = objects_field(ProblemErrorSchema, "All errors, place by place.")
    request_id = ma.fields.String(
        metadata={"description": "On a 5xx: the id of the failure in the server's log."}
    )


class SeedRecordSchema(Schema):
    """A record in the form of the seed files; its fields are those of its type there."""

    id = id_field()


class TypedSeedRecordSchema(SeedRecordSchema):
    """A record in the form of the seed files with its type: a line of JSON Lines."""

    type = enum_field("RecordType", RECORD_TYPES, "The type of the record.")


def included_schema() -> type[Schema]:
    """The schema of `included`: an optional list for each type."""
    description = {"description": "Records of this type that others name, each once."}
    lists = {
        f"{type}s": ma.fields.List(
            ma.fields.Nested(f"{type.capitalize()}Schema"), metadata=description
        )
        for type in NAMED_TYPES
    }
    doc = "The related records that were asked for, each once."
    return type("IncludedSchema", (Schema,), {"__doc__": doc, **lists})


IncludedSchema = included_schema()


class Resource(NamedTuple):
    """A type of records: its table, and the schemas of its list and of a single record."""

    model: type[RecordTable]
    document: type[Schema]
    query: type[ma.Schema]
    page: type[Schema]
    record: type[Schema]


def resource(model: type[RecordTable], document: type[Schema], query: type[ma.Schema]) -> Resource:
    """A resource, with the schemas of its list's page and of a single record."""
    return Resource(model, document, query, page_of(document), record_of(document))


def record_of(document: type[Schema]) -> type[Schema]:
    """The schema of a single record: its document, and the related records if asked for."""
    name = document.__name__.removesuffix("Schema")
    description = {"description": "The related records, where `include` asks for them."}
    members = {
        "__doc__": document.__doc__,
        "included": ma.fields.Nested(IncludedSchema, metadata=description),
    }
    return type(f"{name}Record", (document,), members)


def page_of(document: type[Schema]) -> type[Schema]:
    """The schema of a list's page: `ActorPage` for the documents `Actor`."""
    name = document.__name__.removesuffix("Schema")
    members = {
        "__doc__": "One page of a list.",
        "data": objects_field(document, "The page's records."),
        "included": object_field(
            IncludedSchema, "The related records that were asked for.", nullable=False
        ),
        "meta": object_field(ListMetaSchema, "About the list.", nullable=False),
    }
    return type(f"{name}Page", (Schema,), members)
