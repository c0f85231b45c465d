"""Statements: each is a claimant's stance on an item, at a date, in a claim.

Claim filters choose claims; `position` and `stance` also choose among the statements of a chosen
claim. Everything that is counted or compared starts here, and this module alone defines the order
of statements in time.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from peewee import Field

from models.base import Reference
from models.claim import STANCES, Claim, ClaimPosition
from models.database.connection import database
from models.database.sql import sql_template
from models.queries.compiled import QueryShape
from models.queries.filter_kinds import Equal
from models.queries.matching import matching
from models.queries.slots import NO_SLOTS, Filters, FilterSlots, placeholder
from models.search_text import SEQ_BITS, SEQ_MASK
from models.values.dates import UNDATED

# the columns that can say who claims: the actor, or the organization of a claim without one; the
# actor; the organization on whose behalf
CLAIMANT_COLUMNS: dict[str, Reference] = {
    "claimant": Claim.claimant,
    "actor": Claim.actor,
    "organization": Claim.organization,
}
# the numbers of stances: their places in STANCES
SUPPORT, OPPOSE, NEUTRAL = range(len(STANCES))
# the filters that also choose among the statements of a claim, by the columns of their names
STATEMENT_FILTERS = ("position", "stance")
# the filters that choose claimants
CLAIMANT_FILTERS = tuple(CLAIMANT_COLUMNS)


class Statements(NamedTuple):
    """Statements as a query that selects no columns yet, and their columns."""

    query: Any
    claimant: Field
    item: Field
    stance: Field


def select_statements(of: str, filters: Filters) -> Statements:
    """The statements on positions of the claims that pass the filters.

    The query joins `Claim` and `ClaimPosition`. `of` is a key of CLAIMANT_COLUMNS; claims without
    such a claimant make no statement.
    """
    claimant = CLAIMANT_COLUMNS[of]
    query = select_claims(filters_of_claims(filters)).join(
        ClaimPosition, on=(ClaimPosition.claim == Claim.key)
    )
    tests = [*statement_tests(filters), *([claimant.is_null(False)] if claimant.null else [])]
    if tests:
        query = query.where(*tests)
    return Statements(query, claimant, ClaimPosition.position, ClaimPosition.stance)


def grouped(statements: Statements, *columns: Any) -> Any:
    """One row for each claimant and item, with further columns."""
    return statements.query.select(
        statements.claimant.alias("claimant"), statements.item.alias("item"), *columns
    ).group_by(statements.claimant, statements.item)


def select_claims(filters: Filters) -> Any:
    """The claims that pass the filters: a query on `Claim` that selects no columns yet."""
    source = matching(Claim, None, **filters)
    if source.key is Claim.key and source.place is None:
        return source.query
    return Claim.select().where(Claim.key.in_(source.query.select(source.key)))


def without_claimants(shape: QueryShape) -> QueryShape:
    """The shape without the filters that choose claimants."""
    return tuple(entry for entry in shape if entry[0] not in CLAIMANT_FILTERS)


def among_pairs(claimant: Any, item: Any) -> Any:
    """Whether a claimant and an item are one of the pairs that `bind_pairs` binds."""
    pairs = database.packed_rows(claimant="bigint", item="bigint").replace(database.param, "{}")
    return sql_template(
        f"({{}}, {{}}) IN (SELECT claimant, item FROM {pairs} AS pairs)",
        claimant, item, placeholder("pairs"),
    )  # fmt: skip


def bind_pairs(pairs: Iterable[tuple[int, int]]) -> dict[str, Any]:
    """The values for a query with `among_pairs`."""
    packed = database.pack({"claimant": claimant, "item": item} for claimant, item in pairs)
    return {"pairs": packed}


def statement_tests(filters: Filters, link: Any = ClaimPosition) -> list[Any]:
    """The conditions that `position` and `stance` set for one statement, a row of `link`."""
    tests = []
    for name in STATEMENT_FILTERS:
        slots = filters.get(name, NO_SLOTS)
        wanted = [slots.any_of] if slots.any_of else [*slots.each_of]
        if wanted:
            tests.append(reduce(or_, map(Equal(getattr(link, name)), wanted)))
    return tests


def filters_of_claims(filters: Filters) -> dict[str, FilterSlots]:
    """The filters, without what the conditions of a statement already ask of its claim."""
    rest = dict(filters)
    if any(filters.get(name, NO_SLOTS).each_of for name in STATEMENT_FILTERS):
        return rest
    for name in STATEMENT_FILTERS:
        if name in rest:
            rest[name] = rest[name]._replace(any_of=None)
    return {name: slots for name, slots in rest.items() if slots != NO_SLOTS}


def place_in_time(date_key: Any, seq: Any) -> Any:
    """A number that orders statements in time: by date, then in the order of entry.

    `2025` comes before `2025-03`, and that before its days. Undated statements come last.
    """
    sql = f"((CASE {{}} WHEN {UNDATED} THEN {UNDATED} ELSE {UNDATED} - {{}} END)"
    return sql_template(f"{sql} * {1 << SEQ_BITS} + {{}})", date_key, date_key, seq)


def place_from_end(date_key: Any, seq: Any) -> Any:
    """A number that orders statements in time from the last one back; undated ones come last."""
    return sql_template(f"({{}} * {1 << SEQ_BITS} - {{}})", date_key, seq)


def seq_at(place: int) -> int:
    """The `seq` of the claim at a place in time."""
    return place & SEQ_MASK


def seq_from_end(place: int) -> int:
    """The `seq` of the claim at a place from the end."""
    return -place & SEQ_MASK


def seq_from_end_sql(place: Any) -> Any:
    """`seq_from_end` in a query."""
    return sql_template(f"((-{{}}) & {SEQ_MASK})", place)


def tells_order(earlier: Any, later: Any) -> Any:
    """Whether the dates of two date keys do not overlap; the earlier statement comes first.

    `2025` and `2025-03` overlap, as two claims of one day do; no date overlaps with every date.
    """
    start = sql_template(f"({UNDATED} - {{}})", earlier)
    end = sql_template(
        "{} + CASE WHEN {} = {} / 10000 * 10000 THEN 1231 WHEN {} = {} / 100 * 100 THEN 31"
        " ELSE 0 END",
        *[start] * 5,
    )
    return sql_template(f"({{}} < {UNDATED} AND {{}} < {UNDATED} - {{}})", later, end, later)
