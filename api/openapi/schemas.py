"""What goes out, described: fields and schemas that all resources share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import marshmallow as ma

from models.record_table import Thing
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
    """Base of what goes out: later versions may have more fields, and break no client.

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


def described(description: str, nullable: bool) -> dict[str, Any]:
    return {
        "required": True,
        "allow_none": nullable,
        "metadata": {"description": description},
    }


def text(description: str, *, nullable: bool = False) -> ma.fields.Field:
    return ma.fields.String(**described(description, nullable))


def number(description: str, *, nullable: bool = False) -> ma.fields.Field:
    return ma.fields.Integer(**described(description, nullable))


def date(description: str, *, nullable: bool = True) -> ma.fields.Field:
    return Component("PartialDate", DATE, **described(description, nullable))


def timestamp(description: str) -> ma.fields.Field:
    return Component("Timestamp", TIMESTAMP, **described(description, False))


def word(
    component: str, words: Iterable[str], description: str, *, nullable: bool = False
) -> ma.fields.Field:
    """One word of a closed list."""
    return Component(component, enum(words), **described(description, nullable))


def enum(words: Iterable[str]) -> dict:
    """A closed list of words, with names for generated clients: `-date` is DATE_DESC."""
    listed = list(words)
    schema: dict[str, Any] = {"type": "string", "enum": listed}
    schema["x-enum-varnames"] = [name_of(one).upper().replace("-", "_") for one in listed]
    return schema


def name_of(word: str) -> str:
    """A word as generated clients can name it: `-date` is date-desc, `!quote` not-quote."""
    if word.startswith("-"):
        return f"{word[1:]}-desc"
    return word.replace("!", "not-")


def texts(description: str) -> ma.fields.Field:
    return ma.fields.List(ma.fields.String(), **described(description, False))


def one(schema: type[Schema], description: str, *, nullable: bool = True) -> ma.fields.Field:
    return ma.fields.Nested(schema, **described(description, nullable))


def many(schema: type[Schema], description: str) -> ma.fields.Field:
    return ma.fields.List(ma.fields.Nested(schema), **described(description, False))


def attributes() -> ma.fields.Field:
    return ma.fields.Dict(
        ma.fields.String(),
        ma.fields.String(),
        **described("The coders' own variables, by name.", False),
    )


class Reference(Schema):
    """Another record, by id and name."""

    id = text("The record's id.")
    name = text("The record's name.")


PARTY_TYPES = ("actor", "organization")


class Party(Schema):
    """An actor or an organization."""

    type = word("PartyType", PARTY_TYPES, "Whether it is an actor or an organization.")
    id = text("The record's id.")
    name = text("The record's name.")


class Identifier(Schema):
    """What another system calls the record."""

    scheme = text("The system: wikidata, bioguide …")
    identifier = text("The record's identifier there.")


def record_id() -> ma.fields.Field:
    return text("The record's id: it stays, or redirects to the one that replaced it.")


def ending() -> tuple[ma.fields.Field, ...]:
    """The fields that every document ends with."""
    return (
        many(Identifier, "What other systems call the record."),
        texts("Ids that the record had before; they redirect to it."),
        timestamp("When the record entered the dataset."),
        timestamp("When the record itself last changed."),
    )


def claim_count() -> ma.fields.Field:
    return number(
        "How many coded and verified claims have to do with it: its /claims route's total."
    )


MATCH_TYPES = ("actor", "organization", "event", "source", "topic", "position", "country")


class Match(Schema):
    """A record that a name stands for."""

    type = word("MatchType", MATCH_TYPES, "What it is.")
    id = text("Its id, which the filter takes, too.")
    name = text("Its name.")


class Suggestion(Match):
    """A record that may have been meant."""

    query = text("The parameter that finds it on this list.")


class Resolution(Schema):
    """How one value of a filter was understood."""

    asked = text("The value, without a leading `!`.")
    exclude = ma.fields.Boolean(  # type: ignore[assignment]  # a field, not the option
        **described("Whether what it names is excluded.", False)
    )
    tier = word(
        "Tier",
        ("id", "name", "words", "none"),
        "What matched: an id, former id or external identifier; a whole name or alias; all words "
        "among those of a name; nothing.",
    )
    count = number("How many records it stands for.")
    matches = many(Match, "The first 20 of them.")
    suggestions = many(Suggestion, "Where nothing matched: what may have been meant, of any type.")


class FacetValue(Schema):
    """One value of a facet."""

    id = text("What the filter takes.")
    name = text("What people call it.")
    count = number("How many records of the list have it.")


class Facet(Schema):
    """How the records of a list spread over the values of a field."""

    groups = number("How many values there are.")
    missing = number("How many records have none.")
    values = many(FacetValue, "The 20 most frequent ones.")


class ListMeta(Schema):
    """What a list says of itself."""

    total = number("How many records match, on all pages; null under count=none.", nullable=True)
    next_cursor = text("The cursor of the next page; null on the last.", nullable=True)
    dataset = text("Names the database and its version; opaque.")
    resolved = ma.fields.Dict(
        ma.fields.String(),
        ma.fields.List(ma.fields.Nested(Resolution)),
        **described("How each filter that names things was understood, by parameter.", False),
    )
    facets = ma.fields.Dict(
        ma.fields.String(),
        ma.fields.Nested(Facet),
        **described("The facets that were asked for, by name.", False),
    )


class ProblemError(Schema):
    """What is wrong at one place."""

    parameter = text("The query or path parameter.", nullable=True)
    pointer = text("A JSON pointer, where it is no parameter.", nullable=True)
    message = text("What is wrong with it.")
    value = text("The value that was given.", nullable=True)
    suggestion = text("What may have been meant.", nullable=True)


class Problem(Schema):
    """A failure, as RFC 9457 has it."""

    type = text("The address of a page that explains the code.")
    title = text("The kind of failure.")
    status = number("The HTTP status.")
    detail = text("What is wrong, in a sentence.")
    instance = text("The path that was asked for.")
    code = text("The kind of failure, for programs; it stays.")
    errors = many(ProblemError, "All that is wrong, place by place.")
    request_id = ma.fields.String(
        metadata={"description": "On a 5xx: what finds the failure in the server's log."}
    )


def included(schema: str) -> ma.fields.Field:
    description = {"description": "Records of this type that others name, each once."}
    return ma.fields.List(ma.fields.Nested(schema), metadata=description)


class Included(Schema):
    """The related records that were asked for, each once."""

    actors = included("ActorSchema")
    organizations = included("OrganizationSchema")
    events = included("EventSchema")
    sources = included("SourceSchema")
    topics = included("TopicSchema")
    positions = included("PositionSchema")


class Listing(NamedTuple):
    """A list: of which records, with which parameters, in which schema."""

    model: type[Thing]
    query: type[ma.Schema]
    page: type[Schema]


def page_of(document: type[Schema]) -> type[Schema]:
    """The answer of a list: its schema is called `ActorPage` where the document's is `Actor`."""
    name = document.__name__.removesuffix("Schema")
    members = {
        "__doc__": "One page of a list.",
        "data": many(document, "The page's records."),
        "included": one(Included, "The related records that were asked for.", nullable=False),
        "meta": one(ListMeta, "What the list says of itself.", nullable=False),
    }
    return type(f"{name}Page", (Schema,), members)
