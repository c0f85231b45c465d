"""Which seed files were loaded, so that unchanged files need not be read again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from peewee import IntegerField, TextField

from models.base import Base
from models.database.connection import database, fetch_all


class SeedFile(Base):
    """A loaded file: the digest of its content, and its number of records."""

    key = IntegerField(primary_key=True)
    digest = TextField(unique=True)
    records = IntegerField()


class SeededRecord(Base):
    """The file that last gave a record, while the record is as the file has it."""

    key = IntegerField(primary_key=True)
    file = IntegerField(index=True)

    class Meta:
        table_name = "seeded"


class LoadedFile(NamedTuple):
    """A loaded file whose records are all unchanged."""

    key: int
    records: int


def loaded_files() -> dict[str, LoadedFile]:
    """The files that a load would find unchanged, by digest."""
    return {
        digest: LoadedFile(key, records)
        for digest, key, records in fetch_all(
            "SELECT digest, key, records FROM seed_file WHERE records ="
            " COALESCE((SELECT seeded_records FROM (SELECT file, COUNT(*) AS seeded_records"
            " FROM seeded GROUP BY file) AS counts WHERE counts.file = seed_file.key), 0)"
        )
    }


def forget_seeded(keys: Iterable[int]) -> None:
    """Note that these records are no longer as a file has them."""
    sql = f"DELETE FROM seeded WHERE key IN {database.in_list}"
    database.execute_sql(sql, (database.pack(keys),))
