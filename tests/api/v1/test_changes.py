"""Following the dataset: whoever reads the changes holds what the export has."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from models.database.connection import database
from models.opening import open_dataset
from seeds.loader import load as load_files
from tests.api.oracle import load_made
from tests.api.test_cost import statements
from tests.api.world import FIRST, LATER, LOADED, WORLD, load_sections
from tests.engines import EXAMPLES, new_url, on_sqlite, scratch
from tests.models.worlds import TYPES, World, lines

# a deeper run: FOLLOWING_EXAMPLES=500 pytest tests/api/test_following.py
DEEPER = int(os.environ.get("FOLLOWING_EXAMPLES", "0"))

Records = dict[tuple[str, str], dict]

OPERATIONS = (
    "retitle", "relink", "change", "add", "add", "rename", "rename", "remove", "remove", "merge",
    "forget",
)  # fmt: skip


def exported(client: FlaskClient) -> Records:
    """What the export has."""
    found = [orjson.loads(line) for line in client.get("/v1/export").data.splitlines()]
    records = {(one.pop("type"), one["id"]): one for one in found}
    assert len(records) == len(found)
    return records


def dataset_of(client: FlaskClient) -> str:
    return client.get("/v1").json["dataset"]


class Follower:
    """A client that keeps a copy of the records, by reading the changes."""

    def __init__(self, client: FlaskClient, records: Records | None = None, since: str = ""):
        self.client = client
        self.records = dict(records or {})
        self.since = since

    def copy(self) -> Follower:
        return Follower(self.client, self.records, self.since)

    def follow(self, limit: int = 200) -> list[dict]:
        """Read all changes, and take them; gives them."""
        return [change for page in self.pages(limit) for change in page]

    def pages(self, limit: int) -> Iterator[list[dict]]:
        """Read the changes page by page, and take them."""
        since = f"&since={self.since}" if self.since else ""
        cursor = ""
        while True:
            response = self.client.get(f"/v1/changes?limit={limit}{since}{cursor}")
            assert response.status_code == 200, response.text
            answer = response.json
            assert len(answer["data"]) <= limit
            for change in answer["data"]:
                self.take(change)
            if answer["meta"]["next_cursor"] is None:
                self.since = answer["meta"]["dataset"]
                yield answer["data"]
                return
            following = f"&cursor={answer['meta']['next_cursor']}"
            assert following != cursor, "it goes in circles"
            cursor = following
            yield answer["data"]

    def take(self, change: dict) -> None:
        key = (change["type"], change["id"])
        if change["change"] == "put":
            assert change["record"]["id"] == change["id"]
            self.records[key] = change["record"]
        else:
            assert (change["change"], change["record"]) == ("deleted", None)
            self.records.pop(key, None)


class Story:
    """A dataset that random loads change, and those who follow it."""

    def __init__(self, client: FlaskClient, data: st.DataObject, folder: Path):
        self.client = client
        self.draw = data.draw
        self.path = folder / "seeds.jsonl"
        self.loaded: Records = {}
        self.awake = Follower(client)
        # copies that were made at some time, and follow much later
        self.asleep: list[Follower] = []

    def load(self) -> None:
        """Some changes at once, in files that hold all records, or what the changes need."""
        world = World(self.loaded)
        if not self.loaded:
            for type in TYPES:
                world.add(self.draw, type)
        for _ in range(self.draw(st.integers(1, 3))):
            operation = self.draw(st.sampled_from(OPERATIONS))
            world.redraw(self.draw, operation, self.draw(st.sampled_from(TYPES)))
        prune = world.whole or self.draw(st.booleans())
        files = world.files(self.draw, prune=prune)
        self.path.write_text(lines(files), encoding="utf-8")
        load_files([self.path], prune=prune, confirmed=True)
        self.loaded = world.after(files)

    def step(self) -> None:
        """A load, of which those who are awake learn at once."""
        before = dict(self.awake.records)
        self.load()
        after = exported(self.client)
        assert set(after) == set(self.loaded)
        changes = self.awake.follow(self.draw(st.sampled_from([1, 2, 200])))
        assert self.awake.records == after
        assert self.awake.since == dataset_of(self.client)
        # what came is what changed, each once, by version, type and id
        places = [(one["version"], one["type"], one["id"]) for one in changes]
        assert places == sorted(set(places))
        assert {(type, id) for _, type, id in places} == {
            key for key in {*before, *after} if before.get(key) != after.get(key)
        }
        self.asleep.append(self.awake.copy())

    def step_while_somebody_reads(self) -> None:
        """A load between two pages: what was not read yet comes as it is then."""
        reader = self.draw(st.sampled_from([Follower(self.client), *self.asleep])).copy()
        pages = reader.pages(self.draw(st.integers(1, 3)))
        next(pages)
        self.step()
        for _ in pages:
            pass
        # one who was at the end before has read nothing of it yet
        if reader.since != self.awake.since:
            reader.follow()
        assert reader.records == exported(self.client)

    def end(self) -> None:
        """All hold the same, from wherever they come."""
        now = exported(self.client)
        for follower in (Follower(self.client), *self.asleep):
            changes = follower.follow(self.draw(st.sampled_from([2, 200])))
            assert follower.records == now
            keys = [(one["type"], one["id"]) for one in changes]
            assert len(keys) == len(set(keys))


@settings(
    max_examples=DEEPER or int(15 * EXAMPLES),
    derandomize=not DEEPER,
    database=None,
    deadline=None,
    # shrinking takes minutes
    phases=[Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_who_follows_holds_what_the_export_has(app: Flask, data: st.DataObject):
    with scratch(), tempfile.TemporaryDirectory() as folder:
        story = Story(app.test_client(), data, Path(folder))
        story.step()
        for _ in range(5):
            data.draw(st.sampled_from([story.step, story.step_while_somebody_reads]))()
        story.end()


# what a load changes, and what is told of it

ORGANIZATION = {"id": "o", "name": "O", "kind": "other"}
CLAIM = {"id": "c", "text": "C", "organization": "o", "status": "coded"}


def told(client: FlaskClient, since: str) -> list[str]:
    """The changes since a version, in short."""
    answer = client.get(f"/v1/changes?since={since}").json
    assert answer["meta"]["next_cursor"] is None
    return [f"{one['version']} {one['change']} {one['type']} {one['id']}" for one in answer["data"]]


def test_each_record_comes_once_in_its_last_state(load: Callable, client: FlaskClient):
    load(organizations=[ORGANIZATION], claims=[CLAIM])
    first = dataset_of(client)
    for text in ("two", "three", "four"):
        load(claims=[{**CLAIM, "text": text}])
    answer = client.get(f"/v1/changes?since={first}").json
    assert answer["data"] == [
        {
            "type": "claim",
            "id": "c",
            "change": "put",
            "version": 4,
            "record": {**CLAIM, "text": "four"},
        }
    ]
    assert answer["meta"] == {"next_cursor": None, "dataset": dataset_of(client)}
    assert [*answer] == ["data", "meta"]
    assert told(client, first) == ["4 put claim c"]
    whole = client.get("/v1/changes").json["data"]
    assert [(one["version"], one["id"]) for one in whole] == [(1, "o"), (4, "c")]


def test_since_the_current_version_there_is_nothing(load: Callable, client: FlaskClient):
    assert client.get("/v1/changes").json["data"] == []
    assert told(client, dataset_of(client)) == []
    load(organizations=[ORGANIZATION])
    current = dataset_of(client)
    assert told(client, current) == []
    # the same files again change nothing
    load(organizations=[ORGANIZATION])
    assert (dataset_of(client), told(client, current)) == (current, [])
    load(organizations=[{**ORGANIZATION, "name": "P"}], dry_run=True)
    assert (dataset_of(client), told(client, current)) == (current, [])


def test_deleted_and_added_again(load: Callable, client: FlaskClient):
    other = {**CLAIM, "id": "d"}
    load(organizations=[ORGANIZATION], claims=[CLAIM, other])
    first = dataset_of(client)
    load(organizations=[ORGANIZATION], claims=[other], prune=True)
    second = dataset_of(client)
    assert told(client, first) == ["2 deleted claim c"]
    answer = client.get(f"/v1/changes?since={first}").json
    assert answer["data"][0] == {
        "type": "claim",
        "id": "c",
        "change": "deleted",
        "version": 2,
        "record": None,
    }
    load(claims=[CLAIM])
    third = dataset_of(client)
    # in its last state it is there
    assert told(client, first) == ["3 put claim c"]
    assert told(client, second) == ["3 put claim c"]
    assert told(client, third) == []
    load(organizations=[ORGANIZATION], claims=[other], prune=True)
    assert told(client, first) == ["4 deleted claim c"]
    assert told(client, third) == ["4 deleted claim c"]


def test_an_id_of_another_type_is_another_record(load: Callable, client: FlaskClient):
    load(organizations=[ORGANIZATION], actors=[{"id": "o", "name": "A"}])
    first = dataset_of(client)
    load(organizations=[ORGANIZATION], prune=True)
    assert told(client, first) == ["2 deleted actor o"]
    load(topics=[{"id": "o", "name": "T"}])
    assert told(client, first) == ["2 deleted actor o", "3 put topic o"]


def test_renamed(load: Callable, client: FlaskClient):
    """The old id is deleted, the new one put, and what refers to it says the new id."""
    load(
        organizations=[ORGANIZATION, {**ORGANIZATION, "id": "child", "parent": "o"}],
        actors=[{"id": "a", "name": "A", "memberships": [{"organization": "o"}]}],
        sources=[{"id": "s", "title": "S", "kind": "other", "publisher": "o"}],
        claims=[CLAIM, {**CLAIM, "id": "d", "organization": "child"}],
    )
    first = dataset_of(client)
    load(organizations=[{**ORGANIZATION, "id": "new", "former_ids": ["o"]}])
    assert told(client, first) == [
        "2 put actor a",
        "2 put claim c",
        "2 put organization child",
        "2 put organization new",
        "2 deleted organization o",
        "2 put source s",
    ]
    records = {
        one["id"]: one["record"] for one in client.get(f"/v1/changes?since={first}").json["data"]
    }
    assert records["new"] == {**ORGANIZATION, "id": "new", "former_ids": ["o"]}
    assert records["child"]["parent"] == "new"
    assert records["a"]["memberships"] == [{"organization": "new"}]
    assert records["s"]["publisher"] == "new"
    assert records["c"]["organization"] == "new"
    second = dataset_of(client)
    # and back again: the first id lives, the second one went
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
        assert "3 deleted organization new" in told(client, since)
        assert "3 put organization o" in told(client, since)
    assert exported(client)["organization", "o"]["former_ids"] == ["new"]


def test_what_a_document_embeds_is_no_change_of_the_record(load: Callable, client: FlaskClient):
    load(organizations=[ORGANIZATION], claims=[CLAIM])
    first = dataset_of(client)
    load(organizations=[{**ORGANIZATION, "name": "Other"}])
    assert client.get("/v1/claims/c").json["organization"]["name"] == "Other"
    assert told(client, first) == ["2 put organization o"]


def test_every_status_is_told(load: Callable, client: FlaskClient):
    statuses = ("draft", "coded", "verified", "withdrawn")
    claims = [{**CLAIM, "id": status, "status": status} for status in statuses]
    load(organizations=[ORGANIZATION])
    first = dataset_of(client)
    load(claims=claims)
    assert told(client, first) == [f"2 put claim {id}" for id in sorted(statuses)]
    assert {id for type, id in exported(client) if type == "claim"} == {*statuses}


def test_records_are_the_exports(world: FlaskClient):
    """All fields of all types, as the export has them."""
    answer = world.get("/v1/changes?limit=200").json
    records = {(one["type"], one["id"]): one["record"] for one in answer["data"]}
    assert records == exported(world)
    for one in answer["data"]:
        assert [*one] == ["type", "id", "change", "version", "record"]
    text = records["source", "aa"]["text"]
    assert text.startswith("“We must spend")
    assert records["claim", "draft"]["status"] == "draft"


# pages


@pytest.mark.parametrize("limit", [1, 2])
def test_a_load_between_pages(load: Callable, client: FlaskClient, limit: int):
    things = [{"id": id, "name": id, "kind": "other"} for id in "abcdef"]
    load(organizations=things[:5])
    follower = Follower(client)
    walk = follower.pages(limit)
    read = [one["id"] for one in next(walk)]
    assert read == ["a", "b"][:limit]
    # `a` was read already and changes, `e` was not and goes, `f` comes
    changed = {**things[0], "name": "changed"}
    load(organizations=[changed, *things[1:4], things[5]], prune=True)
    rest = [f"{one['change']} {one['id']}" for page in walk for one in page]
    assert rest == ["put b", "put c", "put d", "put a", "deleted e", "put f"][limit - 1 :]
    assert follower.records == exported(client)
    assert follower.since == dataset_of(client)
    assert follower.follow() == []


def test_a_removal_between_pages_of_what_was_read(load: Callable, client: FlaskClient):
    things = [{"id": id, "name": id, "kind": "other"} for id in "abc"]
    load(organizations=things)
    follower = Follower(client)
    walk = follower.pages(1)
    next(walk)
    load(organizations=[{**things[2], "former_ids": ["a"]}, things[1]], prune=True)
    assert [f"{one['change']} {one['id']}" for page in walk for one in page] == [
        "put b",
        "deleted a",
        "put c",
    ]
    assert follower.records == exported(client)


def test_pages_of_changes(world: FlaskClient):
    whole = world.get("/v1/changes?limit=200").json["data"]
    assert len(whole) > 30
    for limit in (1, 2, 7):
        walked = [*Follower(world).pages(limit)]
        assert [one for page in walked for one in page] == whole
        assert {len(page) for page in walked[:-1]} == {limit}
        assert walked[-1]
    first, last = (world.get(f"/v1/changes?limit={limit}") for limit in (1, 200))
    target = first.headers["Link"].removeprefix("<").partition(">")[0]
    assert target.startswith("/v1/changes?cursor=")
    assert world.get(target).json["data"] == whole[1:2]
    assert "Link" not in last.headers
    assert len(world.get("/v1/changes").json["data"]) == len(whole[:50])


def test_a_cursor_of_changes_is_bound_to_since(world: FlaskClient):
    current = dataset_of(world)
    id = current.rpartition("-")[0]
    cursors = {
        since: world.get(f"/v1/changes?limit=1{since}").json["meta"]["next_cursor"]
        for since in ("", f"&since={id}-0", f"&since={id}-1")
    }
    assert all(cursors.values())
    for since, cursor in cursors.items():
        for asked in (*cursors, f"&since={current}"):
            status = world.get(f"/v1/changes?limit=2{asked}&cursor={cursor}").status_code
            assert status == (200 if asked == since else 400), (since, asked)
    of_claims = world.get("/v1/claims?limit=1").json["meta"]["next_cursor"]
    for path, cursor in (("changes", of_claims), ("claims", cursors[""]), ("changes", "x" * 40)):
        response = world.get(f"/v1/{path}?cursor={cursor}")
        assert (response.status_code, response.json["code"]) == (400, "bad-cursor")


# since of something else

ANOTHER = {
    "another database": "0123456789abcdef-1",
    "a future version": "{id}-{next}",
    "a far future version": "{id}-99999999999999999999999",
    "nonsense": "yesterday",
    "a date": "2026-01-02",
    "a number": "1",
    "id alone": "{id}",
    "no version": "{id}-",
    "no id": "-1",
    "negative": "{id}--1",
    "fraction": "{id}-1.0",
    "sign": "{id}-+1",
    "blank": "{id}- 1",
    "letters": "{id}-one",
    "hexadecimal": "{id}-0x1",
    "underscore": "{id}-1_0",
    "superscript": "{id}-²",
    "arabic digit": "{id}-١",
    "uppercase": "{upper}-1",
    "twice": "{id}-1-1",
    "quote": "{id}-1'",
}  # fmt: skip


@pytest.mark.parametrize("since", ANOTHER.values(), ids=ANOTHER)
def test_another_since_is_410(world: FlaskClient, since: str):
    id, _, version = dataset_of(world).rpartition("-")
    upper = id.upper() if id != id.upper() else f"A{id}"
    asked = since.format(id=id, next=int(version) + 1, upper=upper)
    response = world.get("/v1/changes", query_string={"since": asked})
    assert (response.status_code, response.json["code"]) == (410, "resync")
    assert response.content_type == "application/problem+json"
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == ("since", asked)
    assert "/v1/export" in response.json["detail"]


def test_since_of_a_database_that_was_made_anew(
    load: Callable, client: FlaskClient, tmp_path: Path
):
    load(organizations=[ORGANIZATION])
    before = dataset_of(client)
    database.close()
    open_dataset(new_url(tmp_path, "anew"))
    load_sections(tmp_path, {"organizations": [ORGANIZATION]}, LOADED)
    assert dataset_of(client) != before
    assert client.get(f"/v1/changes?since={before}").status_code == 410
    assert told(client, dataset_of(client)) == []


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
def test_wrong_parameters_of_changes(
    world: FlaskClient, query: str, status: int, code: str, parameter: str | None
):
    response = world.get(f"/v1/changes?{query}")
    assert (response.status_code, response.json["code"]) == (status, code)
    if parameter:
        assert response.json["errors"][0]["parameter"] == parameter


# the export


def test_the_export_is_the_records_as_they_came(world: FlaskClient):
    response = world.get("/v1/export")
    assert response.status_code == 200
    assert response.content_type == "application/jsonl"
    assert response.data.endswith(b"}\n")
    found = [orjson.loads(line) for line in response.data.splitlines()]
    assert [(f"{one['type']}s", one["id"]) for one in found] == [
        (section, record["id"]) for section, records in WORLD.items() for record in records
    ]
    by_id = {(one["type"], one["id"]): one for one in found}
    assert by_id["actor", "isik-a"] == {
        "type": "actor",
        "id": "isik-a",
        "name": "Ayşe Işık",
        "kind": "person",
    }
    for section, records in WORLD.items():
        for record in records:
            line = by_id[section.removesuffix("s"), record["id"]]
            assert {name: line[name] for name in record} == record


def world_twice(folder: Path) -> None:
    load_sections(folder, FIRST, LOADED)
    load_sections(folder, WORLD, LATER)


DATASETS: dict[str, Callable[[Path], object]] = {
    "the world": world_twice,
    "one of 1000": lambda folder: load_made(folder, 11),
    "another of 1000": lambda folder: load_made(folder, 12),
    "an empty one": lambda folder: None,
}


@pytest.mark.parametrize("make", DATASETS.values(), ids=DATASETS)
def test_the_export_loads_back_to_the_same_digest(
    client: FlaskClient, tmp_path: Path, make: Callable[[Path], object]
):
    make(tmp_path)
    before, export = client.get("/v1").json, client.get("/v1/export").data
    database.close()
    open_dataset(new_url(tmp_path, "fresh"))
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(export)
    load_files([copy])
    after = client.get("/v1").json
    assert after["digest"] == before["digest"]
    assert after["resources"] == before["resources"]
    assert after["dataset"] != before["dataset"]
    assert client.get("/v1/export").data == export


def test_the_shipped_export_loads_back(shipped: FlaskClient, tmp_path: Path):
    before, export = shipped.get("/v1").json, shipped.get("/v1/export").data
    database.close()
    open_dataset(new_url(tmp_path, "fresh"))
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(export)
    load_files([copy])
    assert shipped.get("/v1").json["digest"] == before["digest"]
    assert shipped.get("/v1/export").data == export


MANY = 1300


@pytest.fixture
def many(load: Callable, client: FlaskClient) -> FlaskClient:
    """A dataset whose export comes in several parts."""
    load(
        organizations=[ORGANIZATION],
        claims=[{**CLAIM, "id": f"c-{n:04}"} for n in range(MANY)],
    )
    return client


def test_the_export_streams(many: FlaskClient):
    response = many.get("/v1/export")
    assert "Content-Length" not in response.headers
    parts = [*response.iter_encoded()]
    assert len(parts) > 5
    assert max(part.count(b"\n") for part in parts) < MANY / 5
    assert all(part.endswith(b"\n") for part in parts)
    assert len(b"".join(parts).splitlines()) == MANY + 1
    response.close()


@on_sqlite
def test_the_first_part_comes_before_the_last_records_are_read(many: FlaskClient):
    assert many.get("/v1").status_code == 200
    begun = []

    def begin() -> None:
        response = many.get("/v1/export")
        parts = response.iter_encoded()
        next(parts)
        begun.append((response, parts))

    beginning = len(statements(begin))
    ((response, parts),) = begun
    rest = len(statements(lambda: [*parts]))
    assert rest > beginning
    response.close()


def test_the_export_is_one_snapshot(many: FlaskClient, tmp_path: Path):
    """A load meanwhile changes nothing of it."""
    before = many.get("/v1/export").data
    response = many.get("/v1/export")
    parts = response.iter_encoded()
    first = next(parts)

    def load() -> None:
        claims = [{**CLAIM, "id": f"c-{n:04}", "text": "changed"} for n in range(MANY - 100, MANY)]
        load_sections(tmp_path, {"claims": claims}, LATER)
        database.close()

    writer = Thread(target=load)
    writer.start()
    writer.join()
    assert first + b"".join(parts) == before
    response.close()
    after = many.get("/v1/export")
    assert after.data != before
    assert after.headers["ETag"] != response.headers["ETag"]


def begun(app: Flask, parts: int) -> None:
    """An export that the server begins, and closes after so many parts."""
    environ = EnvironBuilder(path="/v1/export").get_environ()
    body = app.wsgi_app(environ, lambda status, headers, *rest: lambda data: None)
    iterator = iter(body)
    for _ in range(parts):
        next(iterator)
    body.close()


@pytest.mark.parametrize("parts", [0, 1, 3])
def test_an_export_closed_in_the_middle_frees_the_connection(
    app: Flask, many: FlaskClient, load: Callable, parts: int
):
    for _ in range(3):
        begun(app, parts)
    assert many.get("/v1/claims?limit=1").status_code == 200
    load(claims=[{**CLAIM, "text": "changed"}])
    assert many.get("/v1/claims/c").json["text"] == "changed"
    begun(app, parts)
    response = many.get("/v1/export")
    assert len(response.data.splitlines()) == MANY + 2


def test_an_export_that_fails_in_the_middle_frees_the_connection(
    many: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def broken() -> Iterator[bytes]:
        for _ in range(500):
            yield b"{}\n"
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr("api.v1.changes.export_lines", broken)
        response = many.get("/v1/export")
        with pytest.raises(RuntimeError, match="broken"):
            response.get_data()
        response.close()
    assert many.get("/v1/claims?limit=1").status_code == 200
    assert len(many.get("/v1/export").data.splitlines()) == MANY + 1


# what both have

BOTH = ("export", "changes")


@pytest.mark.parametrize("path", BOTH)
def test_etag_304_and_the_alias(world: FlaskClient, path: str):
    response = world.get(f"/v1/{path}")
    tag = response.headers["ETag"]
    assert tag.startswith('"')
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert "Content-Location" not in response.headers
    for known in (tag, f"W/{tag}", f'"x", {tag}', f'{tag[:-1]}-gzip"'):
        again = world.get(f"/v1/{path}", headers={"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    for other in ('"x"', "*"):
        assert world.get(f"/v1/{path}", headers={"If-None-Match": other}).status_code == 200
    alias = world.get(f"/{path}")
    assert (alias.data, alias.headers["ETag"]) == (response.data, tag)
    assert alias.headers["Content-Location"] == f"/v1/{path}"
    assert alias.content_type == response.content_type
    moved = world.get(f"/v1/{path}/")
    assert (moved.status_code, moved.headers["Location"]) == (308, f"/v1/{path}")
    assert world.get("/v1/export").headers["ETag"] != world.get("/v1/changes").headers["ETag"]


@pytest.mark.parametrize("path", BOTH)
def test_the_etag_changes_with_the_dataset(load: Callable, client: FlaskClient, path: str):
    tags = set()
    for name in ("one", "two", "two"):
        load(organizations=[{**ORGANIZATION, "name": name}])
        tags.add(client.get(f"/v1/{path}").headers["ETag"])
    assert len(tags) == 2


def test_the_etag_of_changes_is_that_of_what_was_asked(world: FlaskClient):
    id = dataset_of(world).rpartition("-")[0]
    tag = world.get("/v1/changes").headers["ETag"]
    assert world.get("/v1/changes?limit=50").headers["ETag"] == tag
    assert world.get("/v1/changes?limit=49").headers["ETag"] != tag
    first, second = (
        world.get(f"/v1/changes?{query}")
        for query in (f"since={id}-1&limit=3", f"limit=3&since={id}-1")
    )
    assert first.headers["ETag"] == second.headers["ETag"] != tag
    assert first.data == second.data


@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_head_of_the_changes_is_that_of_get(world: FlaskClient, prefix: str):
    response, head = world.get(f"{prefix}changes"), world.head(f"{prefix}changes")
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(response.headers)


@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_head_of_the_export_is_that_of_get(world: FlaskClient, prefix: str):
    """A stream has no length, and HEAD must not say another one."""
    response, head = world.get(f"{prefix}export"), world.head(f"{prefix}export")
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(response.headers)
    assert world.get("/v1/claims?limit=1").status_code == 200


ACCEPT = [
    ("export", "application/jsonl", 200),
    ("export", "application/jsonl; charset=utf-8", 200),
    ("export", "*/*", 200),
    ("export", "application/*", 200),
    ("export", "text/html, */*;q=0.1", 200),
    ("export", "application/json", 406),
    ("export", "text/html", 406),
    ("export", "application/jsonl;q=0, text/plain", 406),
    ("export", "*/*, application/jsonl;q=0", 406),
    ("changes", "application/json", 200),
    ("changes", "*/*", 200),
    ("changes", "application/jsonl", 406),
    ("changes", "text/csv", 406),
]


@pytest.mark.parametrize("prefix", ["/v1/", "/"])
@pytest.mark.parametrize(("path", "accept", "status"), ACCEPT)
def test_accept(world: FlaskClient, prefix: str, path: str, accept: str, status: int):
    response = world.get(f"{prefix}{path}", headers={"Accept": accept})
    assert response.status_code == status
    if status == 406:
        assert response.json["code"] == "not-acceptable"
        form = "application/jsonl" if path == "export" else "application/json"
        assert f"answers {form}" in response.json["detail"]


@pytest.mark.parametrize("query", ["limit=1", "since=a-1", "type=claim", "cursor=x", "format=json"])
def test_the_export_takes_no_parameters(world: FlaskClient, query: str):
    response = world.get(f"/v1/export?{query}")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")
    assert response.json["errors"][0]["parameter"] == query.partition("=")[0]
    assert response.json["detail"].endswith("It takes: none.")


@pytest.mark.parametrize("path", BOTH)
def test_options_and_other_methods(world: FlaskClient, path: str):
    response = world.options(f"/v1/{path}")
    assert (response.status_code, response.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    refused = world.post(f"/v1/{path}")
    assert (refused.status_code, refused.json["code"]) == (405, "method-not-allowed")


@on_sqlite
@pytest.mark.parametrize("path", BOTH)
def test_a_304_reads_only_the_version(world: FlaskClient, path: str):
    tag = world.get(f"/v1/{path}").headers["ETag"]
    asked = statements(lambda: world.get(f"/v1/{path}", headers={"If-None-Match": tag}))
    assert len(asked) == 1
    assert "FROM dataset" in asked[0]
