"""Drafts: the content of an imported file, before its names have become ids.

Names and drafts are in a temporary SQLite database on disk: memory does not grow with the file.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import orjson

from models.values.folding import fold
from models.values.spelling import script_key
from seeds.problems import Place, SeedProblem, SeedProblems

# the only name of an object in a draft that stands for an id, or for `{"actor": id}`
REFERENCE, PARTY = "?", "?party"
CLAIMANT_TYPES = ("actor", "organization")
# names and counts that are kept in memory
MAX_BUFFERED = 50_000
# rows that are read or looked up at once
BATCH = 500

TABLES = """
CREATE TABLE name (
    key INTEGER PRIMARY KEY, types TEXT, text TEXT, id TEXT, identifier TEXT, variant TEXT,
    creates INTEGER, folded TEXT, script TEXT, line INTEGER, column_name TEXT,
    type TEXT, record TEXT, entity INTEGER,
    UNIQUE (types, folded, script, variant, id, identifier, creates));
CREATE TABLE spelling (name INTEGER, text TEXT, rows INTEGER, PRIMARY KEY (name, text))
    WITHOUT ROWID;
CREATE TABLE field (name INTEGER, field TEXT, value BLOB, line INTEGER,
    PRIMARY KEY (name, field, value)) WITHOUT ROWID;
CREATE TABLE draft (n INTEGER PRIMARY KEY, type TEXT, line INTEGER, body BLOB, record TEXT);
CREATE TABLE entity (key INTEGER PRIMARY KEY, type TEXT, id TEXT, line INTEGER, column_name TEXT);
CREATE TABLE entity_name (type TEXT, folded TEXT, script TEXT, variant TEXT, entity INTEGER,
    PRIMARY KEY (type, folded, script, variant, entity)) WITHOUT ROWID;
CREATE TABLE ambiguous (name INTEGER, type TEXT, id TEXT, entity INTEGER);
CREATE TABLE described (name INTEGER PRIMARY KEY);
CREATE TABLE written (type TEXT, id TEXT, hash BLOB, line INTEGER, place INTEGER,
    PRIMARY KEY (type, id)) WITHOUT ROWID;
