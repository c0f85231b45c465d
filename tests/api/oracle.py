"""What a list must give, found the slow way: plain Python over records in seed form.

Written from the contract alone. The oracle does not know the models, so that the two ways to the
same answer can be held against each other.
"""

from __future__ import annotations

import calendar
import datetime
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st

from models.database.connection import database
from models.opening import open_dataset
from tests.api.world import load_sections, without_identifiers
from tests.engines import new_url

Ref = tuple[str, str]
Query = list[tuple[str, str]]
Row = dict[str, Any]
Sections = dict[str, list[dict]]
Test = Callable[[Any], bool]

LISTED = ("coded", "verified")
SHOWN = 20

# the lists' filters; those that must hold of the same row stand together
GROUPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "claims": (
        ("actor",), ("organization",), ("event",), ("topic",), ("about",), ("addressee",),
        ("position", "stance"), ("source", "publisher", "attribution"), ("form",), ("language",),
        ("place",), ("country",), ("coder",), ("status",), ("date",), ("from_date",), ("to_date",),
    ),
    "actors": (
        ("organization", "role", "as_of"), ("event",), ("topic",), ("position",), ("source",),
        ("kind",),
    ),
    "organizations": (("kind",), ("country",), ("parent",), ("actor",), ("event",)),
    "events": (
        ("kind",), ("country",), ("place",), ("actor",), ("organization",), ("topic",),
        ("parent",), ("date",), ("from_date",), ("to_date",),
    ),
    "sources": (
        ("kind",), ("publisher",), ("origin",), ("language",), ("actor",), ("event",), ("topic",),
        ("date",), ("from_date",), ("to_date",),
    ),
    "topics": (("parent",), ("actor",), ("event",)),
    "positions": (("topic",), ("actor",)),
}  # fmt: skip
EVERYWHERE = (("id",), ("identifier",), ("updated_since",))
LISTS = tuple(GROUPS)
FILTERS = {
    section: [name for group in (*groups, *EVERYWHERE) for name in group]
    for section, groups in GROUPS.items()
}
SINGLE = ("from_date", "to_date", "as_of", "updated_since")

# what filters that name a thing look among
TYPES: dict[str, tuple[str, ...]] = {
    "publisher": ("organization",),
    "origin": ("organization",),
    "about": ("actor", "organization"),
    "addressee": ("actor", "organization"),
    **{one: (one,) for one in ("actor", "organization", "event", "source", "topic", "position")},
}
MANY = ("topic", "position", "about", "addressee", "source")
HAS = (
    "quote", "actor", "organization", "event", "date", "topic", "position", "about", "addressee",
    "report", "relation", "review",
)  # fmt: skip
FACETS: dict[str, tuple[str, ...]] = {
    "claims": (
        "actor", "organization", "event", "source", "publisher", "topic", "position", "about",
        "addressee", "form", "stance", "status", "language", "year", "month",
    ),
    "actors": ("organization", "event", "topic", "position", "source", "kind"),
    "organizations": ("parent", "actor", "event", "kind"),
    "events": ("parent", "actor", "organization", "topic", "kind"),
    "sources": ("publisher", "origin", "actor", "event", "topic", "kind"),
    "topics": ("parent", "actor", "event"),
    "positions": ("topic", "actor"),
}  # fmt: skip
# the facets that are parts of a date, and how long these are
PRECISION = {"year": 4, "month": 7}
BY_NAME = ("name", "claim_count", "updated_at", "id")
SORTS = {
    "claims": ("date", "updated_at", "id"),
    "events": ("name", "date", "claim_count", "updated_at", "id"),
    "sources": ("name", "date", "claim_count", "updated_at", "id"),
    **dict.fromkeys(("actors", "organizations", "topics", "positions"), BY_NAME),
}

LETTERS = str.maketrans({"ı": "i", "ß": "ss", "ø": "o", "ł": "l", "’": "", "'": "", ".": ""})
# countries by the names that queries use, where no state in the dataset has them
ISO = {"sweden": "SE", "france": "FR", "norway": "NO"}
CODES = {"TR", "NO", "NL", "GB", "SE", "FR"}


@cache
def fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join("".join(one if one.isalnum() else " " for one in plain).split())


