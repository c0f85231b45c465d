"""A small dataset for tables of literal results: a few records of each type.

The tests load the records twice, first without identifiers, then whole. Records with identifiers
were therefore updated at `LATER`, and all others at `LOADED`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.v1 import lists
from models.cache import LRUCache
from seeds.loader import load

LOADED = "2026-01-02T03:04:05.123456Z"
LATER = "2026-03-04T05:06:07.000001Z"

ORGANIZATIONS = [
    {
        "id": "nato",
        "name": "NATO",
        "kind": "alliance",
        "aliases": ["North Atlantic Treaty Organization", "Atlantic Alliance"],
        "description": "A military alliance.",
        "url": "https://www.nato.int/",
        "attributes": {"founded": "1949"},
        "identifiers": [{"scheme": "wikidata", "identifier": "Q7184"}],
        "former_ids": ["north-atlantic-alliance"],
    },
    {
        "id": "tuerkiye",
        "name": "Türkiye",
        "kind": "state",
        "aliases": ["Turkey"],
        "country": "TR",
    },
    {"id": "norway", "name": "Norway", "kind": "state", "country": "NO"},
    {
        "id": "turkish-mfa",
        "name": "Ministry of Foreign Affairs",
        "kind": "government",
        "country": "TR",
        "parent": "tuerkiye",
    },
    {"id": "anadolu", "name": "Anadolu Agency", "kind": "media", "country": "TR"},
    {"id": "daily", "name": "The Daily", "kind": "media", "country": "GB"},
    {"id": "herald", "name": "The Herald", "kind": "media"},
    {
        "id": "unity-party",
        "name": "Unity Party",
        "kind": "party",
        "country": "NO",
        "parent": "norway",
    },
    {"id": "factcheck", "name": "Fact Check", "kind": "ngo"},
    {"id": "acme", "name": "!Acme", "kind": "company"},
]

ACTORS = [
    {
        "id": "rutte",
        "name": "Mark Rutte",
        "aliases": ["The Secretary"],
        "description": "A Dutch politician.",
        "url": "https://example.org/rutte",
        "attributes": {"born": "1967", "gender": "m"},
        "memberships": [
            {
                "organization": "nato",
                "role": "Secretary General",
                "on_behalf_of": "unity-party",
                "area": "Brussels",
                "start_date": "2024-10-01",
            },
            {
                "organization": "unity-party",
                "role": "Leader",
                "start_date": "2006-05-31",
                "end_date": "2023-08",
            },
        ],
        "identifiers": [
            {"scheme": "wikidata", "identifier": "Q57792"},
            {"scheme": "viaf", "identifier": "1"},
        ],
        "former_ids": ["rutte-mark", "m-rutte"],
    },
    {
        "id": "erdogan",
        "name": "Recep Tayyip Erdoğan",
        "memberships": [
            {"organization": "tuerkiye", "role": "President", "start_date": "2014-08-28"}
        ],
    },
    {"id": "isik-a", "name": "Ayşe Işık"},
    {"id": "isik-b", "name": "Ayşe Işık", "aliases": ["A. Işık Demir"]},
    {
        "id": "obrien",
        "name": "Seán O’Brien",
        "memberships": [
            {"organization": "unity-party", "role": "Member"},
            {
                "organization": "nato",
                "role": "Deputy Secretary General",
                "start_date": "2019",
                "end_date": "2020",
            },
        ],
    },
    {"id": "protesters", "name": "Harbour Protesters", "kind": "group"},
    {"id": "official", "name": "A senior official", "kind": "unnamed"},
    {
        "id": "kaya",
        "name": "Deniz Kaya",
        "memberships": [
            {"organization": "nato", "role": "Adviser", "start_date": "2021"},
            {
                "organization": "nato",
                "role": "Deputy",
                "start_date": "2024-05",
                "end_date": "2025-05",
            },
            {"organization": "nato", "role": "Envoy", "start_date": "2024-05"},
        ],
    },
]

TOPICS = [
    {
        "id": "defence",
        "name": "Defence",
        "aliases": ["Defense"],
        "description": "Armies and arms.",
        "attributes": {"code": "D"},
        "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
        "former_ids": ["military"],
    },
    {"id": "spending", "name": "Defence Spending", "parent": "defence"},
    {"id": "procurement", "name": "Arms Procurement", "parent": "spending"},
    {"id": "energy", "name": "Energy", "aliases": ["Power"]},
]

POSITIONS = [
    {
        "id": "five-percent",
        "text": "Allies should spend five percent of GDP on defence.",
        "label": "The 5% goal",
        "attributes": {"axis": "spending"},
        "topics": ["spending"],
        "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
        "former_ids": ["two-percent"],
    },
    {"id": "join", "text": "Ukraine will join."},
    {"id": "pipelines", "text": "Pipelines should be closed.", "topics": ["energy", "procurement"]},
]

EVENTS = [
    {
        "id": "summit",
        "name": "The Summit",
        "kind": "summit",
        "aliases": ["Hague Summit"],
        "start_date": "2025-06-24",
        "end_date": "2025-06-25",
        "place": "The Hague",
        "country": "NL",
        "organizers": ["nato"],
        "participants": [{"actor": "rutte", "role": "Chair"}, {"organization": "tuerkiye"}],
        "description": "A meeting of heads of state.",
        "url": "https://example.org/summit",
        "attributes": {"level": "heads", "security": "high"},
        "identifiers": [{"scheme": "wikidata", "identifier": "Q2"}],
        "former_ids": ["hague-summit"],
    },
    {
        "id": "session",
        "name": "Opening Session",
        "kind": "meeting",
        "start_date": "2025-06-24",
        "place": "World Forum, The Hague",
        "parent": "summit",
        "participants": [{"actor": "erdogan"}],
    },
    {
        "id": "interview",
        "name": "Antalya Interview",
        "kind": "interview",
        "start_date": "2025-05",
        "place": "Antalya",
        "country": "TR",
        "organizers": ["anadolu"],
    },
    {
        "id": "campaign",
        "name": "Long Campaign",
        "kind": "election",
        "start_date": "2024",
        "end_date": "2025",
        "country": "NO",
        "participants": [{"organization": "unity-party"}],
    },
    {"id": "quiet", "name": "Quiet Meeting", "kind": "meeting", "start_date": "2023-01-01"},
]

SOURCES = [
    {
        "id": "aa",
        "title": "Interview with Rutte",
        "kind": "article",
        "publisher": "anadolu",
        "authors": ["A. Writer", "B. Writer"],
        "date": "2025-05-14",
        "language": "en",
        "url": "https://example.org/aa",
        "archive_url": "https://archive.example.org/aa",
        "accessed": "2025-05-20",
        "attributes": {"paywall": "no"},
        "text": "“We must spend five percent, now - or never & ever,” he said.",
        "identifiers": [{"scheme": "wikidata", "identifier": "Q3"}],
        "former_ids": ["interview-aa"],
    },
    {
        "id": "reprint",
        "title": "Reprint of the talk",
        "kind": "article",
        "publisher": "daily",
        "origin": "anadolu",
        "date": "2025-05-15",
        "language": "en-GB",
        "url": "https://example.org/daily#top",
    },
    {
        "id": "herald-report",
        "title": "Herald report",
        "kind": "report",
        "publisher": "herald",
        "date": "2025",
        "language": "de",
        "url": "https://example.org/herald",
    },
    {
        "id": "declaration",
        "title": "Summit Declaration",
        "kind": "declaration",
        "publisher": "nato",
        "date": "2025-06",
    },
    {"id": "leaf", "title": "Loose Leaf", "kind": "other"},
    {"id": "blog", "title": "Blog", "kind": "post"},
]

CLAIMS = [
    {
        "id": "spend",
        "text": "Rutte asks for five percent.",
        "actor": "rutte",
        "organization": "nato",
        "date": "2025-05-14",
        "language": "en",
        "form": "interview",
        "event": "interview",
        "topics": ["spending"],
        "positions": [
            {"position": "five-percent", "stance": "support"},
            {"position": "join", "stance": "neutral"},
        ],
        "addressees": [{"organization": "nato"}],
        "about": [{"organization": "tuerkiye"}],
        "reports": [
            {"source": "reprint", "attribution": "indirect"},
            {
                "source": "aa",
                "exact": "five percent, now - or never & ever",
                "prefix": "We must spend ",
                "suffix": ",” he",
                "start": 15,
                "end": 50,
                "attribution": "direct",
            },
        ],
        "reviews": [
            {
                "organization": "factcheck",
                "rating": "Half true!",
                "verdict": "mixed",
                "author": "C. Hecker",
                "title": "What do they spend?",
                "url": "https://example.org/check",
                "date": "2025-06",
                "summary": "Some do.",
            }
        ],
        "relations": [
            {"kind": "responds-to", "claim": "march"},
            {"kind": "repeats", "claim": "draft"},
        ],
        "coder": "ann",
        "attributes": {"salience": "high"},
        "identifiers": [{"scheme": "coding", "identifier": "17"}],
        "former_ids": ["spend-more"],
    },
    {
        "id": "oppose",
        "text": "Rutte turns round.",
        "actor": "rutte",
        "organization": "nato",
        "role": "a guest",
        "date": "2025-05",
        "quote": "No.",
        "language": "en-GB",
        "form": "speech",
        "place": "Oslo",
        "topics": ["procurement"],
        "positions": [
            {"position": "five-percent", "stance": "oppose"},
            {"position": "join", "stance": "support"},
        ],
        "reports": [{"source": "herald-report", "exact": "Nein.", "attribution": "mixed"}],
        "relations": [{"kind": "contradicts", "claim": "spend"}],
        "coder": "Ann",
    },
    {
        "id": "gas",
        "text": "Erdoğan wants to keep pipelines.",
        "actor": "erdogan",
        "organization": "tuerkiye",
        "date": "2025",
        "quote": "Niemals.",
        "language": "de",
        "form": "speech",
        "event": "summit",
        "place": "Ankara",
        "topics": ["energy"],
        "positions": [{"position": "pipelines", "stance": "oppose"}],
        "about": [{"actor": "rutte"}, {"organization": "nato"}],
        "reports": [{"source": "declaration"}, {"source": "aa", "attribution": "indirect"}],
    },
    {
        "id": "communique",
        "text": "The allies declare.",
        "organization": "nato",
        "date": "2025-06-25",
        "form": "declaration",
        "event": "summit",
        "topics": ["defence", "energy"],
        "positions": [
            {"position": "pipelines", "stance": "support"},
            {"position": "five-percent", "stance": "support"},
        ],
        "addressees": [{"organization": "tuerkiye"}, {"actor": "erdogan"}],
        "reports": [{"source": "declaration", "exact": "We declare.", "attribution": "direct"}],
        "status": "verified",
    },
    {
        "id": "loose",
        "text": "One Işık posts.",
        "actor": "isik-a",
        "form": "post",
        "place": "Antalya Harbour",
    },
    {
        "id": "letter",
        "text": "The other Işık writes.",
        "actor": "isik-b",
        "organization": "turkish-mfa",
        "date": "2024-12-31",
        "form": "written-statement",
        "topics": ["spending", "energy"],
        "addressees": [{"actor": "rutte"}],
        "attributes": {"salience": "low", "mood": "grim"},
        "reviews": [
            {"organization": "factcheck", "rating": "HALF-TRUE", "verdict": "mostly-true"},
            {"organization": "daily", "rating": "★★", "verdict": "false"},
            {"organization": "daily", "url": "https://example.org/daily-check"},
        ],
        "reports": [{"source": "leaf", "attribution": "indirect"}],
    },
    {
        "id": "vote",
        "text": "O’Brien votes.",
        "actor": "obrien",
        "organization": "unity-party",
        "date": "2026-01-01",
        "form": "vote",
        "event": "campaign",
        "positions": [
            {"position": "join", "stance": "oppose"},
            {"position": "pipelines", "stance": "neutral"},
        ],
        "about": [{"actor": "protesters"}],
    },
    {
        "id": "march",
        "text": "They march.",
        "actor": "protesters",
        "date": "2025-05-14",
        "form": "protest",
        "event": "session",
        "about": [{"organization": "nato"}],
        "reports": [
            {"source": "reprint", "attribution": "direct"},
            {"source": "aa", "attribution": "mixed"},
        ],
    },
    {
        "id": "draft",
        "text": "Rutte is being coded.",
        "actor": "rutte",
        "organization": "nato",
        "date": "2025-05-14",
        "language": "en",
        "form": "interview",
        "event": "interview",
        "place": "Oslo",
        "topics": ["spending"],
        "positions": [{"position": "five-percent", "stance": "support"}],
        "addressees": [{"organization": "nato"}],
        "about": [{"organization": "tuerkiye"}],
        "reports": [{"source": "aa", "attribution": "direct"}],
        "relations": [{"kind": "qualifies", "claim": "spend"}],
        "status": "draft",
        "coder": "ann",
        "identifiers": [{"scheme": "coding", "identifier": "18"}],
    },
    {
        "id": "gone",
        "text": "An official took it back.",
        "actor": "official",
        "organization": "factcheck",
        "date": "2025-05-14",
        "language": "fr",
        "form": "other",
        "event": "quiet",
        "topics": ["energy"],
        "positions": [{"position": "pipelines", "stance": "support"}],
        "addressees": [{"organization": "daily"}],
        "about": [{"actor": "isik-a"}],
        "reports": [{"source": "blog", "attribution": "mixed"}],
        "status": "withdrawn",
        "coder": "bob",
    },
]

WORLD: dict[str, list[dict]] = {
    "organizations": ORGANIZATIONS,
    "actors": ACTORS,
    "topics": TOPICS,
    "positions": POSITIONS,
    "events": EVENTS,
    "sources": SOURCES,
    "claims": CLAIMS,
}

LISTS = tuple(WORLD)
META_MEMBERS = [
    "total",
    "next_cursor",
    "dataset",
    "query",
    "ranked",
    "highlights",
    "resolved",
    "facets",
]

# lists of claims below another record
NESTED = ("actors/rutte/claims", "organizations/nato/claims", "events/summit/claims")

# for each list, the id of a record that has all fields
FULL = {
    "organizations": "nato",
    "actors": "rutte",
    "topics": "defence",
    "positions": "five-percent",
    "events": "summit",
    "sources": "aa",
    "claims": "spend",
}


def without_identifiers(records: list[dict]) -> list[dict]:
    return [
        {name: value for name, value in record.items() if name != "identifiers"}
        for record in records
    ]


# the records of the first load
FIRST = {section: without_identifiers(records) for section, records in WORLD.items()}


def load_sections(folder: Path, sections: dict, moment: str) -> None:
    """Load records into the open dataset, at a moment."""
    path = folder / "seeds.json"
    path.write_text(json.dumps(sections))
    load([path], clock=lambda: moment)


def pages(client: FlaskClient, url: str, limit: int) -> list[dict]:
    """All pages of a list, fetched by cursor; each page is requested twice and must not differ."""
    separator = "&" if "?" in url else "?"
    fetched: list[dict] = []
    cursor = ""
    while len(fetched) < 1000:
        page_url = f"{url}{separator}limit={limit}{cursor}"
        response = client.get(page_url)
        assert response.status_code == 200, response.text
        assert client.get(page_url).data == response.data
        fetched.append(response.json)
        if response.json["meta"]["next_cursor"] is None:
            return fetched
        cursor = f"&cursor={response.json['meta']['next_cursor']}"
    raise AssertionError(f"{url} has no last page")


def ids_of(*pages: dict) -> list[str]:
    """The ids of the records on some pages of a list."""
    return [record["id"] for page in pages for record in page["data"]]


@contextmanager
def anew() -> Iterator[None]:
    """Make lists compute their results: the cache of results stores nothing inside."""
    result_cache, lists.RESULT_CACHE = lists.RESULT_CACHE, LRUCache(0, lambda *_: 0)
    try:
        yield
    finally:
        lists.RESULT_CACHE = result_cache


def forget(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every request of the test reach the views: the request cache stores nothing."""
    monkeypatch.setattr(app.wsgi_app, "requests", LRUCache(0, lambda *_: 0))
