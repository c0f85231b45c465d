"""Popolo: the persons, organizations, memberships, posts and events of a parliament."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from marshmallow import ValidationError

from models import event, organization
from models.values.lookalikes import is_visible
from seeds.fast_validation import field_validator
from seeds.imports.dates import read_written_date
from seeds.imports.drafts import CLAIMANT_TYPES, Draft, DraftStore, Reference
from seeds.imports.json_file import read_json_values
from seeds.raw_record import Unreadable
from seeds.schemas import SCHEMAS

Entry = dict[str, Any]

SECTIONS_READ = ("persons", "organizations", "memberships", "posts", "events", "areas")
# kinds of organizations by words of their classification, the first that fits
ORGANIZATION_KINDS = (
    ("party", r"party|parliamentary.?group|faction|caucus|fraktion"),
    ("committee", r"committee|commission|subcommittee"),
    ("parliament", r"legislature|parliament|chamber|house|senate|assembly|council"),
    ("government", r"government|ministry|executive|cabinet|department|agency"),
    ("court", r"court|tribunal"),
    ("company", r"company|corporation|business"),
    ("ngo", r"ngo|non.?profit|charity|association"),
    ("media", r"media|newspaper|broadcaster"),
)
PERSON_ATTRIBUTES = (
    "gender", "birth_date", "death_date", "honorific_prefix", "honorific_suffix",
    "national_identity", "image",
)  # fmt: skip
ORGANIZATION_ATTRIBUTES = ("classification", "founding_date", "dissolution_date", "image")
# fields that no record has; `email` and addresses are not for everybody
LEFT_OUT = {"contact_details": "contact details", "email": "contact details", "sources": "sources"}
MAX_NAME = 500
MAX_DESCRIPTION = 20_000
MAX_ATTRIBUTE = 2000
VALID_URL = field_validator(SCHEMAS["actor"].fields["url"])
VALID_SCHEME = re.compile("[a-z0-9][a-z0-9._-]{0,199}")

# record types of entries that have names
NAMERS = {"person": "actor", "organization": "organization", "event": "event"}


class NamedEntry(NamedTuple):
    """An entry that has become a record."""

    place: int
    entry: Entry
    reference: Reference
    identifiers: list[dict[str, str]]


class PopoloImport:
    """Reads one file into a store of drafts.

    The file's ids become identifiers of the `scheme`, if there is one.
    """

    def __init__(self, scheme: str = ""):
        self.scheme = scheme
        self.store: DraftStore
        # "person 7", by number less 1
        self.places: list[str] = []
        # entries by id
        self.entries: dict[str, dict[str, Entry]] = {}
        self.named: dict[str, dict[str, NamedEntry]] = {}

    def read(self, path: Path, store: DraftStore) -> None:
        """Tell the store of all persons, organizations and events."""
        self.store = store
        try:
            sections = read_sections(path)
        except Unreadable as error:
            store.error(error.line, "", str(error))
            store.problems.refuse_if_any()
            return
        store.name_places(lambda place: self.places[place - 1])
        embedded = [*embedded_entries(sections)]
        for section, entry in embedded:
            sections[section].append(entry)
        for section in SECTIONS_READ:
            self.note(section, sections[section])
        memberships = self.memberships(sections["memberships"])
        self.add_organizations()
        self.add_persons(memberships)
        self.add_events()

    def note(self, section: str, entries: list[Any]) -> None:
        """Count the entries of a section, and name those that become records."""
        type = section.removesuffix("s")
        by_id: dict[str, Entry] = self.entries.setdefault(type, {})
        self.named.setdefault(type, {})
        for n, entry in enumerate(entries, 1):
            if section == "memberships":
                continue
            self.store.tell(section)
            place = self.place(f"{type} {n}")
            if not isinstance(entry, dict):
                self.store.error(place, "", "must be an object with fields", str(entry))
                continue
            id = popolo_text(entry, "id") or f"#{n}"
            if id in by_id:
                self.store.error(
                    place, "id", f"is the id of an earlier {type}: give each its own", id
                )
                continue
            by_id[id] = entry
            if type in NAMERS:
                self.add_name(type, id, entry, place)

    def place(self, name: str) -> int:
        self.places.append(name)
        return len(self.places)

    def add_name(self, type: str, id: str, entry: Entry, place: int) -> None:
        name = full_name(entry)
        if not is_visible(name):
            self.store.warn(place, "name", f"is missing: the {type} is left out", id)
            return
        record_type, fields = NAMERS[type], self.defaults(type, entry, place)
        if type == "event" and not fields.get("start_date"):
            self.store.warn(place, "start_date", "is missing: the event is left out", name)
            return
        identifiers = self.identifiers(entry, place)
        reference = self.store.name(
            (record_type,),
            name[:MAX_NAME],
            identifiers=[f"{item['scheme']}:{item['identifier']}" for item in identifiers],
            variant=popolo_text(entry, "id"),
            line=place,
            column="name",
            fields=fields,
        )
        self.named[type][id] = NamedEntry(place, entry, reference, identifiers)

    def defaults(self, type: str, entry: Entry, place: int) -> Entry:
        """The fields that only a new record takes."""
        classification = popolo_text(entry, "classification")
        if type == "organization":
            return {"kind": organization_kind(classification)}
        if type == "event":
            word = classification.casefold().replace(" ", "-")
            kind = word if word in event.KINDS else "other"
            return {"kind": kind, "start_date": self.date(entry, "start_date", place)}
        return {}

    def date(self, entry: Entry, name: str, place: int) -> str | None:
        """A date in ISO 8601; another one is told and left out."""
        text = popolo_text(entry, name)
        if not text:
            return None
        try:
            date, had_time = read_written_date(text)
        except ValueError as error:
            self.store.warn(place, name, f"{error}; it is left out", text)
            return None
        if had_time:
            self.store.tell("dates whose time of day is left out")
        return date

    def identifiers(self, entry: Entry, place: int) -> list[dict[str, str]]:
        """The identifiers of an entry, with the file's own id if there is a scheme for it."""
        pairs = {}
        if self.scheme and popolo_text(entry, "id"):
            pairs[self.scheme, popolo_text(entry, "id")] = True
        for item in objects_of(entry, "identifiers"):
            scheme = re.sub("[^a-z0-9._-]+", "-", popolo_text(item, "scheme").casefold()).strip(
                "-._"
            )
            identifier = popolo_text(item, "identifier")
            if scheme in CLAIMANT_TYPES or not VALID_SCHEME.fullmatch(scheme) or not identifier:
                message = "needs a scheme and an identifier: it is left out"
                self.store.warn(place, "identifiers", message, str(item))
                continue
            pairs[scheme, identifier] = True
        return [{"scheme": scheme, "identifier": identifier} for scheme, identifier in pairs]

    def common(self, named: NamedEntry, attributes: tuple[str, ...]) -> tuple[Entry, Entry]:
        """The fields and the attributes that all records have."""
        entry = named.entry
        names = (full_name(entry), *map(full_name, objects_of(entry, "other_names")))
        aliases = dict.fromkeys(name[:MAX_NAME] for name in names if is_visible(name))
        fields = {
            "id": named.reference,
            "aliases": [*aliases],
            "identifiers": named.identifiers,
            "description": next(
                (text for name in ("description", "biography", "summary", "abstract")
                 if (text := popolo_text(entry, name))), ""
            )[:MAX_DESCRIPTION],
            "url": self.url(named),
        }  # fmt: skip
        for name, what in LEFT_OUT.items():
            if entry.get(name):
                self.store.tell(f"{what}, left out")
        own = {name: popolo_text(entry, name)[:MAX_ATTRIBUTE] for name in attributes}
        return (
            {name: value for name, value in fields.items() if value},
            {name: value for name, value in own.items() if value},
        )

    def url(self, named: NamedEntry) -> str:
        """The first link of an entry; one that is invalid is told and left out."""
        urls = [popolo_text(link, "url") for link in objects_of(named.entry, "links")]
        url = popolo_text(named.entry, "url") or next(iter(urls), "")
        try:
            return VALID_URL(url) if url else ""
        except ValidationError as error:
            message = f"{'; '.join(map(str, error.messages))}; it is left out"
            self.store.warn(named.place, "links", message, url)
            return ""

    def referred(self, type: str, entry: Entry, name: str, place: int, consequence: str) -> Any:
        """What an id in a field refers to; an id that the file lacks is told."""
        id = popolo_text(entry, f"{name}_id") or popolo_text(entry.get(name), "id")
        if not id:
            return None
        entries: dict[str, Any] = self.named[type] if type in NAMERS else self.entries[type]
        if id not in entries:
            message = f"no {type} of the file has this id: {consequence}"
            self.store.warn(place, f"{name}_id", message, id)
        return entries.get(id)

    def memberships(self, entries: list[Any]) -> dict[str, list[Entry]]:
        """The memberships of each person, by id; those that lead nowhere are told and left out."""
        memberships: dict[str, list[Entry]] = {}
        used_posts = set()
        for n, entry in enumerate(entries, 1):
            self.store.tell("memberships")
            place = self.place(f"membership {n}")
            if not isinstance(entry, dict):
                self.store.error(place, "", "must be an object with fields", str(entry))
                continue
            left_out = "the membership is left out"
            person = self.referred("person", entry, "person", place, left_out)
            post = self.referred("post", entry, "post", place, "the post is left out") or {}
            used_posts.add(popolo_text(post, "id"))
            holder = entry if has_reference(entry, "organization") else post
            body = self.referred("organization", holder, "organization", place, left_out)
            if person and body:
                id = popolo_text(person.entry, "id")
                membership = self.membership(entry, post, body, place)
                if membership not in memberships.setdefault(id, []):
                    memberships[id].append(membership)
            elif not has_reference(entry, "person"):
                self.store.warn(place, "person_id", f"is missing: {left_out}")
            elif not has_reference(holder, "organization"):
                self.store.warn(place, "organization_id", f"is missing: {left_out}")
        if unused := len(self.entries["post"].keys() - used_posts):
            self.store.tell("posts without a membership, left out", unused)
        return memberships

    def membership(self, entry: Entry, post: Entry, body: NamedEntry, place: int) -> Entry:
        period = self.referred("event", entry, "legislative_period", place, "it is left out")
        party = self.referred("organization", entry, "on_behalf_of", place, "it is left out")
        dates = {name: self.date(entry, name, place) for name in ("start_date", "end_date")}
        if period:
            dates = {name: date or self.date(period.entry, name, period.place)
                     for name, date in dates.items()}  # fmt: skip
        roles = (
            popolo_text(holder, name) for name in ("role", "label") for holder in (entry, post)
        )
        membership = {
            "organization": body.reference,
            "role": next(filter(None, roles), ""),
            "on_behalf_of": party and party.reference,
            "area": self.area(entry, place) or self.area(post, place),
            **dates,
        }  # fmt: skip
        return {name: value for name, value in membership.items() if value}

    def area(self, entry: Entry, place: int) -> str:
        """The name of the area of a membership, a post or an organization."""
        area = entry.get("area")
        if name := popolo_text(area, "name") or (area if isinstance(area, str) else ""):
            return name
        return popolo_text(self.referred("area", entry, "area", place, "it is left out"), "name")

    def add_organizations(self) -> None:
        for named in self.named["organization"].values():
            fields, attributes = self.common(named, ORGANIZATION_ATTRIBUTES)
            parent = self.referred(
                "organization", named.entry, "parent", named.place, "it is left out"
            )
            if parent:
                fields["parent"] = parent.reference
            if area := self.area(named.entry, named.place):
                attributes["area"] = area
            self.store.add(Draft("organization", named.place, fields, attributes))

    def add_persons(self, memberships: dict[str, list[Entry]]) -> None:
        for id, named in self.named["person"].items():
            fields, attributes = self.common(named, PERSON_ATTRIBUTES)
            if id in memberships:
                fields["memberships"] = memberships[id]
            self.store.add(Draft("actor", named.place, fields, attributes))

    def add_events(self) -> None:
        for named in self.named["event"].values():
            fields, attributes = self.common(named, ("classification",))
            entry, place = named.entry, named.place
            fields |= {
                "start_date": self.date(entry, "start_date", place),
                "end_date": self.date(entry, "end_date", place),
                "place": popolo_text(entry, "location") or self.area(entry, place) or None,
            }
            for name, field in (("parent", "parent"), ("organization", "organizers")):
                type = "event" if name == "parent" else "organization"
                referred = self.referred(type, entry, name, place, "it is left out")
                if referred:
                    reference = referred.reference
                    fields[field] = [reference] if field == "organizers" else reference
            fields["participants"] = self.participants(entry, place)
            fields = {name: value for name, value in fields.items() if value}
            self.store.add(Draft("event", place, fields, attributes))

    def participants(self, entry: Entry, place: int) -> list[Entry]:
        """The attendees of an event."""
        participants = []
        for item in objects_of(entry, "attendees"):
            attendee = item if has_reference(item, "person") else {"person_id": item.get("id")}
            person = self.referred("person", attendee, "person", place, "the attendee is left out")
            if person:
                role = popolo_text(item, "role")
                participants.append({"actor": person.reference, **({"role": role} if role else {})})
        return participants


