"""Connections to a SQLite file that tell, without a statement, whether anything was committed."""

from __future__ import annotations

import os
import sqlite3
import sys
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

    # the database's file, once it is open; where its commits show; when, by which statement, and
    # what was found
    file: File | None = None
    index: int | None = None
    glanced: tuple[bytes | None, str, Any] = (None, "", None)

    def __init__(self, *args: Any, **options: Any):
        with self.lock:
            self.living.add(self)
        super().__init__(*args, **options)

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
        beside = f"{os.path.realpath(path)}-shm"
        with self.lock:
            try:
                known = self.indexes.get(identity(beside))
                descriptor = known[0] if known else os.open(beside, os.O_RDONLY)
                file = identity(path)
            except OSError:
                return None
            if not known:
                self.close_unused(file)
                self.indexes[identity(descriptor)] = descriptor, file
            return descriptor

    def close_unused(self, file: File) -> None:
        """Close what databases without a connection had, and what this one had before."""
        used = {one.file for one in self.living}
        for index, (descriptor, of) in [*self.indexes.items()]:
            if of == file or not used & {of, None}:
                os.close(descriptor)
                del self.indexes[index]


def identity(file: str | int | Path) -> File:
    """What tells a file from others, which may have its path."""
    found = os.stat(file)
    return found.st_dev, found.st_ino
