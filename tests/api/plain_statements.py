"""Statements, and all that is counted from them, by plain Python over exported records.

Written from the definitions alone, with loops over all pairs; it imports none of the queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from tests.api.plain_records import days

STANCES = ("support", "oppose", "neutral")
LISTED = ("coded", "verified")
OPPOSITE = {"support": "oppose", "oppose": "support"}
# type and id
Party = tuple[str, str]
Query = Mapping[str, Any]


class Statement(NamedTuple):
    claimant: Party
    position: str
    stance: str
    # the record of the claim, and its number in the order of entry
    claim: dict[str, Any]
    number: int

    @property
    def id(self) -> str:
        return self.claim["id"]

    @property
    def date(self) -> str | None:
        return self.claim.get("date")

    @property
    def sided(self) -> bool:
        return self.stance != "neutral"


def claimant_of(claim: Mapping[str, Any], of: str) -> Party | None:
    actor, organization = claim.get("actor"), claim.get("organization")
    if actor and of != "organization":
        return "actor", actor
    if organization and of != "actor":
        return "organization", organization
    return None


def first(statements: Iterable[Statement]) -> Statement:
    return min(statements, key=lambda s: (s.date is None, s.date or "", s.number))


def last(statements: Iterable[Statement]) -> Statement:
    return max(statements, key=lambda s: (s.date is not None, s.date or "", s.number))


def in_order(earlier: Statement, later: Statement) -> bool:
    """Whether the dates tell that the one comes before the other."""
    if earlier.date is None or later.date is None:
        return False
    return days(earlier.date)[1] < days(later.date)[0]


class Statements:
    """The statements of the records of an export."""

    def __init__(self, records: list[dict[str, Any]]):
        self.claims = [record for record in records if record["type"] == "claim"]
        self.kinds = {r["id"]: r.get("kind") for r in records if r["type"] == "actor"}
        self.names = {(r["type"], r["id"]): r.get("name") for r in records}
        self.ties: dict[frozenset, list[str]] = {}
        for claim in self.claims:
            for relation in claim.get("relations", ()):
                pair = frozenset((claim["id"], relation["claim"]))
                self.ties.setdefault(pair, []).append(relation["kind"])

    def chosen(self, of: str, query: Query) -> list[Statement]:
        """The statements that filters choose, each filter a list of ids."""
        return [
            Statement(claimant, taken["position"], taken["stance"], claim, number)
            for number, claim in enumerate(self.claims)
            if self.passes(claim, query) and (claimant := claimant_of(claim, of))
            for taken in claim.get("positions", ())
            if taken["position"] in query.get("position", [taken["position"]])
        ]

    def passes(self, claim: Mapping[str, Any], query: Query) -> bool:
        if claim.get("status", "coded") not in LISTED:
            return False
        for name in ("actor", "organization"):
            if name in query and claim.get(name) not in query[name]:
                return False
        if "claimant" in query:
            party = claimant_of(claim, "claimant")
            if not party or ":".join(party) not in query["claimant"]:
                return False
        if "from_date" in query:
            bound = days(query["from_date"][0])[0]
            if not claim.get("date") or days(claim["date"])[1] < bound:
                return False
        taken = {item["position"] for item in claim.get("positions", ())}
        return "position" not in query or bool(taken & {*query["position"]})

    def tie(self, a: Statement, b: Statement) -> str | None:
        kinds = self.ties.get(frozenset((a.id, b.id)), [])
        return "contradicts" if "contradicts" in kinds else (kinds or [None])[0]

    def groups(self, of: str, query: Query) -> dict[tuple[Party, str], list[Statement]]:
        groups: dict[tuple[Party, str], list[Statement]] = {}
        for statement in self.chosen(of, query):
            groups.setdefault((statement.claimant, statement.position), []).append(statement)
        return groups

    def stances(self, of: str, by: str, query: Query) -> dict[tuple[Party, str], dict[str, Any]]:
        """The contents of a row, by claimant and position."""
        changes = Counter(
            (later.claimant, later.position) for _, later in self.reversals(of, query)[0]
        )
        return {
            key: {
                **count(statements),
                "stance": overall(statements),
                "first": first(statements).id,
                "last": last(statements).id,
                "reversals": changes[key],
                **periods(statements, 4 if by == "year" else 7),
                "own_side": None if of == "organization" else self.own_side(statements, query),
            }
            for key, statements in self.groups(of, query).items()
        }

    def own_side(self, statements: list[Statement], query: Query) -> dict[str, Any] | None:
        latest = last(statements)
        organization = latest.claim.get("organization")
        rest = {name: query[name] for name in query if name in ("position", "from_date")}
        of_others = [
            statement
            for statement in self.chosen("organization", rest)
            if statement.claim.get("organization") == organization
            and statement.position == latest.position
            and claimant_of(statement.claim, "claimant") != latest.claimant
        ]
        if not organization or not of_others:
            return None
        sided = [statement for statement in statements if statement.sided]
        sided_of_others = [statement for statement in of_others if statement.sided]
        agreement = None
        if sided and sided_of_others:
            agreeing = [
                statement for statement in sided_of_others if statement.stance == last(sided).stance
            ]
            agreement = len(agreeing) / len(sided_of_others)
        return {"organization": organization, **count(of_others), "agreement": agreement}

    def reversals(self, of: str, query: Query) -> tuple[list[tuple[Statement, Statement]], int]:
        """The changes of stance, and how many are left out."""
        changes, left_out = [], 0
        for (claimant, _), statements in self.groups(of, query).items():
            if claimant[0] == "actor" and self.kinds[claimant[1]] == "unnamed":
                continue
            timeline = sorted(
                (statement for statement in statements if statement.sided),
                key=lambda s: (s.date is None, s.date or "", s.number),
            )
            for earlier, later in pairwise(timeline):
                if earlier.stance == later.stance:
                    continue
                qualified = "qualifies" in self.ties.get(frozenset((earlier.id, later.id)), ())
                if in_order(earlier, later) and not qualified:
                    changes.append((earlier, later))
                else:
                    left_out += 1
        return changes, left_out

    def contradictions(self, of: str, query: Query, *, all: bool) -> set[tuple]:
        """Pairs of statements (a, b, position, kind of relation)."""
        rest = {name: query[name] for name in query if name in ("position", "from_date")}
        a_side, b_side = self.chosen(of, query), self.chosen(of, rest)
        if not all:
            a_side, b_side = only_last(a_side), only_last(b_side)
        a_side, b_side = ([s for s in side if s.sided] for side in (a_side, b_side))
        in_a, in_b = ({(s.id, s.position) for s in side} for side in (a_side, b_side))
        pairs = set()
        for a in a_side:
            for b in b_side:
                if a.position != b.position or a.claimant == b.claimant:
                    continue
                if b.stance != OPPOSITE[a.stance]:
                    continue
                either = (a.id, a.position) in in_b and (b.id, b.position) in in_a
                if not either or a.stance == "support":
                    pairs.add((a.id, b.id, a.position, self.tie(a, b)))
        return pairs

    def stated(self, of: str, query: Query) -> set[tuple]:
        """Pairs of claims of which one states that it contradicts the other, unordered."""
        rest = {name: query[name] for name in query if name in ("position", "from_date")}
        positions = query.get("position")
        pairs = set()
        for a, b in combinations(self.claims, 2):
            if "contradicts" not in self.ties.get(frozenset((a["id"], b["id"])), ()):
                continue
            claimants = {claimant_of(a, of), claimant_of(b, of)}
            if len(claimants) == 1 or None in claimants:
                continue
            if not (self.passes(a, rest) and self.passes(b, rest)):
                continue
            if not (self.passes(a, query) or self.passes(b, query)):
                continue
            stances = {item["position"]: item["stance"] for item in b.get("positions", ())}
            opposed = [
                item["position"]
                for item in a.get("positions", ())
                if item["stance"] != "neutral"
                and stances.get(item["position"]) == OPPOSITE[item["stance"]]
                and (positions is None or item["position"] in positions)
            ]
            pairs |= {(*sorted((a["id"], b["id"])), position) for position in opposed or [None]}
        return pairs

    def agreements(self, of: str, claimants: list[str], query: Query) -> list[tuple]:
        """For each two claimants: positions that they share, agree on, disagree on."""
        overall_stances = {key: overall(group) for key, group in self.groups(of, query).items()}
        rows = []
        for a, b in combinations(claimants, 2):
            shared = [
                (overall_stances[(of, a), position], overall_stances[(of, b), position])
                for position in {position for _, position in overall_stances}
                if {((of, a), position), ((of, b), position)} <= overall_stances.keys()
            ]
            agree = sum(x == y and x in OPPOSITE for x, y in shared)
            disagree = sum(OPPOSITE.get(x) == y for x, y in shared)
            share = agree / (agree + disagree) if agree + disagree else None
            rows.append((a, b, len(shared), agree, disagree, share))
        return rows


def only_last(statements: list[Statement]) -> list[Statement]:
    groups: dict[tuple, list[Statement]] = {}
    for statement in statements:
        groups.setdefault((statement.claimant, statement.position), []).append(statement)
    return [last(group) for group in groups.values()]


def count(statements: Iterable[Statement]) -> dict[str, int]:
    numbers = Counter(statement.stance for statement in statements)
    return {stance: numbers[stance] for stance in STANCES}


def overall(statements: Iterable[Statement]) -> str:
    sides = {statement.stance for statement in statements if statement.sided}
    return "mixed" if len(sides) == 2 else next(iter(sides), "neutral")


def periods(statements: list[Statement], length: int) -> dict[str, Any]:
    by_period: dict[str | None, list[Statement]] = {}
    for statement in statements:
        period = (statement.date or "")[:length]
        key = period if len(period) == length else None
        by_period.setdefault(key, []).append(statement)
    undated = count(by_period.pop(None, []))
    return {
        "periods": [{"period": key, **count(by_period[key])} for key in sorted(by_period, key=str)],
        "undated": undated,
    }
