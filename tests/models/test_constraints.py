"""Constraints of the tables, and the indexes of their foreign keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from peewee import IntegrityError

from models import TABLES
from models.base import Reference, columns_of
from models.database.connection import database, fetch_all
from tests.engines import ENGINE, on_sqlite


@pytest.fixture
def linked(load: Callable) -> None:
    """A record of each type, all linked."""
    load(
        organizations=[
            {
                "id": "o",
                "name": "O",
                "kind": "other",
                "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
                "former_ids": ["was-o"],
            }
        ],
        actors=[{"id": "a", "name": "A", "memberships": [{"organization": "o"}]}],
        topics=[{"id": "t", "name": "T"}],
        positions=[{"id": "p", "text": "P", "topics": ["t"]}],
        events=[
            {
                "id": "e",
                "name": "E",
                "kind": "other",
                "start_date": "2025",
                "organizers": ["o"],
                "participants": [{"actor": "a"}],
            }
        ],
        sources=[{"id": "s", "title": "S", "kind": "other", "publisher": "o"}],
        claims=[
            {"id": "d", "text": "D", "actor": "a"},
            {
                "id": "c",
                "text": "C",
                "actor": "a",
                "organization": "o",
                "event": "e",
                "topics": ["t"],
                "positions": [{"position": "p", "stance": "support"}],
                "about": [{"actor": "a"}],
                "addressees": [{"organization": "o"}],
                "reports": [{"source": "s"}],
                "relations": [{"kind": "repeats", "claim": "d"}],
                "reviews": [{"organization": "o", "rating": "True"}],
            },
        ],
    )


# SQLite's messages as PostgreSQL has them
POSTGRES_MESSAGES = {
    "UNIQUE constraint failed": "duplicate key value violates unique constraint",
    "CHECK constraint failed": "violates check constraint",
    "NOT NULL constraint failed": "violates not-null constraint",
    "FOREIGN KEY constraint failed": "violates foreign key constraint",
}


def violates(message: str) -> Any:
    """Expect the engine's form of a message of SQLite, without names of tables."""
    if ENGINE == "postgres":
        constraint, _, columns = message.partition(": ")
        message = POSTGRES_MESSAGES[constraint]
        if columns:
            message += ".*" + columns.replace("position", ".?position")
    else:
        # SQLite names the table before each column
        message = re.sub(r"(: |, )", r"\1\\w+\.", message)
    return pytest.raises(IntegrityError, match=f"(?s){message}")


def key_of(id: str) -> int:
    return fetch_all(f"SELECT key FROM record WHERE id = {database.param}", id)[0][0]


def write(sql: str, *params: Any) -> None:
    with database.writing():
        database.execute_sql(sql.replace("?", database.param), params)


