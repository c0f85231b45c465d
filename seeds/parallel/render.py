"""New claims → their rows and documents, with no look at the database: others can do it."""

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
from models.documents.related import MAX_RELATED, RelatedRecords
from models.documents.render import render_documents
from models.name_key import name_keys as handles_of
from models.queries.fetch import Row
from models.records.rows import as_tuples, to_rows

# type, id, key, entered and body of a staged record
Staged = tuple[str, str, int, int, bytes]
Tables = dict[Any, list[Row]]


class Composed(NamedTuple):
    """What becomes of some records: rows by table, handles by id, documents by key.

    Rows are as they are inserted. What refers to things that are not known is left.
    """

    tables: dict[Any, list[tuple]]
    handles: dict[str, list[tuple]]
    documents: list[tuple[int, bytes]]
    left: list[Staged]
    size: int


class Inherited(NamedTuple):
    """What rows of claims take from those of their sources and events, by these ones' keys."""

    publishers: Mapping[int, int | None]
    countries: Mapping[int, str | None]

    @classmethod
    def of(cls, keys: Iterable[int]) -> Inherited:
        """What there is of the sources and events among these."""
        those = f"key IN {database.in_list}"
        packed = database.pack(keys)
        return cls(
            dict(fetch_all(f"SELECT key, publisher FROM source WHERE {those}", packed)),
            dict(fetch_all(f"SELECT key, country FROM event WHERE {those}", packed)),
        )

    @classmethod
    def of_these(cls, tables: Tables) -> Inherited:
        """What these rows take."""
        keys = {row["source"] for row in tables.get(Report, ())}
        return cls.of(keys | {row["event"] for row in tables.get(Claim, ()) if row["event"]})

    def complete(self, tables: Tables) -> None:
        """Set it."""
        for row in tables.get(Report, ()):
            row["publisher"] = self.publishers.get(row["source"])
        for row in tables.get(Claim, ()):
            row["country"] = self.countries.get(row["event"])


@dataclass
class Composer:
    """Composes claims by what is known of the things that they refer to.

    `keys` are those of things, by type and id; `time` is when the claims were made.
    """

    keys: dict[tuple[str, str], int]
    inherited: Inherited
    shown: RelatedRecords
    time: str

    @classmethod
    def knowing(cls, time: str) -> Composer:
        """Knows all things that there are, or as many as documents show at once."""
        shown = RelatedRecords()
        found = fetch_all(
            "SELECT type, id, key FROM record WHERE type <> 'claim'"
            f" ORDER BY key LIMIT {MAX_RELATED - 1}"
        )
        keys = {(type, id): key for type, id, key in found}
        shown.begin_batch()
        shown.fetch(keys.values())
        shown.fetch_sources(key for (type, _), key in keys.items() if type == "source")
        shown.fetch_claimants(key for (type, _), key in keys.items() if type == "actor")
        return cls(keys, Inherited.of(keys.values()), shown, time)

    def __call__(self, batch: list[Staged]) -> Composed:
        tables: Tables = defaultdict(list)
        named = {}
        left = []
        for one in batch:
            type, id, key, entered, body = one
            record = orjson.loads(body)
            try:
                found = list(to_rows(type, key, entered, record, self.find))
            except KeyError:
                left.append(one)
                continue
            for model, row in found:
                tables[model].append(row)
            if handles := handles_of(type, key, record):
                named[id] = handles
        self.inherited.complete(tables)
        records = {key: (id, self.time, self.time) for _, id, key, *_ in batch}
        documents = documents_of(tables, chain(*named.values()), records, self.shown)
        inserted = {model: as_tuples(found) for model, found in tables.items()}
        return Composed(inserted, named, documents, left, len(batch))

    def find(self, types: tuple[str, ...], id: str, path: tuple) -> int:
        return self.keys[types[0], id]


def documents_of(
    tables: Tables,
    handles: Iterable[tuple],
    records: dict[int, tuple[str, str, str]],
    shown: RelatedRecords,
) -> list[tuple[int, bytes]]:
    """The documents of new claims, from their rows, without their relations."""
    named = [(key, kind, value) for value, kind, _, key, _ in handles]
    return render_documents(RenderBatch("claim", tables, records, named, shown))
