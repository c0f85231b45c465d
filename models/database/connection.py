"""The database connection, and plain SQL over it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import Any, TypeVar

from peewee import DatabaseProxy

from models.database.errors import UnsupportedDatabase
from models.database.sqlite import Sqlite
from models.database.sqlite_connection import Connection

Item = TypeVar("Item")

POSTGRES_SCHEMES = ("postgresql", "postgres")
PLAIN_URL = re.compile(r"(sqlite[^@?]*|[\w./ -]*)")
# an Engine (models/database/engine.py), once `connect` was called
database = DatabaseProxy()
# engines of the parent process, whose connections a forked process must neither use nor close
INHERITED: list[Any] = []
# the process that the connections belong to
_process = os.getpid()
_forgetting = Lock()


def connect(url: str) -> None:
    """Point the models at a database: `sqlite:///file.db` or `postgresql://user@host/name`.

    libpq alone reads the URL of a PostgreSQL database, which may have several hosts.

    An open connection to the same URL stays open. Raises UnsupportedDatabase.
    """
    if getattr(database.obj, "url", None) == url:
        return
    disconnect()
    scheme, _, path = url.partition("://")
    if scheme == "sqlite" and path[:1] == "/" and path[1:]:
        database.initialize(Sqlite(path[1:]))
    elif scheme in POSTGRES_SCHEMES and path:
        try:
            from models.database.postgres import Postgres
        except ImportError:
            raise UnsupportedDatabase(
                "PostgreSQL needs its driver: pip install 'claimbase[postgres]'"
            ) from None
        database.initialize(Postgres(url))
    else:
        # another URL may hold a password
        shown = f" {url!r}" if PLAIN_URL.fullmatch(url) else ""
        raise UnsupportedDatabase(
            f"invalid database URL{shown}: write sqlite:///file.db (relative), "
            "sqlite:////path/file.db (absolute) or postgresql://user@host/name"
        )


def disconnect() -> None:
    """Close this thread's connection, and the idle connections."""
    if database.obj is not None:
        database.close()
        database.close_idle()


def disconnect_before_fork() -> None:
    """Leave no connection for the forked process: two processes would read each other's answers."""
    Connection.opening.acquire()
    if database.obj is not None and database.reopens:
        disconnect()


def forget_after_fork() -> None:
    """In a forked process, connect anew: other threads of the parent may hold connections."""
    global _process
    Connection.forget_after_fork()
    if database.obj is not None and database.reopens:
        INHERITED.append(database.obj)
        database.initialize(database.unconnected())
    _process = os.getpid()


def ensure_own_connections() -> None:
    """Connect anew if the process was forked without Python's knowledge, as uWSGI does."""
    if _process != os.getpid():
        with _forgetting:
            if _process != os.getpid():
                forget_after_fork()


def go_on_after_fork() -> None:
    Connection.opening.release()


os.register_at_fork(
    before=disconnect_before_fork,
    after_in_parent=go_on_after_fork,
    after_in_child=forget_after_fork,
)


def without_password(url: str) -> str:
    """The part of a valid database URL that messages may show."""
    if url.partition("://")[0] not in POSTGRES_SCHEMES:
        return url
    from models.database.postgres_connection import address_of, parse_url

    return address_of(parse_url(url))


def fetch_all(sql: str, *params: Any) -> list[tuple]:
    """All rows that a statement selects."""
    return database.execute_sql(sql, params).fetchall()


def batches(items: Iterable[Item], size: int = 500) -> Iterator[list[Item]]:
    """Keys, or other items, in lists of at most `size`."""
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