def days(date: str, end: str | None = None) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a date, or of the time from one date to another."""
    year, month, day = [*map(int, date.split("-")), 1, 1][:3]
    first = datetime.date(year, month, day)
    until = [*map(int, (end or date).split("-")), None, None][:3]
    last_month = until[1] or 12
    last_day = until[2] or calendar.monthrange(until[0], last_month)[1]
    return first, datetime.date(until[0], last_month, last_day)


def signed(value: str) -> tuple[str, bool]:
    if value.startswith("!") and not value.startswith("!!"):
        return value[1:], True
    return value.removeprefix("!"), False


def types_of(section: str, name: str) -> tuple[str, ...]:
    return (section.removesuffix("s"),) if name == "parent" else TYPES[name]


def name_of(record: dict) -> str:
    return record.get("name") or record.get("title") or record["text"]


def url(section: str, query: Query) -> str:
    return f"/v1/{section}?{urlencode(query)}".rstrip("?")


class Wanted(NamedTuple):
    """Of filters on the same rows: one of these values, each of these, none of those."""

    one_of: dict[str, list[Test]]
    each: dict[str, list[Test]]
    without: list[tuple[str, Test]]

    @property
    def choices(self) -> list[dict[str, list[Test]]]:
        """What there must be rows for: under match=all, one for each of several values."""
        if not self.each:
            return [self.one_of]
        return [
            {**self.one_of, name: [test]} for name, tests in self.each.items() for test in tests
        ]


class Oracle:
    """The answers of a dataset: `sections` of records in the order in which they entered it."""

    def __init__(self, sections: Sections, updated: dict[Ref, str]):
        self.sections = {section: sections.get(section, []) for section in GROUPS}
        self.updated = updated
        self.records: dict[Ref, dict] = {
            (section.removesuffix("s"), record["id"]): record
            for section, records in self.sections.items()
            for record in records
        }
        self.listed = [one for one in self.sections["claims"] if self.is_listed(one)]
        self.rows_of: dict[tuple, list[Row]] = {}
        self.resolved: dict[tuple, set[Ref]] = {}

    @cached_property
    def values(self) -> dict[tuple[str, str], list[str]]:
        """What each filter of each list can be asked for."""
        return asked_values(self.sections)

    @staticmethod
    def is_listed(claim: dict) -> bool:
        return claim.get("status", "coded") in LISTED

    # names

    def resolve(self, types: tuple[str, ...], text: str) -> set[Ref]:
        """What a name stands for."""
        if (types, text) not in self.resolved:
            self.resolved[types, text] = self.look_up(types, text)
        return self.resolved[types, text]

    def look_up(self, types: tuple[str, ...], text: str) -> set[Ref]:
        """By id, else by the whole name, else by its words."""
        pin, colon, rest = text.partition(":")
        if colon and pin in types and pin in ("actor", "organization"):
            return self.by_id((pin,), rest)
        whole, words = set(), set()
        for ref, names in self.names(types):
            folded = [fold(one) for one in names]
            if fold(text) in folded:
                whole.add(ref)
            if fold(text) and any(set(fold(text).split()) <= set(one.split()) for one in folded):
                words.add(ref)
        return self.by_id(types, text) or whole or words

    def by_id(self, types: tuple[str, ...], text: str) -> set[Ref]:
        return {
            (type, id)
            for (type, id), record in self.records.items()
            if type in types and text in (id, *record.get("former_ids", []), *identifiers(record))
        }

    def names(self, types: tuple[str, ...]) -> Iterator[tuple[Ref, list[str]]]:
        for ref, record in self.records.items():
            if ref[0] in types:
                yield ref, [name_of(record), *record.get("aliases", [])]

    def countries(self, text: str) -> set[str]:
        if text.upper() in CODES:
            return {text.upper()}
        found = [self.records[ref] for ref in self.resolve(("organization",), text)]
        states = {one["country"] for one in found if one["kind"] == "state" and "country" in one}
        return states or {code for name, code in ISO.items() if name == fold(text)}

    # what records have: rows of values, by filter

    def rows(self, section: str, names: tuple[str, ...], record: dict) -> list[Row]:
        key = (section, names, record["id"])
        if key not in self.rows_of:
            self.rows_of[key] = list(self.made_rows(section, names, record))
        return self.rows_of[key]

    def made_rows(self, section: str, names: tuple[str, ...], record: dict) -> Iterator[Row]:
        if names == ("position", "stance"):
            for one in record.get("positions", []):
                yield {"position": ("position", one["position"]), "stance": one["stance"]}
        elif names == ("source", "publisher", "attribution"):
            for one in record.get("reports", []):
                source = self.records["source", one["source"]]
                yield {
                    "source": ("source", one["source"]),
                    "publisher": named("organization", source.get("publisher")),
                    "attribution": one.get("attribution"),
                }
        elif names == ("organization", "role", "as_of"):
            for one in record.get("memberships", []):
                yield {
                    "organization": ("organization", one["organization"]),
                    "role": one.get("role"),
                    "as_of": (one.get("start_date"), one.get("end_date")),
                }
        else:
            (name,) = names
            for value in self.own(section, name, record):
                if value is not None:
                    yield {name: value}

    def own(self, section: str, name: str, record: dict) -> Iterable[Any]:
        """A record's values of a filter that stands alone."""
        if name in ("updated_since", "id"):
            type = section.removesuffix("s")
            return [record["id"] if name == "id" else self.updated[type, record["id"]]]
        if name == "identifier":
            return identifiers(record)
        if name in ("from_date", "to_date", "date"):
            start = record.get("start_date") or record.get("date")
            return [days(start, record.get("end_date"))] if start else []
        find = getattr(self, f"{section}_{name}", None)
        if find:
            return find(record)
        if name in TYPES or name == "parent":
            return [named(types_of(section, name)[0], record.get(name))]
        return [record.get(name)]

    def broader(self, topics: Iterable[str]) -> set[Ref]:
        """Topics and all above them."""
        found: set[Ref] = set()
        for topic in topics:
            above: str | None = topic
            while above:
                found.add(("topic", above))
                above = self.records["topic", above].get("parent")
        return found

    def claims_topic(self, claim: dict) -> set[Ref]:
        return self.broader(claim.get("topics", []))

    def claims_about(self, claim: dict) -> list[Ref]:
        return [party(one) for one in claim.get("about", [])]

    def claims_addressee(self, claim: dict) -> list[Ref]:
        return [party(one) for one in claim.get("addressees", [])]

    def claims_status(self, claim: dict) -> list[str]:
        return [claim.get("status", "coded")]

    def event_of(self, claim: dict) -> dict:
        return self.records["event", claim["event"]] if "event" in claim else {}

    def claims_place(self, claim: dict) -> list[str | None]:
        return [claim.get("place") or self.event_of(claim).get("place")]

    def claims_country(self, claim: dict) -> list[str | None]:
        return [self.event_of(claim).get("country")]

    def claims_of(self, type: str, record: dict) -> list[dict]:
        """The listed claims that have to do with a record."""
        group = next(group for group in GROUPS["claims"] if type in group)
        ref = (type, record["id"])
        return [
            one
            for one in self.listed
            if any(row[type] == ref for row in self.rows("claims", group, one))
        ]

    def of_claims(self, type: str, record: dict, name: str) -> set[Ref]:
        """What the listed claims of a record have to do with."""
        group = next(group for group in GROUPS["claims"] if name in group)
        return {
            row[name]
            for claim in self.claims_of(type, record)
            for row in self.rows("claims", group, claim)
        }

    def took_part(self, event: dict) -> set[Ref]:
        return {party(one) for one in event.get("participants", [])}

    def organized(self, event: dict) -> set[Ref]:
        return {("organization", one) for one in event.get("organizers", [])}

    def events_where(self, ref: Ref) -> set[Ref]:
        """The events that somebody took part in or organized."""
        return {
            ("event", event["id"])
            for event in self.sections["events"]
            if ref in self.took_part(event) | self.organized(event)
        }

    def actors_event(self, actor: dict) -> set[Ref]:
        own = self.events_where(("actor", actor["id"]))
        return own | self.of_claims("actor", actor, "event")

    def actors_topic(self, actor: dict) -> set[Ref]:
        return self.of_claims("actor", actor, "topic")

    def actors_position(self, actor: dict) -> set[Ref]:
        return self.of_claims("actor", actor, "position")

    def actors_source(self, actor: dict) -> set[Ref]:
        return self.of_claims("actor", actor, "source")

    def organizations_actor(self, organization: dict) -> set[Ref]:
        return {
            ("actor", actor["id"])
            for actor in self.sections["actors"]
            for one in actor.get("memberships", [])
            if one["organization"] == organization["id"]
        }

    def organizations_event(self, organization: dict) -> set[Ref]:
        own = self.events_where(("organization", organization["id"]))
        return own | self.of_claims("organization", organization, "event")

    def events_actor(self, event: dict) -> set[Ref]:
        parties = {ref for ref in self.took_part(event) if ref[0] == "actor"}
        return parties | self.of_claims("event", event, "actor")

    def events_organization(self, event: dict) -> set[Ref]:
        parties = {ref for ref in self.took_part(event) if ref[0] == "organization"}
        return parties | self.organized(event) | self.of_claims("event", event, "organization")

    def events_topic(self, event: dict) -> set[Ref]:
        return self.of_claims("event", event, "topic")

    def sources_actor(self, source: dict) -> set[Ref]:
        return self.of_claims("source", source, "actor")

    def sources_event(self, source: dict) -> set[Ref]:
        return self.of_claims("source", source, "event")

    def sources_topic(self, source: dict) -> set[Ref]:
        return self.of_claims("source", source, "topic")

    def topics_actor(self, topic: dict) -> set[Ref]:
        return self.of_claims("topic", topic, "actor")

    def topics_event(self, topic: dict) -> set[Ref]:
        return self.of_claims("topic", topic, "event")

    def positions_topic(self, position: dict) -> set[Ref]:
        return self.broader(position.get("topics", []))

    def positions_actor(self, position: dict) -> set[Ref]:
        return self.of_claims("position", position, "actor")

    # what queries ask

    def predicate(self, section: str, name: str, text: str) -> Test:
        """Whether a row's value is what one value of a filter asks for."""
        if name in TYPES or name == "parent":
            refs = self.resolve(types_of(section, name), text)
            return lambda value: value in refs
        if name == "country":
            codes = self.countries(text)
            return lambda value: value in codes
        if name == "language":
            tag = text.lower()
            return lambda value: f"{value}-".lower().startswith(f"{tag}-")
        if name in ("place", "role"):
            words = set(fold(text).split())
            return lambda value: bool(value) and words <= set(fold(value).split())
        if name == "updated_since":
            moment = f"{text}T00:00:00.000000Z" if len(text) == 10 else text
            return lambda value: value >= moment
        if name in ("date", "from_date", "to_date", "as_of"):
            return dated(name, *days(text))
        return lambda value: value == text

    def matching(self, section: str, query: Query) -> list[dict]:
        """The records that match, in the order in which they entered."""
        asked = {name for name, _ in query}
        tests = [
            test
            for group in (*GROUPS[section], *EVERYWHERE)
            if asked & {*group}
            for test in self.tests(section, group, query)
        ]
        tests += [
            self.has(word) for name, value in query if name == "has" for word in value.split(",")
        ]
        if section == "claims" and "status" not in asked:
            tests.append(self.is_listed)
        return [record for record in self.sections[section] if all(test(record) for test in tests)]

    def wanted(self, section: str, group: tuple[str, ...], query: Query) -> Wanted:
        """What a query says of filters that look at the same rows."""
        found = Wanted({}, {}, [])
        for name in group:
            sought = []
            for value in (value for asked, value in query if asked == name):
                text, exclude = signed(value) if excludes(name) else (value, False)
                test = self.predicate(section, name, text)
                if exclude:
                    found.without.append((name, test))
                else:
                    sought.append(test)
            if ("match", "all") in query and name in MANY and len(sought) > 1:
                found.each[name] = sought
            elif sought:
                found.one_of[name] = sought
        return found

    def tests(self, section: str, group: tuple[str, ...], query: Query) -> Iterator[Test]:
        """What a record must pass, of filters that look at the same rows."""
        wanted = self.wanted(section, group, query)
        for choice in wanted.choices:
            if choice:
                yield lambda record, choice=choice: any(
                    passes(row, choice) for row in self.rows(section, group, record)
                )
        for name, test in wanted.without:
            yield (
                lambda record, name=name, test=test: (
                    not any(test(row[name]) for row in self.rows(section, group, record))
                )
            )

    def has(self, word: str) -> Test:
        name, exclude = signed(word)

        def test(claim: dict) -> bool:
            if name == "quote":
                there = bool(claim.get("quote")) or any(
                    one.get("attribution") == "direct" and "exact" in one
                    for one in claim.get("reports", [])
                )
            elif name == "relation":
                there = bool(claim.get("relations")) or any(
                    one["claim"] == claim["id"]
                    for other in self.sections["claims"]
                    for one in other.get("relations", [])
                )
            else:
                field = {
                    "topic": "topics", "position": "positions", "addressee": "addressees",
                    "report": "reports", "review": "reviews",
                }.get(name, name)  # fmt: skip
                there = bool(claim.get(field))
            return there != exclude

        return test

    # answers

    def ids(self, section: str, query: Query) -> list[str]:
        """The ids of a list, in its order."""
        default = "-date" if section == "claims" else "name"
        sort = dict(query).get("sort", default)
        placed = [
            (self.place(section, sort.removeprefix("-"), one), one["id"])
            for one in self.matching(section, query)
        ]
        some = [one for one in placed if one[0] is not None]
        none = [id for place, id in placed if place is None]
        some.sort(key=lambda one: one[0], reverse=sort.startswith("-"))
        return [id for _, id in some] + none

    def place(self, section: str, sort: str, record: dict) -> Any:
        type = section.removesuffix("s")
        if sort == "name":
            return fold(name_of(record))
        if sort == "date":
            return record.get("start_date") or record.get("date")
        if sort == "claim_count":
            return len(self.claims_of(type, record))
        return record["id"] if sort == "id" else self.updated[type, record["id"]]

    def facet(self, section: str, query: Query, name: str) -> dict[str, Any]:
        """A facet as `meta.facets` has it: by value, how many of the records that match have it."""
        found = [
            self.facet_values(section, query, name, one) for one in self.matching(section, query)
        ]
        counts = Counter(value for values in found for value in values)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
        return {
            "groups": len(counts),
            "missing": sum(not values for values in found),
            "values": [
                {"id": id, "name": self.facet_name(section, name, id), "count": count}
                for id, count in ranked
            ],
        }

    def facet_values(self, section: str, query: Query, name: str, record: dict) -> set[str]:
        """A record's values, on rows that are what the rest of the query asks for."""
        if name in PRECISION:
            date = record.get("date", "")[: PRECISION[name]]
            return {date} if len(date) == PRECISION[name] else set()
        group = next(group for group in GROUPS[section] if name in group)
        wanted = self.wanted(section, group, [one for one in query if one[0] != name])
        found = [
            {
                id
                for row in self.rows(section, group, record)
                if row[name] is not None and passes(row, choice)
                for id in shown_as(name, row[name])
            }
            for choice in wanted.choices
        ]
        return set.intersection(*found)

    def facet_name(self, section: str, name: str, id: str) -> str:
        if name not in TYPES and name != "parent":
            return id
        type = types_of(section, name)[0]
        if name in ("about", "addressee"):
            type, _, id = id.partition(":")
        return name_of(self.records[type, id])


