"""Granian and its settings."""

from __future__ import annotations

import resource

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import logger
from granian.server import Server

from api.server.lanes import granian_threads
from api.server.worker import Worker, end_children_by_signal

# milliseconds in which a client must send the head of a request, its first one included
HEAD_MILLISECONDS = 30_000
# the bytes of a request's head; granian answers 414 to a longer URL
HEAD_BYTES = 1 << 17
# open connections of a process, if the limit of open files allows it; files besides connections
MAX_CONNECTIONS, OTHER_FILES = 10_000, 256


def run_server(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    server = Server(
        "api:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        # granian times out a connection that sends nothing only if it need not tell HTTP/2 apart
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEAD_MILLISECONDS, max_buffer_size=HEAD_BYTES
        ),
        workers=workers,
        blocking_threads=granian_threads(threads),
        backlog=1024,
        backpressure=max_connections(),
        respawn_failed_workers=True,
        log_level="warning",  # type: ignore[arg-type]
    )
    # most of the threads only wait for clients
    logger.addFilter(lambda record: "Python threads" not in record.getMessage())
    end_children_by_signal()
    server.serve(spawn_target=Worker(port, threads))


def max_connections() -> int:
    """The connections that a process can hold; raises its limit of open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(64, min(MAX_CONNECTIONS, hard - OTHER_FILES))
