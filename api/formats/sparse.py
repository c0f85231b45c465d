"""Sparse documents (`fields`), and the related records beside them (`include`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from api.formats.page import Included, Records
from models.documents.includes import INCLUDES
from models.queries.fetch import fetch_documents


def sparse(records: Records, fields: Iterable[str]) -> Records:
    """The documents with these fields alone, and always `id`; all fields where none is given."""
    if not fields:
        return records
    names = {"id", *fields}
    documents = [
        orjson.dumps({name: value for name, value in document.items() if name in names})
        for document in records
    ]
    return Records(b",".join(documents), list(map(len, documents)))


def related(type: str, records: Records, include: Iterable[str]) -> Included:
    """The documents that the records name, each once, in the order in which they are named."""
    if not include:
        return {}
    documents = list(records)
    ids: dict[str, dict[str, None]] = {}
    for name in include:
        related_type, path = INCLUDES[type][name]
        for possible in (related_type,) if related_type else ("actor", "organization"):
            ids.setdefault(possible, {})
        for document in documents:
            for reference in at_path(document, path):
                ids.setdefault(related_type or reference["type"], {})[reference["id"]] = None
    stored = fetch_documents([(type, id) for type, type_ids in ids.items() for id in type_ids])
    return {
        f"{type}s": [orjson.Fragment(stored[type, id]) for id in type_ids]
        for type, type_ids in sorted(ids.items())
    }


def at_path(value: Any, path: tuple[str, ...]) -> Iterator[dict]:
    """The objects at the end of a path through objects and lists."""
    if value is None:
        return
    if isinstance(value, list):
        for item in value:
            yield from at_path(item, path)
    elif path:
        yield from at_path(value[path[0]], path[1:])
    else:
        yield value
