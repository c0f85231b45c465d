"""WSGI middleware that gives each request its id, and logs and counts requests."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from random import getrandbits
from time import perf_counter
from typing import Any, NamedTuple

SANE_ID = re.compile(r"[A-Za-z0-9._~+/=:@-]{1,64}", re.ASCII)
# granian adds its own name unless there is one
SERVER_HEADER = ("Server", "claimbase")

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class AnsweredRequest(NamedTuple):
    """A request whose answer has been sent."""

    environ: dict[str, Any]
    status: int
    # from the request to the last byte that the server took
    seconds: float
    # of the body
    size: int
    # hit, miss, or empty where the response cache had no part
    cache: str


class Observer(ABC):
    """Logs or counts requests."""

    @abstractmethod
    def observe(self, answered: AnsweredRequest) -> None:
        """Take a request whose answer has been sent."""

    @abstractmethod
    def stream_began(self) -> None:
        """Take notice of a stream; its request is observed when it ends."""


def request_id_of(environ: dict[str, Any]) -> str:
    """The id that the client or a proxy gives, if it is short and of safe characters, or a new one.

    Python seeds `random` again after a fork, so processes make different ids.
    """
    given = environ.get("HTTP_X_REQUEST_ID")
    if given is not None and SANE_ID.fullmatch(given):
        return str(given)
    return f"{getrandbits(64):016x}"


class RequestMiddleware:
    """Puts a request's id into its environment and its answer."""

    def __init__(self, app: Application):
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request_id = environ["claimbase.request_id"] = request_id_of(environ)

        def start(status: str, headers: list, exc_info: Any = None) -> Any:
            headers.append(("X-Request-ID", request_id))
            if environ.get("SERVER_SOFTWARE") == "Granian":
                headers.append(SERVER_HEADER)
            return start_response(status, headers, exc_info)

        return self.app(environ, start)


class ObservingMiddleware:
    """Tells observers of each request when it is answered."""

    def __init__(self, app: Application, observers: list[Observer]):
        self.app = app
        self.observers = observers

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        started = perf_counter()
        status, cache = 500, ""

        def start(status_line: str, headers: list, exc_info: Any = None) -> Any:
            nonlocal status, cache
            status = int(status_line[:3])
            cache = cache_status(headers)
            return start_response(status_line, headers, exc_info)

        def finish(size: int) -> None:
            answered = AnsweredRequest(environ, status, perf_counter() - started, size, cache)
            for observer in self.observers:
                observer.observe(answered)

        body = self.app(environ, start)
        if isinstance(body, list):
            finish(sum(map(len, body)))
            return body
        if "claimbase.stream" in environ:
            for observer in self.observers:
                observer.stream_began()
        return ObservedBody(body, finish)


def cache_status(headers: Iterable[tuple[str, str]]) -> str:
    """Whether the response cache had the answer, as Cache-Status says."""
    for name, value in headers:
        if name == "Cache-Status":
            return "hit" if value.endswith("hit") else "miss"
    return ""


class ObservedBody:
    """A body that calls `finish` with its bytes, once it is closed or broken off."""

    def __init__(self, body: Iterable[bytes], finish: Callable[[int], None]):
        self.body = body
        self.finish = finish
        self.size = 0
        self.finished = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            for part in self.body:
                self.size += len(part)
                yield part
        except BaseException:
            self.finish_once()
            raise

    def close(self) -> None:
        try:
            if hasattr(self.body, "close"):
                self.body.close()
        finally:
            self.finish_once()

    def finish_once(self) -> None:
        if not self.finished:
            self.finished = True
            self.finish(self.size)
