"""Records in seed form: what seed files, the export and the changes hold.

A record is a plain dict with the fields of the seed format; references are ids. Absent, null and
empty are the same, so nothing empty stands in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import orjson

from models import RESOURCES
from models.base import JSONField, Record, Reference, batches, columns_of, database, rows
from models.thing import Link, Thing

MODULUS = 1 << 256

# finds the key of a referred record: (types it may have, its id, where the reference stands)
Find = Callable[[tuple[str, ...], str, tuple], int]


def digest(type: str, record: dict) -> bytes:
    """SHA-256 of type and record in canonical form: keys sorted, nothing empty, UTF-8."""
    form = orjson.dumps([type, record], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(form).digest()


def sum_of(total: str, *, plus: Iterable[bytes] = (), minus: Iterable[bytes] = ()) -> str:
    """The dataset's digest after records came or went: the order-free sum of all hashes."""
    number = int(total, 16) + sum(map(int.from_bytes, plus)) - sum(map(int.from_bytes, minus))
    return f"{number % MODULUS:064x}"


def parties(field: Reference) -> tuple[str, ...]:
    """The types that a reference can point at."""
    if field.rel_model is Record:
        return ("actor", "organization")
    return (field.rel_model._meta.table_name,)


def to_rows(
    type: str, key: int, record: dict, find: Find
) -> Iterator[tuple[type[Thing] | type[Link], tuple]]:
    """The rows that hold a record, each with its table."""
    model = RESOURCES[type]
    yield model, tuple([value(record, key, 0, record, find, ()) for value in values(model)])
    for link in model.LINKS:
        for n, item in enumerate(record.get(link.SECTION, ())):
            path = (link.SECTION, n)
            yield link, tuple([value(item, key, n, record, find, path) for value in values(link)])


# a column's value: of an item, its owner's key, its place in the list, the whole record, and how to
# find and where to tell of what it refers to
ValueOf = Callable[[Any, int, int, dict, Find, tuple], Any]


@cache
def values(model: Any) -> tuple[ValueOf, ...]:
    """What gives the values of a table's columns."""
    return tuple(value_of(model, field) for field in columns_of(model))


def value_of(model: Any, field: Any) -> ValueOf:
    name = field.name
    if name in ("key", getattr(model, "OWNER", None)):
        return lambda item, key, n, record, find, path: key
    if name == "ordinal":
        return lambda item, key, n, record, find, path: n
    if name in model.DERIVED:
        derived = model.DERIVED[name]
        if issubclass(model, Thing):
            return lambda item, key, n, record, find, path: derived(record)
        return lambda item, key, n, record, find, path: derived(item, record)
    if isinstance(field, Reference):
        return reference_of(model, field)
    if isinstance(field, JSONField):
        return lambda item, key, n, record, find, path: (
            orjson.dumps(item[name]).decode() if name in item else None
        )
    return lambda item, key, n, record, find, path: item.get(name)


def reference_of(model: Any, field: Reference) -> ValueOf:
    types = parties(field)
    if getattr(model, "PLAIN", False):
        return lambda item, key, n, record, find, path: find(types, item, path)
    if field.name == "party":
        return lambda item, key, n, record, find, path: next(
            (find((name,), item[name], (*path, name)) for name in types if name in item), None
        )
    name = target(field)
    return lambda item, key, n, record, find, path: (
        find(types, item[name], (*path, name)) if name in item else None
    )


def target(field: Reference) -> str:
    """The name that a reference has in seed files."""
    return "claim" if field.name == "target" else field.name


def from_rows(type: str, keys: list[int]) -> dict[int, dict]:
    """The records of these keys of one type, by key, in the order of the keys."""
    model = RESOURCES[type]
    tables: dict[Any, list[dict]] = {model: picked(model, "key", keys)}
    tables |= {link: picked(link, link.OWNER, keys) for link in model.LINKS}
    ids = ids_of(
        row[field.name]
        for table, found in tables.items()
        for field in columns_of(table)
        if isinstance(field, Reference)
        for row in found
    )
    records = {
        row["key"]: {"id": ids[row["key"]][1], **to_item(model, row, ids)} for row in tables[model]
    }
    for link in model.LINKS:
        for row in tables[link]:
            owner = records[row[link.OWNER]]
            owner.setdefault(link.SECTION, []).append(to_item(link, row, ids))
    for key, kind, value in named(keys):
        if kind == "former":
            records[key].setdefault("former_ids", []).append(value)
        else:
            scheme, _, identifier = value.partition(":")
            one = {"scheme": scheme, "identifier": identifier}
            records[key].setdefault("identifiers", []).append(one)
    return records


