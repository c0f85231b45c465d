"""The changes since a version of the dataset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from models.database.connection import database
from models.opening import open_dataset
from tests.api.v1.follower import (
    CLAIM,
    ORGANIZATION,
    Follower,
    change_lines,
    dataset_names,
    dataset_of,
    exported_records,
)
from tests.api.world import LOADED, load_sections
from tests.engines import new_url
from tests.models.stored_rows import raw_rows, restore


def test_a_record_that_changed_often_is_listed_once_in_its_last_state(
    load: Callable, client: FlaskClient
):
    load(organizations=[ORGANIZATION], claims=[CLAIM])
    first = dataset_of(client)
    for text in ("two", "three", "four"):
        load(claims=[{**CLAIM, "text": text}])
    page = client.get(f"/v1/changes?since={first}").json
    assert page["data"] == [
        {
            "type": "claim",
            "id": "c",
            "change": "put",
            "version": 4,
            "record": {**CLAIM, "text": "four"},
        }
    ]
    assert page["meta"] == {"next_cursor": None, "dataset": dataset_of(client)}
    assert [*page] == ["data", "meta"]
    assert change_lines(client, first) == ["4 put claim c"]
    changes = client.get("/v1/changes").json["data"]
    assert [(change["version"], change["id"]) for change in changes] == [(1, "o"), (4, "c")]


def test_there_are_no_changes_since_the_current_version(load: Callable, client: FlaskClient):
    assert client.get("/v1/changes").json["data"] == []
    assert change_lines(client, dataset_of(client)) == []
    load(organizations=[ORGANIZATION])
    current = dataset_of(client)
    assert change_lines(client, current) == []
    # the same files again change nothing
    load(organizations=[ORGANIZATION])
    assert (dataset_of(client), change_lines(client, current)) == (current, [])
    load(organizations=[{**ORGANIZATION, "name": "P"}], dry_run=True)
    assert (dataset_of(client), change_lines(client, current)) == (current, [])


def test_a_deleted_record_may_be_added_again(load: Callable, client: FlaskClient):
    other = {**CLAIM, "id": "d"}
    load(organizations=[ORGANIZATION], claims=[CLAIM, other])
    first = dataset_of(client)
    load(organizations=[ORGANIZATION], claims=[other], prune=True)
    second = dataset_of(client)
    assert change_lines(client, first) == ["2 deleted claim c"]
    page = client.get(f"/v1/changes?since={first}").json
    assert page["data"][0] == {
        "type": "claim",
        "id": "c",
        "change": "deleted",
        "version": 2,
        "record": None,
    }
    load(claims=[CLAIM])
    third = dataset_of(client)
    assert change_lines(client, first) == ["3 put claim c"]
    assert change_lines(client, second) == ["3 put claim c"]
    assert change_lines(client, third) == []
    load(organizations=[ORGANIZATION], claims=[other], prune=True)
    assert change_lines(client, first) == ["4 deleted claim c"]
    assert change_lines(client, third) == ["4 deleted claim c"]


def test_records_of_two_types_may_have_the_same_id(load: Callable, client: FlaskClient):
    load(organizations=[ORGANIZATION], actors=[{"id": "o", "name": "A"}])
    first = dataset_of(client)
    load(organizations=[ORGANIZATION], prune=True)
    assert change_lines(client, first) == ["2 deleted actor o"]
    load(topics=[{"id": "o", "name": "T"}])
    assert change_lines(client, first) == ["2 deleted actor o", "3 put topic o"]


def test_a_rename_changes_the_record_and_all_references(load: Callable, client: FlaskClient):
    """The old id is deleted, the new id put, and every record that refers to it changes."""
    load(
        organizations=[ORGANIZATION, {**ORGANIZATION, "id": "child", "parent": "o"}],
        actors=[{"id": "a", "name": "A", "memberships": [{"organization": "o"}]}],
        sources=[{"id": "s", "title": "S", "kind": "other", "publisher": "o"}],
        claims=[CLAIM, {**CLAIM, "id": "d", "organization": "child"}],
    )
    first = dataset_of(client)
    load(organizations=[{**ORGANIZATION, "id": "new", "former_ids": ["o"]}])
    assert change_lines(client, first) == [
        "2 put actor a",
        "2 put claim c",
        "2 put organization child",
        "2 put organization new",
        "2 deleted organization o",
        "2 put source s",
    ]
    changes = client.get(f"/v1/changes?since={first}").json["data"]
    records = {change["id"]: change["record"] for change in changes}
    assert records["new"] == {**ORGANIZATION, "id": "new", "former_ids": ["o"]}
    assert records["child"]["parent"] == "new"
    assert records["a"]["memberships"] == [{"organization": "new"}]
    assert records["s"]["publisher"] == "new"
    assert records["c"]["organization"] == "new"
    second = dataset_of(client)
    # the record gets its first id back, and the second becomes the former one
    load(
        organizations=[
            {**ORGANIZATION, "former_ids": ["new"]},
            {**ORGANIZATION, "id": "child", "parent": "o"},
        ],
        actors=[{"id": "a", "name": "A", "memberships": [{"organization": "o"}]}],
        sources=[{"id": "s", "title": "S", "kind": "other", "publisher": "o"}],
        claims=[CLAIM, {**CLAIM, "id": "d", "organization": "child"}],
        prune=True,
    )
    for since in (first, second):
        assert "3 deleted organization new" in change_lines(client, since)
        assert "3 put organization o" in change_lines(client, since)
    assert exported_records(client)["organization", "o"]["former_ids"] == ["new"]


def test_a_change_of_an_embedded_record_does_not_change_the_record(
    load: Callable, client: FlaskClient
):
    load(organizations=[ORGANIZATION], claims=[CLAIM])
    first = dataset_of(client)
    load(organizations=[{**ORGANIZATION, "name": "Other"}])
    assert client.get("/v1/claims/c").json["organization"]["name"] == "Other"
    assert change_lines(client, first) == ["2 put organization o"]


def test_changes_list_claims_of_every_status(load: Callable, client: FlaskClient):
    statuses = ("draft", "coded", "verified", "withdrawn")
    claims = [{**CLAIM, "id": status, "status": status} for status in statuses]
    load(organizations=[ORGANIZATION])
    first = dataset_of(client)
    load(claims=claims)
    assert change_lines(client, first) == [f"2 put claim {id}" for id in sorted(statuses)]
    assert {id for type, id in exported_records(client) if type == "claim"} == {*statuses}


def test_records_are_those_of_the_export(world: FlaskClient):
    page = world.get("/v1/changes?limit=200").json
    records = {(change["type"], change["id"]): change["record"] for change in page["data"]}
    assert records == exported_records(world)
    for change in page["data"]:
        assert [*change] == ["type", "id", "change", "version", "record"]
    text = records["source", "aa"]["text"]
    assert text.startswith("“We must spend")
    assert records["claim", "draft"]["status"] == "draft"


# pages


@pytest.mark.parametrize("limit", [1, 2])
def test_later_pages_have_the_changes_of_a_load_between_pages(
    load: Callable, client: FlaskClient, limit: int
):
    organizations = [{"id": id, "name": id, "kind": "other"} for id in "abcdef"]
    load(organizations=organizations[:5])
    follower = Follower(client)
    pages = follower.pages(limit)
    first_ids = [change["id"] for change in next(pages)]
    assert first_ids == ["a", "b"][:limit]
    # `a` changes after it was read, `e` is deleted before it is read, `f` is new
    changed = {**organizations[0], "name": "changed"}
    load(organizations=[changed, *organizations[1:4], organizations[5]], prune=True)
    later_changes = [f"{change['change']} {change['id']}" for page in pages for change in page]
    assert later_changes == ["put b", "put c", "put d", "put a", "deleted e", "put f"][limit - 1 :]
    assert follower.records == exported_records(client)
    assert follower.since == dataset_of(client)
    assert follower.follow() == []


def test_a_record_deleted_between_pages_is_listed_as_deleted(load: Callable, client: FlaskClient):
    organizations = [{"id": id, "name": id, "kind": "other"} for id in "abc"]
    load(organizations=organizations)
    follower = Follower(client)
    pages = follower.pages(1)
    next(pages)
    load(organizations=[{**organizations[2], "former_ids": ["a"]}, organizations[1]], prune=True)
    assert [f"{change['change']} {change['id']}" for page in pages for change in page] == [
        "put b",
        "deleted a",
        "put c",
    ]
    assert follower.records == exported_records(client)


def test_pages_have_every_change_once(world: FlaskClient):
    changes = world.get("/v1/changes?limit=200").json["data"]
    assert len(changes) > 30
    for limit in (1, 2, 7):
        pages = [*Follower(world).pages(limit)]
        assert [change for page in pages for change in page] == changes
        assert {len(page) for page in pages[:-1]} == {limit}
        assert pages[-1]
    first, last = (world.get(f"/v1/changes?limit={limit}") for limit in (1, 200))
    target = first.headers["Link"].removeprefix("<").partition(">")[0]
    assert target.startswith("/v1/changes?cursor=")
    assert world.get(target).json["data"] == changes[1:2]
    assert "Link" not in last.headers
    assert len(world.get("/v1/changes").json["data"]) == len(changes[:50])


def test_a_cursor_is_bound_to_since(world: FlaskClient):
    current = dataset_of(world)
    versions = dataset_names(world)
    assert versions[-1] == current
    cursors = {
        since: world.get(f"/v1/changes?limit=1{since}").json["meta"]["next_cursor"]
        for since in ("", f"&since={versions[0]}", f"&since={versions[1]}")
    }
    assert all(cursors.values())
    for since, cursor in cursors.items():
        for other_since in (*cursors, f"&since={current}"):
            status = world.get(f"/v1/changes?limit=2{other_since}&cursor={cursor}").status_code
            assert status == (200 if other_since == since else 400), (since, other_since)
    claims_cursor = world.get("/v1/claims?limit=1").json["meta"]["next_cursor"]
    for path, cursor in (
        ("changes", claims_cursor),
        ("claims", cursors[""]),
        ("changes", "x" * 40),
    ):
        response = world.get(f"/v1/{path}?cursor={cursor}")
        assert (response.status_code, response.json["code"]) == (400, "bad-cursor")


# invalid parameters

UNKNOWN_VERSIONS = {
    "another database": "0123456789abcdef-{version}-{token}",
    "a future version": "{id}-{next}-{token}",
    "a far future version": "{id}-99999999999999999999999-{token}",
    "an earlier version with this token": "{id}-0-{token}",
    "another token": "{id}-{version}-0123456789abcdef",
    "no token": "{id}-{version}",
    "an empty token": "{id}-{version}-",
    "nonsense": "yesterday",
    "a date": "2026-01-02",
    "a number": "1",
    "id alone": "{id}",
    "no version": "{id}--{token}",
    "no id": "-{version}-{token}",
    "negative": "{id}--{version}-{token}",
    "fraction": "{id}-{version}.0-{token}",
    "sign": "{id}-+{version}-{token}",
    "blank": "{id}- {version}-{token}",
    "letters": "{id}-one-{token}",
    "hexadecimal": "{id}-0x{version}-{token}",
    "superscript": "{id}-²-{token}",
    "arabic digit": "{id}-١-{token}",
    "uppercase": "{upper}-{version}-{token}",
    "twice": "{id}-{version}-{version}-{token}",
    "quote": "{id}-{version}-{token}'",
}  # fmt: skip


@pytest.mark.parametrize("since", UNKNOWN_VERSIONS.values(), ids=UNKNOWN_VERSIONS)
def test_an_unknown_version_asks_for_a_new_copy(world: FlaskClient, since: str):
    id, version, token = dataset_of(world).split("-")
    upper = id.upper() if id != id.upper() else f"A{id}"
    names = {"id": id, "version": version, "token": token, "upper": upper}
    value = since.format(next=int(version) + 1, **names)
    response = world.get("/v1/changes", query_string={"since": value})
    assert (response.status_code, response.json["code"]) == (410, "resync")
    assert response.content_type == "application/problem+json"
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == ("since", value)
    assert "/v1/export" in response.json["detail"]


def test_a_version_of_an_earlier_database_asks_for_a_new_copy(
    load: Callable, client: FlaskClient, tmp_path: Path
):
    load(organizations=[ORGANIZATION])
    before = dataset_of(client)
    database.close()
    open_dataset(new_url(tmp_path, "second"))
    load_sections(tmp_path, {"organizations": [ORGANIZATION]}, LOADED)
    assert dataset_of(client) != before
    assert client.get(f"/v1/changes?since={before}").status_code == 410
    assert change_lines(client, dataset_of(client)) == []


def test_versions_that_a_restore_rolled_back_ask_for_a_new_copy(
    load: Callable, client: FlaskClient, tmp_path: Path
):
    """The same number of loads after the restore does not make the lost versions known."""
    database.close()
    url = new_url(tmp_path, "restored")
    open_dataset(url)
    organizations = [{**ORGANIZATION, "id": id} for id in ("o", "p", "q")]
    load(organizations=organizations[:2])
    backed_up = dataset_of(client)
    backup = raw_rows()
    load(organizations=organizations)
    lost = dataset_of(client)
    cursor = client.get("/v1/changes?limit=1").json["meta"]["next_cursor"]
    assert client.get(f"/v1/changes?limit=1&cursor={cursor}").status_code == 200

    restore(backup)
    load(organizations=[*organizations[:2], {**ORGANIZATION, "id": "r"}])
    assert dataset_of(client).split("-")[:2] == lost.split("-")[:2]
    for query in (f"since={lost}", f"limit=1&cursor={cursor}"):
        response = client.get(f"/v1/changes?{query}")
        assert (response.status_code, response.json["code"]) == (410, "resync")
    assert change_lines(client, backed_up) == ["2 put organization r"]
    assert change_lines(client, dataset_of(client)) == []


@pytest.mark.parametrize(
    ("query", "status", "code", "parameter"),
    [
        ("since=", 422, "invalid-value", "since"),
        ("since=%20", 422, "invalid-value", "since"),
        (f"since={'9' * 300}", 422, "invalid-value", "since"),
        ("since=a-1&since=a-1", 400, "repeated-parameter", "since"),
        ("limit=0", 422, "invalid-value", "limit"),
        ("limit=201", 422, "invalid-value", "limit"),
        ("cursor=", 422, "invalid-value", "cursor"),
        ("cursor=x", 400, "bad-cursor", "cursor"),
        ("type=claim", 400, "unknown-parameter", "type"),
        ("sinse=a-1", 400, "unknown-parameter", "sinse"),
        ("count=none", 400, "unknown-parameter", "count"),
        ("sort=id", 400, "unknown-parameter", "sort"),
        ("fields=id", 400, "unknown-parameter", "fields"),
        ("since=%ff", 400, "bad-encoding", None),
    ],
)  # fmt: skip
def test_invalid_parameters_are_refused(
    world: FlaskClient, query: str, status: int, code: str, parameter: str | None
):
    response = world.get(f"/v1/changes?{query}")
    assert (response.status_code, response.json["code"]) == (status, code)
    if parameter:
        assert response.json["errors"][0]["parameter"] == parameter


def test_the_etag_is_that_of_the_canonical_query(world: FlaskClient):
    known = dataset_names(world)[1]
    tag = world.get("/v1/changes").headers["ETag"]
    assert world.get("/v1/changes?limit=50").headers["ETag"] == tag
    assert world.get("/v1/changes?limit=49").headers["ETag"] != tag
    first, second = (
        world.get(f"/v1/changes?{query}")
        for query in (f"since={known}&limit=3", f"limit=3&since={known}")
    )
    assert first.headers["ETag"] == second.headers["ETag"] != tag
    assert first.data == second.data
