"""Migrations: each step brings a database from one schema to the next.

Models describe today's tables, so a step names the tables and columns that it finds. The steps
that a database lacks run in one transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from models.database.connection import database
from models.database.sqlite import Sqlite


def add_seed_files() -> None:
    """Schema 2 records which files were loaded; the files of schema 1 are read once more."""
    for statement in (
        'CREATE TABLE "seed_file" ("key" INTEGER NOT NULL PRIMARY KEY, "digest" TEXT NOT NULL,'
        ' "records" INTEGER NOT NULL)',
        'CREATE UNIQUE INDEX "seed_file_digest" ON "seed_file" ("digest")',
        'CREATE TABLE "seeded" ("key" INTEGER NOT NULL PRIMARY KEY, "file" INTEGER NOT NULL)',
        'CREATE INDEX "seeded_file" ON "seeded" ("file")',
    ):
        database.execute_sql(statement)


def index_later_reports() -> None:
    """Schema 3 has an index of the reports after a claim's first."""
    database.execute_sql(
        'CREATE INDEX "report_claim_ordinal_listed_source_publisher" ON "report"'
        ' ("claim", "ordinal", "listed", "source", "publisher") WHERE ("ordinal" > 0)'
    )


def add_version_token() -> None:
    """Schema 4 has a random token for each version of the dataset."""
    database.execute_sql('ALTER TABLE "dataset" ADD COLUMN "state" TEXT NOT NULL DEFAULT \'\'')
    database.execute_sql(f"UPDATE dataset SET state = {database.param}", (secrets.token_hex(8),))


def add_entry_order() -> None:
    """Schema 5 has a column for the order of entry; before, keys gave it."""
    for table, scans in SCANS.items():
        key = "key" if table in ("record", "claim") else "claim"
        statements = [
            f"ALTER TABLE {table} ADD COLUMN entered INTEGER NOT NULL DEFAULT 0",
            f"UPDATE {table} SET entered = {key}",
        ]
        for scan in scans:
            by = f"{scan}, entered" + (", claim" if key == "claim" else "")
            more = ", stance" if scan.startswith("position") else ""
            statements += [
                f"DROP INDEX {table}_{f'{scan}, {key}{more}'.replace(', ', '_')}",
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


# the indexes that lists scan, by the columns before the key of schema 4
SCANS = {
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


def add_claimants_and_event_claims() -> None:
    """Schema 6 has the claimant of a claim, and the claims of each event and of its parts."""
    rowless = " WITHOUT ROWID" if isinstance(database.obj, Sqlite) else ""
    reference = "INTEGER NOT NULL REFERENCES {} (key) DEFERRABLE INITIALLY DEFERRED"
    for statement in (
        "ALTER TABLE claim ADD COLUMN claimant INTEGER REFERENCES record (key)"
        " DEFERRABLE INITIALLY DEFERRED",
        "CREATE INDEX claim_claimant_listed_date_key_entered ON claim"
        " (claimant, listed, date_key, entered)",
        f"CREATE TABLE event_ancestor (event {reference.format('event')},"
        f" ancestor {reference.format('event')}, PRIMARY KEY (event, ancestor)){rowless}",
        "CREATE INDEX event_ancestor_ancestor ON event_ancestor (ancestor)",
        f"CREATE TABLE event_claim (event {reference.format('event')}, listed INTEGER NOT NULL,"
        " date_key INTEGER NOT NULL, entered INTEGER NOT NULL,"
        f" claim {reference.format('claim')},"
        f" PRIMARY KEY (event, listed, date_key, entered)){rowless}",
        "CREATE INDEX event_claim_claim ON event_claim (claim)",
        # PostgreSQL alters no table with rows whose references are still to be checked
        "UPDATE claim SET claimant = COALESCE(actor, organization)",
        "INSERT INTO event_ancestor WITH RECURSIVE closure (event, ancestor) AS ("
        "SELECT key, key FROM event UNION SELECT closure.event, event.parent FROM closure"
        " JOIN event ON event.key = closure.ancestor WHERE event.parent IS NOT NULL)"
        " SELECT event, ancestor FROM closure",
        "INSERT INTO event_claim SELECT event_ancestor.ancestor, listed, date_key, entered,"
        " claim.key FROM claim JOIN event_ancestor ON event_ancestor.event = claim.event",
    ):
        database.execute_sql(statement)


# the first brings schema 1 to schema 2
STEPS: tuple[Callable[[], None], ...] = (
    add_seed_files,
    index_later_reports,
    add_version_token,
    add_entry_order,
    add_claimants_and_event_claims,
)

SCHEMA_VERSION = 1 + len(STEPS)


def run_steps(schema: int) -> None:
    """Run the steps that a database of this schema lacks, inside a transaction."""
    for step in STEPS[schema - 1 :]:
        step()
    database.execute_sql(f"UPDATE dataset SET schema = {SCHEMA_VERSION}")