def passes(row: Row, choice: dict[str, list[Test]]) -> bool:
    return all(any(test(row[name]) for test in tests) for name, tests in choice.items())


def shown_as(name: str, value: Any) -> list[str]:
    """What a filter takes to find a value; of a language tag, each beginning of it."""
    if name == "language":
        parts = value.split("-")
        return ["-".join(parts[:n]) for n in range(1, len(parts) + 1)]
    if name in ("about", "addressee"):
        return [":".join(value)]
    return [value[1] if isinstance(value, tuple) else value]


def excludes(name: str) -> bool:
    """Whether a leading ! excludes."""
    return name in TYPES or name in ("parent", "language", "country")


def dated(name: str, first: datetime.date, last: datetime.date) -> Test:
    def as_of(period: tuple[str | None, str | None]) -> bool:
        start, end = period
        begins = days(start)[0] if start else datetime.date.min
        ends = days(end)[1] if end else datetime.date.max
        return begins <= last and first <= ends

    return {
        "date": lambda span: first <= span[0] and span[1] <= last,
        "from_date": lambda span: span[1] >= first,
        "to_date": lambda span: span[0] <= last,
        "as_of": as_of,
    }[name]


def named(type: str, id: str | None) -> Ref | None:
    return (type, id) if id else None


def party(item: dict) -> Ref:
    type = "actor" if "actor" in item else "organization"
    return type, item[type]


