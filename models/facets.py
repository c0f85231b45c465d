"""Facets: how the records of a list spread over the values of a filter."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any, NamedTuple

from peewee import SQL, Field, fn

from models.actor import Actor
from models.base import Reference
from models.claim import Claim
from models.dates import UNDATED
from models.event import Event
from models.names import NAME, NAMED
from models.organization import Organization
from models.position import Position
from models.queries import Asked, Column, Compiled, Either, Equal, Shape, asked, compiled
from models.source import Source
from models.topic import Topic

SHOWN = 20


class Facet(NamedTuple):
    """How many values there are, how many records have none, and the most frequent values."""

    groups: int
    missing: int
    # (what the filter takes, name, how many records have it)
    values: list[tuple[str, str, int]]


FACETS: dict[Any, tuple[str, ...]] = {
    Claim: (
        "actor", "organization", "event", "source", "publisher", "topic", "position", "about",
        "addressee", "form", "stance", "status", "language", "year", "month",
    ),
    Actor: ("organization", "event", "topic", "position", "source", "kind"),
    Organization: ("parent", "actor", "event", "kind"),
    Event: ("parent", "actor", "organization", "topic", "kind"),
    Source: ("publisher", "origin", "actor", "event", "topic", "kind"),
    Topic: ("parent", "actor", "event"),
    Position: ("topic", "actor"),
}  # fmt: skip

SAID = UNDATED - Claim.date_key
# a date's year or month as a number, where it is as precise
PARTS = {
    "year": (SAID / 10000, Claim.date_key < UNDATED),
    "month": (SAID / 100, (Claim.date_key < UNDATED) & (SAID / 100 > SAID / 10000 * 100)),
}


def facet(model: Any, name: str, engine: type, shape: Shape, bound: dict, total: int) -> Facet:
    """One facet of a list of `total` records."""
    counts = counting(engine, model, name, shape).rows(bound)
    having = having_any(engine, model, name, shape).rows(bound)[0][0]
    values = [(str(id), text, count) for id, text, count, *_ in counts]
    if name == "language":
        values = with_broader(values)
        return Facet(len(values), total - having, values[:SHOWN])
    if name in PARTS:
        values = [(date(name, id), date(name, id), count) for id, _, count in values]
    return Facet(counts[0][3] if counts else 0, total - having, values)


def date(name: str, number: str) -> str:
    """A year's or a month's number as a date: 2025, 202505."""
    if name == "year":
        return f"{int(number):04d}"
    return f"{int(number[:-2]):04d}-{number[-2:]}"


def with_broader(values: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Language tags, each with those of more subtags: `en` finds `en-GB`, too."""
    counted: Counter = Counter()
    for tag, _, count in values:
        parts = tag.split("-")
        for length in range(1, len(parts) + 1):
            counted["-".join(parts[:length])] += count
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [(tag, tag, count) for tag, count in ranked]


@lru_cache(maxsize=1024)
def counting(engine: type, model: Any, name: str, shape: Shape) -> Compiled:
    """The most frequent values: rows of (id, name, count, how many values there are)."""
    pairs, column = values_of(model, name, shape)
    number = fn.COUNT(pairs.c.key.distinct()).alias("count")
    counted = of_matched(pairs, model, shape, pairs.c.value, number).group_by(pairs.c.value)
    sql, params = compiled(counted)
    if isinstance(column, Reference):
        typed = "record.type || ':' || " if name in ("about", "addressee") else ""
        return Compiled(
            f"SELECT {typed}record.id, {NAME}, counted.count, COUNT(*) OVER ()"
            f" FROM ({sql}) AS counted JOIN record ON record.key = counted.value {NAMED}"
            f" ORDER BY counted.count DESC, record.type, record.id LIMIT {SHOWN}",
            params,
        )
    limit = "" if name == "language" else f" LIMIT {SHOWN}"
    return Compiled(
        f"SELECT value, value, counted.count, COUNT(*) OVER () FROM ({sql}) AS counted"
        f" ORDER BY counted.count DESC, value{limit}",
        params,
    )


@lru_cache(maxsize=1024)
def having_any(engine: type, model: Any, name: str, shape: Shape) -> Compiled:
    """How many records of a list have any value."""
    pairs, _ = values_of(model, name, shape)
    return compiled(of_matched(pairs, model, shape, fn.COUNT(pairs.c.key.distinct())))


def of_matched(pairs: Any, model: Any, shape: Shape, *columns: Any) -> Any:
    """A select over the pairs of the records that match, with a value."""
    walk = model.matching(None, **asked(shape))
    matched = walk.query.select(walk.key)
    some = pairs.c.value.is_null(False) & pairs.c.key.in_(matched)
    return model.select(*columns).from_(pairs).where(some)


def values_of(model: Any, name: str, shape: Shape) -> tuple[Any, Field | None]:
    """Pairs of a record's key and a value that it has, as a subquery; and the value's column.

    Where a filter shares its rows with others (a position with its stance), the pairs are those
    of rows that pass the others: adding the value to the query would ask for just these.
    """
    if name in PARTS:
        value, known = PARTS[name]
        return paired(Claim.select().where(known), Claim.key, value), None
    one = next(one for one in model.FILTERS if name in one.names)
    if isinstance(one, Column):
        return paired(model.select(), model.key, one.column), one.column
    if isinstance(one, Either):
        queries = [select() for select, _ in one.rows]
        first, *rest = [
            query.select(query._returning[0].alias("key"), test.column.alias("value"))
            for query, (_, test) in zip(queries, one.rows, strict=True)
        ]
        for query in rest:
            first = first.union_all(query)
        return first.alias("pairs"), one.rows[0][1].column
    others = {other: wanted for other, wanted in asked(shape).items() if other != name}
    query = one.select()
    column = one.tests[name].column
    tests = [*one.having(others), *(each_has(one, column, others) if one.every(others) else ())]
    if tests:
        query = query.where(*tests)
    return paired(query, query._returning[0], column), column


def each_has(links: Any, column: Field, others: Asked) -> list[Any]:
    """Under match=all: each of the values stands in a row of the claim with this very value."""
    link = links.link
    found = []
    for one, values in links.every(others):
        other = link.alias()
        same = [other.claim == link.claim, getattr(other, column.name) == column]
        same += [
            Equal(getattr(other, links.tests[name].column.name))(wanted.having)
            for name, wanted in others.items()
            if name in links.tests and wanted.having
        ]
        same.append(Equal(getattr(other, links.tests[one].column.name))(values))
        found.append(fn.EXISTS(other.select(SQL("1")).where(*same)))
    return found


def paired(query: Any, key: Any, value: Any) -> Any:
    return query.select(key.alias("key"), value.alias("value")).alias("pairs")
