"""Keeping documents fresh.

A document is rendered when its record changes, or a record that it shows. A writer lists the keys
that it touches in the table `touched`. It marks stale documents before and after its writes, in
the table `stale`. Then it renders them, in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from models.database.connection import database, fetch_all
from models.documents.batch import RenderBatch
from models.documents.claim_fields import independent_publishers
from models.documents.dependencies import CLAIM_COUNTS, COUNTED_BY, SHOWN_BY, claims_related_to
from models.documents.related import RelatedRecords
from models.documents.render import RENDER_VERSION, render_documents

RENDER_BATCH = 500


def begin_marking() -> None:
    """Create the empty tables `touched` and `stale`.

    The column `change` is `added`, `changed` or `removed`.
    """
    database.temporary("touched", "key INTEGER PRIMARY KEY, type TEXT, change TEXT")
    database.temporary("stale", "key INTEGER PRIMARY KEY")


def mark_stale(*, first_load: bool = False) -> None:
    """Mark the documents that show or count the touched records, by the present rows.

    New claims are rendered when they are written, except those in relations. In a first load no
    other documents show the touched records.
    """
    mark_selected("SELECT key FROM touched WHERE type <> 'claim' OR change <> 'added'")
    if first_load:
        # `WHERE true`, else SQLite takes ON CONFLICT for a join condition
        mark_selected("SELECT claim FROM relation WHERE true")
        mark_selected("SELECT target FROM relation WHERE true")
        return
    for type, selects in SHOWN_BY.items():
        if type != "claim":
            mark_dependents(f"type = '{type}'", selects)
    new = "type = 'claim' AND change = 'added'"
    database.execute_sql(f"DELETE FROM stale WHERE key IN (SELECT key FROM touched WHERE {new})")
    mark_dependents(new, ["SELECT claim FROM relation WHERE claim IN {keys}"])
    mark_dependents("type = 'claim'", SHOWN_BY["claim"])
    mark_dependents("type = 'claim' AND change <> 'changed'", COUNTED_BY)


def mark_dependents(condition: str, selects: Iterable[str]) -> None:
    """Mark the documents that depend on the touched records that meet a condition."""
    if fetch_all(f"SELECT 1 FROM touched WHERE {condition} LIMIT 1"):
        for select in selects:
            mark_selected(select.format(keys=f"(SELECT key FROM touched WHERE {condition})"))


def mark_selected(select: str) -> None:
    """Mark the documents of the records whose keys a statement selects."""
    database.execute_sql(f"INSERT INTO stale {select} ON CONFLICT DO NOTHING")


def mark_keys(keys: Iterable[int]) -> None:
    """Mark the documents of these records."""
    present = f"SELECT key FROM record WHERE key IN {database.in_list}"
    sql = f"INSERT INTO stale {present} ON CONFLICT DO NOTHING"
    database.execute_sql(sql, (database.pack(keys),))


def mark_related(keys: Iterable[int]) -> None:
    """Mark the documents of the claims that are related to these."""
    for select in claims_related_to(f"key IN {database.in_list}"):
        sql = f"INSERT INTO stale {select} ON CONFLICT DO NOTHING"
        database.execute_sql(sql, (database.pack(keys),))


def render_marked(progress: Callable[[int], Any] = lambda rendered: None) -> None:
    """Render the marked documents of all records that still exist."""
    sql = (
        "SELECT stale.key, record.type FROM stale JOIN record ON record.key = stale.key"
        f" WHERE stale.key > {database.param} ORDER BY stale.key LIMIT {RENDER_BATCH}"
    )
    related = RelatedRecords()
    last = 0
    while rows := fetch_all(sql, last):
        keys_by_type = defaultdict(list)
        for key, type in rows:
            keys_by_type[type].append(key)
        last = rows[-1][0]
        for type, keys in keys_by_type.items():
            render_records(type, keys, related)
        progress(len(rows))


def render_records(type: str, keys: list[int], related: RelatedRecords) -> None:
    """Count the claims of some records of one type, and render their documents."""
    if type in CLAIM_COUNTS:
        sql = CLAIM_COUNTS[type].format(keys=database.in_list)
        counts = dict(fetch_all(sql, database.pack(keys)))
        database.many(
            f"UPDATE {type} SET claim_count = {database.param} WHERE key = {database.param}",
            [(counts.get(key, 0), key) for key in keys],
        )
    batch = RenderBatch.fetch(type, keys, related)
    if type == "claim":
        store_independent_publishers(batch)
    store_documents(render_documents(batch))


def store_independent_publishers(batch: RenderBatch) -> None:
    """Bring the column of claims up to date that lists are sorted and filtered by."""
    count = independent_publishers(batch)
    counts = [(count(row), row) for row in batch.rows]
    param = database.param
    database.many(
        f"UPDATE claim SET independent_publishers = {param} WHERE key = {param}",
        [(number, row["key"]) for number, row in counts if number != row["independent_publishers"]],
    )


def store_documents(documents: Iterable[tuple[int, bytes]]) -> None:
    """Store documents by key, in place of older ones."""
    database.many(
        f"INSERT INTO document (key, body) VALUES ({database.param}, {database.param})"
        " ON CONFLICT (key) DO UPDATE SET body = excluded.body",
        documents,
    )


def render_all() -> None:
    """Render every document, as after an upgrade that renders differently."""
    with database.writing():
        begin_marking()
        database.execute_sql("INSERT INTO stale SELECT key FROM record")
        render_marked()
        database.execute_sql(f"UPDATE dataset SET render = {RENDER_VERSION}")
