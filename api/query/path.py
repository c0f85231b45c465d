"""The record that a path names."""

from __future__ import annotations

from typing import NamedTuple

from api.http.problems import RecordMoved, record_not_found
from models.queries.fetch import fetch_present_id
from models.search.nearest_id import nearest_id


class PathRecord(NamedTuple):
    """A record by the id in the path."""

    type: str
    id: str


def missing_record_error(path: PathRecord) -> Exception:
    """The error for an id without a record: RecordMoved for a former id, else not-found."""
    type, id = path
    present_id = fetch_present_id(type, id)
    if present_id:
        return RecordMoved(present_id)
    return record_not_found(type, id, nearest_id(type, id))
