"""The fuzzer of malformed requests: what it takes for a fault, and that the server has none."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from tests.serving import serving
from torture.malformed import Answer, Verdict, ask, attack, judge
from torture.malformed_requests import malformed_requests

GET = b"GET /v1 HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


def problem(status: int, code: str, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 %d x" % status, b"X-Request-ID: a", *headers]
    return b"\r\n".join(lines) + b'\r\n\r\n{"status":%d,"code":"%b"}' % (status, code.encode())


# (request, answer, kind, whether it is a fault)
VERDICTS = [
    (GET, OK, "200", False),
    (GET, b"HTTP/1.1 100 Continue\r\n\r\n" + OK, "200", False),
    (GET, b"HTTP/1.1 308 x\r\nlocation: /v1\r\n\r\n", "308", False),
    (GET, problem(404, "not-found"), "404", False),
    (GET, b"HTTP/1.1 404 x\r\nx-request-id: a\r\n\r\n", "404 without a problem", True),
    (GET, b"HTTP/1.1 404 x\r\nx-request-id: a\r\n\r\nnot found", "404 without a problem", True),
    (GET, b'HTTP/1.1 404 x\r\nx-request-id: a\r\n\r\n{"a": 1}', "404 without a problem", True),
    (GET, b'HTTP/1.1 404 x\r\nx-request-id: a\r\n\r\n{"a": ', "404 without a problem", True),
    (b"HEAD /x HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 x\r\nx-request-id: a\r\n\r\n", "404", False),
    (b"HEAD /x HTTP/1.1\r\n\r\n", b"HTTP/1.1 500 x\r\nx-request-id: a\r\n\r\n", "500", True),
    (GET, b"HTTP/1.1 404 x\r\nx-request-id: a\r\ncontent-type: text/html\r\n\r\n<p>", "404", False),
    (GET, problem(500, "internal-error"), "500", True),
    (GET, problem(503, "too-busy", b"Retry-After: 5"), "503", False),
    (GET, problem(503, "too-busy"), "503", True),
    (GET, problem(503, "internal-error", b"Retry-After: 5"), "503", True),
    (b"x", b"HTTP/1.1 400 x\r\n\r\n", "400 of the server", False),
    (GET, b"HTTP/1.1 500 x\r\n\r\n", "500 of the server", True),
    (GET, b"HTTP/1.1 404 x\r\n\r\n", "404 of the server", True),
    (GET, b"", "closed without an answer", True),
    (GET[:-2], b"", "closed without an answer", False),
    (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n", b"", "closed without an answer", False),
    (b"\x00", b"", "closed without an answer", False),
    (b"PRI", b"\x00\x00\x18\x04", "other protocol", False),
]


@pytest.mark.parametrize(("request_", "content", "kind", "is_fault"), VERDICTS)
def test_an_answer_is_judged(request_: bytes, content: bytes, kind: str, is_fault: bool):
    assert judge(request_, Answer(content)) == Verdict(kind, is_fault)
    assert judge(request_, Answer(content, hangs=True)) == Verdict("hang", is_fault=True)


@contextmanager
def answering(content: bytes, *, closes: bool) -> Iterator[int]:
    """A server that answers one connection so; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = []

        def answer() -> None:
            connection, _ = listener.accept()
            connection.recv(1 << 16)
            connection.sendall(content)
            ended.append(connection)
            if closes:
                connection.close()

        thread = Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()
        for connection in ended:
            connection.close()


@pytest.mark.parametrize("content", [b"", OK])
@pytest.mark.parametrize("closes", [True, False])
def test_a_server_that_does_not_close_hangs(content: bytes, closes: bool):
    with answering(content, closes=closes) as port:
        answer = ask("127.0.0.1", port, GET, hang=0.5)
    assert answer == Answer(content, hangs=not closes)


def test_a_seed_gives_the_same_requests():
    first, again, different = (list(malformed_requests(300, seed)) for seed in (1, 1, 2))
    assert first == again != different
    assert len(set(first)) > 280


def test_the_server_has_no_faults(shipped_url: str, tmp_path: Path):
    with serving(shipped_url, tmp_path) as address:
        host, _, port = address.removeprefix("http://").partition(":")
        result = attack(host, int(port), count=200, seed=3)
    assert result["faults"] == []
    assert sum(result["answers"].values()) == 200
    # most requests reach the application
    assert {"200", "308", "400", "404", "405", "414"} <= result["answers"].keys()
    log = (tmp_path / "log").read_text()
    assert "Traceback" not in log
    assert "failed" not in log
