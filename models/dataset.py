"""The dataset's own row: which database it is, its version and digest."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from peewee import IntegerField, Model, TextField

from models.base import Base
from models.database.connection import UnsupportedDatabase, database, fetch_all
from models.migrations import SCHEMA_VERSION


class Dataset(NamedTuple):
    """The dataset at one version."""

    # names the database; stays for good
    id: str
    # signs cursors
    secret: str
    version: int
    last_key: int
    digest: str
    # the RENDER_VERSION of the stored documents
    render: int
    schema: int
    # random, new for each version: unlike the number, it never comes back after a restore
    version_token: str


def dataset_name(dataset: Dataset) -> str:
    """An opaque name of the database and its version."""
    return f"{dataset.id}-{dataset.version}-{dataset.version_token}"


class DatasetRow(Base):
    """The table `dataset`. It has one row."""

    id = TextField()
    secret = TextField()
    version = IntegerField()
    # the highest key and the highest `seq`: neither is ever given again
    last_key = IntegerField()
    digest = TextField()
    render = IntegerField()
    schema = IntegerField()
    version_token = TextField()

    class Meta:
        table_name = "dataset"
        primary_key = False


class DatasetVersion(Base):
    """A version that the dataset had, with its token."""

    version = IntegerField(primary_key=True)
    token = TextField()


SELECT_DATASET = (
    "SELECT id, secret, version, last_key, digest, render, schema, version_token FROM dataset"
)


def read_dataset() -> Dataset:
    """The dataset's row."""
    return Dataset(*fetch_all(SELECT_DATASET)[0])


def create_tables(models: Iterable[type[Model]], render: int) -> None:
    """Create the tables of an empty database; leave existing tables as they are."""
    if not database.table_exists("dataset"):
        with database.writing():
            # another process may have created them meanwhile
            if not database.table_exists("dataset"):
                database.create_tables(models)
                database.create_text_index()
                token = new_version_token()
                DatasetVersion.insert(version=0, token=token).execute()
                DatasetRow.insert(
                    id=secrets.token_hex(8),
                    secret=secrets.token_hex(16),
                    version=0,
                    last_key=0,
                    digest="0" * 64,
                    render=render,
                    schema=SCHEMA_VERSION,
                    version_token=token,
                ).execute()
    require_schema(schema_version())


def utc_now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def new_version_token() -> str:
    return secrets.token_hex(8)


def next_version(version: int, digest: str, last_key: int) -> None:
    """Give the dataset its next version."""
    token = new_version_token()
    param = database.param
    database.execute_sql(
        f"UPDATE dataset SET version = {param}, digest = {param}, last_key = {param},"
        f" version_token = {param}",
        (version, digest, last_key, token),
    )
    DatasetVersion.insert(version=version, token=token).execute()


def had_version(version: int, token: str) -> bool:
    """Whether the dataset had this version. A restore loses the versions after the backup."""
    param = database.param
    sql = f"SELECT 1 FROM dataset_version WHERE version = {param} AND token = {param}"
    return bool(fetch_all(sql, version, token))


def schema_version() -> int:
    """The schema that the tables have."""
    return fetch_all("SELECT schema FROM dataset")[0][0]


def require_schema(schema: int) -> None:
    """Refuse a database whose tables another release created. Raises UnsupportedDatabase."""
    if schema == SCHEMA_VERSION:
        return
    if schema < SCHEMA_VERSION:
        hint = "run claimbase migrate"
    else:
        hint = "use the release that wrote it, or a later one"
    raise UnsupportedDatabase(
        f"this database has schema {schema}, this release of Claimbase reads {SCHEMA_VERSION}: "
        + hint
    )
