"""Work that other processes do, a part at a time; what comes of it comes in order."""

from __future__ import annotations

import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

PROCESSES = 4
# parts that each has at a time
AHEAD = 2


def several() -> int:
    """How many processes shall share what is much; none where there is one processor."""
    count = min(os.cpu_count() or 1, PROCESSES)
    return count if count > 1 else 0


@contextmanager
def working(work: Callable[[Any], Any], count: int) -> Iterator[Callable[[Iterable], Iterator]]:
    """Has parts worked on by so many processes.

    Each process has the next part when it has done one, and ends when its pipe does.
    """
    spawn = get_context("spawn")
    workers = []
    for _ in range(count):
        here, there = spawn.Pipe()
        process = spawn.Process(target=serve, args=(work, there), daemon=True)
        process.start()
        there.close()
        workers.append((process, here))
    # they know it by now
    del work
    try:
        yield lambda parts: by_turns([pipe for _, pipe in workers], parts)
    finally:
        for process, pipe in workers:
            pipe.close()
            # where the load ends early, it may be in the middle of a part
            process.terminate()
            process.join()


def by_turns(pipes: list[Connection], parts: Iterable) -> Iterator[Any]:
    waiting: deque[Connection] = deque()
    try:
        for part, pipe in zip(parts, cycle(pipes), strict=False):
            # its first part is the one that has waited longest
            full = len(waiting) == AHEAD * len(pipes)
            done = [waiting.popleft().recv()] if full else []
            pipe.send(part)
            waiting.append(pipe)
            yield from done
        for pipe in waiting:
            yield pipe.recv()
    except (EOFError, ConnectionError):
        raise ChildProcessError("a process of the load was stopped") from None


def serve(work: Callable[[Any], Any], pipe: Connection) -> None:
    # who stops the load stops this process with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # by another thread: else this one would wait until it is taken, and whoever takes it until this
    # one has taken the next part
    with suppress(EOFError, ConnectionResetError), ThreadPoolExecutor(1) as sender:
        while True:
            sender.submit(pipe.send_bytes, pickle.dumps(work(pipe.recv())))
