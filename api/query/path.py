"""The record that a path names."""

from __future__ import annotations

from typing import NamedTuple

from api.http.problems import RecordMoved, record_not_found
from models.database.connection import database, fetch_all
from models.search.nearest_id import nearest_id


class PathRecord(NamedTuple):
    """A record by the id in the path."""

    type: str
    id: str


def missing_record_error(path: PathRecord) -> Exception:
    """The error for an id without a record: RecordMoved for a former id, else not-found."""
    type, id = path
    current = fetch_all(
        "SELECT record.id FROM name_key JOIN record ON record.key = name_key.record"
        f" WHERE name_key.kind = 'former' AND name_key.type = {database.param}"
        f" AND name_key.value = {database.param}",
        type, id,
    )  # fmt: skip
    if current:
        return RecordMoved(current[0][0])
    return record_not_found(type, id, nearest_id(type, id))
