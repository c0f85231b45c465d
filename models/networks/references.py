"""The records that rows name, as rows show them: references, and parts of claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from models.database.connection import database, fetch_all
from models.queries.fetch import fetch_bodies
from models.queries.names import NAME_SQL


def fetch_references(keys: Iterable[int]) -> dict[int, dict[str, str]]:
    """The type, id and name of records, by key; a position's name is its text."""
    rows = fetch_all(
        f"SELECT record.key, record.type, record.id, {NAME_SQL} FROM record"
        f" WHERE record.key IN {database.in_list}",
        database.pack(sorted(set(keys))),
    )
    return {key: {"type": type, "id": id, "name": name} for key, type, id, name in rows}


def as_position(reference: dict[str, str]) -> dict[str, str]:
    """A reference to a position."""
    return {"id": reference["id"], "text": reference["name"]}


def fetch_claims(keys: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The documents of claims, by key."""
    return {key: orjson.loads(body) for key, body in fetch_bodies(sorted(set(keys))).items()}


def opposed_claim(claim: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a claim's document that rows of two claims show."""
    shown = {name: claim[name] for name in ("id", "date", "text", "quote", "language")}
    report = next(iter(claim["reports"]), {"source": None, "link": None})
    source = report["source"]
    return {
        **shown,
        "source": source and {"id": source["id"], "title": source["title"]},
        "link": report["link"],
    }
