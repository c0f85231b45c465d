"""Rows and documents of known records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.base import columns_of
from models.database.connection import database, fetch_all

# values by column, in the order of the columns
Row = dict[str, Any]


def fetch_rows(model: Any, column: str, keys: list[int]) -> list[Row]:
    """The rows of a table whose column has one of the keys; a list's in its order."""
    names = [field.name for field in columns_of(model)]
    order = ", ordinal" if "ordinal" in names else ""
    rows = fetch_all(
        f'SELECT {", ".join(map(quote_name, names))} FROM "{model._meta.table_name}"'
        f" WHERE {column} IN {database.in_list} ORDER BY {column}{order}",
        database.pack(keys),
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def quote_name(name: str) -> str:
    """The name of a table or column in SQL."""
    return f'"{name}"'


def fetch_name_keys(keys: list[int]) -> list[tuple[int, str, str]]:
    """The former ids and identifiers of records, in their order: (key, kind, value)."""
    return fetch_all(
        "SELECT record, kind, value FROM name_key WHERE kind IN ('former', 'identifier')"
        f" AND record IN {database.in_list} ORDER BY record, ordinal",
        database.pack(keys),
    )


def fetch_keys(ids: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The keys of records, by type and id."""
    rows = fetch_all(
        "SELECT record.type, record.id, record.key"
        f" FROM {database.packed_rows(type='text', id='text')} AS asked CROSS JOIN record"
        " WHERE record.type = asked.type AND record.id = asked.id",
        database.pack({"type": type, "id": id} for type, id in ids),
    )
    return {(type, id): key for type, id, key in rows}


def fetch_present_id(type: str, former_id: str) -> str | None:
    """The id of the record that has a former id."""
    param = database.param
    rows = fetch_all(
        "SELECT record.id FROM name_key JOIN record ON record.key = name_key.record"
        f" WHERE name_key.kind = 'former' AND name_key.type = {param} AND name_key.value = {param}",
        type, former_id,
    )  # fmt: skip
    return rows[0][0] if rows else None


def fetch_documents(records: list[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    """The documents of records, by type and id."""
    if not records:
        return {}
    rows = fetch_all(
        "SELECT record.type, record.id, document.body"
        f" FROM {database.packed_rows(type='text', id='text')} AS asked"
        " JOIN record ON record.type = asked.type AND record.id = asked.id"
        " JOIN document ON document.key = record.key",
        database.pack({"type": type, "id": id} for type, id in records),
    )
    return {(type, id): bytes(body) for type, id, body in rows}


def fetch_bodies(keys: Iterable[int]) -> dict[int, bytes]:
    """The documents of records, by their keys."""
    sql = f"SELECT key, body FROM document WHERE key IN {database.in_list}"
    return {key: bytes(body) for key, body in fetch_all(sql, database.pack(keys))}


def fetch_documents_by_key(keys: list[int]) -> list[tuple[str, bytes]]:
    """The types and documents of records, in the order of their keys."""
    rows = fetch_all(
        "SELECT record.key, record.type, document.body FROM record"
        f" JOIN document ON document.key = record.key WHERE record.key IN {database.in_list}",
        database.pack(keys),
    )
    documents = {key: (type, bytes(body)) for key, type, body in rows}
    return [documents[key] for key in keys]