def read_sections(path: Path) -> dict[str, list[Any]]:
    """The sections of a file. Raises Unreadable."""
    (document, *more) = read_json_values(path)
    if more or not isinstance(document.value, dict):
        raise Unreadable("is no Popolo file: give one JSON object with a list of persons")
    sections: dict[str, list[Any]] = {}
    for section in SECTIONS_READ:
        entries = document.value.get(section) or []
        if not isinstance(entries, list):
            raise Unreadable(f"{section}: must be a list")
        sections[section] = [*entries]
    if not any(sections.values()):
        raise Unreadable(f"is no Popolo file: it has none of the lists {', '.join(SECTIONS_READ)}")
    return sections


def embedded_entries(sections: dict[str, list[Any]]) -> Iterator[tuple[str, Entry]]:
    """The memberships and posts that stand in persons and organizations."""
    for section, owner in (("persons", "person_id"), ("organizations", "organization_id")):
        for entry in sections[section]:
            if isinstance(entry, dict):
                for inner in ("memberships", "posts"):
                    for item in objects_of(entry, inner):
                        yield inner, {owner: entry.get("id"), **item}


def objects_of(entry: Any, name: str) -> list[Entry]:
    """The objects in a list of an entry."""
    items = entry.get(name) if isinstance(entry, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def popolo_text(entry: Any, name: str) -> str:
    """A text or number of an entry, with single spaces."""
    value = entry.get(name) if isinstance(entry, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())


def has_reference(entry: Entry, name: str) -> bool:
    return bool(popolo_text(entry, f"{name}_id") or popolo_text(entry.get(name), "id"))


def full_name(entry: Entry) -> str:
    """The name of an entry, else the parts of its name; else its main other name."""
    if name := popolo_text(entry, "name"):
        return name
    parts = (popolo_text(entry, part) for part in ("given_name", "additional_name", "family_name"))
    if name := " ".join(filter(None, parts)):
        return name
    main = (
        item for item in objects_of(entry, "other_names") if popolo_text(item, "note") == "Main"
    )
    return next((full_name(item) for item in main), "")


def organization_kind(classification: str) -> str:
    word = classification.casefold()
    if word in organization.KINDS:
        return word
    fitting = (kind for kind, words in ORGANIZATION_KINDS if re.search(words, word))
    return next(fitting, "other")
