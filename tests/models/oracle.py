"""The test oracle: documents, digest and derived rows, computed straight from records.

`records` are dicts in seed form by (type, id), in the order in which they entered the dataset.
The oracle imports nothing from `models`, so that a mistake there cannot hide here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from tests.models.partial_dates import share_a_day

Key = tuple[str, str]
Records = dict[Key, dict]
# (created_at, updated_at) of each record
Times = dict[Key, tuple[str, str]]

LISTED = ("coded", "verified")
UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~"


def date_number(date: str | None) -> int:
    """The key of newest-first lists: 2025-05-14 before 2025-05 before 2025, the undated last."""
    return 99999999 - int(date.replace("-", "").ljust(8, "0")) if date else 99999999


class Oracle:
    def __init__(self, records: Records, times: Times):
        self.records = records
        self.times = times
        self.claims = {id: record for (type, id), record in records.items() if type == "claim"}
        self.listed = {id: claim for id, claim in self.claims.items() if claim["status"] in LISTED}

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

    def with_ancestors(self, type: str, id: str | None) -> Iterator[str]:
        """The ids of a record, of its parent, of the parent's parent and so on."""
        while id:
            yield id
            id = self.records[type, id].get("parent")

    def all_topics(self, claim: dict) -> set[str]:
        return {
            broader
            for topic in claim.get("topics", [])
            for broader in self.with_ancestors("topic", topic)
        }

    def all_events(self, claim: dict) -> set[str]:
        """The event of a claim, and the events that it is a part of."""
        return set(self.with_ancestors("event", claim.get("event")))

    def claim_count(self, type: str, id: str) -> int:
        counts_claim = {
            "actor": lambda claim: claim.get("actor") == id,
            "organization": lambda claim: claim.get("organization") == id,
            "event": lambda claim: id in self.all_events(claim),
            "source": lambda claim: any(
                report["source"] == id for report in claim.get("reports", [])
            ),
            "topic": lambda claim: id in self.all_topics(claim),
            "position": lambda claim: any(
                item["position"] == id for item in claim.get("positions", [])
            ),
        }[type]
        return sum(map(counts_claim, self.listed.values()))

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
                    "organization": self.brief("organization", item["organization"]),
                    "role": item.get("role"),
                    "on_behalf_of": self.brief("organization", item.get("on_behalf_of")),
                    "area": item.get("area"),
                    "start_date": item.get("start_date"),
                    "end_date": item.get("end_date"),
                }
                for item in record.get("memberships", [])
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
                {**self.party(item), "role": item.get("role")}
                for item in record.get("participants", [])
            ],
            "description": record.get("description"),
            "url": record.get("url"),
            "attributes": record.get("attributes", {}),
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
            "archive_url": record.get("archive_url"),
            "accessed": record.get("accessed"),
            "attributes": record.get("attributes", {}),
            "claim_count": self.claim_count("source", id),
        }

    def topic(self, id: str, record: dict) -> dict:
        return {
            "name": record["name"],
            "aliases": record.get("aliases", []),
            "description": record.get("description"),
            "parent": self.brief("topic", record.get("parent")),
            "attributes": record.get("attributes", {}),
            "claim_count": self.claim_count("topic", id),
        }

    def position(self, id: str, record: dict) -> dict:
        stances = [
            item["stance"]
            for claim in self.listed.values()
            for item in claim.get("positions", [])
            if item["position"] == id
        ]
        return {
            "label": record.get("label"),
            "text": record["text"],
            "attributes": record.get("attributes", {}),
            "topics": self.briefs("topic", record.get("topics", [])),
            "stances": {name: stances.count(name) for name in ("support", "oppose", "neutral")},
            "claim_count": self.claim_count("position", id),
        }

    def claim(self, id: str, record: dict) -> dict:
        reports = record.get("reports", [])
        quotations = [
            report["exact"]
            for report in reports
            if report.get("attribution") == "direct" and "exact" in report
        ]
        actor = record.get("actor")
        return {
            "text": record["text"],
            "quote": record.get("quote") or (quotations[0] if quotations else None),
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
                "role": self.shown_role(record),
            },
            "organization": self.brief("organization", record.get("organization")),
            "event": self.brief("event", record.get("event")),
            "topics": self.briefs("topic", record.get("topics", [])),
            "positions": [
                {
                    "id": item["position"],
                    "label": self.records["position", item["position"]].get("label"),
                    "text": self.name("position", item["position"]),
                    "stance": item["stance"],
                }
                for item in record.get("positions", [])
            ],
            "about": [self.party(item) for item in record.get("about", [])],
            "addressees": [self.party(item) for item in record.get("addressees", [])],
            "reports": [self.report(report) for report in reports],
            "independent_publishers": len(
                {self.independent_publisher(report["source"]) for report in reports}
            ),
            "relations": [*self.outgoing_relations(record), *self.incoming_relations(id)],
            "reviews": [
                {
                    "organization": self.brief("organization", review["organization"]),
                    "rating": review.get("rating"),
                    "verdict": review.get("verdict"),
                    "author": review.get("author"),
                    "title": review.get("title"),
                    "url": review.get("url"),
                    "date": review.get("date"),
                    "summary": review.get("summary"),
                }
                for review in record.get("reviews", [])
            ],
        }

    def shown_role(self, claim: dict) -> str | None:
        return claim.get("role") or (self.derived_role(claim) if "actor" in claim else None)

    def derived_role(self, claim: dict) -> str | None:
        """The claimant's role in the organization at the claim's date.

        Of several roles the one with the latest start counts, then the first in the seeds.
        """
        if "date" not in claim:
            return None
        memberships = [
            item
            for item in self.records["actor", claim["actor"]].get("memberships", [])
            if item["organization"] == claim.get("organization")
            and share_a_day(claim["date"], item.get("start_date"), item.get("end_date"))
        ]
        if not memberships:
            return None
        return max(memberships, key=lambda item: item.get("start_date", "")).get("role")

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

    def independent_publisher(self, source: str) -> Key:
        """The organization that a source's report comes from, else the source itself."""
        record = self.records["source", source]
        organization = record.get("origin") or record.get("publisher")
        return ("organization", organization) if organization else ("source", source)

    def relation(self, kind: str, direction: str, id: str) -> dict:
        claim = self.claims[id]
        brief = {
            "id": id,
            "text": claim["text"],
            "date": claim.get("date"),
            "actor": self.brief("actor", claim.get("actor")),
            "organization": self.brief("organization", claim.get("organization")),
        }
        return {"kind": kind, "direction": direction, "claim": brief}

    def outgoing_relations(self, record: dict) -> Iterator[dict]:
        for item in record.get("relations", []):
            yield self.relation(item["kind"], "out", item["claim"])

    def incoming_relations(self, id: str) -> Iterator[dict]:
        for other_id in sorted(self.claims):
            for item in self.claims[other_id].get("relations", []):
                if item["claim"] == id:
                    yield self.relation(item["kind"], "in", other_id)


