"""The export of all records as JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import orjson
import pytest
from flask.testing import FlaskClient

from models.database.connection import database
from models.opening import open_dataset
from seeds.loader import load as load_files
from tests.api.many_claims import CLAIM_COUNT
from tests.api.random_dataset import load_made
from tests.api.world import FIRST, LATER, LOADED, WORLD, load_sections
from tests.engines import new_url


def test_the_export_has_the_seed_records_in_order(world: FlaskClient):
    response = world.get("/v1/export")
    assert response.status_code == 200
    assert response.content_type == "application/jsonl"
    assert response.headers["Content-Disposition"] == 'attachment; filename="claimbase.jsonl"'
    assert response.data.endswith(b"}\n")
    *exported, end = map(orjson.loads, response.data.splitlines())
    dataset = world.get("/v1").json["dataset"]
    assert end == {"type": "end", "records": len(exported), "dataset": dataset}
    assert [(f"{record['type']}s", record["id"]) for record in exported] == [
        (section, record["id"]) for section, records in WORLD.items() for record in records
    ]
    by_id = {(record["type"], record["id"]): record for record in exported}
    assert by_id["actor", "isik-a"] == {
        "type": "actor",
        "id": "isik-a",
        "name": "Ayşe Işık",
        "kind": "person",
    }
    for section, records in WORLD.items():
        for record in records:
            exported_record = by_id[section.removesuffix("s"), record["id"]]
            assert {name: exported_record[name] for name in record} == record


def load_world(folder: Path) -> None:
    load_sections(folder, FIRST, LOADED)
    load_sections(folder, WORLD, LATER)


DATASETS: dict[str, Callable[[Path], object]] = {
    "the world": load_world,
    "random records": lambda folder: load_made(folder, 11),
    "other random records": lambda folder: load_made(folder, 12),
    "no records": lambda folder: None,
}


@pytest.mark.parametrize("load_records", DATASETS.values(), ids=DATASETS)
def test_loading_the_export_gives_the_same_digest(
    client: FlaskClient, tmp_path: Path, load_records: Callable[[Path], object]
):
    load_records(tmp_path)
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
    assert client.get("/v1/export").data.splitlines()[:-1] == export.splitlines()[:-1]


def test_loading_the_shipped_export_gives_the_same_digest(shipped: FlaskClient, tmp_path: Path):
    before, export = shipped.get("/v1").json, shipped.get("/v1/export").data
    database.close()
    open_dataset(new_url(tmp_path, "fresh"))
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(export)
    load_files([copy])
    assert shipped.get("/v1").json["digest"] == before["digest"]
    assert shipped.get("/v1/export").data.splitlines()[:-1] == export.splitlines()[:-1]


def test_the_export_is_streamed_in_chunks(many_claims: FlaskClient):
    response = many_claims.get("/v1/export")
    assert "Content-Length" not in response.headers
    chunks = [*response.iter_encoded()]
    assert len(chunks) > 5
    assert max(chunk.count(b"\n") for chunk in chunks) < CLAIM_COUNT / 5
    assert len(b"".join(chunks).splitlines()) == CLAIM_COUNT + 2
    response.close()


def test_the_first_chunk_is_sent_before_the_last_records_are_read(
    many_claims: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    first_was_sent = Event()

    def lines() -> Iterator[bytes]:
        yield from [b"{}\n"] * 500
        assert first_was_sent.wait(60)
        yield b"{}\n"

    monkeypatch.setattr("models.records.changes.export_lines", lines)
    chunks = many_claims.get("/v1/export").iter_encoded()
    assert next(chunks).startswith(b"{}\n")
    first_was_sent.set()
    assert b"".join(chunks).endswith(b"}\n")


def test_a_failing_export_frees_the_connection(
    many_claims: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def failing_lines() -> Iterator[bytes]:
        for _ in range(500):
            yield b"{}\n"
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr("models.records.changes.export_lines", failing_lines)
        response = many_claims.get("/v1/export")
        with pytest.raises(RuntimeError, match="broken"):
            response.get_data()
        response.close()
    assert many_claims.get("/v1/claims?limit=1").status_code == 200
    assert len(many_claims.get("/v1/export").data.splitlines()) == CLAIM_COUNT + 2


@pytest.mark.parametrize("query", ["limit=1", "since=a-1", "type=claim", "cursor=x", "format=json"])
def test_the_export_takes_no_parameters(world: FlaskClient, query: str):
    response = world.get(f"/v1/export?{query}")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")
    assert response.json["errors"][0]["parameter"] == query.partition("=")[0]
    assert response.json["detail"].endswith("It takes: none.")
