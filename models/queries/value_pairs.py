"""The values that the records of a list have: rows of (record, value), for facets."""

from __future__ import annotations

from typing import Any

from peewee import SQL, Field, fn

from models.claim import Claim, TopicClaim
from models.database.sql import conjunction, no_index
from models.queries.compiled import ALL_LISTED, KEPT, OTHER, QueryShape, slots_of
from models.queries.filter_kinds import (
    KEPT_TABLE,
    OTHER_TABLE,
    ClaimsFilter,
    ColumnFilter,
    Equal,
    LinkFilter,
    UnionFilter,
    kept_keys,
)
from models.queries.lists import filter_named
from models.queries.matching import matching
from models.queries.slots import LISTED_CLAIMS, NO_SLOTS, Filters, placeholder

LISTED = placeholder("listed")


def value_pairs(filter: Any, name: str, shape: QueryShape) -> tuple[Any, Any, Any, bool]:
    """Rows of a record and a value that it has: a query, both columns, whether pairs are unique.

    Where a filter shares its rows with others (a position with its stance), the rows pass those.
    """
    if isinstance(filter, ClaimsFilter):
        return claim_value_pairs(filter, name, shape)
    if isinstance(filter, UnionFilter):
        first, *rest = [
            query.select(query._returning[0].alias("key"), test.column.alias("value"))
            for query, test in ((select(), test) for select, test in filter.rows)
        ]
        for query in rest:
            first = first.union_all(query)
        pairs = first.alias("pairs")
        return Claim.select().from_(pairs), pairs.c.key, pairs.c.value, False
    remaining = other_filters(name, shape)
    query = filter.select()
    column = filter.value_column(name)
    tests = filter.row_tests(filter.any_of(remaining))
    if filter.each_of(remaining):
        tests += required_rows(filter, column, remaining)
    unique = isinstance(filter, LinkFilter) and (
        name == filter.unique or not filter.repeats(filter.any_of(remaining))
    )
    return (
        (query.where(conjunction(tests)) if tests else query),
        query._returning[0],
        column,
        unique,
    )


def claim_value_pairs(
    filter: ClaimsFilter, name: str, shape: QueryShape
) -> tuple[Any, Any, Any, bool]:
    """Rows of a record and a value that a claim of it has, as `value_pairs`.

    The claim passes the other filters by claims, so that adding the value keeps the record. If
    there are none, taking part counts, too.
    """
    # under `match=all`, one claim has the values of the facet's own filter, too
    own = slots_of(shape).get(name, NO_SLOTS)._replace(any_of=None, none_of=None)
    wanted = filter.wanted({**other_filters(name, shape), name: own})
    claims = matching(Claim, None, **{"listed": LISTED_CLAIMS, **wanted})
    companions = {other: slots for other, slots in wanted.items() if other != name}
    values = claim_values(name, companions).alias("claim_values")
    record, table = filter.record, filter.record.model
    claim_key = Claim.key if table is Claim else table.claim
    # an expression if filters choose the claims: else SQLite looks up each record of a list for
    # each claim
    key = no_index(record) if wanted else record
    pairs = (
        table.select(key.alias("key"), values.c.value.alias("value"))
        .join(values, on=(values.c.claim == claim_key))
        .where(record.is_null(False))
    )
    if wanted:
        pairs = pairs.where(claim_key.in_(claims.query.select(claims.key)))
    else:
        pairs = pairs.where(table.listed == 1)
    if not wanted and name in filter.participation:
        for select, test in filter.participation[name].rows:
            query = select()
            pairs = pairs.union_all(
                query.select(query._returning[0].alias("key"), test.column.alias("value"))
            )
    pairs = pairs.alias("pairs")
    return Claim.select().from_(pairs), pairs.c.key, pairs.c.value, False


def claim_values(name: str, wanted: Filters) -> Any:
    """A select of (claim, value) for a filter of claims; the rows pass its companions."""
    claim_filter = filter_named(Claim, name)
    column = claim_filter.value_column(name)
    if isinstance(claim_filter, ColumnFilter):
        return Claim.select(Claim.key.alias("claim"), column.alias("value")).where(
            Claim.listed == 1, column.is_null(False)
        )
    link = claim_filter.link
    tests = claim_filter.row_tests(claim_filter.any_of(wanted))
    if claim_filter.each_of(wanted):
        tests += required_rows(claim_filter, column, wanted)
    # an expression: else SQLite looks up each record of a list for each claim with a value
    return link.select(link.claim.alias("claim"), no_index(column).alias("value")).where(
        link.listed == 1, column.is_null(False), *tests
    )


def required_rows(filter: Any, column: Field, remaining: Filters) -> list[Any]:
    """Under `match=all`: each required value is in a row of the claim with this same value."""
    link = filter.link
    tests = []
    for required, slot in filter.each_of(remaining):
        other = link.alias()
        same = [other.claim == link.claim, getattr(other, column.name) == column]
        same += [
            Equal(getattr(other, filter.value_column(name).name))(slots.any_of)
            for name, slots in remaining.items()
            if name in filter.tests and slots.any_of
        ]
        same.append(Equal(getattr(other, filter.value_column(required).name))(slot))
        tests.append(fn.EXISTS(other.select(SQL("1")).where(*same)))
    return tests


def other_filters(name: str, shape: QueryShape) -> Filters:
    """The filters that the same row must pass, without this one."""
    return {other: slots for other, slots in slots_of(shape).items() if other != name}


def within_list(query: Any, key: Any, model: Any, shape: QueryShape, unique: bool) -> Any:
    """The query for (record, value) rows, restricted to the records of the list.

    A join if each pair occurs once, else `IN`, which sorts the keys. Topics take `IN`, too: each
    claim has several, and their index is too large for the processor's caches. Texts take `IN`
    since SQLite would search them once for each row that it joins with them.
    """
    if shape == ALL_LISTED:
        return query.where(key.model.listed == LISTED)
    for kept_shape, table in ((KEPT, KEPT_TABLE), (OTHER, OTHER_TABLE)):
        if shape == kept_shape:
            return query.where(key.in_(kept_keys(table)))
    source = matching(model, None, **slots_of(shape))
    keys = source.query.select(source.key.alias("key"))
    by_key = source.repeats or not unique or source.place is not None
    if by_key or key.model is TopicClaim:
        return query.where(key.in_(keys))
    keys = keys.alias("keys")
    return query.join(keys, on=(key == keys.c.key))


def without_claims(filter: ClaimsFilter, name: str, shape: QueryShape) -> QueryShape:
    """The shape without the values that claims must have, since `claim_value_pairs` tests them.

    It stays whole if the facet's own filter has values: the pairs do not pass that filter.
    """
    if name in filter.wanted(slots_of(shape)):
        return shape
    reduced = (
        (name, "", none_of, ()) if name in filter.names else (name, any_of, none_of, each_of)
        for name, any_of, none_of, each_of in shape
    )
    return tuple(entry for entry in reduced if any(entry[1:]))
