"""Seed records for tests, and the contents of the open dataset."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from models.database.connection import database, fetch_all
from models.dataset import read_dataset
from models.opening import open_dataset
from models.records.changes import export_lines

Sections = dict[str, list[dict]]

ZEROS = "0" * 64


def organization(id: str, **fields: Any) -> dict:
    return {"id": id, "name": f"The {id}", "kind": "other", **fields}


def actor(id: str, **fields: Any) -> dict:
    return {"id": id, "name": f"Actor {id}", **fields}


def topic(id: str, **fields: Any) -> dict:
    return {"id": id, "name": f"Topic {id}", **fields}


def position(id: str, **fields: Any) -> dict:
    return {"id": id, "text": f"Position {id}", **fields}


def event(id: str, **fields: Any) -> dict:
    return {"id": id, "name": f"Event {id}", "kind": "meeting", "start_date": "2025", **fields}


def source(id: str, **fields: Any) -> dict:
    return {"id": id, "title": f"Source {id}", "kind": "article", **fields}


def claim(id: str, **fields: Any) -> dict:
    claimant = {} if "organization" in fields else {"actor": "ann"}
    return {"id": id, "text": f"Claim {id}", **claimant, **fields}


def everything() -> Sections:
    """Records of all types with all fields, in canonical form."""
    return {
        "organizations": [
            {
                "id": "alliance",
                "name": "Büyük İttifak",
                "kind": "alliance",
                "aliases": ["大同盟", "The Alliance"],
                "description": "Two lines.\nAnd «quotes» — and 🕊.",
                "url": "https://alliance.example/?a=b&c=d#e",
                "attributes": {"müttefik sayısı": "32", "a": "b"},
                "identifiers": [
                    {"scheme": "wikidata", "identifier": "Q7184"},
                    {"scheme": "lei", "identifier": "with:colon"},
                ],
                "former_ids": ["old-alliance", "older-alliance"],
            },
            {
                "id": "norway",
                "name": "Norway",
                "kind": "state",
                "country": "NO",
                "parent": "alliance",
            },
            {"id": "paper", "name": "The Paper", "kind": "media"},
        ],
        "actors": [
            {
                "id": "ann",
                "name": "Ann Şahin",
                "kind": "person",
                "aliases": ["A. Sahin"],
                "description": "A minister",
                "url": "http://ann.example",
                "attributes": {"party": "none"},
                "memberships": [
                    {
                        "organization": "norway",
                        "role": "Minister",
                        "start_date": "2020-02",
                        "end_date": "2024",
                    },
                    {"organization": "alliance"},
                ],
                "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
                "former_ids": ["anna"],
            },
            {"id": "crowd", "name": "Protesters", "kind": "group"},
        ],
        "topics": [
            {
                "id": "defence",
                "name": "Defence",
                "aliases": ["Defense"],
                "description": "All of it",
                "identifiers": [{"scheme": "eurovoc", "identifier": "5"}],
                "former_ids": ["war"],
            },
            {"id": "spending", "name": "Spending", "parent": "defence"},
        ],
        "positions": [
            {
                "id": "spend-more",
                "text": "Spend more",
                "topics": ["spending", "defence"],
                "identifiers": [{"scheme": "code", "identifier": "p1"}],
                "former_ids": ["spend"],
            },
        ],
        "events": [
            {
                "id": "summit",
                "name": "The Summit",
                "kind": "summit",
                "aliases": ["Zirve"],
                "start_date": "2025-06-24",
                "end_date": "2025-06-25",
                "place": "Den Haag",
                "country": "NL",
                "organizers": ["alliance", "norway"],
                "participants": [{"actor": "ann", "role": "Host"}, {"organization": "norway"}],
                "description": "In summer",
                "url": "https://summit.example/",
                "identifiers": [{"scheme": "wikidata", "identifier": "Q2"}],
                "former_ids": ["the-summit"],
            },
            {
                "id": "dinner",
                "name": "Dinner",
                "kind": "meeting",
                "start_date": "2025",
                "parent": "summit",
            },
        ],
        "sources": [
            {
                "id": "article",
                "title": "“We must,” she said",
                "kind": "article",
                "publisher": "paper",
                "origin": "alliance",
                "authors": ["B. Writer", "C. Writer"],
                "date": "2025-06-26",
                "language": "en-GB",
                "url": "https://paper.example/1",
                "text": " Ann: “We must 🕊 act.”\n\tNobody answered. ",
                "identifiers": [{"scheme": "doi", "identifier": "10.1/x"}],
                "former_ids": ["art"],
            },
            {"id": "tape", "title": "A tape", "kind": "broadcast"},
        ],
        "claims": [
            {
                "id": "must-act",
                "text": "The alliance must act",
                "actor": "ann",
                "organization": "norway",
                "role": "Minister",
                "date": "2025-06-24",
                "quote": "We must 🕊 act.",
                "language": "en",
                "form": "speech",
                "event": "summit",
                "place": "Den Haag",
                "topics": ["spending"],
                "positions": [{"position": "spend-more", "stance": "support"}],
                "addressees": [{"organization": "alliance"}, {"actor": "crowd"}],
                "about": [{"actor": "crowd"}, {"organization": "alliance"}],
                "reports": [
                    {
                        "source": "article",
                        "exact": "We must 🕊 act.",
                        "prefix": " Ann: “",
                        "suffix": "”\n",
                        "start": 7,
                        "end": 21,
                        "attribution": "direct",
                    },
                    {"source": "article", "attribution": "indirect"},
                ],
                "relations": [
                    {"kind": "responds-to", "claim": "cannot"},
                    {"kind": "contradicts", "claim": "cannot"},
                ],
                "reviews": [
                    {
                        "organization": "paper",
                        "rating": "Half true",
                        "url": "https://paper.example/2",
                        "date": "2025-07",
                        "summary": "Well …",
                    }
                ],
                "status": "verified",
                "coder": "cb",
                "attributes": {"tone": "grave"},
                "identifiers": [{"scheme": "code", "identifier": "c1"}],
                "former_ids": ["must"],
            },
            {"id": "cannot", "text": "It cannot", "organization": "alliance", "status": "coded"},
        ],
    }


def small() -> Sections:
    """A small dataset of all types."""
    return {
        "organizations": [organization("nato"), organization("paper")],
        "actors": [actor("ann")],
        "topics": [topic("defence"), topic("spending", parent="defence")],
        "positions": [position("more")],
        "events": [event("summit"), event("dinner", parent="summit")],
        "sources": [source("news", text="Ann said: we must act, and nobody answered.")],
        "claims": [
            claim("act", reports=[{"source": "news", "exact": "we must act", "start": 10}]),
            claim("wait"),
        ],
    }


def lines_of(sections: Sections) -> list[dict]:
    """The same records as JSON Lines have them."""
    return [
        {"type": section.removesuffix("s"), **record}
        for section, records in sections.items()
        for record in records
    ]


def as_lines(sections: Sections) -> str:
    return "".join(f"{json.dumps(line)}\n" for line in lines_of(sections))


def hash_of(line: dict) -> bytes:
    """A record's hash as the design defines it."""
    record = {name: value for name, value in line.items() if name != "type"}
    form = json.dumps(
        [line["type"], record], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(form.encode()).digest()


def digest_of(export_lines: list[dict]) -> str:
    """A dataset's digest as the design defines it."""
    total = sum(int.from_bytes(hash_of(line), "big") for line in export_lines)
    return f"{total % (1 << 256):064x}"


def exported() -> list[dict]:
    """All records of the open dataset, in the order in which they entered."""
    return [json.loads(line) for line in export_lines()]


def record_rows() -> dict[str, tuple]:
    """Hash, version and times of each record of the open dataset."""
    return {
        f"{type} {id}": tuple(rest)
        for type, id, *rest in fetch_all(
            "SELECT type, id, hash, version, created_at, updated_at FROM record ORDER BY seq"
        )
    }


def deletions() -> dict[str, int]:
    return {
        f"{type} {id}": version
        for type, id, version in fetch_all(
            "SELECT type, id, version FROM deletion ORDER BY type, id"
        )
    }


def documents() -> dict[str, dict]:
    rows = fetch_all("SELECT type, id, body FROM document JOIN record USING (key) ORDER BY seq")
    return {f"{type} {id}": json.loads(body) for type, id, body in rows}


def documents_without_times() -> dict[str, dict]:
    """The documents without the times of their records."""
    times = ("created_at", "updated_at")
    return {
        name: {key: value for key, value in document.items() if key not in times}
        for name, document in documents().items()
    }


def hashes_match() -> bool:
    """Whether hashes and digest are those of the records."""
    records = exported()
    hashes = {f"{line['type']} {line['id']}": hash_of(line) for line in records}
    return read_dataset().digest == digest_of(records) and hashes == {
        name: hash for name, (hash, *_) in record_rows().items()
    }


def version_and_digest(url: str) -> tuple[int, str]:
    """Version and digest of a dataset that is not open."""
    open_dataset(url)
    dataset = read_dataset()
    database.close()
    return dataset.version, dataset.digest


def state() -> tuple:
    """The contents of the open dataset."""
    dataset = read_dataset()
    return (
        dataset.version,
        dataset.digest,
        record_rows(),
        deletions(),
        documents(),
        exported(),
    )
