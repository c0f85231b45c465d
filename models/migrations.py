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
    rowless = " WITHOUT ROWID" if on_sqlite() else ""
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


def revise_model() -> None:
    """Schema 6 has standard names, claimants, claims of events, and further optional fields."""
    rename_columns()
    add_optional_fields()
    # rows come last: PostgreSQL alters no table with rows whose references are still to be checked
    recreate_name_keys()
    add_versions()
    add_claimants_and_event_claims()
    add_search_texts()


def check_references() -> None:
    """Check the references of rows that former steps wrote: PostgreSQL then alters their tables."""
    if not on_sqlite():
        database.execute_sql("SET CONSTRAINTS ALL IMMEDIATE")
        database.execute_sql("SET CONSTRAINTS ALL DEFERRED")


def rename_columns() -> None:
    """Rename `entered` to `seq` and `state` to `version_token`, and indexes with their columns."""
    check_references()
    database.execute_sql("ALTER TABLE dataset RENAME COLUMN state TO version_token")
    for table in (*SCANS, "topic_claim"):
        database.execute_sql(f"ALTER TABLE {table} RENAME COLUMN entered TO seq")
        for index in database.get_indexes(table):
            if "_entered" in index.name:
                database.execute_sql(f"DROP INDEX {index.name}")
                database.execute_sql(index.sql.replace("_entered", "_seq"))


def add_claimants_and_event_claims() -> None:
    rowless = " WITHOUT ROWID" if on_sqlite() else ""
    reference = "INTEGER NOT NULL REFERENCES {} (key) DEFERRABLE INITIALLY DEFERRED"
    for statement in (
        "ALTER TABLE claim ADD COLUMN claimant INTEGER REFERENCES record (key)"
        " DEFERRABLE INITIALLY DEFERRED",
        "CREATE INDEX claim_claimant_listed_date_key_seq ON claim"
        " (claimant, listed, date_key, seq)",
        f"CREATE TABLE event_ancestor (event {reference.format('event')},"
        f" ancestor {reference.format('event')}, PRIMARY KEY (event, ancestor)){rowless}",
        "CREATE INDEX event_ancestor_ancestor ON event_ancestor (ancestor)",
        f"CREATE TABLE event_claim (event {reference.format('event')}, listed INTEGER NOT NULL,"
        " date_key INTEGER NOT NULL, seq INTEGER NOT NULL,"
        f" claim {reference.format('claim')},"
        f" PRIMARY KEY (event, listed, date_key, seq)){rowless}",
        "CREATE INDEX event_claim_claim ON event_claim (claim)",
        "UPDATE claim SET claimant = COALESCE(actor, organization)",
        "INSERT INTO event_ancestor WITH RECURSIVE closure (event, ancestor) AS ("
        "SELECT key, key FROM event UNION SELECT closure.event, event.parent FROM closure"
        " JOIN event ON event.key = closure.ancestor WHERE event.parent IS NOT NULL)"
        " SELECT event, ancestor FROM closure",
        "INSERT INTO event_claim SELECT event_ancestor.ancestor, listed, date_key, seq,"
        " claim.key FROM claim JOIN event_ancestor ON event_ancestor.event = claim.event",
    ):
        database.execute_sql(statement)


def recreate_name_keys() -> None:
    """Replace `handle` by `name_key`, which has more kinds of keys; `derive_all` fills it."""
    rowless = " WITHOUT ROWID" if on_sqlite() else ""
    text = text_type()
    for statement in (
        f"CREATE TABLE name_key (value {text} NOT NULL, kind {text} NOT NULL CHECK (kind IN"
        " ('former', 'identifier', 'attribute', 'name', 'spelling', 'word')),"
        f" type {text} NOT NULL, record INTEGER NOT NULL REFERENCES record (key)"
        " DEFERRABLE INITIALLY DEFERRED, ordinal INTEGER NOT NULL,"
        f" PRIMARY KEY (value, kind, type, record, ordinal)){rowless}",
        "CREATE INDEX name_key_record ON name_key (record)",
        "CREATE UNIQUE INDEX name_key_unique ON name_key (type, value)"
        " WHERE (kind IN ('former', 'identifier'))",
        "INSERT INTO name_key SELECT value, kind, type, record, ordinal FROM handle"
        " WHERE kind IN ('former', 'identifier')",
        "DROP TABLE handle",
    ):
        database.execute_sql(statement)


def add_versions() -> None:
    """Record which versions the dataset had, from now on."""
    for statement in (
        "CREATE TABLE dataset_version (version INTEGER NOT NULL PRIMARY KEY,"
        f" token {text_type()} NOT NULL)",
        "INSERT INTO dataset_version SELECT version, version_token FROM dataset",
    ):
        database.execute_sql(statement)


def add_search_texts() -> None:
    """Add the texts of records for full-text search; `derive_all` fills them."""
    if on_sqlite():
        statements = (
            "CREATE VIRTUAL TABLE search_text USING fts5 (words, tokenize = 'ascii')",
            "INSERT INTO search_text (search_text, rank) VALUES ('hashsize', 33554432)",
        )
    else:
        statements = (
            f"CREATE TABLE search_text (rowid BIGINT NOT NULL PRIMARY KEY, words {text_type()}"
            " NOT NULL, lexemes TSVECTOR NOT NULL)",
            "CREATE INDEX search_text_lexemes ON search_text USING gin (lexemes)",
        )
    for statement in statements:
        database.execute_sql(statement)


