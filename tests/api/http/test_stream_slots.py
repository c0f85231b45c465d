"""The bound on streams, and what a slow reader holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.http.streams import Stream, StreamSlots
from models.database.connection import database
from tests.api.http.problems import problem_of
from tests.engines import on_sqlite

SLOTS = 2
STREAMED_PATHS = ["/v1/export", "/v1/claims?format=csv", "/v1/claims?format=jsonl"]


@pytest.fixture
def few_slots(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    slots = StreamSlots(SLOTS, seconds=60, spool_megabytes=10, part_seconds=60)
    monkeypatch.setitem(app.config, "STREAM_SLOTS", slots)


@pytest.mark.parametrize("path", STREAMED_PATHS)
@pytest.mark.usefixtures("few_slots")
def test_a_stream_beyond_the_bound_is_refused(world: FlaskClient, path: str):
    streams = [world.get("/v1/export") for _ in range(SLOTS)]
    response = world.get(path)
    problem = problem_of(response, "too-many-streams")
    assert "read pages" in problem["detail"]
    assert response.headers["Retry-After"] == "30"
    # what needs no slot
    assert world.get("/v1/claims").status_code == 200
    assert world.head(path).status_code == 200
    # whether a client reads a stream or leaves, its slot is free
    assert orjson.loads(streams[0].data.splitlines()[-1])["type"] == "end"
    streams[1].close()
    for _ in range(SLOTS * 2):
        with world.get(path) as response:
            assert response.status_code == 200


@pytest.mark.usefixtures("few_slots")
def test_a_request_that_fails_takes_no_slot(world: FlaskClient):
    for _ in range(SLOTS * 2):
        assert world.get("/v1/actors/nobody/claims?format=csv").status_code == 404
    with world.get("/v1/export") as response:
        assert response.status_code == 200


@on_sqlite
def test_a_reader_that_does_not_read_holds_no_snapshot(
    load: Callable, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """SQLite cannot empty its log while a snapshot before the last load is read."""
    topics = [{"id": f"t{n}", "name": f"Topic {n}"} for n in range(500)]
    load(topics=topics)
    made = Event()
    make_in_thread = Stream.make_in_thread

    def make(stream: Stream) -> None:
        make_in_thread(stream)
        made.set()

    monkeypatch.setattr(Stream, "make_in_thread", make)
    response = client.get("/v1/export")
    assert made.wait(60)
    load(topics=[{**topic, "aliases": ["Other"]} for topic in topics])
    assert (tmp_path / "test.db-wal").stat().st_size == 0
    # the answer is still that of the version that it began with
    assert b"Other" not in response.data


@pytest.mark.parametrize("name", ["STREAMS", "STREAM_SECONDS", "SPOOL_MB"])
@pytest.mark.parametrize("value", [0, -1, "many", None])
def test_a_setting_of_streams_counts_something(url: str, name: str, value: object):
    with pytest.raises(ValueError, match=f"CLAIMBASE_{name} must be a whole number above 0"):
        create_app(DATABASE_URL=url, **{name: value})
    database.close()
