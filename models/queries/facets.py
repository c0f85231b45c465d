"""Facets: how the records of a list spread over the values of a filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from peewee import JOIN, SQL, Field, Node, fn

from models.actor import Actor
from models.base import Reference
from models.claim import Claim, ClaimTopic, Report, TopicClaim
from models.database.sql import all_of, written
from models.event import Event
from models.organization import Organization
from models.position import Position
from models.queries.compiled import (
    EVERYTHING,
    STATEMENTS,
    Compiled,
    Shape,
    asked,
    compiled,
    keeping,
    steps,
)
from models.queries.filter_kinds import Asked, Column, Either, Equal, Links, filter_of, slot
from models.search.names import NAME, NAMED
from models.source import Source
from models.topic import Topic
from models.values.dates import UNDATED

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

# in a date's number, what a year and a month are counted by
PARTS = {"year": 10000, "month": 100}


def facet(
    model: Any, name: str, engine: type, shape: Shape, bound: Mapping[str, Any], total: int
) -> Facet:
    """One facet of a list of `total` records."""
    counts = counting(engine, model, name, shape).rows(bound)
    groups, having = counts[0][3:] if counts else (0, 0)
    some = having_any(engine, model, name, shape)
    missing = total - int(some.rows(bound)[0][0] if some else having)
    values = [(str(id), text, int(count)) for id, text, count, *_ in counts]
    if name == "language":
        values = with_broader(values)
        return Facet(len(values), missing, values[:SHOWN])
    if name in PARTS:
        values = [(date(name, id), date(name, id), count) for id, _, count in values]
    return Facet(groups, missing, values)


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


@keeping(STATEMENTS)
def counting(engine: type, model: Any, name: str, shape: Shape) -> Compiled:
    """The most frequent values: rows of (id, name, count, how many values, sum of all counts)."""
    column = None if name in PARTS else column_of(filter_of(model, name), name)
    sql, params = compiled(counts(model, name, shape))
    # each value's count is worked out once, however often it is spoken of
    counted = f"WITH counted AS MATERIALIZED ({sql})"
    every = "COUNT(*) OVER (), SUM(counted.count) OVER ()"
    if isinstance(column, Reference):
        typed = "record.type || ':' || " if name in ("about", "addressee") else ""
        return Compiled(
            f"{counted} SELECT {typed}record.id, {NAME}, counted.count, {every}"
            f" FROM counted JOIN record ON record.key = counted.value {NAMED}"
            f" ORDER BY counted.count DESC, record.type, record.id LIMIT {SHOWN}",
            params,
        )
    limit = "" if name == "language" else f" LIMIT {SHOWN}"
    return Compiled(
        f"{counted} SELECT value, value, counted.count, {every} FROM counted"
        f" ORDER BY counted.count DESC, value{limit}",
        params,
    )


@keeping(STATEMENTS)
def having_any(engine: type, model: Any, name: str, shape: Shape) -> Compiled | None:
    """How many records of a list have any value; None where each has one at most."""
    one = None if name in PARTS else filter_of(model, name)
    if one is None or isinstance(one, Column):
        return None
    others = besides(name, shape)
    if isinstance(one, Links) and shape == EVERYTHING:
        return compiled(Claim.select(everything_having(one, name)).from_())
    if isinstance(one, Links) and not (one.having(others) or one.every(others)):
        # the first that has one: mostly the first of all, which every list that is not empty has
        link = of_claim(one)
        query, first, key = link.select(fn.COUNT(SQL("*"))), link.ordinal == 0, link.claim
        column = column_of(one, name)
        if column.null:
            other = link.alias()
            earlier = other.select(SQL("1")).where(
                other.claim == link.claim,
                other.ordinal < link.ordinal,
                getattr(other, column.name).is_null(False),
            )
            first = written("+{}", column).is_null(False) & (first | ~fn.EXISTS(earlier))
        return compiled(among(query.where(first), key, model, shape, not column.null))
    query, key, value, once = pairs(one, name, shape)
    if not isinstance(one, Links):
        # of each record the first is enough
        found = query.select(SQL("1")).where(key == model.key, value.is_null(False))
        records = model.matching(None, **asked(shape)).query
        return compiled(records.select(fn.COUNT(SQL("*"))).where(fn.EXISTS(found)))
    query = query.select(fn.COUNT(key.distinct())).where(value.is_null(False))
    return compiled(among(query, key, model, shape, once))


def counts(model: Any, name: str, shape: Shape) -> Any:
    """How many records of a list have each value: a select."""
    if name in PARTS:
        return periods(name) if shape == EVERYTHING else dates(name, shape)
    one = filter_of(model, name)
    column = column_of(one, name)
    thing = column.rel_model if isinstance(column, Reference) else None
    if shape == EVERYTHING and thing and name == thing._meta.table_name:
        # a thing's count, kept since it was loaded
        return thing.select(thing.key.alias("value"), thing.claim_count.alias("count")).where(
            thing.claim_count > 0
        )
    if isinstance(one, Column) and shape == EVERYTHING:
        return each(column)
    if isinstance(one, Column):
        query, value, number = records(model, shape), column, fn.COUNT(SQL("*"))
    elif isinstance(one, Links) and shape == EVERYTHING and name != one.once:
        return everything_counted(one, column)
    else:
        query, key, value, once = pairs(one, name, shape)
        # all are asked for, but for those by topic: else SQLite reads rows in the order of topics
        if shape or not refers_to(key, model) or column.model is TopicClaim:
            query = among(query, key, model, shape, once)
        number = fn.COUNT(SQL("*") if once else key.distinct())
    query = query.select(value.alias("value"), number.alias("count"))
    return query.where(value.is_null(False)).group_by(value)


def everything_having(links: Links, name: str) -> Node:
    """How many of all claims have any value: all links but those that are not a claim's first."""
    link = of_claim(links)
    column = column_of(links, name)
    every = link.select(fn.COUNT(SQL("*")))
    first = written("{} - {}", every, every.where(link.ordinal > 0))
    linked = link.select(SQL("1")).where(link.claim == Claim.key)
    unlisted = Claim.select(fn.COUNT(SQL("*"))).where(Claim.listed == 0, fn.EXISTS(linked))
    if not column.null:
        return written("{} - {}", first, unlisted)
    other = link.alias()
    value = other.select(SQL("1")).where(
        other.claim == link.claim, getattr(other, column.name).is_null(False)
    )
    without = link.select(fn.COUNT(link.claim.distinct())).where(
        column.is_null(), link.listed == slot("listed"), ~fn.EXISTS(value)
    )
    return written("{} - {} - {}", first, unlisted, without)


