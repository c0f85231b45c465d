"""Comparison: the stances of some claimants side by side."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from models.networks.comparison import verdict


def compare(client: FlaskClient, query: str) -> Any:
    response = client.get(f"/v1/compare?{query}")
    assert response.status_code == 200, response.text
    return response.json


def cells(comparison: Any) -> list[tuple]:
    """The position, the overall stances, and the verdict of each row."""
    return [
        (row["position"]["id"], [cell and cell["stance"] for cell in row["cells"]], row["verdict"])
        for row in comparison["positions"]
    ]


def pairs(comparison: Any) -> list[tuple]:
    return [
        (pair["a"]["id"], pair["b"]["id"], pair["shared"], pair["agree"], pair["disagree"],
         pair["share"])
        for pair in comparison["pairs"]
    ]  # fmt: skip


MIXED_PAIR = ("ann", "bob", 1, 0, 0, None)


@pytest.mark.parametrize(
    ("query", "expected_cells", "expected_pairs"),
    [
        ("actor=ann&actor=bob",
         [("close", [None, "support"], "one"), ("join", ["mixed", "mixed"], "mixed")],
         [MIXED_PAIR]),
        ("actor=bob&actor=ann&from_date=2025-06-15",
         [("join", ["oppose", "support"], "disagree")],
         [("ann", "bob", 1, 0, 1, 0.0)]),
        ("actor=ann&actor=bob&date=2025-05&date=2025-06-20",
         [("join", ["oppose", "oppose"], "agree")],
         [("ann", "bob", 1, 1, 0, 1.0)]),
        ("actor=ann&actor=bob&actor=An+official&position=join&to_date=2024",
         [("join", ["mixed", "support", None], "mixed")],
         [("official", "ann", 1, 0, 0, None), ("official", "bob", 0, 0, 0, None),
          ("ann", "bob", 0, 0, 0, None)]),
        ("organization=union&organization=state&organization=acme",
         [("join", ["mixed", "mixed", "neutral"], "mixed")],
         [("acme", "state", 1, 0, 0, None), ("acme", "union", 1, 0, 0, None),
          ("state", "union", 1, 0, 0, None)]),
        ("actor=ann&actor=bob&topic=nothing", [], [("ann", "bob", 0, 0, 0, None)]),
        ("actor=ann&actor=bob&date=1999", [], [("ann", "bob", 0, 0, 0, None)]),
    ],
)  # fmt: skip
def test_cells_and_pairs(
    debate: FlaskClient, query: str, expected_cells: list[tuple], expected_pairs: list[tuple]
) -> None:
    comparison = compare(debate, query)
    assert cells(comparison) == expected_cells
    assert pairs(comparison) == expected_pairs
    assert comparison["meta"]["total"] == len(expected_cells)


def test_a_cell_is_a_row_of_stances(debate: FlaskClient) -> None:
    comparison = compare(debate, "actor=ann&actor=bob")
    assert comparison["claimants"] == [
        {"type": "actor", "id": "ann", "name": "Ann"},
        {"type": "actor", "id": "bob", "name": "Bob"},
    ]
    stances = debate.get("/v1/stances?of=actor").json["data"]
    by_position = {row["position"]["id"]: row["cells"] for row in comparison["positions"]}
    assert by_position["join"] == stances[:2]
    months = compare(debate, "actor=ann&actor=bob&by=month&position=join")
    assert months["positions"][0]["cells"][0]["undated"]["support"] == 1


def test_pages_follow_each_other(debate: FlaskClient) -> None:
    whole = compare(debate, "actor=ann&actor=bob")
    response = debate.get("/v1/compare?actor=ann&actor=bob&limit=1")
    first = response.json
    cursor = first["meta"]["next_cursor"]
    assert f"cursor={cursor}&limit=1" in response.headers["Link"]
    last = compare(debate, f"actor=ann&actor=bob&limit=1&cursor={cursor}")
    assert last["meta"]["next_cursor"] is None
    assert first["positions"] + last["positions"] == whole["positions"]
    # pairs cover all positions, on whatever page
    assert first["pairs"] == last["pairs"] == whole["pairs"]


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        (["support"], "one"),
        (["mixed"], "one"),
        (["support", "support"], "agree"),
        (["oppose", "oppose"], "agree"),
        (["support", "oppose"], "disagree"),
        (["support", "oppose", "mixed"], "disagree"),
        (["support", "support", "mixed"], "mixed"),
        (["neutral", "neutral"], "mixed"),
        (["support", "neutral"], "mixed"),
    ],
)
def test_verdicts(stances: list[str], expected: str) -> None:
    assert verdict(stances) == expected


def test_values_name_one_record_each(debate: FlaskClient) -> None:
    problem = debate.get("/v1/compare?actor=Ann&actor=acme").json
    assert problem["detail"] == "actor names no actor."
    problem = debate.get("/v1/compare?actor=Ann&actor=bobb").json
    assert problem["errors"][0] == {
        "parameter": "actor", "pointer": None, "message": "names no actor", "value": "bobb",
        "suggestion": "bob",
    }  # fmt: skip
