"""Copies of whole SQLite databases, by SQLite's online backup."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

# pages between two reports of progress, about 40 MB
STEP_PAGES = 10_000


class DatabaseBusy(Exception):
    """Another process writes the database."""

    def __init__(self) -> None:
        super().__init__("another process writes the database: wait until it has ended")


def copy_database(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    progress: Callable[[int, int], Any] = lambda done, total: None,
) -> None:
    """Copy all of a database over another one, in one transaction of that one.

    `progress` is told of the pages that are done, and of all. Raises DatabaseBusy. A source inside
    a transaction is copied as its snapshot shows it.
    """

    def step_done(status: int, remaining: int, total: int) -> None:
        # sqlite3 would try again for ever
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise DatabaseBusy
        progress(total - remaining, total)

    source.backup(target, pages=STEP_PAGES, progress=step_done)