def insert_copy(table: str, where: str, **changed: str) -> str:
    """SQL that inserts a row again, with other expressions in some columns."""
    columns = [f'"{column.name}"' for column in database.get_columns(table)]
    values = ", ".join(changed.get(column.strip('"'), column) for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {where}"


NEW = {"key": "99", "seq": "99"}


@pytest.mark.parametrize(
    ("table", "changes", "where", "message"),
    [
        ("record", NEW, "id = 'c'", "UNIQUE constraint failed: type, id"),
        ("record", NEW | {"id": "'x'", "key": "key"}, "id = 'c'", "UNIQUE constraint failed: key"),
        ("record", NEW | {"id": "'x'", "seq": "1"}, "id = 'c'",
         "UNIQUE constraint failed: seq"),
        ("record", NEW | {"type": "'person'"}, "id = 'c'", "CHECK constraint failed"),
        ("name_key", {"record": "1 + record"}, "kind = 'identifier'", "UNIQUE constraint failed"),
        ("name_key", {"record": "1 + record"}, "kind = 'former'", "UNIQUE constraint failed"),
        ("name_key", {"kind": "'nickname'"}, "kind = 'former'", "CHECK constraint failed"),
        ("claim_position", {"ordinal": "1"}, "true", "UNIQUE constraint failed: claim, position"),
        ("claim_position", {"position": "1"}, "true", "UNIQUE constraint failed: claim, ordinal"),
        ("about", {"ordinal": "1"}, "true", "UNIQUE constraint failed: claim, party"),
        ("addressee", {"ordinal": "1"}, "true", "UNIQUE constraint failed: claim, party"),
        ("deletion", {}, "true", "UNIQUE constraint failed: type, id"),
    ],
)  # fmt: skip
def test_a_duplicate_row_is_refused(
    linked: None, table: str, changes: dict, where: str, message: str
) -> None:
    write("INSERT INTO deletion (type, id, version) VALUES ('claim', 'gone', 1)")
    sql = insert_copy(table, where, **changes)
    with violates(message):
        write(sql)


def test_an_identifier_is_unique_within_a_type(linked: None) -> None:
    actor = key_of("a")
    write(insert_copy("name_key", "kind = 'identifier'", type="'actor'", record=str(actor)))
    with violates("UNIQUE constraint failed"):
        write(f"UPDATE name_key SET type = 'actor', record = {actor} WHERE kind = 'identifier'")


def test_a_claim_has_a_claimant(linked: None) -> None:
    actor, claim = key_of("a"), key_of("c")
    write("UPDATE claim SET actor = NULL WHERE key = ?", claim)
    write("UPDATE claim SET actor = ?, organization = NULL WHERE key = ?", actor, claim)
    with violates("CHECK constraint failed"):
        write("UPDATE claim SET actor = NULL WHERE key = ?", claim)


@pytest.mark.parametrize(
    ("table", "column", "nullable"),
    [
        ("actor", "kind", False),
        ("organization", "kind", False),
        ("event", "kind", False),
        ("source", "kind", False),
        ("claim", "status", False),
        ("claim", "form", True),
        ("claim_position", "stance", False),
        ("report", "attribution", True),
        ("relation", "kind", False),
    ],
)
def test_a_value_outside_a_closed_list_is_refused(
    linked: None, table: str, column: str, nullable: bool
) -> None:
    for value in ("unheard-of", "", "OTHER"):
        with violates("CHECK constraint failed"):
            write(f"UPDATE {table} SET {column} = ?", value)
    if nullable:
        write(f"UPDATE {table} SET {column} = NULL")
    else:
        with violates("NOT NULL constraint failed"):
            write(f"UPDATE {table} SET {column} = NULL")


# (table, column, the table referred to)
FOREIGN_KEYS = [
    (model._meta.table_name, field.column_name, field.rel_model._meta.table_name)
    for model in TABLES
    for field in columns_of(model)
    if isinstance(field, Reference)
]
NAMES = [f"{table}.{column}" for table, column, _ in FOREIGN_KEYS]


def test_every_reference_is_a_foreign_key(dataset: None) -> None:
    foreign_keys = [
        (table, column, target)
        for table in (model._meta.table_name for model in TABLES)
        for column, target, *_ in database.get_foreign_keys(table)
    ]
    assert sorted(foreign_keys) == sorted(FOREIGN_KEYS)
    assert ("claim", "actor", "actor") in foreign_keys
    assert ("claim", "claimant", "record") in foreign_keys
    assert ("about", "party", "record") in foreign_keys
    assert ("event_claim", "event", "event") in foreign_keys
    assert ("event_ancestor", "ancestor", "event") in foreign_keys


@pytest.mark.parametrize(("table", "column", "target"), FOREIGN_KEYS, ids=NAMES)
def test_a_dangling_reference_is_refused_at_commit(
    linked: None, table: str, column: str, target: str
) -> None:
    assert fetch_all(f"SELECT COUNT(*) > 0 FROM {table}") == [(1,)]
    with violates("FOREIGN KEY constraint failed"):
        write_dangling_reference(table, column)
    assert fetch_all(f"SELECT COUNT(*) FROM {table} WHERE {column} = 4711") == [(0,)]


def write_dangling_reference(table: str, column: str) -> None:
    value = f"(SELECT {column} FROM {table} LIMIT 1)"
    with database.writing():
        # the constraint is deferred to the commit, because records come in any order
        sql = f"UPDATE {table} SET {column} = 4711 WHERE {column} IS NOT DISTINCT FROM {value}"
        database.execute_sql(sql)
        assert fetch_all(f"SELECT COUNT(*) > 0 FROM {table} WHERE {column} = 4711") == [(1,)]


@pytest.mark.parametrize("type", ["organization", "actor", "topic", "position", "event", "source"])
def test_a_record_that_others_refer_to_cannot_be_deleted(linked: None, type: str) -> None:
    with violates("FOREIGN KEY constraint failed"):
        delete_all(type)
    assert fetch_all(f"SELECT COUNT(*) FROM {type}") == [(1,)]


def delete_all(type: str) -> None:
    keys = f"(SELECT key FROM record WHERE type = '{type}')"
    with database.writing():
        for table, column in (("document", "key"), ("name_key", "record"), (type, "key")):
            database.execute_sql(f"DELETE FROM {table} WHERE {column} IN {keys}")
        database.execute_sql(f"DELETE FROM record WHERE type = '{type}'")


@on_sqlite
@pytest.mark.parametrize(("table", "column", "target"), FOREIGN_KEYS, ids=NAMES)
def test_a_foreign_key_begins_an_index(dataset: None, table: str, column: str, target: str) -> None:
    """Otherwise a delete of the record that it refers to would read the whole table."""
    info = fetch_all(f"PRAGMA table_info({table})")
    primary_key = sorted((place, name) for _, name, _, _, _, place in info if place)
    leading = [primary_key[0][1]] if primary_key else []
    for _, index, *_, partial in fetch_all(f"PRAGMA index_list({table})"):
        if not partial:
            leading.append(fetch_all(f"PRAGMA index_info({index})")[0][2])
    assert column in leading


@on_sqlite
@pytest.mark.parametrize(("table", "column", "target"), FOREIGN_KEYS, ids=NAMES)
def test_referring_rows_are_searched_in_an_index(
    dataset: None, table: str, column: str, target: str
) -> None:
    plan = fetch_all(f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {column} = 1")
    assert [detail for *_, detail in plan if detail.startswith("SCAN")] == []
