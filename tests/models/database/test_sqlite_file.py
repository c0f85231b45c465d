"""Readers see the SQLite file that is at the path now."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import OperationalError, SqliteDatabase

from models.database.sqlite import Sqlite

VALUE = "SELECT n FROM t"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return create_file(tmp_path / "x.db", 0)


@pytest.fixture
def file(path: Path) -> Iterator[Sqlite]:
    file = Sqlite(str(path))
    yield file
    file.close()


def create_file(path: Path, value: int) -> Path:
    """Create a file with a table of one number."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=wal")
        connection.execute("CREATE TABLE t (n)")
        connection.execute("INSERT INTO t VALUES (?)", [value])
    connection.close()
    return path


def write(path: Path, value: int) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE t SET n = ?", [value])
    connection.close()


STEPS = (
    "write",
    "roll back",
    "checkpoint",
    "close first",
    "close second",
    "replace",
    "first load",
    "close both",
)


@given(steps=st.lists(st.sampled_from(STEPS), max_size=25))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_all_threads_see_the_current_file(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
):
    path = create_file(tmp_path_factory.mktemp("peek") / "x.db", 0)
    file = Sqlite(str(path))
    first, second = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
    value = 0
    try:
        for step in steps:
            if step == "write":
                write(path, value := value + 1)
            elif step == "roll back":
                with sqlite3.connect(path, isolation_level=None) as connection:
                    connection.execute("BEGIN IMMEDIATE")
                    connection.execute("UPDATE t SET n = -1")
                    connection.execute("ROLLBACK")
                connection.close()
            elif step == "checkpoint":
                with sqlite3.connect(path) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.close()
            elif step == "close first":
                first.submit(file.close).result()
            elif step == "close second":
                second.submit(file.close).result()
            elif step == "replace":
                os.replace(create_file(path.with_name("y.db"), value := value + 1), path)
                for suffix in ("-wal", "-shm"):
                    path.with_name(f"x.db{suffix}").unlink(missing_ok=True)
            elif step == "first load":
                # an empty file's first load removes the write-ahead log and creates it again
                second.submit(file.close).result()
                first.submit(load_first, file, value := value + 1).result()
            elif step == "close both":
                second.submit(file.close).result()
                first.submit(file.close).result()
                assert not path.with_name("x.db-wal").exists()
            for thread in (first, second, first):
                assert thread.submit(file.peek, VALUE).result() == (value,)
    finally:
        for thread in (first, second):
            thread.submit(file.close).result()
            thread.shutdown()


def load_first(file: Sqlite, value: int) -> None:
    with file.loading(empty=True):
        assert file.execute_sql("PRAGMA journal_mode").fetchone() == ("delete",)
        file.execute_sql("UPDATE t SET n = ?", [value])


def test_a_file_with_the_wal_index_of_another_file_is_refused(file: Sqlite, path: Path):
    """All threads see the new file when the WAL-index of the former file was removed."""
    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:

        def read(thread: ThreadPoolExecutor) -> tuple:
            return thread.submit(file.peek, VALUE).result()

        assert read(first) == read(second) == (0,)
        former = path.rename(path.with_name("former.db"))
        create_file(path.with_name("y.db"), 1).rename(path)
        for thread in (first, second, first):
            with pytest.raises(OperationalError, match="was replaced"):
                read(thread)
        # the former file returns
        path.rename(path.with_name("y.db"))
        former.rename(path)
        assert read(first) == read(second) == (0,)
        path.with_name("y.db").rename(path)
        for suffix in ("-wal", "-shm"):
            path.with_name(f"x.db{suffix}").unlink()
        assert read(first) == read(second) == read(first) == (1,)
        write(path, 2)
        assert read(second) == read(first) == (2,)
        for thread in (first, second):
            thread.submit(file.close).result()


def test_a_file_that_is_replaced_during_a_connect_is_refused_once(
    file: Sqlite, path: Path, monkeypatch: pytest.MonkeyPatch
):
    connect = SqliteDatabase._connect
    new_file = create_file(path.with_name("y.db"), 1)

    def connect_and_replace(self: Sqlite) -> sqlite3.Connection:
        connection = connect(self)
        if new_file.exists():
            new_file.rename(path)
        return connection

    monkeypatch.setattr(SqliteDatabase, "_connect", connect_and_replace)
    with pytest.raises(OperationalError, match="was replaced"):
        file.peek(VALUE)
    assert file.peek(VALUE) == (1,)


def test_threads_that_have_the_file_open_read_on_without_its_wal_index(file: Sqlite, path: Path):
    with ThreadPoolExecutor(1) as thread:
        assert file.peek(VALUE) == (0,)
        for suffix in ("-wal", "-shm"):
            path.with_name(f"x.db{suffix}").unlink()
        assert thread.submit(file.peek, VALUE).result() == (0,)
        assert file.peek(VALUE) == (0,)
        thread.submit(file.close).result()
