"""Lists: which rows, one page of them, their total and facets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import orjson

from api.formats.page import Page, Records, RecordStream
from api.formats.sparse import related, sparse
from api.query.cursor import cursor_binding, decode_cursor, encode_cursor
from api.query.parser import Query
from api.query.path import PathRecord
from api.query.resolution import ResolvedQuery, resolve_query
from models.cache import LRUCache
from models.claim import Claim
from models.database.connection import database
from models.database.row_page import RowPage
from models.dataset import Dataset, dataset_name
from models.queries.compiled import KEPT, QueryShape
from models.queries.complement import count_by_complement, has_complement, keep_others
from models.queries.facets import FacetCounts, count_facet
from models.queries.kept import (
    count_together,
    is_kept_first,
    keep_list,
    kept_shape,
    shares_keys,
)
from models.queries.lists import LISTS
from models.queries.pages import fetch_page, ranks_all
from models.queries.relevance import MAX_RANKED, has_relevance
from models.queries.sorting import RELEVANCE
from models.queries.totals import count_rows
from models.record_table import RecordTable, type_of
from models.search.highlights import find_highlights
from models.search.text_query import parse_text_query

# resolved queries, totals and facets by dataset version; Python's objects take about twice the
# bytes of their text
RESULT_CACHE_BYTES = 16 << 20
RESULT_CACHE: LRUCache[Any] = LRUCache(
    RESULT_CACHE_BYTES, lambda key, value: 2 * len(repr((key, value)))
)

# rows that a stream fetches at once
BATCH = 200


def cached_result(key: tuple, compute: Callable[[], Any]) -> Any:
    """A result from the cache, or computed and stored; the key has the version token."""
    result = RESULT_CACHE.get(key)
    if result is None:
        result = compute()
        RESULT_CACHE.put(key, result)
    return result


class PageFrame(NamedTuple):
    """Everything of a page but its rows; it stays the same within a version of the dataset."""

    shape: QueryShape | None
    # for the placeholders of the page's query
    bound: Mapping[str, Any]
    meta: Mapping[str, Any]
    # the JSON of `meta.resolved`
    explanation: bytes
    next_query: str | None


class RecordList:
    """The records that match; `path_filters` are the filters that the path fixes."""

    def __init__(
        self, model: type[RecordTable], query: Query, path_filters: Mapping[str, PathRecord]
    ):
        self.model = model
        self.query = query
        self.path_filters = path_filters

    def __call__(self, dataset: Dataset) -> Page:
        """One page of them."""
        model, query = self.model, self.query
        key = (dataset.version_token, query.path, query.canonical)
        frame = RESULT_CACHE.get(key)
        if frame is None:
            frame, documents = first_page(model, query, self.path_filters, dataset)
            RESULT_CACHE.put(key, frame)
        else:
            documents = fetch_documents_again(model, query, frame)
        records = Records(documents)
        type = type_of(model)
        included = related(type, records, query.include)
        shown = sparse(records, query.fields)
        return Page(shown, frame.meta, included, frame.next_query, type)

    def stream(self, dataset: Dataset) -> RecordStream:
        """All of them."""
        query = self.query
        resolved = resolve(self.model, query, self.path_filters, dataset)
        batches = fetch_batches(self.model, query, resolved)
        return RecordStream(type_of(self.model), batches, query.fields, query.bom)


def list_page(model: type[RecordTable], query: Query, **path_filters: PathRecord) -> RecordList:
    """The records that match; `path_filters` are the filters that the path fixes."""
    return RecordList(model, query, path_filters)


def resolve(
    model: type[RecordTable],
    query: Query,
    path_filters: Mapping[str, PathRecord],
    dataset: Dataset,
) -> ResolvedQuery:
    """The query with the keys of the records that it names."""
    return cached_result(
        (dataset.version_token, cursor_binding(query, dataset)),
        lambda: resolve_query(model, query, path_filters),
    )


def fetch_batches(
    model: type[RecordTable], query: Query, resolved: ResolvedQuery
) -> Iterator[Records]:
    """All records in the list's order, each batch after the last row of the one before."""
    if resolved.shape is None:
        return
    bound = {**resolved.bound, "limit": BATCH}
    sort = row_sort(model, query, resolved.shape)
    rows = fetch_page(model, resolved.shape, sort, bound)
    while rows.sizes:
        yield Records(rows.content, rows.sizes)
        if len(rows.sizes) < BATCH:
            return
        bound["after"], bound["after.tie"] = rows.sort_values[-1], rows.ties[-1]
        rows = fetch_page(model, resolved.shape, sort, bound)