def identifiers(record: dict) -> list[str]:
    return [f"{one['scheme']}:{one['identifier']}" for one in record.get("identifiers", [])]


# random datasets: the same ones each time, with names that are ambiguous and much that is absent

STATES = [
    {"id": "tuerkiye", "name": "Türkiye", "kind": "state", "aliases": ["Turkey"], "country": "TR"},
    {"id": "norway", "name": "Norway", "kind": "state", "country": "NO"},
    {"id": "nl", "name": "The Netherlands", "kind": "state", "country": "NL"},
]
ORGANIZATIONS = [
    "NATO", "The Daily", "The Daily Herald", "Anadolu Agency", "Fact-Check", "Unity Party",
    "Norway Herald", "!Acme", "Daily",
]  # fmt: skip
ACTORS = [
    "Mark Rutte", "Rutte, Mark Jr.", "Ayşe Işık", "Ayşe Işık", "Seán O’Brien", "A senior official",
    "Recep Tayyip Erdoğan", "Harbour Protesters", "Deniz Kaya", "NATO", "Kaya",
]  # fmt: skip
TOPICS = ["Defence", "Defence Spending", "Arms: Procurement", "Energy", "Gas", "Energy Spending"]
POSITIONS = [
    "Allies should spend five percent.", "Ukraine will join.", "Pipelines should be closed.",
    "Ukraine should join", "NATO",
]  # fmt: skip
EVENTS = [
    "The Summit", "Opening Session", "Antalya Interview", "Long Campaign", "Summit Dinner",
    "Quiet Meeting",
]  # fmt: skip
SOURCES = [
    "Interview with Rutte", "Reprint of the talk", "Herald report", "Summit Declaration",
    "Loose Leaf", "Blog", "Blog", "Transcript: datetime.date 1",
]  # fmt: skip
PLACES = ["The Hague", "World Forum, The Hague", "Antalya", "Ankara", "Łódź"]
ROLES = ["Secretary General", "Deputy Secretary General", "President", "Member"]
DATES = [
    "2025", "2025-05", "2025-05-14", "2025-05-15", "2025-06", "2024-02", "2024-02-29", "2024",
    "2024-12-31", "2026-01-01",
]  # fmt: skip
LANGUAGES = ["en", "en-GB", "de", "zh-Hant", "zh-Hant-TW", "eng"]
FORMS = ["interview", "speech", "vote", "post"]
CODERS = ["ann", "Ann", "bob"]
STATUSES = ["coded", "coded", "coded", "verified", "draft", "withdrawn"]
STANCES = ["support", "oppose", "neutral"]
ATTRIBUTIONS = ["direct", "indirect", "mixed"]
KINDS = {
    "organizations": ["media", "ngo", "party"],
    "actors": ["person", "group", "unnamed"],
    "events": ["summit", "meeting", "interview"],
    "sources": ["article", "post", "other"],
}
RELATIONS = ["repeats", "supports", "contradicts"]
CLAIMS = 60


