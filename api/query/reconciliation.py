"""Questions of the Reconciliation Service API: batches of queries, and data extension."""

from __future__ import annotations

from typing import NamedTuple

from api.http.urls import MAX_URL_BYTES
from api.query.display import DisplayParameter
from api.query.json_values import JSONValue, parse_each, parse_json
from api.query.parameters import MAX_LENGTH
from models.search.candidates import MAX_CANDIDATES
from models.search.entities import ENTITY_TYPES, EntityQuery
from models.search.names import NameQuery

# queries of one batch
MAX_QUERIES = 100
# different values of the property `country` in one batch: each is resolved as a name
MAX_COUNTRIES = 500
# types of one query
MAX_TYPES = 50
# records and properties of one data extension query
MAX_EXTENDED, MAX_PROPERTIES = 1000, 50
TYPE_STRICTNESS = ("any", "should", "all")

# reconciliation queries by the ids that the client gave them
Batch = dict[str, EntityQuery]


class Extension(NamedTuple):
    """A data extension query: the properties of entities."""

    entities: tuple[str, ...]
    properties: tuple[str, ...]


class QuestionParameter(DisplayParameter):
    """A question as JSON, which the view parses."""

    # a URL is shorter
    max_length = MAX_URL_BYTES

    def __init__(self) -> None:
        super().__init__("A question of the Reconciliation Service API as JSON.", load_default=None)


def parse_batch(text: str) -> Batch:
    """A batch of reconciliation queries. Raises InvalidJSON."""
    batch = parse_json(text)
    queries = batch.members(optional=None)
    if len(queries) > MAX_QUERIES:
        raise batch.error(f"has {len(queries)} queries, and must have at most {MAX_QUERIES}")
    parsed = dict(zip(queries, parse_each(queries.values(), parse_entity_query), strict=True))
    countries = {country for query in parsed.values() for country in query.values_of("country")}
    if len(countries) > MAX_COUNTRIES:
        raise batch.error(
            f"has {len(countries)} different countries as properties, "
            f"and must have at most {MAX_COUNTRIES}"
        )
    return parsed


def parse_entity_query(value: JSONValue) -> EntityQuery:
    members = value.members(optional=("query", "type", "limit", "type_strict", "properties"))
    properties: tuple = ()
    if "properties" in members:
        items = members["properties"].items(0, MAX_PROPERTIES)
        properties = tuple(parse_each(items, parse_property))
    if "query" not in members and not properties:
        raise value.error("lacks the member 'query', and has no properties")
    properties = tuple((property, values) for property, values in properties if values)
    strictness = "should"
    if "type_strict" in members:
        strictness = members["type_strict"].word(TYPE_STRICTNESS)
    types = parse_types(members["type"], strictness) if "type" in members else ENTITY_TYPES
    limit = parse_limit(members["limit"]) if "limit" in members else MAX_CANDIDATES
    text = members["query"].text() if "query" in members else ""
    return EntityQuery(
        name=name_query(text, types),
        has_name=bool(text.strip()),
        types=types,
        strict=strictness != "should",
        limit=limit,
        properties=properties,
    )


def parse_property(value: JSONValue) -> tuple[str, tuple[str, ...]]:
    """A property with its values, without blank ones; an entity as a value counts by its id."""
    members = value.members(["pid", "v"], optional=None)
    given = members["v"]
    items = given.items(0, MAX_PROPERTIES) if isinstance(given.value, list) else [given]
    values = parse_each(items, parse_property_value)
    return members["pid"].text(), tuple(value for value in values if value)


def parse_property_value(value: JSONValue) -> str:
    """A value without the spaces around it; null is blank."""
    if isinstance(value.value, dict):
        value = value.members(["id"], optional=None)["id"]
    if value.value is None:
        return ""
    if isinstance(value.value, bool | int | float):
        return str(value.value)
    return value.text().strip()


def parse_types(value: JSONValue, strictness: str) -> tuple[str, ...]:
    """The types in which an entity is sought; unknown ones have no entities.

    No entity has two types, so `all` of several types find nothing. Under `should`, a query of
    unknown types alone seeks in all types.
    """
    values = value.items(0, MAX_TYPES) if isinstance(value.value, list) else [value]
    given = set(parse_each(values, JSONValue.text))
    if strictness == "all" and len(given) > 1:
        return ()
    known = tuple(type for type in ENTITY_TYPES if type in given)
    return known if known or (given and strictness != "should") else ENTITY_TYPES


def parse_limit(value: JSONValue) -> int:
    """The most candidates that a query wants, and that it gets."""
    number = value.value
    if isinstance(number, bool) or not isinstance(number, int | float) or number != int(number):
        raise value.error("must be a whole number")
    if number < 1:
        raise value.error("must be at least 1")
    return min(int(number), MAX_CANDIDATES)


def name_query(text: str, types: tuple[str, ...]) -> NameQuery | None:
    """The name of a query, which may be the id of an entity; None where nothing can match."""
    if not text.strip() or len(text) > MAX_LENGTH or not types:
        return None
    type, _, id = text.partition(":")
    if type in types and id:
        return NameQuery(id, (type,), id_only=True)
    return NameQuery(text, types)


def parse_extension(text: str) -> Extension:
    """A data extension query. Raises InvalidJSON."""
    members = parse_json(text).members(["ids", "properties"])
    entities = parse_each(members["ids"].items(0, MAX_EXTENDED), JSONValue.text)
    properties = parse_each(members["properties"].items(0, MAX_PROPERTIES), parse_property_id)
    return Extension(tuple(dict.fromkeys(entities)), tuple(dict.fromkeys(properties)))


def parse_property_id(value: JSONValue) -> str:
    """The id of a property; settings do not count, since no property has any."""
    return value.members(["id"], optional=None)["id"].text()
