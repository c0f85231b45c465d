"""GET /v1/autocomplete: types, hints, order, and inputs that are no names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient


def rows(client: FlaskClient, query: str) -> list[tuple[Any, ...]]:
    response = client.get(f"/v1/autocomplete?{query}")
    assert response.status_code == 200, response.text
    return [tuple(item.values()) for item in response.json["data"]]


GOVERNMENT = "government, Türkiye, part of Türkiye"
CASES: dict[str, list[tuple[str, ...]]] = {
    "q=rutt": [
        ("actor", "rutte", "Mark Rutte", "Secretary General, NATO, 2024–"),
        ("source", "aa", "Interview with Rutte", "article, Anadolu Agency, 2025-05-14"),
    ],
    "q=natto": [("organization", "nato", "NATO", "alliance")],
    "q=natto&type=actor": [],
    "q=ministry+of": [
        ("organization", "turkish-mfa", "Ministry of Foreign Affairs", GOVERNMENT)
    ],
    "q=işik&type=actor": [
        ("actor", "isik-a", "Ayşe Işık", "actor (isik-a)"),
        ("actor", "isik-b", "Ayşe Işık", "actor (isik-b)"),
    ],
    "q=senior": [("actor", "official", "A senior official", "unnamed")],
    "q=kaya": [("actor", "kaya", "Deniz Kaya", "Envoy, NATO, 2024–")],
    "q=defens": [("topic", "defence", "Defence", "Armies and arms.")],
    "q=zzzz": [],
    "q=%22*-": [],
    "q=%F0%9F%98%80": [],
}  # fmt: skip


@pytest.mark.parametrize("query", CASES)
def test_completions_and_their_hints(world: FlaskClient, query: str) -> None:
    assert [row[:4] for row in rows(world, query)] == CASES[query]


def test_answer(world: FlaskClient) -> None:
    response = world.get("/v1/autocomplete?q=mark+rut")
    dataset = world.get("/v1").json["dataset"]
    claims = world.get("/v1/actors/rutte/claims").json["meta"]["total"]
    assert response.json == {
        "data": [
            {
                "type": "actor",
                "id": "rutte",
                "name": "Mark Rutte",
                "hint": "Secretary General, NATO, 2024–",
                "claim_count": claims,
            }
        ],
        "meta": {"dataset": dataset},
    }
    alias = world.get("/autocomplete?q=mark+rut")
    assert (alias.data, alias.headers["Content-Location"]) == (
        response.data,
        "/v1/autocomplete?q=mark+rut",
    )
    tag = {"If-None-Match": response.headers["ETag"]}
    assert world.get("/v1/autocomplete?q=mark+rut", headers=tag).status_code == 304


def test_types_are_a_list(world: FlaskClient) -> None:
    together = world.get("/v1/autocomplete?q=a&type=topic,actor").data
    assert together == world.get("/v1/autocomplete?q=a&type=actor&type=topic").data
    types = {type for type, *_ in rows(world, "q=a&type=actor,topic&limit=50")}
    assert types == {"actor", "topic"}


def test_limit(world: FlaskClient) -> None:
    assert len(rows(world, "q=a&limit=50")) == 10
    few = [row[:2] for row in rows(world, "q=a&limit=3")]
    assert few == [row[:2] for row in rows(world, "q=a")[:3]]


@pytest.mark.parametrize(
    ("query", "status", "code", "message"),
    [
        ("", 422, "invalid-value", "q is required."),
        ("q=", 422, "invalid-value", "q is empty."),
        ("q=+", 422, "invalid-value", "q is empty."),
        (f"q={'a' * 201}", 422, "invalid-value", "q is longer than 200 characters."),
        ("q=a&limit=0", 422, "invalid-value", "limit must be a whole number from 1 to 50."),
        ("q=a&limit=51", 422, "invalid-value", "limit must be a whole number from 1 to 50."),
        ("q=a&q=b", 400, "repeated-parameter", None),
        ("q=a&sort=name", 400, "unknown-parameter", None),
        ("q=%00", 400, "bad-encoding", None),
        ("q=a&type=claim", 422, "invalid-value", None),
    ],
)
def test_bad_input(
    world: FlaskClient, query: str, status: int, code: str, message: str | None
) -> None:
    response = world.get(f"/v1/autocomplete?{query}")
    assert (response.status_code, response.json["code"]) == (status, code)
    if message:
        assert response.json["detail"] == message


def test_a_load_changes_the_completions(load: Callable, client: FlaskClient) -> None:
    load(actors=[{"id": "a", "name": "Anna Berg"}])
    assert [row[1] for row in rows(client, "q=ber")] == ["a"]
    load(actors=[{"id": "a", "name": "Anna Holm"}, {"id": "b", "name": "Bertil Berg"}])
    assert [row[1] for row in rows(client, "q=ber")] == ["b"]
