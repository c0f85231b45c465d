"""Readers see the SQLite file that is at the path now, whatever happened to it."""

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
    return made(tmp_path / "x.db", 0)


@pytest.fixture
def file(path: Path) -> Iterator[Sqlite]:
    file = Sqlite(str(path))
    yield file
    file.close()


def made(path: Path, value: int) -> Path:
    """A file with a table of one number."""
    with sqlite3.connect(path) as new:
        new.execute("PRAGMA journal_mode=wal")
        new.execute("CREATE TABLE t (n)")
        new.execute("INSERT INTO t VALUES (?)", [value])
    new.close()
    return path


def write(path: Path, value: int) -> None:
    with sqlite3.connect(path) as other:
        other.execute("UPDATE t SET n = ?", [value])
    other.close()


STEPS = (
    "write",
    "roll back",
    "checkpoint",
    "close here",
    "close there",
    "replace",
    "remake",
    "log",
)


@given(steps=st.lists(st.sampled_from(STEPS), max_size=25))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_happens_to_the_file_all_threads_see_it(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
):
    path = made(tmp_path_factory.mktemp("peek") / "x.db", 0)
    file = Sqlite(str(path))
    here, there = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
    value = 0
    try:
        for step in steps:
            if step == "write":
                write(path, value := value + 1)
            elif step == "roll back":
                with sqlite3.connect(path, isolation_level=None) as other:
                    other.execute("BEGIN IMMEDIATE")
                    other.execute("UPDATE t SET n = -1")
                    other.execute("ROLLBACK")
                other.close()
            elif step == "checkpoint":
                with sqlite3.connect(path) as other:
                    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                other.close()
            elif step == "close here":
                here.submit(file.close).result()
            elif step == "close there":
                there.submit(file.close).result()
            elif step == "replace":
                os.replace(made(path.with_name("y.db"), value := value + 1), path)
                for beside in ("-wal", "-shm"):
                    path.with_name(f"x.db{beside}").unlink(missing_ok=True)
            elif step == "remake":
                # an empty file's first load: the log goes, and comes back
                there.submit(file.close).result()
                here.submit(remake, file, value := value + 1).result()
            elif step == "end":
                there.submit(file.close).result()
                here.submit(file.close).result()
                assert not path.with_name("x.db-wal").exists()
            for thread in (here, there, here):
                assert thread.submit(file.peek, VALUE).result() == (value,)
    finally:
        for thread in (here, there):
            thread.submit(file.close).result()
            thread.shutdown()


def remake(file: Sqlite, value: int) -> None:
    with file.loading(empty=True):
        assert file.execute_sql("PRAGMA journal_mode").fetchone() == ("delete",)
        file.execute_sql("UPDATE t SET n = ?", [value])


def test_a_file_with_the_wal_index_of_another_is_refused(file: Sqlite, path: Path):
    """Which no thread opens while one has the former open; without it, all see the new one."""
    with ThreadPoolExecutor(1) as here, ThreadPoolExecutor(1) as there:

        def look(thread: ThreadPoolExecutor) -> tuple:
            return thread.submit(file.peek, VALUE).result()

        assert look(here) == look(there) == (0,)
        former = path.rename(path.with_name("former.db"))
        made(path.with_name("y.db"), 1).rename(path)
        for thread in (here, there, here):
            with pytest.raises(OperationalError, match="was replaced"):
                look(thread)
        # it is put back
        path.rename(path.with_name("y.db"))
        former.rename(path)
        assert look(here) == look(there) == (0,)
        path.with_name("y.db").rename(path)
        for beside in ("-wal", "-shm"):
            path.with_name(f"x.db{beside}").unlink()
        assert look(here) == look(there) == look(here) == (1,)
        write(path, 2)
        assert look(there) == look(here) == (2,)
        for thread in (here, there):
            thread.submit(file.close).result()


def test_a_file_that_is_replaced_while_it_is_opened(
    file: Sqlite, path: Path, monkeypatch: pytest.MonkeyPatch
):
    connect = SqliteDatabase._connect
    other = made(path.with_name("y.db"), 1)

    def replaced(self: Sqlite) -> sqlite3.Connection:
        connection = connect(self)
        if other.exists():
            other.rename(path)
        return connection

    monkeypatch.setattr(SqliteDatabase, "_connect", replaced)
    with pytest.raises(OperationalError, match="was replaced"):
        file.peek(VALUE)
    assert file.peek(VALUE) == (1,)


def test_who_has_the_wal_index_that_was_removed_reads_on(file: Sqlite, path: Path):
    with ThreadPoolExecutor(1) as other:
        assert file.peek(VALUE) == (0,)
        for beside in ("-wal", "-shm"):
            path.with_name(f"x.db{beside}").unlink()
        assert other.submit(file.peek, VALUE).result() == (0,)
        assert file.peek(VALUE) == (0,)
        other.submit(file.close).result()
