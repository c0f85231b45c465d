"""Loads into a database that cannot be written."""

from __future__ import annotations

from collections.abc import Callable

import peewee
import pytest

from models.database.connection import database
from tests.engines import on_sqlite
from tests.seeds.build import Sections, claim, small, state


@pytest.fixture
def initial() -> Sections:
    return small()


def read_only() -> None:
    database.execute_sql("PRAGMA query_only = 1")


def full() -> None:
    (pages,) = database.execute_sql("PRAGMA page_count").fetchone()
    database.execute_sql(f"PRAGMA max_page_count = {pages}")


def many() -> list[dict]:
    return [claim(f"c{n}", text=f"{n} " + "x" * 200) for n in range(3000)]


@on_sqlite
@pytest.mark.parametrize(
    ("break_it", "message"),
    [(read_only, "attempt to write a readonly database"), (full, "database or disk is full")],
    ids=["read-only", "full"],
)
def test_a_database_that_cannot_be_written(
    write, load_paths, break_it: Callable[[], None], message: str
):
    before = state()
    break_it()
    with pytest.raises(peewee.OperationalError, match=message):
        load_paths(write("a.json", {"claims": many()}))
    assert state() == before


@on_sqlite
def test_a_disk_with_room_again(write, load_paths):
    full()
    path = write("a.json", {"claims": many()})
    with pytest.raises(peewee.OperationalError, match="full"):
        load_paths(path)
    database.execute_sql("PRAGMA max_page_count = 1000000")
    assert load_paths(path).added.count == 3000
