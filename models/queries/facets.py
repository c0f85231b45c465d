"""Facets: how the records of a list spread over the values of a filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from peewee import SQL, Field, Select, Table, fn

from models.base import Reference
from models.claim import Claim, EventClaim, TopicClaim
from models.database.connection import database
from models.database.sql import no_index
from models.queries.all_listed import (
    all_by_period,
    all_by_value,
    has_period,
    listed_claims_by_value,
    listed_claims_with_value,
    own_links,
)
from models.queries.compiled import (
    ALL_LISTED,
    KEPT,
    CompiledQuery,
    QueryShape,
    cache_compiled,
    compile_query,
    slots_of,
)
from models.queries.facet_values import DATE_PARTS, MERGED_VALUES, period_text
from models.queries.filter_kinds import (
    KEPT_TABLE,
    ClaimsFilter,
    ColumnFilter,
    LinkFilter,
)
from models.queries.lists import filter_named
from models.queries.matching import matching
from models.queries.names import NAME_SQL
from models.queries.slots import Placeholder
from models.queries.totals import ROW_COUNT
from models.queries.value_pairs import (
    LISTED,
    other_filters,
    value_pairs,
    within_list,
    without_claims,
)
from models.record_table import type_of
from models.values.dates import UNDATED

# the most values that are shown
FACET_LIMIT = Placeholder("facet_limit")
# SQL for the names of values, where these differ
VALUE_NAMES = {
    "rating": "(SELECT review.rating FROM review WHERE review.rating_folded = counts.value"
    " ORDER BY review.listed DESC, review.rating LIMIT 1)"
}


class FacetCounts(NamedTuple):
    """One facet of a list."""

    # how many values there are
    groups: int
    # how many records have no value
    missing: int
    # the most frequent values: (value for the filter, name, count)
    values: list[tuple[str, str, int]]


def count_facet(
    model: Any,
    name: str,
    shape: QueryShape,
    bound: Mapping[str, Any],
    total: int,
    limit: int,
    rows_shape: QueryShape | None = None,
) -> FacetCounts:
    """One facet of a list of `total` records, with the `limit` most frequent values.

    `rows_shape` is KEPT if the keys of the list are kept.
    """
    rows_shape = rows_shape or shape
    if total == 0:
        return FacetCounts(0, 0, [])
    rows = facet_query(model, name, shape, rows_shape).rows(bind_facet_limit(bound, limit))
    having_query = with_value_query(model, name, shape, rows_shape)
    having = having_query.rows(bound)[0][0] if having_query else None
    return facet_counts(name, rows, having, total, limit)


def bind_facet_limit(bound: Mapping[str, Any], limit: int) -> dict[str, Any]:
    # each row has the number of values, so that one is read even if none is shown
    return {**bound, "facet_limit": max(limit, 1)}


def facet_counts(
    name: str, rows: Sequence[Sequence], having: int | None, total: int, limit: int
) -> FacetCounts:
    """A facet from the rows of `facet_query` and the number of `with_value_query`."""
    groups, with_value = rows[0][3:] if rows else (0, 0)
    missing = total - int(with_value if having is None else having)
    values = [(str(id), text, int(count)) for id, text, count, *_ in rows]
    if name in MERGED_VALUES:
        values = MERGED_VALUES[name](values)
        groups = len(values)
    if name in DATE_PARTS:
        values = [(period_text(name, id), period_text(name, id), count) for id, _, count in values]
    return FacetCounts(groups, missing, values[:limit])


@cache_compiled
def facet_query(model: Any, name: str, shape: QueryShape, rows_shape: QueryShape) -> CompiledQuery:
    """The most frequent values: rows of (id, name, count, number of values, records with a value).

    `shape` says which filters a value's own row must pass, and `rows_shape` finds the records.
    """
    column = facet_column(model, name)
    with_value = "SUM(counts.count) OVER ()"
    # materialized, so that each count is computed once
    if isinstance(filter_of_facet(model, name), ClaimsFilter):
        sql, params = compile_query(distinct_pairs(model, name, shape, rows_shape))
        counts = (
            f"WITH pairs AS MATERIALIZED ({sql}), counts AS MATERIALIZED"
            " (SELECT value, COUNT(*) AS count FROM pairs GROUP BY value)"
        )
        with_value = "(SELECT COUNT(DISTINCT key) FROM pairs)"
    else:
        sql, params = compile_query(counts_by_value(model, name, shape, rows_shape))
        counts = f"WITH counts AS MATERIALIZED ({sql})"
    totals = f"COUNT(*) OVER (), {with_value}"
    if isinstance(column, Reference):
        type_prefix = "record.type || ':' || " if name in ("about", "addressee") else ""
        return CompiledQuery(
            f"{counts} SELECT {type_prefix}record.id, {NAME_SQL}, counts.count, {totals}"
            f" FROM counts JOIN record ON record.key = counts.value"
            f" ORDER BY counts.count DESC, record.type, record.id LIMIT {database.param}",
            (*params, FACET_LIMIT),
        )
    value_name = VALUE_NAMES.get(name, "value")
    values = (
        f"{counts} SELECT value, {value_name}, counts.count, {totals} FROM counts"
        " ORDER BY counts.count DESC, value"
    )
    if name in MERGED_VALUES:
        return CompiledQuery(values, params)
    return CompiledQuery(f"{values} LIMIT {database.param}", (*params, FACET_LIMIT))


def facet_column(model: Any, name: str) -> Any:
    """The column of a facet's values."""
    if name in DATE_PARTS:
        return model.date_key
    filter = filter_of_facet(model, name)
    if isinstance(filter, ClaimsFilter):
        filter = filter_named(Claim, name)
    return filter.value_column(name)


