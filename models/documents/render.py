"""How a row becomes its JSON document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any
from urllib.parse import quote

import orjson

from models import RESOURCES
from models.base import batches, database, rows
from models.claim import STANCES
from models.records.rows import Row, named, picked
from models.search.names import NAME, NAMED
from models.values.dates import overlaps

# what stands in for the name of records that have none
TITLES = {"source": "title", "position": "text"}


class Shown:
    """How documents show other records; found once for the batches of one run."""

    # beyond this many, what was found is forgotten
    MOST = 50_000

    def __init__(self) -> None:
        # by key: {"id", "name"}; {"type", "id", "name"}; what reports show of a source; an actor's
        # kind, and memberships: (organization, role, start_date, end_date)
        self.brief: dict[int | None, Any] = {}
        self.party: dict[int, dict] = {}
        self.source: dict[int, dict] = {}
        self.kind: dict[int | None, str] = {}
        self.memberships: dict[int, list[tuple]] = {}

    def begin(self) -> None:
        """Make ready for another batch."""
        if not 0 < len(self.brief) < self.MOST:
            for found in (self.brief, self.party, self.source, self.kind, self.memberships):
                found.clear()
            self.brief[None] = None

    def find(self, *columns: Iterable[int | None]) -> None:
        """Find the records of these keys, so that documents can show them."""
        for keys in batches(missing(self.brief, *columns)):
            sql = (
                f"SELECT record.key, record.type, record.id, {NAME} FROM record {NAMED}"
                f" WHERE record.key IN {database.in_list}"
            )
            for key, type, id, name in rows(sql, database.pack(keys)):
                self.brief[key] = {"id": id, TITLES.get(type, "name"): name}
                if type in ("actor", "organization"):
                    self.party[key] = {"type": type, "id": id, "name": name}

    def find_sources(self, keys: Iterable[int]) -> None:
        """Find these sources, so that reports can show them."""
        new = [
            row
            for some in batches(missing(self.source, keys))
            for row in rows(
                "SELECT key, publisher, origin, date, url FROM source"
                f" WHERE key IN {database.in_list}",
                database.pack(some),
            )
        ]
        self.find(*(row[:3] for row in new))
        for key, publisher, origin, date, url in new:
            self.source[key] = {
                "shown": {
                    "source": {**self.brief[key], "date": date, "url": url},
                    "publisher": self.brief[publisher],
                    "origin": self.brief[origin],
                },
                "url": url,
                "independent": origin or publisher or key,
            }

    def find_claimants(self, keys: Iterable[int | None]) -> None:
        """Find the kinds and memberships of these actors, so that claims can show them."""
        for some in batches(missing(self.kind, keys) - {None}):
            of = database.pack(some)
            self.memberships |= {key: [] for key in some}
            for key, *membership in rows(
                "SELECT actor, organization, role, start_date, end_date FROM membership"
                f" WHERE actor IN {database.in_list} ORDER BY actor, ordinal",
                of,
            ):
                self.memberships[key].append(tuple(membership))
            self.kind |= dict(
                rows(f"SELECT key, kind FROM actor WHERE key IN {database.in_list}", of)
            )


def missing(found: Mapping, *columns: Iterable[int | None]) -> set:
    """The keys that were not found yet."""
    return {key for column in columns for key in column if key not in found}


class Batch:
    """The rows that the documents of some records of one type are made of."""

    def __init__(
        self,
        type: str,
        tables: Mapping[Any, list[Row]],
        records: Mapping[int, tuple[str, str, str]],
        named: Iterable[tuple[int, str, str]],
        shown: Shown,
        related: Mapping[int, list[dict]] | None = None,
    ):
        """`records` holds ids and times by key, `named` former ids and identifiers, `related` what
        claims do to others and others to them.
        """
        self.type = type
        self.records = records
        self.shown = shown
        self.related = related or {}
        model = RESOURCES[type]
        self.own = tables[model]
        self.links: dict[str, dict[int, list[Row]]] = {}
        for link in model.LINKS:
            of = self.links[link.SECTION] = defaultdict(list)
            for row in tables[link]:
                of[row[link.OWNER]].append(row)
        self.handles = defaultdict(list)
        for key, kind, value in named:
            self.handles[key, kind].append(value)

    @classmethod
    def kept(cls, type: str, keys: list[int], shown: Shown) -> Batch:
        """The records of these keys, as their rows stand now."""
        shown.begin()
        model = RESOURCES[type]
        tables: dict[Any, list[Row]] = {model: picked(model, "key", keys)}
        tables |= {link: picked(link, link.OWNER, keys) for link in model.LINKS}
        sql = f"SELECT key, id, created_at, updated_at FROM record WHERE key IN {database.in_list}"
        records = {key: tuple(rest) for key, *rest in rows(sql, database.pack(keys))}
        related = relations(keys) if type == "claim" else None
        return cls(type, tables, records, named(keys), shown, related)

    @property
    def keys(self) -> list[int]:
        return column(self.own, "key")

    def documents(self) -> Iterator[tuple[int, dict]]:
        shape = SHAPES[self.type](self)
        for row in self.own:
            key = row["key"]
            id, created_at, updated_at = self.records[key]
            identifiers = [one.partition(":") for one in self.handles.get((key, "identifier"), ())]
            document = {
                "id": id,
                **shape(row),
                "identifiers": [
                    {"scheme": scheme, "identifier": identifier}
                    for scheme, _, identifier in identifiers
                ],
                "former_ids": self.handles.get((key, "former"), []),
                "created_at": created_at,
                "updated_at": updated_at,
            }
            yield key, document


def column(rows: Iterable[Row], name: str) -> list:
    return [row[name] for row in rows]


def items(batch: Batch, section: str, name: str) -> list:
    return [row[name] for of in batch.links[section].values() for row in of]


def listed(text: str | None) -> Any:
    return orjson.loads(text) if text else []


def mapped(text: str | None) -> Any:
    return orjson.loads(text) if text else {}


def actors(batch: Batch) -> Callable[[Row], dict]:
    batch.shown.find(items(batch, "memberships", "organization"))
    brief = batch.shown.brief

    def document(row: Row) -> dict:
        return {
            "name": row["name"],
            "kind": row["kind"],
            "aliases": listed(row["aliases"]),
            "description": row["description"],
            "url": row["url"],
            "attributes": mapped(row["attributes"]),
            "memberships": [
                {
                    "organization": brief[one["organization"]],
                    "role": one["role"],
                    "start_date": one["start_date"],
                    "end_date": one["end_date"],
                }
                for one in batch.links["memberships"].get(row["key"], ())
            ],
            "claim_count": row["claim_count"],
        }

    return document


def organizations(batch: Batch) -> Callable[[Row], dict]:
    batch.shown.find(column(batch.own, "parent"))
    brief = batch.shown.brief

    def document(row: Row) -> dict:
        return {
            "name": row["name"],
            "kind": row["kind"],
            "aliases": listed(row["aliases"]),
            "description": row["description"],
            "country": row["country"],
            "parent": brief[row["parent"]],
            "url": row["url"],
            "attributes": mapped(row["attributes"]),
            "claim_count": row["claim_count"],
        }

    return document


def events(batch: Batch) -> Callable[[Row], dict]:
    batch.shown.find(
        column(batch.own, "parent"),
        items(batch, "organizers", "organization"),
        items(batch, "participants", "party"),
    )
    brief, party = batch.shown.brief, batch.shown.party

    def document(row: Row) -> dict:
        return {
            "name": row["name"],
            "kind": row["kind"],
            "aliases": listed(row["aliases"]),
            "start_date": row["start_date"],
            "end_date": row["end_date"],
            "place": row["place"],
            "country": row["country"],
            "parent": brief[row["parent"]],
            "organizers": [
                brief[one["organization"]] for one in batch.links["organizers"].get(row["key"], ())
            ],
            "participants": [
                {**party[one["party"]], "role": one["role"]}
                for one in batch.links["participants"].get(row["key"], ())
            ],
            "description": row["description"],
            "url": row["url"],
            "claim_count": row["claim_count"],
        }

    return document


def sources(batch: Batch) -> Callable[[Row], dict]:
    batch.shown.find(column(batch.own, "publisher"), column(batch.own, "origin"))
    brief = batch.shown.brief

    def document(row: Row) -> dict:
        return {
            "title": row["title"],
            "kind": row["kind"],
            "publisher": brief[row["publisher"]],
            "origin": brief[row["origin"]],
            "authors": listed(row["authors"]),
            "date": row["date"],
            "language": row["language"],
            "url": row["url"],
            "claim_count": row["claim_count"],
        }

    return document


def topics(batch: Batch) -> Callable[[Row], dict]:
    batch.shown.find(column(batch.own, "parent"))
    brief = batch.shown.brief

    def document(row: Row) -> dict:
        return {
            "name": row["name"],
            "aliases": listed(row["aliases"]),
            "description": row["description"],
            "parent": brief[row["parent"]],
            "claim_count": row["claim_count"],
        }

    return document


def positions(batch: Batch) -> Callable[[Row], dict]:
    batch.shown.find(items(batch, "topics", "topic"))
    brief = batch.shown.brief
    stances: dict[int, dict[str, int]] = defaultdict(dict)
    by_stance = (
        "SELECT position, stance, COUNT(*) FROM claim_position"
        f" WHERE listed = 1 AND position IN {database.in_list} GROUP BY position, stance"
    )
    for key, stance, count in rows(by_stance, database.pack(batch.keys)):
        stances[key][stance] = count

    def document(row: Row) -> dict:
        counted = {stance: stances[row["key"]].get(stance, 0) for stance in STANCES}
        return {
            "text": row["text"],
            "topics": [brief[one["topic"]] for one in batch.links["topics"].get(row["key"], ())],
            "stances": counted,
            "claim_count": row["claim_count"],
        }

    return document


def claims(batch: Batch) -> Callable[[Row], dict]:
    sections, shown = batch.links, batch.shown
    shown.find(
        *(column(batch.own, name) for name in ("actor", "organization", "event")),
        items(batch, "topics", "topic"),
        items(batch, "positions", "position"),
        items(batch, "about", "party"),
        items(batch, "addressees", "party"),
        items(batch, "reviews", "organization"),
    )
    shown.find_sources(items(batch, "reports", "source"))
    brief, party, sources = shown.brief, shown.party, shown.source
    shown.find_claimants(column(batch.own, "actor"))

    def report(one: Row) -> dict:
        source = sources[one["source"]]
        return {
            **source["shown"],
            "attribution": one["attribution"],
            "exact": one["exact"],
            "prefix": one["prefix"],
            "suffix": one["suffix"],
            "start": one["start"],
            "end": one["end"],
            "link": link(source["url"], one),
        }

    def document(row: Row) -> dict:
        key = row["key"]
        reports = sections["reports"].get(key, ())
        independent = {sources[one["source"]]["independent"] for one in reports}
        direct = (
            one["exact"] for one in reports if one["attribution"] == "direct" and one["exact"]
        )
        actor = brief[row["actor"]]
        if actor:
            role = row["role"] or role_of(
                shown.memberships[row["actor"]], row["organization"], row["date"]
            )
            actor = {**actor, "kind": shown.kind[row["actor"]], "role": role}
        return {
            "text": row["text"],
            "quote": row["quote"] or next(direct, None),
            "date": row["date"],
            "role": row["role"],
            "status": row["status"],
            "coder": row["coder"],
            "form": row["form"],
            "language": row["language"],
            "place": row["place"],
            "attributes": mapped(row["attributes"]),
            "actor": actor,
            "organization": brief[row["organization"]],
            "event": brief[row["event"]],
            "topics": [brief[one["topic"]] for one in sections["topics"].get(key, ())],
            "positions": [
                {**brief[one["position"]], "stance": one["stance"]}
                for one in sections["positions"].get(key, ())
            ],
            "about": [party[one["party"]] for one in sections["about"].get(key, ())],
            "addressees": [party[one["party"]] for one in sections["addressees"].get(key, ())],
            "reports": [report(one) for one in reports],
            "independent_publishers": len(independent),
            "relations": batch.related.get(key, []),
            "reviews": [
                {
                    "organization": brief[one["organization"]],
                    "rating": one["rating"],
                    "url": one["url"],
                    "date": one["date"],
                    "summary": one["summary"],
                }
                for one in sections["reviews"].get(key, ())
            ],
        }

    return document


def role_of(memberships: list[tuple], organization: int | None, date: str | None) -> str | None:
    """A member's role in the organization that a claim is made for, at the claim's date.

    Of several memberships that overlap the date the one that started last decides, then the first.
    """
    if not organization or not date:
        return None
    found: list[tuple[str, str | None]] = [
        (start or "", role)
        for of, role, start, end in memberships
        if of == organization and overlaps(date, start, end)
    ]
    return max(found, key=itemgetter(0))[1] if found else None


def relations(keys: list[int]) -> dict[int, list[dict]]:
    """What claims do to others, in their records' order, then what others do to them, by id."""
    found: dict[int, list[dict]] = defaultdict(list)
    select = (
        "SELECT relation.{own}, relation.kind, record.id, claim.text, claim.date FROM relation"
        " JOIN record ON record.key = relation.{other} JOIN claim ON claim.key = relation.{other}"
        f" WHERE relation.{{own}} IN {database.in_list} ORDER BY relation.{{own}}, {{order}}"
    )
    for direction, own, other, order in (
        ("out", "claim", "target", "relation.ordinal"),
        ("in", "target", "claim", "record.id, relation.ordinal"),
    ):
        sql = select.format(own=own, other=other, order=order)
        for key, kind, id, text, date in rows(sql, database.pack(keys)):
            claim = {"id": id, "text": text, "date": date}
            found[key].append({"kind": kind, "direction": direction, "claim": claim})
    return found


