"""Stances: a row for each claimant and position."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.debate import DEBATE, counts
from tests.api.world import pages

JOIN = {"id": "join", "text": "We should join"}
CLOSE = {"id": "close", "text": "Close it"}
PARTIES = {
    record["id"]: {"type": type, "id": record["id"], "name": record["name"]}
    for type in ("actor", "organization")
    for record in DEBATE[f"{type}s"]
}


def dated(id: str, date: str | None, stance: str) -> dict[str, str | None]:
    return {"id": id, "date": date, "stance": stance}


def period(text: str, *numbers: int) -> dict[str, Any]:
    return {"period": text, **counts(*numbers)}


ANN = {
    "claimant": PARTIES["ann"],
    "position": JOIN,
    **counts(2, 2, 1),
    "stance": "mixed",
    "first": dated("a1", "2024", "support"),
    "last": dated("a5", "2025-06-20", "oppose"),
    "reversals": 2,
    "periods": [period("2024", 1), period("2025", 1, 2, 1)],
    "undated": counts(),
    "own_side": None,
}
BOB = {
    "claimant": PARTIES["bob"],
    "position": JOIN,
    **counts(2, 1),
    "stance": "mixed",
    "first": dated("b1", "2025", "support"),
    "last": dated("b3", "2026-01-02", "support"),
    "reversals": 0,
    "periods": [period("2025", 1, 1), period("2026", 1)],
    "undated": counts(),
    "own_side": {
        "organization": {"id": "acme", "name": "Acme"},
        **counts(2, 2),
        "agreement": 0.5,
    },
}
OFFICIAL = {
    "claimant": PARTIES["official"],
    "position": JOIN,
    **counts(1, 1),
    "stance": "mixed",
    "first": dated("u1", "2024-01-01", "support"),
    "last": dated("u2", "2024-02-01", "oppose"),
    "reversals": 0,
    "periods": [period("2024", 1, 1)],
    "undated": counts(),
    "own_side": None,
}
ACME = {
    "claimant": PARTIES["acme"],
    "position": JOIN,
    **counts(0, 1),
    "stance": "oppose",
    "first": dated("o1", "2025-07-01", "oppose"),
    "last": dated("o1", "2025-07-01", "oppose"),
    "reversals": 0,
    "periods": [period("2025", 0, 1)],
    "undated": counts(),
    "own_side": {
        "organization": {"id": "acme", "name": "Acme"},
        **counts(4, 2),
        "agreement": 2 / 6,
    },
}
BOB_CLOSE = {
    "claimant": PARTIES["bob"],
    "position": CLOSE,
    **counts(1),
    "stance": "support",
    "first": dated("b4", None, "support"),
    "last": dated("b4", None, "support"),
    "reversals": 0,
    "periods": [],
    "undated": counts(1),
    "own_side": None,
}


def rows(client: FlaskClient, url: str) -> list[dict[str, Any]]:
    response = client.get(url)
    assert response.status_code == 200, response.text
    assert response.json["meta"]["total"] == len(response.json["data"])
    return response.json["data"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [ANN, BOB, OFFICIAL, BOB_CLOSE, ACME]),
        ("?sort=-claims&of=claimant&by=year", [ANN, BOB, OFFICIAL, BOB_CLOSE, ACME]),
        ("?sort=-last", [BOB, ACME, ANN, OFFICIAL, BOB_CLOSE]),
        ("?sort=name", [ACME, OFFICIAL, ANN, BOB, BOB_CLOSE]),
        ("?of=actor", [ANN, BOB, OFFICIAL, BOB_CLOSE]),
        ("?position=close", [BOB_CLOSE]),
        ("?position=nothing", []),
        ("?actor=Bob", [BOB, BOB_CLOSE]),
        ("?claimant=Acme", [ACME]),
    ],
)
def test_the_rows_of_a_list(debate: FlaskClient, query: str, expected: list[dict]) -> None:
    assert rows(debate, f"/v1/stances{query}") == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("actors/bob", [BOB, BOB_CLOSE]),
        ("positions/close", [BOB_CLOSE]),
        ("organizations/state", [OFFICIAL]),
    ],
)
def test_the_stances_below_a_record(debate: FlaskClient, path: str, expected: list[dict]) -> None:
    assert rows(debate, f"/v1/{path}/stances") == expected


def test_months_are_the_periods_of_dates_that_name_one(debate: FlaskClient) -> None:
    (row,) = rows(debate, "/v1/actors/ann/stances?by=month")
    assert row == {
        **ANN,
        "periods": [period("2025-03", 1, 1), period("2025-06", 0, 1, 1)],
        "undated": counts(1),
    }


def test_organizations_on_whose_behalf_claims_are_made(debate: FlaskClient) -> None:
    stances = rows(debate, "/v1/stances?of=organization")
    assert [
        (row["claimant"]["id"], row["support"], row["oppose"], row["neutral"], row["stance"],
         row["first"]["id"], row["last"]["id"], row["reversals"], row["own_side"])
        for row in stances
    ] == [
        ("acme", 4, 3, 0, "mixed", "a1", "b3", 2, None),
        ("state", 1, 1, 0, "mixed", "u1", "u2", 1, None),
        ("union", 0, 0, 1, "neutral", "a4", "a4", 0, None),
    ]  # fmt: skip


def test_filters_choose_the_claims_that_count(debate: FlaskClient) -> None:
    (ann,) = rows(debate, "/v1/stances?actor=ann&organization=acme")
    assert (ann["support"], ann["oppose"], ann["last"]["id"]) == (2, 1, "a3")
    # what others claimed for the organization ignores who is asked for
    assert ann["own_side"] == {
        "organization": {"id": "acme", "name": "Acme"}, **counts(2, 2), "agreement": 0.5,
    }  # fmt: skip
    (bob,) = rows(debate, "/v1/stances?actor=bob&status=draft")
    assert bob["last"]["id"] == "d1"


@pytest.mark.parametrize("sort", ["-claims", "-last", "name"])
@pytest.mark.parametrize("limit", [1, 2])
def test_pages_follow_each_other(debate: FlaskClient, sort: str, limit: int) -> None:
    url = f"/v1/stances?sort={sort}"
    fetched = pages(debate, url, limit)
    assert [row for page in fetched for row in page["data"]] == rows(debate, url)
    assert {page["meta"]["total"] for page in fetched} == {5}


def test_a_cursor_is_bound_to_who_is_followed(debate: FlaskClient) -> None:
    cursor = debate.get("/v1/stances?limit=1").json["meta"]["next_cursor"]
    for query in ("of=actor", "sort=name", "position=join"):
        response = debate.get(f"/v1/stances?{query}&cursor={cursor}")
        assert (response.status_code, response.json["code"]) == (400, "bad-cursor")
    assert debate.get(f"/v1/stances?by=month&limit=2&cursor={cursor}").status_code == 200


def test_meta_tells_how_names_were_understood(debate: FlaskClient) -> None:
    response = debate.get("/stances?actor=Bob&count=none&limit=1")
    meta = response.json["meta"]
    assert meta["resolved"]["actor"][0]["matches"][0]["id"] == "bob"
    assert meta["total"] is None
    assert meta["query"] == "Claims by Bob"
    query = f"actor=Bob&count=none&cursor={meta['next_cursor']}&limit=1"
    assert response.headers["Link"] == f'</v1/stances?{query}>; rel="next"'
    assert response.headers["Content-Location"] == "/v1/stances?actor=Bob&count=none&limit=1"
    tag = {"If-None-Match": response.headers["ETag"]}
    assert debate.get("/stances?limit=1&count=none&actor=Bob", headers=tag).status_code == 304
    assert debate.head("/v1/stances").data == b""


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        ("stances?stance=support", 400, "stance"),
        ("stances?of=nobody", 422, "of"),
        ("stances?of=actor&of=actor", 400, "of"),
        ("stances?by=week", 422, "by"),
        ("stances?sort=date", 422, "sort"),
        ("stances?limit=0", 422, "limit"),
        ("stances?cursor=x", 400, "cursor"),
        ("stances?include=actor", 400, "include"),
        ("actors/nobody/stances", 404, "id"),
        ("actors/ann/stances?actor=bob", 400, "actor"),
        ("reversals?stance=support", 400, "stance"),
        ("reversals?by=year", 400, "by"),
        ("contradictions", 422, "actor"),
        ("contradictions?topic=trade", 422, "actor"),
        ("contradictions?actor=!ann", 422, "actor"),
        ("contradictions?all=true&explicit=true", 422, "all"),
        ("contradictions?all=maybe&actor=ann", 422, "all"),
        ("compare", 422, "actor"),
        ("compare?actor=ann", 422, "actor"),
        ("compare?actor=ann&actor=ann", 422, "actor"),
        ("compare?actor=ann&actor=Ann", 422, "actor"),
        ("compare?actor=ann&actor=!bob", 422, "actor"),
        ("compare?actor=ann&organization=acme", 422, "actor"),
        ("compare?actor=ann&actor=nobody", 422, "actor"),
        ("compare?actor=ann&actor=acme", 422, "actor"),
        ("compare?" + "&".join(f"actor=a{n}" for n in range(11)), 422, "actor"),
    ],
)
def test_bad_input(debate: FlaskClient, path: str, status: int, parameter: str) -> None:
    response = debate.get(f"/v1/{path}")
    assert response.status_code == status, response.text
    assert response.json["errors"][0]["parameter"] == parameter
