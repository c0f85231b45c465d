"""The slow plain path: a dataset's documents, digest and tables, straight from its records.

`records` are dicts in seed form by (type, id), in the order in which they entered. Nothing here
knows the models, so that the two ways to the same thing can be held against each other.
"""

from __future__ import annotations

import calendar
import datetime
import hashlib
import json
from collections.abc import Iterator

Key = tuple[str, str]
Records = dict[Key, dict]
Times = dict[Key, tuple[str, str]]

LISTED = ("coded", "verified")
UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~"


def first_day(date: str) -> datetime.date:
    year, month, day = [*map(int, date.split("-")), 1, 1][:3]
    return datetime.date(year, month, day)


def last_day(date: str) -> datetime.date:
    year, month, day = [*map(int, date.split("-")), None, None][:3]
    month = month or 12
    return datetime.date(year, month, day or calendar.monthrange(year, month)[1])


def share_a_day(date: str, start: str | None, end: str | None) -> bool:
    """Whether a day of the date lies in the period from any day of start to any day of end."""
    begins = first_day(start) if start else datetime.date.min
    ends = last_day(end) if end else datetime.date.max
    return begins <= last_day(date) and first_day(date) <= ends


def date_number(date: str | None) -> int:
    """What newest-first lists are sorted by: 2025-05-14 before 2025-05 before 2025, then none."""
    return 99999999 - int(date.replace("-", "").ljust(8, "0")) if date else 99999999


