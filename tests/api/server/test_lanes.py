"""Which thread of a server answers a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest

from api.server import lanes
from api.server.lanes import Lanes
from api.server.worker import waits_for_server


class Responses:
    """Granian's end of each request: it gathers the bodies of responses."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def response_bytes(self, status: int, headers: list, body: bytes) -> None:
        self.bodies.append(body)


class Server:
    """Lanes with an application that answers `/slow` only when it may."""

    def __init__(self, threads: int, *, waits: bool = False) -> None:
        self.began, self.may_end = Event(), Event()
        self.responses = Responses()
        self.lanes = Lanes(self.app, threads, waits=waits)

    def app(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/slow":
            self.began.set()
            self.may_end.wait()
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    def ask(self, path: str) -> None:
        self.lanes(self.responses, {"PATH_INFO": path, "REQUEST_METHOD": "GET"})

    @contextmanager
    def answering_slowly(self) -> Iterator[None]:
        """Another thread answers `/slow` inside, and ends afterwards."""
        thread = Thread(target=self.ask, args=("/slow",))
        thread.start()
        self.began.wait()
        try:
            yield
        finally:
            self.may_end.set()
            thread.join()


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of all rests, which take no time."""
    rests: list[float] = []
    monkeypatch.setattr(lanes, "sleep", rests.append)
    return rests


@pytest.mark.parametrize("threads", [1, 2])
def test_a_thread_leaves_its_request_to_one_that_is_quick(
    rests: list[float], monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    monkeypatch.setattr(lanes, "QUICK", 600.0)
    server = Server(threads)
    with server.answering_slowly():
        server.ask("/claims/1")
        server.ask("/claims/2")
        server.ask("/healthz")
        assert (rests, server.responses.bodies) == ([600.0, 600.0], [b"/healthz"])
    assert server.responses.bodies == [b"/healthz", b"/slow", b"/claims/1", b"/claims/2"]


@pytest.mark.parametrize(
    ("threads", "expected"), [(1, [b"/slow", b"/claims"]), (2, [b"/claims", b"/slow"])]
)
def test_as_many_threads_as_may_answer_beside_a_slow_one(
    rests: list[float], monkeypatch: pytest.MonkeyPatch, threads: int, expected: list[bytes]
) -> None:
    monkeypatch.setattr(lanes, "QUICK", 0.0)
    server = Server(threads)
    with server.answering_slowly():
        server.ask("/claims")
    assert (rests, server.responses.bodies) == ([], expected)


def test_no_thread_rests_if_answers_wait_for_a_database_server(
    rests: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "QUICK", 600.0)
    server = Server(threads=2, waits=True)
    with server.answering_slowly():
        server.ask("/claims")
        assert (rests, server.responses.bodies) == ([], [b"/claims"])


@pytest.mark.parametrize(
    ("read_url", "database_url", "expected"),
    [
        ("", "sqlite:///claimbase.db", False),
        ("", "postgresql://user@host/name", True),
        ("", "postgres://user@host/name", True),
        ("postgresql://standby/name", "sqlite:///claimbase.db", True),
        ("sqlite:///copy.db", "postgresql://primary/name", False),
    ],
)
def test_requests_wait_for_the_database_that_they_read(
    read_url: str, database_url: str, expected: bool
) -> None:
    settings = {"READ_URL": read_url, "DATABASE_URL": database_url}
    assert waits_for_server(settings) is expected


def test_a_quick_answer_of_the_past_lets_no_thread_rest_beside_a_slow_one(
    rests: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(lanes, "monotonic", lambda: now)
    server = Server(threads=2)
    with server.answering_slowly():
        now = 1.0
        server.ask("/claims/1")
        server.ask("/claims/2")
        assert (rests, server.responses.bodies) == ([], [b"/claims/1", b"/claims/2"])


def test_one_thread_looks_out_for_slow_answers_while_the_others_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lanes, "QUICK", 600.0)
    server, rests = Server(1), []

    def sleep(seconds: float) -> None:
        rests.append(seconds)
        if len(rests) == 1:
            server.ask("/claims/2")

    monkeypatch.setattr(lanes, "sleep", sleep)
    with server.answering_slowly():
        server.ask("/claims/1")
    assert rests == [600.0, lanes.REST]
    assert server.responses.bodies == [b"/slow", b"/claims/1", b"/claims/2"]
