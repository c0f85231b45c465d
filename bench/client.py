"""The measuring client: a closed loop over connections that are kept open.

A process of its own: each line of its input is a measurement to make, as JSON, and each line of
its output what was measured.
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
    """An answer with another status than was expected: the request, and the answer's start."""


class Response:
    """A response as it arrives."""

    def __init__(self) -> None:
        self.start = b""
        # bytes that are still to come of the body, or of a chunk and the line break after it
        self.left = -1
        self.chunked = False
        # of a line that says how long the next chunk is
        self.line = b""

    @property
    def status(self) -> int:
        return int(self.start[9:12])

    def feed(self, data: bytes | memoryview) -> bool:
        """Take the next bytes; whether the response is whole."""
        if self.left < 0:
            self.start += data
            end = self.start.find(b"\r\n\r\n") + 4
            if end < 4:
                return False
            data = self.start[end:]
            self.start = self.start[:end]
            self.begin_body()
        if self.chunked:
            return self.feed_chunks(bytes(data))
        self.left -= len(data)
        return self.left <= 0

    def begin_body(self) -> None:
        start = self.start.lower()
        _, named, after = start.partition(b"\r\ncontent-length:")
        self.chunked = b"\r\ntransfer-encoding: chunked" in start
        self.left = int(after.partition(b"\r\n")[0]) if named and self.status != 304 else 0

    def feed_chunks(self, data: bytes) -> bool:
        while data:
            if self.left:
                taken = min(self.left, len(data))
                self.left -= taken
                data = data[taken:]
                continue
            line, found, data = (self.line + data).partition(b"\r\n")
            self.line = b"" if found else line
            if found and not line:  # the empty line after the last chunk
                return True
            if found and line != b"0":
                self.left = int(line.partition(b";")[0], 16) + 2
            elif not found:
                return False
        return False


def measure(
    port: int, requests: Sequence[bytes], *, connections: int, seconds: float, status: int = 200
) -> dict[str, float]:
    """Ask for so long, each connection for the next thing as soon as it has its answer.

    Times are in milliseconds; `client` is the client's own share of a request.
    """
    with ExitStack() as stack:
        poll = stack.enter_context(select.epoll())
        opened = {}
        for _ in range(connections):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            opened[one.fileno()] = one
            poll.register(one, select.EPOLLIN)
        gc.disable()
        stack.callback(gc.enable)
        work = process_time_ns()
        began = perf_counter_ns()
        latencies, ended = loop(poll, opened, cycle(requests), began + int(seconds * 1e9), status)
        work = process_time_ns() - work
    latencies.sort()
    count = len(latencies)
    return {
        "count": count,
        "rate": count * 1e9 / (ended - began),
        "p50": latencies[count // 2] / 1e6,
        "p99": latencies[count * 99 // 100] / 1e6,
        "client": work / count / 1e6,
    }


def loop(
    poll: select.epoll,
    opened: dict[int, socket.socket],
    requests: Iterator[bytes],
    until: int,
    status: int,
) -> tuple[list[int], int]:
    """Each answer's time, and when the last one had come."""
    latencies = []
    # one room for all that comes: a fresh one each time costs more than what it holds
    room = memoryview(bytearray(1 << 18))
    asked: dict[int, tuple[int, bytes, Response]] = {}

    def ask(number: int) -> None:
        request = next(requests)
        asked[number] = (perf_counter_ns(), request, Response())
        opened[number].sendall(request)

    for number in opened:
        ask(number)
    ended = 0
    while asked:
        for number, _ in poll.poll():
            since, request, response = asked[number]
            size = opened[number].recv_into(room)
            whole = response.feed(room[:size])
            if not size:
                raise Unexpected(f"{request!r}: the connection was closed")
            if not whole:
                continue
            ended = perf_counter_ns()
            if response.status != status:
                raise Unexpected(f"{request!r}: {response.start!r}")
            latencies.append(ended - since)
            del asked[number]
            if ended < until:
                ask(number)
    return latencies, ended


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        requests = [one.encode("latin-1") for one in asked.pop("requests")]
        try:
            print(json.dumps(measure(requests=requests, **asked)), flush=True)
        except (Unexpected, OSError) as error:
            print(json.dumps({"error": str(error)}), flush=True)


if __name__ == "__main__":
    main()
