"""Networks as CSV, GraphML and SVG hold what their JSON holds."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest
from flask.testing import FlaskClient

from tests.api.oracle import Made

ONE_MODE, TWO_MODE = "/v1/networks/one-mode", "/v1/networks/two-mode"
SVG = "{http://www.w3.org/2000/svg}"
QUERIES = [
    (ONE_MODE, {"nodes": "organization", "method": "subtract", "normalization": "average"}),
    (ONE_MODE, {"via": "topic"}),
    (ONE_MODE, {"method": "conflict", "isolates": "true"}),
    (TWO_MODE, {"rows": "organization", "method": "subtract"}),
    (TWO_MODE, {"columns": "about"}),
    (ONE_MODE, {"actor": "nobody"}),
    (ONE_MODE, {"top": "1", "isolates": "true"}),
]


def text_of(client: FlaskClient, path: str, query: dict, format: str, media_type: str) -> str:
    response = client.get(path, query_string={**query, "format": format})
    assert (response.status_code, response.content_type) == (200, media_type)
    return response.text


def rows_of(client: FlaskClient, path: str, query: dict, **more: Any) -> list[list[str]]:
    text = text_of(client, path, {**query, **more}, "csv", "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


def svg_links(text: str, shape: str) -> list[ET.Element]:
    """The links of an SVG around a shape: nodes are circles, edges lines."""
    links = ET.fromstring(text).findall(f"{SVG}a")
    return [link for link in links if link.find(f"{SVG}{shape}") is not None]


@pytest.mark.parametrize(("path", "query"), QUERIES, ids=str)
def test_csv_lists_the_edges(dataset_made: Made, path: str, query: dict):
    network = dataset_made.client.get(path, query_string=query).json
    header, *rows = rows_of(dataset_made.client, path, query)
    assert header[:3] == ["source", "target", "weight"]
    assert [(row[0], row[1], float(row[2])) for row in rows] == [
        (edge["source"], edge["target"], edge["weight"]) for edge in network["edges"]
    ]


@pytest.mark.parametrize(("path", "query"), QUERIES, ids=str)
def test_a_matrix_has_every_weight(dataset_made: Made, path: str, query: dict):
    network = dataset_made.client.get(path, query_string=query).json
    (_, *columns), *rows = rows_of(dataset_made.client, path, query, shape="matrix")
    cells = {
        (row[0], column): float(cell)
        for row in rows
        for column, cell in zip(columns, row[1:], strict=True)
    }
    for edge in network["edges"]:
        assert cells[edge["source"], edge["target"]] == edge["weight"]
    both_ways = 2 if path == ONE_MODE else 1
    weights = [edge["weight"] for edge in network["edges"]]
    assert sum(cells.values()) == pytest.approx(both_ways * sum(weights))


def test_csv_has_the_edges_of_windows(dataset_made: Made):
    query = {"window": "P100D"}
    network = dataset_made.client.get(ONE_MODE, query_string=query).json
    header, *rows = rows_of(dataset_made.client, ONE_MODE, query)
    assert header[-2:] == ["from_date", "to_date"]
    expected = [("", "")] * len(network["edges"])
    for window in network["windows"]:
        expected += [(window["from_date"], window["to_date"])] * len(window["edges"])
    assert [tuple(row[-2:]) for row in rows] == expected


@pytest.mark.parametrize(("path", "query"), QUERIES, ids=str)
def test_networkx_reads_the_graphml(dataset_made: Made, path: str, query: dict):
    network = dataset_made.client.get(path, query_string=query).json
    text = text_of(dataset_made.client, path, query, "graphml", "application/graphml+xml")
    graph = nx.parse_graphml(text)
    assert not graph.is_directed()
    assert list(graph.nodes) == [node["id"] for node in network["nodes"]]
    for node in network["nodes"]:
        data = graph.nodes[node["id"]]
        assert data["label"] == node["name"]
        for name in ("type", "kind", "country", "claims", "degree", "weighted_degree", "community"):
            assert data.get(name) == node[name]
        for name, value in node["attributes"].items():
            assert data[f"attribute_{name}"] == value
    assert len(graph.edges) == len(network["edges"])
    for edge in network["edges"]:
        data = graph.edges[edge["source"], edge["target"]]
        assert data == {n: v for n, v in edge.items() if n not in ("source", "target")}
        assert isinstance(data["weight"], float)


@pytest.mark.parametrize("color", ["community", "kind", "country", "attribute:gender"])
@pytest.mark.parametrize(("path", "query"), QUERIES, ids=str)
def test_every_node_and_edge_of_the_svg_is_a_link(
    dataset_made: Made, path: str, query: dict, color: str
):
    network = dataset_made.client.get(path, query_string=query).json
    text = text_of(dataset_made.client, path, {**query, "color": color}, "svg", "image/svg+xml")
    assert "NaN" not in text
    nodes, edges = svg_links(text, "circle"), svg_links(text, "line")
    assert len(nodes) == len(network["nodes"])
    assert len(edges) == min(len(network["edges"]), 6 * len(network["nodes"]))
    for link in (*nodes[:3], *edges[:3]):
        response = dataset_made.client.get(link.get("href"))
        assert response.status_code == 200, link.get("href")
    for link in edges[:3]:
        opened = dataset_made.client.get(link.get("href")).json
        assert opened["data"]
    again = text_of(dataset_made.client, path, {**query, "color": color}, "svg", "image/svg+xml")
    assert again == text


def test_accept_chooses_the_format(dataset_made: Made):
    for accept, media_type in {
        "image/svg+xml": "image/svg+xml",
        "application/graphml+xml": "application/graphml+xml",
        "text/csv": "text/csv; charset=utf-8",
        "*/*": "application/json",
        "text/html": "text/html; charset=utf-8",
    }.items():
        response = dataset_made.client.get(ONE_MODE, headers={"Accept": accept})
        assert response.content_type == media_type


@pytest.fixture
def hostile(load: Callable, client: FlaskClient) -> FlaskClient:
    """A client of a dataset whose names are formulas and markup."""
    names = {"x": '=HYPERLINK("http://evil")', "y": "<b>&\"' ]]>"}
    load(
        actors=[
            {"id": id, "name": name, "attributes": {"a<b": "<c>&"}} for id, name in names.items()
        ],
        positions=[{"id": "p", "text": "p"}],
        claims=[
            {
                "id": id,
                "text": id,
                "actor": id,
                "positions": [{"position": "p", "stance": "oppose"}],
            }
            for id in names
        ],
    )
    return client


def test_names_are_no_formulas_and_no_markup(hostile: FlaskClient):
    rows = rows_of(hostile, ONE_MODE, {})
    assert '\'=HYPERLINK("http://evil")' in rows[1]
    graph = nx.parse_graphml(hostile.get(f"{ONE_MODE}?format=graphml").text)
    assert graph.nodes["actor:y"]["label"] == "<b>&\"' ]]>"
    assert graph.nodes["actor:y"]["attribute_a<b"] == "<c>&"
    keys = re.findall('<key id="([^"]*)"', hostile.get(f"{ONE_MODE}?format=graphml").text)
    assert all(re.fullmatch("(node|edge)[0-9]+", key) for key in keys)
    svg = hostile.get(f"{ONE_MODE}?format=svg").text
    ET.fromstring(svg)
    assert not re.search("<b>", svg)


def test_a_value_of_nodes_is_no_edge_in_the_legend(load: Callable, client: FlaskClient):
    load(actors=[{"id": "a", "name": "A", "attributes": {"style": "edge: thick"}}],
         positions=[{"id": "p", "text": "P"}],
         claims=[{"id": "c", "text": "T", "actor": "a",
                  "positions": [{"position": "p", "stance": "support"}]}])  # fmt: skip
    svg = client.get(f"{ONE_MODE}?isolates=true&format=svg&color=attribute:style").text
    # a node's colour is a square, and an edge's a line
    assert re.findall('height="([0-9]+)" fill', svg) == ["12", "3"]


@pytest.mark.parametrize("columns", ["position", "topic", "event", "source", "about"])
def test_an_edge_of_a_two_mode_svg_opens_its_statements(dataset_made: Made, columns: str):
    # filters that the columns have, too, with exclusions
    for filters in ({}, {columns: dataset_made.oracle.values["claims", columns][:2]}):
        query = {"rows": "organization", "columns": columns, **filters}
        network = dataset_made.client.get(TWO_MODE, query_string=query).json
        text = text_of(dataset_made.client, TWO_MODE, query, "svg", "image/svg+xml")
        edges = svg_links(text, "line")
        weights = sorted(edge["weight"] for edge in network["edges"])
        opened = [dataset_made.client.get(link.get("href")).json["meta"] for link in edges]
        assert len(edges) == len(weights)
        assert sorted(meta["total"] for meta in opened) == weights
