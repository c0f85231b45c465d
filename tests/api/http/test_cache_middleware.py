"""Responses from the caches are those of the application."""

from __future__ import annotations

import gc
import sqlite3
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Event, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.http import etags, middleware
from api.v1 import lists
from models.cache import LRUCache
from models.database.connection import disconnect
from models.dataset import read_dataset
from models.reading import peek_dataset
from tests.api.query import test_filters
from tests.api.world import FULL, LISTS, NESTED, anew, ids_of
from tests.engines import on_sqlite


def parts_of(response: TestResponse) -> tuple:
    """Status, headers and body, without the headers that differ between equal responses."""
    ignored = ("Cache-Status", "X-Request-ID")
    headers = {name: value for name, value in response.headers if name not in ignored}
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
METHODS_AND_HEADERS: list[tuple[str, dict[str, str]]] = [
    ("GET", {}),
    ("HEAD", {}),
    ("GET", {"Accept": "text/html,*/*;q=0.1"}),
    ("GET", {"Accept": "image/png"}),
    ("POST", {}),
    ("OPTIONS", {}),
]


@pytest.mark.parametrize(("method", "headers"), METHODS_AND_HEADERS, ids=str)
def test_cached_and_new_responses_are_equal(
    world: FlaskClient, caching_world: FlaskClient, method: str, headers: dict[str, str]
) -> None:
    """Compare new requests, cached requests and cached responses."""
    different_urls = []
    for url in URLS:
        with anew():
            new_responses = [
                client.open(url, method=method, headers=headers)
                for client in (world, caching_world)
            ]
        # fill the caches outside of `anew`
        world.open(url, method=method, headers=headers)
        cached_responses = [
            client.open(url, method=method, headers=headers) for client in (world, caching_world)
        ]
        tag = new_responses[0].headers.get("ETag")
        expected = parts_of(new_responses[0])
        if any(parts_of(response) != expected for response in (*new_responses, *cached_responses)):
            different_urls.append(url)
        if tag:
            for client in (world, caching_world):
                conditional = {**headers, "If-None-Match": tag}
                unchanged = client.open(url, method=method, headers=conditional)
                assert (unchanged.status_code, unchanged.data) == (304, b""), url
                assert unchanged.headers["ETag"] == tag
    assert different_urls == []


def cache_status(client: FlaskClient, url: str, **headers: str) -> str | None:
    return client.get(url, headers=headers).headers.get("Cache-Status")


def test_cache_status_tells_hits_from_misses(
    caching_world: FlaskClient, world: FlaskClient
) -> None:
    miss, hit = "claimbase; fwd=miss; stored", "claimbase; hit"
    assert cache_status(caching_world, "/v1/claims?actor=rutte&limit=5") == miss
    assert cache_status(caching_world, "/v1/claims?actor=rutte&limit=5") == hit
    # other spellings of the same query, and the alias
    assert cache_status(caching_world, "/v1/claims?limit=5&actor=rutte") == hit
    assert cache_status(caching_world, "/claims?limit=5&actor=rutte&count=exact") == hit
    assert cache_status(caching_world, "/v1/claims?limit=6&actor=rutte") == miss
    for expected in (miss, hit):
        headers = {"Accept-Encoding": "gzip"}
        assert cache_status(caching_world, "/v1/claims?actor=rutte&limit=5", **headers) == expected
    assert cache_status(caching_world, "/v1/claims?nonsense=1") is None
    assert cache_status(world, "/v1/claims") is None


def test_a_load_changes_the_next_response(
    client_with_cache: Callable[[int], FlaskClient], load: Callable
) -> None:
    client = client_with_cache(8)
    claim = {"id": "c", "text": "First", "actor": "a"}
    for text in ("First", "Second", "First"):
        load(actors=[{"id": "a", "name": "A"}], claims=[{**claim, "text": text}])
        for _ in range(3):
            assert client.get("/v1/claims?actor=a").json["data"][0]["text"] == text
    load(actors=[{"id": "a", "name": "A"}], claims=[{**claim, "id": "d"}], prune=True)
    assert client.get("/v1/claims/c").status_code == 404
    assert ids_of(client.get("/v1/claims?actor=a").json) == ["d"]


