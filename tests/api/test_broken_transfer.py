"""An export that fails while it is under way, over HTTP: the transfer breaks."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import orjson
import pytest

from models.database.connection import database, disconnect
from models.opening import open_dataset
from seeds.loader import load as load_files
from tests.engines import ENGINE, new_url
from tests.serving import serving

pytestmark = pytest.mark.slow

# together more than the buffers between the database and a client that reads nothing
SOURCES, TEXT_BYTES = 4_000, 10_000


@pytest.fixture(scope="module")
def large_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a dataset whose export has 40 MB."""
    folder = tmp_path_factory.mktemp("large")
    url = new_url(folder, "large")
    seeds = folder / "sources.jsonl"
    # texts that compress badly
    randomness = random.Random(1)
    with seeds.open("w") as file:
        for n in range(SOURCES):
            text = randomness.randbytes(TEXT_BYTES // 2).hex()
            source = {"type": "source", "id": f"s{n}", "title": "S", "kind": "post", "text": text}
            file.write(json.dumps(source) + "\n")
    open_dataset(url)
    load_files([seeds])
    disconnect()
    return url


def break_database(url: str) -> None:
    """End the transaction of a read that is under way."""
    if ENGINE == "sqlite":
        os.unlink(f"{url.removeprefix('sqlite:///')}-shm")
        return
    open_dataset(url)
    database.execute_sql(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    disconnect()


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_an_export_that_fails_breaks_the_transfer(
    large_url: str, tmp_path: Path, coding: str
) -> None:
    with serving(large_url, tmp_path) as address:
        url = urlsplit(address)
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=60)
        with closing(connection):
            connection.request("GET", "/v1/export", headers={"Accept-Encoding": coding})
            response = connection.getresponse()
            assert response.read(100)
            break_database(large_url)
            with pytest.raises((http.client.IncompleteRead, ConnectionError)):
                response.read()
        # the next one is whole
        with urlopen(f"{address}/v1/export") as response:
            *lines, end = response.read().splitlines()
        assert len(lines) == SOURCES
        assert orjson.loads(end)["records"] == SOURCES


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is absent")
def test_curl_reports_an_export_that_fails(large_url: str, tmp_path: Path) -> None:
    with serving(large_url, tmp_path) as address:
        curl = subprocess.Popen(
            ["curl", "--silent", f"{address}/v1/export"],
            stdout=subprocess.PIPE,
        )
        assert curl.stdout
        assert curl.stdout.read(100)
        break_database(large_url)
        # 18: a partial file; 56: failure in receiving
        output, _ = curl.communicate()
        assert b'"end"' not in output
        assert curl.returncode in (18, 56)