def link(url: str | None, report: Row) -> str | None:
    """The source's URL, opening at the exact words (W3C text fragment)."""
    if not url or not report["exact"]:
        return url
    before = f"{fragment(report['prefix'])}-," if report["prefix"] else ""
    after = f",-{fragment(report['suffix'])}" if report["suffix"] else ""
    start = "" if "#" in url else "#"
    return f"{url}{start}:~:text={before}{fragment(report['exact'])}{after}"


class Percent(dict[int, str]):
    """Characters by code point, as a text fragment writes them: for `str.translate`."""

    def __missing__(self, code: int) -> str:
        self[code] = quote(chr(code), safe="").replace("-", "%2D")
        return self[code]


PERCENT = Percent()


def fragment(text: str) -> str:
    return text.translate(PERCENT)


SHAPES: dict[str, Callable[[Batch], Callable[[Row], dict]]] = {
    "actor": actors,
    "organization": organizations,
    "event": events,
    "source": sources,
    "topic": topics,
    "position": positions,
    "claim": claims,
}

# the records that documents name: {type: {name: (their type, None where each says it, the path)}}
INCLUDES: dict[str, dict[str, tuple[str | None, tuple[str, ...]]]] = {
    "actor": {"organization": ("organization", ("memberships", "organization"))},
    "organization": {"parent": ("organization", ("parent",))},
    "event": {
        "parent": ("event", ("parent",)),
        "organizer": ("organization", ("organizers",)),
        "participant": (None, ("participants",)),
    },
    "source": {
        "publisher": ("organization", ("publisher",)),
        "origin": ("organization", ("origin",)),
    },
    "topic": {"parent": ("topic", ("parent",))},
    "position": {"topic": ("topic", ("topics",))},
    "claim": {
        "actor": ("actor", ("actor",)),
        "organization": ("organization", ("organization",)),
        "event": ("event", ("event",)),
        "source": ("source", ("reports", "source")),
        "publisher": ("organization", ("reports", "publisher")),
        "topic": ("topic", ("topics",)),
        "position": ("position", ("positions",)),
        "about": (None, ("about",)),
        "addressee": (None, ("addressees",)),
    },
}
