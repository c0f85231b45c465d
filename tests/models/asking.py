"""Datasets in memory, and the statements that lists run on them, without HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from models import TABLES
from models.base import create_tables, database
from models.documents import RENDER_VERSION
from models.queries import Choice, Compiled, bind, page, shape
from models.sqlite import Sqlite

MEMORY = "sqlite:///:memory:"
LIMIT = 1_000_000


@cache
def template() -> bytes:
    """An empty dataset."""
    database.initialize(Sqlite(":memory:"))
    create_tables(TABLES, RENDER_VERSION)
    empty = database.connection().serialize()
    database.close()
    return empty


@contextmanager
def in_memory() -> Iterator[None]:
    """An empty dataset that is open inside; what was open before is so again after."""
    before = database.obj
    empty = template()
    database.initialize(Sqlite(":memory:"))
    database.connection().deserialize(empty)
    try:
        yield
    finally:
        database.close()
        database.initialize(before)


def statement(
    model: Any, choices: dict[str, Choice], *, sort: str, after: str | None = None, total=False
) -> Compiled:
    """The compiled page of a list."""
    engine: Any = type(database.obj)
    return page(engine, model, shape(model.with_defaults(choices)), sort, after, total)


def values(model: Any, choices: dict[str, Choice], **more: Any) -> dict[str, Any]:
    """What its slots are bound to."""
    return {**bind(model.with_defaults(choices)), "limit": LIMIT, **more}


def ids(model: Any, *, sort: str = "id", **choices: Choice) -> list[str]:
    """The ids of a list, in its order."""
    found = statement(model, choices, sort=sort).rows(values(model, choices))
    return [json.loads(row[0])["id"] for row in found]
