"""Schemas of old, and what takes a database from each to the next.

Models speak of today's tables, so a step writes out the ones that it meets. All steps that a
database lacks run in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable

from models.base import SCHEMA_VERSION, connect, database, new_state, require_schema, schema
from models.database.sqlite import Sqlite
from models.documents.refresh import open_dataset


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


def tell_entry_from_keys() -> None:
    """Schema 5 says in which order records entered, which was that of their keys."""
    for table, walks in WALKS.items():
        key = "key" if table in ("record", "claim") else "claim"
        statements = [
            f"ALTER TABLE {table} ADD COLUMN entered INTEGER NOT NULL DEFAULT 0",
            f"UPDATE {table} SET entered = {key}",
        ]
        for walk in walks:
            by = f"{walk}, entered" + (", claim" if key == "claim" else "")
            more = ", stance" if walk.startswith("position") else ""
            statements += [
                f"DROP INDEX {table}_{f'{walk}, {key}{more}'.replace(', ', '_')}",
                f"CREATE INDEX {table}_{f'{by}{more}'.replace(', ', '_')} ON {table} ({by}{more})",
            ]
        for statement in statements:
            database.execute_sql(statement)
    rowless = " WITHOUT ROWID" if isinstance(database.obj, Sqlite) else ""
    reference = "INTEGER NOT NULL REFERENCES {} (key) DEFERRABLE INITIALLY DEFERRED"
    for statement in (
        "CREATE UNIQUE INDEX record_entered ON record (entered)",
        "ALTER TABLE topic_claim RENAME TO topic_claim_4",
        "DROP INDEX topic_claim_claim",
        f"CREATE TABLE topic_claim (topic {reference.format('topic')}, listed INTEGER NOT NULL,"
        " date_key INTEGER NOT NULL, entered INTEGER NOT NULL,"
        f" claim {reference.format('claim')}, PRIMARY KEY (topic, listed, date_key, entered))"
        + rowless,
        "CREATE INDEX topic_claim_claim ON topic_claim (claim)",
        "INSERT INTO topic_claim SELECT topic, listed, date_key, claim, claim FROM topic_claim_4",
        "DROP TABLE topic_claim_4",
    ):
        database.execute_sql(statement)


# what lists are walked by, before the keys of schema 4
WALKS = {
    "record": ("type, updated_at",),
    "claim": (
        *(
            f"{leading}, listed, date_key"
            for leading in (
                "actor", "organization", "event", "country", "form", "language", "coder", "status",
            )
        ),
        "listed, date_key",
    ),
    "claim_topic": (),
    "claim_position": ("position, listed, date_key", "stance, listed, date_key"),
    "addressee": ("party, listed, date_key",),
    "about": ("party, listed, date_key",),
    "report": (
        "source, listed, date_key", "publisher, listed, date_key", "attribution, listed, date_key",
    ),
    "relation": (),
    "review": (),
}  # fmt: skip

# the first takes schema 1 to schema 2
STEPS: tuple[Callable[[], None], ...] = (
    know_files,
    find_later_reports,
    tell_states_apart,
    tell_entry_from_keys,
)


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
