"""The root: the lists with their counts, the dataset and its digest."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import version

from flask.testing import FlaskClient

from tests.api.world import LISTS


def test_the_root_lists_the_resources(world: FlaskClient):
    root = world.get("/v1").json
    assert list(root) == [
        *("resources", "dataset", "digest", "version", "spec", "title", "license", "cite", "docs")
    ]
    assert {resource["name"]: resource for resource in root["resources"]} == {
        "actors": {"name": "actors", "url": "/v1/actors", "count": 8},
        "organizations": {"name": "organizations", "url": "/v1/organizations", "count": 10},
        "events": {"name": "events", "url": "/v1/events", "count": 5},
        "sources": {"name": "sources", "url": "/v1/sources", "count": 6},
        "topics": {"name": "topics", "url": "/v1/topics", "count": 4},
        "positions": {"name": "positions", "url": "/v1/positions", "count": 3},
        "claims": {"name": "claims", "url": "/v1/claims", "count": 8},
    }
    assert root["dataset"] == world.get("/v1/claims").json["meta"]["dataset"]
    assert re.fullmatch("[0-9a-f]{64}", root["digest"])
    assert root["version"] == version("claimbase")
    assert root["spec"] == "/v1/openapi.json"
    assert (root["title"], root["license"]) == ("Claimbase", None)
    assert root["cite"] == f"Claimbase, dataset {root['dataset']}"
    assert root["docs"] == "/v1/docs"


def test_a_count_is_the_total_of_the_list(shipped: FlaskClient):
    for resource in shipped.get("/").json["resources"]:
        total = shipped.get(resource["url"]).json["meta"]["total"]
        assert total == resource["count"] > 0


def test_an_empty_dataset_has_zero_counts(client: FlaskClient):
    root = client.get("/v1").json
    assert {resource["count"] for resource in root["resources"]} == {0}
    assert root["digest"] == "0" * 64
    for path in LISTS:
        assert client.get(f"/v1/{path}").json["data"] == []


def test_a_load_changes_the_dataset_and_its_digest(load: Callable, client: FlaskClient):
    first = client.get("/v1").json
    load(actors=[{"id": "x", "name": "X"}])
    second = client.get("/v1").json
    load(actors=[{"id": "x", "name": "X"}])
    assert client.get("/v1").json == second
    assert first["dataset"] != second["dataset"]
    assert first["digest"] != second["digest"]
    load(actors=[], prune=True)
    third = client.get("/v1").json
    assert third["digest"] == first["digest"]
    assert third["dataset"] not in (first["dataset"], second["dataset"])
