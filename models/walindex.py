"""Connections to a SQLite file that tell, without a statement, whether anything was committed."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar
from weakref import WeakSet

# bytes of the header, and what it begins with
HEADER = 48
FORMAT = (3_007_000).to_bytes(4, sys.byteorder)

File = tuple[int, int]


class Connection(sqlite3.Connection):
    """A connection that reads the header of its file's WAL-index (sqlite.org/walformat.html).

    The header changes with each commit, at the very moment from which readers find what was
    written, and does not come back in one WAL-index; but all begin with the same one. To read it is
    one call to the system. A statement lets go of the interpreter several times, and other threads
    take it.
    """

    # those of this process, and the descriptors of WAL-indexes, each with the database's file
    living: ClassVar[WeakSet[Connection]] = WeakSet()
    indexes: ClassVar[dict[File, tuple[int, File]]] = {}
    lock: ClassVar[Lock] = Lock()

    # the database's file, once it is open, and the WAL-index beside it; where its commits show;
    # when, by which statement, and what was found
    file: File | None = None
    beside: File | None = None
    index: int | None = None
    glanced: tuple[bytes | None, str, Any] = (None, "", None)

    def __init__(self, *args: Any, **options: Any):
        with self.lock:
            self.living.add(self)
        super().__init__(*args, **options)

    def close(self) -> None:
        super().close()
        self.beside = None

    def opens(self, path: str, file: File | None) -> None:
        """Say which file was opened, and find its WAL-index: the first to read makes it."""
        self.file = file
        self.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        with suppress(OSError):
            self.beside = identity(beside(path))

    @classmethod
    def clashes(cls, path: str, file: File) -> bool:
        """Whether a file has the WAL-index of another one beside it, which is open here.

        With both open, the one that is closed first takes the locks of the other with it; then
        other processes make a new WAL-index under its feet.
        """
        try:
            found = identity(beside(path))
        except OSError:
            return False
        with cls.lock:
            return any(one.beside == found and one.file != file for one in cls.living)

    def header(self, path: str) -> bytes | None:
        """What each commit changes; None where the file has no WAL-index, or an unknown one."""
        if self.index is None:
            self.index = self.opened(path)
            if self.index is None:
                return None
        header = os.pread(self.index, HEADER, 0)
        return header if header.startswith(FORMAT) else None

    def forget(self) -> None:
        """Look for the WAL-index again, and forget what was found: there is another one."""
        self.index = None
        self.glanced = (None, "", None)

    def opened(self, path: str) -> int | None:
        """The descriptor of the WAL-index.

        To close one drops all locks that this process has on the file (fcntl(2)), SQLite's as well.
        So connections share it, and it stays open until none is left to the database, or until the
        database has another WAL-index.
        """
        if self.file is None or not hasattr(os, "pread"):
            return None
        index = beside(path)
        with self.lock:
            try:
                known = self.indexes.get(identity(index))
                descriptor = known[0] if known else os.open(index, os.O_RDONLY)
                file = identity(path)
            except OSError:
                return None
            if not known:
                self.close_unused(file)
                self.indexes[identity(descriptor)] = descriptor, file
            return descriptor

    def close_unused(self, file: File) -> None:
        """Close what databases without a connection had, and what this one had before."""
        files = {one.file for one in self.living}
        used = {one.index for one in self.living}
        for index, (descriptor, of) in [*self.indexes.items()]:
            if descriptor not in used and (of == file or not files & {of, None}):
                os.close(descriptor)
                del self.indexes[index]


def beside(path: str) -> str:
    """Where a database's WAL-index is."""
    return f"{os.path.realpath(path)}-shm"


def identity(file: str | int | Path) -> File:
    """What tells a file from others, which may have its path."""
    found = os.stat(file)
    return found.st_dev, found.st_ino
