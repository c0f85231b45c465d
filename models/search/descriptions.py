"""One line about a record, which tells it apart from its namesakes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from models.values.countries import COUNTRY_NAMES
from models.values.folding import fold

MAX_DESCRIPTION = 150


def describe(type: str, document: Mapping[str, Any]) -> str:
    """A line about a record of any type; never empty."""
    parts = PARTS[type](document)
    line = ", ".join(part for part in parts if part) or document.get("description") or type
    return line if len(line) <= MAX_DESCRIPTION else f"{line[: MAX_DESCRIPTION - 1]}…"


def about_actor(document: Mapping[str, Any]) -> Iterable[str | None]:
    if document["kind"] != "person":
        yield document["kind"]
    memberships = document["memberships"]
    if memberships:
        latest = max(memberships, key=latest_last)
        role, organization = latest["role"], latest["organization"]["name"]
        yield role
        # not “President of Ukraine, Ukraine”
        yield None if role and mentions(role, organization) else organization
        yield years(latest["start_date"], latest["end_date"])


def mentions(text: str, name: str) -> bool:
    """Whether the folded words of a name stand together in a text."""
    return f" {fold(name)} " in f" {fold(text)} "


def latest_last(membership: Mapping[str, Any]) -> tuple:
    """The sort key of memberships: one that did not end comes last, then the latest start."""
    return (membership["end_date"] is None, membership["start_date"] or "")


def years(start_date: str | None, end_date: str | None) -> str | None:
    if not (start_date or end_date):
        return None
    start, end = (start_date or "")[:4], (end_date or "")[:4]
    return start if start == end else f"{start}–{end}"


def about_organization(document: Mapping[str, Any]) -> Iterable[str | None]:
    yield document["kind"]
    if document["country"] and document["kind"] != "state":
        yield COUNTRY_NAMES[document["country"]]
    yield part_of(document)


def about_event(document: Mapping[str, Any]) -> Iterable[str | None]:
    yield document["kind"]
    start, end = document["start_date"], document["end_date"]
    yield f"{start} to {end}" if end and end != start else start
    yield document["place"]
    yield part_of(document)


def about_topic(document: Mapping[str, Any]) -> Iterable[str | None]:
    yield part_of(document)


def about_source(document: Mapping[str, Any]) -> Iterable[str | None]:
    yield document["kind"]
    yield document["publisher"] and document["publisher"]["name"]
    yield document["date"]


def about_position(document: Mapping[str, Any]) -> Iterable[str | None]:
    yield document["label"]
    yield from (topic["name"] for topic in document["topics"])


def about_claim(document: Mapping[str, Any]) -> Iterable[str | None]:
    claimant = document["actor"] or document["organization"]
    yield claimant and claimant["name"]
    yield document["date"]


def part_of(document: Mapping[str, Any]) -> str | None:
    return f"part of {document['parent']['name']}" if document["parent"] else None


PARTS = {
    "actor": about_actor,
    "organization": about_organization,
    "event": about_event,
    "topic": about_topic,
    "source": about_source,
    "position": about_position,
    "claim": about_claim,
}
