"""Which folder lacks room when SQLite cannot write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import OperationalError

# where SQLite looks for a folder for its temporary files, after these variables
TEMPORARY_VARIABLES = ("SQLITE_TMPDIR", "TMPDIR")
TEMPORARY_FOLDERS = ("/var/tmp", "/usr/tmp", "/tmp", ".")  # noqa: S108
# parts of SQLite's errors when a file cannot grow, or cannot be created
NO_ROOM = ("disk is full", "disk I/O error", "unable to open database file")


def temporary_folder() -> str:
    """The folder in which SQLite creates temporary files."""
    named = [os.environ[name] for name in TEMPORARY_VARIABLES if os.environ.get(name)]
    for folder in (*named, *TEMPORARY_FOLDERS):
        if os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK):
            return folder
    return TEMPORARY_FOLDERS[-1]


def shows_no_room(error: Exception) -> bool:
    return any(part in str(error) for part in NO_ROOM)


@contextmanager
def naming_temporary_folder() -> Iterator[None]:
    """Raise an error that names the folder of temporary files, if they have no room."""
    try:
        yield
    except OperationalError as error:
        if not shows_no_room(error):
            raise
        raise OperationalError(
            f"{error}: no room for temporary files in {with_free_space(temporary_folder())}: make"
            " room there, or name another folder in TMPDIR"
        ) from error


@contextmanager
def naming_folders(database: str) -> Iterator[None]:
    """Raise an error that tells how much room the database and temporary files have, if none."""
    try:
        yield
    except OperationalError as error:
        if not shows_no_room(error) or database == ":memory:":
            raise
        folder = with_free_space(str(Path(database).absolute().parent))
        raise OperationalError(
            f"{error}: no room for the database in {folder}, or for temporary files in"
            f" {with_free_space(temporary_folder())}: make room there"
        ) from error


def with_free_space(folder: str) -> str:
    """A folder, and how much room it has."""
    try:
        space = os.statvfs(folder)
    except OSError as error:
        return f"{folder} ({error.strerror})"
    return f"{folder} ({space.f_bavail * space.f_frsize / 1e6:,.1f} MB free)"
