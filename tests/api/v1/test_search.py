"""GET /v1/search: groups by type, the same records as the lists with `q`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

TYPES = ("actor", "organization", "event", "topic", "position", "source", "claim")


def search(client: FlaskClient, query: str) -> Any:
    response = client.get(f"/v1/search?{query}")
    assert response.status_code == 200, response.text
    return response.json


def groups(client: FlaskClient, query: str) -> dict[str, list[str]]:
    return {
        group["type"]: [result["id"] for result in group["results"]]
        for group in search(client, query)["data"]
    }


CASES: dict[str, dict[str, list[str]]] = {
    # the type with a name that was asked for comes first
    "q=defence": {
        "topic": ["defence", "spending"],
        "position": ["five-percent"],
    },
    "q=rutte&type=actor,source": {"actor": ["rutte"], "source": ["aa"]},
    "q=ayse+isik&type=actor": {"actor": ["isik-a", "isik-b"]},
    "q=turkey": {"organization": ["tuerkiye"]},
    "q=antalya&type=event": {"event": ["interview"]},
    "q=zzzz": {},
    "q=%22": {},
}


@pytest.mark.parametrize("query", CASES)
def test_results_by_type(world: FlaskClient, query: str) -> None:
    assert groups(world, query) == CASES[query]


@pytest.mark.parametrize("text", ["rutte", "the", "-rutte", '"five percent"', "s*", "a -the"])
def test_groups_are_the_lists_with_the_same_words(world: FlaskClient, text: str) -> None:
    expected = {}
    for type in TYPES:
        page = world.get(f"/v1/{type}s?q={quote(text)}&limit=200").json
        if page["meta"]["total"]:
            expected[type] = (page["meta"]["total"], {item["id"] for item in page["data"]})
    answer = search(world, f"q={quote(text)}&limit=20")
    assert {
        group["type"]: (group["total"], {result["id"] for result in group["results"]})
        for group in answer["data"]
    } == expected
    few = search(world, f"q={quote(text)}&limit=1")
    assert [group["total"] for group in few["data"]] == [group["total"] for group in answer["data"]]
    assert {len(group["results"]) for group in few["data"]} == {1}


def test_results_have_names_and_claim_counts(world: FlaskClient) -> None:
    (group,) = search(world, "q=%22mark+rutte%22&type=actor")["data"]
    claims = world.get("/v1/actors/rutte/claims").json["meta"]["total"]
    assert group == {
        "type": "actor",
        "total": 1,
        "results": [
            {
                "id": "rutte",
                "name": "Mark Rutte",
                "hint": "Secretary General, NATO, 2024–",
                "claim_count": claims,
            }
        ],
    }
    answer = search(world, "q=five+percent&type=claim,position,source&limit=1")
    names = {group["type"]: group["results"][0]["name"] for group in answer["data"]}
    assert names["position"] == "Allies should spend five percent of GDP on defence."
    assert answer["data"][-1]["results"][0]["claim_count"] is None


def test_the_hint_of_a_claim_has_its_claimant_and_date(load: Callable, client: FlaskClient) -> None:
    load(
        organizations=[{"id": "o", "name": "O", "kind": "other"}],
        actors=[{"id": "a", "name": "A"}],
        claims=[
            {"id": "c1", "text": "Same", "actor": "a", "organization": "o", "date": "2025-05"},
            {"id": "c2", "text": "Same", "actor": "a", "date": "2025-05"},
            {"id": "c3", "text": "Same", "organization": "o"},
        ],
    )
    (group,) = search(client, "q=same&type=claim")["data"]
    assert {result["id"]: result["hint"] for result in group["results"]} == {
        "c1": "A, 2025-05 (c1)",
        "c2": "A, 2025-05 (c2)",
        "c3": "O",
    }


def test_a_whole_name_comes_first(world: FlaskClient) -> None:
    assert groups(world, "q=defence+spending")["topic"][0] == "spending"
    assert next(iter(groups(world, "q=the+summit"))) == "event"


def test_named_records_and_their_types_come_first(load: Callable, client: FlaskClient) -> None:
    load(
        actors=[
            {"id": "short", "name": "Ann Energy"},
            {"id": "long", "name": "Ann Energy", "description": "A minister of many words."},
        ],
        topics=[{"id": "energy", "name": "Energy"}, {"id": "oil", "name": "Energy from oil"}],
        claims=[{"id": "c", "text": "Text", "actor": "long"}],
    )
    assert [*groups(client, "q=energy&type=actor,topic")] == ["topic", "actor"]
    for limit in (1, 2):
        namesakes = groups(client, f"q=ann+energy&type=actor&limit={limit}")["actor"]
        # more claims win, although the other text is shorter
        assert namesakes == ["long", "short"][:limit]


def test_highlights(world: FlaskClient) -> None:
    assert search(world, "q=rutte")["meta"]["highlights"] == []
    meta = search(world, "q=rutte&type=actor&highlight=true")["meta"]
    assert meta["highlights"] == [
        {"type": "actor", "id": "rutte", "path": "name", "text": "Mark Rutte", "ranges": [[5, 10]]}
    ]


@pytest.mark.parametrize(
    ("query", "suggested"),
    [
        ("q=rutet", ["rutte", "aa"]),
        ("q=rutet&type=actor", ["rutte"]),
        ("q=Erdogn", ["erdogan"]),
        ("q=rutte", []),
        ("q=zzzzzz", []),
        (f"q={'z' * 400}", []),
    ],
)
def test_suggestions_where_nothing_has_the_words(
    world: FlaskClient, query: str, suggested: list[str]
) -> None:
    meta = search(world, query)["meta"]
    assert [match["id"] for match in meta["suggestions"]][: len(suggested) or None] == suggested


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 422, "invalid-value"),
        ("q=", 422, "invalid-value"),
        (f"q={'a' * 501}", 422, "invalid-value"),
        ("q=a&limit=21", 422, "invalid-value"),
        ("q=a&type=country", 422, "invalid-value"),
        ("q=a&actor=b", 400, "unknown-parameter"),
        ("q=a&q=b", 400, "repeated-parameter"),
        ("q=a%00", 400, "bad-encoding"),
        ("q=AND+OR+NOT+NEAR(", 200, None),
        ("q=:*%26|!", 200, None),
    ],
)
def test_inputs(world: FlaskClient, query: str, status: int, code: str | None) -> None:
    response = world.get(f"/v1/search?{query}")
    assert (response.status_code, response.json.get("code")) == (status, code)


def test_caching(world: FlaskClient) -> None:
    response = world.get("/v1/search?q=rutte&limit=5")
    alias = world.get("/search?q=rutte")
    assert alias.data == response.data
    assert alias.headers["Content-Location"] == "/v1/search?q=rutte"
    tag = {"If-None-Match": response.headers["ETag"]}
    assert world.get("/v1/search?q=rutte", headers=tag).status_code == 304