def made(seed: int) -> Sections:
    """About 60 claims and what they have to do with."""
    return Maker(Random(seed)).sections()


class Maker:
    def __init__(self, random: Random):
        self.random = random
        self.made: Sections = {}

    def maybe(self, value: Any, often: float = 0.6) -> Any:
        return value if self.random.random() < often else None

    def pick(self, values: list) -> Any:
        return self.random.choice(values)

    def one(self, section: str, often: float = 0.6) -> str | None:
        return self.maybe(self.pick(self.made[section])["id"], often)

    def some(self, values: list, most: int = 3) -> list:
        return self.random.sample(values, self.random.randint(0, min(most, len(values))))

    def some_of(self, section: str, most: int = 3) -> list[str]:
        return self.some([one["id"] for one in self.made[section]], most)

    def parties(self) -> list[dict]:
        found = [
            {type: id} for type in ("actor", "organization") for id in self.some_of(f"{type}s")
        ]
        return self.some(found)

    def add(self, section: str, names: list[str], fields: Callable[[], dict]) -> None:
        """Records of these names; their ids do not stand in the order of the records."""
        self.made.setdefault(section, [])
        numbers = list(range(len(names)))
        self.random.shuffle(numbers)
        field = {"sources": "title", "positions": "text", "claims": "text"}.get(section, "name")
        for number, name in zip(numbers, names, strict=True):
            id = f"{section[:2]}-{number}"
            record = {"id": id, field: name, **fields()}
            if section in KINDS:
                record["kind"] = self.pick(KINDS[section])
            if self.random.random() < 0.3:
                record["former_ids"] = [f"was-{id}"]
            if number % 3 == 0:
                record["identifiers"] = [{"scheme": "wikidata", "identifier": f"Q{number}"}]
            self.made[section].append(
                {name: value for name, value in record.items() if value not in (None, [])}
            )

    def sections(self) -> Sections:
        self.made["organizations"] = [*STATES]
        self.add(
            "organizations",
            ORGANIZATIONS,
            lambda: {
                "country": self.maybe(self.pick(["TR", "NO", "GB"])),
                "parent": self.one("organizations", 0.4),
            },
        )
        self.add(
            "actors",
            ACTORS,
            lambda: {
                "aliases": self.some(["The Chief", "Minister Kaya"], 1),
                "memberships": [self.membership() for _ in range(self.random.randint(0, 3))],
            },
        )
        self.add("topics", TOPICS, lambda: {"parent": self.parent("topics", 0.7)})
        self.add("positions", POSITIONS, lambda: {"topics": self.some_of("topics", 2)})
        self.add("events", EVENTS, self.event)
        self.add(
            "sources",
            SOURCES,
            lambda: {
                "publisher": self.one("organizations"),
                "origin": self.one("organizations", 0.3),
                "date": self.maybe(self.pick(DATES)),
                "language": self.maybe(self.pick(LANGUAGES)),
            },
        )
        self.add("claims", [f"Claim {n}" for n in range(CLAIMS)], self.claim)
        for claim in self.made["claims"]:
            others = [one for one in self.some_of("claims", 1) if one != claim["id"]]
            if others and self.random.random() < 0.5:
                claim["relations"] = [
                    {"kind": self.pick(RELATIONS), "claim": one} for one in others
                ]
        return self.made

    def parent(self, section: str, often: float) -> str | None:
        return self.one(section, often) if self.made[section] else None

    def period(self) -> tuple[str | None, str | None]:
        start, end = self.maybe(self.pick(DATES)), self.maybe(self.pick(DATES))
        if start and end and days(end)[1] < days(start)[0]:
            return end, start
        return start, end

    def membership(self) -> dict:
        start, end = self.period()
        fields = {
            "organization": self.pick(self.made["organizations"][:6])["id"],
            "role": self.maybe(self.pick(ROLES)),
            "start_date": start,
            "end_date": end,
        }
        return {name: value for name, value in fields.items() if value}

    def event(self) -> dict:
        start, end = self.period()
        return {
            "start_date": start or self.pick(DATES[:3]),
            "end_date": end if start else None,
            "place": self.maybe(self.pick(PLACES)),
            "country": self.maybe(self.pick(["TR", "NO", "NL"])),
            "parent": self.parent("events", 0.4),
            "organizers": self.some_of("organizations", 2),
            "participants": self.parties(),
        }

    def claim(self) -> dict:
        actor, organization = self.one("actors", 0.8), self.one("organizations")
        return {
            "actor": actor if actor or organization else self.made["actors"][0]["id"],
            "organization": organization,
            "date": self.maybe(self.pick(DATES), 0.8),
            "quote": self.maybe("We must.", 0.3),
            "language": self.maybe(self.pick(LANGUAGES)),
            "form": self.maybe(self.pick(FORMS)),
            "event": self.one("events"),
            "place": self.maybe(self.pick(PLACES), 0.3),
            "topics": self.some_of("topics"),
            "positions": [
                {"position": one, "stance": self.pick(STANCES)} for one in self.some_of("positions")
            ],
            "addressees": self.parties(),
            "about": self.parties(),
            "reports": [self.report() for _ in range(self.random.randint(0, 3))],
            "reviews": [
                {"organization": one, "rating": "half true"}
                for one in self.some_of("organizations", 1)
            ],
            "status": self.pick(STATUSES),
            "coder": self.maybe(self.pick(CODERS)),
        }

    def report(self) -> dict:
        fields = {
            "source": self.pick(self.made["sources"])["id"],
            "attribution": self.maybe(self.pick(ATTRIBUTIONS), 0.8),
            "exact": self.maybe("exactly"),
        }
        return {name: value for name, value in fields.items() if value}


