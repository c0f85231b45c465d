"""Duplicates: statements that say the same again within a source or a time."""

from __future__ import annotations

import numpy as np

from models.networks.arrays import Integers, StatementArrays, count_distinct
from models.networks.measure import DATED_SCOPES

# the Monday that begins the first week: 1 January of the year 1
FIRST_MONDAY = 1
EPOCH = np.datetime64("0001-01-01", "D")


def remove_duplicates(
    statements: StatementArrays, scope: str, *, by_stance: bool
) -> tuple[StatementArrays, int]:
    """The earliest of each group of equal statements, and how many claims have no such scope.

    Statements are equal if node, item and, `by_stance`, stance are. In a dated scope, a claim takes
    part if its whole date lies within one week, month or year.
    """
    if scope == "include" or not len(statements.node):
        return statements, 0
    left_out = 0
    if scope in DATED_SCOPES:
        dated = statements.first > 0
        first, last = (
            period_numbers(np.maximum(days, 1), scope)
            for days in (statements.first, statements.last)
        )
        within = dated & (first == last)
        left_out = count_distinct(statements.claim[~within])
        statements, group = statements.only(within), first[within]
    elif scope == "source":
        group = statements.source
    else:
        group = np.zeros_like(statements.node)
    stance = statements.stance if by_stance else np.zeros_like(statements.node)
    earliest = first_of_each(statements.node, statements.item, stance, group)
    if scope == "source":
        earliest |= statements.source == 0
    return statements.only(earliest), left_out


def first_of_each(*columns: Integers) -> np.ndarray:
    """Whether an element is the first one with its values in all columns."""
    order = np.lexsort(columns[::-1])
    starts = np.ones(len(order), dtype=bool)
    if len(order):
        sorted_columns = [column[order] for column in columns]
        starts[1:] = np.any([column[1:] != column[:-1] for column in sorted_columns], axis=0)
    first = np.zeros(len(order), dtype=bool)
    # lexsort is stable
    first[order[starts]] = True
    return first


def period_numbers(days: Integers, scope: str) -> Integers:
    """The ISO week, the month or the year of each day, as a number."""
    if scope == "week":
        return (days - FIRST_MONDAY) // 7
    dates = EPOCH + (days - 1).astype("timedelta64[D]")
    unit = "datetime64[M]" if scope == "month" else "datetime64[Y]"
    return dates.astype(unit).astype(np.int64)
