"""Writing to SQLite: one writer at a time, and a log that does not stay large."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import Any

from peewee import OperationalError
from peewee import __exception_wrapper__ as own_errors  # type: ignore[attr-defined]

from models.database.disk_space import naming_folders
from models.database.patience import DEFAULT_PATIENCE, Patience
from models.database.sqlite_connection import Connection
from models.database.sqlite_read_only import ReadOnlyDatabase

# seconds to wait for a lock
PATIENCE = 30
# bytes of the log that may stay on disk after they are written into the file
MAX_LOG_BYTES = 16 << 20
# milliseconds that a writer waits for readers, in order to empty the log, and a larger log
CHECKPOINT_PATIENCE, LARGE_CHECKPOINT_PATIENCE = 100, 10_000


class SqliteWriting:
    """The methods of an engine for write transactions."""

    database: Any
    connection: Any
    close: Any
    pragma: Any

    def wait(self, patience: Patience = DEFAULT_PATIENCE) -> None:
        # SQLite itself does not wait for the lock that switching to WAL takes
        until = monotonic() + patience.seconds
        self.timeout = 0.0
        told = False
        try:
            while True:
                try:
                    self.connection().execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
                    return
                except (OperationalError, sqlite3.OperationalError) as error:
                    if not is_locked(error):
                        raise
                    if monotonic() > until:
                        raise patience.run_out() from None
                if not told:
                    told = True
                    patience.tell()
                sleep(0.05)
        finally:
            self.timeout = PATIENCE

    @contextmanager
    def writing(self, patience: Patience = DEFAULT_PATIENCE) -> Iterator[None]:
        connection = self.connection()
        if connection.read_only:
            raise ReadOnlyDatabase(self.database)
        with naming_folders(self.database), own_errors:
            if not connection.page_count():
                connection.execute("PRAGMA journal_mode=wal")
                connection.open_log()
            self.begin_writing(connection, patience)
            try:
                connection.require_same_files()
                yield
                connection.require_same_files()
                connection.commit()
            except BaseException:
                # a full disk, for example, has already ended it
                if connection.in_transaction:
                    connection.rollback()
                if not connection.has_same_files():
                    self.close()
                raise
        self.checkpoint(connection)

    def begin_writing(self, connection: Connection, patience: Patience) -> None:
        """Take the lock of writers."""
        self.pragma("busy_timeout", 0)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not is_locked(error):
                raise
            patience.tell()
            self.pragma("busy_timeout", round(patience.seconds * 1000))
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as later_error:
                if is_locked(later_error):
                    raise patience.run_out() from None
                raise
        finally:
            self.pragma("busy_timeout", PATIENCE * 1000)

    def checkpoint(self, connection: Connection) -> None:
        """Write the log into the file, and empty it, if no long read is under way.

        A copy of the file alone then has the change, and the log is not read into another file that
        takes the place of this one.
        """
        if connection.has_same_files():
            is_large = log_size(connection) > MAX_LOG_BYTES
            patience = LARGE_CHECKPOINT_PATIENCE if is_large else CHECKPOINT_PATIENCE
            self.pragma("busy_timeout", patience)
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.pragma("busy_timeout", PATIENCE * 1000)
            connection.note_write()


def log_size(connection: Connection) -> int:
    """The bytes of the -wal at the path."""
    with suppress(OSError):
        return os.stat(connection.paths[1]).st_size
    return 0


def is_locked(error: Exception) -> bool:
    """Whether another connection has a lock."""
    return "locked" in str(error)