# values that queries ask for

DAYS = [*DATES, "2023", "2025-05-31"]
NONSENSE = ["nobody", "Nothing Here", "unknown:thing"]


def asked_values(sections: Sections) -> dict[tuple[str, str], list[str]]:
    """What each filter of each list can be asked for, by (list, filter)."""
    of_type = {section.removesuffix("s"): names_in(sections[section]) for section in LISTS}
    countries = ["TR", "no", "Turkey", "Norway", "nl", "Sweden", "The Daily", "Atlantis"]
    fixed = {
        "stance": STANCES,
        "attribution": ATTRIBUTIONS,
        "form": [*FORMS, "other"],
        "status": sorted(set(STATUSES)),
        "coder": [*CODERS, "carl", "!ann"],
        "language": [*LANGUAGES, "EN", "zh", "zh-hant", "fr", *(f"!{one}" for one in LANGUAGES)],
        "country": [*countries, *(f"!{one}" for one in countries)],
        "place": ["hague", "HAGUE the", "forum hague", "Antalya", "lodz", "Paris", "ankara"],
        "role": ["general", "Secretary General", "deputy", "president", "king"],
        "updated_since": ["2026-01-02", "2026-03-04", "2026-03-04T05:06:07.000001Z", "2026-03-05"],
        **dict.fromkeys(("date", "from_date", "to_date", "as_of"), DAYS),
    }
    found: dict[tuple[str, str], list[str]] = {}
    for section in LISTS:
        for name in (name for group in (*GROUPS[section], *EVERYWHERE) for name in group):
            if name == "id":
                values = [*(one["id"] for one in sections[section]), "nothing"]
            elif name == "identifier":
                known = [one for record in sections[section] for one in identifiers(record)]
                values = [*known, "wikidata:Q999"]
            elif name == "kind":
                values = KINDS[section]
            elif name in fixed:
                values = fixed[name]
            else:
                types = types_of(section, name)
                values = [one for of in types for one in of_type[of]]
                if len(types) > 1:
                    values += [f"{of}:{one['id']}" for of in types for one in sections[f"{of}s"]]
                values += [f"!{one}" for one in values if not one.startswith("!")]
            found[section, name] = list(dict.fromkeys(values))
    return found


