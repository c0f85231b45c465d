"""How a row becomes its JSON document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

import orjson

from models import RESOURCES
from models.base import Record, batches, database, rows
from models.claim import STANCES
from models.dates import overlaps
from models.names import NAME, NAMED
from models.records import named, picked

Row = dict[str, Any]


class Batch:
    """The rows that the documents of some records of one type are made of."""

    def __init__(self, type: str, keys: list[int]):
        self.type = type
        self.keys = keys
        model = RESOURCES[type]
        self.own = picked(model, "key", keys)
        self.links: dict[str, dict[int, list[Row]]] = {}
        for link in model.LINKS:
            of = self.links[link.SECTION] = defaultdict(list)
            for row in picked(link, link.OWNER, keys):
                of[row[link.OWNER]].append(row)
        self.records = {row["key"]: row for row in picked(Record, "key", keys)}
        self.handles = defaultdict(list)
        for key, kind, value in named(keys):
            self.handles[key, kind].append(value)

    def section(self, name: str, key: int) -> list[Row]:
        return self.links[name].get(key, [])

    def documents(self) -> Iterator[tuple[int, dict]]:
        shape = SHAPES[self.type](self)
        for row in self.own:
            record = self.records[row["key"]]
            identifiers = [one.partition(":") for one in self.handles[row["key"], "identifier"]]
            yield (
                row["key"],
                {
                    "id": record["id"],
                    **shape(row),
                    "identifiers": [
                        {"scheme": scheme, "identifier": identifier}
                        for scheme, _, identifier in identifiers
                    ],
                    "former_ids": self.handles[row["key"], "former"],
                    "created_at": record["created_at"],
                    "updated_at": record["updated_at"],
                },
            )


def names(keys: Iterable[int | None]) -> dict[int, tuple[str, str, str]]:
    """Type, id and name of records, by key."""
    found = {}
    for batch in batches({key for key in keys if key is not None}):
        sql = (
            f"SELECT record.key, record.type, record.id, {NAME} FROM record {NAMED}"
            f" WHERE record.key IN {database.in_list}"
        )
        found.update({key: tuple(rest) for key, *rest in rows(sql, database.pack(batch))})
    return found


class Names:
    """How a document shows other records: by id and name."""

    def __init__(self, *columns: Iterable[int | None]):
        self.found = names(key for column in columns for key in column)

    def brief(self, key: int | None, name: str = "name") -> dict | None:
        """`{"id", "name"}`, or null."""
        if key is None:
            return None
        _, id, title = self.found[key]
        return {"id": id, name: title}

    def party(self, key: int) -> dict:
        """`{"type", "id", "name"}`: an actor or an organization."""
        return dict(zip(("type", "id", "name"), self.found[key], strict=True))


def column(rows: Iterable[Row], name: str) -> list:
    return [row[name] for row in rows]


def items(batch: Batch, section: str, name: str) -> list:
    return [row[name] for of in batch.links[section].values() for row in of]


def listed(text: str | None) -> Any:
    return orjson.loads(text) if text else []


def mapped(text: str | None) -> Any:
    return orjson.loads(text) if text else {}


def actors(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(items(batch, "memberships", "organization"))

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
                    "organization": shown.brief(one["organization"]),
                    "role": one["role"],
                    "start_date": one["start_date"],
                    "end_date": one["end_date"],
                }
                for one in batch.section("memberships", row["key"])
            ],
            "claim_count": row["claim_count"],
        }

    return document


def organizations(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(column(batch.own, "parent"))

    def document(row: Row) -> dict:
        return {
            "name": row["name"],
            "kind": row["kind"],
            "aliases": listed(row["aliases"]),
            "description": row["description"],
            "country": row["country"],
            "parent": shown.brief(row["parent"]),
            "url": row["url"],
            "attributes": mapped(row["attributes"]),
            "claim_count": row["claim_count"],
        }

    return document


def events(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(
        column(batch.own, "parent"),
        items(batch, "organizers", "organization"),
        items(batch, "participants", "party"),
    )

    def document(row: Row) -> dict:
        return {
            "name": row["name"],
            "kind": row["kind"],
            "aliases": listed(row["aliases"]),
            "start_date": row["start_date"],
            "end_date": row["end_date"],
            "place": row["place"],
            "country": row["country"],
            "parent": shown.brief(row["parent"]),
            "organizers": [
                shown.brief(one["organization"]) for one in batch.section("organizers", row["key"])
            ],
            "participants": [
                {**shown.party(one["party"]), "role": one["role"]}
                for one in batch.section("participants", row["key"])
            ],
            "description": row["description"],
            "url": row["url"],
            "claim_count": row["claim_count"],
        }

    return document


def sources(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(column(batch.own, "publisher"), column(batch.own, "origin"))

    def document(row: Row) -> dict:
        return {
            "title": row["title"],
            "kind": row["kind"],
            "publisher": shown.brief(row["publisher"]),
            "origin": shown.brief(row["origin"]),
            "authors": listed(row["authors"]),
            "date": row["date"],
            "language": row["language"],
            "url": row["url"],
            "claim_count": row["claim_count"],
        }

    return document


def topics(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(column(batch.own, "parent"))

    def document(row: Row) -> dict:
        return {
            "name": row["name"],
            "aliases": listed(row["aliases"]),
            "description": row["description"],
            "parent": shown.brief(row["parent"]),
            "claim_count": row["claim_count"],
        }

    return document


def positions(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(items(batch, "topics", "topic"))
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
            "topics": [shown.brief(one["topic"]) for one in batch.section("topics", row["key"])],
            "stances": counted,
            "claim_count": row["claim_count"],
        }

    return document


def claims(batch: Batch) -> Callable[[Row], dict]:
    reported = {
        row["key"]: row
        for keys in batches(set(items(batch, "reports", "source")))
        for row in source_rows(keys)
    }
    shown = Names(
        *(column(batch.own, name) for name in ("actor", "organization", "event")),
        items(batch, "topics", "topic"),
        items(batch, "positions", "position"),
        items(batch, "about", "party"),
        items(batch, "addressees", "party"),
        items(batch, "reviews", "organization"),
        reported,
        *(column(reported.values(), name) for name in ("publisher", "origin")),
    )
    kinds = dict(
        rows(
            f"SELECT key, kind FROM actor WHERE key IN {database.in_list}",
            database.pack({key for key in column(batch.own, "actor") if key}),
        )
    )
    roles = derived_roles(batch.keys)
    related = relations(batch.keys)

    def report(one: Row) -> dict:
        source = reported[one["source"]]
        return {
            "source": {
                **(shown.brief(one["source"], "title") or {}),
                "date": source["date"],
                "url": source["url"],
            },
            "publisher": shown.brief(source["publisher"]),
            "origin": shown.brief(source["origin"]),
            "attribution": one["attribution"],
            "exact": one["exact"],
            "prefix": one["prefix"],
            "suffix": one["suffix"],
            "start": one["start"],
            "end": one["end"],
            "link": link(source["url"], one),
        }

    def publisher(one: Row) -> int:
        source = reported[one["source"]]
        return source["origin"] or source["publisher"] or source["key"]

    def document(row: Row) -> dict:
        key = row["key"]
        reports = batch.section("reports", key)
        direct = (
            one["exact"] for one in reports if one["attribution"] == "direct" and one["exact"]
        )
        actor = shown.brief(row["actor"])
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
            "actor": actor
            and {**actor, "kind": kinds[row["actor"]], "role": row["role"] or roles.get(key)},
            "organization": shown.brief(row["organization"]),
            "event": shown.brief(row["event"]),
            "topics": [shown.brief(one["topic"]) for one in batch.section("topics", key)],
            "positions": [
                {**(shown.brief(one["position"], "text") or {}), "stance": one["stance"]}
                for one in batch.section("positions", key)
            ],
            "about": [shown.party(one["party"]) for one in batch.section("about", key)],
            "addressees": [shown.party(one["party"]) for one in batch.section("addressees", key)],
            "reports": [report(one) for one in reports],
            "independent_publishers": len({publisher(one) for one in reports}),
            "relations": related.get(key, []),
            "reviews": [
                {
                    "organization": shown.brief(one["organization"]),
                    "rating": one["rating"],
                    "url": one["url"],
                    "date": one["date"],
                    "summary": one["summary"],
                }
                for one in batch.section("reviews", key)
            ],
        }

    return document


def source_rows(keys: list[int]) -> list[Row]:
    """What a claim's reports show of their sources."""
    names = ("key", "date", "url", "publisher", "origin")
    sql = f"SELECT {', '.join(names)} FROM source WHERE key IN {database.in_list}"
    return [dict(zip(names, row, strict=True)) for row in rows(sql, database.pack(keys))]


def derived_roles(keys: list[int]) -> dict[int, str]:
    """The claimants' roles in the organizations that they spoke for, at the claims' dates.

    Of several memberships that overlap the date the one that started last decides, then the first.
    """
    found: dict[int, tuple[str, str]] = {}
    memberships = rows(
        "SELECT claim.key, claim.date, membership.role, start_date, end_date FROM claim"
        " JOIN membership ON membership.actor = claim.actor"
        " AND membership.organization = claim.organization"
        f" WHERE claim.key IN {database.in_list} AND claim.date IS NOT NULL"
        " ORDER BY claim.key, membership.ordinal",
        database.pack(keys),
    )
    for key, date, role, start, end in memberships:
        if overlaps(date, start, end) and (key not in found or (start or "") > found[key][0]):
            found[key] = (start or "", role)
    return {key: role for key, (_, role) in found.items()}


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


def fragment(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")


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
