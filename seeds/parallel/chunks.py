"""Files in pieces, which several processes read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from seeds.parallel.processes import several
from seeds.reader import LINE, skip_line

LINES = ".jsonl"
PIECE = 1_000_000
# from so many bytes of them on, other processes are worth their start
MANY = 16_000_000


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
    return several() if size >= MANY else 0
