"""The deadline of a request: statements beyond it end, and the connection stays usable."""

from __future__ import annotations

from collections.abc import Iterator

import peewee
import pytest

from models.database import deadline
from models.database.connection import database, fetch_all
from models.database.deadline import (
    DeadlineExceeded,
    begin_deadline,
    check_deadline,
    end_deadline,
    outside_deadline,
    seconds_left,
)
from models.reading import reading
from tests.engines import ENGINE

NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers)"
on_postgres = pytest.mark.skipif(ENGINE != "postgres", reason="tests PostgreSQL itself")


class Clock:
    """A clock that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def no_deadline() -> Iterator[None]:
    yield
    end_deadline()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(deadline, "clock", clock)
    return clock


def test_the_deadline_is_so_many_seconds_after_its_beginning(clock: Clock):
    begin_deadline(10)
    clock.now += 10
    check_deadline()
    clock.now += 0.001
    with pytest.raises(DeadlineExceeded):
        check_deadline()
    end_deadline()
    check_deadline()


def test_work_outside_the_deadline_takes_no_time_of_the_request(clock: Clock):
    begin_deadline(10)
    clock.now += 4
    with outside_deadline():
        clock.now += 1000
        check_deadline()
    assert seconds_left() == 6


@pytest.mark.parametrize(
    "sql",
    [f"{NUMBERS} SELECT COUNT(*) FROM numbers", f"{NUMBERS} SELECT n FROM numbers WHERE n < 0"],
    ids=["before the first row", "without a row"],
)
def test_a_statement_beyond_the_deadline_ends(dataset: None, sql: str):
    for _ in range(2):
        begin_deadline(0.05)
        with pytest.raises(DeadlineExceeded), reading():
            fetch_all(sql)
        end_deadline()
        with reading():
            assert fetch_all("SELECT 1") == [(1,)]


def test_a_statement_ends_between_its_rows(dataset: None):
    """SQLite gives the first row before it computes the others."""
    sql = f"{NUMBERS} SELECT n FROM numbers WHERE n = 1 OR n < 0"
    begin_deadline(0.05)
    with pytest.raises(DeadlineExceeded), reading():
        fetch_all(sql)


def test_no_statement_begins_after_the_deadline(dataset: None, clock: Clock):
    begin_deadline(10)
    with reading():
        clock.now += 11
        with pytest.raises(DeadlineExceeded):
            fetch_all("SELECT 1")
    with pytest.raises(DeadlineExceeded), reading():
        pass


def test_without_a_deadline_statements_have_no_timeout(dataset: None):
    begin_deadline(0.001)
    end_deadline()
    with reading():
        sql = f"{NUMBERS} SELECT n FROM numbers LIMIT 1 OFFSET 300000"
        assert fetch_all(sql) == [(300001,)]


def show(setting: str) -> str:
    return fetch_all(f"SHOW {setting}")[0][0]


@on_postgres
class TestTimeouts:
    def test_they_hold_for_the_transaction_alone(self, dataset: None, clock: Clock):
        begin_deadline(10)
        with reading():
            (session,) = fetch_all("SELECT pg_backend_pid()")
            assert (show("statement_timeout"), show("lock_timeout")) == ("10s", "5s")
        end_deadline()
        with reading():
            assert fetch_all("SELECT pg_backend_pid()") == [session]
            assert (show("statement_timeout"), show("lock_timeout")) == ("0", "0")

    @pytest.mark.parametrize(
        ("passed", "timeout"), [(0.5, "10s"), (1.5, "8500ms"), (9.9996, "1ms")]
    )
    def test_a_later_statement_has_the_time_that_is_left(
        self, dataset: None, clock: Clock, passed: float, timeout: str
    ):
        """It is set again if much of it has passed."""
        begin_deadline(10)
        with reading():
            clock.now += passed
            assert show("statement_timeout") == timeout

    def test_a_lock_is_no_slow_query(self, dataset: None, monkeypatch: pytest.MonkeyPatch):
        from models.database import postgres_timeouts
        from models.database.postgres import Postgres

        monkeypatch.setattr(postgres_timeouts, "LOCK_TIMEOUT", 20)
        locking = Postgres(database.url)
        with locking.atomic():
            locking.execute_sql("LOCK TABLE dataset")
            begin_deadline(10)
            with pytest.raises(peewee.OperationalError, match="lock timeout"), reading():
                pass
            end_deadline()
        locking.close()
        locking.close_idle()
        with reading():
            pass

    def test_a_url_overrides_how_a_lost_server_is_noticed(self):
        from models.database.postgres import Postgres

        given = Postgres("postgresql://localhost/x?connect_timeout=30").connect_params
        assert "connect_timeout" not in given
        assert given["tcp_user_timeout"] == 15_000
