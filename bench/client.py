"""The measuring client: a closed loop over open connections.

The client is a separate process. It reads the arguments of a measurement from each line of its
input, as JSON, and writes the figures as a line of its output.
"""

from __future__ import annotations

import gc
import json
import select
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import cycle
from time import perf_counter_ns, process_time_ns


class Unexpected(Exception):
    """A response without the expected status; the message has the request and the headers."""


class Response:
    """A parser of a response that arrives in pieces."""

    def __init__(self) -> None:
        self.headers = b""
        # the bytes that remain of the body, or of a chunk and the line break after it
        self.remaining = -1
        self.chunked = False
        # the start of an incomplete line with the length of the next chunk
        self.line = b""

    @property
    def status(self) -> int:
        return int(self.headers[9:12])

    def feed(self, data: bytes | memoryview) -> bool:
        """Parse the next bytes; return whether the response is complete."""
        if self.remaining < 0:
            self.headers += data
            end = self.headers.find(b"\r\n\r\n") + 4
            if end < 4:
                return False
            data = self.headers[end:]
            self.headers = self.headers[:end]
            self.begin_body()
        if self.chunked:
            return self.feed_chunks(bytes(data))
        self.remaining -= len(data)
        return self.remaining <= 0

    def begin_body(self) -> None:
        headers = self.headers.lower()
        _, has_length, rest = headers.partition(b"\r\ncontent-length:")
        self.chunked = b"\r\ntransfer-encoding: chunked" in headers
        # a 304 has no body, whatever its length says
        has_body = has_length and self.status != 304
        self.remaining = int(rest.partition(b"\r\n")[0]) if has_body else 0

    def feed_chunks(self, data: bytes) -> bool:
        while data:
            if self.remaining:
                size = min(self.remaining, len(data))
                self.remaining -= size
                data = data[size:]
                continue
            line, line_break, data = (self.line + data).partition(b"\r\n")
            self.line = b"" if line_break else line
            if line_break and not line:  # the empty line after the last chunk
                return True
            if line_break and line != b"0":
                self.remaining = int(line.partition(b";")[0], 16) + 2
            elif not line_break:
                return False
        return False


def measure(
    port: int, requests: Sequence[bytes], *, connections: int, seconds: float, status: int = 200
) -> dict[str, float]:
    """Send requests for some seconds; each connection sends its next one after a response.

    Times are in milliseconds; `client` is the client's own processor time for a request.
    """
    with ExitStack() as stack:
        poll = stack.enter_context(select.epoll())
        sockets = {}
        for _ in range(connections):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            sockets[connection.fileno()] = connection
            poll.register(connection, select.EPOLLIN)
        gc.disable()
        stack.callback(gc.enable)
        processor_start = process_time_ns()
        start = perf_counter_ns()
        until = start + int(seconds * 1e9)
        latencies, end = send_until(until, poll, sockets, cycle(requests), status)
        processor_time = process_time_ns() - processor_start
    latencies.sort()
    count = len(latencies)
    return {
        "count": count,
        "rate": count * 1e9 / (end - start),
        "p50": latencies[count // 2] / 1e6,
        "p99": latencies[count * 99 // 100] / 1e6,
        "client": processor_time / count / 1e6,
    }


def send_until(
    until: int,
    poll: select.epoll,
    sockets: dict[int, socket.socket],
    requests: Iterator[bytes],
    status: int,
) -> tuple[list[int], int]:
    """The time of each response, and the time at which the last response was complete."""
    latencies = []
    # all responses share a buffer: a new buffer takes longer than the copy
    buffer = memoryview(bytearray(1 << 18))
    pending: dict[int, tuple[int, bytes, Response]] = {}

    def send(descriptor: int) -> None:
        request = next(requests)
        pending[descriptor] = (perf_counter_ns(), request, Response())
        sockets[descriptor].sendall(request)

    for descriptor in sockets:
        send(descriptor)
    end = 0
    while pending:
        for descriptor, _ in poll.poll():
            start, request, response = pending[descriptor]
            size = sockets[descriptor].recv_into(buffer)
            complete = response.feed(buffer[:size])
            if not size:
                raise Unexpected(f"{request!r}: the connection was closed")
            if not complete:
                continue
            end = perf_counter_ns()
            if response.status != status:
                raise Unexpected(f"{request!r}: {response.headers!r}")
            latencies.append(end - start)
            del pending[descriptor]
            if end < until:
                send(descriptor)
    return latencies, end


def main() -> None:
    for line in sys.stdin:
        arguments = json.loads(line)
        requests = [request.encode("latin-1") for request in arguments.pop("requests")]
        try:
            print(json.dumps(measure(requests=requests, **arguments)), flush=True)
        except (Unexpected, OSError) as error:
            print(json.dumps({"error": str(error)}), flush=True)


if __name__ == "__main__":
    main()
