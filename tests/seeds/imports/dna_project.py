"""A small project with the tables of Discourse Network Analyzer 3."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

# as DNA 3 has them, without colours, permissions and the passwords of coders
SCHEMA = """
CREATE TABLE SETTINGS (Property TEXT PRIMARY KEY, Value TEXT NOT NULL);
CREATE TABLE CODERS (ID INTEGER PRIMARY KEY, Name TEXT NOT NULL);
CREATE TABLE DOCUMENTS (ID INTEGER PRIMARY KEY, Title TEXT NOT NULL, Text TEXT NOT NULL,
    Coder INTEGER, Author TEXT NOT NULL DEFAULT '', Source TEXT NOT NULL DEFAULT '',
    Section TEXT NOT NULL DEFAULT '', Notes TEXT NOT NULL DEFAULT '',
    Type TEXT NOT NULL DEFAULT '', Date INTEGER NOT NULL);
CREATE TABLE STATEMENTTYPES (ID INTEGER PRIMARY KEY, Label TEXT NOT NULL);
CREATE TABLE VARIABLES (ID INTEGER PRIMARY KEY, Variable TEXT NOT NULL, DataType TEXT NOT NULL,
    StatementTypeId INTEGER);
CREATE TABLE STATEMENTS (ID INTEGER PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER,
    Start INTEGER NOT NULL, Stop INTEGER NOT NULL, Coder INTEGER);
CREATE TABLE DATABOOLEAN (ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
    Value INTEGER NOT NULL, UNIQUE (StatementId, VariableId));
CREATE TABLE DATAINTEGER (ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
    Value INTEGER NOT NULL, UNIQUE (StatementId, VariableId));
CREATE TABLE DATASHORTTEXT (ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
    Entity INTEGER NOT NULL, UNIQUE (StatementId, VariableId));
CREATE TABLE DATALONGTEXT (ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
    Value TEXT DEFAULT '', UNIQUE (StatementId, VariableId));
CREATE TABLE ENTITIES (ID INTEGER PRIMARY KEY, VariableId INTEGER NOT NULL,
    Value TEXT NOT NULL DEFAULT '', ChildOf INTEGER, UNIQUE (VariableId, Value));
CREATE TABLE ATTRIBUTEVARIABLES (ID INTEGER PRIMARY KEY, VariableId INTEGER,
    AttributeVariable TEXT NOT NULL);
CREATE TABLE ATTRIBUTEVALUES (ID INTEGER PRIMARY KEY, EntityId INTEGER,
    AttributeVariableId INTEGER, AttributeValue TEXT NOT NULL DEFAULT '');
"""
NOON = 1747224000  # 2025-05-14T12:00:00Z
ROWS: dict[str, Sequence[tuple]] = {
    "SETTINGS": [("version", "3.0.7")],
    "CODERS": [(1, "Admin"), (2, "Eva")],
    "DOCUMENTS": [
        (1, "Tram hearing", "\n  𝒯ram: “Build it”, she said. No, he said.\n", 2, "Ada Lund",
         "The Post", "A", "", "transcript", NOON),
        (2, "Tram hearing", "No words", 1, "", "", "", "", "", NOON + 43_200),
    ],
    "STATEMENTTYPES": [(1, "DNA Statement"), (2, "Annotation"), (3, "Story")],
    "VARIABLES": [
        (1, "person", "short text", 1), (2, "organization", "short text", 1),
        (3, "concept", "short text", 1), (4, "agreement", "boolean", 1),
        (5, "frame", "short text", 1), (6, "strength", "integer", 1),
        (7, "remark", "long text", 1), (8, "sure", "boolean", 1), (9, "note", "long text", 2),
        (10, "hero", "short text", 3), (11, "trust", "integer", 3),
    ],
    "ENTITIES": [
        (1, 1, "", None), (2, 1, "Ada Lund", None), (3, 1, "ADA LUND", None),
        (4, 2, "", None), (5, 2, "Harbour Party", None), (6, 3, "The city should build it", None),
        (7, 5, "costs", None), (8, 10, "Ada Lund", None), (9, 2, "Civic List", 5),
    ],
    "ATTRIBUTEVARIABLES": [(1, 1, "Type"), (2, 1, "Notes"), (3, 2, "Type"), (4, 3, "a:b")],
    "ATTRIBUTEVALUES": [
        (1, 2, 1, "Politician"), (2, 3, 1, "Mayor"), (3, 3, 2, "of the city"), (4, 5, 3, ""),
        (5, 6, 4, "c"),
    ],
    # the first one begins and ends with white space
    "STATEMENTS": [
        (1, 1, 1, 9, 22, 2), (2, 1, 1, 36, 38, 1), (3, 1, 2, 0, 8, 1), (4, 2, 1, 0, 5, 1),
        (5, 3, 1, 36, 38, 1),
    ],
    "DATASHORTTEXT": [
        (1, 1, 1, 2), (2, 1, 2, 5), (3, 1, 3, 6), (4, 1, 5, 7), (5, 2, 1, 1), (6, 2, 2, 9),
        (7, 2, 3, 6), (8, 3, 1, 3), (9, 3, 2, 4), (10, 3, 3, 6), (11, 5, 10, 8),
    ],
    "DATABOOLEAN": [(1, 1, 4, 1), (2, 2, 4, 0), (3, 3, 4, 1), (4, 1, 8, 1)],
    "DATAINTEGER": [(1, 1, 6, -3), (2, 5, 11, -3)],
    "DATALONGTEXT": [(1, 1, 7, "to be checked"), (2, 4, 9, "a note")],
}  # fmt: skip


def write_project(path: Path, statements: Iterable[str] = ()) -> Path:
    """Write the project to a file, and run further SQL statements on it."""
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    for table, rows in ROWS.items():
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    for sql in statements:
        connection.execute(sql)
    connection.commit()
    connection.close()
    return path