def filter_of_facet(model: Any, name: str) -> Any:
    """The filter by the values of a facet; None for periods."""
    return None if name in DATE_PARTS else filter_named(model, name)


def distinct_pairs(model: Any, name: str, shape: QueryShape, rows_shape: QueryShape) -> Any:
    """The records of a list with their values by claims: each pair once."""
    filter = filter_named(model, name)
    query, key, value, unique = value_pairs(filter, name, shape)
    if rows_shape == shape:
        rows_shape = without_claims(filter, name, shape)
    if rows_shape or not refers_to(key, model):
        query = within_list(query, key, model, rows_shape, unique)
    return (
        query.select(key.alias("key"), value.alias("value")).where(value.is_null(False)).distinct()
    )


@cache_compiled
def with_value_query(
    model: Any, name: str, shape: QueryShape, rows_shape: QueryShape
) -> CompiledQuery | None:
    """The query for the number of records with any value; None if `facet_query` gives it."""
    filter = filter_of_facet(model, name)
    if filter is None or isinstance(filter, ColumnFilter | ClaimsFilter):
        return None
    if isinstance(filter, LinkFilter) and filter.link is EventClaim:
        return compile_query(
            records_of(model, rows_shape).select(ROW_COUNT).where(Claim.event.is_null(False))
        )
    if isinstance(filter, LinkFilter) and shape == ALL_LISTED:
        return compile_query(Claim.select(listed_claims_with_value(filter, name)).from_())
    if isinstance(filter, LinkFilter) and not has_row_tests(filter, name, shape):
        return compile_query(first_links(filter, name, model, rows_shape))
    query, key, value, unique = value_pairs(filter, name, shape)
    if isinstance(filter, LinkFilter):
        query = query.select(fn.COUNT(key.distinct())).where(value.is_null(False))
        return compile_query(within_list(query, key, model, rows_shape, unique))
    pairs = query.select(SQL("1")).where(key == model.key, value.is_null(False))
    records = matching(model, None, **slots_of(rows_shape)).query
    return compile_query(records.select(ROW_COUNT).where(fn.EXISTS(pairs)))


def first_links(filter: LinkFilter, name: str, model: Any, shape: QueryShape) -> Any:
    """Counts each claim once, by its first link with a value."""
    link = own_links(filter)
    column = filter.value_column(name)
    first = link.ordinal == 0
    if column.null:
        other = link.alias()
        earlier = other.select(SQL("1")).where(
            other.claim == link.claim,
            other.ordinal < link.ordinal,
            getattr(other, column.name).is_null(False),
        )
        # an expression: else SQLite reads all links in the order of the column
        first = fn.COALESCE(column, column).is_null(False) & (first | ~fn.EXISTS(earlier))
    query = link.select(ROW_COUNT).where(first)
    return within_list(query, link.claim, model, shape, not column.null)


