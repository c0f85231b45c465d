"""Projects of Discourse Network Analyzer 3: SQLite databases, of which an import only reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from seeds.raw_record import Unreadable

HEADER = b"SQLite format 3\0"
# the columns that are read, by table; never those of passwords
COLUMNS_READ = {
    "DOCUMENTS": ("ID", "Title", "Text", "Author", "Source", "Section", "Notes", "Type", "Date"),
    "CODERS": ("ID", "Name"),
    "STATEMENTTYPES": ("ID", "Label"),
    "VARIABLES": ("ID", "Variable", "DataType", "StatementTypeId"),
    "STATEMENTS": ("ID", "StatementTypeId", "DocumentId", "Start", "Stop", "Coder"),
    "DATABOOLEAN": ("StatementId", "VariableId", "Value"),
    "DATAINTEGER": ("StatementId", "VariableId", "Value"),
    "DATASHORTTEXT": ("StatementId", "VariableId", "Entity"),
    "DATALONGTEXT": ("StatementId", "VariableId", "Value"),
    "ENTITIES": ("ID", "VariableId", "Value", "ChildOf"),
    "ATTRIBUTEVARIABLES": ("ID", "VariableId", "AttributeVariable"),
    "ATTRIBUTEVALUES": ("EntityId", "AttributeVariableId", "AttributeValue"),
}
SHORT_TEXT, LONG_TEXT, BOOLEAN, INTEGER = "short text", "long text", "boolean", "integer"


class DNADocument(NamedTuple):
    id: int
    title: str
    text: str
    author: str
    source: str
    section: str
    notes: str
    type: str
    # seconds since 1970, in UTC
    date: int


class DNAStatement(NamedTuple):
    id: int
    document: int
    # in UTF-16 code units, as Java counts
    start: int
    stop: int
    coder: int | None


class DNAVariable(NamedTuple):
    id: int
    name: str
    type: str


class DNAEntity(NamedTuple):
    """A value of a variable of short texts."""

    variable: int
    value: str


class DNAProject:
    """An open project. Each method may raise sqlite3.Error if the file is damaged."""

    def __init__(self, path: Path):
        check_header(path)
        self.connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            self.check_complete()
            self.check_tables()
        except BaseException:
            self.connection.close()
            raise

    def check_complete(self) -> None:
        """Raise Unreadable if the file is damaged."""
        ((finding, *_), *_) = self.rows("PRAGMA quick_check(1)")
        if finding != "ok":
            raise Unreadable(f"is damaged or cut ({finding}): take a complete copy of the project")

    def check_tables(self) -> None:
        """Raise Unreadable if the tables are not those of DNA 3."""
        missing = [
            table
            for table, columns in COLUMNS_READ.items()
            if not {*columns} <= {row[1] for row in self.rows(f"PRAGMA table_info({table})")}
        ]
        if not missing:
            return
        tables = {name for (name,) in self.rows("SELECT name FROM sqlite_master")}
        if not {"STATEMENTS", "DOCUMENTS"} <= tables:
            raise Unreadable(
                f"is no DNA project: it has no tables {', '.join(missing)}; give a .dna file"
            )
        raise Unreadable(
            f"is a DNA project{self.version()}, whose tables {', '.join(missing)} are not those of"
            " DNA 3: bring it into DNA 3, and import the project that DNA 3 saves"
        )

    def version(self) -> str:
        try:
            rows = self.rows("SELECT Value FROM SETTINGS WHERE Property = 'version'")
        except sqlite3.Error:
            return ""
        return f" of version {rows[0][0]}" if rows else ""

    def rows(self, sql: str, *parameters: object) -> list[tuple]:
        return self.connection.execute(sql, parameters).fetchall()

    def close(self) -> None:
        self.connection.close()

    def statement_types(self) -> dict[str, int]:
        return dict(self.rows("SELECT Label, ID FROM STATEMENTTYPES ORDER BY ID"))

    def variables(self, statement_type: int) -> list[DNAVariable]:
        sql = "SELECT ID, Variable, DataType FROM VARIABLES WHERE StatementTypeId = ? ORDER BY ID"
        return [DNAVariable(*row) for row in self.rows(sql, statement_type)]

    def coders(self) -> dict[int, str]:
        return dict(self.rows("SELECT ID, Name FROM CODERS"))

    def documents(self) -> Iterator[DNADocument]:
        columns = ", ".join(COLUMNS_READ["DOCUMENTS"])
        for row in self.connection.execute(f"SELECT {columns} FROM DOCUMENTS ORDER BY ID"):
            yield DNADocument(*row)

    def text(self, document: int) -> str:
        return str(self.rows("SELECT Text FROM DOCUMENTS WHERE ID = ?", document)[0][0])

    def entities(self) -> dict[int, DNAEntity]:
        rows = self.rows("SELECT ID, VariableId, Value FROM ENTITIES ORDER BY ID")
        return {id: DNAEntity(*values) for id, *values in rows}

    def parents(self) -> int:
        """The number of entities that belong to another one."""
        return int(self.rows("SELECT COUNT(*) FROM ENTITIES WHERE ChildOf IS NOT NULL")[0][0])

    def attributes(self) -> dict[int, dict[str, str]]:
        """The attributes of entities that have a value, by entity."""
        attributes: dict[int, dict[str, str]] = {}
        for entity, name, value in self.rows(
            "SELECT EntityId, AttributeVariable, AttributeValue FROM ATTRIBUTEVALUES"
            " JOIN ATTRIBUTEVARIABLES ON ATTRIBUTEVARIABLES.ID = AttributeVariableId"
            " WHERE TRIM(AttributeValue) <> '' ORDER BY ATTRIBUTEVALUES.ID"
        ):
            attributes.setdefault(entity, {})[name] = value
        return attributes

    def statement_counts(self) -> dict[int, int]:
        """The number of statements, by statement type."""
        return dict(self.rows("SELECT StatementTypeId, COUNT(*) FROM STATEMENTS GROUP BY 1"))

    def statements(self, statement_type: int) -> Iterator[DNAStatement]:
        """The statements of a type, by document and place."""
        for row in self.connection.execute(
            "SELECT ID, DocumentId, Start, Stop, Coder FROM STATEMENTS WHERE StatementTypeId = ?"
            " ORDER BY DocumentId, Start, ID",
            (statement_type,),
        ):
            yield DNAStatement(*row)

    def values(self, statement: int) -> dict[int, str | int]:
        """The values of a statement, by variable; of a short text, the number of the entity."""
        rows = self.rows(
            "SELECT VariableId, Value FROM DATABOOLEAN WHERE StatementId = ?1"
            " UNION ALL SELECT VariableId, Value FROM DATAINTEGER WHERE StatementId = ?1"
            " UNION ALL SELECT VariableId, Entity FROM DATASHORTTEXT WHERE StatementId = ?1"
            " UNION ALL SELECT VariableId, Value FROM DATALONGTEXT WHERE StatementId = ?1",
            statement,
        )
        return dict(rows)


def check_header(path: Path) -> None:
    """Raise Unreadable if a file is no SQLite database."""
    if not path.is_file():
        raise Unreadable("is no regular file: save it first")
    with path.open("rb") as file:
        header = file.read(len(HEADER))
    if header != HEADER:
        raise Unreadable(
            "is empty: give a .dna file"
            if not header
            else "is no SQLite database, or an encrypted one: give a .dna file that DNA 3 has saved"
            " without encryption"
        )