class Plain:
    def __init__(self, records: Records, times: Times):
        self.records = records
        self.times = times
        self.claims = {id: record for (type, id), record in records.items() if type == "claim"}
        self.listed = {id: one for id, one in self.claims.items() if one["status"] in LISTED}

    def name(self, type: str, id: str) -> str:
        record = self.records[type, id]
        return record[{"source": "title", "position": "text", "claim": "text"}.get(type, "name")]

    def brief(self, type: str, id: str | None, name: str = "name") -> dict | None:
        return {"id": id, name: self.name(type, id)} if id else None

    def briefs(self, type: str, ids: list[str]) -> list:
        return [self.brief(type, id) for id in ids]

    def party(self, item: dict) -> dict:
        type = "actor" if "actor" in item else "organization"
        return {"type": type, "id": item[type], "name": self.name(type, item[type])}

    def broader(self, topic: str) -> Iterator[str]:
        """A topic and all broader ones."""
        above: str | None = topic
        while above:
            yield above
            above = self.records["topic", above].get("parent")

    def all_topics(self, claim: dict) -> set[str]:
        return {above for topic in claim.get("topics", []) for above in self.broader(topic)}

    def claim_count(self, type: str, id: str) -> int:
        concerned = {
            "actor": lambda claim: claim.get("actor") == id,
            "organization": lambda claim: claim.get("organization") == id,
            "event": lambda claim: claim.get("event") == id,
            "source": lambda claim: any(one["source"] == id for one in claim.get("reports", [])),
            "topic": lambda claim: id in self.all_topics(claim),
            "position": lambda claim: any(
                one["position"] == id for one in claim.get("positions", [])
            ),
        }[type]
        return sum(map(concerned, self.listed.values()))

    def document(self, type: str, id: str) -> dict:
        record = self.records[type, id]
        created, updated = self.times[type, id]
        return {
            "id": id,
            **getattr(self, type)(id, record),
            "identifiers": record.get("identifiers", []),
            "former_ids": record.get("former_ids", []),
            "created_at": created,
            "updated_at": updated,
        }

    def actor(self, id: str, record: dict) -> dict:
        return {
            "name": record["name"],
            "kind": record["kind"],
            "aliases": record.get("aliases", []),
            "description": record.get("description"),
            "url": record.get("url"),
            "attributes": record.get("attributes", {}),
            "memberships": [
                {
                    "organization": self.brief("organization", one["organization"]),
                    "role": one.get("role"),
                    "start_date": one.get("start_date"),
                    "end_date": one.get("end_date"),
                }
                for one in record.get("memberships", [])
            ],
            "claim_count": self.claim_count("actor", id),
        }

    def organization(self, id: str, record: dict) -> dict:
        return {
            "name": record["name"],
            "kind": record["kind"],
            "aliases": record.get("aliases", []),
            "description": record.get("description"),
            "country": record.get("country"),
            "parent": self.brief("organization", record.get("parent")),
            "url": record.get("url"),
            "attributes": record.get("attributes", {}),
            "claim_count": self.claim_count("organization", id),
        }

    def event(self, id: str, record: dict) -> dict:
        return {
            "name": record["name"],
            "kind": record["kind"],
            "aliases": record.get("aliases", []),
            "start_date": record["start_date"],
            "end_date": record.get("end_date"),
            "place": record.get("place"),
            "country": record.get("country"),
            "parent": self.brief("event", record.get("parent")),
            "organizers": self.briefs("organization", record.get("organizers", [])),
            "participants": [
                {**self.party(one), "role": one.get("role")}
                for one in record.get("participants", [])
            ],
            "description": record.get("description"),
            "url": record.get("url"),
            "claim_count": self.claim_count("event", id),
        }

    def source(self, id: str, record: dict) -> dict:
        return {
            "title": record["title"],
            "kind": record["kind"],
            "publisher": self.brief("organization", record.get("publisher")),
            "origin": self.brief("organization", record.get("origin")),
            "authors": record.get("authors", []),
            "date": record.get("date"),
            "language": record.get("language"),
            "url": record.get("url"),
            "claim_count": self.claim_count("source", id),
        }

    def topic(self, id: str, record: dict) -> dict:
        return {
            "name": record["name"],
            "aliases": record.get("aliases", []),
            "description": record.get("description"),
            "parent": self.brief("topic", record.get("parent")),
            "claim_count": self.claim_count("topic", id),
        }

    def position(self, id: str, record: dict) -> dict:
        taken = [
            one["stance"]
            for claim in self.listed.values()
            for one in claim.get("positions", [])
            if one["position"] == id
        ]
        return {
            "text": record["text"],
            "topics": self.briefs("topic", record.get("topics", [])),
            "stances": {stance: taken.count(stance) for stance in ("support", "oppose", "neutral")},
            "claim_count": self.claim_count("position", id),
        }

    def claim(self, id: str, record: dict) -> dict:
        reports = record.get("reports", [])
        direct = [one["exact"] for one in reports if one.get("attribution") == "direct"
                  and "exact" in one]  # fmt: skip
        actor = record.get("actor")
        return {
            "text": record["text"],
            "quote": record.get("quote") or (direct[0] if direct else None),
            "date": record.get("date"),
            "role": record.get("role"),
            "status": record["status"],
            "coder": record.get("coder"),
            "form": record.get("form"),
            "language": record.get("language"),
            "place": record.get("place"),
            "attributes": record.get("attributes", {}),
            "actor": actor
            and {
                **self.brief("actor", actor),
                "kind": self.records["actor", actor]["kind"],
                "role": record.get("role") or self.derived_role(record),
            },
            "organization": self.brief("organization", record.get("organization")),
            "event": self.brief("event", record.get("event")),
            "topics": self.briefs("topic", record.get("topics", [])),
            "positions": [
                {**self.brief("position", one["position"], "text"), "stance": one["stance"]}
                for one in record.get("positions", [])
            ],
            "about": [self.party(one) for one in record.get("about", [])],
            "addressees": [self.party(one) for one in record.get("addressees", [])],
            "reports": [self.report(one) for one in reports],
            "independent_publishers": len({self.voice(one["source"]) for one in reports}),
            "relations": [*self.outgoing(record), *self.incoming(id)],
            "reviews": [
                {
                    "organization": self.brief("organization", one["organization"]),
                    "rating": one["rating"],
                    "url": one.get("url"),
                    "date": one.get("date"),
                    "summary": one.get("summary"),
                }
                for one in record.get("reviews", [])
            ],
        }

    def derived_role(self, claim: dict) -> str | None:
        """The role in the organization at the claim's date: the latest start, then seed order."""
        if "date" not in claim:
            return None
        held = [
            one
            for one in self.records["actor", claim["actor"]].get("memberships", [])
            if one["organization"] == claim.get("organization")
            and share_a_day(claim["date"], one.get("start_date"), one.get("end_date"))
        ]
        return max(held, key=lambda one: one.get("start_date", "")).get("role") if held else None

    def report(self, report: dict) -> dict:
        source = self.records["source", report["source"]]
        return {
            "source": {
                "id": report["source"],
                "title": source["title"],
                "date": source.get("date"),
                "url": source.get("url"),
            },
            "publisher": self.brief("organization", source.get("publisher")),
            "origin": self.brief("organization", source.get("origin")),
            "attribution": report.get("attribution"),
            "exact": report.get("exact"),
            "prefix": report.get("prefix"),
            "suffix": report.get("suffix"),
            "start": report.get("start"),
            "end": report.get("end"),
            "link": link(source.get("url"), report),
        }

    def voice(self, source: str) -> Key:
        record = self.records["source", source]
        organization = record.get("origin") or record.get("publisher")
        return ("organization", organization) if organization else ("source", source)

    def related(self, kind: str, direction: str, id: str) -> dict:
        claim = self.claims[id]
        shown = {"id": id, "text": claim["text"], "date": claim.get("date")}
        return {"kind": kind, "direction": direction, "claim": shown}

    def outgoing(self, record: dict) -> Iterator[dict]:
        for one in record.get("relations", []):
            yield self.related(one["kind"], "out", one["claim"])

    def incoming(self, id: str) -> Iterator[dict]:
        for other in sorted(self.claims):
            for one in self.claims[other].get("relations", []):
                if one["claim"] == id:
                    yield self.related(one["kind"], "in", other)


