"""Files in chunks that several processes read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from seeds.formats import has_json_lines
from seeds.formats.jsonl import MAX_LINE_BYTES, skip_line
from seeds.parallel.processes import process_count

CHUNK_BYTES = 1_000_000
# with fewer bytes of JSON Lines, starting processes takes longer than it saves
MIN_PARALLEL_BYTES = 16_000_000


class Chunk(NamedTuple):
    """A whole file, or some lines of it."""

    path: Path
    size: int
    first_line: int = 1
    # None for a whole file
    lines: bytes | None = None


def split_file(path: Path) -> Iterator[Chunk]:
    """JSON Lines in chunks of whole lines, other files as one chunk.

    A line that is too long is cut off just beyond the bound.
    """
    size = path.stat().st_size if path.is_file() else 0
    if not size or not has_json_lines(path):
        yield Chunk(path, size)
        return
    number = 1
    try:
        with path.open("rb") as file:
            while lines := file.read(CHUNK_BYTES):
                lines += file.readline(MAX_LINE_BYTES + 1)
                lengths = [len(lines)]
                if not lines.endswith(b"\n"):
                    skip_line(file, lengths.append)
                yield Chunk(path, sum(lengths), number, lines)
                number += lines.count(b"\n") + (not lines.endswith(b"\n"))
    except OSError:
        # reading the whole file reports the error
        yield Chunk(path, 0)


def reader_count(paths: Iterable[Path]) -> int:
    """How many processes read these files; 0 if this process reads them alone."""
    size = sum(path.stat().st_size for path in paths if has_json_lines(path) and path.is_file())
    return process_count() if size >= MIN_PARALLEL_BYTES else 0
