"""Making: the records that an imported file names and that the dataset lacks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson

from models.search.exact_names import ExactQuery, match_exactly
from models.search.misspellings import slug
from models.values.dates import first_number
from models.values.folding import fold
from seeds.imports.drafts import BATCH, DraftStore, reference_keys, with_ids

MAX_SLUG = 80
# of the hash that tells apart records of the same name
HASH_DIGITS = 8
NAME_FIELDS = {"source": "title", "position": "text"}
KINDS = {"actor": "person", "organization": "other", "event": "other", "source": "article"}
ALIASED = ("actor", "organization", "topic", "event")
# of several values, the earliest counts
EARLIEST = "start_date"

TypedId = tuple[str, str]


def assign_ids(store: DraftStore) -> None:
    """Give each new record an id that follows from its name alone.

    An id has a hash of the name if another record has it, or if several new ones would.
    """
    store.scratch.execute(
        "CREATE TABLE slug (entity INTEGER PRIMARY KEY, type TEXT, slug TEXT, hash TEXT, id TEXT)"
    )
    last = 0
    sql = (
        "SELECT entity.key, entity.type, folded, script, MIN(variant) FROM entity"
        " JOIN entity_name ON entity_name.entity = entity.key AND entity.id = ''"
        f" WHERE entity.key > ? GROUP BY entity.key ORDER BY entity.key LIMIT {BATCH}"
    )
    while rows := store.select(sql, last):
        slugs = [
            (key, type, name_slug(folded or variant), short_hash(folded, script, variant))
            for key, type, folded, script, variant in rows
        ]
        store.scratch.executemany(
            "INSERT INTO slug (entity, type, slug, hash) VALUES (?, ?, ?, ?)", slugs
        )
        last = rows[-1][0]
    store.scratch.execute("CREATE INDEX slug_id ON slug (type, slug)")
    sql = (
        "SELECT entity, type, slug, hash,"
        " EXISTS (SELECT 1 FROM slug AS twin WHERE twin.type = slug.type"
        " AND twin.slug = slug.slug AND twin.entity <> slug.entity)"
        " OR EXISTS (SELECT 1 FROM entity WHERE entity.type = slug.type AND entity.id = slug.slug)"
        f" FROM slug WHERE entity > ? ORDER BY entity LIMIT {BATCH}"
    )
    last = 0
    while rows := store.select(sql, last):
        queries = [ExactQuery((type,), plain_id, True) for _, type, plain_id, *_ in rows]
        ids = [
            (hashed_id(plain_id, hash) if not plain_id or repeated or matches else plain_id, entity)
            for (entity, _, plain_id, hash, repeated), matches in zip(
                rows, match_exactly(queries), strict=True
            )
        ]
        # in a column of its own: what is taken must not depend on the order
        store.scratch.executemany("UPDATE slug SET id = ? WHERE entity = ?", ids)
        last = rows[-1][0]
    store.scratch.execute(
        "UPDATE entity SET id = (SELECT id FROM slug WHERE slug.entity = entity.key) WHERE id = ''"
    )
    store.scratch.execute(
        "UPDATE name SET record = (SELECT id FROM entity WHERE entity.key = name.entity)"
        " WHERE entity IS NOT NULL"
    )


def name_slug(folded: str) -> str:
    return slug(fold(folded))[:MAX_SLUG].rstrip("-")


def short_hash(*texts: str) -> str:
    """The first digits of the SHA-256 of some texts."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:HASH_DIGITS]


def hashed_id(plain_id: str, hash: str) -> str:
    return f"{plain_id[: MAX_SLUG - HASH_DIGITS - 1].rstrip('-')}-{hash}".lstrip("-")


