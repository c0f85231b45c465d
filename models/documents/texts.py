"""Keeping the index of full-text search as fresh as the documents.

A record's text has its own names and descriptions; a claim's also has the names of its claimant. A
writer removes the texts of the records that it touches before its writes, and stores them anew
afterwards, in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from models import RECORD_TYPES, Claim, Report
from models.base import JSONField
from models.database.connection import batches, database, fetch_all
from models.documents.related import RelatedRecords
from models.queries.fetch import Row, fetch_rows
from models.record_table import type_of
from models.search_text import PLACE_SQL, RECORD_PLACES, indexed_words, place_number
from models.values.folding import fold
from models.values.words import split_words

# the columns of each type that are searched
TEXT_COLUMNS = {
    **dict.fromkeys(
        ("organization", "actor", "topic", "event"), ("name", "aliases", "description")
    ),
    "position": ("text", "label"),
    "source": ("title", "text"),
    "claim": ("text", "quote"),
}
# of these, the columns with names
NAMING_COLUMNS = ("name", "aliases")
# place and words
TextRow = tuple[int, str]


def text_rows(
    model: Any, tables: Mapping[Any, Iterable[Row]], related: RelatedRecords
) -> list[TextRow]:
    """The texts of some records of one type, from their rows."""
    if model is Claim:
        return claim_texts(tables, related)
    return [
        (RECORD_PLACES + row["key"], indexed_words(own_texts(model, row))) for row in tables[model]
    ]


def own_texts(model: Any, row: Row) -> list[str]:
    """The texts of a record's own row."""
    texts: list[str] = []
    for name in TEXT_COLUMNS[type_of(model)]:
        value = row[name]
        if not value:
            continue
        values = orjson.loads(value) if isinstance(model._meta.fields[name], JSONField) else [value]
        texts += with_folded(values) if name in NAMING_COLUMNS else values
    return texts


def with_folded(names: Iterable[str]) -> Iterator[str]:
    """Names, each followed by its folded form if that has other words: `obrien` for O’Brien."""
    for name in names:
        yield name
        folded = fold(name)
        if folded.split() != split_words(name):
            yield folded


def claim_texts(tables: Mapping[Any, Iterable[Row]], related: RelatedRecords) -> list[TextRow]:
    """The texts of claims: their own, the exact words of reports, the names of the claimant."""
    exact_words = defaultdict(list)
    for report in tables.get(Report, ()):
        if report["exact"]:
            exact_words[report["claim"]].append(report["exact"])
    related.fetch_names(row["claimant"] for row in tables[Claim])
    return [
        (
            place_number(row["listed"], row["date_key"], row["seq"]),
            indexed_words(
                [
                    *own_texts(Claim, row),
                    *exact_words.get(row["key"], ()),
                    *with_folded(related.names.get(row["claimant"], ())),
                ]
            ),
        )
        for row in tables[Claim]
    ]


def touched_names() -> dict[int, list[str]]:
    """The names and aliases of the changed actors and organizations."""
    related = RelatedRecords()
    keys = fetch_all(
        "SELECT key FROM touched WHERE type IN ('actor', 'organization') AND change = 'changed'"
    )
    related.fetch_names(key for (key,) in keys)
    return related.names


def remove_touched_texts() -> None:
    """Remove the texts of changed and removed records, before these are written."""
    touched = "FROM touched WHERE change <> 'added' AND type"
    for places in (
        f"SELECT {PLACE_SQL} FROM claim WHERE key IN (SELECT key {touched} = 'claim')",
        f"SELECT {RECORD_PLACES} + key {touched} <> 'claim'",
    ):
        remove_texts(places)


def remove_texts(places: str) -> None:
    """Remove the texts at the places that a statement selects."""
    database.execute_sql(f"DELETE FROM search_text WHERE rowid IN ({places})")


def store_changed_texts(names_before: Mapping[int, list[str]]) -> None:
    """Store the texts of changed records, and of claims whose claimant has other names."""
    for type in RECORD_TYPES:
        changed = f"SELECT key FROM touched WHERE change = 'changed' AND type = '{type}'"
        store_texts(type, changed)
    names = touched_names() if names_before else {}
    renamed = [key for key, before in names_before.items() if names.get(key) != before]
    for batch in batches(renamed):
        claims = (
            f"FROM claim WHERE claimant IN ({', '.join(map(str, batch))})"
            " AND key NOT IN (SELECT key FROM touched)"
        )
        remove_texts(f"SELECT {PLACE_SQL} {claims}")
        store_texts("claim", f"SELECT key {claims}")


def store_texts(type: str, select: str) -> None:
    """Store the texts of the records of one type whose keys a statement selects."""
    model = RECORD_TYPES[type]
    related = RelatedRecords()
    keys = [key for (key,) in fetch_all(select)]
    for batch in batches(keys):
        related.begin_batch()
        tables: dict[Any, list[Row]] = {model: fetch_rows(model, "key", batch)}
        if model is Claim:
            tables[Report] = fetch_rows(Report, "claim", batch)
        database.insert_texts(text_rows(model, tables, related))


def index_all_texts() -> None:
    """Index all records anew."""
    database.execute_sql("DELETE FROM search_text")
    database.begin_texts()
    for type in RECORD_TYPES:
        store_texts(type, f"SELECT key FROM {type} ORDER BY key")
    database.index_texts()
