"""Reversals: a claimant takes the opposite stance on a position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from peewee import Select, fn

from models.actor import Actor
from models.claim import Claim, ClaimPosition
from models.database.sql import conjunction
from models.networks.references import (
    as_position,
    fetch_claims,
    fetch_references,
    opposed_claim,
)
from models.networks.rows import Place, PlacedRow, after_place, bind_page, placed
from models.networks.statements import (
    among_pairs,
    place_in_time,
    select_statements,
    tells_order,
)
from models.networks.ties import is_tied, kind_of_tie
from models.queries.compiled import (
    CompiledQuery,
    QueryShape,
    cache_compiled,
    compile_query,
    slots_of,
)
from models.queries.slots import placeholder
from models.queries.totals import ROW_COUNT


class Reversals(NamedTuple):
    """The reversals among the statements that the filters choose, newest first."""

    of: str
    shape: QueryShape
    bound: Mapping[str, Any]

    def page(self, limit: int, after: Place | None) -> list[PlacedRow]:
        query = reversal_page_query(self.of, after is not None, self.shape)
        return placed(query.rows({**self.bound, **bind_page(limit, after)}), 3)

    def counts(self) -> dict[str, int]:
        """`left_out`: changes whose dates tell no order, or that one of the claims qualifies."""
        ((changes, reversals),) = reversal_count_query(self.of, self.shape).rows(self.bound)
        return {"total": reversals, "left_out": changes - reversals}

    def describe(self, rows: Sequence[PlacedRow]) -> list[dict[str, Any]]:
        values = [row.values for row in rows]
        claims = fetch_claims(key for row in values for key in row[2:4])
        references = fetch_references(key for row in values for key in row[:2])
        return [
            {
                "claimant": references[claimant],
                "position": as_position(references[position]),
                "from": changed_statement(claims[earlier], earlier_stance),
                "to": changed_statement(claims[later], stance),
                "same_actor": bool(same_actor),
                "days": days_between(claims[earlier]["date"], claims[later]["date"]),
                "relation": relation,
            }
            for (
                claimant, position, earlier, later, earlier_stance, stance, same_actor, relation,
            ) in values
        ]  # fmt: skip


def changed_statement(claim: Mapping[str, Any], stance: str) -> dict[str, Any]:
    """One of the two statements of a reversal."""
    actor = claim["actor"]
    return {
        **opposed_claim(claim),
        "stance": stance,
        "actor": actor and {"id": actor["id"], "name": actor["name"]},
    }


def days_between(earlier: str, later: str) -> int | None:
    """The days from one date to another; None unless both name a day."""
    if len(earlier) < 10 or len(later) < 10:
        return None
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def select_changes(of: str, shape: QueryShape, *, of_pairs: bool = False) -> Any:
    """Successive statements with opposite stances, of claimants that have a name.

    `of_pairs`: only those of the pairs that are bound.
    """
    statements = select_statements(of, slots_of(shape))
    over = {
        "partition_by": [statements.claimant, statements.item],
        "order_by": [place_in_time(ClaimPosition.date_key, ClaimPosition.seq)],
    }
    columns = {
        "later": Claim.key,
        "stance": statements.stance,
        "date_key": ClaimPosition.date_key,
        "maker": Claim.claimant,
    }
    timeline = statements.query.select(
        statements.claimant.alias("claimant"),
        statements.item.alias("item"),
        ClaimPosition.seq.alias("seq"),
        ClaimPosition.ordinal.alias("ordinal"),
        *(column.alias(name) for name, column in columns.items()),
        *(fn.LAG(column).over(**over).alias(f"earlier_{name}") for name, column in columns.items()),
    ).where(statements.stance != "neutral", statements.claimant.not_in(unnamed_actors()))
    if of_pairs:
        timeline = timeline.where(among_pairs(statements.claimant, statements.item))
    timeline = timeline.alias("timeline")
    return Select([timeline], []).where(timeline.c.stance != timeline.c.earlier_stance), timeline.c


def unnamed_actors() -> Any:
    return Actor.select(Actor.key).where(Actor.kind == "unnamed")


def is_reversal(change: Any) -> Any:
    """Whether the dates of a change tell its order, and no claim qualifies the other."""
    return conjunction(
        [
            tells_order(change.earlier_date_key, change.date_key),
            ~is_tied(change.earlier_later, change.later, "qualifies"),
        ]
    )


@cache_compiled
def reversal_count_query(of: str, shape: QueryShape) -> CompiledQuery:
    """How many changes there are, and how many of them are reversals."""
    changes, change = select_changes(of, shape)
    return compile_query(changes.select(ROW_COUNT, ROW_COUNT.filter(is_reversal(change))))


@cache_compiled
def reversal_page_query(of: str, after_cursor: bool, shape: QueryShape) -> CompiledQuery:
    """The query of a page."""
    changes, change = select_changes(of, shape)
    place = (change.date_key, change.seq, change.ordinal)
    query = changes.where(is_reversal(change))
    if after_cursor:
        query = query.where(after_place(place))
    query = query.select(
        *place,
        change.claimant,
        change.item,
        change.earlier_later,
        change.later,
        change.earlier_stance,
        change.stance,
        # each claim of somebody unnamed may be by another person
        (change.maker == change.earlier_maker) & change.maker.not_in(unnamed_actors()),
        kind_of_tie(change.earlier_later, change.later),
    )
    return compile_query(query.order_by(*place).limit(placeholder("limit")))


def count_reversals_of(
    of: str, shape: QueryShape, bound: Mapping[str, Any]
) -> dict[tuple[int, int], int]:
    """How many reversals each of the bound pairs of claimant and position has."""
    rows = pair_reversals_query(of, shape).rows(bound)
    return {(claimant, position): count for claimant, position, count in rows}


@cache_compiled
def pair_reversals_query(of: str, shape: QueryShape) -> CompiledQuery:
    """The query of `count_reversals_of`."""
    changes, change = select_changes(of, shape, of_pairs=True)
    query = changes.where(is_reversal(change)).select(change.claimant, change.item, ROW_COUNT)
    return compile_query(query.group_by(change.claimant, change.item))
