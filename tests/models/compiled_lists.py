"""Compiled queries of lists, and the ids that they select, without HTTP."""

from __future__ import annotations

import json
from typing import Any

from models.database.connection import database
from models.queries.compiled import CompiledQuery, bind_values, query_shape
from models.queries.defaults import spell_out, with_listed_claims
from models.queries.pages import page_query
from models.queries.slots import FilterValues

LIMIT = 1_000_000


def compiled_page(
    model: Any,
    filters: dict[str, FilterValues],
    *,
    sort: str,
    cursor_position: str | None = None,
) -> CompiledQuery:
    """The compiled query of a page of a list."""
    shape = query_shape(with_listed_claims(model, spell_out(model, filters)))
    return page_query(model, shape, sort, cursor_position)


def bound_values(model: Any, filters: dict[str, FilterValues], **extra: Any) -> dict[str, Any]:
    """The values that the placeholders of such a query are bound to."""
    filters = with_listed_claims(model, spell_out(model, filters))
    return {**bind_values(filters), "limit": LIMIT, **extra}


def list_ids(model: Any, *, sort: str = "id", **filters: FilterValues) -> list[str]:
    """The ids of a list, in its order."""
    query = compiled_page(model, filters, sort=sort)
    page = database.row_page(query.rows(bound_values(model, filters)))
    return [document["id"] for document in json.loads(b"[%b]" % page.content)]
