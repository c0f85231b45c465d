"""What the database itself refuses, whoever writes to it, and that deletes need not scan."""

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
def small(load: Callable) -> None:
    """One record of each type, all linked."""
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


# what PostgreSQL says of what SQLite says so
POSTGRES = {
    "UNIQUE constraint failed": "duplicate key value violates unique constraint",
    "CHECK constraint failed": "violates check constraint",
    "NOT NULL constraint failed": "violates not-null constraint",
    "FOREIGN KEY constraint failed": "violates foreign key constraint",
}


def refused(message: str) -> Any:
    """The database refuses."""
    if ENGINE == "postgres":
        words, _, names = message.partition(": ")
        message = POSTGRES[words] + ".*" * bool(names) + names.replace("position", ".?position")
    else:
        # SQLite names the table before each column
        message = re.sub(r"(: |, )", r"\1\\w+\.", message)
    return pytest.raises(IntegrityError, match=f"(?s){message}")


def key(id: str) -> int:
    return fetch_all(f"SELECT key FROM record WHERE id = {database.param}", id)[0][0]


def write(sql: str, *params: Any) -> None:
    with database.writing():
        database.execute_sql(sql.replace("?", database.param), params)


def copied(table: str, where: str, **changed: str) -> str:
    """Insert a row once more, with other expressions in some columns."""
    names = [f'"{one.name}"' for one in database.get_columns(table)]
    values = ", ".join(changed.get(name.strip('"'), name) for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {where}"


NEW = {"key": "99", "entered": "99"}


@pytest.mark.parametrize(
    ("table", "changes", "where", "message"),
    [
        ("record", NEW, "id = 'c'", "UNIQUE constraint failed: type, id"),
        ("record", NEW | {"id": "'x'", "key": "key"}, "id = 'c'", "UNIQUE constraint failed: key"),
        ("record", NEW | {"id": "'x'", "entered": "1"}, "id = 'c'",
         "UNIQUE constraint failed: entered"),
        ("record", NEW | {"type": "'person'"}, "id = 'c'", "CHECK constraint failed"),
        ("handle", {"record": "1 + record"}, "kind = 'identifier'", "UNIQUE constraint failed"),
        ("handle", {"record": "1 + record"}, "kind = 'former'", "UNIQUE constraint failed"),
        ("handle", {"kind": "'nickname'"}, "kind = 'former'", "CHECK constraint failed"),
        ("claim_position", {"ordinal": "1"}, "true", "UNIQUE constraint failed: claim, position"),
        ("claim_position", {"position": "1"}, "true", "UNIQUE constraint failed: claim, ordinal"),
        ("about", {"ordinal": "1"}, "true", "UNIQUE constraint failed: claim, party"),
        ("addressee", {"ordinal": "1"}, "true", "UNIQUE constraint failed: claim, party"),
        ("deletion", {}, "true", "UNIQUE constraint failed: type, id"),
    ],
)  # fmt: skip
def test_twice(small: None, table: str, changes: dict, where: str, message: str) -> None:
    write("INSERT INTO deletion (type, id, version) VALUES ('claim', 'gone', 1)")
    sql = copied(table, where, **changes)
    with refused(message):
        write(sql)


def test_one_identifier_for_two_types(small: None) -> None:
    """An identifier is unique within a type, not beyond."""
    other = f"UPDATE handle SET type = 'actor', record = {key('a')} WHERE kind = 'identifier'"
    write(copied("handle", "kind = 'identifier'", type="'actor'", record=str(key("a"))))
    with refused("UNIQUE constraint failed"):
        write(other)


def test_a_claim_has_a_claimant(small: None) -> None:
    write("UPDATE claim SET actor = NULL WHERE key = ?", key("c"))
    write("UPDATE claim SET actor = ?, organization = NULL WHERE key = ?", key("a"), key("c"))
    with refused("CHECK constraint failed"):
        write("UPDATE claim SET actor = NULL WHERE key = ?", key("c"))


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
def test_closed_lists(small: None, table: str, column: str, nullable: bool) -> None:
    for value in ("unheard-of", "", "OTHER"):
        with refused("CHECK constraint failed"):
            write(f"UPDATE {table} SET {column} = ?", value)
    if nullable:
        write(f"UPDATE {table} SET {column} = NULL")
    else:
        with refused("NOT NULL constraint failed"):
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
    there = [
        (table, column, target)
        for table in (model._meta.table_name for model in TABLES)
        for column, target, *_ in database.get_foreign_keys(table)
    ]
    assert sorted(there) == sorted(FOREIGN_KEYS)
    assert ("claim", "actor", "actor") in there
    assert ("about", "party", "record") in there


@pytest.mark.parametrize(("table", "column", "target"), FOREIGN_KEYS, ids=NAMES)
def test_a_dangling_reference_is_refused_at_commit(
    small: None, table: str, column: str, target: str
) -> None:
    assert fetch_all(f"SELECT COUNT(*) > 0 FROM {table}") == [(1,)]
    with refused("FOREIGN KEY constraint failed"):
        point_astray(table, column)
    assert fetch_all(f"SELECT COUNT(*) FROM {table} WHERE {column} = 4711") == [(0,)]


def point_astray(table: str, column: str) -> None:
    one = f"(SELECT {column} FROM {table} LIMIT 1)"
    with database.writing():
        # nothing is said before the commit: records come in any order
        sql = f"UPDATE {table} SET {column} = 4711 WHERE {column} IS NOT DISTINCT FROM {one}"
        database.execute_sql(sql)
        assert fetch_all(f"SELECT COUNT(*) > 0 FROM {table} WHERE {column} = 4711") == [(1,)]


@pytest.mark.parametrize("type", ["organization", "actor", "topic", "position", "event", "source"])
def test_what_others_refer_to_cannot_go(small: None, type: str) -> None:
    with refused("FOREIGN KEY constraint failed"):
        delete_all(type)
    assert fetch_all(f"SELECT COUNT(*) FROM {type}") == [(1,)]


def delete_all(type: str) -> None:
    of = f"(SELECT key FROM record WHERE type = '{type}')"
    with database.writing():
        for table, column in (("document", "key"), ("handle", "record"), (type, "key")):
            database.execute_sql(f"DELETE FROM {table} WHERE {column} IN {of}")
        database.execute_sql(f"DELETE FROM record WHERE type = '{type}'")


@on_sqlite
@pytest.mark.parametrize(("table", "column", "target"), FOREIGN_KEYS, ids=NAMES)
def test_a_foreign_key_begins_an_index(dataset: None, table: str, column: str, target: str) -> None:
    """Else each delete of what it refers to would read the whole table."""
    info = fetch_all(f"PRAGMA table_info({table})")
    primary = [name for _, name, _, _, _, place in sorted(info, key=lambda one: one[5]) if place]
    leading = [primary[0]] if primary else []
    for _, index, *_, partial in fetch_all(f"PRAGMA index_list({table})"):
        if not partial:
            leading.append(fetch_all(f"PRAGMA index_info({index})")[0][2])
    assert column in leading


@on_sqlite
@pytest.mark.parametrize(("table", "column", "target"), FOREIGN_KEYS, ids=NAMES)
def test_the_planner_finds_referrers_by_that_index(
    dataset: None, table: str, column: str, target: str
) -> None:
    plan = fetch_all(f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {column} = 1")
    assert [detail for *_, detail in plan if detail.startswith("SCAN")] == []
