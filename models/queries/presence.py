"""The filter `has`: whether a claim has something at all."""

from __future__ import annotations

from typing import Any

from peewee import SQL, Field, fn

from models.claim import (
    About,
    Addressee,
    Claim,
    ClaimPosition,
    ClaimTopic,
    Relation,
    Report,
    Review,
)
from models.database.sql import sql_template
from models.queries.filter_kinds import PresenceFilter


def has_link(link: Any, column: str = "claim") -> Any:
    """Whether a claim has a link of a kind; an alias, since the query may scan the same table."""

    def test(key: Field) -> Any:
        other = link.alias()
        return fn.EXISTS(other.select(SQL("1")).where(getattr(other, column) == key))

    return test


def listed_claims_with(link: Any) -> Any:
    """How many listed claims have a link: all links, less later ones and those of other claims."""
    links = link.select(fn.COUNT(SQL("*")))
    of_claim = link.select(SQL("1")).where(link.claim == Claim.key)
    unlisted = Claim.select(fn.COUNT(SQL("*"))).where(Claim.listed == 0, fn.EXISTS(of_claim))
    return sql_template("{} - {} - {}", links, links.where(link.ordinal > 0), unlisted)


def link_filter(name: str, link: Any) -> PresenceFilter:
    """The filter by whether a claim has a link."""
    return PresenceFilter(name, has_link(link), lambda: listed_claims_with(link))


def has_field(name: str) -> Any:
    """Whether a claim's own field has a value; where links are scanned, claims are joined."""
    return lambda key: getattr(Claim, name).is_null(False)


def has_quote(key: Field) -> Any:
    """Whether a claim has a quote of its own, or the exact words of a direct report."""
    report = Report.alias()
    direct = report.select(SQL("1")).where(
        report.claim == key, report.attribution == "direct", report.exact.is_null(False)
    )
    return has_field("quote")(key) | fn.EXISTS(direct)


def has_relation(key: Field) -> Any:
    """Whether a claim relates to another claim, or another claim to it."""
    return has_link(Relation)(key) | has_link(Relation, "target")(key)


PRESENCE_FILTERS = (
    PresenceFilter("quote", has_quote),
    PresenceFilter("actor", has_field("actor")),
    PresenceFilter("organization", has_field("organization")),
    PresenceFilter("event", has_field("event")),
    PresenceFilter("date", has_field("date")),
    link_filter("topic", ClaimTopic),
    link_filter("position", ClaimPosition),
    link_filter("about", About),
    link_filter("addressee", Addressee),
    link_filter("report", Report),
    PresenceFilter("relation", has_relation),
    link_filter("review", Review),
)
# the values of `has`
PRESENCE_NAMES = [filter.names[0].removeprefix("has.") for filter in PRESENCE_FILTERS]
