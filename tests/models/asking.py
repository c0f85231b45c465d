"""Datasets in memory, and the statements that lists run on them, without HTTP."""

from __future__ import annotations

import json
from typing import Any

from models.database.connection import database
from models.queries.compiled import CompiledQuery, bind_values, query_shape
from models.queries.pages import page_query
from models.queries.slots import FilterValues

LIMIT = 1_000_000


def statement(
    model: Any, choices: dict[str, FilterValues], *, sort: str, after: str | None = None
) -> CompiledQuery:
    """The compiled page of a list."""
    engine: Any = type(database.obj)
    return page_query(engine, model, query_shape(model.with_defaults(choices)), sort, after)


def values(model: Any, choices: dict[str, FilterValues], **more: Any) -> dict[str, Any]:
    """What its slots are bound to."""
    return {**bind_values(model.with_defaults(choices)), "limit": LIMIT, **more}


def ids(model: Any, *, sort: str = "id", **choices: FilterValues) -> list[str]:
    """The ids of a list, in its order."""
    found = database.paged(statement(model, choices, sort=sort).rows(values(model, choices)))
    return [one["id"] for one in json.loads(b"[%b]" % found.content)]
