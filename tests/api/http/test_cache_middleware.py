"""What the front answers is what the application answers, kept or not."""

from __future__ import annotations

import gc
import gzip
import sqlite3
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Event, Thread
from typing import Any

import brotli
import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.config import cache_megabytes
from api.http import compression as codings
from api.http import etags
from api.http import middleware as middleware_module
from api.v1 import lists
from models.cache import LRUCache
from models.database.connection import disconnect
from models.dataset import peek_dataset, read_dataset
from models.opening import open_dataset
from tests.api import test_filters
from tests.api.world import FULL, LISTS, NESTED, anew
from tests.engines import on_sqlite

DECODED: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda content: zstandard.ZstdDecompressor().decompressobj().decompress(content),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "": lambda content: content,
}


@pytest.fixture(scope="session")
def keeping(world_url: str) -> Flask:
    """An application that keeps answers."""
    app = create_app(DATABASE_URL=world_url, CACHE_MB=8)
    disconnect()
    return app


@pytest.fixture
def kept(keeping: Flask, world_url: str) -> Iterator[FlaskClient]:
    """A client of the world; what others asked for is forgotten."""
    open_dataset(world_url)
    middleware: Any = keeping.wsgi_app
    for cache in (middleware.requests, middleware.responses):
        cache._entries.clear()
        cache.bytes = 0
    yield keeping.test_client()
    disconnect()


def seen(response: Any, *but: str) -> tuple:
    headers = {name: value for name, value in response.headers if name not in but}
    return response.status_code, headers, response.data


URLS = [
    *(row.values[0] for row in test_filters.ROWS),
    *(f"/v1/{path}" for path in LISTS),
    *(f"/v1/{type}/{id}" for type, id in FULL.items()),
    *(f"/v1/{path}" for path in NESTED),
    "/v1", "/", "/claims?actor=Erdogan&b=", "/claims", "/v1/claims/", "/v1/export", "/v1/changes",
    "/v1/claims?actor=Erdogan&facet=topic,year&include=actor&fields=id", "/v1/openapi.json",
    "/v1/claims?limit=1&count=none", "/v1/claims?nonsense=1", "/v1/actors/nobody", "/healthz",
]  # fmt: skip
ASKED: list[tuple[str, dict[str, str]]] = [
    ("GET", {}),
    ("HEAD", {}),
    ("GET", {"Accept": "text/html,*/*;q=0.1"}),
    ("GET", {"Accept": "text/csv"}),
    ("POST", {}),
    ("OPTIONS", {}),
]


@pytest.mark.parametrize(("method", "headers"), ASKED, ids=str)
def test_front_and_application_answer_alike(
    world: FlaskClient, kept: FlaskClient, method: str, headers: dict[str, str]
) -> None:
    """Whether nothing, the query, or the whole answer was known before."""
    ways = "Cache-Status", "X-Request-ID"
    differing = []
    for url in URLS:
        with anew():
            asked = [client.open(url, method=method, headers=headers) for client in (world, kept)]
        # the first one that is remembered
        world.open(url, method=method, headers=headers)
        again = [client.open(url, method=method, headers=headers) for client in (world, kept)]
        tag = asked[0].headers.get("ETag")
        first, *others = [seen(one, *ways) for one in (*asked, *again)]
        if any(other != first for other in others):
            differing.append(url)
        if tag:
            for client in (world, kept):
                headed = {**headers, "If-None-Match": tag}
                unchanged = client.open(url, method=method, headers=headed)
                assert (unchanged.status_code, unchanged.data) == (304, b""), url
                assert unchanged.headers["ETag"] == tag
    assert differing == []


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("GZIP", "gzip"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("zstd;q=0, *", "br"),
        ("*", "zstd"),
        ("*;q=0", ""),
        ("identity", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip", "gzip"),
        ("compress", ""),
        (";;;,q", ""),
    ],
)
@pytest.mark.parametrize("url", ["/v1/claims?limit=3", "/v1/claims/spend", "/v1/export"])
def test_codings(
    world: FlaskClient, kept: FlaskClient, url: str, accepted: str, coding: str
) -> None:
    plain = world.get(url)
    for _ in range(2):
        response = kept.get(url, headers={"Accept-Encoding": accepted})
        assert response.headers.get("Content-Encoding", "") == coding
        assert DECODED[coding](response.data) == plain.data
        suffix = f"-{coding}" if coding else ""
        assert response.headers["ETag"] == f'{plain.headers["ETag"][:-1]}{suffix}"'
        assert response.headers["Vary"] == "Accept, Accept-Encoding"
        for tag in (response.headers["ETag"], plain.headers["ETag"]):
            headers = {"Accept-Encoding": accepted, "If-None-Match": f"W/{tag}"}
            assert kept.get(url, headers=headers).status_code == 304


