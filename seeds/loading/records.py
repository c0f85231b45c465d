"""The rows of added, changed and removed records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import orjson

from models import RECORD_TYPES, Claim, ClaimTopic, NameKey
from models.base import Document, Record, insert_rows
from models.database.connection import batches, database, fetch_all
from models.documents.refresh import mark_keys
from models.documents.related import RelatedRecords
from models.documents.texts import text_rows
from models.name_key import name_keys
from models.records.diff import write_difference
from models.records.rows import as_tuples
from models.references import find_referrers
from seeds.checks import free_name_keys, name_key_holders
from seeds.loading.derived import reclassified
from seeds.loading.plan import CHANGED, UNCHANGED, Plan
from seeds.loading.reference_keys import ReferenceKeys
from seeds.parallel.processes import process_count, worker_pool
from seeds.parallel.render import (
    ClaimRenderer,
    InheritedColumns,
    RenderedClaims,
    RowsByTable,
    StagedRecord,
    claim_documents,
)
from seeds.problems import SeedProblems

WRITE_BATCH = 250
# a difference in these rows changes which topics, or events, a claim counts for
CLASSIFYING_TABLES = {ClaimTopic: reclassified("topic"), Claim: reclassified("event")}
# with fewer new claims, starting processes takes longer than it saves
MIN_PARALLEL_CLAIMS = 20_000


def remove_records(plan: Plan) -> None:
    """Delete the rows of removed records, and the name keys of removed and changed records."""
    if plan.removed.count:
        removed = "IN (SELECT key FROM removed)"
        for model in RECORD_TYPES.values():
            for link in model.LINKS:
                sql = f"DELETE FROM {link._meta.table_name} WHERE {link.OWNER} {removed}"
                database.execute_sql(sql)
        for table in ("topic_claim", "event_claim"):
            database.execute_sql(f"DELETE FROM {table} WHERE claim {removed}")
        for table in (*RECORD_TYPES, "document", "record"):
            database.execute_sql(f"DELETE FROM {table} WHERE key {removed}")
    if plan.changed.count or plan.removed.count:
        database.execute_sql("DELETE FROM name_key WHERE record IN (SELECT key FROM touched)")


def insert_records(last_key: int, version: int, time: str) -> None:
    """Insert the added records into `record`, and touch them.

    They enter in the order of the files. Keys follow that order too, except those of claims:
    by claimant and date, so that the claims of one claimant lie together.
    """
    param = database.param
    # all records of an empty dataset are added: they are numbered already
    place = "ROW_NUMBER() OVER (ORDER BY seq)" if last_key else "seq"
    database.temporary(
        "added",
        "key INTEGER PRIMARY KEY, seq INTEGER, type TEXT, id TEXT, hash BLOB, file INTEGER,"
        " body BLOB",
    )
    database.execute_sql(
        "INSERT INTO added SELECT"
        f" {param} + ROW_NUMBER() OVER (ORDER BY claimant, date_key, seq), {param} + {place},"
        " type, id, hash, file, body FROM staged WHERE state = 'added'",
        (last_key, last_key),
    )
    database.index("added_type", "added (type, key)")
    with database.indexed_later([] if last_key else [Record]):
        database.execute_sql(
            "INSERT INTO record (key, seq, type, id, hash, version, created_at, updated_at)"
            f" SELECT key, seq, type, id, hash, {param}, {param}, {param} FROM added",
            (version, time, time),
        )
    database.execute_sql("INSERT INTO touched SELECT key, type, 'added' FROM added")


class RecordWriter:
    """Writes the rows of added and changed records, and the documents of new claims."""

    def __init__(self, plan: Plan, problems: SeedProblems, time: str, *, render: bool):
        self.plan = plan
        self.problems = problems
        self.time = time
        self.render = render
        self.keys = ReferenceKeys(problems)
        self.related = RelatedRecords()

    def write(self, progress: Callable[[int, int], Any]) -> None:
        """Write the records, each type before the types that refer to it.

        Claims come last: their documents are rendered at once, since all else is there.
        """
        total = self.plan.added.count + self.plan.changed.count
        written = 0
        for type in RECORD_TYPES:
            for size in self.write_type(type):
                written += size
                progress(written, total)

    def write_type(self, type: str) -> Iterator[int]:
        """Write the records of one type; yields the sizes of the batches."""
        if self.plan.changed.counts[type]:
            changed = f"{CHANGED} AND type = '{type}'"
            seq = "(SELECT seq FROM record WHERE record.key = staged.key)"
            for batch in staged_batches(changed, seq):
                self.write_changed(RECORD_TYPES[type], batch)
                yield len(batch)
        added = self.plan.added.counts[type]
        if not added:
            return
        batches_added = staged_batches(f"added WHERE type = '{type}'")
        parallel = self.render and type == "claim"
        count = process_count() if parallel and added >= MIN_PARALLEL_CLAIMS else 0
        if count:
            with worker_pool(ClaimRenderer.fetch(self.time), count) as render_batches:
                for rendered in render_batches(batches_added):
                    self.store_claims(rendered)
                    yield rendered.size
            return
        for batch in batches_added:
            self.write_added(batch)
            yield len(batch)

    def store_claims(self, rendered: RenderedClaims) -> None:
        """Store claims that another process rendered."""
        for table, rows in rendered.rows.items():
            insert_rows(table, rows)
        insert_rows(NameKey, self.free_rows("claim", rendered.name_keys))
        insert_rows(Document, rendered.documents)
        database.insert_texts(rendered.texts)
        if rendered.unresolved:
            self.write_added(rendered.unresolved)

    def write_added(self, batch: list[StagedRecord]) -> None:
        tables, rows = self.rows_of(batch)
        self.related.begin_batch()
        InheritedColumns.fetch_for(tables, self.related).fill(tables)
        for table, table_rows in tables.items():
            insert_rows(table, as_tuples(table_rows))
        insert_rows(NameKey, rows)
        if not self.render or self.problems.count:
            return
        model = RECORD_TYPES[batch[0][0]]
        if model is Claim:
            insert_rows(Document, claim_documents(batch, tables, rows, self.time, self.related))
        database.insert_texts(text_rows(model, tables, self.related))

    def write_changed(self, model: Any, batch: list[StagedRecord]) -> None:
        """Write only the differences to the rows of changed records, and mark what counts them."""
        tables, rows = self.rows_of(batch)
        keys = [key for _, _, key, *_ in batch]
        insert_rows(NameKey, rows)
        for table in (model, *model.LINKS):
            difference = write_difference(table, keys, as_tuples(tables.get(table, ())))
            mark_keys(difference.referred)
            if table in CLASSIFYING_TABLES:
                sql = f"INSERT INTO {CLASSIFYING_TABLES[table]} VALUES ({database.param})"
                database.many(sql, [(key,) for key in difference.relinked])

    def rows_of(self, batch: list[StagedRecord]) -> tuple[RowsByTable, list[tuple]]:
        """The rows of records of one type, by table, and their rows of NameKey."""
        record_type = batch[0][0]
        records = [(type, key, seq, orjson.loads(body)) for type, _, key, seq, body in batch]
        names = [name_keys(type, key, record) for type, key, _, record in records]
        holders = name_key_holders(record_type, chain(*names))
        tables: RowsByTable = defaultdict(list)
        free: list[tuple] = []
        for (_, id, *_), rows, name_rows in zip(
            batch, self.keys.rows_of(records), names, strict=True
        ):
            for table, row in rows:
                tables[table].append(row)
            if name_rows:
                free += free_name_keys(record_type, id, name_rows, holders, self.problems)
        return tables, free

    def free_rows(self, type: str, names: dict[str, list[tuple]]) -> list[tuple]:
        """The NameKey rows of some records, by id, without keys that another record has."""
        holders = name_key_holders(type, chain(*names.values()))
        return [
            row
            for id, rows in names.items()
            for row in free_name_keys(type, id, rows, holders, self.problems)
        ]

    def check_unchanged(self) -> None:
        """Unchanged records must not refer to removed ones; their rows stay as they are."""
        removed = [key for (key,) in fetch_all("SELECT key FROM removed")]
        for type, model in RECORD_TYPES.items():
            for keys in batches(find_referrers(model, removed)):
                unchanged = f"{UNCHANGED} AND type = '{type}' AND key IN {database.in_list}"
                bodies = fetch_all(f"SELECT body FROM {unchanged}", database.pack(keys))
                list(self.keys.rows_of([(type, 0, 0, orjson.loads(body)) for (body,) in bodies]))


def staged_batches(source: str, seq: str = "seq") -> Iterator[list[StagedRecord]]:
    """The records of a table that meet a condition, in batches, in the order of their keys."""
    sql = (
        f"SELECT type, id, key, {seq}, body FROM {source} AND key > {database.param}"
        f" ORDER BY key LIMIT {WRITE_BATCH}"
    )
    last = 0
    while True:
        rows = fetch_all(sql, last)
        if rows:
            # PostgreSQL's memoryviews cannot be sent to other processes
            yield [(*columns, bytes(body)) for *columns, body in rows]
            last = rows[-1][2]
        if len(rows) < WRITE_BATCH:
            return
