"""SQLite files that this process cannot write: on a read-only mount, or of another user."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peewee import OperationalError

from models.database.sqlite_connection import Connection, database_paths

# gives a new connection the settings of all
Prepare = Callable[[Connection], Any]


class ReadOnlyDatabase(OperationalError):
    """This process cannot write the database."""

    def __init__(self, path: str):
        super().__init__(
            f"{path} cannot be written: the file, its folder or its disk is read-only for this user"
        )


def is_read_only(path: str) -> bool:
    """Whether this process cannot write a database, or cannot create the files beside it."""
    main, *log = database_paths(path)
    if not os.access(main, os.W_OK):
        return True
    folder = os.path.dirname(os.path.realpath(main))
    return not (os.access(folder, os.W_OK) or all(os.access(file, os.W_OK) for file in log))


def open_read_only(path: str, timeout: float, prepare: Prepare) -> Connection:
    """Connect to a file that cannot be written. Raises OperationalError.

    SQLite reads a file in WAL mode only with a -wal and a -shm, and may be unable to create them.
    It reads the file alone if it takes it for immutable; it then ignores a -wal or -journal that
    has changes, and so must not do that if there are any. The connection checks after each
    snapshot that nobody has written the file.
    """
    try:
        return connect_read_only(path, timeout, prepare, immutable=False)
    except sqlite3.OperationalError as error:
        # any other failure, such as a lock, may pass
        if not error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            raise
    refuse_unfinished_changes(path)
    connection = connect_read_only(path, timeout, prepare, immutable=True)
    try:
        # somebody may have begun to write meanwhile
        refuse_unfinished_changes(path)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_read_only(
    path: str, timeout: float, prepare: Prepare, *, immutable: bool
) -> Connection:
    connection = sqlite3.connect(
        f"{Path(path).absolute().as_uri()}?mode=ro{'&immutable=1' * immutable}",
        uri=True,
        timeout=timeout,
        isolation_level=None,
        factory=Connection,
        check_same_thread=False,
    )
    try:
        prepare(connection)
        connection.opened_read_only(path, immutable=immutable)
    except BaseException:
        connection.close()
        raise
    return connection


def refuse_unfinished_changes(path: str) -> None:
    """Raise OperationalError if a file beside the database has changes that it lacks."""
    for file in (f"{os.path.realpath(path)}-journal", database_paths(path)[1]):
        if os.path.exists(file) and os.path.getsize(file):
            raise OperationalError(
                f"{path} cannot be written here, and {file} has changes that would be missing:"
                " run claimbase migrate where both can be written, or let nobody write"
            )
