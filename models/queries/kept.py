"""The keys of a list, kept in a temporary table while more is asked about the list.

Only SQLite keeps keys: a standby of PostgreSQL has no temporary tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.claim import Claim
from models.database.connection import database
from models.queries.compiled import (
    ALL_LISTED,
    KEPT,
    CompiledQuery,
    QueryShape,
    cache_compiled,
    compile_query,
    slots_of,
)
from models.queries.filter_kinds import LinkFilter
from models.queries.lists import filter_named
from models.queries.matching import matching
from models.record_table import RecordTable

# from so many facets on, they share the keys of the list
FACETS_THAT_SHARE = 2


def shares_keys(shape: QueryShape, facets: Sequence[str]) -> bool:
    """Whether the keys of a list are kept while these facets are counted."""
    return database.kept_keys and shape != ALL_LISTED and len(facets) >= FACETS_THAT_SHARE


def is_kept_first(model: type[RecordTable], shape: QueryShape) -> bool:
    """Whether the keys of a list are kept before its page: tests of each row would take longer."""
    return database.kept_keys and len(long_exclusions(model, shape)) > 1


def kept_shape(shape: QueryShape) -> QueryShape:
    """The shape of a page of a list whose keys are kept."""
    return (*KEPT, *(entry for entry in shape if entry[0] == "listed"))


def keep_list(model: type[RecordTable], shape: QueryShape, bound: Mapping[str, Any]) -> int:
    """Keep the keys of the records that pass the filters, until the snapshot ends; how many."""
    database.execute_sql(f"DELETE FROM {database.kept_keys}")
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
    sql, params = compile_query(source.query.select(source.key))
    return CompiledQuery(f"INSERT OR IGNORE INTO {database.kept_keys} (key) {sql}", params)


@cache_compiled
def excluded_query(name: str) -> CompiledQuery:
    """Delete the keys of the claims that have one of the excluded values."""
    (slots,) = slots_of(((name, "", "many", ()),)).values()
    filter = filter_named(Claim, name)
    links = filter.select().where(*filter.row_tests([(name, slots.none_of)]))
    sql, params = compile_query(links)
    return CompiledQuery(f"DELETE FROM {database.kept_keys} WHERE key IN ({sql})", params)