def made_records(store: DraftStore) -> Iterator[tuple[str, int, dict[str, Any] | None]]:
    """The new records with their types and lines; None, and told, where something is missing.

    Records that drafts describe are left to these.
    """
    sql = (
        "SELECT key, type, id, line, column_name FROM entity WHERE key > ?"
        " AND NOT EXISTS (SELECT 1 FROM name JOIN described ON described.name = name.key"
        f" WHERE name.entity = entity.key) ORDER BY key LIMIT {BATCH}"
    )
    last = 0
    while rows := store.select(sql, last):
        for key, type, id, line, column in rows:
            yield type, line, made_record(store, key, type, id, line, column)
        last = rows[-1][0]


def made_record(
    store: DraftStore, key: int, type: str, id: str, line: int, column: str
) -> dict[str, Any] | None:
    name, aliases = made_name(store, key, id)
    record: dict[str, Any] = {"id": id, NAME_FIELDS.get(type, "name"): name}
    if type in KINDS:
        record["kind"] = KINDS[type]
    if aliases and type in ALIASED:
        record["aliases"] = aliases
    record |= made_fields(store, key, f"{type} {id}")
    if type == "event" and EARLIEST not in record:
        message = "new event without a date: give a date in one of its rows, or load the event"
        store.error(line, column, message, name)
        return None
    return record


def made_record_of_name(store: DraftStore, name: int) -> dict[str, Any] | None:
    """The new record that a name stands for; None if the dataset has it."""
    sql = (
        "SELECT entity.key, entity.type, entity.id, entity.line, entity.column_name FROM entity"
        " JOIN name ON name.entity = entity.key WHERE name.key = ?"
    )
    rows = store.select(sql, name)
    return made_record(store, *rows[0]) if rows else None


def made_name(store: DraftStore, entity: int, id: str) -> tuple[str, list[str]]:
    """The most frequent spelling of a name, and the others."""
    spellings = spellings_of(store, entity)
    # an id in place of the name is no spelling of it
    name, *aliases = [spelling for spelling in spellings if spelling != id] or spellings
    return name, aliases


def spellings_of(store: DraftStore, entity: int) -> list[str]:
    """The spellings of a name, the most frequent first; for a source without one, its URL."""
    rows = store.select(
        "SELECT spelling.text FROM name JOIN spelling ON spelling.name = name.key"
        " WHERE name.entity = ? GROUP BY spelling.text"
        # small and accented letters sort last
        " ORDER BY SUM(spelling.rows) DESC, spelling.text DESC",
        entity,
    )
    return [text for (text,) in rows] or [
        store.select("SELECT variant FROM name WHERE entity = ?", entity)[0][0]
    ]


def made_fields(store: DraftStore, entity: int, record: str) -> dict[str, Any]:
    """The fields that the file gives a new record; different values are an error."""
    rows = store.select(
        "SELECT field.field, field.value, MIN(field.line), name.column_name FROM name"
        " JOIN field ON field.name = name.key WHERE name.entity = ?"
        " GROUP BY field.field, field.value ORDER BY MIN(field.line)",
        entity,
    )
    fields: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for field, json, line, column in rows:
        value = orjson.loads(json)
        keys = list(reference_keys(value))
        ids = ids_of_names(store, keys)
        if len(ids) < len(set(keys)):
            # a name without a record was reported
            continue
        value = with_ids(value, ids)
        if field not in fields:
            fields[field], lines[field] = value, line
        elif field == EARLIEST:
            fields[field] = min(fields[field], value, key=first_number)
        elif fields[field] != value:
            place = store.place_name(lines[field])
            message = f"{record} has another {field} in {place}: give it one"
            store.error(line, column, message, value if isinstance(value, str) else None)
    return fields


def ids_of_names(store: DraftStore, keys: list[int]) -> dict[int, TypedId]:
    """Type and id of the records that names stand for, by key; names without one are missing."""
    if not keys:
        return {}
    marks = ", ".join("?" * len(keys))
    sql = f"SELECT key, type, record FROM name WHERE key IN ({marks}) AND record IS NOT NULL"
    return {key: (type, id) for key, type, id in store.select(sql, *keys)}
