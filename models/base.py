"""Base classes and columns of all tables.

Keys are integers and stay inside the database; ids are text and are public. Each
record of any type has one row in `record`. The record's row in the table of its type
has the same key. So one foreign key can refer to "an actor or an organization".

Rows lie in the file in the order of their keys. A load gives claims keys by claimant
and date, so that the claims of one claimant lie together. `seq` numbers the
records in the order in which they entered the dataset.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peewee import SQL, BlobField, ForeignKeyField, IntegerField, Model, TextField

from models.database.connection import database


class Base(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Record(Base):
    """The row of any record: key, type, id, hash of the canonical form, version, times."""

    key = IntegerField(primary_key=True)
    seq = IntegerField(unique=True)
    # one of RECORD_TYPES: models/__init__.py adds the constraint
    type = TextField(constraints=[])
    id = TextField()
    hash = BlobField()
    version = IntegerField(index=True)
    created_at = TextField()
    updated_at = TextField()

    class Meta:
        indexes = ((("type", "id"), True), (("type", "updated_at", "seq"), False))


class Deletion(Base):
    """The dataset version that deleted an id."""

    type = TextField()
    id = TextField()
    version = IntegerField(index=True)

    class Meta:
        primary_key = False
        indexes = ((("type", "id"), True),)


class JSONField(TextField):
    """A list or an object, stored as JSON text."""


class Reference(ForeignKeyField):
    """A foreign key whose column has the field's name, checked at commit."""

    def bind(self, model: type[Model], name: str, set_attribute: bool = True) -> None:
        self.column_name = self.column_name or name
        super().bind(model, name, set_attribute)


def foreign_key(model: Any, **options: Any) -> Reference:
    """A deferred foreign key, since records come in any order; without an index unless asked."""
    return Reference(
        model, **{"index": False, "backref": "+", "deferrable": "INITIALLY DEFERRED", **options}
    )


def record_key() -> Reference:
    """The primary key of a table that has one row for each record."""
    return foreign_key(Record, primary_key=True, column_name="key")


class Document(Base):
    """A record's rendered JSON document."""

    key = record_key()
    body = BlobField()


def word_check(column: str, words: Iterable[str], *, required: bool = True) -> SQL:
    """The constraint that a column holds one word of a closed list."""
    quoted = ", ".join(f"'{word}'" for word in words)
    null = "" if required else f"{column} IS NULL OR "
    return SQL(f'CHECK ({null}"{column}" IN ({quoted}))')


def columns_of(model: type[Model]) -> list:
    """The fields of a table, in the order of its columns."""
    return model._meta.sorted_fields


def insert_rows(model: type[Model], rows: Iterable[tuple]) -> None:
    """Insert rows, each a tuple in the order of the model's columns."""
    names = [field.column_name for field in columns_of(model)]
    database.insert(model._meta.table_name, names, rows)
