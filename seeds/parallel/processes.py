"""Worker processes: they work on parts in turn, and results come in the order of the parts."""

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

MAX_PROCESSES = 4
# parts that a worker has at a time: it need not wait for the next one
PARTS_AHEAD = 2


def process_count() -> int:
    """How many processes share large work; 0 if there is only one processor."""
    count = min(os.cpu_count() or 1, MAX_PROCESSES)
    return count if count > 1 else 0


@contextmanager
def worker_pool(work: Callable[[Any], Any], count: int) -> Iterator[Callable[[Iterable], Iterator]]:
    """Start `count` processes; gives a function that maps parts to the results of `work`.

    A process ends when its pipe is closed.
    """
    spawn = get_context("spawn")
    workers = []
    for _ in range(count):
        pipe, worker_pipe = spawn.Pipe()
        process = spawn.Process(target=work_on_parts, args=(work, worker_pipe), daemon=True)
        process.start()
        worker_pipe.close()
        workers.append((process, pipe))
    # the workers have their copies: free the memory
    del work
    try:
        yield lambda parts: distribute([pipe for _, pipe in workers], parts)
    finally:
        for process, pipe in workers:
            pipe.close()
            # if the load ends early, the process may be at work on a part
            process.terminate()
            process.join()


def distribute(pipes: list[Connection], parts: Iterable) -> Iterator[Any]:
    """Send parts to the workers in turn; yield the results in order."""
    waiting: deque[Connection] = deque()
    try:
        for part, pipe in zip(parts, cycle(pipes), strict=False):
            # if all are busy, this pipe is the first in the queue
            full = len(waiting) == PARTS_AHEAD * len(pipes)
            results = [waiting.popleft().recv()] if full else []
            pipe.send(part)
            waiting.append(pipe)
            yield from results
        for pipe in waiting:
            yield pipe.recv()
    except (EOFError, ConnectionError):
        raise ChildProcessError("a worker process of the load was stopped") from None


def work_on_parts(work: Callable[[Any], Any], pipe: Connection) -> None:
    """The main function of a worker process."""
    # an interrupt reaches all processes of a terminal; the load itself stops its workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # a thread sends: else both ends could wait, each with a full pipe, for the other to read
    with suppress(EOFError, ConnectionResetError), ThreadPoolExecutor(1) as sender:
        while True:
            sender.submit(pipe.send_bytes, pickle.dumps(work(pipe.recv())))