CREATE INDEX entity_id ON entity (id, type);
CREATE INDEX written_place ON written (place);
"""

Reference = dict[str, int]


class Draft(NamedTuple):
    """A record as the imported file has it.

    Fields that are missing stay as they are in the dataset, and those that are None are emptied.
    References stand for ids. A reference as `id` lets the draft describe the record that a name
    finds or makes. Aliases, identifiers, memberships and reviews are added to those that the record
    has. A report that has only a source keeps all reports of that source.
    """

    type: str
    line: int
    fields: dict[str, Any]
    # attributes by name, set (or emptied) without the others
    attributes: dict[str, str | None] = {}


class DraftStore:
    """The drafts and names of one imported file, and its problems."""

    def __init__(
        self,
        file: str,
        problems: SeedProblems,
        *,
        create: bool = True,
        replace_control: bool = False,
    ):
        self.file = file
        self.problems = problems
        self.replace_control = replace_control
        # what the file calls the fields of a claim, for the errors of whole records
        self.columns: Mapping[str, str] = {}
        # the lines from which on rows have other numbers, and by how much less
        self.shifted_lines = array("q")
        self.shifts = array("q")
        # the name of a place, for formats whose numbers of places are not lines
        self.place_name: Callable[[int], str] = "line {}".format
        self.has_lines = True
        # whether the import may make records that the dataset lacks
        self.create = create
        self.told: Counter[str] = Counter()
        # an empty name is a temporary database that SQLite deletes
        self.scratch = sqlite3.connect("", isolation_level=None)
        self.scratch.executescript(TABLES)
        self.scratch.execute("BEGIN")
        self.keys: dict[tuple, int] = {}
        self.spellings: Counter[tuple[int, str]] = Counter()
        self.fields: dict[tuple[int, str, bytes], int] = {}

    def close(self) -> None:
        self.scratch.close()

    def name(
        self,
        types: tuple[str, ...],
        text: str,
        *,
        line: int,
        column: str,
        id: str = "",
        identifiers: Iterable[str] = (),
        variant: str = "",
        create: bool = True,
        fields: Mapping[str, Any] | None = None,
    ) -> Reference:
        """A reference to the record that a text names.

        An `id` wins over the text, and so do `identifiers` (`wikidata:Q1`) that the dataset has. A
        record with others of the same scheme is another one. The `variant` tells namesakes in the
        file apart: for sources, their URL. A record of several types is not made. If the record is
        made, it has these `fields`.
        """
        creates = create and len(types) == 1
        key = self.name_key(
            types,
            text,
            id,
            "\n".join(identifiers),
            variant,
            creates=creates,
            line=line,
            column=column,
        )
        if text:
            self.spellings[key, text] += 1
        for field, value in (fields or {}).items():
            self.fields.setdefault((key, field, orjson.dumps(value)), line)
        if len(self.spellings) + len(self.fields) > MAX_BUFFERED:
            self.flush()
        return {REFERENCE: key}

    def party(self, text: str, *, id: str = "", line: int, column: str) -> Reference:
        """A reference to an actor or organization; `actor:` or `organization:` may pin the type.

        Only a name with such a beginning makes a record.
        """
        types: tuple[str, ...] = CLAIMANT_TYPES
        for value in (id, text):
            type, colon, _ = value.partition(":")
            if colon and type in CLAIMANT_TYPES:
                types = (type,)
                break
        id, text = (without_prefix(value) for value in (id, text))
        return {PARTY: self.name(types, text, id=id, line=line, column=column)[REFERENCE]}

    def name_key(
        self,
        types: tuple[str, ...],
        text: str,
        id: str,
        identifier: str,
        variant: str,
        *,
        creates: bool,
        line: int,
        column: str,
    ) -> int:
        asked = (types, text, id, identifier, variant, creates)
        key = self.keys.get(asked)
        if key is None:
            if len(self.keys) > MAX_BUFFERED:
                self.keys.clear()
            key = self.keys[asked] = self.stored_name_key(asked, line, column)
        return key

    def stored_name_key(self, asked: tuple, line: int, column: str) -> int:
        """The key of a name in the scratch database; texts that fold alike share one."""
        types, text, id, identifier, variant, creates = asked
        identity = (
            " ".join(types), folded_name(text), script_key(text) or "", variant, id, identifier,
            creates,
        )  # fmt: skip
        inserted = self.scratch.execute(
            "INSERT OR IGNORE INTO name (types, folded, script, variant, id, identifier, creates,"
            " text, line, column_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*identity, text, line, column),
        )
        if inserted.rowcount:
            return inserted.lastrowid or 0
        sql = (
            "SELECT key FROM name WHERE types = ? AND folded = ? AND script = ? AND variant = ?"
            " AND id = ? AND identifier = ? AND creates = ?"
        )
        return self.scratch.execute(sql, identity).fetchone()[0]

    def add(self, draft: Draft) -> None:
        body = orjson.dumps([draft.fields, draft.attributes])
        sql = "INSERT INTO draft (type, line, body) VALUES (?, ?, ?)"
        self.scratch.execute(sql, (draft.type, draft.line, body))
        if (name := named_by(draft)) is not None:
            self.scratch.execute("INSERT OR IGNORE INTO described VALUES (?)", (name,))

    def drafts(self) -> Iterator[tuple[int, Draft]]:
        """All drafts with their numbers, in the order of the file."""
        sql = "SELECT n, type, line, body FROM draft WHERE n > ? ORDER BY n LIMIT ?"
        last = 0
        while rows := self.select(sql, last, BATCH):
            for n, type, line, body in rows:
                yield n, Draft(type, line, *orjson.loads(body))
            last = rows[-1][0]

    def flush(self) -> None:
        """Write the spellings and fields that are in memory."""
        self.scratch.executemany(
            "INSERT INTO spelling VALUES (?, ?, ?)"
            " ON CONFLICT (name, text) DO UPDATE SET rows = rows + excluded.rows",
            ((*spelling, count) for spelling, count in self.spellings.items()),
        )
        self.scratch.executemany(
            "INSERT OR IGNORE INTO field VALUES (?, ?, ?, ?)",
            ((*field, line) for field, line in self.fields.items()),
        )
        self.spellings.clear()
        self.fields.clear()

    def select(self, sql: str, *parameters: Any) -> list[tuple]:
        return self.scratch.execute(sql, parameters).fetchall()

    def error(
        self,
        line: int | None,
        column: str,
        message: str,
        value: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        self.problems.add(SeedProblem(self.place(line), message, column, value, suggestion))

    def name_places(self, place_name: Callable[[int], str]) -> None:
        """Give the places of a file that has no lines their names, by number."""
        self.place_name, self.has_lines = place_name, False

    def note_row(self, line: int, number: int) -> None:
        """Tell the number of the row that begins in a line, where rows may have several lines."""
        if line - number != (self.shifts[-1] if self.shifts else 0):
            self.shifted_lines.append(line)
            self.shifts.append(line - number)

    def place(self, line: int | None) -> Place:
        """A line of the file, and the number of its row if that is another one; or its name."""
        if not self.has_lines:
            return Place(self.file, None, self.place_name(line) if line else "")
        n = bisect(self.shifted_lines, line or 0)
        row = f"row {(line or 0) - self.shifts[n - 1]}" if n else ""
        return Place(self.file, line, row)

    def placed(self, problem: SeedProblem, line: int | None) -> SeedProblem:
        """A problem of a record, with the line and the column of the imported file."""
        is_claim = problem.place.record.startswith("claim")
        column = is_claim and self.columns.get(problem.field.partition(".")[0])
        if column:
            return replace(problem, place=self.place(line), field=column)
        record = problem.place.record
        if line and not self.has_lines:
            record = f"{self.place_name(line)}: {record}"
            line = None
        return replace(problem, place=Place(self.file, line, record))

    def warn(self, line: int | None, column: str, message: str, value: str | None = None) -> None:
        self.problems.warnings.add(SeedProblem(self.place(line), message, column, value))

    def tell(self, what: str, count: int = 1) -> None:
        """Count what the report mentions: "dates whose time of day is left out"."""
        self.told[what] += count


def without_prefix(text: str) -> str:
    """A party without `actor:` or `organization:` in front."""
    type, colon, rest = text.partition(":")
    return rest.strip() if colon and type in CLAIMANT_TYPES else text


def folded_name(text: str) -> str:
    """A name as it is compared; one without letters and digits is compared as it is."""
    return fold(text) or text


def named_by(draft: Draft) -> int | None:
    """The key of the name whose record a draft describes."""
    id = draft.fields.get("id")
    return id[REFERENCE] if isinstance(id, dict) else None


def with_ids(value: Any, ids: Mapping[int, tuple[str, str]]) -> Any:
    """A draft's value with ids in place of references, given (type, id) by key."""
    if isinstance(value, dict):
        if REFERENCE in value:
            return ids[value[REFERENCE]][1]
        fields = {
            name: with_ids(inner, ids) for name, inner in value.items() if name != PARTY
        }  # fmt: skip
        if PARTY in value:
            type, id = ids[value[PARTY]]
            return {type: id, **fields}
        return fields
    return [with_ids(item, ids) for item in value] if isinstance(value, list) else value


def reference_keys(value: Any) -> Iterable[int]:
    """The keys of all references in a draft's value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in (REFERENCE, PARTY):
                yield inner
            else:
                yield from reference_keys(inner)
    elif isinstance(value, list):
        for item in value:
            yield from reference_keys(item)
