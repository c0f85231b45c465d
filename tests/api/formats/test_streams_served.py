"""Streams from a running server: readers that leave, and memory."""

from __future__ import annotations

import json
import socket
import sqlite3
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from models.database.connection import database, disconnect
from models.opening import open_dataset
from seeds.loader import load
from tests.api.test_serve import workers_of
from tests.api.v1.follower import CLAIM, ORGANIZATION
from tests.engines import on_sqlite
from tests.serving import serving_process

pytestmark = [
    pytest.mark.slow,
    on_sqlite,
    pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process from /proc"),
]
FORMATS = ("csv", "tsv", "jsonl")
CLAIM_COUNT = 8_000
# seconds
MAX_WAIT = 60


def load_claims(folder: Path, count: int) -> str:
    """The URL of a dataset of claims with a thousand characters each."""
    url = f"sqlite:///{folder / f'claims-{count}.db'}"
    path = folder / f"claims-{count}.jsonl"
    with path.open("w") as file:
        file.write(json.dumps({"type": "organization", **ORGANIZATION}) + "\n")
        for n in range(count):
            claim = {"type": "claim", **CLAIM, "id": f"c-{n}", "text": f"{n} " * 200}
            file.write(json.dumps(claim) + "\n")
    open_dataset(url)
    load([path])
    disconnect()
    return url


@pytest.fixture(scope="module")
def large_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a dataset whose streams fill the buffers of a connection."""
    return load_claims(tmp_path_factory.mktemp("large"), CLAIM_COUNT)


@pytest.mark.parametrize("format", FORMATS)
def test_a_client_that_leaves_frees_the_thread_and_the_snapshot(
    large_url: str, tmp_path: Path, format: str
):
    with serving_process(large_url, tmp_path) as server:
        host, port = urlsplit(server.address).netloc.split(":")
        # more than the server has threads
        for _ in range(8):
            with socket.create_connection((host, int(port))) as connection:
                request = f"GET /v1/claims?format={format} HTTP/1.1\r\nHost: {host}\r\n\r\n"
                connection.sendall(request.encode())
                assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        with urlopen(f"{server.address}/v1/claims?limit=1", timeout=MAX_WAIT) as response:
            assert response.status == 200
        open_dataset(large_url)
        path = tmp_path / "change.json"
        path.write_text(json.dumps({"claims": [{**CLAIM, "id": "c-1", "text": "changed"}]}))
        load([path])
        database.close()
        wait_until_nobody_reads(large_url.removeprefix("sqlite:///"))
        with urlopen(f"{server.address}/v1/claims/c-1", timeout=MAX_WAIT) as response:
            assert json.load(response)["text"] == "changed"


def wait_until_nobody_reads(path: str) -> None:
    """Wait until no connection reads an older snapshot of the database."""
    end = time.monotonic() + MAX_WAIT
    connection = sqlite3.connect(path)
    while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        assert time.monotonic() < end, "a reader is left"
    connection.close()


def peak_memory(url: str, folder: Path) -> dict[str, int]:
    """The most kB that the server had in memory after each stream."""
    peaks = {}
    with serving_process(url, folder) as server:
        (worker,) = workers_of(server.process.pid)
        for format in FORMATS:
            with urlopen(f"{server.address}/v1/claims?format={format}") as response:
                while response.read(1 << 16):
                    pass
            status = Path(f"/proc/{worker}/status").read_text()
            peaks[format] = int(status.partition("VmHWM:")[2].split()[0])
    return peaks


def test_memory_does_not_grow_with_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each dataset has more MB than the cache of a connection."""
    # each thread has a connection with a cache of its own
    monkeypatch.setenv("CLAIMBASE_THREADS", "1")
    few = peak_memory(load_claims(tmp_path, 12_000), tmp_path)
    many = peak_memory(load_claims(tmp_path, 48_000), tmp_path)
    growth = {format: many[format] - few[format] for format in FORMATS}
    assert max(growth.values()) < 10_000
    assert max(many.values()) < 150_000
