"""Which seed files to read, and the raw records of each."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from seeds.formats import READERS, format_reader
from seeds.problems import Place, SeedProblem, SeedProblems
from seeds.raw_record import RawRecord, Unreadable

SPECIAL_FILES = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def find_files(paths: Iterable[str | Path], problems: SeedProblems) -> list[Path]:
    """The seed files among files and folders, each once.

    A folder's are sorted by name, without hidden files and folders. Pipes and devices are problems.
    """
    by_target: dict[str, Path] = {}
    suffixes = ", ".join(READERS)
    for path in map(Path, paths):
        files = [path]
        if path.is_dir():
            inside = sorted(files_inside(path, problems))
            files = [file for file in inside if format_reader(file)]
            warn_of_skipped_files(set(inside).difference(files), problems)
            if not files:
                message = f"no seed file in this folder ({suffixes})"
                problems.add(SeedProblem(Place(printable_path(path)), message))
        elif not format_reader(path) and path.exists():
            message = f"unknown suffix: use {suffixes}"
            problems.add(SeedProblem(Place(printable_path(path)), message))
            files = []
        for file in files:
            by_target.setdefault(os.path.realpath(file), file)
    return [file for file in by_target.values() if not refuse_special_file(file, problems)]


def refuse_special_file(path: Path, problems: SeedProblems) -> bool:
    """Whether a path is a pipe, a device or a socket: it may never end, so it is a problem."""
    try:
        mode = path.stat().st_mode
    except OSError:
        # reading the file reports the error
        return False
    if stat.S_ISREG(mode):
        return False
    kind = SPECIAL_FILES.get(stat.S_IFMT(mode), "a special file")
    message = f"is {kind}: write its content to a file, and load that"
    problems.add_unreadable(SeedProblem(Place(printable_path(path)), message))
    return True


def warn_of_skipped_files(files: Iterable[Path], problems: SeedProblems) -> None:
    """Warn of files in folders that look like seed files, but have another suffix."""
    for file in sorted(files):
        # `a.yaml.bak`, `a.yml~`, `a.json5`, `a.jsonl.gz`
        if any(suffix.lower().startswith(tuple(READERS)) for suffix in file.suffixes):
            message = f"is skipped: its suffix is not {', '.join(READERS)}"
            problems.warnings.add(SeedProblem(Place(printable_path(file)), message))


def files_inside(folder: Path, problems: SeedProblems) -> Iterator[Path]:
    """The files in a folder and its subfolders, without hidden ones.

    Links are followed, and each folder is read once.
    """

    def add_problem(error: OSError) -> None:
        place = Place(printable_path(Path(error.filename)))
        problems.add_unreadable(SeedProblem(place, f"cannot be read: {error.strerror}"))

    seen = set()
    for inner, subfolders, names in os.walk(folder, onerror=add_problem, followlinks=True):
        target = os.path.realpath(inner)
        if target in seen:
            subfolders.clear()
            continue
        seen.add(target)
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        # broken links too: reading one is a problem
        yield from (Path(inner, name) for name in names if not name.startswith("."))


def read_file(
    path: Path, problems: SeedProblems, done: Callable[[int], Any]
) -> Iterator[RawRecord]:
    """Yield the records of a file; whatever is unreadable is a problem. `done` counts bytes."""
    name = printable_path(path)
    try:
        with path.open("rb") as file:
            yield from READERS[path.suffix.lower()](file, name, problems, done)
    except Unreadable as error:
        line = error.line if error.offset is None else line_at(path, error.offset)
        problems.add_unreadable(SeedProblem(Place(name, line), str(error), value=error.value))
    except OSError as error:
        problems.add_unreadable(SeedProblem(Place(name), f"cannot be read: {error.strerror}"))


def printable_path(path: Path) -> str:
    """A path as text that can be printed: file names need not be UTF-8."""
    return os.fsencode(path).decode(errors="replace")


def line_at(path: Path, offset: int) -> int:
    """The line of the byte at an offset."""
    with path.open("rb") as file:
        return file.read(offset).count(b"\n") + 1
