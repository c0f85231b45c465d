"""What the tables of the open dataset hold, by type and id in place of keys."""

from __future__ import annotations

import json
from typing import Any

from models import TABLES
from models.base import Reference, insert_rows
from models.database.connection import database, fetch_all
from models.search_text import RECORD_PLACES, SearchText, place_number
from tests.models.oracle import Key

# tables in which equal datasets differ: they have versions, times or files, or rows left over
HISTORY_TABLES = (
    "dataset",
    "dataset_version",
    "deletion",
    "record",
    "document",
    "seed_file",
    "seeded",
    "broader",
    "event_ancestor",
)


def table_rows(model: Any) -> list[tuple]:
    columns = ", ".join(f'"{field.column_name}"' for field in model._meta.sorted_fields)
    return fetch_all(f'SELECT {columns} FROM "{model._meta.table_name}"')


def raw_rows() -> dict[str, list[tuple]]:
    """All rows of all tables as they are."""
    rows = {model._meta.table_name: table_rows(model) for model in TABLES}
    return {**rows, "search_text": sorted(table_rows(SearchText))}


def restore(rows: dict[str, list[tuple]]) -> None:
    """Bring all tables back to the rows that `raw_rows` gave."""
    with database.writing():
        for model in reversed(TABLES):
            database.execute_sql(f'DELETE FROM "{model._meta.table_name}"')
        for model in TABLES:
            insert_rows(model, rows[model._meta.table_name])
        database.execute_sql("DELETE FROM search_text")
        database.begin_texts()
        database.insert_texts(rows["search_text"])
        database.index_texts()


def stored_texts() -> dict[Key, str]:
    """The indexed words of each record."""
    records = records_by_key()
    claims = {
        place_number(listed, date_key, seq): records[key]
        for key, listed, date_key, seq in fetch_all("SELECT key, listed, date_key, seq FROM claim")
    }
    rows = table_rows(SearchText)
    texts = {
        claims[place] if place < RECORD_PLACES else records[place - RECORD_PLACES]: words
        for place, words in rows
    }
    assert len(texts) == len(rows)
    return texts


def stored_documents() -> dict[Key, dict]:
    rows = fetch_all(
        "SELECT type, id, body FROM document JOIN record ON record.key = document.key"
        " ORDER BY record.seq"
    )
    return {(type, id): json.loads(body) for type, id, body in rows}


def stored_records() -> dict[Key, tuple]:
    """(hash, version, created_at, updated_at) of each record."""
    rows = fetch_all("SELECT type, id, hash, version, created_at, updated_at FROM record")
    return {(type, id): tuple(columns) for type, id, *columns in rows}


def records_by_key() -> dict[int, Key]:
    return {key: (type, id) for key, type, id in fetch_all("SELECT key, type, id FROM record")}


def all_rows() -> dict[str, list]:
    """All rows of all tables with (type, id) in place of keys, without versions and times."""
    records = records_by_key()
    key_by_seq = dict(fetch_all("SELECT seq, key FROM record"))
    rows: dict[str, list] = {}
    for model in TABLES:
        name = model._meta.table_name
        if name in HISTORY_TABLES:
            continue
        fields = model._meta.sorted_fields
        columns = [field.column_name for field in fields]
        # by column: what stands for each of its values
        replacements: dict[str, dict] = {
            field.column_name: records for field in fields if isinstance(field, Reference)
        }
        replacements["seq"] = {seq: records[key] for seq, key in key_by_seq.items()}
        rows[name] = sorted(
            repr(
                [
                    replacements[column].get(value) if column in replacements else value
                    for column, value in zip(columns, row, strict=True)
                ]
            )
            for row in table_rows(model)
        )
    rows["search_text"] = sorted(stored_texts().items())
    rows["order"] = [records[key] for _, key in sorted(key_by_seq.items())]
    rows["document"] = [
        (key, {**document, "created_at": None, "updated_at": None})
        for key, document in stored_documents().items()
    ]
    return rows
