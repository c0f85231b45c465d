"""Contradictions: claimants with opposite stances, or claims that say so."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.world import pages

BOB_AND_ANN = {
    "position": {"id": "join", "text": "We should join"},
    "a": {
        "id": "b3", "date": "2026-01-02", "stance": "support", "text": "Text of b3", "quote": None,
        "language": None, "source": None, "link": None,
        "claimant": {"type": "actor", "id": "bob", "name": "Bob"},
    },
    "b": {
        "id": "a5", "date": "2025-06-20", "stance": "oppose", "text": "Text of a5", "quote": None,
        "language": None, "source": {"id": "reprint", "title": "Reprint"}, "link": None,
        "claimant": {"type": "actor", "id": "ann", "name": "Ann"},
    },
    "relation": None,
}  # fmt: skip


def test_a_row(debate: FlaskClient) -> None:
    page = debate.get("/v1/contradictions?claimant=bob&addressee=!ann&limit=200").json
    assert page["data"][1] == BOB_AND_ANN
    assert page["meta"]["total"] == len(page["data"]) == 3


def brief(row: dict[str, Any]) -> tuple:
    position = row["position"] and row["position"]["id"]
    return row["a"]["id"], row["b"]["id"], position, row["relation"]


def rows(client: FlaskClient, query: str) -> list[tuple]:
    response = client.get(f"/v1/contradictions?{query}")
    assert response.status_code == 200, response.text
    assert response.json["meta"]["total"] == len(response.json["data"])
    return [brief(row) for row in response.json["data"]]


def on_join(*pairs: str) -> list[tuple]:
    """Pairs such as `a1-b2` on the position `join`, without a relation."""
    return [(*pair.split("-"), "join", None) for pair in pairs]


# of claims that support and oppose, newest first on both sides; none of one claimant
ALL_ON_JOIN = [
    *on_join("b3-o1", "b3-a5", "b3-a2", "b3-u2"),
    *on_join("a3-o1", "a3-b2", "a3-u2"),
    ("b1", "o1", "join", "contradicts"), *on_join("b1-a5", "b1-a2", "b1-u2"),
    *on_join("u1-o1", "u1-a5", "u1-b2", "u1-a2"),
    *on_join("a1-o1", "a1-b2", "a1-u2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # without a filter of claimants, side a supports
        ("position=join", on_join("b3-o1", "b3-a5", "b3-u2")),
        ("actor=bob", on_join("b3-o1", "b3-a5", "b3-u2")),
        ("actor=ann", on_join("a5-b3")),
        ("actor=ann&actor=bob", on_join("b3-o1", "b3-a5", "b3-u2")),
        # both sides of the first pair could be side a
        ("actor=ann&actor=bob&date=2024-01&date=2025-06&date=2026", on_join("b3-a5", "a5-u1")),
        ("actor=ann&position=close", []),
        # the last claim for an organization need not be the last of all
        ("actor=ann&organization=acme", on_join("a3-o1", "a3-u2")),
        ("actor=ann&to_date=2025-06-15", []),
        ("position=join&to_date=2025-03", on_join("a3-u2", "b1-u2")),
        ("organization=state", on_join("u2-b3")),
        ("of=organization&position=join", on_join("b3-u2")),
        ("of=organization&organization=state", on_join("u2-b3")),
        ("of=actor&position=join", on_join("b3-a5", "b3-u2")),
        ("position=join&all=true", ALL_ON_JOIN),
        ("organization=state&all=true", [
            *on_join("u2-b3", "u2-a3"), *on_join("u2-b1", "u2-a1"),
            *on_join("u1-o1", "u1-a5", "u1-b2", "u1-a2"),
        ]),
        ("actor=nobody", []),
        ("explicit=true", [("o2", "o1", None, "contradicts"), ("b1", "o1", "join", "contradicts")]),
        ("explicit=true&claimant=acme",
         [("o1", "o2", None, "contradicts"), ("o1", "b1", "join", "contradicts")]),
        ("explicit=true&position=join", [("b1", "o1", "join", "contradicts")]),
        ("explicit=true&actor=bob", [("b1", "o1", "join", "contradicts")]),
        # both claims are made for one organization
        ("explicit=true&of=organization", [("o2", "o1", None, "contradicts")]),
        ("explicit=true&of=actor", []),
    ],
)  # fmt: skip
def test_pairs(debate: FlaskClient, query: str, expected: list[tuple]) -> None:
    assert rows(debate, query) == expected


@pytest.mark.parametrize("query", ["position=join&all=true", "actor=bob", "explicit=true"])
@pytest.mark.parametrize("limit", [1, 2, 4])
def test_pages_follow_each_other(debate: FlaskClient, query: str, limit: int) -> None:
    expected = rows(debate, f"{query}&limit=200")
    fetched = pages(debate, f"/v1/contradictions?{query}", limit)
    assert [brief(row) for page in fetched for row in page["data"]] == expected
    assert {page["meta"]["total"] for page in fetched} == {len(expected)}


def test_a_stated_pair_without_a_position_has_no_stance(debate: FlaskClient) -> None:
    row = debate.get("/v1/contradictions?explicit=true").json["data"][0]
    assert (row["position"], row["a"]["stance"], row["b"]["stance"]) == (None, None, None)
