"""References between records."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from models.base import Record, Reference, columns_of
from models.database.connection import database, fetch_all
from models.record_table import RecordTable, type_of


def referred_types(field: Reference) -> tuple[str, ...]:
    """The types that a reference can point at."""
    if field.rel_model is Record:
        return ("actor", "organization")
    return (type_of(field.rel_model),)


def seed_names(field: Reference) -> tuple[str, ...]:
    """The names that a reference can have in seed files."""
    if field.name == "party":
        return referred_types(field)
    return ("claim",) if field.name == "target" else (field.name,)


@cache
def reference_columns(table: Any) -> list[Reference]:
    """The columns of a table that refer to other records, as the seed record has them."""
    own = getattr(table, "OWNER", "key")
    return [
        field
        for field in columns_of(table)
        if isinstance(field, Reference) and field.name not in (own, "key", *table.DERIVED)
    ]


def references(
    model: type[RecordTable], record: dict
) -> Iterator[tuple[Any, Any, tuple[str, ...]]]:
    """The references of a record: (dict or list, name or index in it, possible types)."""
    yield from item_references(model, record)
    for link in model.LINKS:
        section = record.get(link.SECTION, [])
        for n, item in enumerate(section):
            if link.PLAIN:
                (field,) = reference_columns(link)
                yield section, n, referred_types(field)
            else:
                yield from item_references(link, item)


def item_references(table: Any, item: dict) -> Iterator[tuple[dict, str, tuple[str, ...]]]:
    """The references in a record's own fields, or in an item of one of its lists."""
    for field in reference_columns(table):
        names = seed_names(field)
        for name in names:
            if item.get(name):
                yield item, name, (name,) if len(names) > 1 else referred_types(field)


def find_referrers(model: type[RecordTable], keys: list[int]) -> list[int]:
    """The keys of the records of one type that refer to any of these."""
    referrers: set[int] = set()
    for table in (model, *model.LINKS):
        owner = getattr(table, "OWNER", "key")
        for field in reference_columns(table):
            sql = (
                f"SELECT {owner} FROM {table._meta.table_name}"
                f" WHERE {field.column_name} IN {database.in_list}"
            )
            referrers.update(key for (key,) in fetch_all(sql, database.pack(keys)))
    return sorted(referrers)