def everything_counted(links: Links, column: Field) -> Any:
    """How many of all claims have each value: the links, but for those of a claim met before.

    The links of a publisher are those of its sources, each of which knows how many claims it has.
    """
    link = links.link
    later, earlier = link.alias(), link.alias()

    def met(column: Field) -> Any:
        """Whether an earlier link of the claim has the same value."""
        before = earlier.select(SQL("1")).where(
            earlier.claim == later.claim,
            earlier.ordinal < later.ordinal,
            getattr(earlier, column.name) == getattr(later, column.name),
        )
        return fn.EXISTS(before)

    if column is Report.publisher:
        value, number = Source.publisher, fn.SUM(Source.claim_count)
        all = Source.select(value.alias("value"), number.alias("count"))
        all = all.where(Source.claim_count > 0, value.is_null(False)).group_by(value)
        repeated = met(column) & ~met(Report.source)
    else:
        all = link.select(column.alias("value"), fn.COUNT(SQL("*")).alias("count"))
        all = all.where(link.listed == slot("listed"), column.is_null(False)).group_by(column)
        repeated = met(column)
    # with a plus, lest SQLite searches an index by what nearly all have; grouped by no column, lest
    # it reads all links in that column's order
    value = getattr(later, column.name)
    group = fn.COALESCE(value, value)
    again = later.select(group.alias("value"), fn.COUNT(SQL("*")).alias("count")).where(
        later.ordinal > 0, written("+{}", later.listed) == slot("listed"), repeated
    )
    again = again.group_by(group)
    all, again = all.alias("all_links"), again.alias("again")
    count = all.c.count - fn.COALESCE(again.c.count, 0)
    return (
        Claim.select(all.c.value, count.alias("count"))
        .from_(all)
        .join(again, JOIN.LEFT_OUTER, on=(again.c.value == all.c.value))
    )


def each(column: Field) -> Any:
    """How many of all claims have each value, by steps from value to value along its index.

    A row that is only counted costs half of one that is grouped.
    """
    # with a plus, lest SQLite searches another index by what nearly all have
    every = steps(column, written("+{}", Claim.listed) == slot("listed"))
    value = every.c.value
    number = Claim.select(fn.COUNT(SQL("*"))).where(column == value, Claim.listed == slot("listed"))
    return every.select_from(value, number.alias("count")).where(value.is_null(False))


