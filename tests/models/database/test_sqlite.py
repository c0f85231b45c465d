"""SQLite during loads: the write-ahead log, locks, and the planner's statistics."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import peewee
import pytest

from models.database.connection import database, fetch_all
from models.dataset import read_dataset
from models.opening import dataset_exists, open_dataset
from seeds import loader
from seeds.problems import Refused, SeedProblems

Load = Callable[..., loader.Plan]


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """An empty dataset, open."""
    path = tmp_path / "x.db"
    open_dataset(f"sqlite:///{path}")
    yield path
    database.close()


@pytest.fixture
def load(path: Path) -> Load:
    """Load topics `t{n}` for some numbers."""

    def load(numbers: Any, name: str = "T", **options: Any) -> loader.Plan:
        file = path.with_suffix(".jsonl")
        topics = ({"type": "topic", "id": f"t{n}", "name": name} for n in numbers)
        file.write_text("".join(json.dumps(topic) + "\n" for topic in topics))
        return loader.load([file], **options)

    return load


def journal_mode() -> str:
    return fetch_all("PRAGMA journal_mode")[0][0]


def test_the_first_load_of_a_file_runs_without_a_write_ahead_log(load: Load):
    seen: list[str] = []
    assert journal_mode() == "wal"
    load(range(9), inspect=lambda problems: seen.append(journal_mode()))
    load(range(10), inspect=lambda problems: seen.append(journal_mode()))
    assert seen == ["delete", "wal"]
    assert journal_mode() == "wal"
    names = ("cache_size", "mmap_size", "busy_timeout", "threads", "foreign_keys")
    settings = [fetch_all(f"PRAGMA {name}")[0][0] for name in names]
    assert settings == [-32_768, 2_147_418_112, 30_000, 0, 1]


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 40, 45])
def test_any_number_of_rows_is_inserted(path: Path, count: int):
    rows = [(n, f"é{n}" if n % 2 else None, b"\0%d" % n if n % 3 else None) for n in range(count)]
    database.temporary("many", "number INTEGER, text TEXT, bytes BLOB")
    database.insert("many", ("number", "text", "bytes"), iter(rows))
    assert fetch_all("SELECT number, text, bytes FROM many ORDER BY rowid") == rows


def test_a_reader_of_the_empty_file_reads_during_the_first_load(path: Path, load: Load):
    count = "SELECT COUNT(*) FROM topic"
    with sqlite3.connect(path, timeout=0) as other:
        assert other.execute(count).fetchall() == [(0,)]
        seen: list[Any] = []
        load(
            range(9),
            inspect=lambda problems: seen.extend(
                [journal_mode(), *other.execute(count).fetchall()]
            ),
        )
        assert seen == ["wal", (0,)]
        assert other.execute(count).fetchall() == [(9,)]


def test_a_copy_of_the_file_alone_has_the_last_load(path: Path, load: Load, tmp_path: Path):
    """Servers keep the write-ahead log open, and operators copy the file without it."""
    count = "SELECT COUNT(*) FROM topic"
    with sqlite3.connect(path) as server:
        for size in (9, 10):
            load(range(size))
            assert server.execute(count).fetchall() == [(size,)]
            copy = tmp_path / f"copy{size}.db"
            copy.write_bytes(path.read_bytes())
            with sqlite3.connect(copy) as copied:
                assert copied.execute(count).fetchall() == [(size,)]


def test_a_new_connection_is_refused_during_the_first_load(path: Path, load: Load):
    errors: list[str] = []

    def connect(problems: SeedProblems) -> None:
        with sqlite3.connect(path, timeout=0) as other:
            try:
                other.execute("PRAGMA journal_mode=wal").fetchall()
            except sqlite3.OperationalError as error:
                errors.append(str(error))

    load(range(9), inspect=connect)
    assert errors == ["database is locked"]
    with sqlite3.connect(path, timeout=0) as other:
        assert other.execute("SELECT COUNT(*) FROM topic").fetchall() == [(9,)]


def test_a_refused_first_load_leaves_an_empty_file_with_a_write_ahead_log(load: Load):
    with pytest.raises(Refused):
        load([1, 2, 1])
    assert (journal_mode(), read_dataset().version, fetch_all("SELECT COUNT(*) FROM record")) == (
        "wal",
        0,
        [(0,)],
    )
    assert load([1, 2]).added.count == 2


def has_statistics() -> bool:
    """Whether the planner has statistics of topics."""
    return bool(fetch_all("SELECT 1 FROM main.sqlite_stat1 WHERE tbl = 'topic'"))


def drop_statistics(records: int | None = None) -> None:
    """Drop the statistics of topics, and set the number of records in the statistics."""
    database.execute_sql("DELETE FROM main.sqlite_stat1 WHERE tbl = 'topic'")
    if records is not None:
        database.execute_sql(
            "UPDATE main.sqlite_stat1 SET stat = ? WHERE tbl = 'record'", (f"{records} 1 1 1",)
        )


def test_a_load_that_changes_a_fiftieth_or_grows_the_dataset_updates_statistics(load: Load):
    load(range(500))
    assert has_statistics()
    drop_statistics()
    load([7], name="Seven")
    assert not has_statistics()
    load(range(10), name="Ten")
    assert has_statistics()
    drop_statistics(records=200)
    load([7], name="Seven again")
    assert not has_statistics()
    drop_statistics(records=100)
    load([7], name="Seven")
    assert has_statistics()


def test_statistics_of_a_temporary_table_are_not_those_of_the_dataset(path: Path, load: Load):
    load(range(500))
    file = path.with_name("claims.jsonl")
    records = [
        {"type": "organization", "id": "o", "name": "O", "kind": "other"},
        {"type": "claim", "id": "c", "text": "C", "organization": "o", "topics": ["t1"]},
    ]
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    drop_statistics()
    # the load of a claim analyzes a temporary table for each hierarchy
    loader.load([file])
    assert fetch_all("SELECT tbl FROM temp.sqlite_stat1 ORDER BY tbl") == [
        ("reclassified_event",), ("reclassified_topic",),
    ]  # fmt: skip
    load([7], name="Seven")
    assert not has_statistics()


@pytest.mark.usefixtures("path")
def test_an_error_that_ends_the_transaction_is_raised():
    """SQLite rolls back by itself if the disk is full, for example; a rollback then fails."""
    database.execute_sql("CREATE TEMP TABLE numbers (key INTEGER PRIMARY KEY)")
    database.execute_sql("INSERT INTO numbers VALUES (1)")
    with pytest.raises(peewee.IntegrityError, match="UNIQUE"), database.writing():
        database.execute_sql("INSERT OR ROLLBACK INTO numbers VALUES (1)")


def test_a_connection_waits_during_the_first_load_of_another_process(path: Path, monkeypatch):
    """It waits as long as for any lock, by the clock of the test."""
    database.close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = delete")
    other.execute("BEGIN IMMEDIATE")
    seconds = iter(range(100))
    monkeypatch.setattr("models.database.sqlite_writing.monotonic", lambda: next(seconds))
    slept: list[float] = []
    monkeypatch.setattr("models.database.sqlite_writing.sleep", slept.append)
    with pytest.raises(peewee.OperationalError, match="still writes to the database after 30 s"):
        dataset_exists(f"sqlite:///{path}")
    assert len(slept) == 30
    monkeypatch.setattr("models.database.sqlite_writing.sleep", lambda seconds: other.close())
    assert dataset_exists(f"sqlite:///{path}")
