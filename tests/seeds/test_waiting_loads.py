"""A load waits for another one, with a message and a bound."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from api.cli import main
from models.database.connection import database, disconnect
from models.dataset import read_dataset
from models.opening import open_dataset
from tests.engines import ENGINE, on_sqlite
from tests.serving import BIN, ROOT


@pytest.fixture
def seeds(tmp_path: Path) -> str:
    path = tmp_path / "seeds.json"
    path.write_text(json.dumps({"topics": [{"id": "t", "name": "Trade"}]}))
    return str(path)


@contextmanager
def lock_of_writers(url: str) -> Iterator[None]:
    """The lock that a load holds."""
    if ENGINE == "sqlite":
        with locked_file(url, "BEGIN IMMEDIATE"):
            yield
        return
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('claimbase'))")
        yield


@contextmanager
def lock_of_a_first_load(url: str) -> Iterator[None]:
    """The lock of a first load whose changes do not fit into memory: nobody can read."""
    with locked_file(url, "PRAGMA journal_mode = delete", "BEGIN EXCLUSIVE"):
        yield


@contextmanager
def locked_file(url: str, *statements: str) -> Iterator[None]:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        for statement in statements:
            connection.execute(statement).fetchall()
        yield
    finally:
        connection.close()


LOCKS = [
    pytest.param(lock_of_writers, id="a load"),
    pytest.param(lock_of_a_first_load, id="a first load", marks=on_sqlite),
]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_load_waits_for_another_one(dataset: str, seeds: str, lock: Callable) -> None:
    disconnect()
    with lock(dataset):
        load = subprocess.Popen(
            [BIN / "claimbase", "load", seeds, f"--database={dataset}"],
            cwd=ROOT, env={**os.environ}, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert load.stderr
        message = "another load is under way: waiting for at most 300 s\n"
        assert any(line == message for line in load.stderr)
        assert load.poll() is None
    _, errors = load.communicate()
    assert (load.returncode, "error" in errors) == (0, False)
    open_dataset(dataset)
    assert read_dataset().version == 1


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("option", ["--wait=0", "--wait=1"])
def test_the_wait_has_a_bound(dataset: str, seeds: str, lock: Callable, option: str) -> None:
    disconnect()
    arguments = ["load", seeds, f"--database={dataset}", option]
    with lock(dataset):
        result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    seconds = option.rpartition("=")[2]
    assert result.stderr.splitlines()[-1] == (
        f"database error: another process still writes to the database after {seconds} s; "
        "nothing was changed"
    )
    assert CliRunner().invoke(main, arguments).exit_code == 0


@pytest.mark.parametrize("lock", LOCKS)
def test_a_quiet_load_tells_nothing_of_its_wait(dataset: str, seeds: str, lock: Callable) -> None:
    disconnect()
    with lock(dataset):
        result = CliRunner().invoke(
            main, ["load", "--quiet", seeds, f"--database={dataset}", "--wait=0"]
        )
    assert result.stderr.startswith("database error: ")


@on_sqlite
def test_a_load_waits_for_readers_to_empty_a_large_log(
    dataset: str, seeds: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.database.sqlite_writing.MAX_LOG_BYTES", 0)
    monkeypatch.setattr("models.database.sqlite_writing.CHECKPOINT_PATIENCE", 0)
    disconnect()
    with closing(sqlite3.connect(tmp_path / "test.db")) as reader:
        reader.execute("BEGIN")
        version = "SELECT version FROM dataset"
        assert reader.execute(version).fetchone() == (0,)
        arguments = ["load", seeds, f"--database={dataset}"]
        load = Thread(target=CliRunner().invoke, args=(main, arguments))
        load.start()
        with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
            while other.execute(version).fetchone() == (0,):
                pass
            # the load has committed, and the reader is in its way
            assert (tmp_path / "test.db-wal").stat().st_size > 0
            reader.rollback()
            load.join()
            assert (tmp_path / "test.db-wal").stat().st_size == 0


@on_sqlite
def test_a_log_does_not_stay_large(dataset: str) -> None:
    (limit,) = database.execute_sql("PRAGMA journal_size_limit").fetchone()
    assert limit == 16 << 20
