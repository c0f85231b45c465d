"""The statements of the claims that pass filters, from the database into arrays.

One row a node holds all its statements as numbers in one text: rows by the million would take
longer than the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from peewee import JOIN, Field, Select, fn

from models.claim import STANCES, About, Claim, ClaimPosition, ClaimTopic, Report
from models.database.connection import database
from models.database.sql import sql_template
from models.networks.arrays import Integers, StatementArrays, as_arrays
from models.networks.bounds import MAX_STATEMENTS, NARROW, NetworkTooLarge
from models.networks.duplicates import first_of_each
from models.networks.statements import NEUTRAL, place_in_time, select_claims, statement_tests
from models.queries.compiled import (
    CompiledQuery,
    QueryShape,
    cache_compiled,
    compile_query,
    slots_of,
)
from models.search_text import SEQ_BITS, SEQ_MASK
from models.values.dates import UNDATED

# the columns that can be nodes and items: of the claim, or of its links
VARIABLES: dict[str, Field] = {
    "actor": Claim.actor,
    "organization": Claim.organization,
    "position": ClaimPosition.position,
    "topic": ClaimTopic.topic,
    "event": Claim.event,
    "source": Report.source,
    "about": About.party,
}
# stances are the last bits of an item's number
STANCE_BITS = 2
FirstReport = Report.alias()


class Pair(NamedTuple):
    """The variables that nodes and items are values of."""

    node: str
    item: str

    @property
    def has_stance(self) -> bool:
        return "position" in self


# variables besides node, item, stance and claim, as SQL
DETAILS: dict[str, Any] = {
    "place": place_in_time(Claim.date_key, Claim.seq),
    "source": fn.COALESCE(FirstReport.source, 0),
    "organization": fn.COALESCE(Claim.organization, 0),
}


def fetch_statements(
    pair: Pair, details: Iterable[str], shape: QueryShape, bound: Mapping[str, Any]
) -> StatementArrays:
    """The statements of the claims that pass the filters. Raises NetworkTooLarge.

    `details` are names of DETAILS; with `place`, the earliest statement is the first.
    """
    names = tuple(sorted(details))
    rows = cells_query(pair, names, shape).rows(bound)
    numbers, nodes = parsed_cells(rows, 2 + len(names))
    if len(nodes) > MAX_STATEMENTS:
        raise NetworkTooLarge(f"more than {MAX_STATEMENTS:,} statements pass: {NARROW}")
    columns: dict[str, Integers] = {
        "node": nodes,
        "item": numbers[:, 0] >> STANCE_BITS,
        "stance": numbers[:, 0] & ((1 << STANCE_BITS) - 1),
        "claim": numbers[:, 1],
        **{name: numbers[:, n] for n, name in enumerate(names, 2)},
    }
    place = columns.pop("place", None)
    if place is not None:
        columns |= times_of(place)
    statements = as_arrays(**columns)
    if place is not None:
        statements = statements.only(np.argsort(place, kind="stable"))
    if "source" in pair:
        # several reports of a claim may be in one source
        values = (statements.claim, statements.node, statements.item)
        statements = statements.only(first_of_each(*values))
    return statements


def parsed_cells(rows: list[tuple], width: int) -> tuple[Integers, Integers]:
    """The numbers of all statements, a row each, and their nodes."""
    text = " ".join([cells for _, cells in rows])
    numbers = np.fromstring(text, dtype=np.int64, sep=" ").reshape(-1, width)
    counts = [(cells.count(" ") + 1) // width for _, cells in rows]
    keys = np.array([node for node, _ in rows], dtype=np.int64)
    return numbers, np.repeat(keys, counts)


@cache_compiled
def cells_query(pair: Pair, details: tuple[str, ...], shape: QueryShape) -> CompiledQuery:
    """The query of `fetch_statements`: a node, and the numbers of its statements as a text."""
    filters = slots_of(shape)
    query = select_claims(filters)
    tests = list(statement_tests(filters)) if pair.has_stance else []
    columns = [VARIABLES[name] for name in pair]
    for column in columns:
        if column.model is Claim:
            tests.append(column.is_null(False))
        else:
            # claims first: in any other order this takes three times as long
            query = query.join_from(Claim, column.model, JOIN.CROSS)
            tests.append(column.model.claim == Claim.key)
    if "source" in details:
        first_report = (FirstReport.claim == Claim.key) & (FirstReport.ordinal == 0)
        query = query.join_from(Claim, FirstReport, JOIN.LEFT_OUTER, on=first_report)
    node, item = columns
    parts = [coded_item(item, pair), Claim.key, *(DETAILS[name] for name in details)]
    cell = sql_template(" || ' ' || ".join(["({})"] * len(parts)), *parts)
    rows = query.select(node.alias("node_key"), cell.alias("cell")).where(*tests)
    # one more tells that there are too many
    rows = rows.limit(MAX_STATEMENTS + 1).alias("cells")
    joined = getattr(fn, database.concatenate)(rows.c.cell, " ")
    return compile_query(Select([rows], [rows.c.node_key, joined]).group_by(rows.c.node_key))


def coded_item(item: Field, pair: Pair) -> Any:
    """An item and its stance as one number."""
    if not pair.has_stance:
        return sql_template(f"{{}} * {1 << STANCE_BITS} + {NEUTRAL}", item)
    cases = " ".join(f"WHEN '{stance}' THEN {n}" for n, stance in enumerate(STANCES))
    sql = f"{{}} * {1 << STANCE_BITS} + CASE {{}} {cases} END"
    return sql_template(sql, item, ClaimPosition.stance)


def times_of(place: Integers) -> dict[str, Integers]:
    """The first and last day of dates, and the order of entry, from places in time."""
    first, last = days_of(place >> SEQ_BITS)
    return {"first": first, "last": last, "seq": place & SEQ_MASK}


def days_of(dates: Integers) -> tuple[Integers, Integers]:
    """The first and the last day of dates' numbers (20250500), as `date.toordinal`; 0: undated."""
    year, month, day = dates // 10_000, dates // 100 % 100, dates % 100
    month_number = (year - 1) * 12 + np.maximum(month, 1) - 1
    first = month_starts(month_number) + np.maximum(day, 1) - 1
    next_number = month_number + np.where(month > 0, 1, 12)
    last = np.where(day > 0, first, month_starts(next_number) - 1)
    undated = dates == UNDATED
    return np.where(undated, 0, first), np.where(undated, 0, last)


def month_starts(months: Integers) -> Integers:
    """The first days of months that are counted from January of the year 1."""
    epoch = np.datetime64("0001-01", "M")
    days = (epoch + months.astype("timedelta64[M]")).astype("datetime64[D]")
    return (days - epoch.astype("datetime64[D]")).astype(np.int64) + 1
