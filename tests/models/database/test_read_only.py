"""SQLite files that a process cannot write: all their rows are read, or the reason is told."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.readers import can_mount, protected, reader

__all__ = ["reader"]

# reads the table in the file that each line names, by `peek` and in a snapshot; if the line has a
# second word, waits for another line inside the snapshot
READ = """
import sys
from functools import cache
from models.database.sqlite import Sqlite
open_file = cache(Sqlite)
for line in sys.stdin:
    path, *wait = line.split()
    file = open_file(path)
    try:
        peeked = file.peek("SELECT MAX(n) FROM t")
        with file.snapshot("SELECT 1"):
            if wait:
                print("begun", flush=True)
                sys.stdin.readline()
            rows = file.execute_sql("SELECT n FROM t ORDER BY n").fetchall()
        assert wait or peeked == rows[-1]
        print([n for n, in rows], flush=True)
    except Exception as error:
        print(error, flush=True)
"""
UNFINISHED = (
    "PATH cannot be written here, and PATH-{} has changes that would be missing: run claimbase"
    " migrate where both can be written, or let nobody write"
)


class Owner:
    """A process that writes the file."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True)
        self.path = folder / "x.db"
        self.connection = self.connect()
        self.run("PRAGMA journal_mode=wal", "CREATE TABLE t (n)", "INSERT INTO t VALUES (1)")

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, isolation_level=None)

    def run(self, *statements: str) -> None:
        for statement in statements:
            self.connection.execute(statement)

    def close(self) -> None:
        self.connection.close()


def closed(owner: Owner) -> None:
    """The last connection writes the -wal into the file, and removes it."""
    owner.close()


def rollback_journal(owner: Owner) -> None:
    owner.run("PRAGMA journal_mode=delete")
    owner.close()


def writing(owner: Owner) -> None:
    owner.run("PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO t VALUES (2)")


def written(owner: Owner) -> None:
    """The -wal is empty."""
    owner.run("INSERT INTO t VALUES (2)", "PRAGMA wal_checkpoint(TRUNCATE)")


def killed(owner: Owner) -> None:
    """The -wal and the -shm of a process that was killed."""
    leave_log(owner, "-wal", "-shm")


def without_shm(owner: Owner) -> None:
    leave_log(owner, "-wal")


def empty_wal(owner: Owner) -> None:
    owner.close()
    owner.path.with_name("x.db-wal").touch()


def leave_log(owner: Owner, *suffixes: str) -> None:
    owner.run("PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO t VALUES (2)")
    leave(owner, "", *suffixes)


def hot_journal(owner: Owner) -> None:
    """The -journal of a process that was killed while it wrote the file."""
    owner.run("PRAGMA journal_mode=delete", "PRAGMA cache_size=1", "PRAGMA cache_spill=1")
    owner.run("BEGIN", *(f"INSERT INTO t VALUES (zeroblob({n}))" for n in range(9000, 9100)))
    leave(owner, "", "-journal")


def leave(owner: Owner, *suffixes: str) -> None:
    """Leave these files as they are, as if the owner was killed."""
    contents = {suffix: Path(f"{owner.path}{suffix}").read_bytes() for suffix in suffixes}
    owner.close()
    for suffix, content in contents.items():
        Path(f"{owner.path}{suffix}").write_bytes(content)


EXPECTED: dict[Callable[[Owner], None], str] = {
    closed: "[1]",
    rollback_journal: "[1]",
    empty_wal: "[1]",
    writing: "[1, 2]",
    written: "[1, 2]",
    killed: "[1, 2]",
    without_shm: UNFINISHED.format("wal"),
    hot_journal: UNFINISHED.format("journal"),
}


def read_all(command: list[str], folders: Iterable[Path]) -> dict[str, str]:
    """What a process reads in the file of each folder."""
    paths = {folder.name: folder / "x.db" for folder in folders}
    done = subprocess.run(
        [*command, sys.executable, "-c", READ],
        input="".join(f"{path}\n" for path in paths.values()),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {
        name: line.replace(str(path), "PATH")
        for (name, path), line in zip(paths.items(), done.stdout.splitlines(), strict=True)
    }


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[list[Path]]:
    """Folders with a file in each of the states."""
    owners = []
    for prepare in EXPECTED:
        owners.append(Owner(tmp_path / "folders" / prepare.__name__))
        prepare(owners[-1])
    yield [owner.path.parent for owner in owners]
    for owner in owners:
        owner.close()


def test_files_of_another_user(reader: list[str], folders: list[Path]):
    files = {folder: {path.name for path in folder.iterdir()} for folder in folders}
    with ExitStack() as stack:
        for folder in folders:
            stack.enter_context(protected(folder))
        assert read_all(reader, folders) == {
            prepare.__name__: expected for prepare, expected in EXPECTED.items()
        }
    assert files == {folder: {path.name for path in folder.iterdir()} for folder in folders}


@pytest.mark.skipif(not can_mount(), reason="this user cannot mount")
def test_files_on_a_read_only_mount(folders: list[Path]):
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", script, str(folders[0].parent)]
    assert read_all(command, folders) == {
        prepare.__name__: expected for prepare, expected in EXPECTED.items()
    }


def test_a_file_that_cannot_be_written_in_a_folder_that_can(reader: list[str], tmp_path: Path):
    owner = Owner(tmp_path / "x")
    without_shm(owner)
    owner.path.chmod(0o444)
    assert read_all(reader, [owner.path.parent]) == {"x": "[1, 2]"}


class Reader(NamedTuple):
    process: subprocess.Popen
    path: Path

    def read(self, wait: str = "") -> str:
        return self.answer(f"{self.path} {wait}")

    def answer(self, line: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@pytest.fixture
def started(reader: list[str], tmp_path: Path) -> Iterator[tuple[Owner, Reader]]:
    """A file of root, and a process of another user that reads it."""
    if os.geteuid() != 0:
        pytest.skip("the owner is this user, whom the modes bind, too")
    owner = Owner(tmp_path / "x")
    owner.close()
    with protected(owner.path.parent):
        command = [*reader, sys.executable, "-c", READ]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
            yield owner, Reader(process, owner.path)
    owner.close()


def test_a_reader_sees_what_the_owner_writes(started: tuple[Owner, Reader]):
    owner, reader = started
    assert reader.read() == "[1]"
    for round in range(3):
        before = [1, *range(10, 10 + 3 * round)]
        owner.connection = owner.connect()
        first, second, third = (10 + 3 * round + n for n in range(3))
        owner.run(f"INSERT INTO t VALUES ({first})")
        assert reader.read() == str([*before, first])
        owner.run(f"INSERT INTO t VALUES ({second})", "PRAGMA wal_checkpoint(TRUNCATE)")
        assert reader.read() == str([*before, first, second])
        owner.run(f"INSERT INTO t VALUES ({third})")
        owner.close()
        assert reader.read() == str([*before, first, second, third])


def test_a_snapshot_without_locks_notices_a_write(started: tuple[Owner, Reader]):
    """SQLite takes the file for immutable: pages before and after the write would be mixed."""
    owner, reader = started
    assert reader.read("wait") == "begun"
    owner.connection = owner.connect()
    owner.run("INSERT INTO t VALUES (2)")
    owner.close()
    assert reader.answer("go on") == "the database was written while it was read"
    assert reader.read() == "[1, 2]"
