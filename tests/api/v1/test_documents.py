"""Documents of each type whole, and their counts of claims."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.api.world import FULL, LATER, LISTS, LOADED, WORLD

RUTTE = {"id": "rutte", "name": "Mark Rutte"}
NATO = {"id": "nato", "name": "NATO"}
# for each list a document with all fields and one with few
DOCUMENTS = {
    "organizations/nato": {
        "id": "nato",
        "name": "NATO",
        "kind": "alliance",
        "aliases": ["North Atlantic Treaty Organization", "Atlantic Alliance"],
        "description": "A military alliance.",
        "country": None,
        "parent": None,
        "url": "https://www.nato.int/",
        "attributes": {"founded": "1949"},
        "claim_count": 3,
        "identifiers": [{"scheme": "wikidata", "identifier": "Q7184"}],
        "former_ids": ["north-atlantic-alliance"],
        "created_at": LOADED,
        "updated_at": LATER,
    },
    "organizations/turkish-mfa": {
        "id": "turkish-mfa",
        "name": "Ministry of Foreign Affairs",
        "kind": "government",
        "aliases": [],
        "description": None,
        "country": "TR",
        "parent": {"id": "tuerkiye", "name": "Türkiye"},
        "url": None,
        "attributes": {},
        "claim_count": 1,
        "identifiers": [],
        "former_ids": [],
        "created_at": LOADED,
        "updated_at": LOADED,
    },
    "actors/rutte": {
        "id": "rutte",
        "name": "Mark Rutte",
        "kind": "person",
        "aliases": ["The Secretary"],
        "description": "A Dutch politician.",
        "url": "https://example.org/rutte",
        "attributes": {"born": "1967", "gender": "m"},
        "memberships": [
            {
                "organization": {"id": "nato", "name": "NATO"},
                "role": "Secretary General",
                "on_behalf_of": {"id": "unity-party", "name": "Unity Party"},
                "area": "Brussels",
                "start_date": "2024-10-01",
                "end_date": None,
            },
            {
                "organization": {"id": "unity-party", "name": "Unity Party"},
                "role": "Leader",
                "on_behalf_of": None,
                "area": None,
                "start_date": "2006-05-31",
                "end_date": "2023-08",
            },
        ],
        "claim_count": 2,
        "identifiers": [
            {"scheme": "wikidata", "identifier": "Q57792"},
            {"scheme": "viaf", "identifier": "1"},
        ],
        "former_ids": ["rutte-mark", "m-rutte"],
        "created_at": LOADED,
        "updated_at": LATER,
    },
    "actors/official": {
        "id": "official",
        "name": "A senior official",
        "kind": "unnamed",
        "aliases": [],
        "description": None,
        "url": None,
        "attributes": {},
        "memberships": [],
        "claim_count": 0,
        "identifiers": [],
        "former_ids": [],
        "created_at": LOADED,
        "updated_at": LOADED,
    },
    "topics/defence": {
        "id": "defence",
        "name": "Defence",
        "aliases": ["Defense"],
        "description": "Armies and arms.",
        "parent": None,
        "attributes": {"code": "D"},
        "claim_count": 4,
        "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
        "former_ids": ["military"],
        "created_at": LOADED,
        "updated_at": LATER,
    },
    "topics/procurement": {
        "id": "procurement",
        "name": "Arms Procurement",
        "aliases": [],
        "description": None,
        "parent": {"id": "spending", "name": "Defence Spending"},
        "attributes": {},
        "claim_count": 1,
        "identifiers": [],
        "former_ids": [],
        "created_at": LOADED,
        "updated_at": LOADED,
    },
    "positions/five-percent": {
        "id": "five-percent",
        "label": "The 5% goal",
        "text": "Allies should spend five percent of GDP on defence.",
        "attributes": {"axis": "spending"},
        "topics": [{"id": "spending", "name": "Defence Spending"}],
        "stances": {"support": 2, "oppose": 1, "neutral": 0},
        "claim_count": 3,
        "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
        "former_ids": ["two-percent"],
        "created_at": LOADED,
        "updated_at": LATER,
    },
    "positions/pipelines": {
        "id": "pipelines",
        "label": None,
        "text": "Pipelines should be closed.",
        "attributes": {},
        "topics": [
            {"id": "energy", "name": "Energy"},
            {"id": "procurement", "name": "Arms Procurement"},
        ],
        "stances": {"support": 1, "oppose": 1, "neutral": 1},
        "claim_count": 3,
        "identifiers": [],
        "former_ids": [],
        "created_at": LOADED,
        "updated_at": LOADED,
    },
    "events/summit": {
        "id": "summit",
        "name": "The Summit",
        "kind": "summit",
        "aliases": ["Hague Summit"],
        "start_date": "2025-06-24",
        "end_date": "2025-06-25",
        "place": "The Hague",
        "country": "NL",
        "parent": None,
        "organizers": [{"id": "nato", "name": "NATO"}],
        "participants": [
            {"type": "actor", "id": "rutte", "name": "Mark Rutte", "role": "Chair"},
            {"type": "organization", "id": "tuerkiye", "name": "Türkiye", "role": None},
        ],
        "description": "A meeting of heads of state.",
        "url": "https://example.org/summit",
        "attributes": {"level": "heads", "security": "high"},
        "claim_count": 3,
        "identifiers": [{"scheme": "wikidata", "identifier": "Q2"}],
        "former_ids": ["hague-summit"],
        "created_at": LOADED,
        "updated_at": LATER,
    },
    "events/session": {
        "id": "session",
        "name": "Opening Session",
        "kind": "meeting",
        "aliases": [],
        "start_date": "2025-06-24",
        "end_date": None,
        "place": "World Forum, The Hague",
        "country": None,
        "parent": {"id": "summit", "name": "The Summit"},
        "organizers": [],
        "participants": [
            {"type": "actor", "id": "erdogan", "name": "Recep Tayyip Erdoğan", "role": None}
        ],
        "description": None,
        "url": None,
        "attributes": {},
        "claim_count": 1,
        "identifiers": [],
        "former_ids": [],
        "created_at": LOADED,
        "updated_at": LOADED,
    },
    "sources/aa": {
        "id": "aa",
        "title": "Interview with Rutte",
        "kind": "article",
        "publisher": {"id": "anadolu", "name": "Anadolu Agency"},
        "origin": None,
        "authors": ["A. Writer", "B. Writer"],
        "date": "2025-05-14",
        "language": "en",
        "url": "https://example.org/aa",
        "archive_url": "https://archive.example.org/aa",
        "accessed": "2025-05-20",
        "attributes": {"paywall": "no"},
        "claim_count": 3,
        "identifiers": [{"scheme": "wikidata", "identifier": "Q3"}],
        "former_ids": ["interview-aa"],
        "created_at": LOADED,
        "updated_at": LATER,
    },
    "sources/reprint": {
        "id": "reprint",
        "title": "Reprint of the talk",
        "kind": "article",
        "publisher": {"id": "daily", "name": "The Daily"},
        "origin": {"id": "anadolu", "name": "Anadolu Agency"},
        "authors": [],
        "date": "2025-05-15",
        "language": "en-GB",
        "url": "https://example.org/daily#top",
        "archive_url": None,
        "accessed": None,
        "attributes": {},
        "claim_count": 2,
        "identifiers": [],
        "former_ids": [],
        "created_at": LOADED,
        "updated_at": LOADED,
    },
    "claims/spend": {
        "id": "spend",
        "text": "Rutte asks for five percent.",
        "quote": "five percent, now - or never & ever",
        "date": "2025-05-14",
        "role": None,
        "status": "coded",
        "coder": "ann",
        "form": "interview",
        "language": "en",
        "place": None,
        "attributes": {"salience": "high"},
        "actor": {
            "id": "rutte",
            "name": "Mark Rutte",
            "kind": "person",
            "role": "Secretary General",
        },
        "organization": {"id": "nato", "name": "NATO"},
        "event": {"id": "interview", "name": "Antalya Interview"},
        "topics": [{"id": "spending", "name": "Defence Spending"}],
        "positions": [
            {
                "id": "five-percent",
                "label": "The 5% goal",
                "text": "Allies should spend five percent of GDP on defence.",
                "stance": "support",
            },
            {"id": "join", "label": None, "text": "Ukraine will join.", "stance": "neutral"},
        ],
        "about": [{"type": "organization", "id": "tuerkiye", "name": "Türkiye"}],
        "addressees": [{"type": "organization", "id": "nato", "name": "NATO"}],
        "reports": [
            {
                "source": {
                    "id": "reprint",
                    "title": "Reprint of the talk",
                    "date": "2025-05-15",
                    "url": "https://example.org/daily#top",
                },
                "publisher": {"id": "daily", "name": "The Daily"},
                "origin": {"id": "anadolu", "name": "Anadolu Agency"},
                "attribution": "indirect",
                "exact": None,
                "prefix": None,
                "suffix": None,
                "start": None,
                "end": None,
                "link": "https://example.org/daily#top",
            },
            {
                "source": {
                    "id": "aa",
                    "title": "Interview with Rutte",
                    "date": "2025-05-14",
                    "url": "https://example.org/aa",
                },
                "publisher": {"id": "anadolu", "name": "Anadolu Agency"},
                "origin": None,
                "attribution": "direct",
                "exact": "five percent, now - or never & ever",
                "prefix": "We must spend ",
                "suffix": ",” he",
                "start": 15,
                "end": 50,
                "link": "https://example.org/aa#:~:text=We%20must%20spend%20-,"
                "five%20percent%2C%20now%20%2D%20or%20never%20%26%20ever"
                ",-%2C%E2%80%9D%20he",
            },
        ],
        "independent_publishers": 1,
        "relations": [
            {
                "kind": "responds-to",
                "direction": "out",
                "claim": {
                    "id": "march",
                    "text": "They march.",
                    "date": "2025-05-14",
                    "actor": {"id": "protesters", "name": "Harbour Protesters"},
                    "organization": None,
                },
            },
            {
                "kind": "repeats",
                "direction": "out",
                "claim": {
                    "id": "draft",
                    "text": "Rutte is being coded.",
                    "date": "2025-05-14",
                    "actor": RUTTE,
                    "organization": NATO,
                },
            },
            {
                "kind": "qualifies",
                "direction": "in",
                "claim": {
                    "id": "draft",
                    "text": "Rutte is being coded.",
                    "date": "2025-05-14",
                    "actor": RUTTE,
                    "organization": NATO,
                },
            },
            {
                "kind": "contradicts",
                "direction": "in",
                "claim": {
                    "id": "oppose",
                    "text": "Rutte turns round.",
                    "date": "2025-05",
                    "actor": RUTTE,
                    "organization": NATO,
                },
            },
        ],
        "reviews": [
            {
                "organization": {"id": "factcheck", "name": "Fact Check"},
                "rating": "Half true!",
                "verdict": "mixed",
                "author": "C. Hecker",
                "title": "What do they spend?",
                "url": "https://example.org/check",
                "date": "2025-06",
                "summary": "Some do.",
            }
        ],
        "identifiers": [{"scheme": "coding", "identifier": "17"}],
        "former_ids": ["spend-more"],
        "created_at": LOADED,
        "updated_at": LATER,
    },
    "claims/loose": {
        "id": "loose",
        "text": "One Işık posts.",
        "quote": None,
        "date": None,
        "role": None,
        "status": "coded",
        "coder": None,
        "form": "post",
        "language": None,
        "place": "Antalya Harbour",
        "attributes": {},
        "actor": {"id": "isik-a", "name": "Ayşe Işık", "kind": "person", "role": None},
        "organization": None,
        "event": None,
        "topics": [],
        "positions": [],
        "about": [],
        "addressees": [],
        "reports": [],
        "independent_publishers": 0,
        "relations": [],
        "reviews": [],
        "identifiers": [],
        "former_ids": [],
        "created_at": LOADED,
        "updated_at": LOADED,
    },
}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_whole_document(world: FlaskClient, path: str):
    document = world.get(f"/v1/{path}").json
    assert document == DOCUMENTS[path]
    assert list(document) == list(DOCUMENTS[path])


def test_tables_have_every_list():
    assert {path.partition("/")[0] for path in DOCUMENTS} == set(LISTS), (
        "add a document with all fields, and one with few, to DOCUMENTS in"
        " tests/api/v1/test_documents.py"
    )
    assert set(CLAIMS_OF) == set(LISTS) - {"claims"}, (
        "add the list's claims to CLAIMS_OF in tests/api/v1/test_documents.py"
    )


@pytest.mark.parametrize("section", LISTS)
def test_list_and_url_show_the_same_document(world: FlaskClient, section: str):
    query = "?status=coded&status=verified&status=draft&status=withdrawn"
    documents = world.get(f"/v1/{section}{query if section == 'claims' else ''}").json["data"]
    assert {document["id"] for document in documents} == {record["id"] for record in WORLD[section]}
    for document in documents:
        assert world.get(f"/v1/{section}/{document['id']}").json == document


def test_full_records_have_all_fields(world: FlaskClient):
    may_be_empty = {
        ("organizations", "country"), ("organizations", "parent"), ("topics", "parent"),
        ("events", "parent"), ("sources", "origin"), ("claims", "role"), ("claims", "place"),
    }  # fmt: skip
    for section, id in FULL.items():
        document = world.get(f"/v1/{section}/{id}").json
        empty = {(section, name) for name, value in document.items() if value in (None, [], {})}
        assert empty <= may_be_empty, f"give {section}/{id} these fields in tests/api/world.py"


@pytest.mark.parametrize(("id", "status"), [("draft", "draft"), ("gone", "withdrawn")])
def test_claim_of_any_status_has_a_url(world: FlaskClient, id: str, status: str):
    assert world.get(f"/v1/claims/{id}").json["status"] == status


# the lists of claims whose totals are the claim_count of a record
CLAIMS_OF = {
    "actors": ("claims?actor={}", "actors/{}/claims"),
    "organizations": ("claims?organization={}", "organizations/{}/claims"),
    "events": ("claims?event={}", "events/{}/claims"),
    "sources": ("claims?source={}",),
    "topics": ("claims?topic={}",),
    "positions": ("claims?position={}",),
}


@pytest.mark.parametrize("section", CLAIMS_OF)
@pytest.mark.parametrize("fixture", ["world", "shipped"])
def test_claim_count_is_the_total_of_the_claims(
    request: pytest.FixtureRequest, section: str, fixture: str
):
    client = request.getfixturevalue(fixture)
    for document in client.get(f"/v1/{section}?limit=200").json["data"]:
        for path in CLAIMS_OF[section]:
            page = client.get(f"/v1/{path.format(document['id'])}").json
            assert (document["id"], document["claim_count"]) == (
                document["id"],
                page["meta"]["total"],
            )


@pytest.mark.parametrize("fixture", ["world", "shipped"])
def test_stances_are_the_totals_of_the_claims_by_stance(
    request: pytest.FixtureRequest, fixture: str
):
    client = request.getfixturevalue(fixture)
    for position in client.get("/v1/positions?limit=200").json["data"]:
        assert set(position["stances"]) == {"support", "oppose", "neutral"}
        for stance, count in position["stances"].items():
            url = f"/v1/claims?position={position['id']}&stance={stance}"
            assert client.get(url).json["meta"]["total"] == count
        assert sum(position["stances"].values()) == position["claim_count"]


def test_counts_change_with_the_status_of_a_claim(load: Callable, client: FlaskClient):
    claim = {
        "id": "c",
        "text": "C",
        "actor": "x",
        "organization": "o",
        "event": "e",
        "topics": ["low"],
        "positions": [{"position": "p", "stance": "oppose"}],
        "reports": [{"source": "s"}],
    }
    load(
        organizations=[{"id": "o", "name": "O", "kind": "other"}],
        actors=[{"id": "x", "name": "X"}],
        topics=[{"id": "low", "name": "Low", "parent": "high"}, {"id": "high", "name": "High"}],
        positions=[{"id": "p", "text": "P"}],
        events=[{"id": "e", "name": "E", "kind": "other", "start_date": "2025"}],
        sources=[{"id": "s", "title": "S", "kind": "other"}],
        claims=[{**claim, "status": "draft"}],
    )
    paths = ("actors/x", "organizations/o", "events/e", "sources/s", "topics/low", "topics/high")
    paths += ("positions/p",)

    def counts() -> list[int]:
        return [client.get(f"/v1/{path}").json["claim_count"] for path in paths]

    updated_before = {path: client.get(f"/v1/{path}").json["updated_at"] for path in paths}
    assert counts() == [0] * 7
    load(claims=[claim], time="2027-01-01T00:00:00.000000Z")
    assert counts() == [1] * 7
    assert client.get("/v1/positions/p").json["stances"] == {
        "support": 0,
        "oppose": 1,
        "neutral": 0,
    }
    load(claims=[{**claim, "status": "withdrawn"}], time="2027-01-02T00:00:00.000000Z")
    assert counts() == [0] * 7
    assert {path: client.get(f"/v1/{path}").json["updated_at"] for path in paths} == updated_before
    assert client.get("/v1/claims/c").json["updated_at"] == "2027-01-02T00:00:00.000000Z"


def test_claim_shows_a_new_name_without_an_update_of_the_claim(load: Callable, client: FlaskClient):
    load(
        actors=[{"id": "x", "name": "Before"}],
        claims=[{"id": "c", "text": "C", "actor": "x"}],
        time="2026-01-01T00:00:00.000000Z",
    )
    load(actors=[{"id": "x", "name": "After"}], time="2026-01-02T00:00:00.000000Z")
    claim = client.get("/v1/claims/c").json
    assert claim["actor"]["name"] == "After"
    assert claim["updated_at"] == claim["created_at"] == "2026-01-01T00:00:00.000000Z"
    actor = client.get("/v1/actors/x").json
    assert (actor["created_at"], actor["updated_at"]) == (
        "2026-01-01T00:00:00.000000Z",
        "2026-01-02T00:00:00.000000Z",
    )


def test_no_document_shows_the_text_of_a_source(world: FlaskClient):
    for url in ("/v1/sources/aa", "/v1/sources", "/v1/claims/spend", "/v1/claims"):
        assert "he said" not in world.get(url).text
