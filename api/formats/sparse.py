"""How documents are shown: some of their fields, and the records that they name beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from api.query.parser import Query
from models.base import database, rows
from models.documents.render import INCLUDES


def shown(type: str, documents: bytes, query: Query) -> tuple[bytes, dict[str, Any]]:
    """The documents with the fields asked for, and the related ones to include, by their type.

    Between documents, of which there may be none, stands a comma.
    """
    if not (query.include or query.fields):
        return documents, {}
    loaded = orjson.loads(b"[%b]" % documents)
    included = related(type, loaded, query.include)
    if query.fields:
        wanted = {"id", *query.fields}
        documents = b",".join(
            orjson.dumps({name: value for name, value in one.items() if name in wanted})
            for one in loaded
        )
    return documents, included


def related(type: str, documents: list[dict], include: Iterable[str]) -> dict[str, Any]:
    """The documents that others name, each once, in the order in which they are named."""
    found: dict[str, dict[str, None]] = {}
    for name in include:
        to, path = INCLUDES[type][name]
        for type_to in (to,) if to else ("actor", "organization"):
            found.setdefault(type_to, {})
        for document in documents:
            for one in ends(document, path):
                found.setdefault(to or one["type"], {})[one["id"]] = None
    bodies = bodies_of([(type, id) for type, ids in found.items() for id in ids])
    return {
        f"{type}s": [orjson.Fragment(bodies[type, id]) for id in ids]
        for type, ids in sorted(found.items())
    }


def ends(value: Any, path: tuple[str, ...]) -> Iterator[dict]:
    """The objects at the end of a path through objects and lists."""
    if value is None:
        return
    if isinstance(value, list):
        for one in value:
            yield from ends(one, path)
    elif path:
        yield from ends(value[path[0]], path[1:])
    else:
        yield value


def bodies_of(records: list[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    if not records:
        return {}
    asked = [{"type": type, "id": id} for type, id in records]
    found = rows(
        "SELECT record.type, record.id, document.body"
        f" FROM {database.columns(type='text', id='text')} AS asked"
        " JOIN record ON record.type = asked.type AND record.id = asked.id"
        " JOIN document ON document.key = record.key",
        database.pack(asked),
    )
    return {(type, id): bytes(body) for type, id, body in found}
