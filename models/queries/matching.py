"""The records that pass filters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import SQL, Field, fn

from models.base import Record
from models.claim import Claim
from models.database.sql import conjunction
from models.queries.filter_kinds import ClaimsFilter, DateFilter, Equal, LinkFilter
from models.queries.lists import filters_in_use
from models.queries.slots import LISTED_CLAIMS, NO_SLOTS, Filters, FilterSlots, placeholder
from models.queries.sorting import RowSource, SortOrder
from models.queries.texts import claims_with_text, scans_texts
from models.record_table import RecordTable, type_of
from models.search_text import SearchText, place_of


def matching(
    model: type[RecordTable], order: SortOrder | None = None, /, **filters: FilterSlots
) -> RowSource:
    """The records of one type that pass every filter.

    Claims newest first are an index scan: of the claims, of the links of one filter, or of texts.
    """
    if model is Claim:
        newest_first = bool(order and order.column is Claim.date_key and not order.descending)
        used = filters_in_use(Claim, filters)
        if (newest_first or not order) and scans_texts(filters, used, page=newest_first):
            return scan_texts(filters)
        driving = driving_filter(order, filters)
        if driving:
            return scan_links(driving, order, filters)
    return scan_records(model, order, filters)


def scan_records(model: type[RecordTable], order: SortOrder | None, filters: Filters) -> RowSource:
    """The records that pass every filter, from the table of their type."""
    query = model.select()
    tiebreaker = getattr(model, "seq", model.key)
    if order and order.column.model is Record:
        on = Record.key == model.key
        if not any(
            slots.any_of or slots.each_of for name, slots in filters.items() if name != "listed"
        ):
            # scans the record's index by type; the few that pass a filter are sorted instead
            on &= Record.type == type_of(model)
        query, tiebreaker = query.join(Record, on=on), Record.seq
    conditions = filter_conditions(model, filters)
    if conditions:
        query = query.where(conjunction(conditions))
    return RowSource(query, model.key, order and order.column, tiebreaker)


def filter_conditions(model: type[RecordTable], filters: Filters) -> list[Any]:
    """The conditions that a record must meet to pass every filter."""
    return [
        condition
        for filter in filters_in_use(model, filters)
        for condition in (
            claims_conditions(filter, model.key, filters)
            if isinstance(filter, ClaimsFilter)
            else filter.conditions(model.key, filters)
        )
    ]


def scan_texts(filters: Filters) -> RowSource:
    """The claims that pass every filter, from the texts that match."""
    query = claims_with_text(filters)
    rest = {name: slots for name, slots in filters.items() if name not in ("q", "listed")}
    conditions = filter_conditions(Claim, rest)
    if conditions:
        query = query.where(conjunction(conditions))
    source = RowSource(query, Claim.key, Claim.date_key, Claim.seq, place=SearchText.place)
    listed = filters.get("listed", NO_SLOTS).any_of
    if not listed:
        return source
    after = place_of(listed.one, placeholder("after"), placeholder("after.tie"))
    return source._replace(place_after=after)


def claims_conditions(filter: ClaimsFilter, key: Field, filters: Filters) -> Iterator[Any]:
    """The conditions of filters that look for claims of a record."""
    wanted = filter.wanted(filters)
    if wanted:
        condition = key.in_(records_with_claims(filter.record, wanted))
        if len(wanted) == 1:
            ((name, slots),) = wanted.items()
            if name in filter.participation and slots.any_of:
                condition |= filter.participation[name].exists(key, [(name, slots.any_of)])
        yield condition
    for name in filter.names:
        none_of = filters.get(name, NO_SLOTS).none_of
        if none_of:
            yield ~key.in_(records_with_claims(filter.record, {name: FilterSlots(none_of)}))
            if name in filter.participation:
                yield ~filter.participation[name].exists(key, [(name, none_of)])


def records_with_claims(record: Field, filters: Filters) -> Any:
    """The records of listed claims that pass all filters: a select of the column `record`."""
    source = matching(Claim, None, **{"listed": LISTED_CLAIMS, **filters})
    table = record.model
    if table is Claim and source.key is Claim.key:
        return source.query.select(record).where(record.is_null(False))
    claim_key = Claim.key if table is Claim else table.claim
    claims = source.query.select(source.key)
    return table.select(record).where(claim_key.in_(claims), record.is_null(False))


def driving_filter(order: SortOrder | None, filters: Filters) -> LinkFilter | None:
    """The filter whose links are scanned; None where the claim's own columns narrow more.

    A page ends soon in either scan. A count reads all rows, and fewer claims have a form than may
    have a topic.
    """
    if order and order.column is not Claim.date_key:
        return None
    narrowing = ("claimant", "actor", "organization", *(() if order else ("form",)))
    if any(filters.get(name, NO_SLOTS).any_of for name in narrowing):
        return None
    candidates = [
        filter
        for filter in filters_in_use(Claim, filters)
        if isinstance(filter, LinkFilter) and filter.scanned(filters)
    ]
    # a record has fewer links than a word
    return max(candidates, key=lambda filter: filter.finds_record(filters), default=None)


def scan_links(driving: LinkFilter, order: SortOrder | None, filters: Filters) -> RowSource:
    """The claims that pass every filter, from the links of the driving filter."""
    link, scanned, rest = driving.link, driving.scanned(filters), driving.rest(filters)
    query = link.select().where(*driving.row_tests(scanned))
    listed = rest.pop("listed", NO_SLOTS).any_of
    if listed:
        query = query.where(Equal(link.listed)(listed))
    remaining = filters_in_use(Claim, rest)
    if not any(slot.many for _, slot in scanned):
        # the scanned index has the dates
        dates = [filter.on(link.date_key) for filter in remaining if isinstance(filter, DateFilter)]
        query = query.where(
            *(test for filter in dates for test in filter.conditions(link.claim, rest))
        )
        remaining = tuple(filter for filter in remaining if not isinstance(filter, DateFilter))
    tests = [test for filter in remaining for test in filter.conditions(link.claim, rest)]
    if tests and order:
        # SQLite ends an ordered scan early, but not a joined one; 3.40 then also ignores a bound
        # after a list in an index
        claim = Claim.select(SQL("1")).where(conjunction([Claim.key == link.claim, *tests]))
        query = query.where(fn.EXISTS(claim))
    elif tests:
        query = query.join(Claim, on=(Claim.key == link.claim)).where(conjunction(tests))
    return RowSource(query, link.claim, link.date_key, link.seq, repeats=driving.repeats(scanned))
