"""Opening a dataset: it is created, rendered anew or migrated where that is needed."""

from __future__ import annotations

from peewee import OperationalError

from models import TABLES
from models.database.connection import UnsupportedDatabase, connect, database
from models.database.patience import DEFAULT_PATIENCE, Patience
from models.database.sqlite_read_only import ReadOnlyDatabase
from models.dataset import create_tables, read_dataset, require_schema, schema_version
from models.documents.refresh import render_all
from models.documents.render import RENDER_VERSION
from models.migrations import SCHEMA_VERSION, run_steps
from models.records.derived import derive_all, rewrite_languages


def dataset_exists(url: str, patience: Patience = DEFAULT_PATIENCE) -> bool:
    """Whether the database has a dataset; waits for a process that is creating one."""
    connect(url)
    if not database.may_exist():
        return False
    database.wait(patience)
    return database.table_exists("dataset")


def is_absent(url: str) -> bool:
    """Whether there certainly is no dataset; raises an error if the database does not answer."""
    try:
        return not dataset_exists(url)
    except OperationalError:
        if database.is_there():
            raise
        return True


def open_dataset(url: str) -> None:
    """Connect to a dataset; create it if there is none, and render old documents again.

    Raises UnsupportedDatabase.
    """
    connect(url)
    create_tables(TABLES, RENDER_VERSION)
    if read_dataset().render != RENDER_VERSION:
        try:
            render_all()
        except ReadOnlyDatabase as error:
            raise UnsupportedDatabase(
                "this database has the documents of another release, and they cannot be rendered"
                f" anew: {error}; run claimbase migrate where it can be written"
            ) from None


def open_to_read(url: str) -> None:
    """Connect to a dataset that is written elsewhere, as on a standby; writes nothing.

    Raises UnsupportedDatabase, or OperationalError if there is no dataset yet.
    """
    connect(url)
    if not database.table_exists("dataset"):
        raise OperationalError("this database has no dataset yet: load files into DATABASE_URL")
    require_schema(schema_version())
    if read_dataset().render != RENDER_VERSION:
        raise UnsupportedDatabase(
            "this database has the documents of another release: run claimbase migrate"
        )


def migrate_dataset(url: str) -> tuple[int, int]:
    """Bring a dataset to today's schema; returns the schema before and after.

    Raises UnsupportedDatabase where a later release wrote it.
    """
    connect(url)
    with database.writing():
        before = schema_version()
        if before > SCHEMA_VERSION:
            require_schema(before)
        run_steps(before)
        if before < SCHEMA_VERSION:
            rewrite_languages()
            derive_all()
    open_dataset(url)
    return before, SCHEMA_VERSION