@on_sqlite
@pytest.mark.parametrize("megabytes", [0, 8])
def test_a_load_after_restoring_a_backup_gets_new_responses(
    url: str, client_with_cache: Callable[[int], FlaskClient], load: Callable, megabytes: int
) -> None:
    """The load repeats a version number, and the digest too if only the order of records differs.

    Neither may select a response that was cached before the backup was restored.
    """
    load(topics=[{"id": "t", "name": "T"}])
    backup = sqlite3.connect(":memory:")
    path = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as file:
        file.backup(backup)
    client = client_with_cache(megabytes)
    tags = set()
    for actors, claimant in (("ab", "a"), ("ba", "a"), ("ba", "b"), ("ab", "a")):
        with closing(sqlite3.connect(path)) as file:
            backup.backup(file)
        claims = [{"id": f"c{id}", "text": f"By {id}", "actor": id} for id in actors]
        claims.append({"id": "d", "text": "D", "actor": claimant})
        load(actors=[{"id": id, "name": id.upper()} for id in actors], claims=claims)
        assert read_dataset().version == 2
        for _ in range(2):
            response = client.get("/v1/claims?actor=A&facet=actor")
            expected = {"By a", "D"} if claimant == "a" else {"By a"}
            assert {claim["text"] for claim in response.json["data"]} == expected
            assert response.json["meta"]["total"] == len(expected)
        tags.add(response.headers["ETag"])
    assert len(tags) == 4
    backup.close()


def test_each_mount_point_has_its_own_responses(caching_world: FlaskClient):
    def get(root: str) -> Any:
        return caching_world.get("/v1", environ_overrides={"SCRIPT_NAME": root})

    for root in ("", "/a", "/b", "/a"):
        assert get(root).json["spec"] == f"{root}/v1/openapi.json"
    assert get("/a").headers["ETag"] != get("/b").headers["ETag"]
    assert get("/a").headers["Cache-Status"] == "claimbase; hit"


