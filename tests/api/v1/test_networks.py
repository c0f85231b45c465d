"""Networks over HTTP: literal examples, limits, invalid values."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from math import sqrt
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.openapi.test_contract import check
from tests.serving import ROOT

ONE_MODE, TWO_MODE = "/v1/networks/one-mode", "/v1/networks/two-mode"
EDGE, STATEMENTS = f"{ONE_MODE}/edge", "/v1/networks/statements"
FOR, AGAINST, NEITHER = "support", "oppose", "neutral"


def claim(id: str, actor: str, date: str | None, *positions: tuple[str, str], **more: Any) -> dict:
    taken = [{"position": position, "stance": stance} for position, stance in positions]
    dated = {"date": date} if date else {}
    return {"id": id, "text": id, "actor": actor, "positions": taken, **dated, **more}


CLAIMS = [
    claim("a1", "ann", "2025-01-01", ("join", FOR), organization="acme"),
    claim("a2", "ann", "2025-01-20", ("join", FOR), organization="zeta"),
    claim("a3", "ann", "2025-02", ("close", AGAINST), organization="acme"),
    claim(
        "b1", "bob", "2025-01-05", ("join", FOR), ("close", FOR), about=[{"organization": "acme"}]
    ),
    claim("b2", "bob", "2025-02-10", ("close", FOR)),
    claim("b3", "bob", None, ("close", FOR)),
    claim("c1", "cem", "2025-01-31", ("join", AGAINST)),
    claim("d1", "dee", "2025-03-01", ("wait", NEITHER)),
    claim("e1", "eve", "2025-03-01", ("join", FOR), status="draft"),
    claim("o1", "ann", "2025-01-01", organization="acme", about=[{"organization": "acme"}]),
]
A, B, C = "actor:ann", "actor:bob", "actor:cem"


@pytest.fixture
def few(load: Callable, client: FlaskClient) -> FlaskClient:
    """A client of a dataset with the fixture of the definitions: ann, bob and cem."""
    load(
        actors=[{"id": id, "name": id.title()} for id in ("ann", "bob", "cem", "dee", "eve")],
        organizations=[
            {"id": "acme", "name": "Acme", "kind": "company", "country": "NO"},
            {"id": "zeta", "name": "Zeta", "kind": "ngo", "attributes": {"left": "=1"}},
        ],
        positions=[{"id": id, "text": f"We {id}."} for id in ("close", "join", "wait")],
        claims=CLAIMS,
    )
    return client


def get(client: FlaskClient, path: str, **query: Any) -> dict[str, Any]:
    response = client.get(path, query_string=query)
    assert response.status_code == 200, response.text
    return response.json


def weights(network: dict[str, Any]) -> dict[tuple[str, str], float]:
    return {(edge["source"], edge["target"]): edge["weight"] for edge in network["edges"]}


# (query, weights of ann–bob, ann–cem and bob–cem)
WEIGHTS = [
    ({}, (5, 2, 1)),
    ({"method": "congruence"}, (2, 0, 0)),
    ({"method": "conflict"}, (3, 2, 1)),
    ({"method": "subtract"}, (-1, -2, -1)),
    ({"method": "congruence", "normalization": "average"}, (2 / 3.5, 0, 0)),
    ({"method": "congruence", "normalization": "jaccard"}, (1 / 3, 0, 0)),
    ({"method": "congruence", "normalization": "cosine"}, (2 / sqrt(50), 0, 0)),
    ({"normalization": "cosine"}, (5 / sqrt(50), 2 / sqrt(5), 1 / sqrt(10))),
]


@pytest.mark.parametrize(("query", "expected"), WEIGHTS, ids=str)
def test_the_weights_of_the_definitions(few: FlaskClient, query: dict, expected: tuple):
    network = get(few, ONE_MODE, **query)
    pairs = dict(zip([(A, B), (A, C), (B, C)], expected, strict=True))
    assert weights(network) == pytest.approx(pairs)
    check("OneModeNetwork", network)


def test_a_network_is_whole(few: FlaskClient):
    network = get(few, ONE_MODE, method="subtract", isolates="true")
    assert network["nodes"][0] == {
        "id": A, "type": "actor", "name": "Ann", "kind": "person",
        "organization": {"id": "acme", "name": "Acme"}, "country": "NO", "attributes": {},
        "claims": 3, "degree": 2, "weighted_degree": -3, "community": 1,
    }  # fmt: skip
    assert network["edges"][0] == {
        "source": A, "target": B, "weight": -1, "congruence": 2, "conflict": 3,
    }  # fmt: skip
    assert network["communities"][0] == {
        "id": 1, "members": [A],
        "positions": [{"id": "join", "text": "We join.", "support": 2, "oppose": 0},
                      {"id": "close", "text": "We close.", "support": 0, "oppose": 1}],
    }  # fmt: skip
    meta = network["meta"]
    assert (meta["density"], meta["modularity"], meta["left_out"], meta["seed"]) == (1, None, 0, 1)
    assert (meta["statements"], meta["query"], meta["resolved"]) == (8, "Claims", {})


def test_positions_are_nodes_too(few: FlaskClient):
    network = get(few, ONE_MODE, nodes="position", via="actor", method="subtract")
    assert weights(network) == {("position:close", "position:join"): 1}
    network = get(few, ONE_MODE, nodes="position", via="actor", method="congruence",
                  normalization="average")  # fmt: skip
    assert weights(network) == {("position:close", "position:join"): 3 / 4}


def test_a_two_mode_network(few: FlaskClient):
    network = get(few, TWO_MODE, method="subtract", normalization="activity")
    check("TwoModeNetwork", network)
    assert network["edges"][:2] == [
        {"source": A, "target": "position:close", "weight": -1 / 3, "support": 0, "oppose": 1},
        {"source": A, "target": "position:join", "weight": 2 / 3, "support": 2, "oppose": 0},
    ]
    columns = [node for node in network["nodes"] if node["type"] == "position"]
    assert [node["community"] for node in columns] == [None, None]
    prominence = weights(get(few, TWO_MODE, normalization="prominence"))
    assert [prominence[node, "position:join"] for node in (A, B, C)] == [2 / 4, 1 / 4, 1 / 4]


def test_a_column_that_is_a_row_too_has_an_id_of_its_own(few: FlaskClient):
    network = get(few, TWO_MODE, rows="organization", columns="about")
    assert [node["id"] for node in network["nodes"]] == [
        "organization:acme", "about:organization:acme",
    ]  # fmt: skip
    assert weights(network) == {("organization:acme", "about:organization:acme"): 1}


def test_windows_have_networks_of_their_own(few: FlaskClient):
    network = get(few, ONE_MODE, method="subtract", window="P1M")
    check("OneModeNetwork", network)
    periods = [(window["from_date"], window["to_date"]) for window in network["windows"]]
    assert periods == [("2025-01-01", "2025-02-01"), ("2025-02-01", "2025-03-01")]
    assert [weights(window) for window in network["windows"]] == [
        {(A, B): 2, (A, C): -2, (B, C): -1}, {(A, B): -1},
    ]  # fmt: skip
    # the undated claim
    assert network["meta"]["left_out"] == 1
    narrow = get(few, ONE_MODE, method="subtract", window="P10D")
    # the undated claim, and that of a month
    assert narrow["meta"]["left_out"] == 2


def test_the_first_window_begins_at_from_date(few: FlaskClient):
    for start, first in {"2025-01-11": "2025-01-11", "2025": "2025-01-01"}.items():
        network = get(few, ONE_MODE, from_date=start, window="P14D")
        assert network["windows"][0]["from_date"] == first


def test_the_server_starts_without_numpy_and_networkx():
    program = "import sys, api.app; sys.exit(not {'numpy', 'networkx'}.isdisjoint(sys.modules))"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


# (query, nodes, number of edges)
LIMITS = [
    ({"min_weight": "2"}, [A, B, C], 2),
    ({"min_weight": "2.5"}, [A, B], 1),
    ({"min_claims": "3"}, [A, B], 1),
    ({"min_items": "5"}, [], 0),
    ({"top": "2"}, [A, B], 1),
    ({"top": "1"}, [], 0),
    ({"top": "1", "isolates": "true"}, [B], 0),
    ({"isolates": "true"}, [A, B, C, "actor:dee"], 3),
    ({"stance": "oppose"}, [], 0),
    ({"position": "close"}, [A, B], 1),
    ({"actor": "Ann"}, [], 0),
    ({"actor": "nobody"}, [], 0),
    ({"status": "draft", "isolates": "true"}, ["actor:eve"], 0),
    ({"duplicates": "range"}, [A, B, C], 3),
]  # fmt: skip


@pytest.mark.parametrize(("query", "nodes", "edges"), LIMITS, ids=str)
def test_limits_and_filters(few: FlaskClient, query: dict, nodes: list[str], edges: int):
    for path, schema in ((ONE_MODE, "OneModeNetwork"), (TWO_MODE, "TwoModeNetwork")):
        network = get(few, path, **query)
        check(schema, network)
        assert "NaN" not in str(network)
        if path == ONE_MODE:
            assert [node["id"] for node in network["nodes"]] == nodes
            assert len(network["edges"]) == edges


def test_an_edge_opens_to_its_claims(few: FlaskClient):
    page = get(few, EDGE, a=A, b="Bob", method="subtract", normalization="average")
    check("EdgePage", page)
    assert [(row["item"]["id"], row["contribution"]) for row in page["data"]] == [
        ("close", -3 / 3.5), ("join", 2 / 3.5),
    ]  # fmt: skip
    assert page["data"][0]["b"] == {
        FOR: {"count": 3, "claims": ["b2", "b1", "b3"]},
        AGAINST: {"count": 0, "claims": []},
        NEITHER: {"count": 0, "claims": []},
    }
    assert page["meta"]["weight"] == pytest.approx(-1 / 3.5)
    assert page["meta"]["a"] == {"type": "actor", "id": "ann", "name": "Ann"}
    first = get(few, EDGE, a=A, b=B, limit=1)
    second = get(few, EDGE, a=A, b=B, limit=1, cursor=first["meta"]["next_cursor"])
    assert [row["item"]["id"] for row in first["data"] + second["data"]] == ["close", "join"]
    assert second["meta"]["next_cursor"] is None


def test_an_edge_takes_the_query_of_its_network(few: FlaskClient):
    edge = f"{EDGE}?a=ann&b=bob"
    whole = few.get(edge).json["data"]
    assert few.get(f"{edge}&min_weight=2&isolates=true").json["data"] == whole


def test_pages_of_an_edge_go_on_after_a_load(load: Callable, client: FlaskClient):
    def claims(position: str, count: int) -> list[dict[str, Any]]:
        stance = [{"position": position, "stance": "support"}]
        return [
            {"id": f"{actor}-{position}-{n}", "text": "T", "actor": actor, "positions": stance}
            for actor in ("a", "b")
            for n in range(count)
        ]

    load(
        actors=[{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
        positions=[{"id": id, "text": id} for id in ("p1", "p2", "p3")],
        claims=[*claims("p1", 3), *claims("p2", 2), *claims("p3", 1)],
    )
    url = f"{EDGE}?a=a&b=b&limit=1"
    cursor = client.get(url).json["meta"]["next_cursor"]
    load(claims=claims("p3", 5))
    page = client.get(f"{url}&cursor={cursor}").json
    # p3 went before the place of the cursor
    assert [row["item"]["id"] for row in page["data"]] == ["p2"]
    assert page["meta"]["next_cursor"] is None


def test_nodes_without_an_edge_open_to_nothing(few: FlaskClient):
    page = get(few, EDGE, a="ann", b="dee")
    assert (page["data"], page["meta"]["weight"], page["meta"]["total"]) == ([], None, 0)


def test_statements_are_paged_and_streamed_alike(few: FlaskClient):
    query: dict[str, Any] = {"nodes": "actor", "via": "position", "limit": 3}
    rows, cursor = [], None
    while cursor or not rows:
        page = get(few, STATEMENTS, **query, **({"cursor": cursor} if cursor else {}))
        check("StatementPage", page)
        assert page["meta"]["total"] == 9
        rows += page["data"]
        cursor = page["meta"]["next_cursor"]
    shown = [(row["claim"]["id"], row["item"]["id"], row["stance"]) for row in rows]
    assert shown == [
        ("d1", "wait", NEITHER), ("b2", "close", FOR), ("a3", "close", AGAINST),
        ("c1", "join", AGAINST),
        ("a2", "join", FOR), ("b1", "close", FOR), ("b1", "join", FOR), ("a1", "join", FOR),
        ("b3", "close", FOR),
    ]  # fmt: skip
    with few.get(STATEMENTS, query_string={"rows": "actor", "format": "csv"}) as response:
        lines = response.text.splitlines()
    assert lines[0].startswith("node,item,stance,node_type,node_id,item_type,item_id,claim,actor")
    assert [line.split(",")[:3] for line in lines[1:3]] == [
        ["Dee", "We wait.", NEITHER], ["Bob", "We close.", FOR],
    ]  # fmt: skip


def test_statements_that_do_not_count_do_not_enter(few: FlaskClient):
    assert get(few, STATEMENTS, method="subtract")["meta"]["total"] == 8
    assert get(few, STATEMENTS, duplicates="month")["meta"] | {"dataset": ""} == {
        "total": 7, "next_cursor": None, "dataset": "", "query": "Claims", "resolved": {},
        "left_out": 1,
    }  # fmt: skip
    assert get(few, STATEMENTS, rows="actor", columns="about")["data"][0]["stance"] is None


# (path, query, status, parameters of the errors)
INVALID = [
    (ONE_MODE, "nodes=position", 422, ["via"]),
    (ONE_MODE, "nodes=organization&via=organization", 422, ["via"]),
    (ONE_MODE, "via=topic&method=conflict", 422, ["method"]),
    (TWO_MODE, "columns=about&method=subtract", 422, ["method"]),
    (TWO_MODE, "method=conflict", 422, ["method"]),
    (ONE_MODE, "nodes=topic", 422, ["nodes"]),
    (ONE_MODE, "rows=actor", 400, ["rows"]),
    (STATEMENTS, "nodes=actor&rows=actor", 422, ["nodes", "rows"]),
    (STATEMENTS, "rows=actor&method=conflict", 422, ["method"]),
    (ONE_MODE, "window=30D", 422, ["window"]),
    (ONE_MODE, "window=P0D", 422, ["window"]),
    (ONE_MODE, "window=P10Y", 422, ["window"]),
    (ONE_MODE, "step=P7D", 422, ["step"]),
    (ONE_MODE, "window=P7D&step=P8D", 422, ["step"]),
    (ONE_MODE, "window=P7D&step=P0D", 422, ["step"]),
    (ONE_MODE, "top=0&min_claims=0&min_items=x&min_weight=-1", 422,
     ["top", "min_claims", "min_items", "min_weight"]),
    (ONE_MODE, "top=1001", 422, ["top"]),
    (ONE_MODE, "min_weight=NaN", 422, ["min_weight"]),
    (ONE_MODE, "min_weight=1&min_weight=2", 400, ["min_weight"]),
    (ONE_MODE, "color=size", 422, ["color"]),
    (ONE_MODE, "format=svg&window=P1M", 422, ["window"]),
    (ONE_MODE, "format=csv&color=kind", 422, ["color"]),
    (ONE_MODE, "from_date=2025&to_date=2024", 422, ["to_date"]),
    (ONE_MODE, "sort=-date", 400, ["sort"]),
    (EDGE, "a=ann", 422, ["b"]),
    (EDGE, "", 422, ["a", "b"]),
    (EDGE, "a=ann&b=Ann", 422, ["b"]),
    (EDGE, "a=ann&b=nobody", 422, ["b"]),
    (EDGE, "a=organization:acme&b=bob", 422, ["a"]),
    (EDGE, "a=ann&b=bob&cursor=x", 400, ["cursor"]),
    (STATEMENTS, "cursor=x", 400, ["cursor"]),
    (ONE_MODE, "shape=matrix", 422, ["shape"]),
    (ONE_MODE, "format=csv&shape=matrix&window=P1M", 422, ["shape"]),
    (STATEMENTS, "node=nobody", 422, ["node"]),
    (STATEMENTS, "rows=actor&columns=topic&node=ann&item=nothing", 422, ["item"]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "query", "status", "parameters"), INVALID)
def test_invalid_values_are_explained(
    few: FlaskClient, path: str, query: str, status: int, parameters: list[str]
):
    response = few.get(f"{path}?{query}")
    assert response.status_code == status, response.text
    assert [error["parameter"] for error in response.json["errors"]] == parameters
    check("Problem", response.json)


# (bound, its value for the test, query, words of the problem)
BOUNDS = [
    ("network.MAX_NODES", 3, "", "4 nodes"),
    ("network.MAX_ITEMS", 2, "", "3 items"),
    ("network.MAX_EDGES", 2, "", "3 edges"),
    ("cells.MAX_STATEMENTS", 8, "", "statements"),
    ("bounds.MAX_PRODUCT", 47, "", "squared"),
    ("windows.MAX_WINDOWS", 9, "window=P6D", "windows"),
]


@pytest.mark.parametrize(("name", "value", "query", "words"), BOUNDS)
def test_a_network_that_is_too_large_is_refused(
    few: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str, value: int, query: str, words: str
):
    monkeypatch.setattr(f"models.networks.{name}", value)
    response = few.get(f"{ONE_MODE}?{query}")
    assert (response.status_code, response.json["code"]) == (422, "too-broad")
    assert words in response.json["detail"]


def test_a_picture_has_few_nodes(few: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.v1.networks.MAX_DRAWN_NODES", 2)
    response = few.get(f"{ONE_MODE}?format=svg")
    assert (response.status_code, response.json["code"]) == (422, "too-broad")


def test_the_canonical_query_drops_defaults(few: FlaskClient):
    first = few.get(f"{ONE_MODE}?method=conflict")
    same = few.get("/networks/one-mode?normalization=none&method=conflict&nodes=actor&top=")
    assert same.status_code == 422
    same = few.get("/networks/one-mode?normalization=none&method=conflict&nodes=actor")
    assert (same.data, same.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert same.headers["Content-Location"].startswith("/v1/networks/one-mode?")
    again = few.get(f"{ONE_MODE}?method=conflict", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
