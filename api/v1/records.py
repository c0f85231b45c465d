"""A single record, and the arrays of its document."""

from __future__ import annotations

from typing import Any

import orjson

from api.formats.page import MakeAnswer, Page, Records, SingleObject
from api.formats.sparse import related, sparse
from api.query.cursor import cursor_binding, decode_cursor, encode_cursor
from api.query.parser import Query
from api.query.path import PathRecord, missing_record_error
from api.query.sentence import array_sentence
from models.database.connection import database, fetch_all
from models.dataset import Dataset, dataset_name


def record_document(type: str, id: str, query: Query) -> MakeAnswer:
    """One record's document."""

    def answer(dataset: Dataset) -> SingleObject:
        records = Records(stored_document(PathRecord(type, id)))
        included = related(type, records, query.include) if query.include else None
        return SingleObject(sparse(records, query.fields).content, included, type)

    return answer


def array_page(parent: PathRecord, name: str, query: Query) -> MakeAnswer:
    """One page of an array of a record's document, in its order."""

    def answer(dataset: Dataset) -> Page:
        document = orjson.loads(stored_document(parent))
        items = document[name]
        binding = cursor_binding(query, dataset)
        start, _ = decode_cursor(query.cursor, binding) if query.cursor else (0, 0)
        end = start + query.limit
        cursor = encode_cursor((end, 0), binding) if end < len(items) else None
        meta: dict[str, Any] = {
            "total": len(items),
            "next_cursor": cursor,
            "dataset": dataset_name(dataset),
            "query": array_sentence(name, document),
            "ranked": None,
            "highlights": [],
            "resolved": {},
            "facets": {},
        }
        content = orjson.dumps(items[start:end])[1:-1]
        return Page(Records(content), meta, {}, query.with_cursor(cursor) if cursor else None)

    return answer


def stored_document(path: PathRecord) -> bytes:
    """The JSON document of a record. Raises HTTPProblem, RecordMoved."""
    rows = fetch_all(
        "SELECT body FROM record JOIN document ON document.key = record.key"
        f" WHERE type = {database.param} AND id = {database.param}",
        *path,
    )
    if not rows:
        raise missing_record_error(path)
    return bytes(rows[0][0])