@pytest.mark.parametrize("path", ["/v1", "/v1/openapi.json", "/v1/claims"])
def test_another_release_has_different_etags(
    caching_world: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = caching_world.get(path).headers["ETag"]
    assert caching_world.get(path, headers={"If-None-Match": tag}).status_code == 304
    monkeypatch.setattr(etags, "RELEASE", "another")
    # a new release begins with an empty cache
    monkeypatch.setattr(caching_world.application.wsgi_app, "responses", LRUCache(0, lambda *_: 0))
    response = caching_world.get(path, headers={"If-None-Match": tag})
    assert (response.status_code, response.headers["ETag"] == tag) == (200, False)


def test_a_load_during_a_request_is_in_the_response_and_its_etag(
    client_with_cache: Callable[[int], FlaskClient], load: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The load comes after the middleware read the version, and before it reads the records."""

    def load_claim(text: str) -> None:
        load(actors=[{"id": "a", "name": "A"}], claims=[{"id": "c", "text": text, "actor": "a"}])

    load_claim("First")
    client = client_with_cache(8)

    def peek_then_load(*at_least: Any) -> Any:
        dataset = peek_dataset(*at_least)
        monkeypatch.setattr(middleware, "peek_dataset", peek_dataset)
        load_claim("Second")
        return dataset

    monkeypatch.setattr(middleware, "peek_dataset", peek_then_load)
    during_load = client.get("/v1/claims/c")
    assert during_load.json["text"] == "Second"
    after_load = client.get("/v1/claims/c")
    assert after_load.headers["Cache-Status"] == "claimbase; hit"
    assert (after_load.headers["ETag"], after_load.data) == (
        during_load.headers["ETag"],
        during_load.data,
    )


def test_a_cached_request_that_fails_reports_the_same_problem(
    client_with_cache: Callable[[int], FlaskClient], load: Callable
) -> None:
    """The record of a cached request is renamed, or deleted."""
    client = client_with_cache(8)
    actors = [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]
    load(actors=actors)
    assert client.get("/v1/actors/a").status_code == client.get("/v1/actors/a").status_code == 200
    load(actors=[{"id": "z", "name": "A", "former_ids": ["a"]}])
    for _ in range(2):
        redirect = client.get("/v1/actors/a")
        assert (redirect.status_code, redirect.headers["Location"]) == (308, "/v1/actors/z")
    assert client.get("/v1/actors/b").status_code == 200
    load(actors=[{"id": "z", "name": "A", "former_ids": ["a"]}], prune=True)
    for _ in range(2):
        assert client.get("/v1/actors/b").json["code"] == "not-found"
    load(actors=actors[1:])
    assert client.get("/v1/actors/b").json["name"] == "B"


def test_many_different_queries_do_not_exceed_the_bounds_of_the_caches(
    client_with_cache: Callable[[int], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_with_cache(1)
    cache_middleware: Any = client.application.wsgi_app
    max_bytes = 1 << 18
    monkeypatch.setattr(lists, "RESULT_CACHE", LRUCache(max_bytes, lists.RESULT_CACHE.size))
    cache_middleware.responses.max_bytes = cache_middleware.requests.max_bytes = max_bytes
    caches = {
        "requests": cache_middleware.requests,
        "responses": cache_middleware.responses,
        "results": lists.RESULT_CACHE,
    }
    largest = dict.fromkeys(caches, 0)
    for n in range(1000):
        assert client.get(f"/v1/claims?coder={'x' * 190}{n}&place={'y' * 190}").status_code == 200
        largest = {name: max(largest[name], cache.bytes) for name, cache in caches.items()}
    assert {name: 200_000 < bytes <= max_bytes for name, bytes in largest.items()} == {
        "requests": True, "responses": True, "results": True,
    }  # fmt: skip


def test_cached_requests_and_responses_use_no_more_memory_than_the_caches_count(
    client_with_cache: Callable[[int], FlaskClient], load: Callable
) -> None:
    load(topics=[{"id": f"t{n}", "name": f"T{n}"} for n in range(1200)])
    client = client_with_cache(64)
    cache_middleware: Any = client.application.wsgi_app

    def counted_bytes() -> int:
        return cache_middleware.requests.bytes + cache_middleware.responses.bytes

    for n in range(200):
        assert client.get(f"/v1/topics/t{n}").status_code == 200
    before = counted_bytes()
    tracemalloc.start()
    try:
        for n in range(200, 1200):
            client.get(f"/v1/topics/t{n}")
        gc.collect()
        used_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 1_500_000 < used_bytes < counted_bytes() - before


def test_simultaneous_requests_get_the_same_response(
    client_with_cache: Callable[[int], FlaskClient], load: Callable
) -> None:
    load(actors=[{"id": "a", "name": "A"}], claims=[{"id": "c", "text": "C", "actor": "a"}])
    client = client_with_cache(8)
    start, bodies = Event(), []

    def get() -> None:
        start.wait()
        bodies.append(client.application.test_client().get("/v1/claims?actor=a").data)
        disconnect()

    threads = [Thread(target=get) for _ in range(8)]
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join()
    assert len(bodies) == 8
    assert set(bodies) == {client.get("/v1/claims?actor=a").data}


@pytest.fixture
def frequent_thread_switches() -> Iterator[None]:
    """Switch threads every 0.1 milliseconds, so that readers do not hold up the writing thread."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0001)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("frequent_thread_switches")
def test_a_response_during_loads_has_records_of_one_version(
    client_with_cache: Callable[[int], FlaskClient], load: Callable
) -> None:
    """Loads alternate between two versions; a reader gets the one or the other."""

    def load_version(letter: str) -> None:
        actor = {"id": "a", "name": f"Anna {letter}"}
        claims = [{"id": f"c{n}", "text": letter, "actor": "a"} for n in range(60)]
        load(actors=[actor], claims=claims)

    load_version("A")
    client = client_with_cache(8)
    done = Event()
    seen_letters: set[tuple[str, ...]] = set()

    def read() -> None:
        while not done.is_set():
            page = client.application.test_client().get("/v1/claims?actor=anna&include=actor").json
            letters = {claim["text"] for claim in page["data"]}
            letters |= {claim["actor"]["name"][-1] for claim in page["data"]}
            letters |= {actor["name"][-1] for actor in page["included"]["actors"]}
            matches = page["meta"]["resolved"]["actor"][0]["matches"]
            letters |= {match["name"][-1] for match in matches}
            seen_letters.add(tuple(sorted(letters)))
        disconnect()

    readers = [Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for letter in "BABABA":
        load_version(letter)
    done.set()
    for reader in readers:
        reader.join()
    assert seen_letters <= {("A",), ("B",)}
    assert seen_letters
