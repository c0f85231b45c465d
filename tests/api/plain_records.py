"""Plain Python over records in seed form: the names of records, and the values of their filters.

Written from the contract alone. These functions import neither the models nor the API, so that
tests can compare the two ways to the same result.
"""

from __future__ import annotations

import calendar
import datetime
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from tests.api.list_parameters import GROUPS, names_records, types_of
from tests.models.partial_dates import share_a_day

# a record's type and id
Ref = tuple[str, str]
# the values of one group of filters: one item of a record's list, or one field
Row = dict[str, Any]
Sections = dict[str, list[dict]]

LISTED = ("coded", "verified")
CONJUNCTIONS = ("and", "und", "et", "og", "y")
SPELLED_OUT = {"ü": "ue", "ö": "oe", "ø": "oe", "ä": "ae", "å": "aa"}
LETTERS = str.maketrans({"ı": "i", "ß": "ss", "ø": "o", "ł": "l", "’": "", "'": "", ".": ""})
PINYIN = {"刘": "liu", "莉": "li", "丽": "li"}
# Latin letters for the others in the random datasets
OTHER_SCRIPTS = str.maketrans(
    {"θ": "th", **dict(zip("στηναвладимрпутн", "stinavladimrputn", strict=True))}
)
# country codes by name, for countries of which the dataset has no state
ISO = {"sweden": "SE", "france": "FR", "norway": "NO"}
CODES = {"TR", "NO", "NL", "GB", "SE", "FR"}


@cache
def fold(text: str) -> str:
    """Text in lower case, without diacritics and punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    latin = "".join(PINYIN.get(char, char) for char in letters)
    return " ".join("".join(char if char.isalnum() else " " for char in latin).split())


@cache
def spellings(text: str) -> set[str]:
    """The words of a text side by side, with and without ue, oe, ae and aa for single letters."""
    keys = set()
    for pairs in ({}, SPELLED_OUT):
        plain = text.casefold().replace("&", " and ").replace("+", " and ")
        for letter, letters in pairs.items():
            plain = plain.replace(letter, letters)
        words = fold(plain).split()
        inner = ["and" if word in CONJUNCTIONS else word for word in words[1:-1]]
        keys.add("".join(words[:1] + inner + words[1:][-1:]))
    return keys - {""}


def is_han(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


def name_texts(record: dict) -> list[str]:
    """The names and aliases of a record, also without what is inside a word (`O’Brien`)."""
    names = [record.get("name", ""), *record.get("aliases", [])]
    return [*names, *(fold(name) for name in names)]


@cache
def words_of(text: str) -> list[str]:
    """The words of a text: Latin ones as `fold` has them, each Han character by itself."""
    text = text.replace("U.S.", "US")
    words = "".join(f" {char} " if "一" <= char <= "鿿" else char for char in text)
    apart = "".join(char if char.isalnum() else " " for char in words)
    return [
        word
        for part in apart.split()
        for word in (
            [part] if "一" <= part <= "鿿" else fold(part).translate(OTHER_SCRIPTS).split()
        )
    ]


def days(date: str, end: str | None = None) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a date, or of the time from one date to another."""
    year, month, day = [*map(int, date.split("-")), 1, 1][:3]
    first = datetime.date(year, month, day)
    last_year, end_month, end_day = [*map(int, (end or date).split("-")), None, None][:3]
    last_month = end_month or 12
    last_day = end_day or calendar.monthrange(last_year, last_month)[1]
    return first, datetime.date(last_year, last_month, last_day)


def name_of(record: dict) -> str:
    return record.get("name") or record.get("title") or record["text"]


def identifiers(record: dict) -> list[str]:
    return [f"{item['scheme']}:{item['identifier']}" for item in record.get("identifiers", [])]


def party(item: dict) -> Ref:
    """The actor or organization that an item of a list names."""
    type = "actor" if "actor" in item else "organization"
    return type, item[type]


def optional_ref(type: str, id: str | None) -> Ref | None:
    return (type, id) if id else None


