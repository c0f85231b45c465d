"""Contradictions: two claimants with opposite stances on a position, or with claims that say so.

Side `a` of a pair is chosen by the filters of claimants, and side `b` is anybody. Where each of
two statements could be `a`, the supporting one is: so a pair occurs once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from peewee import JOIN, SQL, Case, Select, Table, Tuple, Window, fn

from models.base import Record
from models.claim import STANCES, Claim, ClaimPosition, Relation
from models.database.sql import conjunction, sql_template
from models.networks.references import (
    as_position,
    fetch_claims,
    fetch_references,
    opposed_claim,
)
from models.networks.rows import Place, PlacedRow, after_place, bind_page, placed
from models.networks.statements import (
    CLAIMANT_COLUMNS,
    CLAIMANT_FILTERS,
    NEUTRAL,
    OPPOSE,
    SUPPORT,
    Statements,
    grouped,
    place_from_end,
    select_claims,
    select_statements,
    seq_from_end_sql,
    statement_tests,
    without_claimants,
)
from models.networks.ties import kind_of_tie
from models.queries.compiled import (
    CompiledQuery,
    QueryShape,
    cache_compiled,
    compile_query,
    slots_of,
)
from models.queries.matching import filter_conditions
from models.queries.slots import Filters, placeholder
from models.queries.totals import ROW_COUNT


class Contradictions(NamedTuple):
    """The contradictions of one pairing: the newest statements of side `a` first, then of `b`."""

    of: str
    pairing: str
    shape: QueryShape
    bound: Mapping[str, Any]

    def page(self, limit: int, after: Place | None) -> list[PlacedRow]:
        query = contradiction_page_query(self.of, self.pairing, after is not None, self.shape)
        return placed(query.rows({**self.bound, **bind_page(limit, after)}), 3)

    def counts(self) -> dict[str, int]:
        query = contradiction_total_query(self.of, self.pairing, self.shape)
        return {"total": int(query.rows(self.bound)[0][0])}

    def describe(self, rows: Sequence[PlacedRow]) -> list[dict[str, Any]]:
        values = [(row.place[1], *row.values) for row in rows]
        references = fetch_references(key for row in values for key in row[:3])
        claims = fetch_claims(key for row in values for key in row[3:5])

        def side(claimant: int, claim: int, stance: int | None) -> dict[str, Any]:
            word = None if stance is None else STANCES[stance]
            return {
                **opposed_claim(claims[claim]), "stance": word, "claimant": references[claimant],
            }  # fmt: skip

        return [
            {
                "position": as_position(references[position]) if position else None,
                "a": side(a_claimant, a_claim, a_stance),
                "b": side(b_claimant, b_claim, b_stance),
                "relation": relation,
            }
            for (
                position, a_claimant, b_claimant, a_claim, b_claim, a_stance, b_stance, relation,
            ) in values
        ]  # fmt: skip


@cache_compiled
def contradiction_total_query(of: str, pairing: str, shape: QueryShape) -> CompiledQuery:
    """How many pairs there are; opposed statements are counted without a look at each pair."""
    if pairing == "explicit":
        query, _, tables = select_stated(of, shape)
        return compile_query(query.select(ROW_COUNT).with_cte(*tables))
    tables = side_tables(of, pairing, shape)
    a = with_partners()
    total = Select([a], [fn.COALESCE(fn.SUM(a.c.partners), 0)])
    return compile_query(total.with_cte(*tables))


@cache_compiled
def contradiction_page_query(
    of: str, pairing: str, after_cursor: bool, shape: QueryShape
) -> CompiledQuery:
    """Rows of a place (of a, position, of b), then of what `describe` shows."""
    if pairing == "explicit":
        query, columns, tables = select_stated(of, shape)
    else:
        query, columns = select_opposed_pairs(after_cursor)
        tables = side_tables(of, pairing, shape)
    place = [columns[name] for name in ("a_place", "item", "b_place")]
    if after_cursor:
        query = query.where(after_place(place))
    query = query.select(*(column.alias(name) for name, column in columns.items()))
    pairs = query.order_by(*place).limit(placeholder("limit")).alias("pairs")
    a, b = Record.alias("a"), Record.alias("b")
    page = (
        Select([pairs], [])
        .join(a, on=(a.seq == seq_from_end_sql(pairs.c.a_place)))
        .join(b, on=(b.seq == seq_from_end_sql(pairs.c.b_place)))
        .select(
            pairs.c.a_place,
            pairs.c.item,
            pairs.c.b_place,
            pairs.c.a_claimant,
            pairs.c.b_claimant,
            a.key,
            b.key,
            pairs.c.a_stance,
            pairs.c.b_stance,
            kind_of_tie(a.key, b.key),
        )
        .order_by(pairs.c.a_place, pairs.c.item, pairs.c.b_place)
    )
    return compile_query(page.with_cte(*tables))


def as_number(test: Any) -> Any:
    """1 where a test holds, else 0."""
    return Case(None, [(test, 1)], 0)


def stance_number(stance: Any) -> Any:
    """The number of a stance: its place in STANCES."""
    return Case(stance, [(word, number) for number, word in enumerate(STANCES)])


def chosen_by_claimant(shape: QueryShape) -> Any:
    """Whether a claim passes the filters of claimants."""
    filters = {name: slots for name, slots in slots_of(shape).items() if name in CLAIMANT_FILTERS}
    return conjunction(filter_conditions(Claim, filters) or [SQL("1 = 1")])


def side_tables(of: str, pairing: str, shape: QueryShape) -> list[Any]:
    """The tables that the queries of opposed statements read.

    `sides`: statements with a side, and whether each can be a and b of a pair; `cells` and `items`:
    how many there are by position and claimant, and by position.
    """
    both_sides = without_claimants(shape)
    statements = select_statements(of, slots_of(both_sides))
    if both_sides != shape:
        chosen = select_statements(of, slots_of(shape))
        positions = chosen.query.select(chosen.item)
        statements = statements._replace(
            query=statements.query.where(statements.item.in_(positions))
        )
    select_sides = every_side if pairing == "all" else last_sides
    tables = select_sides(statements, chosen_by_claimant(shape))
    side, cell = Table("sides"), Table("cells")
    on_b, both = side.c.in_b == 1, (side.c.in_a == 1) & (side.c.in_b == 1)
    numbers = {
        "b_support": on_b & (side.c.stance == SUPPORT),
        "b_oppose": on_b & (side.c.stance == OPPOSE),
        "both_support": both & (side.c.stance == SUPPORT),
    }
    sums = [fn.SUM(as_number(test)).alias(name) for name, test in numbers.items()]
    cells = Select([side], [side.c.item, side.c.claimant, *sums])
    sums = [fn.SUM(getattr(cell.c, name)).alias(name) for name in numbers]
    items = Select([cell], [cell.c.item, *sums])
    tables["cells"] = cells.group_by(side.c.item, side.c.claimant)
    tables["items"] = items.group_by(cell.c.item)
    return [query.cte(name, materialized=True) for name, query in tables.items()]


def every_side(statements: Statements, chosen: Any) -> dict[str, Any]:
    """All statements that are not neutral; each can be side b."""
    sides = statements.query.select(
        statements.item.alias("item"),
        statements.claimant.alias("claimant"),
        stance_number(statements.stance).alias("stance"),
        place_from_end(ClaimPosition.date_key, ClaimPosition.seq).alias("place"),
        as_number(chosen).alias("in_a"),
        SQL("1").alias("in_b"),
    )
    return {"sides": sides.where(statements.stance != "neutral")}


def last_sides(statements: Statements, chosen: Any) -> dict[str, Any]:
    """The last statement of each claimant on each position: of all claims, and of chosen ones."""
    place = place_from_end(ClaimPosition.date_key, ClaimPosition.seq)
    # a place and a stance in one number, so that one grouped select finds both
    last = fn.MIN(sql_template("({} * 4 + {})", place, stance_number(statements.stance)))
    lasts = grouped(statements, last.alias("of_all"), last.filter(chosen).alias("of_chosen"))

    def sides(last: Any, in_a: Any, in_b: Any) -> Any:
        stance = sql_template("({} & 3)", last)
        place = sql_template("({} >> 2)", last)
        return Select(
            [groups],
            [
                groups.c.item,
                groups.c.claimant,
                stance.alias("stance"),
                place.alias("place"),
                in_a.alias("in_a"),
                in_b.alias("in_b"),
            ],
        ).where(stance != NEUTRAL)

    groups = Table("lasts")
    same = groups.c.of_chosen == groups.c.of_all
    b_sides = sides(groups.c.of_all, as_number(same), SQL("1"))
    a_sides = sides(groups.c.of_chosen, SQL("1"), SQL("0")).where(~same)
    return {"lasts": lasts, "sides": b_sides.union_all(a_sides)}


def with_partners() -> Any:
    """The statements on side a, each with the number of its partners on side b."""
    a, own, all = Table("sides").alias("a"), Table("cells").alias("own"), Table("items")
    all = all.alias("everyone")
    twice = a.c.in_b * (all.c.both_support - own.c.both_support)
    partners = Case(
        None,
        [(a.c.stance == SUPPORT, all.c.b_oppose - own.c.b_oppose)],
        all.c.b_support - own.c.b_support - twice,
    )
    columns = [getattr(a.c, name) for name in ("item", "claimant", "stance", "place", "in_b")]
    query = Select([a], [*columns, partners.alias("partners")])
    # outer joins, so that SQLite reads side a first
    of_claimant = (own.c.item == a.c.item) & (own.c.claimant == a.c.claimant)
    query = query.join(own, JOIN.LEFT_OUTER, on=of_claimant)
    query = query.join(all, JOIN.LEFT_OUTER, on=(all.c.item == a.c.item))
    return query.where(a.c.in_a == 1).alias("partners")


def select_opposed_pairs(after_cursor: bool) -> tuple[Any, dict[str, Any]]:
    """Pairs of opposed statements; of side a, only those whose pairs a page can show."""
    side = with_partners()
    place, number = Tuple(side.c.place, side.c.item), side.c.partners
    candidates = Select([side], []).where(number > 0)
    if after_cursor:
        cursor = Tuple(placeholder("after.0"), placeholder("after.1"))
        candidates = candidates.where(place >= cursor)
        # the page before showed some pairs of this statement, perhaps all
        number = Case(None, [(place == cursor, 0)], number)
    before = fn.SUM(number).over(
        order_by=[side.c.place, side.c.item],
        frame_type=Window.ROWS,
        start=Window.preceding(),
        end=Window.preceding(1),
    )
    columns = [getattr(side.c, name) for name in ("item", "claimant", "stance", "place", "in_b")]
    a = candidates.select(*columns, before.alias("before")).alias("a")
    b = Table("sides").alias("b")
    occurs_twice = (a.c.stance == OPPOSE) & (a.c.in_b == 1) & (b.c.in_a == 1)
    pairs = (
        Select([a], [])
        .join(b, on=(b.c.item == a.c.item))
        .where(
            a.c.before.is_null() | (a.c.before < placeholder("limit")),
            b.c.in_b == 1,
            b.c.stance != a.c.stance,
            b.c.claimant != a.c.claimant,
            ~occurs_twice,
        )
    )
    return pairs, {
        **pair_columns(a.c, b.c),
        "item": a.c.item,
        "a_stance": a.c.stance,
        "b_stance": b.c.stance,
    }


def pair_columns(a: Any, b: Any) -> dict[str, Any]:
    """The places and claimants of both sides, by their names in a page."""
    return {
        "a_place": a.place,
        "b_place": b.place,
        "a_claimant": a.claimant,
        "b_claimant": b.claimant,
    }


def select_stated(of: str, shape: QueryShape) -> tuple[Any, dict[str, Any], list[Any]]:
    """Pairs of claims of which one states that it contradicts the other.

    A pair has a row for each position on which the two are opposed, or one without a position.
    """
    forth = Relation.select(Relation.claim.alias("a"), Relation.target.alias("b"))
    back = Relation.select(Relation.target.alias("a"), Relation.claim.alias("b"))
    states = Relation.kind == "contradicts"
    ties = forth.where(states).union(back.where(states)).cte("ties")
    tie, claimant = Table("ties"), CLAIMANT_COLUMNS[of]
    both_sides = slots_of(without_claimants(shape))
    claims = select_claims(both_sides).select(
        Claim.key.alias("claim"),
        claimant.alias("claimant"),
        place_from_end(Claim.date_key, Claim.seq).alias("place"),
        as_number(chosen_by_claimant(shape)).alias("in_a"),
    )
    claims = claims.where(claimant.is_null(False), Claim.key.in_(Select([tie], [tie.c.a])))
    stated, a, b = (Table(*names) for names in (("ties",), ("tied",), ("tied",)))
    stated, a, b = stated.alias("stated"), a.alias("a"), b.alias("b")
    opposed = select_opposed(both_sides).alias("opposed")
    occurs_twice = (b.c.in_a == 1) & (
        (fn.COALESCE(opposed.c.a_stance, SUPPORT) == OPPOSE)
        | (opposed.c.item.is_null() & (a.c.place > b.c.place))
    )
    pairs = (
        Select([stated], [])
        .join(a, on=(a.c.claim == stated.c.a))
        .join(b, on=(b.c.claim == stated.c.b))
        .join(opposed, JOIN.LEFT_OUTER, on=(opposed.c.a == a.c.claim) & (opposed.c.b == b.c.claim))
        .where(a.c.in_a == 1, a.c.claimant != b.c.claimant, ~occurs_twice)
    )
    columns = {
        **pair_columns(a.c, b.c),
        "item": fn.COALESCE(opposed.c.item, 0),
        "a_stance": opposed.c.a_stance,
        "b_stance": opposed.c.b_stance,
    }
    return pairs, columns, [ties, claims.cte("tied")]


def select_opposed(filters: Filters) -> Any:
    """The positions on which the claims of `ties` take opposite stances."""
    tie, a, b = Table("ties").alias("tie"), ClaimPosition.alias(), ClaimPosition.alias()
    return (
        Select([tie], [])
        .join(a, on=(a.claim == tie.c.a))
        .join(b, on=(b.claim == tie.c.b) & (b.position == a.position))
        .where(
            a.stance != b.stance,
            a.stance != "neutral",
            b.stance != "neutral",
            *statement_tests(filters, a),
        )
        .select(
            tie.c.a.alias("a"),
            tie.c.b.alias("b"),
            a.position.alias("item"),
            stance_number(a.stance).alias("a_stance"),
            stance_number(b.stance).alias("b_stance"),
        )
    )
