"""Reversals: a claimant takes the opposite stance on a position."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.world import pages

NO_REPORT = {"language": None, "source": None, "link": None}
REPRINT = {"id": "reprint", "title": "Reprint"}
A5 = {
    "claimant": {"type": "actor", "id": "ann", "name": "Ann"},
    "position": {"id": "join", "text": "We should join"},
    "from": {
        "id": "a3", "date": "2025-03-01", "stance": "support", "text": "Text of a3", "quote": None,
        **NO_REPORT, "actor": {"id": "ann", "name": "Ann"},
    },
    "to": {
        "id": "a5", "date": "2025-06-20", "stance": "oppose", "text": "Text of a5", "quote": None,
        **NO_REPORT, "source": REPRINT, "actor": {"id": "ann", "name": "Ann"},
    },
    "same_actor": True,
    "days": 111,
    "relation": "retracts",
}  # fmt: skip
A2 = {
    **A5,
    "from": {**A5["from"], "id": "a1", "date": "2024", "text": "Text of a1"},  # type: ignore[dict-item]
    "to": {
        **A5["to"], "id": "a2", "date": "2025-03-01", "text": "Text of a2", "quote": "Never.",  # type: ignore[dict-item]
        "language": "en", "source": {"id": "minutes", "title": "Minutes"},
        "link": "https://example.org/minutes#:~:text=Never",
    },
    "days": None,
    "relation": None,
}  # fmt: skip


def test_the_rows_of_a_list(debate: FlaskClient) -> None:
    response = debate.get("/v1/reversals")
    assert response.json["data"] == [A5, A2]
    # a2 → a3 on one day, b1 → b2 with 2025 around 2025-05, b2 → b3 that qualifies it
    assert (response.json["meta"]["total"], response.json["meta"]["left_out"]) == (2, 3)


def brief(row: dict[str, Any]) -> tuple:
    return (
        row["claimant"]["id"], row["from"]["id"], row["to"]["id"], row["same_actor"], row["days"],
        row["relation"],
    )  # fmt: skip


OF_ORGANIZATIONS = [
    ("acme", "o1", "b3", False, 185, None),
    ("acme", "a3", "b2", False, None, None),
    ("state", "u1", "u2", False, 31, None),
]


@pytest.mark.parametrize(
    ("query", "expected", "left_out"),
    [
        ("of=organization", OF_ORGANIZATIONS, 2),
        ("of=organization&to_date=2025-06", OF_ORGANIZATIONS[1:], 2),
        ("of=organization&actor=bob", [], 2),
        ("of=actor", [brief(A5), brief(A2)], 3),
        # an unnamed actor is nobody whom one can follow
        ("actor=official", [], 0),
        ("position=close", [], 0),
        ("actor=nobody", [], 0),
    ],
)
def test_filters_and_who_is_followed(
    debate: FlaskClient, query: str, expected: list[tuple], left_out: int
) -> None:
    page = debate.get(f"/v1/reversals?{query}").json
    assert [brief(row) for row in page["data"]] == expected
    assert (page["meta"]["total"], page["meta"]["left_out"]) == (len(expected), left_out)


def test_pages_follow_each_other(debate: FlaskClient) -> None:
    fetched = pages(debate, "/v1/reversals?of=organization", 1)
    assert [brief(row) for page in fetched for row in page["data"]] == OF_ORGANIZATIONS


def test_nothing_is_counted_unless_asked(debate: FlaskClient) -> None:
    meta = debate.get("/v1/reversals?count=none").json["meta"]
    assert (meta["total"], meta["left_out"]) == (None, None)
