"""Records in seed form to the rows that hold them, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import orjson

from models import RECORD_TYPES
from models.base import JSONField, Reference, columns_of
from models.database.connection import batches, database, fetch_all
from models.queries.fetch import Row, fetch_name_keys, fetch_rows
from models.record_table import FROM_OWNER, FromRow, Link, RecordTable, SetLater
from models.references import referred_types, seed_names

# columns that say where a record is in the dataset, or an item in its list
PLACES = ("seq", "ordinal")
# finds the key of a referred record: (possible types, its id, path of the reference)
FindKey = Callable[[tuple[str, ...], str, tuple], int]
# gives a column's value: (item, key of the record, seq or ordinal, row of the record,
# FindKey, path of the item)
ValueFunction = Callable[[Any, int, int, Row, FindKey, tuple], Any]


def to_rows(
    type: str, key: int, seq: int, record: dict, find_key: FindKey
) -> Iterator[tuple[type[RecordTable] | type[Link], Row]]:
    """The rows that hold a record, each with its table."""
    model = RECORD_TYPES[type]
    own: Row = {}
    for name, value in value_functions(model):
        own[name] = value(record, key, seq, own, find_key, ())
    yield model, own
    for link in model.LINKS:
        columns = value_functions(link)
        for n, item in enumerate(record.get(link.SECTION, ())):
            path = (link.SECTION, n)
            yield link, {name: value(item, key, n, own, find_key, path) for name, value in columns}


def as_tuples(rows: Iterable[Row]) -> list[tuple]:
    """Rows as they are inserted."""
    return [tuple(row.values()) for row in rows]


@cache
def value_functions(table: Any) -> list[tuple[str, ValueFunction]]:
    """The columns of a table with the functions that give their values."""
    return [(field.name, value_function(table, field)) for field in columns_of(table)]


def value_function(table: Any, field: Any) -> ValueFunction:
    name = field.name
    if name in ("key", getattr(table, "OWNER", None)):
        return lambda item, key, place, own, find_key, path: key
    derived = table.DERIVED.get(name)
    if derived is FROM_OWNER:
        return lambda item, key, place, own, find_key, path: own[name]
    if isinstance(derived, FromRow):
        from_row = derived.value
        return lambda item, key, place, own, find_key, path: from_row(own)
    if isinstance(derived, SetLater):
        initial = derived.initial
        return lambda item, key, place, own, find_key, path: initial
    if derived:
        return lambda item, key, place, own, find_key, path: derived(item)
    if name in PLACES:
        return lambda item, key, place, own, find_key, path: place
    if isinstance(field, Reference):
        return referred_key(table, field)
    if isinstance(field, JSONField):
        return lambda item, key, place, own, find_key, path: (
            orjson.dumps(item[name]).decode() if name in item else None
        )
    return lambda item, key, place, own, find_key, path: item.get(name)


def referred_key(table: Any, field: Reference) -> ValueFunction:
    """The key of the record that a column refers to."""
    types = referred_types(field)
    if getattr(table, "PLAIN", False):
        return lambda item, key, place, own, find_key, path: find_key(types, item, path)
    names = seed_names(field)
    types_by_name = {name: (name,) if len(names) > 1 else types for name in names}

    def value(
        item: Any, key: int, place: int, own: Row, find_key: FindKey, path: tuple
    ) -> int | None:
        for name, possible in types_by_name.items():
            if name in item:
                return find_key(possible, item[name], (*path, name))
        return None

    return value


def from_rows(type: str, keys: list[int]) -> dict[int, dict]:
    """The records of these keys of one type in seed form, in the order of the keys."""
    model = RECORD_TYPES[type]
    tables: dict[Any, list[Row]] = {model: fetch_rows(model, "key", keys)}
    tables |= {link: fetch_rows(link, link.OWNER, keys) for link in model.LINKS}
    ids = ids_of(
        row[field.name]
        for table, rows in tables.items()
        for field in columns_of(table)
        if isinstance(field, Reference)
        for row in rows
    )
    records = {
        row["key"]: {"id": ids[row["key"]][1], **to_item(model, row, ids)} for row in tables[model]
    }
    for link in model.LINKS:
        for row in tables[link]:
            record = records[row[link.OWNER]]
            record.setdefault(link.SECTION, []).append(to_item(link, row, ids))
    for key, kind, value in fetch_name_keys(keys):
        if kind == "former":
            records[key].setdefault("former_ids", []).append(value)
        else:
            scheme, _, identifier = value.partition(":")
            records[key].setdefault("identifiers", []).append(
                {"scheme": scheme, "identifier": identifier}
            )
    return records


def ids_of(keys: Iterable[int | None]) -> dict[int, tuple[str, str]]:
    """Type and id of records, by key."""
    ids: dict[int, tuple[str, str]] = {}
    for batch in batches({key for key in keys if key is not None}):
        sql = f"SELECT key, type, id FROM record WHERE key IN {database.in_list}"
        ids |= {key: (type, id) for key, type, id in fetch_all(sql, database.pack(batch))}
    return ids


def to_item(table: Any, row: Row, ids: dict[int, tuple[str, str]]) -> Any:
    """A row as the record's fields, or the list's item, that it holds."""
    item: dict[str, Any] = {}
    for field in columns_of(table):
        value = row[field.name]
        if value is None or field.name in table.DERIVED or field.name in ("key", *PLACES):
            continue
        if isinstance(field, Reference):
            if field.name == getattr(table, "OWNER", None):
                continue
            type, id = ids[value]
            names = seed_names(field)
            item[type if len(names) > 1 else names[0]] = id
        else:
            item[field.name] = orjson.loads(value) if isinstance(field, JSONField) else value
    return next(iter(item.values())) if getattr(table, "PLAIN", False) else item
