"""Lanes: a strip of time for each position or claimant, with a mark for each claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from api.pages.further_queries import lane_key, lane_rows
from api.pages.links import PageAddress
from api.pages.time_scale import Tick, time_scale
from api.pages.words import SIDES
from models.values.dates import in_words

Documents = Mapping[str, Any]

# pixels between marks of one place, and the most marks that stand beside each other
SHIFT, MAX_SHIFTS = 6, 5


class Mark(NamedTuple):
    """A claim on a lane."""

    id: str
    href: str
    date: str
    # the date in words
    label: str
    stance: str
    # how far along, as a percentage
    place: str
    # pixels beside marks of the same stance and place
    shift: int = 0


class Lane(NamedTuple):
    """A position or a claimant, with its claims, oldest first."""

    href: str
    name: str
    marks: list[Mark]
    # a change joins two marks
    changes: list[tuple[Mark, Mark]]


class LaneChart(NamedTuple):
    """The lanes of a page."""

    lanes: list[Lane]
    ticks: list[Tick]
    shown: int
    total: int
    undated: int


def lane_chart(
    address: PageAddress, name: str, further: Mapping[str, Documents]
) -> LaneChart | None:
    """The chart of a page's stances; None if no claim on them has a date.

    `further` has the stances, the claims of the lanes, and the reversals if there are any.
    """
    rows = lane_rows(further["stances"])
    statements = [
        (key, claim["id"], claim["date"], stance)
        for claim in (further["lane_claims"]["data"] if rows else ())
        for key, stance in lane_stances(name, claim, rows)
        if claim["date"]
    ]
    if not statements:
        return None
    scale = time_scale(date for _, _, date, _ in statements)
    marks: dict[str, list[Mark]] = {lane_key(name, row): [] for row in rows}
    for key, id, date, stance in reversed(statements):
        href = address.record("claim", id)
        mark = Mark(id, href, date, in_words(date), stance, scale.place(date))
        marks[key].append(beside(marks[key], mark))
    changes = further["lane_changes"]["data"] if "lane_changes" in further else ()
    lanes = [lane(address, name, row, marks[lane_key(name, row)], changes) for row in rows]
    return LaneChart(
        [lane for lane in lanes if lane.marks],
        scale.ticks(),
        len(statements),
        sum(total_of(row) for row in rows),
        sum(total_of(row["undated"]) for row in rows),
    )


def beside(marks: Iterable[Mark], mark: Mark) -> Mark:
    """A mark that hides none of the marks of its lane, unless they are many."""
    same = sum((item.stance, item.place) == (mark.stance, mark.place) for item in marks)
    inwards = 1 if float(mark.place[:-1]) < 50 else -1
    return mark._replace(shift=inwards * SHIFT * min(same, MAX_SHIFTS))


def lane_stances(
    name: str, claim: Documents, rows: Sequence[Documents]
) -> Iterator[tuple[str, str]]:
    """The lanes on which a claim stands, each with its stance."""
    positions = {row["position"]["id"] for row in rows}
    party = "actor" if claim["actor"] else "organization"
    for position in claim["positions"]:
        if position["id"] in positions:
            key = position["id"] if name == "position" else f"{party}:{claim[party]['id']}"
            yield key, position["stance"]


def lane(
    address: PageAddress, name: str, row: Documents, marks: list[Mark], changes: Iterable[Documents]
) -> Lane:
    """The lane of a row, with those of the changes whose claims it shows."""
    record = row[name]
    mark_of = {mark.id: mark for mark in marks}
    joined = [
        (mark_of[change["from"]["id"]], mark_of[change["to"]["id"]])
        for change in changes
        if lane_key(name, change) == lane_key(name, row)
        and {change["from"]["id"], change["to"]["id"]} <= mark_of.keys()
    ]
    type = "position" if name == "position" else record["type"]
    text = record["text" if name == "position" else "name"]
    return Lane(address.record(type, record["id"]), text, marks, joined)


def total_of(counts: Documents) -> int:
    return sum(counts[stance] for stance in SIDES)
