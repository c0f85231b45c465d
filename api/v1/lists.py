"""Lists: which rows, one page of them, their total and facets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from api.formats.page import Answer, Page, Records
from api.formats.sparse import related, sparse
from api.query.cursor import cursor_binding, dataset_name, decode_cursor, encode_cursor
from api.query.parser import Query
from api.query.path import PathRecord
from api.query.resolution import ResolvedQuery, resolve_query
from models.cache import LRUCache
from models.database.row_page import RowPage
from models.dataset import Dataset
from models.queries.facets import FacetCounts, count_facet
from models.queries.pages import fetch_page
from models.queries.totals import count_rows
from models.record_table import RecordTable, type_of

# resolved queries, totals and facets by dataset version; Python's objects take about twice the
# bytes of their text
RESULT_CACHE_BYTES = 16 << 20
RESULT_CACHE: LRUCache[Any] = LRUCache(
    RESULT_CACHE_BYTES, lambda key, value: 2 * len(repr((key, value)))
)


def cached(key: tuple, find: Callable[[], Any]) -> Any:
    """A result from the cache, or computed and stored; the key has the version token."""
    result = RESULT_CACHE.get(key)
    if result is None:
        result = find()
        RESULT_CACHE.put(key, result)
    return result


def list_page(model: type[RecordTable], query: Query, **path_filters: PathRecord) -> Answer:
    """One page of the records that match; `path_filters` are the filters that the path fixes."""

    def answer(dataset: Dataset) -> Page:
        binding = cursor_binding(query, dataset)
        resolved = cached(
            (dataset.version_token, binding), lambda: resolve_query(model, query, path_filters)
        )
        rows = fetch_rows_of(model, query, resolved, binding)
        more = len(rows.ties) > query.limit
        known_total = None if more or query.cursor else len(rows.ties)
        total, facets = count_all(model, query, resolved, dataset, known_total)
        cursor = None
        if more:
            last = query.limit - 1
            cursor = encode_cursor((rows.sort_values[last], rows.ties[last]), binding)
        meta = {
            "total": total,
            "next_cursor": cursor,
            "dataset": dataset_name(dataset),
            "resolved": orjson.Fragment(resolved.explanation),
            "facets": facets,
        }
        records = Records(rows.first(query.limit))
        return Page(
            sparse(records, query.fields),
            meta,
            related(type_of(model), records, query.include),
            query.with_cursor(cursor) if cursor else None,
        )

    return answer


def fetch_rows_of(
    model: type[RecordTable], query: Query, resolved: ResolvedQuery, binding: bytes
) -> RowPage:
    """The rows of the page, and one more if there are more pages."""
    if resolved.shape is None:
        return RowPage()
    bound = {**resolved.bound, "limit": query.limit + 1}
    if query.cursor:
        bound["after"], bound["after.tie"] = decode_cursor(query.cursor, binding)
    return fetch_page(model, resolved.shape, query.sort, bound)


def count_all(
    model: type[RecordTable],
    query: Query,
    resolved: ResolvedQuery,
    dataset: Dataset,
    known_total: int | None,
) -> tuple[int | None, dict[str, Any]]:
    """The total and the facets; all pages of a list share what was counted for one."""
    shape, bound = resolved.shape, resolved.bound
    if shape is None:
        no_values = {"groups": 0, "missing": 0, "values": []}
        return 0 if query.counted else None, dict.fromkeys(query.facet, no_values)
    rows_key = (dataset.version_token, resolved.rows_key)

    def total() -> int:
        if known_total is not None:
            return known_total
        return cached((*rows_key, ""), lambda: count_rows(model, shape, bound))

    def facet(name: str) -> Mapping[str, Any]:
        return cached(
            (*rows_key, name), lambda: facet_json(count_facet(model, name, shape, bound, total()))
        )

    return total() if query.counted else None, {name: facet(name) for name in query.facet}


def facet_json(facet: FacetCounts) -> dict[str, Any]:
    return {
        "groups": facet.groups,
        "missing": facet.missing,
        "values": [{"id": id, "name": name, "count": count} for id, name, count in facet.values],
    }