def counts_by_value(model: Any, name: str, shape: QueryShape, rows_shape: QueryShape) -> Any:
    """A select of how many records of a list have each value: (value, count)."""
    if name in DATE_PARTS:
        return all_by_period(name) if shape == ALL_LISTED else counts_by_period(name, rows_shape)
    filter = filter_named(model, name)
    column = facet_column(model, name)
    table = column.rel_model if isinstance(column, Reference) else None
    if shape == ALL_LISTED and table and name == type_of(table):
        # the count that a load stored
        return table.select(table.key.alias("value"), table.claim_count.alias("count")).where(
            table.claim_count > 0
        )
    if isinstance(filter, LinkFilter) and shape == ALL_LISTED and name != filter.unique:
        return listed_claims_by_value(filter, column)
    if isinstance(filter, ColumnFilter) and shape == ALL_LISTED:
        return all_by_value(column)
    if isinstance(filter, ColumnFilter) and is_kept_as_table(rows_shape):
        query, value, number = kept_rows(column)
    elif isinstance(filter, ColumnFilter):
        query, value, number = records_of(model, rows_shape), column, ROW_COUNT
    else:
        query, key, value, unique = value_pairs(filter, name, shape)
        # unfiltered lists need no test of the key, except by topic: else SQLite reads rows in the
        # order of topics
        if rows_shape or not refers_to(key, model) or column.model is TopicClaim:
            query = within_list(query, key, model, rows_shape, unique)
        number = fn.COUNT(SQL("*") if unique else key.distinct())
    query = query.select(value.alias("value"), number.alias("count"))
    return query.where(value.is_null(False)).group_by(value)


def has_row_tests(filter: Any, name: str, shape: QueryShape) -> bool:
    """Whether a link with a value must pass other filters, too."""
    if not isinstance(filter, LinkFilter):
        return False
    remaining = other_filters(name, shape)
    return bool(filter.any_of(remaining) or filter.each_of(remaining))


def counts_by_period(name: str, shape: QueryShape) -> Any:
    """Claims of a list by year or month; the query groups the sorted date keys first."""
    if is_kept_as_table(shape):
        query, date_key, number = kept_rows(Claim.date_key)
    else:
        source = matching(Claim, None, **slots_of(shape))
        query, date_key = source.query, source.key.model.date_key
        number = fn.COUNT(source.key.distinct()) if source.repeats else ROW_COUNT
    days = query.select(date_key.alias("date_key"), number.alias("count"))
    days = days.group_by(date_key).alias("days")
    size = DATE_PARTS[name]
    value = (UNDATED - days.c.date_key) / size
    query = Claim.select(value.alias("value"), fn.SUM(days.c.count).alias("count"))
    return query.from_(days).where(has_period(value, size)).group_by(SQL("value"))


def is_kept_as_table(shape: QueryShape) -> bool:
    """Whether the table of kept keys has the columns that facets count."""
    return shape == KEPT and not database.has_kept_keys


def kept_rows(column: Field) -> tuple[Any, Any, Any]:
    """The rows of the table of kept keys, one of its columns, and the number of rows."""
    kept = Table(KEPT_TABLE)
    return Select([kept], []), getattr(kept.c, column.name), ROW_COUNT


def records_of(model: Any, shape: QueryShape) -> Any:
    """The records of a list, each once, from the table of their type."""
    filters = slots_of(shape)
    source = matching(model, None, **filters)
    if source.place is not None:
        return source.query
    listed = filters.pop("listed", None)
    source = matching(model, None, **filters)
    if source.key is not model.key:
        source = matching(model, None, **slots_of(shape))
        return model.select().where(model.key.in_(source.query.select(source.key)))
    if listed:
        return source.query.where(no_index(model.listed) == LISTED)
    return source.query


def refers_to(key: Any, model: Any) -> bool:
    """Whether each key of the column is that of a record of this type."""
    return isinstance(key, Reference) and key.rel_model is model
