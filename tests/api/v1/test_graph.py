"""GET /v1/graph: neighbours and edges, against plain counts over the exported records."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

# kind, source, target
EdgeKey = tuple[str, str, str]
RECORDS = (
    "actor:rutte", "organization:nato", "organization:tuerkiye", "event:summit", "topic:defence",
    "position:five-percent", "source:aa", "claim:spend",
)  # fmt: skip


def graph(client: FlaskClient, query: str) -> Any:
    response = client.get(f"/v1/graph?{query}")
    assert response.status_code == 200, response.text
    return response.json


def exported(client: FlaskClient) -> dict[str, dict[str, dict]]:
    records: dict[str, dict[str, dict]] = defaultdict(dict)
    with client.get("/v1/export") as response:
        for line in map(json.loads, response.text.splitlines()):
            if "id" in line:
                records[line["type"]][line["id"]] = line
    return records


def party(reference: dict[str, str]) -> str:
    type = "actor" if "actor" in reference else "organization"
    return f"{type}:{reference[type]}"


def targets(claim: dict[str, Any], name_of_topics: str) -> Iterator[tuple[str, str]]:
    """The kinds and targets of the edges from a claim, or from its claimant, each once."""
    edges = [(name_of_topics, f"topic:{topic}") for topic in claim.get("topics", ())]
    edges += [("at", f"event:{claim['event']}")] if "event" in claim else []
    edges += [("about", party(item)) for item in claim.get("about", ())]
    edges += [("addressed-to", party(item)) for item in claim.get("addressees", ())]
    edges += [
        ("takes-a-position-on", f"position:{item['position']}")
        for item in claim.get("positions", ())
    ]
    edges += [("reported-by", f"source:{item['source']}") for item in claim.get("reports", ())]
    if "actor" in claim and "organization" in claim:
        edges.append(("on-behalf-of", f"organization:{claim['organization']}"))
    yield from dict.fromkeys(edges)


def plain_edges(records: dict[str, dict[str, dict]]) -> Counter[EdgeKey]:
    """All edges of listed claims, and those that need none."""
    edges: Counter[EdgeKey] = Counter()
    claims = records["claim"]
    listed = {
        id for id, claim in claims.items() if claim.get("status", "coded") in ("coded", "verified")
    }
    for id in listed:
        claim = claims[id]
        claimant, node = party(claim), f"claim:{id}"
        edges["made", claimant, node] += 1
        for source, topics in ((claimant, "made"), (node, "on")):
            for kind, target in targets(claim, topics):
                edges[kind, source, target] += 1
        related = {
            (item["kind"], item["claim"])
            for item in claim.get("relations", ())
            if item["claim"] in listed
        }
        for kind, target_id in related:
            edges[kind, node, f"claim:{target_id}"] += 1
        for kind, target in {(kind, party(claims[id])) for kind, id in related}:
            edges[kind, claimant, target] += 1
    for id, actor in records["actor"].items():
        for membership in actor.get("memberships", ()):
            organization = f"organization:{membership['organization']}"
            edges["member-of", f"actor:{id}", organization] += 1
    for type in ("organization", "event", "topic"):
        for id, record in records[type].items():
            if "parent" in record:
                edges["part-of", f"{type}:{id}", f"{type}:{record['parent']}"] += 1
    return Counter({key: count for key, count in edges.items() if key[1] != key[2]})


def leads_to_neighbour(edge: EdgeKey, center: str) -> bool:
    """Whether an edge of a record leads to a neighbour: claims are none of their claimants."""
    _, source, target = edge
    if center not in (source, target):
        return False
    neighbour = target if source == center else source
    return center.startswith("claim:") or not neighbour.startswith("claim:")


@pytest.mark.parametrize("around", RECORDS)
def test_nodes_and_edges_are_those_of_the_export(world: FlaskClient, around: str) -> None:
    edges = plain_edges(exported(world))
    weights: Counter[str] = Counter()
    for edge, weight in edges.items():
        if leads_to_neighbour(edge, around):
            weights[edge[2] if edge[1] == around else edge[1]] += weight
    answer = graph(world, f"around={around}&limit=200")
    nodes = [node["id"] for node in answer["nodes"]]
    assert nodes[0] == around
    assert sorted(nodes) == sorted([around, *weights])
    assert [weights[node] for node in nodes[1:]] == sorted(weights.values(), reverse=True)
    assert {
        (edge["kind"], edge["source"], edge["target"]): edge["weight"] for edge in answer["edges"]
    } == {edge: weight for edge, weight in edges.items() if {edge[1], edge[2]} <= {*nodes}}
    assert answer["meta"]["left_out"] == 0

    few = graph(world, f"around={around}&limit=4")
    assert [node["id"] for node in few["nodes"]] == nodes[:4]
    assert few["meta"]["left_out"] == len(nodes) - len(few["nodes"])


def test_filters_choose_the_claims(world: FlaskClient) -> None:
    answer = graph(world, "around=actor:rutte&topic=defence&limit=200")
    for edge in answer["edges"]:
        if edge["kind"] == "at":
            name, _, id = edge["target"].partition(":")
            claimant = edge["source"].partition(":")[2]
            page = world.get(
                f"/v1/claims?claimant={claimant}&{name}={id}&topic=defence&limit=200"
            ).json
            own = [claim for claim in page["data"] if claim["event"]["id"] == id]
            assert edge["weight"] == len(own)
    assert {edge["kind"] for edge in answer["edges"]} >= {"at", "made", "member-of"}
    # memberships need no claim
    for query in ("topic=nothing-like-it", "from_date=2100"):
        answer = graph(world, f"around=actor:rutte&{query}")
        assert {edge["kind"] for edge in answer["edges"]} == {"member-of"}


def test_an_edge_to_a_position_has_stances(world: FlaskClient) -> None:
    answer = graph(world, "around=position:five-percent")
    for edge in answer["edges"]:
        if edge["kind"] != "takes-a-position-on":
            assert edge["stances"] is None
            continue
        claimant = edge["source"].replace(":", "%3A")
        for stance, count in edge["stances"].items():
            url = f"/v1/claims?claimant={claimant}&position=five-percent&stance={stance}"
            assert world.get(url).json["meta"]["total"] == count
        assert sum(edge["stances"].values()) == edge["weight"]


def test_an_edge_counts_each_claim_once(load: Callable, client: FlaskClient) -> None:
    """A claim can have several reports in one source, and relations to one claimant's claims."""
    about_b = [{"kind": "supports", "claim": "b1"}, {"kind": "supports", "claim": "b2"}]
    reports = [{"source": "s", "exact": "One."}, {"source": "s", "exact": "Two."}]
    load(
        actors=[{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
        sources=[{"id": "s", "title": "S", "kind": "article"}],
        claims=[
            {"id": "a1", "text": "T", "actor": "a", "reports": reports, "relations": about_b},
            {"id": "b1", "text": "T", "actor": "b"},
            {"id": "b2", "text": "T", "actor": "b"},
        ],
    )
    edges = graph(client, "around=actor:a")["edges"]
    assert [(edge["kind"], edge["target"], edge["weight"]) for edge in edges] == [
        ("reported-by", "source:s", 1),
        ("supports", "actor:b", 1),
    ]


def test_both_claims_of_a_relation_pass_the_filters(load: Callable, client: FlaskClient) -> None:
    def relates_to(id: str) -> list[dict[str, str]]:
        return [{"kind": "contradicts", "claim": id}]

    load(
        actors=[{"id": id, "name": id} for id in ("ann", "bob", "cem")],
        claims=[
            {"id": "c1", "text": "T", "actor": "ann", "date": "2025", "relations": relates_to("w")},
            {"id": "c2", "text": "T", "actor": "ann", "date": "2025", "relations": relates_to("o")},
            {"id": "w", "text": "T", "actor": "bob", "date": "2025", "status": "withdrawn"},
            {"id": "o", "text": "T", "actor": "cem", "date": "2024"},
        ],
    )
    for query, targets in {
        "around=actor:ann": ["actor:cem"],
        "around=actor:ann&from_date=2025": [],
        "around=actor:ann&status=withdrawn&status=coded": ["actor:bob", "actor:cem"],
        "around=actor:bob": [],
        "around=claim:c1": [],
    }.items():
        edges = graph(client, query)["edges"]
        related = [edge["target"] for edge in edges if edge["kind"] == "contradicts"]
        assert related == targets, query


def test_several_records(world: FlaskClient) -> None:
    answer = graph(world, "around=actor:rutte&around=event:summit&limit=1")
    assert {node["id"] for node in answer["nodes"]} == {"actor:rutte", "event:summit"}
    former = graph(world, "around=actor:m-rutte&limit=1")
    assert [node["id"] for node in former["nodes"]] == ["actor:rutte"]


@pytest.mark.parametrize(
    ("query", "code", "detail"),
    [
        ("", "invalid-value", "around is required."),
        ("around=", "invalid-value", "around is empty."),
        ("around=rutte", "invalid-value", None),
        ("around=country:NL", "invalid-value", None),
        ("around=actor:ruttte", "invalid-value", "There is no 'actor:ruttte'."),
        ("around=actor:rutte&limit=0", "invalid-value", None),
        ("around=actor:rutte&limit=201", "invalid-value", None),
        ("around=actor:rutte&sort=name", "unknown-parameter", None),
    ],
)
def test_bad_input(world: FlaskClient, query: str, code: str, detail: str | None) -> None:
    response = world.get(f"/v1/graph?{query}")
    assert response.json["code"] == code
    if detail:
        assert response.json["detail"] == detail


def test_a_suggestion_for_an_unknown_id(world: FlaskClient) -> None:
    (error,) = world.get("/v1/graph?around=actor:ruttte").json["errors"]
    assert (error["parameter"], error["suggestion"]) == ("around", "actor:rutte")
