"""Backups: whole, verified, and restored while others read."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from peewee import OperationalError

from models.database.connection import UnsupportedDatabase, database, disconnect
from models.database.sqlite_copy import DatabaseBusy
from models.database.sqlite_read_only import ReadOnlyDatabase
from models.dataset import dataset_name, read_dataset
from models.opening import migrate_dataset, open_dataset
from models.records import backup
from models.records.backup import BackupRefused, restore_backup, write_backup
from seeds.loader import load as load_files
from tests.engines import on_sqlite
from tests.models.stored_rows import raw_rows
from tests.models.test_migrations import create_old_database

pytestmark = on_sqlite


@pytest.fixture
def path(shipped_copy: str) -> Path:
    """The file of a shipped dataset, which is open."""
    open_dataset(shipped_copy)
    return Path(shipped_copy.removeprefix("sqlite:///"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the backup goes."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "b.db"


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def load(folder: Path, **sections: list) -> None:
    path = folder / "new.json"
    path.write_text(json.dumps(sections))
    load_files([path])


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def rows_of(path: Path) -> dict[str, list[tuple]]:
    disconnect()
    open_dataset(url_of(path))
    return raw_rows()


def test_a_backup_is_the_dataset(path: Path, file: Path):
    expected = raw_rows()
    dataset = write_backup(file)
    assert (dataset.version, dataset.records) == (1, len(expected["record"]))
    assert names_in(file.parent) == {"b.db"}
    assert rows_of(file) == expected


def test_a_backup_replaces_an_earlier_one(path: Path, file: Path, tmp_path: Path):
    write_backup(file)
    load(tmp_path, actors=[{"id": "new", "name": "New"}])
    assert write_backup(file).version == 2
    expected = raw_rows()
    assert rows_of(file) == expected


def test_a_restore_brings_the_dataset_back(path: Path, file: Path, tmp_path: Path):
    expected, name = raw_rows(), dataset_name(read_dataset())
    write_backup(file)
    load(tmp_path, actors=[{"id": f"new-{n}", "name": "New"} for n in range(3000)])
    assert restore_backup(file, url_of(path)).version == 1
    assert (raw_rows(), dataset_name(read_dataset())) == (expected, name)
    # loads go on, by another name than before the restore
    load(tmp_path, actors=[{"id": "other", "name": "Other"}])
    assert read_dataset().version == 2


def test_a_restore_creates_a_database(path: Path, file: Path, tmp_path: Path):
    expected = raw_rows()
    write_backup(file)
    restore_backup(file, url_of(tmp_path / "new.db"))
    assert raw_rows() == expected
    disconnect()
    assert not (tmp_path / "new.db-wal").exists()


def test_a_backup_has_one_version_while_loads_commit(path: Path, file: Path, tmp_path: Path):
    before = dataset_name(read_dataset())
    commits = []

    def commit(done: int, total: int) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("INSERT INTO dataset_version VALUES (?, 'x')", [100 + len(commits)])
        commits.append((done, total))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("models.database.sqlite_copy.STEP_PAGES", 50)
        write_backup(file, commit)
    assert len(commits) > 3
    disconnect()
    open_dataset(url_of(file))
    assert dataset_name(read_dataset()) == before
    assert database.execute_sql("SELECT MAX(version) FROM dataset_version").fetchone() == (1,)


def test_readers_go_on_while_a_backup_is_restored(path: Path, file: Path, tmp_path: Path):
    write_backup(file)
    load(tmp_path, actors=[{"id": "new", "name": "New"}])
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        count = "SELECT COUNT(*) FROM record"
        (before,) = reader.execute(count).fetchone()
        seen = []

        def read(done: int, total: int) -> None:
            seen.append(reader.execute(count).fetchone()[0])

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("models.database.sqlite_copy.STEP_PAGES", 50)
            restore_backup(file, url_of(path), read)
        # the last step commits
        assert set(seen[:-1]) == {before}
        assert reader.execute(count).fetchone() == (before - 1,)


@pytest.mark.parametrize("schema", [1, 6])
def test_a_backup_of_an_earlier_schema_can_be_migrated(path: Path, tmp_path: Path, schema: int):
    disconnect()
    create_old_database(url_of(tmp_path / "old.db"), schema)
    assert restore_backup(tmp_path / "old.db", url_of(path)).schema == schema
    assert migrate_dataset(url_of(path))[0] == schema


def text_file(path: Path) -> None:
    path.write_text("This is no database. " * 500)


def other_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (n)")


def changed_text(path: Path) -> None:
    """A bit flipped on the disk: no page is malformed."""
    content = path.read_bytes()
    changed = content.replace(b"Ukraine had earned", b"Ukraine hat earned")
    assert changed != content
    path.write_bytes(changed)


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def later_schema(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE dataset SET schema = 1000")


BAD_FILES = [
    (text_file, BackupRefused, "{} is no Claimbase database: file is not a database"),
    (other_tables, BackupRefused, "{} is no Claimbase database"),
    (Path.touch, BackupRefused, "{} is no Claimbase database"),
    (lambda path: path.unlink(), BackupRefused, "{} is no file"),
    (lambda path: (path.unlink(), path.mkdir()), BackupRefused, "{} is no file"),
    (cut, Exception, "malformed"),
    (changed_text, BackupRefused, "{} is damaged: its records have the digest "),
    (later_schema, UnsupportedDatabase, "this database has schema 1000"),
]


@pytest.mark.parametrize(("spoil", "error", "message"), BAD_FILES)
def test_bad_backups_change_nothing(
    path: Path, file: Path, spoil: Callable, error: type[Exception], message: str
):
    if spoil is not other_tables and spoil is not Path.touch:
        write_backup(file)
    expected = raw_rows()
    spoil(file)
    with pytest.raises(error) as caught:
        restore_backup(file, url_of(path))
    assert message.format(file) in str(caught.value)
    assert rows_of(path) == expected


@pytest.mark.parametrize("make", [text_file, other_tables])
def test_another_database_is_not_overwritten(
    path: Path, file: Path, tmp_path: Path, make: Callable
):
    write_backup(file)
    make(tmp_path / "other.db")
    content = (tmp_path / "other.db").read_bytes()
    with pytest.raises(BackupRefused, match=r"other\.db is no Claimbase database"):
        restore_backup(file, url_of(tmp_path / "other.db"))
    open_dataset(url_of(path))
    with pytest.raises(BackupRefused, match="exists, and is no backup of this dataset"):
        write_backup(tmp_path / "other.db")
    assert (tmp_path / "other.db").read_bytes() == content


def test_a_database_that_is_written_is_not_restored(path: Path, file: Path):
    write_backup(file)
    expected = raw_rows()
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="another process writes the database"):
            restore_backup(file, url_of(path))
    assert rows_of(path) == expected


def test_a_database_is_no_backup_of_itself(path: Path):
    with pytest.raises(BackupRefused, match="is the database itself"):
        write_backup(path)
    with pytest.raises(BackupRefused, match="is the database itself"):
        restore_backup(path, url_of(path))


def test_a_backup_that_is_in_use_is_not_replaced(path: Path, file: Path):
    write_backup(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("CREATE TABLE t (n)")
        with pytest.raises(BackupRefused, match="is in use"):
            write_backup(file)


def test_a_backup_that_fails_leaves_the_earlier_one(
    path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
):
    write_backup(file)
    before = file.read_bytes()

    def fail(done: int, total: int) -> None:
        raise OperationalError("the disk is broken")

    with pytest.raises(OperationalError, match="the disk is broken"):
        write_backup(file, fail)
    # a copy that differs
    monkeypatch.setattr(backup, "computed_hashes", lambda: iter([b"x"]))
    with pytest.raises(BackupRefused, match=r"b\.db\.part is damaged"):
        write_backup(file)
    assert file.read_bytes() == before
    assert names_in(file.parent) == {"b.db"}


def test_a_backup_into_no_folder(path: Path, tmp_path: Path):
    with pytest.raises(BackupRefused, match="there is no folder"):
        write_backup(tmp_path / "none" / "b.db")


def test_a_read_only_database_is_not_restored(
    path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
):
    write_backup(file)
    monkeypatch.setattr(backup, "is_read_only", lambda path: True)
    with pytest.raises(ReadOnlyDatabase, match="cannot be written"):
        restore_backup(file, url_of(path))


KILLED = """
import os, signal, sys
from pathlib import Path
from models.database import sqlite_copy
from models.records.backup import restore_backup
sqlite_copy.STEP_PAGES = 50
def kill(done, total):
    if done > total / 2:
        os.kill(os.getpid(), signal.SIGKILL)
restore_backup(Path(sys.argv[1]), sys.argv[2], kill)
"""


def test_a_killed_restore_leaves_the_dataset(path: Path, file: Path, tmp_path: Path):
    write_backup(file)
    load(tmp_path, actors=[{"id": "new", "name": "New"}])
    expected = raw_rows()
    disconnect()
    done = subprocess.run([sys.executable, "-c", KILLED, file, url_of(path)], check=False)
    assert done.returncode == -9
    assert rows_of(path) == expected
    assert database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
