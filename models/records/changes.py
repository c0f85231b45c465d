"""Following: all records as they are, and what changed since a version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import orjson

from models import RESOURCES
from models.base import database, rows
from models.records.rows import from_rows


class Change(NamedTuple):
    """A record put, in its last state, or an id that went."""

    version: int
    type: str
    id: str
    # the record in seed form; None where it was deleted
    record: dict | None


def lines() -> Iterator[bytes]:
    """All records as JSON Lines, in the order in which they entered the dataset."""
    sql = (
        "SELECT entered, key, type FROM record"
        f" WHERE entered > {database.param} ORDER BY entered LIMIT 500"
    )
    last = 0
    while found := rows(sql, last):
        records = records_of([(key, type) for _, key, type in found])
        for _, key, type in found:
            yield orjson.dumps({"type": type, **records[key]}) + b"\n"
        last = found[-1][0]


def records_of(keys: list[tuple[int, str]]) -> dict[int, dict]:
    """Records in seed form, by key; given (key, type)."""
    records: dict[int, dict] = {}
    for type in RESOURCES:
        of_type = [key for key, of in keys if of == type]
        if of_type:
            records |= from_rows(type, of_type)
    return records


def since(version: int, after: tuple[int, str, str], limit: int) -> list[Change]:
    """What changed after a version, each record and id once, by (version, type, id).

    `after` is the last (version, type, id) that is known; the list goes on behind it.
    """
    one = database.param
    found = rows(
        "SELECT version, type, id, key FROM ("
        f"SELECT version, type, id, key FROM record WHERE version > {one} UNION ALL"
        f" SELECT version, type, id, NULL FROM deletion WHERE version > {one}) AS changed"
        f" WHERE (version, type, id) > ({one}, {one}, {one})"
        f" ORDER BY version, type, id LIMIT {one}",
        version, version, *after, limit,
    )  # fmt: skip
    records = records_of([(key, type) for _, type, _, key in found if key is not None])
    return [Change(version, type, id, records.get(key)) for version, type, id, key in found]
