"""The queries that a request sends to SQLite."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from models.database.connection import database
from tests.api.world import anew

TRANSACTION_BOUNDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
# they read no table: data_version tells whether anything was committed
NO_QUERIES = (*TRANSACTION_BOUNDS, "PRAGMA data_version")


def queries_of(call: Callable[[], object]) -> list[str]:
    """The queries that a call sends while no result is cached, except those in NO_QUERIES."""
    with anew():
        return queries_with_cache_of(call)


def queries_with_cache_of(call: Callable[[], object]) -> list[str]:
    """The queries that a call sends while cached results serve it."""
    traced = trace(call)
    # SQLite also traces the statements inside its own statements, as comments
    return [sql for sql in traced if not sql.startswith((*NO_QUERIES, "--"))]


def trace(call: Callable[[], object]) -> list[str]:
    """All SQL that a call sends, with the bounds of transactions."""
    traced: list[str] = []
    connection = database.connection()
    connection.set_trace_callback(traced.append)
    try:
        call()
    finally:
        connection.set_trace_callback(None)
    return traced


def query_count(client: FlaskClient, url: str, **headers: str) -> int:
    """The number of queries that a successful request sends while no result is cached."""

    def get() -> None:
        response = client.get(url, headers=headers)
        assert response.status_code in (200, 304), response.text

    return len(queries_of(get))


def count_steps(client: FlaskClient, url: str, rows: int) -> int:
    """The instructions of SQLite's virtual machine for an uncached page of so many rows."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1

    connection = database.connection()
    connection.set_progress_handler(step, 1)
    try:
        with anew():
            response = client.get(url)
    finally:
        connection.set_progress_handler(None, 1)
    assert response.status_code == 200, response.text
    assert len(response.json["data"]) == rows, url
    return count
