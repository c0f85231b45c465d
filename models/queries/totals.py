"""How many records a list has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peewee import SQL, Select, fn

from models.base import Reference
from models.claim import Claim
from models.database.sql import sql_template
from models.queries.compiled import (
    CompiledQuery,
    QueryShape,
    cache_compiled,
    compile_query,
    slots_of,
)
from models.queries.filter_kinds import PresenceFilter
from models.queries.lists import filter_named
from models.queries.matching import matching
from models.queries.slots import Filters, FilterSlots, Slot
from models.queries.texts import TextFilter
from models.record_table import RecordTable, type_of

ROW_COUNT = fn.COUNT(SQL("*"))


def count_rows(model: type[RecordTable], shape: QueryShape, bound: Mapping[str, Any]) -> int:
    """How many records pass the filters."""
    return total_query(model, shape).rows(bound)[0][0]


@cache_compiled
def total_query(model: type[RecordTable], shape: QueryShape) -> CompiledQuery:
    """The query of `count_rows`."""
    filters = slots_of(shape)
    total = stored_total(filters) if model is Claim else None
    return compile_query(count_query(model, filters) if total is None else total)


def count_query(model: type[RecordTable], filters: Filters) -> Select:
    """A count of the records that pass, each once."""
    source = matching(model, None, **filters)
    if not source.repeats:
        return source.query.select(ROW_COUNT)
    # the claim's place in the index, so that duplicates come one after the other
    claims = source.query.select(source.sort_column, source.tiebreaker).distinct().alias("claims")
    return Select([claims], [ROW_COUNT])


def stored_total(filters: Filters) -> Select | None:
    """A total of listed claims that is known without a test of each claim, or None.

    It serves all claims, the claims of one record or with one kind of link, and what one filter
    leaves of all claims.
    """
    names = filters.keys() - {"listed"}
    if "listed" not in filters or len(names) > 1:
        return None
    # few claims are not listed
    total = difference(Claim.select(ROW_COUNT), Claim.select(ROW_COUNT).where(Claim.listed == 0))
    if not names:
        return total
    (name,) = names
    any_of, none_of, each_of = filters[name]
    slot = any_of or none_of
    if slot is None or each_of or (any_of and none_of):
        return None
    own = known_count(name, slot)
    if any_of:
        return own
    if own is None:
        own = count_query(Claim, {"listed": filters["listed"], name: FilterSlots(none_of)})
    return difference(total, own)


def known_count(name: str, slot: Slot) -> Select | None:
    """How many listed claims pass one filter, if that is known without a test of each claim."""
    filter = filter_named(Claim, name)
    if isinstance(filter, PresenceFilter):
        return Select((), [filter.count()]) if filter.count else None
    if isinstance(filter, TextFilter):
        return filter.count_listed(slot)
    counted = counted_table(name)
    if counted is None or slot.many:
        return None
    return counted.select(counted.claim_count).where(counted.key == slot.one)


def counted_table(name: str) -> Any | None:
    """The table that stores how many listed claims this filter finds for each of its records."""
    column = filter_named(Claim, name).value_column(name)
    if isinstance(column, Reference) and type_of(column.rel_model) == name:
        return column.rel_model
    return None


def difference(all_rows: Any, other_rows: Any) -> Select:
    """One count less another."""
    return Select((), [sql_template("{} - ({})", all_rows, other_rows)])
