"""Opening a dataset creates it, or refuses a database that this release cannot read."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import OperationalError

from models.database.connection import UnsupportedDatabase, connect, database, disconnect
from models.dataset import read_dataset
from models.documents.render import RENDER_VERSION
from models.migrations import SCHEMA_VERSION
from models.opening import open_dataset, open_to_read
from tests.engines import ENGINE, created
from tests.models.shipped_copies import document_bodies, execute_and_close


def test_a_new_dataset_has_the_versions_of_the_release(tmp_path: Path) -> None:
    open_dataset(f"sqlite:///{tmp_path / 'fresh.db'}")
    dataset = read_dataset()
    database.close()
    assert (dataset.version, dataset.digest, dataset.render) == (0, "0" * 64, RENDER_VERSION)
    assert dataset.schema == SCHEMA_VERSION
    assert len(dataset.id) == 16


@pytest.mark.parametrize(
    ("schema", "remedy"),
    [
        (0, "run claimbase migrate"),
        (SCHEMA_VERSION + 1, "use the release that wrote it, or a later one"),
        (99, "use the release that wrote it, or a later one"),
    ],
)
def test_a_database_with_another_schema_is_refused_and_unchanged(
    shipped_copy: str, schema: int, remedy: str
) -> None:
    open_dataset(shipped_copy)
    execute_and_close(
        f"UPDATE dataset SET schema = {schema}, render = 0", "UPDATE document SET body = '{}'"
    )
    with pytest.raises(UnsupportedDatabase) as refused:
        open_dataset(shipped_copy)
    assert str(refused.value) == (
        f"this database has schema {schema}, this release of Claimbase reads {SCHEMA_VERSION}: "
        + remedy
    )
    assert set(document_bodies().values()) == {"{}"}


def test_a_database_with_another_dataset_table_is_refused(shipped_copy: str) -> None:
    """The refusal needs only the table's column `schema`."""
    open_dataset(shipped_copy)
    execute_and_close(
        "ALTER TABLE dataset RENAME TO old",
        "CREATE TABLE dataset (id TEXT, version INTEGER, schema INTEGER, shape TEXT)",
        "INSERT INTO dataset VALUES ('x', 1, 99, 'new')",
    )
    with pytest.raises(UnsupportedDatabase, match="this database has schema 99"):
        open_dataset(shipped_copy)


@pytest.mark.parametrize(
    "url",
    ["sqlite:/x.db", "sqlite:///", "x.db", "", "sqlite+pool:///x.db"],
)
def test_an_invalid_database_url_is_refused(url: str) -> None:
    with pytest.raises(UnsupportedDatabase, match=r"invalid database URL .*: write sqlite:///"):
        connect(url)


def test_a_database_without_a_dataset_is_not_read(tmp_path: Path) -> None:
    url = created() if ENGINE == "postgres" else f"sqlite:///{tmp_path}/none.db"
    with pytest.raises(OperationalError, match="no dataset yet: load files into DATABASE_URL"):
        open_to_read(url)
    assert not database.table_exists("dataset")
    disconnect()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("render = 0", "this database has the documents of another release: run claimbase migrate"),
        ("schema = 0", "this database has schema 0, .*: run claimbase migrate"),
    ],
)
def test_reading_renders_and_migrates_nothing(shipped_copy: str, change: str, message: str) -> None:
    open_dataset(shipped_copy)
    open_to_read(shipped_copy)
    execute_and_close(f"UPDATE dataset SET {change}", "UPDATE document SET body = '{}'")
    with pytest.raises(UnsupportedDatabase, match=message):
        open_to_read(shipped_copy)
    assert set(document_bodies().values()) == {"{}"}
