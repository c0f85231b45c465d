"""Properties of records, as reconciliation compares and fetches them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from models.database.connection import database, fetch_all
from models.values.folding import fold

# by id; every scheme of identifiers is a property, too
PROPERTY_NAMES = {"identifiers": "Identifiers", "kind": "Kind", "country": "Country"}
PROPERTIES_OF_TYPE = {
    "actor": ("identifiers", "kind"),
    "organization": ("identifiers", "kind", "country"),
    "event": ("identifiers", "kind", "country"),
    "topic": ("identifiers",),
}


def property_name(property: str) -> str:
    """The name of a property; that of a scheme is the scheme."""
    return PROPERTY_NAMES.get(property, property)


def property_values(document: Mapping[str, Any], property: str) -> list[str]:
    """The values of a property of a record; none of an unknown one."""
    if property in ("kind", "country"):
        value = document.get(property)
        return [value] if value else []
    identifiers = [(item["scheme"], item["identifier"]) for item in document["identifiers"]]
    if property == "identifiers":
        return [f"{scheme}:{identifier}" for scheme, identifier in identifiers]
    return [identifier for scheme, identifier in identifiers if scheme == property]


def agrees(document: Mapping[str, Any], property: str, values: Iterable[str]) -> bool | None:
    """Whether a record has one of the values; None if it has nothing to compare with them.

    Countries are codes. Identifiers must be exact, and say nothing about other schemes; case and
    accents of a kind do not count.
    """
    own, asked = set(property_values(document, property)), set(values)
    if property == "identifiers":
        schemes = set(map(scheme_of, asked))
        own = {identifier for identifier in own if scheme_of(identifier) in schemes}
    if not own:
        return None
    if property == "kind":
        own, asked = set(map(fold, own)), set(map(fold, asked))
    return bool(own & asked)


def scheme_of(identifier: str) -> str:
    """The scheme of an identifier as `wikidata:Q57792`; empty if it has none."""
    scheme, colon, _ = identifier.partition(":")
    return scheme if colon else ""


def identifier_schemes(type: str) -> list[str]:
    """The schemes of the identifiers that records of a type have."""
    # the first condition is that of the index
    rows = fetch_all(
        f"SELECT DISTINCT substr(value, 1, {database.position}(value, ':') - 1) FROM name_key"
        " WHERE kind IN ('former', 'identifier') AND kind = 'identifier'"
        f" AND type = {database.param}",
        type,
    )
    return sorted(scheme for (scheme,) in rows)


def properties_of(types: Iterable[str]) -> list[str]:
    """The properties that records of these types have: the fixed ones, then the schemes."""
    types = tuple(types)
    fixed = dict.fromkeys(id for type in types for id in PROPERTIES_OF_TYPE[type])
    schemes = {scheme for type in types for scheme in identifier_schemes(type)}
    return [*fixed, *sorted(schemes - fixed.keys())]


def fetch_former(records: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """The present types and ids of records that are asked for by former ids."""
    rows = fetch_all(
        "SELECT asked.type, asked.id, record.id"
        f" FROM {database.packed_rows(type='text', id='text')} AS asked"
        " JOIN name_key ON name_key.value = asked.id AND name_key.kind = 'former'"
        " AND name_key.type = asked.type JOIN record ON record.key = name_key.record",
        database.pack({"type": type, "id": id} for type, id in records),
    )
    return {(type, former_id): (type, id) for type, former_id, id in rows}


def fetch_identified(identifiers: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """The records that have external identifiers (`wikidata:Q1`), by type and id."""
    asked = database.pack({"value": identifier} for identifier in dict.fromkeys(identifiers))
    rows = fetch_all(
        "SELECT name_key.value, record.type, record.id"
        f" FROM {database.packed_rows(value='text')} AS asked"
        " JOIN name_key ON name_key.value = asked.value AND name_key.kind = 'identifier'"
        " JOIN record ON record.key = name_key.record ORDER BY record.key",
        asked,
    )
    records: dict[str, list[tuple[str, str]]] = {}
    for identifier, type, id in rows:
        records.setdefault(identifier, []).append((type, id))
    return records
