"""Derived columns and name keys of all records, computed again after a migration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from models import RECORD_TYPES, NameKey
from models.base import insert_rows
from models.database.connection import database, fetch_all
from models.documents.roles import update_shown_roles
from models.name_key import name_keys
from models.queries.fetch import Row
from models.records.diff import write_difference
from models.records.rows import as_tuples, from_rows, to_rows
from models.references import references

BATCH = 500


def derive_all() -> None:
    """Bring the derived columns and name keys of all records up to date."""
    database.execute_sql("DELETE FROM name_key WHERE kind NOT IN ('former', 'identifier')")
    sql = (
        f"SELECT key, seq FROM record WHERE type = {database.param} AND key > {database.param}"
        f" ORDER BY key LIMIT {BATCH}"
    )
    for type in RECORD_TYPES:
        last = 0
        while rows := fetch_all(sql, type, last):
            derive_records(type, dict(rows))
            last = rows[-1][0]
    update_shown_roles("1 = 1")


def derive_records(type: str, seq_by_key: dict[int, int]) -> None:
    """Bring some records of one type up to date, given `seq` by key."""
    model = RECORD_TYPES[type]
    records = from_rows(type, list(seq_by_key))
    keys = referred_keys(type, records.values())
    tables: dict[Any, list[Row]] = defaultdict(list)
    for key, record in records.items():
        for table, row in to_rows(
            type, key, seq_by_key[key], record, lambda types, id, path: keys[types[0], id]
        ):
            tables[table].append(row)
    for model_table in (model, *model.LINKS):
        rows = as_tuples(tables.get(model_table, ()))
        write_difference(model_table, list(records), rows)
    insert_rows(
        NameKey,
        [
            row
            for key, record in records.items()
            for row in name_keys(type, key, record)
            if row[1] not in ("former", "identifier")
        ],
    )


def referred_keys(type: str, records: Iterable[dict]) -> dict[tuple[str, str], int]:
    """The keys of the records that these records refer to, by type and id."""
    ids = {
        (types[0], container[name])
        for record in records
        for container, name, types in references(RECORD_TYPES[type], record)
    }
    sql = (
        "SELECT record.type, record.id, record.key"
        f" FROM {database.packed_rows(type='text', id='text')} AS wanted CROSS JOIN record"
        " WHERE record.type = wanted.type AND record.id = wanted.id"
    )
    rows = fetch_all(sql, database.pack({"type": type, "id": id} for type, id in ids))
    return {(type, id): key for type, id, key in rows}
