"""A record by the id in the path."""

from __future__ import annotations

from typing import NamedTuple

import orjson
from flask import Response, abort, request, url_for

from api.formats.sparse import shown
from api.http import problems as errors
from api.http.responses import Body, answer, moved
from api.query.parser import Query
from models.base import Dataset, database, rows
from models.search.names import Asked, nearest_id, resolve


class Path(NamedTuple):
    """The record that a path names."""

    type: str
    id: str


def document(type: str, id: str, query: Query) -> Response:
    """One record's document; 308 from a former id, 404 with a suggestion."""

    def build(dataset: Dataset) -> Body:
        body, included = shown(type, body_of(Path(type, id)), query)
        if query.include:
            body = body[:-1] + b',"included":' + orjson.dumps(included) + b"}"
        return Body(body)

    return answer(build, query.canonical)


def body_of(path: Path) -> bytes:
    """The stored document; 308 from a former id, 404 with a suggestion."""
    sql = (
        "SELECT body FROM record JOIN document ON document.key = record.key"
        f" WHERE type = {database.param} AND id = {database.param}"
    )
    found = rows(sql, *path)
    if not found:
        redirect_or_refuse(path)
    return bytes(found[0][0])


def redirect_or_refuse(path: Path) -> None:
    """308 from a former id, 404 with a suggestion."""
    type, id = path
    one = database.param
    former = rows(
        "SELECT record.id FROM handle JOIN record ON record.key = handle.record"
        f" WHERE handle.kind = 'former' AND handle.type = {one} AND handle.value = {one}",
        type, id,
    )  # fmt: skip
    if former:
        abort(moved(url_for(request.endpoint or "", id=former[0][0])))
    raise errors.not_found(type, id, nearest(type, id))


def nearest(type: str, id: str) -> str | None:
    """The id of the record of this type that was most likely meant, by its names or its letters."""
    if type != "claim":
        (resolved,) = resolve([Asked(id.replace("-", " ")[:200], (type,))])
        found = resolved.matches or [one for one in resolved.suggestions if one.type == type]
        if found:
            return found[0].id
    return nearest_id(type, id.lower())
