"""Schemas of old, and what takes a database from each to the next.

Models speak of today's tables, so a step writes out the ones that it meets. All steps that a
database lacks run in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable

from models.base import SCHEMA_VERSION, connect, database, new_state, require_schema, schema
from models.documents import open_dataset


def know_files() -> None:
    """Schema 2 knows the files that it has taken; those of schema 1 are read once more."""
    for statement in (
        'CREATE TABLE "seed_file" ("key" INTEGER NOT NULL PRIMARY KEY, "digest" TEXT NOT NULL,'
        ' "records" INTEGER NOT NULL)',
        'CREATE UNIQUE INDEX "seed_file_digest" ON "seed_file" ("digest")',
        'CREATE TABLE "seeded" ("key" INTEGER NOT NULL PRIMARY KEY, "file" INTEGER NOT NULL)',
        'CREATE INDEX "seeded_file" ON "seeded" ("file")',
    ):
        database.execute_sql(statement)


def find_later_reports() -> None:
    """Schema 3 has an index of the reports that are not a claim's first."""
    database.execute_sql(
        'CREATE INDEX "report_claim_ordinal_listed_source_publisher" ON "report"'
        ' ("claim", "ordinal", "listed", "source", "publisher") WHERE ("ordinal" > 0)'
    )


def tell_states_apart() -> None:
    """Schema 4 has something random for each version of the dataset."""
    database.execute_sql('ALTER TABLE "dataset" ADD COLUMN "state" TEXT NOT NULL DEFAULT \'\'')
    database.execute_sql(f"UPDATE dataset SET state = {database.param}", (new_state(),))


# the first takes schema 1 to schema 2
STEPS: tuple[Callable[[], None], ...] = (know_files, find_later_reports, tell_states_apart)


def migrate(url: str) -> tuple[int, int]:
    """Bring the dataset at `url` to today's schema; gives the schema before and after.

    Raises UnsupportedDatabase where a later release wrote it.
    """
    connect(url)
    with database.writing():
        before = schema()
        if before > SCHEMA_VERSION:
            require_schema(before)
        for step in STEPS[before - 1 :]:
            step()
        database.execute_sql(f"UPDATE dataset SET schema = {SCHEMA_VERSION}")
    open_dataset(url)
    return before, SCHEMA_VERSION
