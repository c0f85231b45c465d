"""Files read by several processes: in pieces, whose records come in the order of the files."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from seeds.reader import LINE, skip_line

LINES = ".jsonl"
PIECE = 1_000_000
# from so many bytes of them on, other processes are worth their start
MANY = 16_000_000
PROCESSES = 4


class Piece(NamedTuple):
    """A file, or some lines of it."""

    path: Path
    size: int
    # the number of the first line, and the lines; None where the file is read whole
    line: int = 1
    lines: bytes | None = None


def pieces(path: Path) -> Iterator[Piece]:
    """JSON Lines, cut at the ends of lines, one that is too long cut short; other files whole."""
    size = path.stat().st_size if path.is_file() else 0
    if path.suffix != LINES or not size:
        yield Piece(path, size)
        return
    number = 1
    try:
        with path.open("rb") as file:
            while lines := file.read(PIECE):
                lines += file.readline(LINE + 1)
                length = [len(lines)]
                if not lines.endswith(b"\n"):
                    skip_line(file, length.append)
                yield Piece(path, sum(length), number, lines)
                number += lines.count(b"\n") + (not lines.endswith(b"\n"))
    except OSError:
        # who reads it whole finds what is wrong with it
        yield Piece(path, 0)


def processes(paths: Iterable[Path]) -> int:
    """How many others are to read these files; none where this one does it best alone."""
    size = sum(path.stat().st_size for path in paths if path.suffix == LINES and path.is_file())
    count = min(os.cpu_count() or 1, PROCESSES)
    return count if count > 1 and size >= MANY else 0


@contextmanager
def reading(read: Callable[[Piece], Any], count: int) -> Iterator[Callable[[Iterable[Piece]], Any]]:
    """Reads pieces by so many processes; what comes of them comes in their order.

    Each process has one piece at a time, and ends when its pipe does.
    """
    spawn = get_context("spawn")
    readers = []
    for _ in range(count):
        here, there = spawn.Pipe()
        process = spawn.Process(target=serve, args=(read, there), daemon=True)
        process.start()
        there.close()
        readers.append((process, here))
    try:
        yield lambda pieces: by_turns([pipe for _, pipe in readers], pieces)
    finally:
        for process, pipe in readers:
            pipe.close()
            # where the load ends early, it may be in the middle of a piece
            process.terminate()
            process.join()


def by_turns(pipes: list[Connection], pieces: Iterable[Piece]) -> Iterator[Any]:
    waiting: deque[Connection] = deque()
    try:
        for piece, pipe in zip(pieces, cycle(pipes), strict=False):
            # its last piece is the one that has waited longest
            done = [waiting.popleft().recv()] if len(waiting) == len(pipes) else []
            pipe.send(piece)
            waiting.append(pipe)
            yield from done
        for pipe in waiting:
            yield pipe.recv()
    except (EOFError, ConnectionError):
        raise ChildProcessError("a process that reads the files was stopped") from None


def serve(read: Callable[[Piece], Any], pipe: Connection) -> None:
    # who stops the load stops this process with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            pipe.send(read(pipe.recv()))
