"""How SQLite is made ready for loads, and what its planner is told of them."""

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
from seeds.problems import Refused

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
    """Load topics `t{n}` of these numbers."""

    def load(numbers: Any, name: str = "T", **options: Any) -> loader.Plan:
        file = path.with_suffix(".jsonl")
        topics = ({"type": "topic", "id": f"t{n}", "name": name} for n in numbers)
        file.write_text("".join(json.dumps(one) + "\n" for one in topics))
        return loader.load([file], **options)

    return load


def journal() -> str:
    return fetch_all("PRAGMA journal_mode")[0][0]


def test_an_empty_file_that_is_ours_alone_is_filled_without_a_log(load: Load):
    seen: list[str] = []
    assert journal() == "wal"
    load(range(9), inspect=lambda: seen.append(journal()))
    load(range(10), inspect=lambda: seen.append(journal()))
    assert seen == ["delete", "wal"]
    assert journal() == "wal"
    names = ("cache_size", "mmap_size", "busy_timeout", "threads", "foreign_keys")
    kept = [fetch_all(f"PRAGMA {name}")[0][0] for name in names]
    assert kept == [-32_768, 2_147_418_112, 30_000, 0, 1]


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 40, 45])
def test_as_many_rows_as_there_are_are_inserted_as_they_are(path: Path, count: int):
    given = [(n, f"é{n}" if n % 2 else None, b"\0%d" % n if n % 3 else None) for n in range(count)]
    database.temporary("many", "number INTEGER, text TEXT, bytes BLOB")
    database.insert("many", ("number", "text", "bytes"), iter(given))
    assert fetch_all("SELECT number, text, bytes FROM many ORDER BY rowid") == given


def test_whoever_has_the_empty_file_open_reads_it_undisturbed(path: Path, load: Load):
    count = "SELECT COUNT(*) FROM topic"
    with sqlite3.connect(path, timeout=0) as other:
        assert other.execute(count).fetchall() == [(0,)]
        seen: list[Any] = []
        load(
            range(9),
            inspect=lambda: seen.extend([journal(), *other.execute(count).fetchall()]),
        )
        assert seen == ["wal", (0,)]
        assert other.execute(count).fetchall() == [(9,)]


def test_who_comes_while_an_empty_file_is_filled_comes_again(path: Path, load: Load):
    said: list[str] = []

    def come() -> None:
        with sqlite3.connect(path, timeout=0) as other:
            try:
                other.execute("PRAGMA journal_mode=wal").fetchall()
            except sqlite3.OperationalError as error:
                said.append(str(error))

    load(range(9), inspect=come)
    assert said == ["database is locked"]
    with sqlite3.connect(path, timeout=0) as other:
        assert other.execute("SELECT COUNT(*) FROM topic").fetchall() == [(9,)]


def test_a_refused_first_load_leaves_the_file_empty_and_with_its_log(load: Load):
    with pytest.raises(Refused):
        load([1, 2, 1])
    assert (journal(), read_dataset().version, fetch_all("SELECT COUNT(*) FROM record")) == (
        "wal",
        0,
        [(0,)],
    )
    assert load([1, 2]).added.count == 2


def told() -> bool:
    """Whether the planner was told of topics since `forget`."""
    return bool(fetch_all("SELECT 1 FROM main.sqlite_stat1 WHERE tbl = 'topic'"))


def forget(records: int | None = None) -> None:
    database.execute_sql("DELETE FROM main.sqlite_stat1 WHERE tbl = 'topic'")
    if records is not None:
        database.execute_sql(
            "UPDATE main.sqlite_stat1 SET stat = ? WHERE tbl = 'record'", (f"{records} 1 1 1",)
        )


def test_the_planner_is_told_where_a_fiftieth_changed_or_the_dataset_has_grown(load: Load):
    load(range(500))
    assert told()
    forget()
    load([7], name="Seven")
    assert not told()
    load(range(10), name="Ten")
    assert told()
    forget(records=200)
    load([7], name="Seven again")
    assert not told()
    forget(records=100)
    load([7], name="Seven")
    assert told()


def test_what_the_planner_knows_of_a_temporary_table_is_not_of_the_dataset(path: Path, load: Load):
    load(range(500))
    file = path.with_name("claims.jsonl")
    records = [
        {"type": "organization", "id": "o", "name": "O", "kind": "other"},
        {"type": "claim", "id": "c", "text": "C", "organization": "o", "topics": ["t1"]},
    ]
    file.write_text("".join(json.dumps(one) + "\n" for one in records))
    forget()
    # claims under topics come with statistics of their own
    loader.load([file])
    assert fetch_all("SELECT tbl FROM temp.sqlite_stat1") == [("reclassified",)]
    load([7], name="Seven")
    assert not told()


@pytest.mark.usefixtures("path")
def test_what_ends_a_transaction_is_told():
    """As SQLite does where the disk is full: to roll back is an error then."""
    database.execute_sql("CREATE TEMP TABLE one (key INTEGER PRIMARY KEY)")
    database.execute_sql("INSERT INTO one VALUES (1)")
    with pytest.raises(peewee.IntegrityError, match="UNIQUE"), database.writing():
        database.execute_sql("INSERT OR ROLLBACK INTO one VALUES (1)")


def test_who_comes_while_another_process_fills_the_file(path: Path, monkeypatch):
    """It waits, as for any lock; how long is a matter of the clock, which is the test's own."""
    database.close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = delete")
    other.execute("BEGIN IMMEDIATE")
    now = iter(range(100))
    monkeypatch.setattr("models.database.sqlite.monotonic", lambda: next(now))
    slept: list[float] = []
    monkeypatch.setattr("models.database.sqlite.sleep", slept.append)
    with pytest.raises(peewee.OperationalError, match="locked"):
        dataset_exists(f"sqlite:///{path}")
    assert len(slept) == 30
    monkeypatch.setattr("models.database.sqlite.sleep", lambda seconds: other.close())
    assert dataset_exists(f"sqlite:///{path}")
