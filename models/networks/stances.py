"""Stances: how often a claimant supported, opposed or was neutral on a position, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import JOIN, SQL, Case, fn

from models.actor import Actor
from models.base import Record
from models.claim import STANCES, Claim, ClaimPosition
from models.database.connection import database, fetch_all
from models.database.sql import sql_template
from models.networks.references import as_position, fetch_references
from models.networks.reversals import count_reversals_of
from models.networks.rows import Place, PlacedRow, after_place, bind_page, placed
from models.networks.statements import (
    among_pairs,
    bind_pairs,
    grouped,
    place_from_end,
    place_in_time,
    select_statements,
    seq_at,
    seq_from_end,
    without_claimants,
)
from models.organization import Organization
from models.queries.compiled import (
    CompiledQuery,
    QueryShape,
    cache_compiled,
    compile_query,
    slots_of,
)
from models.queries.facet_values import DATE_PARTS, period_text
from models.queries.slots import placeholder
from models.queries.totals import ROW_COUNT
from models.values.dates import UNDATED

# the values of `sort`; the first is the default
STANCE_SORTS = ("-claims", "-last", "name")
STANCE_PERIODS = ("year", "month")
# a claimant's stance on a position over all of its statements
OVERALL_STANCES = (*STANCES, "mixed")

# a claimant and a position, by key
Pair = tuple[int, int]
Counts = dict[str, int]


class Stances(NamedTuple):
    """The rows of all claimants and positions whose statements the filters choose."""

    of: str
    period: str
    sort: str
    shape: QueryShape
    bound: Mapping[str, Any]

    def page(self, limit: int, after: Place | None) -> list[PlacedRow]:
        query = stance_page_query(self.of, self.sort, after is not None, self.shape)
        return placed(query.rows({**self.bound, **bind_page(limit, after)}), 3)

    def counts(self) -> dict[str, int]:
        return {"total": stance_total_query(self.of, self.shape).rows(self.bound)[0][0]}

    def describe(self, rows: Sequence[PlacedRow]) -> list[dict[str, Any]]:
        pairs: list[Any] = [row.values for row in rows]
        stances = describe_stances(self.of, self.period, self.shape, self.bound, pairs)
        return [stances[pair] for pair in pairs]


@cache_compiled
def stance_page_query(of: str, sort: str, after_cursor: bool, shape: QueryShape) -> CompiledQuery:
    """Rows of a sort value, two ties, a claimant and a position; one grouped select."""
    orders: dict[str, list[Any]] = {
        "-claims": [(0 - ROW_COUNT).alias("sort_value")],
        # the date key of the last statement, which falls as the date rises
        "-last": [fn.MIN(ClaimPosition.date_key).alias("sort_value")],
        "name": [],
    }
    groups = grouped(select_statements(of, slots_of(shape)), *orders[sort]).alias("groups")
    claimant, position = Record.alias("claimant"), Record.alias("position")
    query = (
        Record.select()
        .from_(groups)
        .join(claimant, on=(claimant.key == groups.c.claimant))
        .join(position, on=(position.key == groups.c.item))
    )
    sort_value: Any = groups.c.sort_value
    if sort == "name":
        query = query.join(Actor, JOIN.LEFT_OUTER, on=(Actor.key == claimant.key)).join(
            Organization, JOIN.LEFT_OUTER, on=(Organization.key == claimant.key)
        )
        sort_value = fn.COALESCE(Actor.folded, Organization.folded)
    place = (sort_value, claimant.seq, position.seq)
    if after_cursor:
        query = query.where(after_place(place))
    query = query.select(*place, groups.c.claimant, groups.c.item)
    return compile_query(query.order_by(*place).limit(placeholder("limit")))


@cache_compiled
def stance_total_query(of: str, shape: QueryShape) -> CompiledQuery:
    """How many rows there are."""
    groups = grouped(select_statements(of, slots_of(shape))).alias("groups")
    return compile_query(Record.select(ROW_COUNT).from_(groups))


class StanceSummary:
    """The sums over the statements of a claimant on a position."""

    def __init__(self) -> None:
        # counts by stance, for each period by its number
        self.periods: dict[int, Counts] = {}
        self.counts: Counts = dict.fromkeys(STANCES, 0)
        # places in time, and from the end: of the first and the last statement, and of the last
        # one that is not neutral
        self.first: int | None = None
        self.last: int | None = None
        self.last_sided: int | None = None

    def add(self, period: int, counts: Sequence[int], *places: int | None) -> None:
        """Add the statements of one period."""
        self.periods[period] = dict(zip(STANCES, counts, strict=True))
        for stance, count in self.periods[period].items():
            self.counts[stance] += count
        self.first, self.last, self.last_sided = (
            min((place for place in pair if place is not None), default=None)
            for pair in zip((self.first, self.last, self.last_sided), places, strict=True)
        )

    def seqs(self) -> list[int | None]:
        """The `seq` of the claims of first, last and last not neutral."""
        return [
            None if place is None else to_seq(place)
            for to_seq, place in (
                (seq_at, self.first), (seq_from_end, self.last), (seq_from_end, self.last_sided),
            )
        ]  # fmt: skip

    def stance(self) -> str:
        """One-sided, neutral, or mixed; neutral statements do not mix."""
        sides = [stance for stance in ("support", "oppose") if self.counts[stance]]
        return "mixed" if len(sides) > 1 else (sides or ["neutral"])[0]


def describe_stances(
    of: str, period: str, shape: QueryShape, bound: Mapping[str, Any], pairs: Iterable[Pair]
) -> dict[Pair, dict[str, Any]]:
    """The rows of some claimants and positions; pairs without statements have none."""
    bound = {**bound, **bind_pairs(pairs)}
    summaries: dict[Pair, StanceSummary] = defaultdict(StanceSummary)
    for claimant, item, number, *parts in stance_periods_query(of, period, shape).rows(bound):
        summaries[claimant, item].add(number, parts[:3], *parts[3:])
    if not summaries:
        return {}
    statements = fetch_dated_stances(summaries)
    own_sides: dict[Pair, dict] = {}
    if of != "organization":
        own_sides = fetch_own_sides(shape, bound, summaries, statements)
    reversals = count_reversals_of(of, shape, bound)
    keys = {key for pair in summaries for key in pair}
    keys |= {own_side["organization"] for own_side in own_sides.values()}
    references = fetch_references(keys)
    rows = {}
    for pair, summary in summaries.items():
        claimant, position = pair
        first, last = (statements[seq, position] for seq in summary.seqs()[:2])
        own_side = own_sides.get(pair)
        rows[pair] = {
            "claimant": references[claimant],
            "position": as_position(references[position]),
            **summary.counts,
            "stance": summary.stance(),
            "first": first.shown(),
            "last": last.shown(),
            "reversals": reversals.get(pair, 0),
            **periods_json(period, summary.periods),
            "own_side": own_side
            and {**own_side, "organization": without_type(references[own_side["organization"]])},
        }
    return rows


def without_type(reference: Mapping[str, str]) -> dict[str, str]:
    return {"id": reference["id"], "name": reference["name"]}


def periods_json(period: str, counts: Mapping[int, Counts]) -> dict[str, Any]:
    """The counts by period, the earliest first; coarser dates and none are undated."""
    size = DATE_PARTS[period]
    undated = dict.fromkeys(STANCES, 0)
    periods = []
    for number in sorted(counts):
        # zeros stand in place of what a date lacks
        if number % size:
            periods.append({"period": period_text(period, str(number)), **counts[number]})
        else:
            undated = {stance: undated[stance] + counts[number][stance] for stance in STANCES}
    return {"periods": periods, "undated": undated}


@cache_compiled
def stance_periods_query(of: str, period: str, shape: QueryShape) -> CompiledQuery:
    """Counts and places by claimant, position and period, of the pairs that are bound."""
    statements = select_statements(of, slots_of(shape))
    date_key, seq, stance = ClaimPosition.date_key, ClaimPosition.seq, statements.stance
    number = sql_template(f"(({UNDATED} - {{}}) / {DATE_PARTS[period]})", date_key)
    last = fn.MIN(place_from_end(date_key, seq))
    sided = fn.MIN(place_from_end(date_key, seq)).filter(stance != "neutral")
    query = grouped(
        statements,
        number.alias("period"),
        *counts_by_stance(stance),
        fn.MIN(place_in_time(date_key, seq)),
        last,
        sided,
    )
    query = query.where(among_pairs(statements.claimant, statements.item))
    return compile_query(query.group_by_extend(SQL("period")))


def counts_by_stance(stance: Any) -> list[Any]:
    """How many statements of a group take each stance."""
    return [fn.COUNT(SQL("*")).filter(stance == word) for word in STANCES]


class KnownStatement(NamedTuple):
    """A statement by its claim's id, with what rows show of it."""

    id: str
    date: str | None
    stance: str
    # on whose behalf, by key
    organization: int | None

    def shown(self) -> dict[str, str | None]:
        return {"id": self.id, "date": self.date, "stance": self.stance}


