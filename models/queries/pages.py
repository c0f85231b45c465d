"""The rows of one page of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peewee import SQL, Select

from models.base import Document
from models.database.connection import database
from models.database.row_page import RowPage
from models.queries.compiled import (
    CompiledQuery,
    QueryShape,
    cache_compiled,
    compile_query,
    slots_of,
)
from models.queries.lists import LISTS
from models.queries.matching import matching
from models.queries.relevance import MAX_RANKED, more_than_ranked, ranked_page
from models.queries.slots import placeholder
from models.queries.sorting import RELEVANCE


def fetch_page(
    model: Any, shape: QueryShape, sort: str, bound: Mapping[str, Any], *, positions: bool = True
) -> RowPage:
    """One page of a list; `bound` holds the filters' values and `limit`.

    Without `positions` the page may lack the sort values and tiebreakers of its rows.

    It begins after a cursor, where `bound` has its sort value `after` and its `after.tie`.
    """
    if sort == RELEVANCE:
        return fetch_ranked(model, shape, bound, positions=positions)
    position = None
    if "after" in bound:
        position = LISTS[model].sorts[sort].cursor_position(bound["after"])
    return database.row_page(page_query(model, shape, sort, position, positions).rows(bound))


def fetch_ranked(
    model: Any, shape: QueryShape, bound: Mapping[str, Any], *, positions: bool
) -> RowPage:
    """One page by relevance; the sort value of a row is its number in the list."""
    query = ranked_query(model, shape, "after" in bound, positions)
    page = database.row_page(query.rows({**bound, "max_ranked": MAX_RANKED}))
    first = bound.get("after", 0) + 1
    return page._replace(sort_values=range(first, first + len(page.sort_values)))


def ranks_all(model: Any, shape: QueryShape, bound: Mapping[str, Any]) -> bool:
    """Whether no more records pass the filters than are ranked."""
    return not unranked_query(model, shape).rows({**bound, "max_ranked": MAX_RANKED})


@cache_compiled
def unranked_query(model: Any, shape: QueryShape) -> CompiledQuery:
    """The query of `ranks_all`."""
    return compile_query(more_than_ranked(model, shape))


@cache_compiled
def ranked_query(
    model: Any, shape: QueryShape, after_cursor: bool, positions: bool
) -> CompiledQuery:
    """The query of `fetch_ranked`, for `database.row_page`."""
    page = ranked_page(model, shape, after_cursor=after_cursor)
    return compile_query(database.with_documents(page.alias("page"), Document, positions))


@cache_compiled
def page_query(
    model: Any, shape: QueryShape, sort: str, cursor_position: str | None, positions: bool = True
) -> CompiledQuery:
    """The query of `fetch_page`, for `database.row_page`."""
    order = LISTS[model].sorts[sort]
    source = matching(model, order, **slots_of(shape))
    query = source.query.select(
        source.sort_column.alias("sort_value"),  # type: ignore[union-attr]
        source.tiebreaker.alias("tie"),
        source.key.alias("record_key"),
    )
    if source.repeats:
        query = query.distinct()
    source = source._replace(query=query)
    limit = placeholder("limit")
    first, *rest = [select.limit(limit) for select in order.selects(source, cursor_position)]
    for select in rest:
        first = (
            all_columns(first, "with_value").union_all(all_columns(select, "without")).limit(limit)
        )
    # documents are joined to the rows of the page, after these were sorted and cut
    return compile_query(database.with_documents(first.alias("page"), Document, positions))


def all_columns(query: Any, alias: str) -> Select:
    """A select of the rows of another select, which may have its own order and limit."""
    return Select([query.alias(alias)], [SQL("*")])
