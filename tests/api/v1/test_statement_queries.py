"""The price of lists that are made from statements: queries, and steps of SQLite."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.api.database_queries import count_steps, queries_of, query_count
from tests.engines import on_sqlite

pytestmark = on_sqlite


@pytest.mark.parametrize(
    ("path", "count"),
    [
        # the version, the page; counts, reversals, statements, own sides, and names of its rows
        ("stances", 7),
        ("stances?limit=200", 7),
        ("stances?sort=name&by=month", 7),
        # organizations have no own side
        ("stances?of=organization", 6),
        # a longer list has a total; its first row has no own side
        ("stances?limit=1", 7 + 1 - 1),
        ("stances?limit=1&count=none", 7 - 1),
        # the names of a query
        ("stances?actor=bob", 7 + 1),
        ("stances?position=close", 5 + 1 + 1),
        ("positions/join/stances", 7 + 1),
        # nothing to describe
        ("stances?date=1999", 2),
        # the version, the page, the counts, the claims and names of its rows
        ("reversals", 5),
        ("reversals?limit=1&count=none", 4),
        ("contradictions?position=join", 4 + 1),
        ("contradictions?position=join&limit=1", 5 + 1),
        ("contradictions?position=join&all=true&limit=1", 5 + 1),
        ("contradictions?explicit=true", 4),
        # the version, names, the page, names of claimants, five for cells, names of positions,
        # the pairs and their names
        ("compare?actor=ann&actor=bob", 12),
        ("compare?organization=acme&organization=state", 11),
    ],
)
def test_a_list_sends_as_many_queries(debate: FlaskClient, path: str, count: int) -> None:
    assert query_count(debate, f"/v1/{path}") == count


@pytest.mark.parametrize(
    "path", ["stances", "reversals", "contradictions?position=join", "compare?actor=ann&actor=bob"]
)
def test_a_304_reads_only_the_version(debate: FlaskClient, path: str) -> None:
    tag = debate.get(f"/v1/{path}").headers["ETag"]
    queries = queries_of(lambda: debate.get(f"/v1/{path}", headers={"If-None-Match": tag}))
    assert len(queries) == 1


SIDE = 200


@pytest.fixture
def two_camps(load: Callable, client: FlaskClient) -> FlaskClient:
    """200 claimants on each side of one position: 40,000 contradictions."""
    actors = [{"id": f"a{n}", "name": f"Actor {n}"} for n in range(2 * SIDE)]
    claims = [
        {
            "id": f"c{n}",
            "text": f"Claim {n}",
            "actor": f"a{n}",
            "date": "2025-01-01",
            "positions": [{"position": "join", "stance": "support" if n % 2 else "oppose"}],
        }
        for n in range(2 * SIDE)
    ]
    load(actors=actors, positions=[{"id": "join", "text": "Join"}], claims=claims)
    return client


@pytest.mark.parametrize("all", ["false", "true"])
def test_pages_of_contradictions_do_not_walk_all_pairs(two_camps: FlaskClient, all: str) -> None:
    url = f"/v1/contradictions?position=join&all={all}&limit=10"
    page = two_camps.get(url).json
    assert page["meta"]["total"] == SIDE * SIDE
    cursor = page["meta"]["next_cursor"]
    for page_url in (url, f"{url}&cursor={cursor}"):
        # each pair would take more than ten instructions
        assert count_steps(two_camps, page_url, rows=10) < 10 * SIDE * SIDE
