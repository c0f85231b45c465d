"""Breaking off a transfer whose response is already under way, so that it does not look whole."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any


def breaking_off(parts: Iterable[bytes], environ: dict[str, Any]) -> Iterator[bytes]:
    """The parts of a body; an error among them breaks the connection to the client.

    WSGI servers break it themselves if the error rises. Granian logs the error, and ends the body
    as if it were whole.
    """
    try:
        yield from parts
    except Exception:
        if environ.get("SERVER_SOFTWARE") == "Granian":
            shut_down_connections(environ["SERVER_PORT"], environ["REMOTE_ADDR"])
        raise


def shut_down_connections(port: str, client: str) -> None:
    """Shut down this process's connections from a client's address to a port.

    Granian does not tell which of them has the request, so other requests of the client fail, too.
    """
    for name in os.listdir("/dev/fd"):
        # a file may be closed meanwhile; most are no sockets, or are not connected
        with suppress(OSError), socket.socket(fileno=os.dup(int(name))) as connection:
            if connection.family not in (socket.AF_INET, socket.AF_INET6):
                continue
            local, peer = connection.getsockname(), connection.getpeername()
            if (str(local[1]), peer[0]) == (port, client):
                connection.shutdown(socket.SHUT_RDWR)
