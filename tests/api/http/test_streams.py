"""Streams in progress: the export and the formats of whole lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from api.http.streams import within
from models.database.connection import database
from tests.api.many_claims import CLAIM_COUNT
from tests.api.v1.follower import CLAIM
from tests.api.world import LATER, load_sections
from tests.engines import on_sqlite

STREAMS = ["/v1/export", *(f"/v1/claims?format={name}" for name in ("csv", "tsv", "jsonl"))]
each_stream = pytest.mark.parametrize("path", STREAMS)


@each_stream
def test_a_load_does_not_change_a_stream_in_progress(
    many_claims: FlaskClient, tmp_path: Path, path: str
):
    before = many_claims.get(path).data
    response = many_claims.get(path)
    chunks = response.iter_encoded()
    first_chunk = next(chunks)

    def load() -> None:
        ids = [f"c-{n:04}" for n in range(CLAIM_COUNT - 100, CLAIM_COUNT)]
        claims = [{**CLAIM, "id": id, "text": "changed"} for id in ids]
        load_sections(tmp_path, {"claims": claims}, LATER)
        database.close()

    writer = Thread(target=load)
    writer.start()
    writer.join()
    assert first_chunk + b"".join(chunks) == before
    response.close()
    after = many_claims.get(path)
    assert after.data != before
    assert after.headers["ETag"] != response.headers["ETag"]


@each_stream
@pytest.mark.parametrize("chunk_count", [0, 1, 3])
def test_a_stream_closed_early_frees_the_connection(
    app: Flask, many_claims: FlaskClient, load: Callable, path: str, chunk_count: int
):
    """As a server closes it when the client disconnects."""
    for _ in range(10):
        body = app.wsgi_app(EnvironBuilder(path=path).get_environ(), lambda *_: lambda data: None)
        chunks = iter(body)
        for _ in range(chunk_count):
            next(chunks)
        body.close()
    assert many_claims.get("/v1/claims?limit=1").status_code == 200
    load(claims=[{**CLAIM, "text": "changed"}])
    assert many_claims.get("/v1/claims/c").json["text"] == "changed"
    # a head line, or the organization and the end line
    lines = {"/v1/export": CLAIM_COUNT + 3, "/v1/claims?format=jsonl": CLAIM_COUNT + 1}
    content = many_claims.get(path).data
    assert len(content.splitlines()) == lines.get(path, CLAIM_COUNT + 2)


@on_sqlite
@each_stream
def test_a_stream_maps_no_file_and_a_page_does(
    many_claims: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
):
    mapped_by_streams = []

    def noting(*arguments: Any) -> Iterator[bytes]:
        mapped_by_streams.append(mapped())
        return within(*arguments)

    def mapped() -> int:
        return database.execute_sql("PRAGMA mmap_size").fetchone()[0]

    monkeypatch.setattr("api.http.streams.within", noting)
    with many_claims.get(path) as response:
        assert response.status_code == 200
    assert mapped_by_streams == [0]
    assert mapped() > 0
