"""Networks of a random dataset are those of plain loops over its export."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from models.networks.measure import (
    COLUMNS,
    METHODS,
    NORMALIZATIONS,
    ONE_MODE_ITEMS,
    ONE_MODE_NODES,
    ROWS,
    SCOPES,
    TWO_MODE_METHODS,
    TWO_MODE_NORMALIZATIONS,
)
from tests.api.oracle import Made
from tests.api.v1.plain_networks import (
    exported,
    plain_statements,
    served_edges,
    served_statements,
    windows_of,
    within,
)
from tests.models.networks import naive

ONE_MODE, TWO_MODE = "/v1/networks/one-mode", "/v1/networks/two-mode"
VARIABLES = [(nodes, via) for nodes, via in product(ONE_MODE_NODES, ONE_MODE_ITEMS) if nodes != via]
STANCED = [pair for pair in VARIABLES if "position" in pair]


def approximately(edges: Mapping[Any, float]) -> Any:
    return pytest.approx(dict(edges), abs=1e-12)


def weights(statements: list, method: str, normalization: str) -> dict[tuple[str, str], float]:
    edges = naive.one_mode(statements, method, normalization)
    return {pair: edge.weight for pair, edge in edges.items()}


@pytest.mark.parametrize(("nodes", "via"), VARIABLES)
def test_every_pair_of_variables_makes_its_network(dataset_made: Made, nodes: str, via: str):
    statements = plain_statements(exported(dataset_made.client), nodes, via)
    network = dataset_made.client.get(ONE_MODE, query_string={"nodes": nodes, "via": via}).json
    assert statements
    assert served_edges(network) == approximately(weights(statements, "ignore", "none"))


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("method", METHODS)
def test_methods_normalizations_and_duplicates(
    dataset_made: Made, method: str, normalization: str, scope: str
):
    records = exported(dataset_made.client)
    for nodes, via in STANCED[:3]:
        statements = naive.counting(plain_statements(records, nodes, via), method)
        statements, left_out = naive.without_duplicates(statements, scope, method)
        query = {"nodes": nodes, "via": via, "method": method, "normalization": normalization}
        network = dataset_made.client.get(
            ONE_MODE, query_string={**query, "duplicates": scope}
        ).json
        assert served_edges(network) == approximately(weights(statements, method, normalization))
        assert network["meta"]["left_out"] == len(left_out)


@pytest.mark.parametrize("normalization", TWO_MODE_NORMALIZATIONS)
@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("columns", COLUMNS)
def test_two_mode_networks(dataset_made: Made, rows: str, columns: str, normalization: str):
    statements = plain_statements(exported(dataset_made.client), rows, columns)
    prefix = "about:" if columns == "about" else ""
    for method in TWO_MODE_METHODS if columns == "position" else TWO_MODE_METHODS[:1]:
        query = {"rows": rows, "columns": columns, "method": method, "normalization": normalization}
        network = dataset_made.client.get(TWO_MODE, query_string=query).json
        edges = naive.two_mode(statements, method, normalization)
        expected = {(row, prefix + column): weight for (row, column), weight in edges.items()}
        assert served_edges(network) == approximately(expected)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("length", "step"), [(100, 100), (200, 90)])
def test_windows(dataset_made: Made, method: str, length: int, step: int):
    statements = plain_statements(exported(dataset_made.client), "actor", "position")
    statements = naive.counting(statements, method)
    dated = [s for s in statements if s.first]
    first, last = min(s.first for s in dated), max(s.last for s in dated)
    query = {"method": method, "window": f"P{length}D", "step": f"P{step}D"}
    network = dataset_made.client.get(ONE_MODE, query_string=query).json
    entered = set()
    periods = list(windows_of(first, last, length, step))
    for window, (start, end) in zip(network["windows"], periods, strict=True):
        assert (window["from_date"], window["to_date"]) == (str(start), str(end))
        inside = within(statements, start, end)
        entered |= {s.claim for s in inside}
        assert served_edges(window) == approximately(weights(inside, method, "none"))
    left_out = {s.claim for s in statements} - entered
    assert network["meta"]["left_out"] == len(left_out)
    whole = [s for s in statements if s.claim in entered]
    assert served_edges(network) == approximately(weights(whole, method, "none"))


@pytest.mark.parametrize("stance", ["support", "oppose", "neutral"])
def test_stance_chooses_among_the_statements_of_a_claim(dataset_made: Made, stance: str):
    statements = plain_statements(exported(dataset_made.client), "actor", "position", stance)
    network = dataset_made.client.get(ONE_MODE, query_string={"stance": stance}).json
    assert served_edges(network) == approximately(weights(statements, "ignore", "none"))


# queries of networks, without their method
QUERIES: list[dict[str, Any]] = [
    {},
    {"nodes": "organization", "duplicates": "month"},
    {"nodes": "position", "via": "organization", "duplicates": "source"},
    {"min_claims": 2, "min_items": 3, "duplicates": "range"},
    {"top": 4},
    {"window": "P2Y", "step": "P1Y"},
    {"from_date": "2020", "stance": ["support", "oppose"]},
]


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_the_statements_that_are_served_make_the_network(
    dataset_made: Made, query: dict[str, Any], normalization: str
):
    for method in METHODS:
        asked = {**query, "method": method, "normalization": normalization}
        pair = {"nodes": query.get("nodes", "actor"), "via": query.get("via", "position")}
        network = dataset_made.client.get(ONE_MODE, query_string=asked).json
        statements = served_statements(dataset_made.client, {**asked, **pair})
        assert served_edges(network) == approximately(weights(statements, method, normalization))


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("query", [*QUERIES, {"nodes": "actor", "via": "topic"}], ids=str)
def test_the_contributions_of_an_edge_sum_to_its_weight(
    dataset_made: Made, query: dict[str, Any], normalization: str
):
    for method in METHODS if query.get("via") != "topic" else METHODS[:1]:
        asked = {**query, "method": method, "normalization": normalization}
        network = dataset_made.client.get(ONE_MODE, query_string=asked).json
        for edge in network["edges"][:12]:
            ends = {"a": edge["source"], "b": edge["target"], "limit": 200}
            opened = dataset_made.client.get(
                f"{ONE_MODE}/edge", query_string={**asked, **ends}
            ).json
            total = sum(row["contribution"] for row in opened["data"])
            assert total == pytest.approx(edge["weight"], abs=1e-12)
            assert opened["meta"]["weight"] == edge["weight"]
            assert opened["meta"]["total"] == len(opened["data"])
