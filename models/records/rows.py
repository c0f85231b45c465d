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
from models.record_table import Link, Thing, owners

MODULUS = 1 << 256

# values by column, in the order of the columns
Row = dict[str, Any]
# columns that say where a record, or an item of a list, stands
PLACES = ("entered", "ordinal")
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
    type: str, key: int, entered: int, record: dict, find: Find
) -> Iterator[tuple[type[Thing] | type[Link], Row]]:
    """The rows that hold a record, each with its table."""
    model = RESOURCES[type]
    own = row_of(model)(record, key, entered, {}, find, ())
    yield model, own
    for link in model.LINKS:
        for n, item in enumerate(record.get(link.SECTION, ())):
            yield link, row_of(link)(item, key, n, own, find, (link.SECTION, n))


def tuples(rows: Iterable[Row]) -> list[tuple]:
    """Rows as they are inserted."""
    return [tuple(row.values()) for row in rows]


@cache
def row_of(model: Any) -> Callable[[Any, int, int, Row, Find, tuple], Row]:
    """What makes a table's rows: one expression, where a call a column would take twice as long.

    It takes a record or an item of a list, its owner's key, its place in the dataset or in the
    list, its owner's row, how to find what it refers to, and where to tell of it.
    """
    given: dict[str, Any] = {"dumps": orjson.dumps}
    values = ", ".join(
        f"{field.name!r}: {expression(model, field, given)}" for field in columns_of(model)
    )
    # made of the names of columns alone
    return eval(f"lambda item, key, n, own, find, path: {{{values}}}", given)  # noqa: S307


def expression(model: Any, field: Any, given: dict[str, Any]) -> str:
    """What gives a column's value, in terms of what makes a row and of what is given beside."""
    name = field.name
    if name in ("key", getattr(model, "OWNER", None)):
        return "key"
    if name in model.DERIVED:
        derived = model.DERIVED[name]
        if derived is owners:
            return f"own[{name!r}]"
        given[f"derived_{name}"] = derived
        return f"derived_{name}(item)"
    if name in PLACES:
        return "n"
    if isinstance(field, Reference):
        return looked_up(model, field)
    if isinstance(field, JSONField):
        return f"dumps(item[{name!r}]).decode() if {name!r} in item else None"
    return f"item.get({name!r})"


def looked_up(model: Any, field: Reference) -> str:
    """What gives the key of what a column refers to."""
    types = parties(field)
    if getattr(model, "PLAIN", False):
        return f"find({types}, item, path)"
    by_name = {name: (name,) for name in types} if field.name == "party" else {target(field): types}
    tried = (
        f"find({types}, item[{name!r}], (*path, {name!r})) if {name!r} in item else "
        for name, types in by_name.items()
    )
    return f"{''.join(tried)}None"


def target(field: Reference) -> str:
    """The name that a reference has in seed files."""
    return "claim" if field.name == "target" else field.name


def from_rows(type: str, keys: list[int]) -> dict[int, dict]:
    """The records of these keys of one type, by key, in the order of the keys."""
    model = RESOURCES[type]
    tables: dict[Any, list[Row]] = {model: picked(model, "key", keys)}
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


def picked(model: Any, column: str, keys: list[int]) -> list[Row]:
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


def to_item(model: Any, row: Row, ids: dict[int, tuple[str, str]]) -> Any:
    """A row as the record, or the list's item, that it holds."""
    item: dict[str, Any] = {}
    for field in columns_of(model):
        value = row[field.name]
        if value is None or field.name in model.DERIVED or field.name in ("key", *PLACES):
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
