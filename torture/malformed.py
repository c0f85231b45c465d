"""Send malformed requests to a server, and look for failures, hangs and answers without a problem.

`python -m torture.malformed` serves the shipped seeds, sends 3,000 requests, and writes the result
to build/torture/malformed.json.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import NamedTuple

from torture.malformed_requests import malformed_requests
from torture.servers import load, publish, serving, stop_servers_on_sigterm

REQUESTS, SEED, CLIENTS = 3000, 1, 8
# seconds without a byte, before a client stops writing, and before it takes the server as hanging
PATIENCE, HANG = 1.0, 15.0
# a 503 with one of these says what to do
TOLD = {"database-unavailable", "too-slow", "too-busy"}
# of requests that no HTTP server takes; it answers them itself, without a body
SERVER_STATUSES = {400, 408, 413, 414, 417, 431, 505}
SHOWN_BYTES = 200


class Answer(NamedTuple):
    """What a server sent to a request until it closed the connection."""

    content: bytes
    hangs: bool = False


class Verdict(NamedTuple):
    """The kind of an answer, and whether it is a fault."""

    kind: str
    is_fault: bool = False


def ask(host: str, port: int, request: bytes, hang: float = HANG) -> Answer:
    """Send a request on a connection of its own, and read until the server closes it."""
    content = b""
    with socket.create_connection((host, port)) as connection:
        connection.settimeout(PATIENCE)
        with suppress(OSError):
            # it fails where the server refuses the request before its end
            connection.sendall(request)
        stopped = False
        end = time.monotonic() + hang
        while time.monotonic() < end:
            try:
                part = connection.recv(1 << 16)
            except TimeoutError:
                if not stopped and (content or not is_whole(request)):
                    # as a client that has nothing more to send; before an answer, granian takes it
                    # for one that left
                    connection.shutdown(socket.SHUT_WR)
                    stopped = True
                continue
            except OSError:
                return Answer(content)
            if not part:
                return Answer(content)
            content += part
    return Answer(content, hangs=True)


def judge(request: bytes, answer: Answer) -> Verdict:
    """Whether an answer is a failure, a hang or without a problem."""
    if answer.hangs:
        return Verdict("hang", is_fault=True)
    if not answer.content:
        return Verdict("closed without an answer", is_fault=is_whole(request))
    head, _, body = final_response(answer.content).partition(b"\r\n\r\n")
    match = re.match(rb"HTTP/1\.[01] (\d{3})", head)
    if match is None:
        return Verdict("other protocol")
    status = int(match[1])
    kind = str(status)
    if status < 400:
        return Verdict(kind)
    headers = head.lower()
    if b"\r\nx-request-id:" not in headers:
        return Verdict(f"{kind} of the server", is_fault=status not in SERVER_STATUSES)
    if request.startswith(b"HEAD ") or b"\r\ncontent-type: text/html" in headers:
        return Verdict(kind, is_fault=status >= 500)
    code = problem_code(body, status)
    told = code in TOLD and b"\r\nretry-after:" in headers
    if code is None:
        return Verdict(f"{kind} without a problem", is_fault=True)
    return Verdict(kind, is_fault=status >= 500 and not told)


def is_whole(request: bytes) -> bool:
    """Whether a request is one of HTTP/1 without a body, or has its head alone."""
    head, separator, _ = request.partition(b"\r\n\r\n")
    line, _, lines = head.partition(b"\r\n")
    has_body = re.search(rb"(?i)content-length|transfer-encoding", lines) is not None
    is_line = re.fullmatch(rb"[A-Z]+ \S+ HTTP/1\.[01]", line) is not None
    return is_line and bool(separator) and not has_body


def final_response(content: bytes) -> bytes:
    """The answer without the interim one that says to go on."""
    while content.startswith(b"HTTP/1.1 1"):
        content = content.partition(b"\r\n\r\n")[2]
    return content


def problem_code(body: bytes, status: int) -> str | None:
    """The code of a problem; None if the body is none. Only its first line is read."""
    start = body.find(b"{")
    try:
        problem, _ = json.JSONDecoder().raw_decode(body[start:].decode())
    except ValueError:
        return None
    is_problem = isinstance(problem, dict) and problem.get("status") == status
    return problem.get("code") if is_problem else None


def attack(host: str, port: int, count: int = REQUESTS, seed: int = SEED) -> dict:
    """Send requests to a server; gives how often it answered how, and the faults."""
    started = time.monotonic()

    def verdict_of(request: bytes) -> tuple[bytes, Verdict]:
        return request, judge(request, ask(host, port, request))

    with ThreadPoolExecutor(CLIENTS) as clients:
        verdicts = [*clients.map(verdict_of, malformed_requests(count, seed))]
    kinds = Counter(verdict.kind for _, verdict in verdicts)
    return {
        "requests": count,
        "seed": seed,
        "seconds": round(time.monotonic() - started, 1),
        "answers": dict(sorted(kinds.items())),
        "faults": [
            {"kind": verdict.kind, "request": request[:SHOWN_BYTES].decode("latin-1")}
            for request, verdict in verdicts
            if verdict.is_fault
        ],
    }


@contextmanager
def shipped_server() -> Iterator[int]:
    """A server of the shipped seeds; gives its port."""
    with TemporaryDirectory() as folder:
        database_url = f"sqlite:///{folder}/claimbase.db"
        load(database_url, "seeds/data")
        with serving(database_url) as port:
            yield port


def main() -> None:
    stop_servers_on_sigterm()
    parser = argparse.ArgumentParser(prog="python -m torture.malformed", description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    with shipped_server() as port:
        result = attack("127.0.0.1", port, arguments.requests, arguments.seed)
    publish("malformed", result)


if __name__ == "__main__":
    main()
