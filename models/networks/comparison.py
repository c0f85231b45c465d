"""Comparison: the stances of a few claimants side by side, and how often each two agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from peewee import Case, Select, Table, fn

from models.base import Record
from models.networks.references import as_position, fetch_references
from models.networks.rows import Place, PlacedRow, after_place, bind_page, placed
from models.networks.stances import counts_by_stance, describe_stances
from models.networks.statements import grouped, select_statements
from models.position import Position
from models.queries.compiled import (
    CompiledQuery,
    QueryShape,
    cache_compiled,
    compile_query,
    slots_of,
)
from models.queries.slots import placeholder
from models.queries.totals import ROW_COUNT

VERDICTS_ON_POSITIONS = ("agree", "disagree", "mixed", "one")


class Comparison(NamedTuple):
    """The positions of some claimants, by text; the filters choose their claims alone."""

    of: str
    period: str
    # keys, in the order of the columns
    claimants: tuple[int, ...]
    shape: QueryShape
    bound: Mapping[str, Any]

    def page(self, limit: int, after: Place | None) -> list[PlacedRow]:
        query = compared_page_query(self.of, after is not None, self.shape)
        return placed(query.rows({**self.bound, **bind_page(limit, after)}), 2)

    def counts(self) -> dict[str, int]:
        return {"total": compared_total_query(self.of, self.shape).rows(self.bound)[0][0]}

    def describe(self, rows: Sequence[PlacedRow]) -> list[dict[str, Any]]:
        positions = [row.values[0] for row in rows]
        pairs = [(claimant, position) for claimant in self.claimants for position in positions]
        stances = describe_stances(self.of, self.period, self.shape, self.bound, pairs)
        references = fetch_references(positions)
        described = []
        for position in positions:
            cells = [stances.get((claimant, position)) for claimant in self.claimants]
            described.append(
                {
                    "position": as_position(references[position]),
                    "cells": cells,
                    "verdict": verdict([cell["stance"] for cell in cells if cell]),
                }
            )
        return described


def compare_pairs(
    of: str, claimants: Sequence[int], shape: QueryShape | None, bound: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Each two claimants, with how many positions they share and agree on.

    Without a shape, no claims count.
    """
    rows = agreement_query(of, shape).rows(bound) if shape is not None else []
    counts = {frozenset((a, b)): numbers for a, b, *numbers in rows}
    references = fetch_references(claimants)
    pairs = []
    for a, b in combinations(claimants, 2):
        shared, agree, disagree = counts.get(frozenset((a, b)), (0, 0, 0))
        pairs.append(
            {
                "a": references[a],
                "b": references[b],
                "shared": shared,
                "agree": agree,
                "disagree": disagree,
                "share": agree / (agree + disagree) if agree + disagree else None,
            }
        )
    return pairs


def verdict(stances: Sequence[str]) -> str:
    """The verdict on a position, from the overall stances of the claimants who took one."""
    if len(stances) == 1:
        return "one"
    if {"support", "oppose"} <= {*stances}:
        return "disagree"
    return "agree" if {*stances} in ({"support"}, {"oppose"}) else "mixed"


@cache_compiled
def compared_page_query(of: str, after_cursor: bool, shape: QueryShape) -> CompiledQuery:
    """Rows of a folded text, a tie and a position."""
    statements = select_statements(of, slots_of(shape))
    place = (Position.folded, Record.seq)
    query = Position.select(*place, Position.key).join(Record, on=(Record.key == Position.key))
    query = query.where(Position.key.in_(statements.query.select(statements.item)))
    if after_cursor:
        query = query.where(after_place(place))
    return compile_query(query.order_by(*place).limit(placeholder("limit")))


@cache_compiled
def compared_total_query(of: str, shape: QueryShape) -> CompiledQuery:
    """How many positions the claimants took a stance on."""
    statements = select_statements(of, slots_of(shape))
    return compile_query(statements.query.select(fn.COUNT(statements.item.distinct())))


@cache_compiled
def agreement_query(of: str, shape: QueryShape) -> CompiledQuery:
    """Rows of two claimants: positions that they share, agree on, disagree on.

    Two agree or disagree where both plainly support or oppose.
    """
    statements = select_statements(of, slots_of(shape))
    support, oppose, _ = counts_by_stance(statements.stance)
    plain = Case(
        None,
        [((support > 0) & (oppose == 0), "support"), ((oppose > 0) & (support == 0), "oppose")],
    )
    cells = grouped(statements, plain.alias("plain")).cte("cells")
    a, b = Table("cells").alias("a"), Table("cells").alias("b")
    query = (
        Select(
            [a],
            [
                a.c.claimant,
                b.c.claimant,
                ROW_COUNT,
                ROW_COUNT.filter(a.c.plain == b.c.plain),
                ROW_COUNT.filter(a.c.plain != b.c.plain),
            ],
        )
        .join(b, on=(b.c.item == a.c.item) & (a.c.claimant < b.c.claimant))
        .group_by(a.c.claimant, b.c.claimant)
    )
    return compile_query(query.with_cte(cells))
