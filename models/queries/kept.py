"""The keys of a list, kept while more is asked about the list.

SQLite keeps them in a temporary table. A standby of PostgreSQL has none, so one statement finds the
list, and counts all facets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.claim import Claim
from models.database.connection import database
from models.database.sql import no_index
from models.queries.compiled import (
    ALL_LISTED,
    KEPT,
    CompiledQuery,
    QueryShape,
    cache_compiled,
    compile_query,
    slots_of,
)
from models.queries.facets import (
    FacetCounts,
    bind_facet_limit,
    facet_column,
    facet_counts,
    facet_query,
    with_value_query,
)
from models.queries.filter_kinds import KEPT_TABLE, LinkFilter
from models.queries.lists import filter_named
from models.queries.matching import matching
from models.queries.relevance import has_relevance
from models.record_table import RecordTable

# the rows of `facet_query`
ROWS_AS_JSON = (
    "SELECT json_agg(json_build_array(id, name, count, value_count, sum))"
    " FROM ({}) AS facet (id, name, count, value_count, sum)"
)
# from so many facets on, they share the keys of the list
FACETS_THAT_SHARE = 2


def shares_keys(shape: QueryShape, facets: Sequence[str]) -> bool:
    """Whether the keys of a list are kept while these facets are counted."""
    return shape not in ((), ALL_LISTED) and len(facets) >= FACETS_THAT_SHARE


def is_kept_first(model: type[RecordTable], shape: QueryShape) -> bool:
    """Whether the keys of a list are kept before its page: tests of each row would take longer."""
    if not database.has_kept_keys or has_relevance(shape):
        return False
    return len(long_exclusions(model, shape)) > 1


def kept_shape(shape: QueryShape) -> QueryShape:
    """The shape of a page of a list whose keys are kept."""
    return (*KEPT, *(entry for entry in shape if entry[0] == "listed"))


def count_together(
    model: type[RecordTable],
    names: Sequence[str],
    shape: QueryShape,
    bound: Mapping[str, Any],
    limit: int,
) -> tuple[int, dict[str, FacetCounts]]:
    """The total and facets of a list, by one statement."""
    query = together_query(model, tuple(names), shape)
    ((total, *results),) = query.rows(bind_facet_limit(bound, limit))
    facets = {
        name: facet_counts(name, rows or [], having, total, limit)
        for name, rows, having in zip(names, results[::2], results[1::2], strict=True)
    }
    return total, facets


@cache_compiled
def together_query(
    model: type[RecordTable], names: tuple[str, ...], shape: QueryShape
) -> CompiledQuery:
    """One row: the total; of each facet, its rows as JSON, and how many records have a value."""
    facet_columns = dict.fromkeys(facet_column(model, name) for name in names)
    columns = [column for column in facet_columns if getattr(column, "model", None) is model]
    source = matching(model, None, **slots_of(shape))
    keys = source.query.select(source.key)
    records = model.select(model.key, *columns).where(model.key.in_(keys))
    sql, params = compile_query(records)
    results = [f"SELECT COUNT(*) FROM {KEPT_TABLE}"]
    for name in names:
        facet = facet_query(model, name, shape, KEPT)
        having = with_value_query(model, name, shape, KEPT)
        results += [ROWS_AS_JSON.format(facet.sql), having.sql if having else "NULL"]
        params += facet.params + (having.params if having else ())
    selected = ", ".join(f"({result})" for result in results)
    return CompiledQuery(f"WITH {KEPT_TABLE} AS MATERIALIZED ({sql}) SELECT {selected}", params)


def keep_list(model: type[RecordTable], shape: QueryShape, bound: Mapping[str, Any]) -> int:
    """Keep the keys of the records that pass the filters, until the snapshot ends; how many."""
    database.execute_sql(f"DELETE FROM {KEPT_TABLE}")
    excluded = long_exclusions(model, shape)
    count = kept_query(model, without_exclusions(shape, excluded)).count_changes(bound)
    for name in excluded:
        count -= excluded_query(name).count_changes(bound)
    return count


def long_exclusions(model: type[RecordTable], shape: QueryShape) -> list[str]:
    """The filters by links that exclude many values.

    Their links are looked up at once: a test of each claim takes longer.
    """
    return [
        name
        for name, _, none_of, _ in shape
        if model is Claim
        and none_of == "many"
        and isinstance(filter_named(Claim, name), LinkFilter)
    ]


def without_exclusions(shape: QueryShape, names: list[str]) -> QueryShape:
    reduced = (
        (name, any_of, "" if name in names else none_of, each_of)
        for name, any_of, none_of, each_of in shape
    )
    return tuple(entry for entry in reduced if any(entry[1:]))


@cache_compiled
def kept_query(model: type[RecordTable], shape: QueryShape) -> CompiledQuery:
    """Insert the keys of the records that pass the filters."""
    source = matching(model, None, **slots_of(shape))
    query = source.query.select(source.key)
    if source.key is model.key:
        # in order: a large table is filled twice as fast. An expression: else SQLite reads all rows
        query = query.order_by(no_index(source.key))
    sql, params = compile_query(query)
    return CompiledQuery(f"INSERT OR IGNORE INTO {KEPT_TABLE} (key) {sql}", params)


@cache_compiled
def excluded_query(name: str) -> CompiledQuery:
    """Delete the keys of the claims that have one of the excluded values."""
    (slots,) = slots_of(((name, "", "many", ()),)).values()
    filter = filter_named(Claim, name)
    links = filter.select().where(*filter.row_tests([(name, slots.none_of)]))
    sql, params = compile_query(links)
    return CompiledQuery(f"DELETE FROM {KEPT_TABLE} WHERE key IN ({sql})", params)
