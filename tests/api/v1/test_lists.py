"""Lists are complete: each record comes once, in every order and at every page size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from flask.testing import FlaskClient

from tests.api.crowd import CROWD, LISTED, NAMED_BY_CLAIM, SORT_VALUES, in_order, most_claims
from tests.api.list_parameters import FACETS, GROUPS, SORTS, default_sort
from tests.api.world import FULL, LISTS, META_MEMBERS, WORLD, ids_of, pages

ROOT = Path(__file__).parents[3]
ACTOR = most_claims("actor")
PATHS = [
    *LISTS,
    f"actors/{ACTOR}/claims",
    f"organizations/{most_claims('organization')}/claims",
    f"events/{most_claims('event')}/claims",
]


@pytest.mark.parametrize(
    ("table", "place"),
    [
        (WORLD, "WORLD in tests/api/world.py, with a few records"),
        (FULL, "FULL in tests/api/world.py, with the id of a record that has all fields"),
        (CROWD, "crowd() in tests/api/crowd.py, with 40 records"),
        (GROUPS, "GROUPS in tests/api/list_parameters.py, with its filters"),
        (FACETS, "FACETS in tests/api/list_parameters.py, with its facets"),
        (SORTS, "SORTS in tests/api/list_parameters.py, with its sorts"),
    ],
    ids=["world", "full", "crowd", "groups", "facets", "sorts"],
)
def test_tables_have_every_list_of_the_specification(table: dict, place: str):
    paths = yaml.load((ROOT / "openapi.yaml").read_bytes(), yaml.CSafeLoader)["paths"]
    # OpenRefine opens records below /reconcile
    lists = {path.split("/")[2] for path in paths if path.endswith("/{id}")} - {"reconcile"}
    assert set(table) == lists, f"add the list to {place}"


ORDERS = [
    (section, sign + key) for section, keys in SORTS.items() for key in keys for sign in ("", "-")
]


@pytest.mark.parametrize("limit", [1, 2, 7])
@pytest.mark.parametrize(("section", "sort"), ORDERS)
def test_pages_hold_the_whole_list(crowded: FlaskClient, section: str, sort: str, limit: int):
    expected = in_order(section, sort)
    fetched = pages(crowded, f"/v1/{section}?sort={sort}", limit)
    assert ids_of(*fetched) == expected
    assert {page["meta"]["total"] for page in fetched} == {len(expected)}
    assert {len(page["data"]) for page in fetched[:-1]} <= {limit}
    assert fetched[-1]["data"]


@pytest.mark.parametrize("section", SORTS)
def test_default_order(crowded: FlaskClient, section: str):
    expected = in_order(section, default_sort(section))
    assert ids_of(*pages(crowded, f"/v1/{section}", 7)) == expected
    assert ids_of(crowded.get(f"/v1/{section}?limit=200").json) == expected


def test_records_have_equal_and_null_sort_values():
    for section, keys in SORTS.items():
        for key in keys:
            values = [
                SORT_VALUES[key](section, n, record) for n, record in enumerate(CROWD[section])
            ]
            if key != "id":
                assert len(set(values)) <= len(values) / 2
    assert sum(claim["date"] is None for claim in LISTED) > 3
    assert sum(source["date"] is None for source in CROWD["sources"]) > 3


@pytest.mark.parametrize("section", SORTS)
def test_list_has_the_sorts_of_the_table(crowded: FlaskClient, section: str):
    response = crowded.get(f"/v1/{section}?sort=colour")
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == ("sort", "colour")
    sorts = set(error["message"].removeprefix("must be one of ").split(", "))
    both_directions = {sign + key for key in SORTS[section] for sign in ("", "-")}
    assert sorts == {*both_directions, "relevance"}, (
        f"add the sort to SORTS[{section!r}] in tests/api/list_parameters.py,"
        " and its values to SORT_VALUES in tests/api/crowd.py"
    )


def has_value(claim: dict, name: str, value: str) -> bool:
    """Whether a claim matches one value of a filter."""
    if name in ("actor", "organization", "event", "status"):
        return claim[name] == value
    if name == "stance":
        return any(item["stance"] == value for item in claim["positions"])
    if name == "attribution":
        return any(report["attribution"] == value for report in claim["reports"])
    if name == "about":
        return {"organization": value} in claim["about"]
    if name == "addressee":
        return {"actor": value} in claim["addressees"]
    return value in NAMED_BY_CLAIM[f"{name}s"](claim)


def first_ids(section: str, count: int) -> list[str]:
    return [record["id"] for record in CROWD[section][:count]]


# filters whose rows a claim can match more than once, or that are read in the order of links
FILTERED = [
    {"topic": first_ids("topics", 1)},
    {"topic": first_ids("topics", 4)},
    {"position": first_ids("positions", 3)},
    {"position": first_ids("positions", 1)},
    {"stance": ["support"]},
    {"stance": ["support", "oppose"]},
    {"source": first_ids("sources", 3)},
    {"attribution": ["direct"]},
    {"attribution": ["direct", "indirect"]},
    {"about": first_ids("organizations", 5)},
    {"addressee": first_ids("actors", 5)},
    {"actor": first_ids("actors", 8)},
    {"organization": [most_claims("organization")]},
    {"event": first_ids("events", 6), "stance": ["support"]},
    {"topic": first_ids("topics", 2), "stance": ["support", "neutral"]},
    {"status": ["coded"]},
    {"status": ["coded"], "topic": first_ids("topics", 3)},
]


@pytest.mark.parametrize("filters", FILTERED, ids=str)
@pytest.mark.parametrize("sort", ["-date", "date", "-id", "updated_at"])
def test_pages_hold_the_whole_filtered_list(crowded: FlaskClient, filters: dict, sort: str):
    matching = {
        claim["id"]
        for claim in LISTED
        if all(
            any(has_value(claim, name, value) for value in values)
            for name, values in filters.items()
        )
    }
    expected = [id for id in in_order("claims", sort) if id in matching]
    assert len(expected) > 3
    query = "&".join(f"{name}={value}" for name, values in filters.items() for value in values)
    for limit in (1, 3):
        fetched = pages(crowded, f"/v1/claims?{query}&sort={sort}", limit)
        assert ids_of(*fetched) == expected
        assert {page["meta"]["total"] for page in fetched} == {len(expected)}


@pytest.mark.parametrize("path", PATHS)
def test_members_of_a_list(crowded: FlaskClient, path: str):
    response = crowded.get(f"/v1/{path}?limit=1")
    assert response.content_type == "application/json"
    page = response.json
    assert list(page) == ["data", "included", "meta"]
    assert page["included"] == {}
    assert list(page["meta"]) == META_MEMBERS
    assert page["meta"]["ranked"] is None
    assert page["meta"]["highlights"] == []
    assert page["meta"]["facets"] == page["meta"]["resolved"] == {}
    assert page["meta"]["dataset"] == crowded.get("/v1").json["dataset"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_link_header_gives_the_next_page(crowded: FlaskClient, prefix: str, path: str):
    url = f"{prefix}{path}?limit=2&sort=-id&updated_since=2025-01-01"
    fetched_records = 0
    while True:
        response = crowded.get(url)
        fetched_records += len(response.json["data"])
        cursor = response.json["meta"]["next_cursor"]
        if cursor is None:
            assert "Link" not in response.headers
            break
        url, _, rel = response.headers["Link"].partition("; ")
        assert rel == 'rel="next"'
        url = url.removeprefix("<").removesuffix(">")
        link_path, _, query = url.partition("?")
        assert link_path == f"/v1/{path}"
        assert sorted(query.split("&")) == [
            f"cursor={cursor}",
            "limit=2",
            "sort=-id",
            "updated_since=2025-01-01",
        ]
    assert fetched_records == response.json["meta"]["total"] > 1


def test_link_header_keeps_names_as_requested(world: FlaskClient):
    query = {"actor": ["Mark Rutte", "Erdoğan & Co", "!a=b"], "limit": "1"}
    response = world.get("/v1/claims", query_string=query)
    url = response.headers["Link"].partition(">")[0].removeprefix("<")
    assert url.isascii()
    next_page = world.get(url).json
    assert [value["asked"] for value in next_page["meta"]["resolved"]["actor"]] == [
        "a=b",
        "Erdoğan & Co",
        "Mark Rutte",
    ]
    assert len(next_page["data"]) == 1


@pytest.mark.parametrize("path", PATHS)
def test_count_none_leaves_the_total_null(crowded: FlaskClient, path: str):
    counted = crowded.get(f"/v1/{path}?limit=2").json
    uncounted = crowded.get(f"/v1/{path}?limit=2&count=none").json
    assert uncounted["meta"]["total"] is None
    assert uncounted["data"] == counted["data"]
    assert uncounted["meta"]["next_cursor"] == counted["meta"]["next_cursor"]
    empty = crowded.get(f"/v1/{path}?id=nothing&count=none").json
    assert empty["meta"]["total"] is None
    assert (
        crowded.get(f"/v1/{path}?count=exact&limit=2").data
        == crowded.get(f"/v1/{path}?limit=2").data
    )


@pytest.mark.parametrize("path", PATHS)
def test_empty_list(crowded: FlaskClient, path: str):
    response = crowded.get(f"/v1/{path}?id=nothing")
    assert response.json["data"] == []
    assert response.json["meta"]["total"] == 0
    assert response.json["meta"]["next_cursor"] is None
    assert "Link" not in response.headers


def test_default_limit_is_50(crowded: FlaskClient):
    assert len(crowded.get("/v1/claims").json["data"]) == 50
    assert len(crowded.get("/v1/claims?limit=200").json["data"]) == len(LISTED) > 50


def test_equals_keep_the_order_of_their_entry(load: Callable, client: FlaskClient):
    load(actors=[{"id": id, "name": "Same"} for id in ("q", "b", "z")])
    load(actors=[{"id": id, "name": "same"} for id in ("m", "a")])
    load(actors=[{"id": "b", "name": "SAME", "description": "changed"}])
    for sort in ("name", "-name", "claim_count", "-claim_count"):
        assert ids_of(client.get(f"/v1/actors?sort={sort}").json) == ["q", "b", "z", "m", "a"]
