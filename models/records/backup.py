"""Backups of SQLite datasets: written while servers read and loads write, and restored."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from peewee import DatabaseError, OperationalError
from peewee import __exception_wrapper__ as own_errors  # type: ignore[attr-defined]

from models.database.connection import connect, database, disconnect, fetch_all
from models.database.disk_space import naming_folders
from models.database.sqlite import Sqlite
from models.database.sqlite_copy import copy_database
from models.database.sqlite_read_only import ReadOnlyDatabase, is_read_only
from models.dataset import require_schema, schema_version
from models.migrations import SCHEMA_VERSION
from models.records.canonical import dataset_digest, record_hash
from models.records.changes import EXPORT_BATCH, seed_records

Progress = Callable[[int, int], Any]


class BackupRefused(ValueError):
    """The file or the database cannot be used, and nothing was written."""


class StoredDataset(NamedTuple):
    """What a database says of its dataset, in any schema."""

    id: str
    version: int
    digest: str
    schema: int
    records: int


def stored_dataset() -> StoredDataset:
    """The dataset of the open database. Raises BackupRefused if there is none."""
    if not database.table_exists("dataset"):
        raise BackupRefused(f"{database.database} is no Claimbase database")
    (row,) = fetch_all(
        "SELECT id, version, digest, schema, (SELECT COUNT(*) FROM record) FROM dataset"
    )
    return StoredDataset._make(row)


def write_backup(path: Path, progress: Progress = lambda done, total: None) -> StoredDataset:
    """Copy the open dataset to a file, which is whole and verified, or as it was.

    An earlier backup of the same dataset is replaced. Raises BackupRefused.
    """
    require_sqlite("pg_dump")
    part = path.with_name(f"{path.name}.part")
    try:
        with database.snapshot("SELECT schema FROM dataset"):
            dataset = stored_dataset()
            require_replaceable(path, Path(database.database), dataset)
            remove_database(part)
            with naming_folders(str(part)), own_errors, closing(sqlite3.connect(part)) as target:
                copy_database(database.connection(), target, progress)
        with opened(part):
            verify(dataset)
        sync(part)
        part.replace(path)
        sync(path.parent)
    finally:
        remove_database(part)
    return dataset


def restore_backup(
    path: Path, url: str, progress: Progress = lambda done, total: None
) -> StoredDataset:
    """Copy a verified backup over the dataset at a URL, in one transaction.

    Servers go on, and read the restored dataset. Raises BackupRefused, or DatabaseBusy.
    """
    connect(url)
    require_sqlite("pg_restore")
    target = Path(database.database)
    require_restorable(path, target)
    with opened(path):
        with naming_file(path):
            dataset = stored_dataset()
        # an earlier schema can be migrated
        if dataset.schema > SCHEMA_VERSION:
            require_schema(dataset.schema)
        verify(dataset)
        with (
            naming_folders(str(target)),
            own_errors,
            closing(sqlite3.connect(target, timeout=0)) as written,
        ):
            copy_database(database.connection(), written, progress)
    # as any writer leaves it: in WAL mode, with an empty log
    database.checkpoint(database.connection())
    verify(dataset)
    return dataset


def require_sqlite(program: str) -> None:
    if not isinstance(database.obj, Sqlite):
        raise BackupRefused(
            f"backup and restore copy SQLite files: use {program} for PostgreSQL"
            " (docs/databases.md)"
        )


def require_restorable(path: Path, target: Path) -> None:
    """Raise an error unless there is a file, and the target is absent, or has a dataset to lose."""
    if not path.is_file():
        raise BackupRefused(f"{path} is no file")
    if not target.exists():
        return
    if os.path.samefile(path, target):
        raise BackupRefused(f"{path} is the database itself")
    if is_read_only(str(target)):
        raise ReadOnlyDatabase(str(target))
    if not target.stat().st_size:
        return
    # a plain connection: the models' own would switch another database to WAL
    with naming_file(target), closing(sqlite3.connect(target, timeout=0)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'dataset'").fetchone():
            raise BackupRefused(f"{target} is no Claimbase database")


def require_replaceable(path: Path, source: Path, dataset: StoredDataset) -> None:
    """Raise BackupRefused unless the file is absent, empty, or a backup of the dataset."""
    if not path.parent.is_dir():
        raise BackupRefused(f"there is no folder {path.parent}")
    if not path.exists():
        return
    if not path.is_file():
        raise BackupRefused(f"{path} is no file")
    if os.path.samefile(path, source):
        raise BackupRefused(f"{path} is the database itself")
    if os.path.exists(f"{path}-wal"):
        raise BackupRefused(f"{path} is in use, or has a -wal beside it: name another file")
    if path.stat().st_size and backup_id(path) != dataset.id:
        raise BackupRefused(f"{path} exists, and is no backup of this dataset: name another file")


def backup_id(path: Path) -> str | None:
    """The id of the dataset in a file that nobody writes; None if there is none."""
    # any other connection would create files beside it
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        try:
            return connection.execute("SELECT id FROM dataset").fetchone()[0]
        except (sqlite3.Error, TypeError):
            return None


@contextmanager
def opened(path: Path) -> Iterator[None]:
    """Open another database inside; afterwards the present one is open again."""
    present = database.obj
    database.initialize(Sqlite(str(path.absolute())))
    try:
        yield
    finally:
        disconnect()
        database.initialize(present)


@contextmanager
def naming_file(path: Path) -> Iterator[None]:
    """Raise BackupRefused with the file's name if SQLite cannot read it."""
    try:
        with own_errors:
            yield
    except OperationalError:
        raise
    except DatabaseError as error:
        raise BackupRefused(f"{path} is no Claimbase database: {error}") from None


def verify(expected: StoredDataset) -> None:
    """Compare the open database with what it should be: its pages, its row, and its records.

    Records of an earlier schema have only their stored hashes. Raises BackupRefused.
    """
    ((state,),) = fetch_all("PRAGMA quick_check(1)")
    if state != "ok":
        raise BackupRefused(f"{database.database} is damaged: {state}")
    hashes = computed_hashes() if schema_version() == SCHEMA_VERSION else stored_hashes()
    try:
        digest = dataset_digest("0", plus=hashes)
    except (KeyError, ValueError) as error:
        raise BackupRefused(f"{database.database} is damaged: {error!r}") from None
    if stored_dataset() != expected or digest != expected.digest:
        raise BackupRefused(
            f"{database.database} is damaged: its records have the digest {digest}, not"
            f" {expected.digest}"
        )


def stored_hashes() -> Iterator[bytes]:
    return (hash for (hash,) in database.execute_sql("SELECT hash FROM record"))


def computed_hashes() -> Iterator[bytes]:
    """The hash of each record, from its rows."""
    sql = f"SELECT key, type FROM record WHERE key > ? ORDER BY key LIMIT {EXPORT_BATCH}"
    last = 0
    while rows := fetch_all(sql, last):
        records = seed_records(rows)
        yield from (record_hash(type, records[key]) for key, type in rows)
        last = rows[-1][0]


def remove_database(path: Path) -> None:
    """Remove a database and the files beside it."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until the disk has a file, or the names of a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
