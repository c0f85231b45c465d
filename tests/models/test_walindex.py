"""A glance at a SQLite file asks for what was written since the last one, and nothing else."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import OperationalError, SqliteDatabase

from models.sqlite import Sqlite
from models.walindex import Connection

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


def test_a_statement_runs_after_each_commit_and_only_then(file: Sqlite, path: Path):
    ran: list[str] = []
    file.connection().set_trace_callback(ran.append)
    other = sqlite3.connect(path, isolation_level=None)

    def look() -> tuple[int, int]:
        ran.clear()
        found = {file.glance(VALUE, tuple) for _ in range(3)}
        assert len(found) == 1
        return found.pop()[0], len(ran)

    assert look() == (0, 1)
    assert look() == (0, 0)
    other.execute("UPDATE t SET n = 1")
    assert look() == (1, 1)
    assert look() == (1, 0)
    other.execute("BEGIN")
    other.execute("UPDATE t SET n = 2")
    assert look() == (1, 0)
    other.execute("ROLLBACK")
    assert look() == (1, 0)
    # its own
    file.execute_sql("UPDATE t SET n = 3")
    assert look() == (3, 1)
    # the log begins anew with the next commit
    assert other.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()[0] == 0
    other.execute("UPDATE t SET n = 4")
    assert look() == (4, 1)
    assert look() == (4, 0)
    assert file.glance("SELECT n + 1 FROM t", tuple) == (5,)
    assert file.glance(VALUE, tuple) == (4,)
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
    path = made(tmp_path_factory.mktemp("glance") / "x.db", 0)
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
                assert thread.submit(file.glance, VALUE, tuple).result() == (value,)
    finally:
        for thread in (here, there):
            thread.submit(file.close).result()
            thread.shutdown()


def remake(file: Sqlite, value: int) -> None:
    with file.loading(empty=True):
        assert file.execute_sql("PRAGMA journal_mode").fetchone() == ("delete",)
        file.execute_sql("UPDATE t SET n = ?", [value])


def test_a_new_wal_index_begins_as_the_one_before_did(file: Sqlite):
    """What was found by that header is no longer there."""
    assert [file.glance(VALUE, tuple) for _ in range(2)] == [(0,), (0,)]
    before = file.connection().header(file.database)
    remake(file, 1)
    # it is made when someone reads
    assert file.execute_sql(VALUE).fetchone() == (1,)
    assert file.connection().header(file.database) == before
    assert file.glance(VALUE, tuple) == (1,)


def test_a_file_with_the_wal_index_of_another_is_refused(file: Sqlite, path: Path):
    """Which no thread opens while one has the former open; without it, all see the new one."""
    with ThreadPoolExecutor(1) as here, ThreadPoolExecutor(1) as there:

        def look(thread: ThreadPoolExecutor) -> tuple:
            return thread.submit(file.glance, VALUE, tuple).result()

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
        file.glance(VALUE, tuple)
    assert file.glance(VALUE, tuple) == (1,)


def test_who_has_the_wal_index_that_was_removed_reads_on(file: Sqlite, path: Path):
    with ThreadPoolExecutor(1) as other:
        assert file.glance(VALUE, tuple) == (0,)
        for beside in ("-wal", "-shm"):
            path.with_name(f"x.db{beside}").unlink()
        # as another process makes it
        path.with_name("x.db-shm").touch()
        assert other.submit(file.glance, VALUE, tuple).result() == (0,)
        # what would take the number of a descriptor that was closed
        pipes = [end for _ in range(4) for end in os.pipe()]
        assert file.glance(VALUE, tuple) == (0,)
        for end in pipes:
            os.close(end)
        other.submit(file.close).result()


def checkpoint(path: Path) -> int:
    """Whether somebody's lock keeps another process from starting the log anew."""
    code = (
        "import sqlite3, sys; other = sqlite3.connect(sys.argv[1], timeout=0);"
        "print(other.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchone()[0])"
    )
    ran = [sys.executable, "-c", code, str(path)]
    return int(subprocess.run(ran, capture_output=True, check=True, text=True).stdout)


def test_a_snapshot_keeps_its_locks_whoever_glances(file: Sqlite, path: Path, tmp_path: Path):
    """A descriptor that is closed takes the locks of its process from the file."""
    with ThreadPoolExecutor(1) as thread, file.snapshot():
        assert file.execute_sql(VALUE).fetchone() == (0,)
        for value in (1, 2):
            write(path, value)
            assert thread.submit(file.glance, VALUE, tuple).result() == (value,)
            thread.submit(file.close).result()
            elsewhere = Sqlite(str(made(tmp_path / f"{value}.db", value)))
            assert elsewhere.glance(VALUE, tuple) == (value,)
            elsewhere.close()
            assert checkpoint(path) == 1
        assert file.execute_sql(VALUE).fetchone() == (0,)
    assert checkpoint(path) == 0


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_descriptors_are_closed_when_nobody_needs_them(tmp_path: Path):
    def held() -> list[str]:
        found = []
        for descriptor in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                found.append(os.readlink(descriptor))
        inside = sorted(one for one in found if one.startswith(str(tmp_path)))
        return [one.removeprefix(f"{tmp_path}/").removesuffix(" (deleted)") for one in inside]

    first = Sqlite(str(made(tmp_path / "a.db", 1)))
    for _ in range(5):
        assert first.glance(VALUE, tuple) == (1,)
        first.close()
    assert held() == ["a.db-shm"]
    second = Sqlite(str(made(tmp_path / "b.db", 2)))
    assert second.glance(VALUE, tuple) == (2,)
    second.close()
    assert held() == ["b.db-shm"]
    assert [file for _, file in Connection.indexes.values()] == [
        (os.stat(tmp_path).st_dev, os.stat(tmp_path / "b.db").st_ino)
    ]


def test_without_a_wal_index_each_glance_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    memory = Sqlite(":memory:")
    memory.execute_sql("CREATE TABLE t (n)")
    memory.execute_sql("INSERT INTO t VALUES (0)")
    for value in (1, 2):
        memory.execute_sql("UPDATE t SET n = ?", [value])
        assert memory.glance(VALUE, tuple) == (value,)
    memory.close()
    monkeypatch.setattr("models.walindex.FORMAT", b"another")
    path = made(tmp_path / "x.db", 0)
    file = Sqlite(str(path))
    for value in (1, 2):
        write(path, value)
        assert file.glance(VALUE, tuple) == (value,)
    file.close()
