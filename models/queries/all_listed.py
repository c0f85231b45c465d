"""Facets of all listed claims, along indexes and from stored counts."""

from __future__ import annotations

from typing import Any

from peewee import JOIN, SQL, Field, Node, fn

from models.claim import Claim, ClaimTopic, Report, TopicClaim
from models.database.sql import no_index, sql_template
from models.queries.facet_values import DATE_PARTS
from models.queries.filter_kinds import LinkFilter
from models.queries.presence import listed_claims_with
from models.queries.totals import ROW_COUNT
from models.queries.value_pairs import LISTED
from models.source import Source
from models.values.dates import UNDATED


def listed_claims_with_value(filter: LinkFilter, name: str) -> Node:
    """How many listed claims have a value: those with a link, less those without a value."""
    link = own_links(filter)
    column = filter.value_column(name)
    with_link = listed_claims_with(link)
    if not column.null:
        return with_link
    other = link.alias()
    with_value = other.select(SQL("1")).where(
        other.claim == link.claim, getattr(other, column.name).is_null(False)
    )
    without_value = link.select(fn.COUNT(link.claim.distinct())).where(
        column.is_null(), link.listed == LISTED, ~fn.EXISTS(with_value)
    )
    return sql_template("{} - {}", with_link, without_value)


def listed_claims_by_value(filter: LinkFilter, column: Field) -> Any:
    """How many of all listed claims have each value: the links less repetitions within a claim.

    The links of a publisher are those of its sources, each of which stores its number of claims.
    """
    link = filter.link
    later, earlier = link.alias(), link.alias()

    def repeats(column: Field) -> Any:
        """Whether an earlier link of the claim has the same value."""
        before = earlier.select(SQL("1")).where(
            earlier.claim == later.claim,
            earlier.ordinal < later.ordinal,
            getattr(earlier, column.name) == getattr(later, column.name),
        )
        return fn.EXISTS(before)

    if column is Report.publisher:
        value, number = Source.publisher, fn.SUM(Source.claim_count)
        all_links = Source.select(value.alias("value"), number.alias("count"))
        all_links = all_links.where(Source.claim_count > 0, value.is_null(False)).group_by(value)
        repeated = repeats(column) & ~repeats(Report.source)
    else:
        all_links = link.select(column.alias("value"), ROW_COUNT.alias("count"))
        all_links = all_links.where(link.listed == LISTED, column.is_null(False)).group_by(column)
        repeated = repeats(column)
    value = getattr(later, column.name)
    # grouped by an expression: else SQLite reads all links in the order of the column
    group = fn.COALESCE(value, value)
    repetitions = later.select(group.alias("value"), ROW_COUNT.alias("count")).where(
        later.ordinal > 0, no_index(later.listed) == LISTED, repeated
    )
    repetitions = repetitions.group_by(group)
    all_links, repetitions = all_links.alias("all_links"), repetitions.alias("repetitions")
    count = all_links.c.count - fn.COALESCE(repetitions.c.count, 0)
    return (
        Claim.select(all_links.c.value, count.alias("count"))
        .from_(all_links)
        .join(repetitions, JOIN.LEFT_OUTER, on=(repetitions.c.value == all_links.c.value))
    )


def all_by_value(column: Field) -> Any:
    """How many of all listed claims have each value, by steps from value to value in its index.

    A row that is only counted costs half of one that is grouped.
    """
    listed = no_index(Claim.listed) == LISTED
    least = Claim.select(fn.MIN(column).alias("value")).where(column.is_null(False), listed)
    first = least.cte("step", recursive=True, columns=("value",))
    next_value = Claim.select(fn.MIN(column)).where(column > first.c.value, listed)
    steps = first.union_all(
        Claim.select(next_value).from_(first).where(first.c.value.is_null(False))
    )
    value = steps.c.value
    number = Claim.select(ROW_COUNT).where(column == value, Claim.listed == LISTED)
    return steps.select_from(value, number.alias("count")).where(value.is_null(False))


def all_by_period(name: str) -> Any:
    """How many of all listed claims are of each year or month, by steps backwards in the index."""
    size = DATE_PARTS[name]
    key, listed = Claim.date_key, Claim.listed == LISTED
    number = (UNDATED - fn.MIN(key)) / size
    newest = Claim.select(number.alias("value")).where(listed)
    first = newest.cte("step", recursive=True, columns=("value",))
    earlier = Claim.select(number).where(listed, key > UNDATED - first.c.value * size)
    steps = first.union_all(Claim.select(earlier).from_(first).where(first.c.value.is_null(False)))
    value = steps.c.value
    last = UNDATED - value * size
    count = Claim.select(ROW_COUNT).where(listed, key.between(last - size + 1, last))
    return steps.select_from(value, count.alias("count")).where(has_period(value, size))


def has_period(value: Any, size: int) -> Any:
    """Whether a date has this period: a date without a month has zeros there."""
    return value > value / size * size


def own_links(filter: LinkFilter) -> Any:
    """The links of claims to their own topics, not to broader ones."""
    return ClaimTopic if filter.link is TopicClaim else filter.link
