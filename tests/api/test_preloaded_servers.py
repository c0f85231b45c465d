"""Servers that build the application once and fork, with threads: gunicorn and uWSGI."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from random import Random
from threading import Event
from urllib.request import urlopen

import pytest
from flask.testing import FlaskClient

from models.database.connection import disconnect
from models.opening import open_dataset
from seeds.loader import load as load_files
from tests.serving import Serving, free_port, running

pytestmark = pytest.mark.slow

WORKERS, THREADS, CLIENTS = 3, 4, 12
TOPICS = 150
GENERATIONS = range(1, 6)


def gunicorn(port: int) -> list[str]:
    return [
        "gunicorn", "--preload", f"--workers={WORKERS}", f"--threads={THREADS}",
        f"--bind=127.0.0.1:{port}", "api:create_app()",
    ]  # fmt: skip


def uwsgi(port: int) -> list[str]:
    return [
        "uwsgi", "--master", f"--processes={WORKERS}", f"--threads={THREADS}", "--need-app",
        "--die-on-term", "--disable-logging", f"--http-socket=127.0.0.1:{port}",
        f"--virtualenv={sys.prefix}", "--module=api:create_app()",
    ]  # fmt: skip


SERVERS: list[Callable[[int], list[str]]] = [gunicorn, uwsgi]


@pytest.fixture(params=SERVERS)
def serve(request: pytest.FixtureRequest, tmp_path: Path) -> Callable:
    """Serve a dataset by one of the servers."""

    def serve(url: str) -> Iterator[Serving]:
        port = free_port()
        return running(request.param(port), port, tmp_path, CLAIMBASE_DATABASE_URL=url)

    return serve


def questions(client: FlaskClient) -> list[str]:
    """URLs of the shipped dataset whose answers differ."""
    urls = []
    for type in ("claims", "actors", "organizations", "topics", "events", "sources"):
        ids = [record["id"] for record in client.get(f"/v1/{type}?limit=200").json["data"]]
        urls += [f"/v1/{type}/{id}" for id in ids]
        if type != "claims":
            urls += [f"/v1/claims?{type.removesuffix('s')}={id}&limit=5" for id in ids]
    return urls


def test_each_answer_is_to_its_own_question(
    serve: Callable, shipped: FlaskClient, shipped_url: str
):
    expected = {url: shipped.get(url).data for url in questions(shipped)}
    assert len(expected) > 300
    disconnect()

    def wrong_answers(seed: int) -> list[str]:
        urls = list(expected)
        Random(seed).shuffle(urls)
        return [url for url in urls if get(server.address + url) != expected[url]]

    with serve(shipped_url) as server, ThreadPoolExecutor(CLIENTS) as clients:
        # no worker has answered yet: all open their connections at once
        assert [*chain(*clients.map(wrong_answers, range(CLIENTS)))] == []


def get(url: str) -> bytes:
    with urlopen(url, timeout=60) as response:
        return response.read()


def test_each_answer_during_loads_is_of_one_version(serve: Callable, dataset: str, tmp_path: Path):
    seeds = tmp_path / "topics.json"

    def load(generation: int) -> None:
        name = str(generation)
        topics = [{"id": f"t{n}", "name": name} for n in range(TOPICS)]
        seeds.write_text(json.dumps({"topics": topics}))
        open_dataset(dataset)
        load_files([seeds])
        disconnect()

    ended = Event()

    def answers(client: int) -> list[tuple[str, set[str]]]:
        """The version of each answer, and the names of its topics, until the loads have ended."""
        versions = []
        last = False
        while not last:
            last = ended.is_set()
            # two clients ask the same question, which is cached, others their own
            page = json.loads(get(f"{server.address}/v1/topics?limit={200 - client // 2}"))
            names = {topic["name"] for topic in page["data"]}
            versions.append((page["meta"]["dataset"], names))
        return versions

    load(0)
    with serve(dataset) as server, ThreadPoolExecutor(CLIENTS) as clients:
        asking = [clients.submit(answers, client) for client in range(CLIENTS)]
        try:
            for generation in GENERATIONS:
                load(generation)
        finally:
            ended.set()
        by_version: dict[str, set[str]] = {}
        for versions in (future.result() for future in asking):
            for version, names in versions:
                assert len(names) == 1
                assert by_version.setdefault(version, names) == names
            # each client sees the versions in order, and then the last one
            generations = [int(name) for _, names in versions for name in names]
            assert generations == sorted(generations)
            assert generations[-1] == GENERATIONS[-1]
