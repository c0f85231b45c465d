"""Slow clients of `claimbase serve`, which has one process and one thread here."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.api.server.slow_clients import (
    SOURCES,
    connect,
    fetch,
    load_large,
    read_head,
    request,
    serving_with,
    slow_body,
    wait_until,
)
from tests.serving import Serving

STREAMS = 2
# more than granian takes by default
SILENT_CONNECTIONS = 1_500


@pytest.fixture(scope="module")
def large_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a dataset whose export outgrows the buffers of a client that reads nothing."""
    return load_large(tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="module")
def server(large_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving_with(large_url, tmp_path_factory.mktemp("log"), STREAMS=STREAMS) as server:
        yield server


def check_answers(address: str) -> None:
    for path in ("/healthz", "/readyz", "/v1/sources?limit=1", "/v1/claims?q=unseen"):
        assert fetch(address, path).status == 200, path


def test_slow_readers_of_exports_keep_nobody_waiting_but_other_streams(server: Serving) -> None:
    address = server.address
    with ExitStack() as stack:
        for _ in range(STREAMS):
            reader = stack.enter_context(request(address, "/v1/export"))
            assert read_head(reader).startswith(b"HTTP/1.1 200 ")
        check_answers(address)
        refused = fetch(address, "/v1/export")
        assert (refused.status, refused.code) == (503, "too-many-streams")
        assert refused.headers["Retry-After"] == "30"
    # the readers have left
    wait_until(lambda: fetch(address, "/v1/export").status == 200, "a free slot")
    assert fetch(address, "/v1/export").content.count(b"\n") == SOURCES + 1


@pytest.mark.parametrize("path", ["/v1/sources?limit=200", "/v1/sources?format=jsonl"])
def test_a_client_that_does_not_read_is_disconnected(
    large_url: str, tmp_path: Path, path: str
) -> None:
    with (
        serving_with(large_url, tmp_path, STREAM_SECONDS=1) as server,
        request(server.address, path) as reader,
    ):
        assert read_head(reader).startswith(b"HTTP/1.1 200 ")
        port = reader.getsockname()[1]
        wait_until(lambda: port not in connected_ports(server), "a disconnected client")
        # other clients were spared
        check_answers(server.address)


def connected_ports(server: Serving) -> set[int]:
    """The ports of clients that are connected to a server, as Linux lists them."""
    if not Path("/proc/net/tcp").exists():
        pytest.skip("the system does not list its connections")
    served = f":{int(server.address.rpartition(':')[2]):04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    established = [row for row in rows if row[1].endswith(served) and row[3] == "01"]
    return {int(row[2].rpartition(":")[2], 16) for row in established}


def test_slow_bodies_keep_nobody_waiting_but_other_bodies(server: Serving) -> None:
    address, body = server.address, b'{"queries": [{"name": "NATO"}]}'
    with ExitStack() as stack:

        def refuses() -> bool:
            stack.enter_context(slow_body(address))
            return fetch(address, "/v1/resolve", "POST", body).status == 503

        # a slow body may come too late for the last place, and be refused itself
        wait_until(refuses, "a refusal")
        check_answers(address)
        refused = fetch(address, "/v1/resolve", "POST", body)
        assert (refused.code, refused.headers["Retry-After"]) == ("too-busy", "5")
    wait_until(lambda: fetch(address, "/v1/resolve", "POST", body).status != 503, "a free thread")


def test_silent_connections_keep_nobody_waiting(server: Serving) -> None:
    with ExitStack() as stack:
        for _ in range(SILENT_CONNECTIONS):
            stack.enter_context(connect(server.address))
        for _ in range(20):
            connection = stack.enter_context(connect(server.address))
            connection.sendall(b"GET /v1/claims HTTP/1.1\r\nHost")
        check_answers(server.address)


def test_http_2_is_refused_at_once(server: Serving) -> None:
    """Granian could not time out a connection that sends the beginning of HTTP/2."""
    with connect(server.address) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        answer = b""
        try:
            while received := connection.recv(1000):
                answer += received
        except ConnectionResetError:
            pass
    assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5"))


def test_requests_that_wait_are_all_answered(server: Serving) -> None:
    """One thread answers more requests than it can at once."""
    with ExitStack() as stack:
        clients = [
            stack.enter_context(request(server.address, f"/v1/sources?limit=1&q={n}"))
            for n in range(200)
        ]
        for client in clients:
            assert read_head(client).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_leaves_is_no_error(server: Serving) -> None:
    for path in ("/v1/export", "/v1/sources?limit=200"):
        with request(server.address, path) as client:
            client.shutdown(socket.SHUT_RDWR)
    check_answers(server.address)
