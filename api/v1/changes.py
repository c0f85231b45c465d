"""Following the dataset: the changes since a version, and the export of all records."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
import orjson
from flask import Response

from api.formats.jsonl import JSONLinesFormat
from api.formats.page import MakeAnswer, Page, Records
from api.http.problems import HTTPProblem, parameter_error
from api.http.responses import join_lines, stream
from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.cursor import cursor_binding, decode_cursor, encode_cursor, version_named
from api.query.display import CursorParameter, LimitParameter, VersionParameter
from api.query.parser import Query
from models import RECORD_TYPES
from models.dataset import Dataset, dataset_name
from models.records.changes import changes_since, export_with_end

JSON_LINES = JSONLinesFormat()
blp = Blueprint("following", __name__, description="Keeping a copy up to date.")


class ChangesQuery(ma.Schema):
    since = VersionParameter(
        "The meta.dataset up to which changes are known, such as "
        "`0912581c9c4cf0b3-1-5cfd0e1b62a9f7d3`; without it all records are put."
    )
    limit = LimitParameter()
    cursor = CursorParameter()


class RecordChangeSchema(schemas.Schema):
    """A record that was put, in its last state, or an id that was deleted."""

    type = schemas.enum_field("RecordType", RECORD_TYPES, "The type of the record.")
    id = schemas.text_field("Its id.")
    change = schemas.enum_field("ChangeKind", ("put", "deleted"), "Whether it was put or deleted.")
    version = schemas.number_field("The version of the dataset that changed it.")
    record = schemas.object_field(
        schemas.SeedRecordSchema, "The record, as the export has it; null where deleted."
    )


class ChangesMetaSchema(schemas.Schema):
    """The cursor of the next changes, and the version they lead to."""

    next_cursor = schemas.text_field(
        "The cursor of the next page; null on the last.", nullable=True
    )
    dataset = schemas.text_field("The value of `since` for the next time, once all pages are read.")


class ChangesPageSchema(schemas.Schema):
    """One page of changes, by version, type and id."""

    data = schemas.objects_field(RecordChangeSchema, "The changes.")
    meta = schemas.object_field(
        ChangesMetaSchema,
        "The cursor of the next changes, and the version they lead to.",
        nullable=False,
    )


@blp.list_route("/changes", ChangesQuery(), ChangesPageSchema, failures=(410,), sample="limit=10")
def list_changes(query: Query) -> MakeAnswer:
    """List what changed since a version of the dataset, each record once, in its last state.

    Begin with the `meta.dataset` of the answer before, and read to the last page. A document may
    also change without its record, through the records that it shows.
    """

    def answer(dataset: Dataset) -> Page:
        version = known_version("since", query.since, dataset) if query.since else 0
        binding = cursor_binding(query, dataset)
        after: Any = (0, "", "")
        if query.cursor:
            *after, read_from = decode_cursor(query.cursor, binding)[0]
            known_version("cursor", read_from, dataset)
        changes = changes_since(version, tuple(after), query.limit + 1)
        more = len(changes) > query.limit
        changes = changes[: query.limit]
        position = (*changes[-1][:3], dataset_name(dataset)) if more else ()
        cursor = encode_cursor((position, 0), binding) if more else None
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
        meta = {"next_cursor": cursor, "dataset": dataset_name(dataset)}
        records = Records(orjson.dumps(data)[1:-1])
        return Page(records, meta, next_query=query.with_cursor(cursor) if cursor else None)

    return answer


def known_version(parameter: str, name: str, dataset: Dataset) -> int:
    """The version that a client knows by a name, or by a cursor. Raises HTTPProblem: resync."""
    version = version_named(name, dataset)
    if version is None:
        raise HTTPProblem(
            "resync",
            "These changes are of another database, or of a version from before a restore: read "
            "/v1/export, and follow from there.",
            [
                parameter_error(
                    parameter, "names another database, or a version that it does not have", name
                )
            ],
        )
    return version


@blp.stream_route(
    "/export", JSON_LINES, "One record a line, as the seed files have it; then the end line."
)
def export_dataset(query: Query) -> Response:
    """Export all records as JSON Lines, as `claimbase load` takes them back.

    Records of every status, with the texts of sources; each line has its `type`. The last line,
    `{"type": "end", "records": …, "dataset": …}`, tells the number of records before it. Without
    it the export is not whole.
    """
    return stream(
        lambda dataset: join_lines(export_with_end(dataset)),
        JSON_LINES.media_type,
        "claimbase.jsonl",
    )
