"""Datasets in memory, and the statements that lists run on them, without HTTP."""

from __future__ import annotations

import json
from typing import Any

from models.database.connection import database
from models.queries.compiled import CompiledQuery, bind_values, query_shape
from models.queries.defaults import with_listed_claims
from models.queries.pages import page_query
from models.queries.slots import FilterValues

LIMIT = 1_000_000


def statement(
    model: Any, choices: dict[str, FilterValues], *, sort: str, after: str | None = None
) -> CompiledQuery:
    """The compiled page of a list."""
    return page_query(model, query_shape(with_listed_claims(model, choices)), sort, after)


def values(model: Any, choices: dict[str, FilterValues], **more: Any) -> dict[str, Any]:
    """What its slots are bound to."""
    return {**bind_values(with_listed_claims(model, choices)), "limit": LIMIT, **more}


def ids(model: Any, *, sort: str = "id", **choices: FilterValues) -> list[str]:
    """The ids of a list, in its order."""
    found = database.row_page(statement(model, choices, sort=sort).rows(values(model, choices)))
    return [one["id"] for one in json.loads(b"[%b]" % found.content)]
