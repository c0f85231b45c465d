"""Following the dataset: what changed since a version, and all of it."""

from __future__ import annotations

import marshmallow as ma
import orjson
from flask import Response

from api.http.problems import Problem, at
from api.http.responses import JSON_LINES, Body, answer, stream
from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.parameters import Cursor, Limit, Version
from api.query.parser import Query
from api.v1.lists import bound_to, decode, encode, name_of
from models import RESOURCES
from models.base import Dataset
from models.records.changes import lines, since

blp = Blueprint("following", __name__, description="Keeping a copy up to date.")


class ChangesQuery(ma.Schema):
    since = Version(
        "The meta.dataset up to which changes are known, such as `0912581c9c4cf0b3-1`; without it "
        "all records are put."
    )
    limit = Limit()
    cursor = Cursor()


class SeedRecordSchema(schemas.Schema):
    """A record in the form of the seed files; its fields are those of its type there."""

    id = schemas.record_id()


class RecordChangeSchema(schemas.Schema):
    """A record that was put, in its last state, or an id that was deleted."""

    type = schemas.word("RecordType", RESOURCES, "What it is.")
    id = schemas.text("Its id.")
    change = schemas.word("ChangeKind", ("put", "deleted"), "What happened to it.")
    version = schemas.number("The version of the dataset that did.")
    record = schemas.one(SeedRecordSchema, "The record, as the export has it; null where deleted.")


class ChangesMeta(schemas.Schema):
    """Where the next changes are."""

    next_cursor = schemas.text("The cursor of the next page; null on the last.", nullable=True)
    dataset = schemas.text("What `since` takes, when all pages are read.")


class ChangesPage(schemas.Schema):
    """One page of changes, by version, type and id."""

    data = schemas.many(RecordChangeSchema, "The changes.")
    meta = schemas.one(ChangesMeta, "Where the next ones are.", nullable=False)


@blp.list("/changes", ChangesQuery(), ChangesPage, failures=(410,))
def list_changes(query: Query) -> Response:
    """List what changed since a version of the dataset, each record once, in its last state.

    Begin with the `meta.dataset` of the answer before, and read to the last page. What a document
    shows of other records may change without a change of the record itself.
    """

    def build(dataset: Dataset) -> Body:
        version = version_of(query.since, dataset)
        binding = bound_to(query, "/v1/changes", dataset)
        place = decode(query.cursor, binding)[0] if query.cursor else (0, "", "")
        changes = since(version, tuple(place), query.limit + 1)
        more = len(changes) > query.limit
        changes = changes[: query.limit]
        cursor = encode((changes[-1][:3], 0), binding) if more else None
        data = [
            {
                "type": change.type,
                "id": change.id,
                "change": "put" if change.record else "deleted",
                "version": change.version,
                "record": change.record,
            }
            for change in changes
        ]
        meta = {"next_cursor": cursor, "dataset": name_of(dataset)}
        content = orjson.dumps({"data": data, "meta": meta})
        return Body(content, query.at(cursor) if cursor else None)

    return answer(build, query.canonical)


def version_of(since: str | None, dataset: Dataset) -> int:
    """The version that a client knows. Raises Problem: resync, where it is of another database."""
    if since is None:
        return 0
    id, _, version = since.rpartition("-")
    known = version.isascii() and version.isdecimal() and int(version) <= dataset.version
    if id != dataset.id or not known:
        raise Problem(
            "resync",
            "These changes are of another database: read /v1/export, and follow from there.",
            [at("since", "names another database, or a version that it does not have", since)],
        )
    return int(version)


@blp.stream("/export", JSON_LINES, "One record a line, as the seed files have it.")
def export_dataset(query: Query) -> Response:
    """Export all records as JSON Lines, as `claimbase load` takes them back.

    Records of every status, with the texts of sources; each line has its `type`.
    """
    return stream(lines, JSON_LINES)
