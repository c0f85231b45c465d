"""Datasets in memory, and the statements that lists run on them, without HTTP."""

from __future__ import annotations

import json
from typing import Any

from models.base import database
from models.queries.compiled import Compiled, bind, page, shape
from models.queries.filter_kinds import Choice

LIMIT = 1_000_000


def statement(
    model: Any, choices: dict[str, Choice], *, sort: str, after: str | None = None
) -> Compiled:
    """The compiled page of a list."""
    engine: Any = type(database.obj)
    return page(engine, model, shape(model.with_defaults(choices)), sort, after)


def values(model: Any, choices: dict[str, Choice], **more: Any) -> dict[str, Any]:
    """What its slots are bound to."""
    return {**bind(model.with_defaults(choices)), "limit": LIMIT, **more}


def ids(model: Any, *, sort: str = "id", **choices: Choice) -> list[str]:
    """The ids of a list, in its order."""
    found = database.paged(statement(model, choices, sort=sort).rows(values(model, choices)))
    return [one["id"] for one in json.loads(b"[%b]" % found.content)]