def names_in(records: list[dict]) -> list[str]:
    """Ids, external identifiers, names, and words of names."""
    found = list(NONSENSE)
    for record in records:
        name = name_of(record)
        # ids often, lest most queries find nothing at all
        found += [record["id"], *record.get("former_ids", []), *identifiers(record)]
        found += [name.upper(), f"!{name}" if name.startswith("!") else name]
        found += [fold(name), *fold(name).split()[-1:], " ".join(reversed(fold(name).split()))]
        found += record.get("aliases", [])
    return [one for one in dict.fromkeys(found) if one.strip()]


def queries(values: dict[tuple[str, str], list[str]], section: str) -> st.SearchStrategy[Query]:
    """One to four filters, each with one to three values."""

    def asked(name: str) -> st.SearchStrategy[Query]:
        known = values[section, name]
        most = 1 if name in SINGLE else 3
        picked = st.lists(st.sampled_from(known), min_size=1, max_size=most, unique=True)
        if excludes(name):
            picked = st.one_of(
                picked,
                picked.map(lambda some: [one for one in some if one[0] == "!"] or some),
            )
        return picked.map(lambda some: [(name, one) for one in some])

    filters = st.lists(
        st.sampled_from(FILTERS[section]), min_size=1, max_size=4, unique=True
    ).flatmap(lambda names: st.tuples(*map(asked, names)).map(lambda parts: [*chain(*parts)]))
    if section != "claims":
        return filters
    words = st.sampled_from([*HAS, *(f"!{word}" for word in HAS)])
    has = st.lists(words, max_size=2, unique=True).map(lambda some: [("has", one) for one in some])
    match = st.sampled_from([[], [("match", "all")], [("match", "any")]])
    return st.builds(lambda one, two, three: one + two + three, filters, has, match)


