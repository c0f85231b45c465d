"""The measuring client parses responses in pieces of any size, and measures them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.client import Response, Unexpected, measure

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\nHello"
EMPTY = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
UNCHANGED = b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"
UNCHANGED_WITH_LENGTH = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 70000\r\n\r\n"
CHUNKS = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n0a;x=y\r\n0\r\n\r\n12345\r\n0\r\n\r\n"
)
EMPTY_CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (LENGTH, 200),
        (EMPTY, 404),
        (UNCHANGED, 304),
        (UNCHANGED_WITH_LENGTH, 304),
        (CHUNKS, 200),
        (EMPTY_CHUNKED, 200),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64, 1000])
def test_a_response_is_complete_with_its_last_byte(sent: bytes, status: int, size: int):
    response = Response()
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
    assert [response.feed(piece) for piece in pieces] == [*[False] * (len(pieces) - 1), True]
    assert response.status == status


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.paths.append(self.path)  # type: ignore[attr-defined]
        body = b"x" * 100_000
        self.send_response(500 if self.path == "/broken" else 200)
        if self.path == "/chunks":
            self.send_header("Transfer-Encoding", "chunked")
            body = b"186a0\r\n%b\r\n0\r\n\r\n" % body
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.paths = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def test_each_connection_sends_the_next_request(server):
    requests = [get("/plain"), get("/chunks"), get("/other")]
    figures = measure(server.server_port, requests, connections=3, seconds=0)
    assert sorted(server.paths) == ["/chunks", "/other", "/plain"]
    assert figures["count"] == 3


def test_the_client_sends_requests_for_some_seconds(server):
    requests = [get("/plain"), get("/chunks")]
    figures = measure(server.server_port, requests, connections=2, seconds=0.05)
    assert figures["count"] == len(server.paths) > 2
    assert 0 < figures["p50"] <= figures["p99"]
    assert figures["rate"] > 0


def test_an_unexpected_status_ends_the_measurement(server):
    with pytest.raises(Unexpected, match=r"GET /broken .*500"):
        measure(server.server_port, [get("/broken")], connections=1, seconds=0)
