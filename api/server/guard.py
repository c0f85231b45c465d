"""Ends connections whose client neither reads its answer nor ends its request."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from time import monotonic

from api.http.connections import (
    Peer,
    connections_to,
    seconds_since_sending,
    shut_down,
    unsent_bytes,
)

# seconds without a byte of an answer, while the client has received all of the one before:
# it sends its request too slowly
REQUEST_SECONDS = 75.0

Connections = Iterable[tuple[Peer, socket.socket]]


class ConnectionGuard:
    """Knows since when each client has been behind in reading."""

    def __init__(self, port: int, reading_seconds: float):
        self.port = port
        self.reading_seconds = reading_seconds
        self.behind_since: dict[Peer, float] = {}

    def check(self) -> None:
        """Shut down the connections that have had their time."""
        for connection in self.overdue(connections_to(self.port)):
            shut_down(connection)

    def overdue(
        self, connections: Connections, clock: Callable[[], float] = monotonic
    ) -> Iterator[socket.socket]:
        """The connections that have had their time."""
        now = clock()
        behind_since: dict[Peer, float] = {}
        for peer, connection in connections:
            if unsent_bytes(connection):
                behind_since[peer] = since = self.behind_since.get(peer, now)
                if now - since > self.reading_seconds:
                    yield connection
            elif seconds_since_sending(connection) > REQUEST_SECONDS:
                yield connection
        self.behind_since = behind_since
