"""Networks by plain loops over statements, from the definitions alone."""

from __future__ import annotations

import datetime
from collections import Counter
from math import sqrt
from typing import NamedTuple


class Statement(NamedTuple):
    """One statement; `first` and `last` are the days of its date, None if undated."""

    node: str
    item: str
    stance: str
    claim: int
    first: datetime.date | None = None
    last: datetime.date | None = None
    source: str | None = None


def without_duplicates(
    statements: list[Statement], scope: str, method: str
) -> tuple[list[Statement], set[int]]:
    """The statements that stay, given the earliest first, and the claims that are left out."""
    kept: list[Statement] = []
    seen = set()
    left_out = set()
    for statement in statements:
        group: object = None
        if scope in ("week", "month", "year"):
            if statement.first is None:
                left_out.add(statement.claim)
                continue
            assert statement.last is not None
            group = period(statement.first, scope)
            if group != period(statement.last, scope):
                left_out.add(statement.claim)
                continue
        elif scope == "source":
            group = statement.source
        stance = None if method == "ignore" else statement.stance
        key = (statement.node, statement.item, stance, group)
        unique = scope == "include" or (scope == "source" and statement.source is None)
        if unique or key not in seen:
            kept.append(statement)
        seen.add(key)
    return kept, left_out


def period(day: datetime.date, scope: str) -> tuple:
    if scope == "week":
        return tuple(day.isocalendar()[:2])
    return (day.year, day.month) if scope == "month" else (day.year,)


class Pair(NamedTuple):
    weight: float
    congruence: int
    conflict: int


def counting(statements: list[Statement], method: str) -> list[Statement]:
    return [s for s in statements if method == "ignore" or s.stance != "neutral"]


def one_mode(
    statements: list[Statement], method: str, normalization: str
) -> dict[tuple[str, str], Pair]:
    """The edges between nodes, which are in alphabetical order."""
    counted = counting(statements, method)
    nodes = sorted({s.node for s in counted})
    items = sorted({s.item for s in counted})
    stances = ("support", "oppose", "neutral")
    x = Counter((s.node, s.item, s.stance) for s in counted)
    total = Counter(s.node for s in counted)
    edges = {}
    for a in nodes:
        for b in nodes:
            if a >= b:
                continue
            ignore = congruence = conflict = m10 = m01 = m11 = 0
            square_a = square_b = 0
            for j in items:
                sum_a = sum(x[a, j, k] for k in stances)
                sum_b = sum(x[b, j, k] for k in stances)
                ignore += sum_a * sum_b
                conflict += x[a, j, "support"] * x[b, j, "oppose"]
                conflict += x[a, j, "oppose"] * x[b, j, "support"]
                if method == "ignore":
                    square_a += sum_a**2
                    square_b += sum_b**2
                for k in stances:
                    x_a, x_b = x[a, j, k], x[b, j, k]
                    if k != "neutral":
                        congruence += x_a * x_b
                    if method != "ignore":
                        square_a += x_a**2
                        square_b += x_b**2
                    if x_a and x_b:
                        m11 += x_a * x_b
                    elif x_a:
                        m10 += x_a
                    else:
                        m01 += x_b
            if not ignore:
                continue
            weight = {
                "ignore": ignore,
                "congruence": congruence,
                "conflict": conflict,
                "subtract": congruence - conflict,
            }[method]
            divisor = {
                "none": 1,
                "average": (total[a] + total[b]) / 2,
                "jaccard": m10 + m01 + m11,
                "cosine": sqrt(square_a) * sqrt(square_b),
            }[normalization]
            edges[a, b] = Pair(weight / divisor if divisor else 0, congruence, conflict)
    return edges


def two_mode(
    statements: list[Statement], method: str, normalization: str
) -> dict[tuple[str, str], float]:
    """The edges between nodes and items."""
    counted = counting(statements, method)
    edges = {}
    for node, item in {(s.node, s.item) for s in counted}:
        weight = 0
        for s in counted:
            if (s.node, s.item) == (node, item):
                weight += -1 if method == "subtract" and s.stance == "oppose" else 1
        divisor = {
            "none": 1,
            "activity": sum(s.node == node for s in counted),
            "prominence": sum(s.item == item for s in counted),
        }[normalization]
        edges[node, item] = weight / divisor
    return edges