def fetch_dated_stances(
    summaries: Mapping[Pair, StanceSummary],
) -> dict[tuple[int | None, int], KnownStatement]:
    """The first and last statements of each pair, by the claim's `seq` and the position."""
    wanted = {
        (seq, position)
        for (_, position), summary in summaries.items()
        for seq in summary.seqs()
        if seq is not None
    }
    rows = fetch_all(
        "SELECT asked.seq, asked.position, record.id, claim.date, claim_position.stance,"
        f" claim.organization FROM {database.packed_rows(seq='bigint', position='bigint')} AS asked"
        " CROSS JOIN record JOIN claim ON claim.key = record.key JOIN claim_position"
        " ON claim_position.claim = claim.key AND claim_position.position = asked.position"
        " WHERE record.seq = asked.seq",
        database.pack({"seq": seq, "position": position} for seq, position in sorted(wanted)),
    )
    return {(seq, position): KnownStatement(*rest) for seq, position, *rest in rows}


def fetch_own_sides(
    shape: QueryShape,
    bound: Mapping[str, Any],
    summaries: Mapping[Pair, StanceSummary],
    statements: Mapping[tuple[int | None, int], KnownStatement],
) -> dict[Pair, dict[str, Any]]:
    """The claims of others on behalf of the organization of the pair's last claim."""
    organizations = {}
    for pair, summary in summaries.items():
        organization = statements[summary.seqs()[1], pair[1]].organization
        if organization is not None:
            organizations[pair] = organization
    if not organizations:
        return {}
    members = database.pack(sorted({claimant for claimant, _ in organizations}))
    pairs = {(organization, position) for (_, position), organization in organizations.items()}
    bound = {**bound, **bind_pairs(sorted(pairs)), "members[]": members}
    everyone: dict[Pair, Counts] = defaultdict(lambda: dict.fromkeys(STANCES, 0))
    own: dict[tuple, Counts] = {}
    for organization, position, member, *numbers in own_side_query(without_claimants(shape)).rows(
        bound
    ):
        counts = dict(zip(STANCES, numbers, strict=True))
        own[organization, position, member] = counts
        for stance in STANCES:
            everyone[organization, position][stance] += counts[stance]
    own_sides = {}
    for (claimant, position), organization in organizations.items():
        counts = {
            stance: count - own.get((organization, position, claimant), {}).get(stance, 0)
            for stance, count in everyone[organization, position].items()
        }
        if any(counts.values()):
            seq = summaries[claimant, position].seqs()[2]
            sided = statements[seq, position].stance if seq is not None else None
            own_sides[claimant, position] = {
                "organization": organization, **counts, "agreement": agreement(sided, counts),
            }  # fmt: skip
    return own_sides


def agreement(stance: str | None, counts: Counts) -> float | None:
    """The share of a stance among support and opposition."""
    sided = counts["support"] + counts["oppose"]
    return counts[stance] / sided if stance and sided else None


@cache_compiled
def own_side_query(shape: QueryShape) -> CompiledQuery:
    """Counts by organization, position and member, of the bound pairs and members.

    The rows of all other claimants have no member.
    """
    statements = select_statements("organization", slots_of(shape))
    among_members = Claim.claimant.in_(database.values_in(placeholder("members[]"), Claim.claimant))
    member = Case(None, [(among_members, Claim.claimant)])
    query = grouped(statements, member.alias("member"), *counts_by_stance(statements.stance))
    query = query.where(among_pairs(statements.claimant, statements.item))
    return compile_query(query.group_by_extend(SQL("member")))