def picked(model: Any, column: str, keys: list[int]) -> list[dict]:
    """The rows of a table that belong to these keys."""
    names = [field.name for field in columns_of(model)]
    order = ", ordinal" if "ordinal" in names else ""
    found = rows(
        f'SELECT {", ".join(map(quoted, names))} FROM "{model._meta.table_name}"'
        f" WHERE {column} IN {database.in_list} ORDER BY {column}{order}",
        database.pack(keys),
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def quoted(name: str) -> str:
    return f'"{name}"'


def ids_of(keys: Iterable[int | None]) -> dict[int, tuple[str, str]]:
    """Type and id by key."""
    found: dict[int, tuple[str, str]] = {}
    for batch in batches({key for key in keys if key is not None}):
        sql = f"SELECT key, type, id FROM record WHERE key IN {database.in_list}"
        found |= {key: (type, id) for key, type, id in rows(sql, database.pack(batch))}
    return found


def named(keys: list[int]) -> list[tuple[int, str, str]]:
    """The former ids and identifiers of records, in their order: (key, kind, value)."""
    return rows(
        "SELECT record, kind, value FROM handle WHERE kind IN ('former', 'identifier')"
        f" AND record IN {database.in_list} ORDER BY record, ordinal",
        database.pack(keys),
    )


def to_item(model: Any, row: dict, ids: dict[int, tuple[str, str]]) -> Any:
    """A row as the record, or the list's item, that it holds."""
    item: dict[str, Any] = {}
    for field in columns_of(model):
        value = row[field.name]
        if value is None or field.name in model.DERIVED or field.name in ("key", "ordinal"):
            continue
        if isinstance(field, Reference):
            if field.name == getattr(model, "OWNER", None):
                continue
            type, id = ids[value]
            item[type if field.name == "party" else target(field)] = id
        else:
            item[field.name] = orjson.loads(value) if isinstance(field, JSONField) else value
    return next(iter(item.values())) if getattr(model, "PLAIN", False) else item


def references(type: str, record: dict) -> Iterator[tuple[Any, Any, tuple[str, ...]]]:
    """Where a record refers to others: (holder, name or index there, types it may have)."""
    model = RESOURCES[type]
    yield from referred(model, record)
    for link in model.LINKS:
        section = record.get(link.SECTION, [])
        for n, item in enumerate(section):
            if link.PLAIN:
                yield section, n, plain_types(link)
            else:
                yield from referred(link, item)


def plain_types(link: Any) -> tuple[str, ...]:
    """The types of a list of ids."""
    (field,) = (
        field
        for field in columns_of(link)
        if isinstance(field, Reference) and field.name != link.OWNER
    )
    return parties(field)


def referred(model: Any, item: dict) -> Iterator[tuple[Any, Any, tuple[str, ...]]]:
    for field in columns_of(model):
        if isinstance(field, Reference):
            names = parties(field) if field.name == "party" else (target(field),)
            for name in names:
                if item.get(name):
                    yield item, name, (name,) if len(names) > 1 else parties(field)


def referrers(model: type[Thing], keys: list[int]) -> list[int]:
    """The keys of the records of one type that refer to any of these."""
    found: set[int] = set()
    tables: list[tuple[Any, str]] = [(model, "key"), *((one, one.OWNER) for one in model.LINKS)]
    for table, own in tables:
        for field in columns_of(table):
            if isinstance(field, Reference) and field.name not in (own, "key", *table.DERIVED):
                sql = (
                    f"SELECT {own} FROM {table._meta.table_name}"
                    f" WHERE {field.column_name} IN {database.in_list}"
                )
                found.update(key for (key,) in rows(sql, database.pack(keys)))
    return sorted(found)
