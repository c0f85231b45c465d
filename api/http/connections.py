"""This process's connections to clients, whatever server accepted them."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import sys
import termios
from collections.abc import Iterator
from contextlib import suppress
from stat import S_ISSOCK

# a client's address and port
Peer = tuple[str, int]
# the offset of `tcpi_last_data_sent`, in ms, in Linux's `struct tcp_info`
LAST_DATA_SENT = 44
# TCP_INFO and SIOCOUTQ are Linux's
CAN_INSPECT = sys.platform == "linux"


def connections_to(port: int) -> Iterator[tuple[Peer, socket.socket]]:
    """Each open connection from a client to a port of this process, with the client.

    A socket is a duplicate: it is closed when the next one is taken.
    """
    for name in os.listdir("/dev/fd"):
        # a file may be closed meanwhile, and a socket may not be connected
        with suppress(OSError):
            if not S_ISSOCK(os.fstat(int(name)).st_mode):
                continue
        with suppress(OSError), socket.socket(fileno=os.dup(int(name))) as connection:
            if connection.family not in (socket.AF_INET, socket.AF_INET6):
                continue
            peer = connection.getpeername()
            if connection.getsockname()[1] == port:
                yield (peer[0], peer[1]), connection


def unsent_bytes(connection: socket.socket) -> int:
    """The bytes that the client has not yet received."""
    packed = fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, b"\0" * 4)
    unsent: int = struct.unpack("i", packed)[0]
    return unsent


def seconds_since_sending(connection: socket.socket) -> float:
    """The seconds since data was sent to the client, or since it connected."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_DATA_SENT + 4)
    milliseconds: int = struct.unpack_from("I", info, LAST_DATA_SENT)[0]
    return milliseconds / 1000


def shut_down(connection: socket.socket) -> None:
    """End a connection for all who hold it; the client sees that an answer is not whole."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def shut_down_connections(port: int, client: str, *, behind: bool = False) -> None:
    """Shut down this process's connections from a client's address to a port.

    Granian does not tell which of them has the request, so other requests of the client fail, too.
    `behind` spares connections whose client has received everything.
    """
    for (address, _), connection in connections_to(port):
        if address == client and (not behind or not CAN_INSPECT or unsent_bytes(connection)):
            shut_down(connection)