def link(url: str | None, report: dict) -> str | None:
    """The URL of a source with a text fragment for the quotation."""
    if url is None or "exact" not in report:
        return url
    parts = [percent_encoded(report["exact"])]
    if "prefix" in report:
        parts.insert(0, percent_encoded(report["prefix"]) + "-")
    if "suffix" in report:
        parts.append("-" + percent_encoded(report["suffix"]))
    return url + ("" if "#" in url else "#") + ":~:text=" + ",".join(parts)


def percent_encoded(text: str) -> str:
    return "".join(chr(byte) if byte in UNRESERVED else f"%{byte:02X}" for byte in text.encode())


def documents(records: Records, times: Times) -> dict[Key, dict]:
    oracle = Oracle(records, times)
    return {key: oracle.document(*key) for key in records}


def canonical_hash(type: str, record: dict) -> bytes:
    form = json.dumps([type, record], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(form.encode()).digest()


def digest(records: Records) -> str:
    total = sum(
        int.from_bytes(canonical_hash(type, record), "big") for (type, _), record in records.items()
    )
    return f"{total % 2**256:064x}"


def topic_claims(records: Records) -> set[tuple[str, int, int, str]]:
    """(topic, listed, date key, claim) for each claim and each of its topics and broader ones."""
    oracle = Oracle(records, {})
    return {
        (topic, int(id in oracle.listed), date_number(claim.get("date")), id)
        for id, claim in oracle.claims.items()
        for topic in oracle.all_topics(claim)
    }


def event_claims(records: Records) -> set[tuple[str, int, int, str]]:
    """(event, listed, date key, claim) for each claim, its event and those it is a part of."""
    oracle = Oracle(records, {})
    return {
        (event, int(id in oracle.listed), date_number(claim.get("date")), id)
        for id, claim in oracle.claims.items()
        for event in oracle.all_events(claim)
    }


def used_ids(records: Records, type: str) -> set[str]:
    """The topics of claims and positions, or the events of claims."""
    return {
        id
        for record in records.values()
        for id in (record.get("topics", []) if type == "topic" else [record.get("event")])
        if id
    }


def ancestors(records: Records, type: str, ids: set[str]) -> set[tuple[str, str]]:
    """(record, ancestor) for each of these records of a type, itself included."""
    oracle = Oracle(records, {})
    return {(id, ancestor) for id in ids for ancestor in oracle.with_ancestors(type, id)}


def claimants(records: Records) -> dict[str, Key]:
    """The actor of each claim, or the organization of a claim without one."""
    return {
        id: ("actor", record["actor"])
        if "actor" in record
        else ("organization", record["organization"])
        for (type, id), record in records.items()
        if type == "claim"
    }


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


def shown_roles(records: Records) -> dict[str, str | None]:
    """The role that each claim shows."""
    oracle = Oracle(records, {})
    return {id: oracle.shown_role(claim) for id, claim in oracle.claims.items()}


def claim_counts(records: Records) -> dict[Key, int]:
    oracle = Oracle(records, {})
    return {(type, id): oracle.claim_count(type, id) for type, id in records if type != "claim"}
