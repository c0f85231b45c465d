"""What a document holds: one of each type whole, then what is derived, case by case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.api.world import FULL, LATER, LISTS, LOADED, WORLD

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
                "start_date": "2024-10-01",
                "end_date": None,
            },
            {
                "organization": {"id": "unity-party", "name": "Unity Party"},
                "role": "Leader",
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
        "claim_count": 1,
        "identifiers": [],
        "former_ids": [],
        "created_at": LOADED,
        "updated_at": LOADED,
    },
    "positions/five-percent": {
        "id": "five-percent",
        "text": "Allies should spend five percent of GDP on defence.",
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
        "text": "Pipelines should be closed.",
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
        "claim_count": 2,
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
                "text": "Allies should spend five percent of GDP on defence.",
                "stance": "support",
            },
            {"id": "join", "text": "Ukraine will join.", "stance": "neutral"},
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
                "claim": {"id": "march", "text": "They march.", "date": "2025-05-14"},
            },
            {
                "kind": "repeats",
                "direction": "out",
                "claim": {"id": "draft", "text": "Rutte is being coded.", "date": "2025-05-14"},
            },
            {
                "kind": "qualifies",
                "direction": "in",
                "claim": {"id": "draft", "text": "Rutte is being coded.", "date": "2025-05-14"},
            },
            {
                "kind": "contradicts",
                "direction": "in",
                "claim": {"id": "oppose", "text": "Rutte turns round.", "date": "2025-05"},
            },
        ],
        "reviews": [
            {
                "organization": {"id": "factcheck", "name": "Fact Check"},
                "rating": "half true",
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


@pytest.mark.parametrize("path", LISTS)
def test_documents_in_lists_are_those_of_their_own_urls(world: FlaskClient, path: str):
    query = "?status=coded&status=verified&status=draft&status=withdrawn"
    listed = world.get(f"/v1/{path}{query if path == 'claims' else ''}").json["data"]
    assert {one["id"] for one in listed} == {one["id"] for one in WORLD[path]}
    for one in listed:
        assert world.get(f"/v1/{path}/{one['id']}").json == one


def test_the_world_has_a_full_document_of_each_type(world: FlaskClient):
    absent = {("organizations", "country"), ("organizations", "parent"), ("topics", "parent")}
    absent |= {("events", "parent"), ("sources", "origin"), ("claims", "role"), ("claims", "place")}
    for path, id in FULL.items():
        document = world.get(f"/v1/{path}/{id}").json
        empty = {(path, name) for name, value in document.items() if value in (None, [], {})}
        assert empty <= absent


@pytest.mark.parametrize(("id", "status"), [("draft", "draft"), ("gone", "withdrawn")])
def test_a_claim_of_any_status_keeps_its_url(world: FlaskClient, id: str, status: str):
    assert world.get(f"/v1/claims/{id}").json["status"] == status


# the membership in the claim's organization at the claim's date:
# id, memberships as (organization, role, start, end), the claim's date, the role
ROLES = [
    ("none", [], "2025", None),
    ("open", [("a", "Head", None, None)], "1999", "Head"),
    ("of another organization", [("b", "Head", None, None)], "2025", None),
    ("started", [("a", "Head", "2025-05-14", None)], "2025-05-14", "Head"),
    ("not started", [("a", "Head", "2025-05-15", None)], "2025-05-14", None),
    ("ends that day", [("a", "Head", None, "2025-05-14")], "2025-05-14", "Head"),
    ("ended", [("a", "Head", None, "2025-05-13")], "2025-05-14", None),
    ("started in a coarse claim's month", [("a", "Head", "2025-05-31", None)], "2025-05", "Head"),
    ("started after it", [("a", "Head", "2025-06-01", None)], "2025-05", None),
    ("ended in a coarse claim's year", [("a", "Head", None, "2025-01-01")], "2025", "Head"),
    ("coarse start around the claim", [("a", "Head", "2025", None)], "2025-01-01", "Head"),
    ("coarse end around the claim", [("a", "Head", None, "2025")], "2025-12-31", "Head"),
    ("coarse end before it", [("a", "Head", None, "2024-12")], "2025-01-01", None),
    ("undated claim", [("a", "Head", None, None)], None, None),
    (
        "the latest start",
        [("a", "First", "2020", None), ("a", "Last", "2024", None), ("a", "Open", None, None)],
        "2025",
        "Last",
    ),
    (
        "the latest start that has come",
        [("a", "First", "2020", None), ("a", "Later", "2026", None)],
        "2025",
        "First",
    ),
    (
        "of one start the first in the seed",
        [("a", "Deputy", "2024-05", "2025"), ("a", "Envoy", "2024-05", None)],
        "2024-06-01",
        "Deputy",
    ),
    (
        "an open start is the earliest",
        [("a", "Open", None, None), ("a", "Dated", "0001", None)],
        "2025",
        "Dated",
    ),
    (
        "open starts by seed order",
        [("a", "First", None, None), ("a", "Second", None, None)],
        "2025",
        "First",
    ),
]


@pytest.mark.parametrize(
    ("memberships", "date", "role"), [row[1:] for row in ROLES], ids=[row[0] for row in ROLES]
)
def test_role_of_the_actor(
    load: Callable, client: FlaskClient, memberships: list, date: str | None, role: str | None
):
    names = ("organization", "role", "start_date", "end_date")
    load(
        organizations=[{"id": one, "name": one, "kind": "other"} for one in "ab"],
        actors=[
            {
                "id": "x",
                "name": "X",
                "memberships": [dict(zip(names, one, strict=True)) for one in memberships],
            }
        ],
        claims=[
            {"id": "c", "text": "C", "actor": "x", "organization": "a", "date": date},
            {"id": "own", "text": "C", "actor": "x", "organization": "a", "role": "Own"},
            {"id": "alone", "text": "C", "actor": "x", "date": date},
        ],
    )
    shown = {
        one["id"]: (one["role"], one["actor"]) for one in client.get("/v1/claims").json["data"]
    }
    assert shown["c"] == (None, {"id": "x", "name": "X", "kind": "person", "role": role})
    assert shown["own"] == ("Own", {"id": "x", "name": "X", "kind": "person", "role": "Own"})
    assert shown["alone"][1]["role"] is None


QUOTES = [
    ("its own", "Mine.", [("direct", "Theirs.")], "Mine."),
    ("the first direct report's", None, [("direct", "One."), ("direct", "Two.")], "One."),
    ("not an indirect one's", None, [("indirect", "No."), ("direct", "Yes.")], "Yes."),
    ("not a mixed one's", None, [("mixed", "No."), (None, "No.")], None),
    ("a direct one with words", None, [("direct", None), ("direct", "Yes.")], "Yes."),
    ("none", None, [], None),
]


@pytest.mark.parametrize(
    ("quote", "reports", "shown"), [row[1:] for row in QUOTES], ids=[row[0] for row in QUOTES]
)
def test_quote(
    load: Callable, client: FlaskClient, quote: str | None, reports: list, shown: str | None
):
    load(
        actors=[{"id": "x", "name": "X"}],
        sources=[{"id": "s", "title": "S", "kind": "article"}],
        claims=[
            {
                "id": "c",
                "text": "C",
                "actor": "x",
                "quote": quote,
                "reports": [
                    {"source": "s", "attribution": attribution, "exact": exact}
                    for attribution, exact in reports
                ],
            }
        ],
    )
    assert client.get("/v1/claims/c").json["quote"] == shown


# url, prefix, exact, suffix, link
LINKS = [
    ("https://e.org/a", None, "one two", None, "https://e.org/a#:~:text=one%20two"),
    ("https://e.org/a", "the ", "one", None, "https://e.org/a#:~:text=the%20-,one"),
    ("https://e.org/a", None, "one", " end", "https://e.org/a#:~:text=one,-%20end"),
    ("https://e.org/a", "p", "one", "s", "https://e.org/a#:~:text=p-,one,-s"),
    ("https://e.org/a", "a-b,c&d", "x-y", "-", "https://e.org/a#:~:text=a%2Db%2Cc%26d-,x%2Dy,-%2D"),
    ("https://e.org/a", None, "a,b&c=d#e", None, "https://e.org/a#:~:text=a%2Cb%26c%3Dd%23e"),
    ("https://e.org/a", None, "50 % / “é”", None,
     "https://e.org/a#:~:text=50%20%25%20%2F%20%E2%80%9C%C3%A9%E2%80%9D"),
    ("https://e.org/a", None, "a+b", None, "https://e.org/a#:~:text=a%2Bb"),
    ("https://e.org/a?x=1", None, "one", None, "https://e.org/a?x=1#:~:text=one"),
    ("https://e.org/a#top", None, "one", None, "https://e.org/a#top:~:text=one"),
    ("https://e.org/a#top", "p", None, None, "https://e.org/a#top"),
    ("https://e.org/a", None, None, None, "https://e.org/a"),
    (None, None, "one", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("address", "prefix", "exact", "suffix", "link"), LINKS)
def test_link(
    load: Callable,
    client: FlaskClient,
    address: str | None,
    prefix: str | None,
    exact: str | None,
    suffix: str | None,
    link: str | None,
):
    report = {"source": "s", "prefix": prefix, "exact": exact, "suffix": suffix}
    load(
        actors=[{"id": "x", "name": "X"}],
        sources=[{"id": "s", "title": "S", "kind": "article", "url": address}],
        claims=[{"id": "c", "text": "C", "actor": "x", "reports": [report]}],
    )
    assert client.get("/v1/claims/c").json["reports"][0]["link"] == link


# the sources of a claim's reports as (publisher, origin), and how many are independent
PUBLISHERS = [
    ([], 0),
    ([("a", None)], 1),
    ([("a", None), ("b", None)], 2),
    ([("a", None), ("a", None)], 1),
    ([("a", "b"), ("b", None)], 1),
    ([("a", "c"), ("b", "c")], 1),
    ([("a", "b"), ("a", "c")], 2),
    ([("a", "b"), ("a", None)], 2),
    ([(None, None), (None, None)], 2),
    ([(None, "a"), ("a", None), (None, None)], 2),
]


@pytest.mark.parametrize(("sources", "count"), PUBLISHERS)
def test_independent_publishers(load: Callable, client: FlaskClient, sources: list, count: int):
    load(
        organizations=[{"id": one, "name": one, "kind": "media"} for one in "abc"],
        actors=[{"id": "x", "name": "X"}],
        sources=[
            {"id": f"s{n}", "title": "S", "kind": "article", "publisher": one, "origin": origin}
            for n, (one, origin) in enumerate(sources)
        ],
        claims=[
            {
                "id": "c",
                "text": "C",
                "actor": "x",
                "reports": [{"source": f"s{n}"} for n in range(len(sources))],
            }
        ],
    )
    assert client.get("/v1/claims/c").json["independent_publishers"] == count


def test_two_reports_in_one_source_are_one_publisher(load: Callable, client: FlaskClient):
    load(
        actors=[{"id": "x", "name": "X"}],
        sources=[{"id": "s", "title": "S", "kind": "article"}],
        claims=[
            {
                "id": "c",
                "text": "C",
                "actor": "x",
                "reports": [{"source": "s", "exact": "One."}, {"source": "s", "exact": "Two."}],
            }
        ],
    )
    document = client.get("/v1/claims/c").json
    assert document["independent_publishers"] == 1
    assert [one["exact"] for one in document["reports"]] == ["One.", "Two."]
    assert client.get("/v1/sources/s").json["claim_count"] == 1


def test_relations_out_in_seed_order_then_in_by_id(load: Callable, client: FlaskClient):
    load(
        actors=[{"id": "x", "name": "X"}],
        claims=[
            {
                "id": "m",
                "text": "M",
                "actor": "x",
                "relations": [
                    {"kind": "supports", "claim": "z"},
                    {"kind": "retracts", "claim": "a"},
                    {"kind": "repeats", "claim": "z"},
                ],
            },
            {
                "id": "z",
                "text": "Z",
                "actor": "x",
                "relations": [
                    {"kind": "contradicts", "claim": "m"},
                    {"kind": "supports", "claim": "m"},
                ],
            },
            {
                "id": "a",
                "text": "A",
                "actor": "x",
                "status": "withdrawn",
                "relations": [{"kind": "qualifies", "claim": "m"}],
            },
        ],
    )
    shown = client.get("/v1/claims/m").json["relations"]
    assert [(one["kind"], one["direction"], one["claim"]["id"]) for one in shown] == [
        ("supports", "out", "z"),
        ("retracts", "out", "a"),
        ("repeats", "out", "z"),
        ("qualifies", "in", "a"),
        ("contradicts", "in", "z"),
        ("supports", "in", "z"),
    ]


COUNTED = {
    "actors": ("claims?actor={}", "actors/{}/claims"),
    "organizations": ("claims?organization={}", "organizations/{}/claims"),
    "events": ("claims?event={}", "events/{}/claims"),
    "sources": ("claims?source={}",),
    "topics": ("claims?topic={}",),
    "positions": ("claims?position={}",),
}


@pytest.mark.parametrize("path", COUNTED)
@pytest.mark.parametrize("dataset_of", ["world", "shipped"])
def test_claim_count_is_the_total_of_the_claims(
    request: pytest.FixtureRequest, path: str, dataset_of: str
):
    client = request.getfixturevalue(dataset_of)
    for thing in client.get(f"/v1/{path}?limit=200").json["data"]:
        for url in COUNTED[path]:
            answer = client.get(f"/v1/{url.format(thing['id'])}").json
            assert (thing["id"], thing["claim_count"]) == (thing["id"], answer["meta"]["total"])


@pytest.mark.parametrize("dataset_of", ["world", "shipped"])
def test_stances_are_totals_too(request: pytest.FixtureRequest, dataset_of: str):
    client = request.getfixturevalue(dataset_of)
    for position in client.get("/v1/positions?limit=200").json["data"]:
        assert set(position["stances"]) == {"support", "oppose", "neutral"}
        for stance, count in position["stances"].items():
            url = f"/v1/claims?position={position['id']}&stance={stance}"
            assert client.get(url).json["meta"]["total"] == count
        assert sum(position["stances"].values()) == position["claim_count"]


def test_counts_follow_a_claim_that_is_no_longer_a_draft(load: Callable, client: FlaskClient):
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
    things = ("actors/x", "organizations/o", "events/e", "sources/s", "topics/low", "topics/high")
    things += ("positions/p",)

    def counts() -> list[int]:
        return [client.get(f"/v1/{thing}").json["claim_count"] for thing in things]

    before = {thing: client.get(f"/v1/{thing}").json["updated_at"] for thing in things}
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
    assert {thing: client.get(f"/v1/{thing}").json["updated_at"] for thing in things} == before
    assert client.get("/v1/claims/c").json["updated_at"] == "2027-01-02T00:00:00.000000Z"


def test_embedded_names_follow_without_an_update_of_the_claim(load: Callable, client: FlaskClient):
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


def test_the_text_of_a_source_stands_in_no_document(world: FlaskClient):
    for url in ("/v1/sources/aa", "/v1/sources", "/v1/claims/spend", "/v1/claims"):
        assert "he said" not in world.get(url).text
