"""A connection to an SQLite file that knows when the file, its -wal or its -shm is another one."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from threading import Lock, RLock
from typing import Any, ClassVar, NamedTuple
from weakref import WeakSet

from peewee import OperationalError

from models.database.deadline import is_past_deadline

# device and inode: tell a file from another one at the same path
FileIdentity = tuple[int, int]
# in place of a file that is not there
GONE = (0, 0)
# seconds to wait for a request that reads by a former -wal or -shm
PATIENCE_FOR_REQUESTS = 0.1
# steps of SQLite between two looks at the clock: some milliseconds, and more than a page takes
STEPS_PER_LOOK = 100_000
# the bytes of the main file that hold SQLite's lock of readers
SHARED_LOCK = (0x40000002, 510)


class DatabaseFiles(NamedTuple):
    """The files at the paths of a database."""

    main: FileIdentity
    # size, and time of the last write in ns
    written: tuple[int, int]
    wal: FileIdentity
    # the -shm
    wal_index: FileIdentity

    @property
    def log(self) -> tuple[FileIdentity, FileIdentity]:
        """The -wal and the -shm."""
        return self.wal, self.wal_index

    def conflict_with(self, present: DatabaseFiles) -> bool:
        """Whether a process must not use both: one file with two logs, or two with one log.

        Connections with different logs do not see each other's locks. Two files with one -shm drop
        each other's locks.
        """
        if self.main == present.main:
            return self.log != present.log
        pairs = zip(self.log, present.log, strict=True)
        return any(former == now != GONE for former, now in pairs)


def database_files(path: str, wal: str, wal_index: str) -> DatabaseFiles:
    """The files at these paths; GONE stands for a file that is not there."""
    log = identity(wal), identity(wal_index)
    try:
        status = os.stat(path)
    except OSError:
        return DatabaseFiles(GONE, (0, 0), *log)
    main = status.st_dev, status.st_ino
    return DatabaseFiles(main, (status.st_size, status.st_mtime_ns), *log)


def database_paths(path: str) -> tuple[str, str, str]:
    """The paths of a database, its -wal and its -shm; SQLite follows links to the database."""
    real_path = os.path.realpath(path)
    return path, f"{real_path}-wal", f"{real_path}-shm"


def identity(path: str) -> FileIdentity:
    """Device and inode of a file; GONE where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return GONE
    return status.st_dev, status.st_ino


