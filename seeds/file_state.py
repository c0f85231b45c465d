"""The state of a file: what tells that it was changed while a load read it."""

from __future__ import annotations

import stat
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

from seeds.formats import has_json_lines
from seeds.formats.bounded_file import MAX_FILE_BYTES
from seeds.problems import Place, SeedProblem, SeedProblems
from seeds.reader import printable_path


class FileState(NamedTuple):
    """What tells that a file was changed or replaced."""

    device: int
    inode: int
    size: int
    # in ns
    last_write: int


def file_state(path: Path) -> FileState | None:
    """The state of a file; None if it cannot be read, or is no regular file."""
    try:
        status = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return FileState(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def content_digest(path: Path) -> str | None:
    """SHA-256 of a file's suffix, which decides its format, and its content.

    None if the file cannot be read, or is too large to be loaded.
    """
    state = file_state(path)
    if not state or (state.size > MAX_FILE_BYTES and not has_json_lines(path)):
        return None
    try:
        with path.open("rb") as file:
            return file_digest(file, lambda: sha256(path.suffix.encode())).hexdigest()
    except OSError:
        return None


def is_gone(
    path: Path, state: FileState | None, digest: str | None, problems: SeedProblems
) -> bool:
    """Whether a file that was read is no longer there; if it was changed, that is a problem."""
    now = file_state(path)
    # the time of a file does not tell two writes within a few milliseconds
    if state and now and (now != state or content_digest(path) != digest):
        message = "changed while it was read: load it again when it is complete"
        problems.add_unreadable(SeedProblem(Place(printable_path(path)), message))
    return now is None