def link(url: str | None, report: dict) -> str | None:
    if url is None or "exact" not in report:
        return url
    parts = [encoded(report["exact"])]
    if "prefix" in report:
        parts.insert(0, encoded(report["prefix"]) + "-")
    if "suffix" in report:
        parts.append("-" + encoded(report["suffix"]))
    return url + ("" if "#" in url else "#") + ":~:text=" + ",".join(parts)


def encoded(text: str) -> str:
    return "".join(chr(one) if one in UNRESERVED else f"%{one:02X}" for one in text.encode())


def documents(records: Records, times: Times) -> dict[Key, dict]:
    plain = Plain(records, times)
    return {key: plain.document(*key) for key in records}


def canonical_hash(type: str, record: dict) -> bytes:
    form = json.dumps([type, record], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(form.encode()).digest()


def digest(records: Records) -> str:
    total = sum(
        int.from_bytes(canonical_hash(type, one), "big") for (type, _), one in records.items()
    )
    return f"{total % 2**256:064x}"


def topic_claims(records: Records) -> set[tuple[str, int, int, str]]:
    """(topic, listed, date key, claim) for each claim and each of its topics and broader ones."""
    plain = Plain(records, {})
    return {
        (topic, int(id in plain.listed), date_number(claim.get("date")), id)
        for id, claim in plain.claims.items()
        for topic in plain.all_topics(claim)
    }


def broader(records: Records) -> set[tuple[str, str]]:
    plain = Plain(records, {})
    topics = [id for type, id in records if type == "topic"]
    return {(topic, above) for topic in topics for above in plain.broader(topic)}


def publishers(records: Records) -> list[tuple[str, int, str | None]]:
    """(claim, ordinal, the publisher of the source) for each report."""
    return [
        (id, n, records["source", report["source"]].get("publisher"))
        for (type, id), record in records.items()
        if type == "claim"
        for n, report in enumerate(record.get("reports", []))
    ]


def countries(records: Records) -> dict[str, str | None]:
    """The country of each claim's event."""
    return {
        id: records["event", record["event"]].get("country") if "event" in record else None
        for (type, id), record in records.items()
        if type == "claim"
    }


def claim_counts(records: Records) -> dict[Key, int]:
    plain = Plain(records, {})
    return {(type, id): plain.claim_count(type, id) for type, id in records if type != "claim"}
