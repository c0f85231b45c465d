"""New claims to rows and documents, without the database, so that other processes can do it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import orjson

from models import Claim, Report
from models.database.connection import database, fetch_all
from models.documents.batch import RenderBatch
from models.documents.claim_fields import count_independent
from models.documents.related import MAX_RELATED, RelatedRecords
from models.documents.render import render_documents
from models.documents.roles import shown_role
from models.documents.texts import TextRow, text_rows
from models.name_key import name_keys
from models.queries.fetch import Row
from models.records.rows import as_tuples, to_rows

# type, id, key, seq and body of a staged record
StagedRecord = tuple[str, str, int, int, bytes]
RowsByTable = dict[Any, list[Row]]


class RenderedClaims(NamedTuple):
    """What becomes of a batch of claims."""

    # as tuples in the order of the columns
    rows: dict[Any, list[tuple]]
    # by the claim's id
    name_keys: dict[str, list[tuple]]
    # by key
    documents: list[tuple[int, bytes]]
    texts: list[TextRow]
    # claims that refer to a record that the renderer does not know
    unresolved: list[StagedRecord]
    size: int


class InheritedColumns(NamedTuple):
    """Columns of claims and reports that follow from other records, by the keys of these."""

    publishers: Mapping[int, int | None]
    countries: Mapping[int, str | None]
    # knows the actors' memberships, and the sources
    related: RelatedRecords

    @classmethod
    def fetch(
        cls, sources: Iterable[int], events: Iterable[int], related: RelatedRecords
    ) -> InheritedColumns:
        """The columns by source and event; `related` knows the actors and sources."""
        return cls(
            fetch_column("source", "publisher", sources),
            fetch_column("event", "country", events),
            related,
        )

    @classmethod
    def fetch_for(cls, tables: RowsByTable, related: RelatedRecords) -> InheritedColumns:
        """The columns that these rows inherit."""
        sources = {row["source"] for row in tables.get(Report, ())}
        events = {row["event"] for row in tables.get(Claim, ()) if row["event"]}
        related.fetch_claimants(row["actor"] for row in tables.get(Claim, ()))
        related.fetch_sources(sources)
        return cls.fetch(sources, events, related)

    def fill(self, tables: RowsByTable) -> None:
        reports: dict[int, list[Row]] = defaultdict(list)
        for row in tables.get(Report, ()):
            row["publisher"] = self.publishers.get(row["source"])
            reports[row["claim"]].append(row)
        for row in tables.get(Claim, ()):
            row["country"] = self.countries.get(row["event"])
            row["shown_role"] = shown_role(row, self.related.memberships)
            row["independent_publishers"] = count_independent(reports[row["key"]], self.related)


def fetch_column(table: str, column: str, keys: Iterable[int]) -> dict[int, Any]:
    keys = list(keys)
    if not keys:
        return {}
    sql = f"SELECT key, {column} FROM {table} WHERE key IN {database.in_list}"
    return dict(fetch_all(sql, database.pack(keys)))


@dataclass
class ClaimRenderer:
    """Renders new claims from the records that they refer to, which it knows beforehand.

    `keys` are the keys of these records, by type and id; `time` is when the claims enter.
    """

    keys: dict[tuple[str, str], int]
    inherited: InheritedColumns
    related: RelatedRecords
    time: str

    @classmethod
    def fetch(cls, time: str) -> ClaimRenderer:
        """A renderer that knows all records but claims, within the bound of RelatedRecords."""
        rows = fetch_all(
            "SELECT type, id, key FROM record WHERE type <> 'claim'"
            f" ORDER BY key LIMIT {MAX_RELATED - 1}"
        )
        keys = {(type, id): key for type, id, key in rows}
        keys_by_type = defaultdict(list)
        for type, _, key in rows:
            keys_by_type[type].append(key)
        related = RelatedRecords()
        related.begin_batch()
        related.fetch(keys.values())
        related.fetch_sources(keys_by_type["source"])
        related.fetch_positions(keys_by_type["position"])
        related.fetch_claimants(keys_by_type["actor"])
        related.fetch_names([*keys_by_type["actor"], *keys_by_type["organization"]])
        inherited = InheritedColumns.fetch(keys_by_type["source"], keys_by_type["event"], related)
        return cls(keys, inherited, related, time)

    def __call__(self, batch: list[StagedRecord]) -> RenderedClaims:
        tables: RowsByTable = defaultdict(list)
        names: dict[str, list[tuple]] = {}
        unresolved = []
        for staged in batch:
            type, id, key, seq, body = staged
            record = orjson.loads(body)
            try:
                rows = list(to_rows(type, key, seq, record, self.find_key))
            except KeyError:
                unresolved.append(staged)
                continue
            for table, row in rows:
                tables[table].append(row)
            if name_rows := name_keys(type, key, record):
                names[id] = name_rows
        self.inherited.fill(tables)
        documents = claim_documents(batch, tables, chain(*names.values()), self.time, self.related)
        texts = text_rows(Claim, tables, self.related)
        tuples = {table: as_tuples(rows) for table, rows in tables.items()}
        return RenderedClaims(tuples, names, documents, texts, unresolved, len(batch))

    def find_key(self, types: tuple[str, ...], id: str, path: tuple) -> int:
        return self.keys[types[0], id]


def claim_documents(
    batch: list[StagedRecord],
    tables: RowsByTable,
    name_rows: Iterable[tuple],
    time: str,
    related: RelatedRecords,
) -> list[tuple[int, bytes]]:
    """The documents of new claims, without their relations, from their rows and name keys."""
    records = {key: (id, time, time) for _, id, key, *_ in batch}
    values = [(key, kind, value) for value, kind, _, key, _ in name_rows]
    return render_documents(RenderBatch("claim", tables, records, values, related))
