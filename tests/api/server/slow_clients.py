"""Clients that read or write slowly, by raw sockets, and a dataset that outgrows their buffers."""

from __future__ import annotations

import http.client
import json
import random
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest

from models.database.connection import disconnect
from models.opening import open_dataset
from seeds.loader import load as load_files
from tests.engines import new_url
from tests.serving import Serving, free_port, running

# together more than the buffers between the server and a client that reads nothing
SOURCES, TEXT_BYTES = 1_200, 10_000
# seconds
MAX_WAIT = 60


def load_large(folder: Path) -> str:
    """The URL of a new dataset whose export has 12 MB, and compresses badly."""
    url = new_url(folder, "large")
    seeds = folder / "sources.jsonl"
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


@contextmanager
def serving_with(
    url: str, folder: Path, workers: int = 1, threads: int = 1, **settings: object
) -> Iterator[Serving]:
    """Serve a dataset with settings of the environment."""
    port = free_port()
    command = [
        "claimbase",
        "serve",
        f"--port={port}",
        f"--workers={workers}",
        f"--threads={threads}",
    ]
    environment = {f"CLAIMBASE_{name}": str(value) for name, value in settings.items()}
    with running(command, port, folder, CLAIMBASE_DATABASE_URL=url, **environment) as server:
        yield server


def connect(address: str) -> socket.socket:
    """A connection of a client that takes few bytes before it reads."""
    url = urlsplit(address)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(MAX_WAIT)
    try:
        connection.connect((url.hostname, url.port))
    except OSError:
        connection.close()
        raise
    return connection


def request(address: str, path: str, head: str = "", method: str = "GET") -> socket.socket:
    """A connection that has sent a request, or the part of one that these arguments say."""
    connection = connect(address)
    connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
    return connection


def read_head(connection: socket.socket) -> bytes:
    """The first bytes of an answer."""
    return connection.recv(200)


def slow_body(address: str) -> socket.socket:
    """A connection that has sent the head of a POST, and the first byte of its body."""
    head = "Content-Type: application/json\r\nContent-Length: 1000\r\n"
    connection = request(address, "/v1/resolve", head, "POST")
    connection.sendall(b"{")
    return connection


class Answer:
    """A response that was read to its end."""

    def __init__(self, response: http.client.HTTPResponse):
        self.status = response.status
        self.headers = response.headers
        self.content = response.read()

    @property
    def code(self) -> str | None:
        """The code of a problem."""
        return json.loads(self.content).get("code") if self.status >= 400 else None


def fetch(address: str, path: str, method: str = "GET", body: bytes | None = None) -> Answer:
    url = urlsplit(address)
    connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=MAX_WAIT)
    with closing(connection):
        headers = {"Content-Type": "application/json"} if body else {}
        connection.request(method, path, body, headers)
        return Answer(connection.getresponse())


def wait_until(condition: Callable[[], bool], what: str) -> None:
    end = monotonic() + MAX_WAIT
    while not condition():
        if monotonic() > end:
            pytest.fail(f"never: {what}")
        sleep(0.02)
