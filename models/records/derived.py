"""Canonical values, derived columns, name keys and texts of all records, after a migration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from models import RECORD_TYPES, NameKey
from models.base import insert_rows
from models.database.connection import batches, database, fetch_all
from models.dataset import next_version, read_dataset, utc_now
from models.documents.roles import update_shown_roles
from models.documents.texts import index_all_texts
from models.name_key import name_keys
from models.queries.fetch import Row, fetch_keys
from models.records.canonical import dataset_digest, record_hash
from models.records.diff import write_difference
from models.records.rows import as_tuples, from_rows, to_rows
from models.records.times import time_of_change
from models.references import references
from models.values.languages import parse_language

BATCH = 500


def rewrite_languages() -> None:
    """Write language tags in their canonical form, which former releases wrote otherwise.

    The records change: they get new hashes, and the dataset its next version.
    """
    dataset = read_dataset()
    version, digest, time = dataset.version + 1, dataset.digest, time_of_change(utc_now())
    param = database.param
    changed = False
    for type in ("source", "claim"):
        tags = fetch_all(f"SELECT DISTINCT language FROM {type} WHERE language IS NOT NULL")
        for tag, canonical in ((tag, canonical_tag(tag)) for (tag,) in tags):
            if canonical == tag:
                continue
            changed = True
            keys = [
                key for (key,) in fetch_all(f"SELECT key FROM {type} WHERE language = {param}", tag)
            ]
            database.execute_sql(
                f"UPDATE {type} SET language = {param} WHERE language = {param}", (canonical, tag)
            )
            for batch in batches(keys):
                digest = rehash(type, batch, digest, version, time)
    if changed:
        next_version(version, digest, dataset.last_key)


def canonical_tag(tag: str) -> str:
    """A language tag in canonical form; one that is invalid now stays."""
    try:
        return parse_language(tag)
    except ValueError:
        return tag


def rehash(type: str, keys: list[int], digest: str, version: int, time: str) -> str:
    """Give changed records their hashes, version and time; returns the digest after."""
    param = database.param
    sql = f"SELECT key, hash FROM record WHERE key IN {database.in_list}"
    former = {key: bytes(hash) for key, hash in fetch_all(sql, database.pack(keys))}
    hashes = {key: record_hash(type, record) for key, record in from_rows(type, keys).items()}
    database.many(
        f"UPDATE record SET hash = {param}, version = {param}, updated_at = {param}"
        f" WHERE key = {param}",
        [(hash, version, time, key) for key, hash in hashes.items()],
    )
    return dataset_digest(digest, plus=hashes.values(), minus=former.values())


def derive_all() -> None:
    """Bring the derived columns, name keys and texts of all records up to date."""
    database.execute_sql("DELETE FROM name_key WHERE kind NOT IN ('former', 'identifier')")
    sql = (
        f"SELECT key, seq FROM record WHERE type = {database.param} AND key > {database.param}"
        f" ORDER BY key LIMIT {BATCH}"
    )
    for type in RECORD_TYPES:
        last = 0
        while rows := fetch_all(sql, type, last):
            derive_records(type, dict(rows))
            last = rows[-1][0]
    update_shown_roles("1 = 1")
    index_all_texts()


def derive_records(type: str, seq_by_key: dict[int, int]) -> None:
    """Bring some records of one type up to date, given `seq` by key."""
    model = RECORD_TYPES[type]
    records = from_rows(type, list(seq_by_key))
    keys = referred_keys(type, records.values())
    tables: dict[Any, list[Row]] = defaultdict(list)
    for key, record in records.items():
        for table, row in to_rows(
            type, key, seq_by_key[key], record, lambda types, id, path: keys[types[0], id]
        ):
            tables[table].append(row)
    for model_table in (model, *model.LINKS):
        rows = as_tuples(tables.get(model_table, ()))
        write_difference(model_table, list(records), rows)
    insert_rows(
        NameKey,
        [
            row
            for key, record in records.items()
            for row in name_keys(type, key, record)
            if row[1] not in ("former", "identifier")
        ],
    )


def referred_keys(type: str, records: Iterable[dict]) -> dict[tuple[str, str], int]:
    """The keys of the records that these records refer to, by type and id."""
    ids = {
        (types[0], container[name])
        for record in records
        for container, name, types in references(RECORD_TYPES[type], record)
    }
    return fetch_keys(ids)
