"""Readers see the SQLite file that is at the path now."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
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


def write_elsewhere(path: Path, value: int) -> None:
    """Write in another process, which leaves the change in the -wal if others have it open."""
    subprocess.run([sys.executable, "-c", WRITE, path, str(value)], check=True)


WRITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA wal_autocheckpoint = 0")
connection.execute("UPDATE t SET n = ?", [int(sys.argv[2])])
connection.commit()
"""


@pytest.fixture
def threads() -> Iterator[tuple[ThreadPoolExecutor, ThreadPoolExecutor]]:
    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        yield first, second


Threads = tuple[ThreadPoolExecutor, ThreadPoolExecutor]


def peek(thread: ThreadPoolExecutor, file: Sqlite) -> tuple:
    return thread.submit(file.peek, VALUE).result()


def close_all(threads: Threads, file: Sqlite) -> None:
    for thread in threads:
        thread.submit(file.close).result()


def test_a_file_beside_the_changes_of_another_file_is_refused(
    file: Sqlite, path: Path, threads: Threads
):
    """All threads see the new file when the log of the former file was removed."""
    first, second = threads
    assert peek(first, file) == peek(second, file) == (0,)
    write_elsewhere(path, 1)
    former = path.rename(path.with_name("former.db"))
    create_file(path.with_name("y.db"), 2).rename(path)
    for thread in (first, second, first):
        with pytest.raises(OperationalError, match="has changes of the former one"):
            peek(thread, file)
    # the former file returns
    path.rename(path.with_name("y.db"))
    former.rename(path)
    assert peek(first, file) == peek(second, file) == (1,)
    path.with_name("y.db").rename(path)
    for suffix in ("-wal", "-shm"):
        path.with_name(f"x.db{suffix}").unlink()
    assert peek(first, file) == peek(second, file) == peek(first, file) == (2,)
    write(path, 3)
    assert peek(second, file) == peek(first, file) == (3,)
    close_all(threads, file)


def test_a_file_beside_an_empty_log_of_another_file_is_read(
    file: Sqlite, path: Path, threads: Threads
):
    first, second = threads
    assert peek(first, file) == peek(second, file) == (0,)
    create_file(path.with_name("y.db"), 1).rename(path)
    assert peek(first, file) == peek(second, file) == (1,)
    write_elsewhere(path, 2)
    assert peek(first, file) == peek(second, file) == (2,)
    close_all(threads, file)


@pytest.mark.parametrize("suffixes", [("-shm",), ("-wal",), ("-wal", "-shm")], ids=" ".join)
def test_the_next_reader_closes_the_former_log_of_all_threads(
    file: Sqlite, path: Path, threads: Threads, suffixes: tuple[str, ...]
):
    first, second = threads
    assert peek(first, file) == peek(second, file) == (0,)
    for suffix in suffixes:
        path.with_name(f"x.db{suffix}").unlink()
    write_elsewhere(path, 1)
    assert peek(first, file) == (1,)
    write_elsewhere(path, 2)
    assert peek(second, file) == peek(first, file) == (2,)
    close_all(threads, file)


def test_a_log_that_another_thread_reads_is_not_closed(file: Sqlite, path: Path, threads: Threads):
    reading, other = threads
    snapshot = file.snapshot(VALUE)
    assert reading.submit(snapshot.__enter__).result() == (0,)
    path.with_name("x.db-shm").unlink()
    write_elsewhere(path, 1)
    with pytest.raises(OperationalError, match="a request still uses the former"):
        peek(other, file)
    # it would end as a mixture
    with pytest.raises(OperationalError, match="-wal or -shm was replaced meanwhile"):
        reading.submit(snapshot.__exit__, None, None, None).result()
    assert peek(other, file) == peek(reading, file) == (1,)
    close_all(threads, file)


@pytest.mark.skipif(sys.platform != "linux", reason="needs locks of open files")
def test_closing_a_former_log_loses_no_change(file: Sqlite, path: Path):
    assert file.peek(VALUE) == (0,)
    write_elsewhere(path, 1)
    assert file.peek(VALUE) == (1,)
    path.with_name("x.db-shm").unlink()
    write_elsewhere(path, 2)
    file.close()
    assert path.with_name("x.db-wal").exists()
    assert file.peek(VALUE) == (2,)


def test_a_failed_read_closes_the_connection(file: Sqlite, path: Path):
    assert file.peek(VALUE) == (0,)
    with pytest.raises(OperationalError, match="no such column"):
        file.peek("SELECT x FROM t")
    assert file.is_closed()
    with pytest.raises(OperationalError, match="no such column"), file.snapshot(VALUE):
        file.execute_sql("SELECT x FROM t")
    assert file.is_closed()
    assert file.peek(VALUE) == (0,)


def replace_file(path: Path) -> None:
    create_file(path.with_name("y.db"), 5).rename(path)


REPLACEMENTS: dict[str, Callable[[Path], object]] = {
    "file": replace_file,
    "-wal": lambda path: path.with_name("x.db-wal").unlink(),
    "-shm": lambda path: path.with_name("x.db-shm").unlink(),
}


@pytest.mark.parametrize("moment", ["before", "within"])
@pytest.mark.parametrize("replace", REPLACEMENTS.values(), ids=REPLACEMENTS)
def test_a_writer_whose_files_were_replaced_writes_nothing(
    file: Sqlite, path: Path, replace: Callable[[Path], object], moment: str
):
    file.execute_sql("SELECT 1")
    if moment == "before":
        replace(path)

    def write_and_replace() -> None:
        with file.writing():
            file.execute_sql("UPDATE t SET n = n + 1")
            if moment == "within":
                replace(path)

    with pytest.raises(OperationalError, match="was replaced meanwhile"):
        write_and_replace()
    (before,) = file.peek(VALUE)
    assert before == (5 if replace is replace_file else 0)
    with file.writing():
        file.execute_sql("UPDATE t SET n = n + 1")
    assert file.peek(VALUE) == (before + 1,)
    file.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute(VALUE).fetchall() == [(before + 1,)]
    connection.close()


def test_an_empty_file_stays_empty_for_readers(tmp_path: Path):
    """Somebody may be copying a database into it."""
    path = tmp_path / "x.db"
    path.touch()
    file = Sqlite(str(path))
    with pytest.raises(OperationalError, match="no such table"):
        file.peek(VALUE)
    file.close()
    assert path.read_bytes() == b""


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