# the datasets, loaded

MOMENTS = (
    "2026-01-02T03:04:05.123456Z",
    "2026-03-04T05:06:07.000001Z",
    "2026-03-05T00:00:00.000000Z",
)


def by_section(lines: bytes) -> Sections:
    sections: Sections = {section: [] for section in LISTS}
    for line in lines.splitlines():
        record = orjson.loads(line)
        sections[f"{record.pop('type')}s"].append(record)
    return sections


def load_made(folder: Path, seed: int) -> dict[tuple[str, str], str]:
    """Load a random dataset, on top of another one with the same ids; when each record changed."""
    before, after = made(seed + 1000), made(seed)
    plain = {section: without_identifiers(records) for section, records in after.items()}
    updated: dict[tuple[str, str], str] = {}
    known: dict[tuple[str, str], dict] = {}
    for sections, moment in zip((before, plain, after), MOMENTS, strict=True):
        load_sections(folder, sections, moment)
        for section, records in sections.items():
            for record in records:
                ref = (section.removesuffix("s"), record["id"])
                content = {name: value for name, value in record.items() if value}
                if known.get(ref) != content:
                    known[ref], updated[ref] = content, moment
    return updated


def loaded(app: Flask, folder: Path, seed: int) -> tuple[str, Oracle]:
    """A new database with a random dataset, and what it must answer."""
    address = new_url(folder, "made")
    open_dataset(address)
    updated = load_made(folder, seed)
    sections = by_section(app.test_client().get("/v1/export").data)
    database.close()
    return address, Oracle(sections, updated)


class Made(NamedTuple):
    """A client of a random dataset, and what it must answer."""

    client: FlaskClient
    oracle: Oracle