def test_a_stream_is_compressed_part_by_part() -> None:
    parts = [b"a" * 1000, b"", b"b" * 100_000]
    for coding, decoded in DECODED.items():
        found = decoded(b"".join(codings.compress_stream(parts, coding)))
        assert found == b"".join(parts)


def status(client: FlaskClient, url: str, **headers: str) -> str | None:
    return client.get(url, headers=headers).headers.get("Cache-Status")


def test_hit_and_miss(kept: FlaskClient, world: FlaskClient) -> None:
    missed, hit = "claimbase; fwd=miss; stored", "claimbase; hit"
    assert status(kept, "/v1/claims?actor=rutte&limit=5") == missed
    assert status(kept, "/v1/claims?actor=rutte&limit=5") == hit
    # the same query, written otherwise, and by the alias
    assert status(kept, "/v1/claims?limit=5&actor=rutte") == hit
    assert status(kept, "/claims?limit=5&actor=rutte&count=exact") == hit
    assert status(kept, "/v1/claims?limit=6&actor=rutte") == missed
    coded = {"Accept-Encoding": "gzip"}
    assert [status(kept, "/v1/claims?actor=rutte&limit=5", **coded) for _ in "ab"] == [missed, hit]
    assert status(kept, "/v1/claims?nonsense=1") is None
    assert status(world, "/v1/claims") is None


def test_a_load_is_seen_at_once(client_of: Callable[[int], FlaskClient], load: Callable) -> None:
    client = client_of(8)
    claim = {"id": "c", "text": "First", "actor": "a"}
    for text in ("First", "Second", "First"):
        load(actors=[{"id": "a", "name": "A"}], claims=[{**claim, "text": text}])
        for _ in range(3):
            assert client.get("/v1/claims?actor=a").json["data"][0]["text"] == text
    load(actors=[{"id": "a", "name": "A"}], claims=[{**claim, "id": "d"}], prune=True)
    assert client.get("/v1/claims/c").status_code == 404
    assert [one["id"] for one in client.get("/v1/claims?actor=a").json["data"]] == ["d"]


@on_sqlite
@pytest.mark.parametrize("size", [0, 8])
def test_a_backup_that_went_another_way(
    url: str, client_of: Callable[[int], FlaskClient], load: Callable, size: int
) -> None:
    """The next load after it gives the number of a version that there was before.

    Where the same records come in another order, the digest, too, is that of before.
    """
    load(topics=[{"id": "t", "name": "T"}])
    backup = sqlite3.connect(":memory:")
    path = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as file:
        file.backup(backup)
    client = client_of(size)
    tags = set()
    for actors, makes in (("ab", "a"), ("ba", "a"), ("ba", "b"), ("ab", "a")):
        with closing(sqlite3.connect(path)) as file:
            backup.backup(file)
        claims = [{"id": f"c{id}", "text": f"By {id}", "actor": id} for id in actors]
        claims.append({"id": "d", "text": "D", "actor": makes})
        load(actors=[{"id": id, "name": id.upper()} for id in actors], claims=claims)
        assert read_dataset().version == 2
        for _ in range(2):
            found = client.get("/v1/claims?actor=A&facet=actor")
            expected = {"By a", "D"} if makes == "a" else {"By a"}
            assert {one["text"] for one in found.json["data"]} == expected
            assert found.json["meta"]["total"] == len(expected)
        tags.add(found.headers["ETag"])
    assert len(tags) == 4
    backup.close()


