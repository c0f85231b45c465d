"""Records in seed form: a single record, the export, and the changes since a version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import orjson

from models import RECORD_TYPES
from models.database.connection import database, fetch_all
from models.dataset import Dataset, dataset_name
from models.records.field_order import in_field_order
from models.records.rows import from_rows

EXPORT_BATCH = 500
# the `type` of the line that ends an export
END = "end"


class RecordChange(NamedTuple):
    """A record put, in its last state, or a deleted id."""

    version: int
    type: str
    id: str
    # in seed form; None where the record was deleted
    record: dict | None


def export_lines() -> Iterator[bytes]:
    """All records as JSON Lines, in the order in which they entered the dataset."""
    sql = (
        "SELECT seq, key, type FROM record"
        f" WHERE seq > {database.param} ORDER BY seq LIMIT {EXPORT_BATCH}"
    )
    last = 0
    while rows := fetch_all(sql, last):
        records = seed_records([(key, type) for _, key, type in rows])
        for _, key, type in rows:
            yield orjson.dumps({"type": type, **records[key]}) + b"\n"
        last = rows[-1][0]


def export_with_end(dataset: Dataset) -> Iterator[bytes]:
    """All records as JSON Lines, and a last line that tells their number."""
    count = 0
    for line in export_lines():
        count += 1
        yield line
    end = {"type": END, "records": count, "dataset": dataset_name(dataset)}
    yield orjson.dumps(end) + b"\n"


class StoredRecord(NamedTuple):
    """A record in seed form, its fields in the order of the seed format."""

    record: dict
    # SHA-256 of the canonical form, in hexadecimal
    hash: str


def stored_record(type: str, id: str) -> StoredRecord | None:
    """The record with this id; None if there is none."""
    rows = fetch_all(
        f"SELECT key, hash FROM record WHERE type = {database.param} AND id = {database.param}",
        type, id,
    )  # fmt: skip
    if not rows:
        return None
    ((key, hash),) = rows
    return StoredRecord(in_field_order(type, from_rows(type, [key])[key]), bytes(hash).hex())


def seed_records(keys: list[tuple[int, str]]) -> dict[int, dict]:
    """Records in seed form by key, given (key, type)."""
    records: dict[int, dict] = {}
    for type in RECORD_TYPES:
        of_type = [key for key, key_type in keys if key_type == type]
        if of_type:
            records |= from_rows(type, of_type)
    return records


def changes_since(version: int, after: tuple[int, str, str], limit: int) -> list[RecordChange]:
    """The changes since a version: each record and id once, by (version, type, id).

    `after` is the last (version, type, id) of the page before.
    """
    param = database.param
    rows = fetch_all(
        "SELECT version, type, id, key FROM ("
        f"SELECT version, type, id, key FROM record WHERE version > {param} UNION ALL"
        f" SELECT version, type, id, NULL FROM deletion WHERE version > {param}) AS changed"
        f" WHERE (version, type, id) > ({param}, {param}, {param})"
        f" ORDER BY version, type, id LIMIT {param}",
        version, version, *after, limit,
    )  # fmt: skip
    records = seed_records([(key, type) for _, type, _, key in rows if key is not None])
    return [RecordChange(version, type, id, records.get(key)) for version, type, id, key in rows]