def add_optional_fields() -> None:
    """Add columns, and words to closed lists; a review needs no rating."""
    text = text_type()
    organization = "INTEGER REFERENCES organization (key) DEFERRABLE INITIALLY DEFERRED"
    verdicts = "'true', 'mostly-true', 'mixed', 'mostly-false', 'false', 'unverifiable', 'other'"
    for table, column in (
        ("position", f"label {text}"),
        *((table, f"attributes {text}") for table in ("position", "topic", "event", "source")),
        ("source", f"archive_url {text}"),
        ("source", f"accessed {text}"),
        ("membership", f"on_behalf_of {organization}"),
        ("membership", f"area {text}"),
        ("claim", f"shown_role {text}"),
        ("review", f"rating_folded {text}"),
        ("review", f"verdict {text} CHECK (verdict IS NULL OR verdict IN ({verdicts}))"),
        ("review", f"author {text}"),
        ("review", f"title {text}"),
    ):
        database.execute_sql(f"ALTER TABLE {table} ADD COLUMN {column}")
    database.execute_sql("DROP INDEX review_organization")
    scan = "listed, date_key, seq"
    for table, columns in (
        ("membership", "on_behalf_of"),
        ("claim", f"shown_role, {scan}"),
        ("review", f"organization, {scan}, claim"),
        ("review", f"rating_folded, {scan}, claim"),
        ("review", f"verdict, {scan}, claim"),
    ):
        name = f"{table}_{columns.replace(', ', '_')}"
        database.execute_sql(f"CREATE INDEX {name} ON {table} ({columns})")
    if on_sqlite():
        change_definition("review", '"rating" TEXT NOT NULL', '"rating" TEXT')
    else:
        database.execute_sql("ALTER TABLE review ALTER COLUMN rating DROP NOT NULL")
    for table, before, words in (
        ("organization", "'ngo'", "'parliament', 'court'"),
        ("event", "'election'", "'conference', 'vote'"),
    ):
        add_kinds(table, before, words)


def add_kinds(table: str, before: str, words: str) -> None:
    """Let the column `kind` of a table have more words, in the list before a word."""
    if on_sqlite():
        change_definition(table, before, f"{words}, {before}")
        return
    constraint = f"{table}_kind_check"
    sql = f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{constraint}'"
    ((definition,),) = database.execute_sql(sql).fetchall()
    database.execute_sql(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    definition = definition.replace(before, f"{words}, {before}")
    database.execute_sql(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}")


def change_definition(table: str, old: str, new: str) -> None:
    """Change the constraints in a table's definition in SQLite, which cannot alter them.

    The way of https://www.sqlite.org/lang_altertable.html for changes that leave the rows as they
    are. The version of the schema rises with the other changes of the transaction.
    """
    database.execute_sql("PRAGMA writable_schema = ON")
    database.execute_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?",
        (old, new, table),
    )
    database.execute_sql("PRAGMA writable_schema = RESET")


def add_counts_and_word_index() -> None:
    """Schema 7 counts the independent publishers of claims, and has indexes for completions."""
    check_references()
    for table in ("organization", "actor", "topic", "position", "event", "source"):
        database.execute_sql(f"CREATE INDEX {table}_claim_count_key ON {table} (claim_count, key)")
    database.execute_sql(
        "CREATE INDEX name_key_word ON name_key (type, value, record, ordinal) WHERE kind = 'word'"
    )
    count_independent_publishers()


def count_independent_publishers() -> None:
    """Claims store the number of their independent publishers, and are sorted by it."""
    for statement in (
        "ALTER TABLE claim ADD COLUMN independent_publishers INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX claim_listed_independent_publishers_seq ON claim"
        " (listed, independent_publishers, seq)",
        "CREATE INDEX claim_listed_independent_publishers_desc_seq ON claim"
        " (listed, independent_publishers DESC, seq)",
        # rows come last, as in schema 6
        "UPDATE claim SET independent_publishers = (SELECT"
        " COUNT(DISTINCT COALESCE(source.origin, source.publisher, source.key)) FROM report"
        " JOIN source ON source.key = report.source WHERE report.claim = claim.key)",
    ):
        database.execute_sql(statement)


def on_sqlite() -> bool:
    return isinstance(database.obj, Sqlite)


def text_type() -> str:
    """The type of text columns: it sorts by code points."""
    return "TEXT" if on_sqlite() else 'TEXT COLLATE "C"'


# the first brings schema 1 to schema 2
STEPS: tuple[Callable[[], None], ...] = (
    add_seed_files,
    index_later_reports,
    add_version_token,
    add_entry_order,
    revise_model,
    add_counts_and_word_index,
)

SCHEMA_VERSION = 1 + len(STEPS)


def run_steps(schema: int) -> None:
    """Run the steps that a database of this schema lacks, inside a transaction."""
    for step in STEPS[schema - 1 :]:
        step()
    database.execute_sql(f"UPDATE dataset SET schema = {SCHEMA_VERSION}")
