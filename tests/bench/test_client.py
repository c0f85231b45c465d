"""The measuring client understands what servers send, however it arrives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.client import Response, Unexpected, measure

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\nHello"
EMPTY = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
UNCHANGED = b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"
UNCHANGED_OF = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 70000\r\n\r\n"
CHUNKS = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n0a;x=y\r\n0\r\n\r\n12345\r\n0\r\n\r\n"
)
NO_CHUNK = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (LENGTH, 200),
        (EMPTY, 404),
        (UNCHANGED, 304),
        (UNCHANGED_OF, 304),
        (CHUNKS, 200),
        (NO_CHUNK, 200),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64, 1000])
def test_a_response_is_whole_with_its_last_byte(sent: bytes, status: int, size: int):
    response = Response()
    parts = [sent[start : start + size] for start in range(0, len(sent), size)]
    assert [response.feed(part) for part in parts] == [*[False] * (len(parts) - 1), True]
    assert response.status == status


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
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
        server.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def test_each_connection_asks_for_the_next_thing(server):
    some = [get("/plain"), get("/chunks"), get("/other")]
    found = measure(server.server_port, some, connections=3, seconds=0)
    assert sorted(server.asked) == ["/chunks", "/other", "/plain"]
    assert found["count"] == 3


def test_it_goes_on_for_as_long_as_it_is_told(server):
    some = [get("/plain"), get("/chunks")]
    found = measure(server.server_port, some, connections=2, seconds=0.05)
    assert found["count"] == len(server.asked) > 2
    assert 0 < found["p50"] <= found["p99"]
    assert found["rate"] > 0


def test_another_status_than_expected_stops_it(server):
    with pytest.raises(Unexpected, match=r"GET /broken .*500"):
        measure(server.server_port, [get("/broken")], connections=1, seconds=0)