class PlainRecords:
    """Records in the order in which they entered the dataset, with their moments of change."""

    def __init__(self, sections: Sections, updated: dict[Ref, str]):
        self.sections = {section: sections.get(section, []) for section in GROUPS}
        self.updated = updated
        self.records: dict[Ref, dict] = {
            (section.removesuffix("s"), record["id"]): record
            for section, records in self.sections.items()
            for record in records
        }
        self.listed = [claim for claim in self.sections["claims"] if self.is_listed(claim)]
        self.row_cache: dict[tuple, list[Row]] = {}
        self.name_cache: dict[tuple, set[Ref]] = {}

    @staticmethod
    def is_listed(claim: dict) -> bool:
        return claim.get("status", "coded") in LISTED

    # names

    def resolve(self, types: tuple[str, ...], text: str) -> set[Ref]:
        """The records of some types that a name stands for."""
        if (types, text) not in self.name_cache:
            self.name_cache[types, text] = self.look_up(types, text)
        return self.name_cache[types, text]

    def look_up(self, types: tuple[str, ...], text: str) -> set[Ref]:
        """The records with this id, this whole name, another spelling of it, or these words."""
        pin, colon, rest = text.partition(":")
        if colon and pin in types and pin in ("actor", "organization"):
            return self.by_id((pin,), rest)
        by_letters, by_name, by_spelling, by_words = set(), set(), set(), set()
        folded_text = fold(text)
        for ref, names in self.names(types):
            folded_names = [fold(name) for name in names]
            if folded_text in folded_names:
                by_name.add(ref)
                if is_han(text) and text in names:
                    by_letters.add(ref)
            if any(spellings(text) & spellings(name) for name in names):
                by_spelling.add(ref)
            record = self.records[ref]
            if record.get("kind") == "state" and record.get("country") == text.upper():
                by_spelling.add(ref)
            words = set(folded_text.split())
            if words and any(words <= set(name.split()) for name in folded_names):
                by_words.add(ref)
        return self.by_id(types, text) or by_letters or by_name or by_spelling or by_words

    def by_id(self, types: tuple[str, ...], text: str) -> set[Ref]:
        return {
            (type, id)
            for (type, id), record in self.records.items()
            if type in types and text in (id, *record.get("former_ids", []), *identifiers(record))
        }

    def names(self, types: tuple[str, ...]) -> Iterator[tuple[Ref, list[str]]]:
        for ref, record in self.records.items():
            if ref[0] in types:
                label = [record["label"]] if "label" in record else []
                yield ref, [name_of(record), *label, *record.get("aliases", [])]

    def countries(self, text: str) -> set[str]:
        """The codes of the countries that a code or a name stands for."""
        if text.upper() in CODES:
            return {text.upper()}
        organizations = [self.records[ref] for ref in self.resolve(("organization",), text)]
        states = {
            organization["country"]
            for organization in organizations
            if organization["kind"] == "state" and "country" in organization
        }
        return states or {code for name, code in ISO.items() if name == fold(text)}

    # rows of values, by group of filters

    def rows(self, section: str, group: tuple[str, ...], record: dict) -> list[Row]:
        """A record's values of the filters of a group, row by row."""
        key = (section, group, record["id"])
        if key not in self.row_cache:
            self.row_cache[key] = list(self.build_rows(section, group, record))
        return self.row_cache[key]

    def build_rows(self, section: str, group: tuple[str, ...], record: dict) -> Iterator[Row]:
        if group == ("position", "stance"):
            for item in record.get("positions", []):
                yield {"position": ("position", item["position"]), "stance": item["stance"]}
        elif group == ("source", "publisher", "attribution"):
            for report in record.get("reports", []):
                source = self.records["source", report["source"]]
                yield {
                    "source": ("source", report["source"]),
                    "publisher": optional_ref("organization", source.get("publisher")),
                    "attribution": report.get("attribution"),
                }
        elif group == ("reviewer", "rating", "verdict"):
            for review in record.get("reviews", []):
                yield {
                    "reviewer": ("organization", review["organization"]),
                    "rating": review.get("rating"),
                    "verdict": review.get("verdict"),
                }
        elif group == ("organization", "role", "as_of"):
            for membership in record.get("memberships", []):
                yield {
                    "organization": ("organization", membership["organization"]),
                    "role": membership.get("role"),
                    "as_of": (membership.get("start_date"), membership.get("end_date")),
                }
        else:
            (name,) = group
            for value in self.values_of(section, name, record):
                if value is not None:
                    yield {name: value}

    def values_of(self, section: str, name: str, record: dict) -> Iterable[Any]:
        """A record's values of a filter that has a group of its own."""
        if name == "q":
            return [[words_of(text) for text in self.texts(section, record)]]
        if name in ("updated_since", "id"):
            type = section.removesuffix("s")
            return [record["id"] if name == "id" else self.updated[type, record["id"]]]
        if name == "identifier":
            return identifiers(record)
        if name in ("from_date", "to_date", "date"):
            start = record.get("start_date") or record.get("date")
            return [days(start, record.get("end_date"))] if start else []
        if name == "attribute":
            return [":".join(pair) for pair in record.get("attributes", {}).items()]
        derived = getattr(self, f"{section}_{name}", None)
        if derived:
            return derived(record)
        if names_records(name):
            return [optional_ref(types_of(section, name)[0], record.get(name))]
        return [record.get(name)]

    def texts(self, section: str, record: dict) -> list[str]:
        """The texts of a record in which `q` searches."""
        if section == "claims":
            (claimant,) = self.claims_claimant(record)
            named = self.records[claimant]
            exact = [report.get("exact", "") for report in record.get("reports", [])]
            own = [record["text"], record.get("quote", ""), *exact]
            return [*own, *name_texts(named)]
        fields = [record.get(name, "") for name in ("title", "text", "label", "description")]
        return [*fields, *name_texts(record)]

    def with_ancestors(self, type: str, ids: Iterable[str]) -> set[Ref]:
        """Records of a hierarchy and everything above them."""
        refs: set[Ref] = set()
        for id in ids:
            ancestor: str | None = id
            while ancestor:
                refs.add((type, ancestor))
                ancestor = self.records[type, ancestor].get("parent")
        return refs

    def claims_of(self, type: str, record: dict) -> list[dict]:
        """The listed claims that the filter of a type finds for a record of the type."""
        group = next(group for group in GROUPS["claims"] if type in group)
        ref = (type, record["id"])
        return [
            claim
            for claim in self.listed
            if any(row[type] == ref for row in self.rows("claims", group, claim))
        ]

    def event_of(self, claim: dict) -> dict:
        return self.records["event", claim["event"]] if "event" in claim else {}

    def participants(self, event: dict) -> set[Ref]:
        return {party(item) for item in event.get("participants", [])}

    def organizers(self, event: dict) -> set[Ref]:
        return {("organization", id) for id in event.get("organizers", [])}

    def took_part(self, section: str, record: dict, name: str) -> set[Ref]:
        """The events in which a record took part, or of an event those who took part."""
        if section == "events":
            return self.participants(record) | self.organizers(record)
        ref = (section.removesuffix("s"), record["id"])
        return {
            ("event", event["id"])
            for event in self.sections["events"]
            if ref in self.participants(event) | self.organizers(event)
        }

    # a method for each filter whose values are no field of the record: {section}_{filter}

    def claims_claimant(self, claim: dict) -> list[Ref]:
        if "actor" in claim:
            return [("actor", claim["actor"])]
        return [("organization", claim["organization"])]

    def claims_role(self, claim: dict) -> list[str | None]:
        """The claim's own role, else the latest one in the organization at the claim's date."""
        if "role" in claim or not {"actor", "organization", "date"} <= claim.keys():
            return [claim.get("role")]
        memberships = [
            membership
            for membership in self.records["actor", claim["actor"]].get("memberships", [])
            if membership["organization"] == claim["organization"]
            and share_a_day(claim["date"], membership.get("start_date"), membership.get("end_date"))
        ]
        latest = max(memberships, key=lambda item: item.get("start_date", ""), default={})
        return [latest.get("role")]

    def claims_min_publishers(self, claim: dict) -> list[int]:
        """How many independent publishers report a claim."""
        publishers = set()
        for report in claim.get("reports", []):
            source = self.records["source", report["source"]]
            organization = source.get("origin") or source.get("publisher")
            publishers.add(("organization", organization) if organization else source["id"])
        return [len(publishers)]

    def claims_event(self, claim: dict) -> set[Ref]:
        return self.with_ancestors("event", [claim["event"]] if "event" in claim else [])

    def claims_topic(self, claim: dict) -> set[Ref]:
        return self.with_ancestors("topic", claim.get("topics", []))

    def claims_about(self, claim: dict) -> list[Ref]:
        return [party(item) for item in claim.get("about", [])]

    def claims_addressee(self, claim: dict) -> list[Ref]:
        return [party(item) for item in claim.get("addressees", [])]

    def claims_status(self, claim: dict) -> list[str]:
        return [claim.get("status", "coded")]

    def claims_place(self, claim: dict) -> list[str | None]:
        return [claim.get("place") or self.event_of(claim).get("place")]

    def claims_country(self, claim: dict) -> list[str | None]:
        return [self.event_of(claim).get("country")]

    def organizations_actor(self, organization: dict) -> set[Ref]:
        return {
            ("actor", actor["id"])
            for actor in self.sections["actors"]
            for membership in actor.get("memberships", [])
            if membership["organization"] == organization["id"]
        }

    def positions_topic(self, position: dict) -> set[Ref]:
        return self.with_ancestors("topic", position.get("topics", []))
