"""Loads into a database that cannot be written."""

from __future__ import annotations

import re
from collections.abc import Callable

import peewee
import pytest

from models.database import disk_space
from models.database.connection import database
from models.database.disk_space import temporary_folder
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


def no_temporary_files() -> None:
    database.execute_sql("PRAGMA temp.max_page_count = 20")


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
def test_a_full_database_names_its_folder(write, load_paths, tmp_path):
    full()
    with pytest.raises(peewee.OperationalError) as caught:
        load_paths(write("a.json", {"claims": many()}))
    message = re.sub(r"[\d.,]+ MB", "1 MB", str(caught.value))
    assert message == (
        f"database or disk is full: no room for the database in {tmp_path} (1 MB free), or for"
        f" temporary files in {temporary_folder()} (1 MB free): make room there"
    )


@on_sqlite
def test_full_temporary_files_name_their_folder(write, load_paths, tmp_path, monkeypatch):
    (tmp_path / "own").mkdir()
    monkeypatch.delenv("SQLITE_TMPDIR", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "own"))
    path = write("a.json", {"claims": many()})
    load_paths(write("b.json", {"claims": [claim("c")]}))
    before = state()
    no_temporary_files()
    with pytest.raises(peewee.OperationalError) as caught:
        load_paths(path)
    assert re.sub(r"[\d.,]+ MB", "1 MB", str(caught.value)) == (
        f"database or disk is full: no room for temporary files in {tmp_path}/own (1 MB free): make"
        " room there, or name another folder in TMPDIR"
    )
    assert state() == before
    database.execute_sql("PRAGMA temp.max_page_count = 1000000")
    assert load_paths(path).added.count == 3000


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"SQLITE_TMPDIR": "{}/a", "TMPDIR": "{}/b"}, "{}/a"),
        ({"SQLITE_TMPDIR": "{}/none", "TMPDIR": "{}/b"}, "{}/b"),
        ({"SQLITE_TMPDIR": "", "TMPDIR": "{}/b"}, "{}/b"),
        ({"TMPDIR": "{}/file"}, "/"),
        ({}, "/"),
    ],
    ids=str,
)
def test_the_folder_of_temporary_files(tmp_path, monkeypatch, variables, expected):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.setattr(disk_space, "TEMPORARY_FOLDERS", ("/", "."))
    for name in ("SQLITE_TMPDIR", "TMPDIR"):
        monkeypatch.delenv(name, raising=False)
    for name, folder in variables.items():
        monkeypatch.setenv(name, folder.format(tmp_path))
    assert temporary_folder() == expected.format(tmp_path)


@on_sqlite
def test_a_disk_with_room_again(write, load_paths):
    full()
    path = write("a.json", {"claims": many()})
    with pytest.raises(peewee.OperationalError, match="full"):
        load_paths(path)
    database.execute_sql("PRAGMA max_page_count = 1000000")
    assert load_paths(path).added.count == 3000