def first_page(
    model: type[RecordTable], query: Query, path_filters: Mapping[str, PathRecord], dataset: Dataset
) -> tuple[PageFrame, bytes]:
    """A page that was not asked for in this version of the dataset, and its documents."""
    binding = cursor_binding(query, dataset)
    resolved = resolve(model, query, path_filters, dataset)
    # one row more tells whether there is a next page
    bound = {**resolved.bound, "limit": query.limit + 1}
    if query.cursor:
        bound["after"], bound["after.tie"] = decode_cursor(query.cursor, binding)
    rows, shape, kept_total = RowPage(), resolved.shape, None
    if shape is not None:
        sort = row_sort(model, query, shape)
        if not query.cursor and is_kept_first(model, shape):
            kept_total = keep_list(model, shape, bound)
            shape = kept_shape(shape)
        if kept_total != 0:
            rows = fetch_page(model, shape, sort, bound)
    more = len(rows.ties) > query.limit
    known_total = None if more or query.cursor else len(rows.ties)
    total, facets = count_all(model, query, resolved, dataset, known_total, kept_total)
    cursor = None
    if more:
        last = query.limit - 1
        cursor = encode_cursor((rows.sort_values[last], rows.ties[last]), binding)
    meta = {
        "total": total,
        "next_cursor": cursor,
        "dataset": dataset_name(dataset),
        "query": resolved.sentence,
        "ranked": count_ranked(model, query, resolved, dataset),
        "highlights": highlights(model, query, rows.first(query.limit)),
        "resolved": orjson.Fragment(resolved.explanation),
        "facets": facets,
    }
    next_query = query.with_cursor(cursor) if cursor else None
    bound["limit"] = query.limit
    frame = PageFrame(resolved.shape, bound, meta, resolved.explanation, next_query)
    return frame, rows.first(query.limit)


def fetch_documents_again(model: type[RecordTable], query: Query, frame: PageFrame) -> bytes:
    """The documents of a page whose frame is cached."""
    if frame.shape is None:
        return b""
    sort = row_sort(model, query, frame.shape)
    return fetch_page(model, frame.shape, sort, frame.bound, positions=False).content


def row_sort(model: type[RecordTable], query: Query, shape: QueryShape) -> str:
    """The sort of the rows: by default, if there is no word to rank them by."""
    if query.sort == RELEVANCE and not has_relevance(shape):
        return LISTS[model].default_sort
    return query.sort


def highlights(model: type[RecordTable], query: Query, documents: bytes) -> list[dict[str, Any]]:
    """Where the words of `q` stand in the documents of a page, if asked for."""
    if not query.highlighted or "q" not in query.parameters:
        return []
    text_query = parse_text_query(query.parameters["q"][0])
    page_highlights = find_highlights(type_of(model), Records(documents), text_query)
    return [highlight._asdict() for highlight in page_highlights]


def count_ranked(
    model: type[RecordTable], query: Query, resolved: ResolvedQuery, dataset: Dataset
) -> int | None:
    """How many records were ranked, if not all."""
    shape = resolved.shape
    if query.sort != RELEVANCE or shape is None or not has_relevance(shape):
        return None
    all_ranked = cached_result(
        (dataset.version_token, resolved.rows_key, RELEVANCE),
        lambda: ranks_all(model, shape, resolved.bound),
    )
    return None if all_ranked else MAX_RANKED


def count_all(
    model: type[RecordTable],
    query: Query,
    resolved: ResolvedQuery,
    dataset: Dataset,
    known_total: int | None,
    kept_total: int | None,
) -> tuple[int | None, dict[str, Any]]:
    """The total and the facets; all pages of a list share what was counted for one.

    `kept_total` is the total if the keys of the list are kept.
    """
    shape, bound = resolved.shape, resolved.bound
    if shape is None:
        no_values = {"groups": 0, "missing": 0, "values": []}
        return 0 if query.counted else None, dict.fromkeys(query.facet, no_values)
    rows_key = (dataset.version_token, resolved.rows_key)
    facet_keys = {name: (*rows_key, name, query.facet_limit) for name in query.facet}
    facets_to_count = [name for name, key in facet_keys.items() if RESULT_CACHE.get(key) is None]
    limit = query.facet_limit
    together: dict[str, FacetCounts] = {}
    if kept_total is None and known_total != 0 and shares_keys(shape, facets_to_count):
        if database.has_kept_keys:
            kept_total = keep_list(model, shape, bound)
        else:
            known_total, together = count_together(model, facets_to_count, shape, bound, limit)

    def total() -> int:
        for count in (known_total, kept_total):
            if count is not None:
                return count
        return cached_result((*rows_key, ""), lambda: count_rows(model, shape, bound))

    others = None
    if kept_total and model is Claim and facets_to_count:
        others = keep_others(bound, kept_total)

    def facet(name: str) -> Mapping[str, Any]:
        if name in together:
            return facet_json(together[name])
        if others is not None and has_complement(name, shape):
            return facet_json(count_by_complement(name, total(), others, limit))
        rows_shape = None if kept_total is None else KEPT
        return facet_json(count_facet(model, name, shape, bound, total(), limit, rows_shape))

    facets = {name: cached_result(facet_keys[name], partial(facet, name)) for name in query.facet}
    return total() if query.counted else None, facets


def facet_json(facet: FacetCounts) -> dict[str, Any]:
    return {
        "groups": facet.groups,
        "missing": facet.missing,
        "values": [{"id": id, "name": name, "count": count} for id, name, count in facet.values],
    }
