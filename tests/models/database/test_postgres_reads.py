"""Reading from PostgreSQL: prepared statements, round trips, broken connections."""

from __future__ import annotations

from collections.abc import Iterator

import peewee
import psycopg
import pytest

from models.database.connection import database, disconnect, fetch_all
from models.opening import open_dataset
from models.reading import reading
from tests.engines import created

pytestmark = pytest.mark.engines

QUERY = "SELECT key FROM record WHERE id = %s"
PREPARED = "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement = %s"


@pytest.fixture(autouse=True)
def _open() -> Iterator[None]:
    open_dataset(created())
    yield
    disconnect()


def test_a_statement_stays_prepared_from_one_request_to_the_next() -> None:
    for _ in range(6):
        with reading():
            assert fetch_all(QUERY, "x") == []
    with reading():
        assert fetch_all(PREPARED, "SELECT key FROM record WHERE id = $1") == [(1,)]


def test_a_request_that_fails_leaves_no_transaction() -> None:
    with pytest.raises(ValueError, match="wrong"), reading():
        raise ValueError("wrong")
    with pytest.raises(peewee.ProgrammingError), reading():
        fetch_all("SELECT nothing")
    with reading() as dataset:
        assert dataset.version == 0
    database.execute_sql("UPDATE dataset SET version = 1")
    with reading() as dataset:
        assert dataset.version == 1


def test_a_request_that_is_interrupted_leaves_no_transaction() -> None:
    """Its connection still sends rows, and must not serve the next request."""

    def interrupt() -> None:
        database.connection().pgconn.send_query(b"SELECT pg_sleep(0)")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), reading():
        interrupt()
    database.execute_sql("UPDATE dataset SET version = 1")
    with reading() as dataset:
        assert dataset.version == 1


def test_a_connection_that_the_server_ended_between_requests_is_replaced() -> None:
    with reading():
        (backend,) = fetch_all("SELECT pg_backend_pid()")[0]
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    with reading() as dataset:
        assert dataset.version == 0
    assert fetch_all("SELECT pg_backend_pid()") != [(backend,)]


def test_a_search_for_words_is_planned_anew_each_time() -> None:
    search = "SELECT to_tsvector('simple', 'a b') @@ %s::tsquery"
    for _ in range(7):
        with reading():
            assert fetch_all(search, "a") == [(True,)]
    with reading():
        assert fetch_all(PREPARED, search.replace("%s", "$1")) == [(0,)]
