"""The database, and what all tables share.

Keys are integers and stay inside; ids are text and are what the world sees.
Every record of any type has one row in `record`, whose key is also the key of
its row in the table of its type: one key space, so that a link to "an actor or
an organization" is one real foreign key.

Rows lie in the file in the order of their keys. A load gives claims keys by who
makes them, so that a claimant's lie together; in which order records entered the
dataset, says `entered`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import orjson
from peewee import (
    SQL,
    BlobField,
    Check,
    DatabaseProxy,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from models.database.sqlite import Sqlite

database = DatabaseProxy()

SCHEMA_VERSION = 5
TYPES = ("organization", "actor", "topic", "position", "event", "source", "claim")


class UnsupportedDatabase(ValueError):
    """The database URL names an engine, or the file a schema, that this release cannot use."""


class Base(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Record(Base):
    """What all records share: key, type, id, hash of the canonical form, version, times."""

    key = IntegerField(primary_key=True)
    entered = IntegerField(unique=True)
    type = TextField(constraints=[Check(f"type IN {TYPES}")])
    id = TextField()
    hash = BlobField()
    version = IntegerField(index=True)
    created_at = TextField()
    updated_at = TextField()

    class Meta:
        indexes = ((("type", "id"), True), (("type", "updated_at", "entered"), False))


class Deletion(Base):
    """The dataset version at which an id went away."""

    type = TextField()
    id = TextField()
    version = IntegerField(index=True)

    class Meta:
        primary_key = False
        indexes = ((("type", "id"), True),)


class Dataset(NamedTuple):
    """The dataset as it stands: the database's id, its version and digest, and so on."""

    id: str
    secret: str
    version: int
    last_key: int
    digest: str
    render: int
    schema: int
    state: str


class DatasetRow(Base):
    """One row: the database's id, its version and digest, and what rendered its documents."""

    id = TextField()
    # signs cursors
    secret = TextField()
    version = IntegerField()
    # the highest of the keys and of `entered`; keys never come back: what has one may outlive the
    # record
    last_key = IntegerField()
    digest = TextField()
    render = IntegerField()
    schema = IntegerField()
    # random, another one for each version: what is known of it is known by this, since a number
    # comes a second time where a backup was put back
    state = TextField()

    class Meta:
        table_name = "dataset"
        primary_key = False


class JSONField(TextField):
    """A list or an object, kept as JSON text."""

    def db_value(self, value: Any) -> str:
        return orjson.dumps(value).decode()

    def python_value(self, value: str) -> Any:
        return orjson.loads(value)


class Reference(ForeignKeyField):
    """A foreign key whose column has its own plain name, checked at commit."""

    def bind(self, model: type[Model], name: str, set_attribute: bool = True) -> None:
        self.column_name = self.column_name or name
        super().bind(model, name, set_attribute)


def reference(model: Any, **options: Any) -> Reference:
    """A foreign key, without an index of its own unless asked; records come in any order."""
    return Reference(
        model, **{"index": False, "backref": "+", "deferrable": "INITIALLY DEFERRED", **options}
    )


def key_of_record() -> Reference:
    """The primary key of a table of one type: the key of its row in `record`."""
    return reference(Record, primary_key=True, column_name="key")


class Document(Base):
    """A record's JSON document, rendered when it, or what it shows, was written."""

    key = key_of_record()
    body = BlobField()


def one_of(column: str, values: Iterable[str], *, required: bool = True) -> SQL:
    listed = ", ".join(f"'{value}'" for value in values)
    null = "" if required else f"{column} IS NULL OR "
    return SQL(f'CHECK ({null}"{column}" IN ({listed}))')


def connect(url: str) -> None:
    """Point the models at the database of `url`: `sqlite:///file.db`, `postgresql://host/name`."""
    if getattr(database.obj, "url", None) == url:
        # its connections serve on
        return
    disconnect()
    scheme, _, path = url.partition("://")
    if scheme == "sqlite" and path[:1] == "/" and path[1:]:
        database.initialize(Sqlite(path[1:]))
    elif scheme == "postgresql" and path:
        try:
            from models.database.postgres import Postgres
        except ImportError:
            raise UnsupportedDatabase(
                "PostgreSQL needs its driver: pip install 'claimbase[postgres]'"
            ) from None
        database.initialize(Postgres(url))
    else:
        # without what may be a password
        raise UnsupportedDatabase(
            f"{url.rpartition('@')[2]!r} is no database URL: write sqlite:///file.db (relative), "
            "sqlite:////path/file.db (absolute) or postgresql://user@host/name"
        )


def disconnect() -> None:
    """Close this thread's connection, and the idle ones."""
    if database.obj is not None:
        database.close()
        database.close_idle()


def columns_of(model: type[Model]) -> list:
    return model._meta.sorted_fields


def insert(model: type[Model], rows: Iterable[tuple]) -> None:
    """Insert rows, each a tuple in the order of the model's columns."""
    names = [field.column_name for field in columns_of(model)]
    database.insert(model._meta.table_name, names, rows)


def rows(sql: str, *params: Any) -> list[tuple]:
    return database.execute_sql(sql, params).fetchall()


def batches(keys: Iterable[int], size: int = 500) -> Iterator[list[int]]:
    batch: list[int] = []
    for key in keys:
        batch.append(key)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


@contextmanager
def reading() -> Iterator[Dataset]:
    """One snapshot of the dataset for all statements inside, and its version row."""
    with database.snapshot():
        found = dataset()
        require_schema(found.schema)
        yield found


def peek_dataset() -> Dataset:
    """The dataset's row at this moment, for a caller that reads nothing else."""
    found = Dataset._make(database.peek(DATASET))
    require_schema(found.schema)
    return found


def dataset() -> Dataset:
    """The row that names the database and its version."""
    return Dataset(*rows(DATASET)[0])


DATASET = f"SELECT {', '.join(Dataset._fields)} FROM dataset"


def create_tables(models: Iterable[type[Model]], render: int) -> None:
    """Make the tables of an empty database; leave one that has them as it is."""
    if not database.table_exists("dataset"):
        with database.writing():
            if not database.table_exists("dataset"):
                database.create_tables(models)
                DatasetRow.insert(
                    id=secrets.token_hex(8),
                    secret=secrets.token_hex(16),
                    version=0,
                    last_key=0,
                    digest="0" * 64,
                    render=render,
                    schema=SCHEMA_VERSION,
                    state=new_state(),
                ).execute()
    require_schema(schema())


def new_state() -> str:
    return secrets.token_hex(8)


def schema() -> int:
    """The version of the schema that the tables have."""
    return rows("SELECT schema FROM dataset")[0][0]


def require_schema(found: int) -> None:
    """Refuse a database whose tables another release made."""
    if found != SCHEMA_VERSION:
        older = found < SCHEMA_VERSION
        raise UnsupportedDatabase(
            f"this database has schema {found}, this release of Claimbase reads {SCHEMA_VERSION}: "
            + (
                "run claimbase migrate"
                if older
                else "use the release that wrote it, or a later one"
            )
        )
