"""Derived fields of claim documents: role, quote, links, independent publishers, relations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

# the role comes from the membership in the claim's organization at the claim's date:
# id, memberships as (organization, role, start, end), the claim's date, role
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
        "the latest start before the claim",
        [("a", "First", "2020", None), ("a", "Later", "2026", None)],
        "2025",
        "First",
    ),
    (
        "equal starts by seed order",
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
def test_role_of_the_actor_comes_from_its_membership(
    load: Callable, client: FlaskClient, memberships: list, date: str | None, role: str | None
):
    names = ("organization", "role", "start_date", "end_date")
    load(
        organizations=[{"id": id, "name": id, "kind": "other"} for id in "ab"],
        actors=[
            {
                "id": "x",
                "name": "X",
                "memberships": [dict(zip(names, values, strict=True)) for values in memberships],
            }
        ],
        claims=[
            {"id": "c", "text": "C", "actor": "x", "organization": "a", "date": date},
            {"id": "own", "text": "C", "actor": "x", "organization": "a", "role": "Own"},
            {"id": "alone", "text": "C", "actor": "x", "date": date},
        ],
    )
    roles = {
        claim["id"]: (claim["role"], claim["actor"])
        for claim in client.get("/v1/claims").json["data"]
    }
    assert roles["c"] == (None, {"id": "x", "name": "X", "kind": "person", "role": role})
    assert roles["own"] == ("Own", {"id": "x", "name": "X", "kind": "person", "role": "Own"})
    assert roles["alone"][1]["role"] is None


# id, the claim's quote, reports as (attribution, exact), the quote that the document shows
QUOTES = [
    ("the claim's", "Mine.", [("direct", "Theirs.")], "Mine."),
    ("of the first direct report", None, [("direct", "One."), ("direct", "Two.")], "One."),
    ("not of an indirect report", None, [("indirect", "No."), ("direct", "Yes.")], "Yes."),
    ("not of a mixed report", None, [("mixed", "No."), (None, "No.")], None),
    ("of a direct report with exact", None, [("direct", None), ("direct", "Yes.")], "Yes."),
    ("none", None, [], None),
]


@pytest.mark.parametrize(
    ("quote", "reports", "shown_quote"),
    [row[1:] for row in QUOTES],
    ids=[row[0] for row in QUOTES],
)
def test_quote_comes_from_the_claim_or_a_direct_report(
    load: Callable, client: FlaskClient, quote: str | None, reports: list, shown_quote: str | None
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
    assert client.get("/v1/claims/c").json["quote"] == shown_quote


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
def test_link_of_a_report(
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


# the sources of a claim's reports as (publisher, origin), and the number of independent publishers
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
        organizations=[{"id": id, "name": id, "kind": "media"} for id in "abc"],
        actors=[{"id": "x", "name": "X"}],
        sources=[
            {
                "id": f"s{n}",
                "title": "S",
                "kind": "article",
                "publisher": publisher,
                "origin": origin,
            }
            for n, (publisher, origin) in enumerate(sources)
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


def test_two_reports_in_one_source_count_as_one_publisher(load: Callable, client: FlaskClient):
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
    assert [report["exact"] for report in document["reports"]] == ["One.", "Two."]
    assert client.get("/v1/sources/s").json["claim_count"] == 1


def test_relations_show_outgoing_in_seed_order_then_incoming_by_id(
    load: Callable, client: FlaskClient
):
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
    relations = client.get("/v1/claims/m").json["relations"]
    assert [
        (relation["kind"], relation["direction"], relation["claim"]["id"]) for relation in relations
    ] == [
        ("supports", "out", "z"),
        ("retracts", "out", "a"),
        ("repeats", "out", "z"),
        ("qualifies", "in", "a"),
        ("contradicts", "in", "z"),
        ("supports", "in", "z"),
    ]