class Connection(sqlite3.Connection):
    """A connection that knows which files it opened.

    All connections of a process to one file share the -shm that the first of them opened. If
    another -shm is at the path, all must close before one can use it.
    """

    # held by who opens and closes connections of this process
    opening: ClassVar[RLock] = RLock()
    # all open connections of this process
    living: ClassVar[WeakSet[Connection]] = WeakSet()

    # a database in memory has neither
    paths = ("", "", "")
    files: DatabaseFiles | None = None
    closed = True
    # whether the file cannot be written, and whether SQLite uses neither locks nor a log for it
    read_only = immutable = False
    # of the last `peek`: the statement, the moment, the row
    peeked: tuple[str, tuple[int, int], tuple] | None = None

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.set_progress_handler(is_past_deadline, STEPS_PER_LOOK)
        self.closed = False
        # whether its thread reads nothing, so that another thread may close it
        self.parked = False
        self.in_use = Lock()
        self.in_use.acquire()

    def opened(self, path: str) -> None:
        """Switch an existing database to WAL, and note the files that the connection has opened.

        An empty file stays empty: somebody may be copying a database into it.
        """
        self.paths = database_paths(path)
        self.open_log()
        if self.page_count() and self.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            self.execute("PRAGMA journal_mode=wal")
            self.open_log()
        self.living.add(self)

    def opened_read_only(self, path: str, *, immutable: bool) -> None:
        """Note the files that the connection has opened, and that it cannot write them."""
        self.read_only, self.immutable = True, immutable
        self.paths = database_paths(path)
        self.open_log()
        self.living.add(self)

    def page_count(self) -> int:
        count: int = self.execute("PRAGMA page_count").fetchone()[0]
        return count

    def open_log(self) -> None:
        """Open the -wal and the -shm, as the first read does, and note them."""
        if self.paths[0]:
            self.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
            present = self.present_files()
            self.files = present._replace(main=self.files.main) if self.files else present

    def note_write(self) -> None:
        """Take the last write of the file for the connection's own."""
        if self.files:
            self.files = self.files._replace(written=self.present_files().written)

    def is_current(self) -> bool:
        """Whether the paths still have the files that it opened, without writes of another."""
        return self.files is None or self.files == database_files(*self.paths)

    def present_files(self) -> DatabaseFiles:
        return database_files(*self.paths)

    def require_same_files(self) -> None:
        """Raise OperationalError if another file is at one of the paths."""
        if not self.has_same_files():
            raise OperationalError("the database's file, -wal or -shm was replaced meanwhile")

    def has_same_files(self) -> bool:
        """Whether no other file is at one of the paths; a log may have come to be."""
        if not self.files:
            return True
        present = self.present_files()
        pairs = zip(self.files.log, present.log, strict=True)
        return present.main == self.files.main and all(was in (GONE, now) for was, now in pairs)

    def require_same_log(self) -> None:
        """Raise OperationalError if another -wal or -shm is at its path.

        So it does if anything was written that an immutable connection takes for impossible.
        """
        if self.immutable and not self.is_current():
            raise OperationalError("the database was written while it was read")
        _, wal, wal_index = self.paths
        if self.files and self.files.log != (identity(wal), identity(wal_index)):
            raise OperationalError("the database's -wal or -shm was replaced meanwhile")

    def has_former_log(self) -> bool:
        """Whether the file is still there, but with another -wal or -shm."""
        if not self.files:
            return False
        present = self.present_files()
        return present.main == self.files.main and present.log != self.files.log

    def park(self) -> None:
        """Let other threads close the connection until `claim`."""
        if not self.parked:
            self.parked = True
            self.in_use.release()

    def claim(self) -> bool:
        """Keep other threads from closing the connection; False if one has closed it."""
        if self.parked:
            self.in_use.acquire()
            self.parked = False
        return not self.closed

    def close(self) -> None:
        with self.opening:
            if self.closed:
                return
            last = not any(
                other is not self and other.files and self.files
                and other.files.main == self.files.main
                for other in self.living
            )  # fmt: skip
            with (
                without_checkpoint(self.paths[0])
                if last and self.has_former_log()
                else nullcontext()
            ):
                super().close()
            self.closed = True
            self.living.discard(self)

    def __del__(self) -> None:
        self.close()

    @classmethod
    def close_former(cls, present: DatabaseFiles) -> None:
        """Close this process's connections that would share a log with the files at the paths.

        Raises OperationalError if one of them is in use, or if the log is of a former file.
        """
        for connection in [*cls.living]:
            if not connection.files or not connection.files.conflict_with(present):
                continue
            if connection.immutable:
                # it uses no log, and its own thread notices the change
                continue
            if connection.files.main != present.main and connection.has_changes_in_log():
                raise OperationalError(
                    "the database's file was replaced, and the -wal beside it has changes of the "
                    "former one: remove the -wal and the -shm"
                )
            if not connection.in_use.acquire(timeout=PATIENCE_FOR_REQUESTS):
                raise OperationalError(
                    "the database's -wal or -shm was replaced, and a request still uses the former"
                )
            try:
                connection.close()
            finally:
                connection.in_use.release()

    def has_changes_in_log(self) -> bool:
        """Whether the -wal at the path has changes that may not be in the main file."""
        with suppress(OSError):
            return os.stat(self.paths[1]).st_size > 0
        return False

    @classmethod
    def forget_after_fork(cls) -> None:
        """In a forked process, leave the connections of the parent alone."""
        cls.opening, cls.living = RLock(), WeakSet()


def is_interruption(error: Exception) -> bool:
    """Whether the progress handler ended the statement."""
    # peewee wraps the errors of sqlite3, except those of later rows
    original = getattr(error, "orig", error)
    return getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT


@contextmanager
def without_checkpoint(path: str) -> Iterator[None]:
    """Keep SQLite from writing and deleting the log when the last connection is closed.

    The connection would write what its former log has into the present file. It does so only if no
    other reader holds a lock, so this holds one: of an open file, which keeps off the own process,
    too. Closing the file drops all locks of the process, which has no other connection.
    """
    with ExitStack() as stack:
        # the file may be gone, and Linux alone has these locks
        with suppress(OSError, AttributeError):
            file = os.open(path, os.O_RDONLY)
            stack.callback(os.close, file)
            lock = struct.pack("hhqqi", fcntl.F_RDLCK, os.SEEK_SET, *SHARED_LOCK, 0)
            fcntl.fcntl(file, fcntl.F_OFD_SETLK, lock)
        yield
