"""Which seed files the dataset has taken, so that it knows them again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from peewee import IntegerField, TextField

from models.base import Base, database, rows


class SeedFile(Base):
    """A file that was loaded: the digest of its content, and how many records it holds."""

    key = IntegerField(primary_key=True)
    digest = TextField(unique=True)
    records = IntegerField()


class Seeded(Base):
    """The file that last gave a record, where the record stands as the file has it."""

    key = IntegerField(primary_key=True)
    file = IntegerField(index=True)


class Known(NamedTuple):
    """A file whose records all stand in the dataset as it has them."""

    key: int
    records: int


def known_files() -> dict[str, Known]:
    """The files, by digest, that a load would find unchanged."""
    return {
        digest: Known(key, records)
        for digest, key, records in rows(
            "SELECT digest, key, records FROM seed_file WHERE records ="
            " COALESCE((SELECT standing FROM (SELECT file, COUNT(*) AS standing FROM seeded"
            " GROUP BY file) AS counted WHERE counted.file = seed_file.key), 0)"
        )
    }


def forget(keys: Iterable[int]) -> None:
    """These records no longer stand as a file has them."""
    sql = f"DELETE FROM seeded WHERE key IN {database.in_list}"
    database.execute_sql(sql, (database.pack(keys),))
