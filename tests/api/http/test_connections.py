"""A process's connections to its clients."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile

import pytest

from api.http.connections import CAN_INSPECT, connections_to, shut_down_connections, unsent_bytes
from api.server.guard import REQUEST_SECONDS, ConnectionGuard

pytestmark = pytest.mark.skipif(not CAN_INSPECT, reason="the system tells less of connections")

READING_SECONDS = 60


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


class Pair:
    """Both ends of a connection."""

    def __init__(self, listener: socket.socket, stack: ExitStack):
        self.client = stack.enter_context(socket.create_connection(listener.getsockname()))
        self.server = stack.enter_context(listener.accept()[0])
        self.peer = self.client.getsockname()

    def fill(self) -> None:
        """Send more than the client takes without reading."""
        self.server.setblocking(False)
        try:
            while True:
                self.server.send(bytes(1 << 16))
        except BlockingIOError:
            pass


@pytest.fixture
def pairs(listener: socket.socket) -> Iterator[list[Pair]]:
    with ExitStack() as stack:
        yield [Pair(listener, stack) for _ in range(3)]


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def test_the_connections_to_a_port_are_found(listener: socket.socket, pairs: list[Pair]) -> None:
    found = sorted(peer for peer, _ in connections_to(port_of(listener)))
    assert found == sorted(pair.peer for pair in pairs)
    assert [*connections_to(1)] == []


def test_a_search_leaves_no_file_open(listener: socket.socket, pairs: list[Pair]) -> None:
    with TemporaryFile() as file:
        before = os.dup(file.fileno())
        os.close(before)
        for _ in range(3):
            assert len([*connections_to(port_of(listener))]) == len(pairs)
        after = os.dup(file.fileno())
        os.close(after)
    # the system gives the lowest free number
    assert after == before


@pytest.mark.parametrize(("behind", "ended"), [(False, [0, 1, 2]), (True, [1])])
def test_connections_of_a_client_are_ended(
    listener: socket.socket, pairs: list[Pair], behind: bool, ended: list[int]
) -> None:
    pairs[1].fill()
    shut_down_connections(port_of(listener), "127.0.0.2", behind=behind)
    assert not any(map(is_ended, pairs))
    shut_down_connections(port_of(listener), "127.0.0.1", behind=behind)
    assert [n for n, pair in enumerate(pairs) if is_ended(pair)] == ended


def is_ended(pair: Pair) -> bool:
    try:
        pair.server.send(b"x")
    except BrokenPipeError:
        return True
    except BlockingIOError:
        pass
    return False


def test_a_client_that_stays_behind_has_had_its_time(
    listener: socket.socket, pairs: list[Pair]
) -> None:
    guard = ConnectionGuard(port_of(listener), READING_SECONDS)
    slow = pairs[1]
    slow.fill()

    def overdue(now: float) -> list[tuple]:
        connections = connections_to(port_of(listener))
        return [connection.getpeername() for connection in guard.overdue(connections, lambda: now)]

    assert overdue(0) == []
    assert overdue(READING_SECONDS) == []
    assert overdue(READING_SECONDS + 1) == [slow.peer]
    # it reads everything, and is behind again later
    slow.client.settimeout(10)
    for _, connection in connections_to(port_of(listener)):
        while unsent_bytes(connection):
            slow.client.recv(1 << 20)
    assert overdue(READING_SECONDS + 2) == []
    slow.fill()
    assert overdue(READING_SECONDS + 3) == []
    assert overdue(2 * READING_SECONDS + 4) == [slow.peer]


def test_a_client_that_gets_no_answer_has_had_its_time(
    listener: socket.socket, pairs: list[Pair], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sends its request too slowly: an answer begins earlier."""
    guard = ConnectionGuard(port_of(listener), READING_SECONDS)
    for seconds, count in ((REQUEST_SECONDS, 0), (REQUEST_SECONDS + 1, len(pairs))):
        monkeypatch.setattr("api.server.guard.seconds_since_sending", lambda _, s=seconds: s)
        assert len([*guard.overdue(connections_to(port_of(listener)))]) == count