@pytest.mark.parametrize("path", ["/v1", "/v1/openapi.json", "/v1/claims"])
def test_another_release_has_other_etags(
    kept: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = kept.get(path).headers["ETag"]
    assert kept.get(path, headers={"If-None-Match": tag}).status_code == 304
    monkeypatch.setattr(etags, "RELEASE", "another")
    # its process has kept nothing
    monkeypatch.setattr(kept.application.wsgi_app, "responses", LRUCache(0, lambda *_: 0))
    again = kept.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.headers["ETag"] == tag) == (200, False)


def test_a_load_that_comes_after_the_look(
    client_of: Callable[[int], FlaskClient], load: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dataset of the look had this ETag; the answer is of the next one, and has its ETag."""

    def fill(text: str) -> None:
        load(actors=[{"id": "a", "name": "A"}], claims=[{"id": "c", "text": text, "actor": "a"}])

    fill("First")
    client = client_of(8)

    def look() -> Any:
        found = peek_dataset()
        monkeypatch.setattr(middleware_module, "peek_dataset", peek_dataset)
        fill("Second")
        return found

    monkeypatch.setattr(middleware_module, "peek_dataset", look)
    between = client.get("/v1/claims/c")
    assert between.json["text"] == "Second"
    after = client.get("/v1/claims/c")
    assert after.headers["Cache-Status"] == "claimbase; hit"
    assert (after.headers["ETag"], after.data) == (between.headers["ETag"], between.data)


@pytest.fixture
def client_of(url: str, dataset: str) -> Callable[[int], FlaskClient]:
    """A client of the test's dataset, that an application with so many megabytes serves."""

    def client(size: int) -> FlaskClient:
        app = create_app(DATABASE_URL=url, CACHE_MB=size)
        open_dataset(url)
        return app.test_client()

    return client


def test_what_fails_later_fails_as_ever(
    client_of: Callable[[int], FlaskClient], load: Callable
) -> None:
    """A record that was there, and was renamed, and went."""
    client = client_of(8)
    actors = [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]
    load(actors=actors)
    assert client.get("/v1/actors/a").status_code == client.get("/v1/actors/a").status_code == 200
    load(actors=[{"id": "z", "name": "A", "former_ids": ["a"]}])
    for _ in range(2):
        moved = client.get("/v1/actors/a")
        assert (moved.status_code, moved.headers["Location"]) == (308, "/v1/actors/z")
    assert client.get("/v1/actors/b").status_code == 200
    load(actors=[{"id": "z", "name": "A", "former_ids": ["a"]}], prune=True)
    for _ in range(2):
        assert client.get("/v1/actors/b").json["code"] == "not-found"
    load(actors=actors[1:])
    assert client.get("/v1/actors/b").json["name"] == "B"


def test_endless_queries_do_not_grow_the_memory(
    client_of: Callable[[int], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(1)
    middleware: Any = client.application.wsgi_app
    bound = 1 << 18
    monkeypatch.setattr(lists, "RESULT_CACHE", LRUCache(bound, lists.RESULT_CACHE.size))
    middleware.responses.max_bytes = middleware.requests.max_bytes = bound
    caches = {
        "requests": middleware.requests,
        "responses": middleware.responses,
        "results": lists.RESULT_CACHE,
    }
    most = dict.fromkeys(caches, 0)
    for n in range(1000):
        assert client.get(f"/v1/claims?coder={'x' * 190}{n}&place={'y' * 190}").status_code == 200
        most = {name: max(most[name], cache.bytes) for name, cache in caches.items()}
    assert {name: 200_000 < bytes <= bound for name, bytes in most.items()} == {
        "requests": True, "responses": True, "results": True,
    }  # fmt: skip


def test_what_is_remembered_takes_no_more_than_is_counted(
    client_of: Callable[[int], FlaskClient], load: Callable
) -> None:
    load(topics=[{"id": f"t{n}", "name": f"T{n}"} for n in range(1200)])
    client = client_of(64)
    middleware: Any = client.application.wsgi_app

    def counted() -> int:
        return middleware.requests.bytes + middleware.responses.bytes

    for n in range(200):
        assert client.get(f"/v1/topics/t{n}").status_code == 200
    before = counted()
    tracemalloc.start()
    try:
        for n in range(200, 1200):
            client.get(f"/v1/topics/t{n}")
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 1_500_000 < taken < counted() - before


def test_two_at_once(client_of: Callable[[int], FlaskClient], load: Callable) -> None:
    load(actors=[{"id": "a", "name": "A"}], claims=[{"id": "c", "text": "C", "actor": "a"}])
    client = client_of(8)
    start, found = Event(), []

    def ask() -> None:
        start.wait()
        found.append(client.application.test_client().get("/v1/claims?actor=a").data)
        disconnect()

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {client.get("/v1/claims?actor=a").data}


class TestRemembered:
    def of(self, bound: int) -> LRUCache[str]:
        return LRUCache(bound, lambda key, value: len(value) - 400)

    def test_what_was_used_last_stays(self) -> None:
        remembered = self.of(80)
        for n in range(8):
            assert remembered.put(n, "x" * 10)
        assert remembered.get(0)
        remembered.put(8, "x" * 10)
        assert [n for n in range(9) if remembered.get(n)] == [0, 2, 3, 4, 5, 6, 7, 8]
        assert remembered.bytes == 80

    def test_a_new_value_takes_the_place_of_the_old(self) -> None:
        remembered = self.of(80)
        remembered.put(1, "x" * 10)
        remembered.put(1, "y" * 5)
        assert (remembered.get(1), remembered.bytes) == ("y" * 5, 5)
        remembered.remove(1)
        remembered.remove(1)
        assert (remembered.get(1), remembered.bytes) == (None, 0)

    def test_what_is_too_large_is_not_kept(self) -> None:
        remembered = self.of(80)
        assert not remembered.put(1, "x" * 11)
        assert (remembered.get(1), remembered.bytes) == (None, 0)


@pytest.mark.parametrize(("setting", "found"), [(0, 0), (64, 64), (1 << 20, 1 << 20)])
def test_the_size_of_the_cache(setting: object, found: int) -> None:
    assert cache_megabytes(setting) == found


@pytest.mark.parametrize("setting", ["many", -1, 1.5, None, True, (1 << 20) + 1])
def test_no_size_of_a_cache(setting: object) -> None:
    with pytest.raises(ValueError, match="CLAIMBASE_CACHE_MB must be a whole number of megabytes"):
        cache_megabytes(setting)


@pytest.fixture
def short_turns() -> Iterator[None]:
    """Threads that read let one that writes have its turn soon: it asks for one at each step."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0001)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("short_turns")
def test_an_answer_is_of_one_dataset(
    client_of: Callable[[int], FlaskClient], load: Callable
) -> None:
    """While loads alternate between two, whoever reads sees the one or the other."""

    def fill(letter: str) -> None:
        named = {"id": "a", "name": f"Anna {letter}"}
        claims = [{"id": f"c{n}", "text": letter, "actor": "a"} for n in range(60)]
        load(actors=[named], claims=claims)

    fill("A")
    client = client_of(8)
    over = Event()
    seen: set[tuple[str, ...]] = set()

    def read() -> None:
        while not over.is_set():
            page = client.application.test_client().get("/v1/claims?actor=anna&include=actor").json
            letters = {one["text"] for one in page["data"]}
            letters |= {one["actor"]["name"][-1] for one in page["data"]}
            letters |= {one["name"][-1] for one in page["included"]["actors"]}
            letters |= {one["name"][-1] for one in page["meta"]["resolved"]["actor"][0]["matches"]}
            seen.add(tuple(sorted(letters)))
        disconnect()

    readers = [Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for letter in "BABABA":
        fill(letter)
    over.set()
    for reader in readers:
        reader.join()
    assert seen <= {("A",), ("B",)}
    assert seen