def periods(name: str) -> Any:
    """How many of all claims have each year or month, by steps from one to the next, backwards."""
    size = PARTS[name]
    key, listed = Claim.date_key, Claim.listed == slot("listed")
    number = (UNDATED - fn.MIN(key)) / size
    newest = Claim.select(number.alias("value")).where(listed)
    latest = newest.cte("period", recursive=True, columns=("value",))
    earlier = Claim.select(number).where(listed, key > UNDATED - latest.c.value * size)
    every = latest.union_all(
        Claim.select(earlier).from_(latest).where(latest.c.value.is_null(False))
    )
    value = every.c.value
    last = UNDATED - value * size
    count = Claim.select(fn.COUNT(SQL("*"))).where(listed, key.between(last - size + 1, last))
    return every.select_from(value, count.alias("count")).where(precise(value, size))


def dates(name: str, shape: Shape) -> Any:
    """How many claims of a list have each year or month: by their dates, which an index sorts."""
    walk = Claim.matching(None, **asked(shape))
    number = fn.COUNT(walk.key.distinct() if walk.distinct else SQL("*"))
    date_key = walk.key.model.date_key
    days = walk.query.select(date_key.alias("date_key"), number.alias("count"))
    days = days.group_by(date_key).alias("days")
    size = PARTS[name]
    value = (UNDATED - days.c.date_key) / size
    query = Claim.select(value.alias("value"), fn.SUM(days.c.count).alias("count"))
    return query.from_(days).where(precise(value, size)).group_by(SQL("value"))


def precise(value: Any, size: int) -> Any:
    """Whether a date's year or month stands in it, where coarser dates have zeros."""
    return value > value / size * size


def column_of(one: Any, name: str) -> Field:
    """The column of a filter's values."""
    if isinstance(one, Column):
        return one.column
    return one.rows[0][1].column if isinstance(one, Either) else one.tests[name].column


def refers_to(key: Any, model: Any) -> bool:
    """Whether each key of the column is that of a record of this type."""
    return isinstance(key, Reference) and key.rel_model is model


def of_claim(links: Links) -> Any:
    """The links that a claim has itself: a topic's narrower ones are counted with it."""
    return ClaimTopic if links.link is TopicClaim else links.link


def besides(name: str, shape: Shape) -> Asked:
    """The other filters: adding the value to the query would ask for just these."""
    return {other: wanted for other, wanted in asked(shape).items() if other != name}


def among(query: Any, key: Any, model: Any, shape: Shape, once: bool) -> Any:
    """A query for what has the keys of the records of a list, and no others.

    What stands once for a record is found in an index: a join. Else its rows are fetched, in the
    order of the keys, into which `IN` sorts them; and so are the topics, several for each claim,
    whose index is too large for the processor's caches.
    """
    if shape == EVERYTHING:
        return query.where(key.model.listed == slot("listed"))
    walk = model.matching(None, **asked(shape))
    found = walk.query.select(walk.key.alias("key"))
    if walk.distinct or not once or key.model is TopicClaim:
        return query.where(key.in_(found))
    found = found.alias("found")
    return query.join(found, on=(key == found.c.key))


def records(model: Any, shape: Shape) -> Any:
    """The records of a list, each once, by their own table."""
    rest = asked(shape)
    listed = rest.pop("listed", None)
    walk = model.matching(None, **rest)
    if walk.key is not model.key:
        walk = model.matching(None, **asked(shape))
        return model.select().where(model.key.in_(walk.query.select(walk.key)))
    if listed:
        # with a plus, lest SQLite searches an index by what nearly all have, and sorts the values
        return walk.query.where(written("+{}", model.listed) == slot("listed"))
    return walk.query


def pairs(one: Any, name: str, shape: Shape) -> tuple[Any, Any, Any, bool]:
    """Rows that tell a record and a value that it has, the two columns, and whether each pair
    comes once.

    Where a filter shares its rows with others (a position with its stance), these are the rows that
    pass the others.
    """
    if isinstance(one, Either):
        queries = [select() for select, _ in one.rows]
        first, *rest = [
            query.select(query._returning[0].alias("key"), test.column.alias("value"))
            for query, (_, test) in zip(queries, one.rows, strict=True)
        ]
        for query in rest:
            first = first.union_all(query)
        found = first.alias("pairs")
        return Claim.select().from_(found), found.c.key, found.c.value, False
    others = besides(name, shape)
    query = one.select()
    column = column_of(one, name)
    tests = [*one.having(others), *(each_has(one, column, others) if one.every(others) else ())]
    once = isinstance(one, Links) and (name == one.once or not one.repeats(one.wanted(others)))
    return (query.where(all_of(tests)) if tests else query), query._returning[0], column, once


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
