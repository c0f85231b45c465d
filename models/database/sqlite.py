"""What SQLite does in its own way."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from sqlite3 import register_adapter
from time import monotonic, sleep
from typing import Any, ClassVar
from weakref import WeakSet

import orjson
from peewee import JOIN, Join, Node, OperationalError, Select, SqliteDatabase, fn
from peewee import __exception_wrapper__ as own_errors  # type: ignore[attr-defined]

from models.database.row_page import RowPage
from models.database.sql import sql_template

# sqlite3 looks for a way to adapt each value that is no number and no text, which takes it longer
# than to bind one: these stay as they are
register_adapter(type(None), dict[Any, Any]().get)
register_adapter(bytes, bytes)
# rows that one step inserts
AT_ONCE = 20
# seconds to wait for a lock
PATIENCE = 30
# bytes of the file that are mapped; kB of pages that a connection keeps
MAPPED = (1 << 31) - (1 << 16)
KEPT = 32_768
# device and inode: tell a file from another one at the same path
FileIdentity = tuple[int, int]
# in place of a file that is not there
GONE = (0, 0)


def identity(path: str) -> FileIdentity:
    """Device and inode of a file; GONE where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return GONE
    return status.st_dev, status.st_ino


class Connection(sqlite3.Connection):
    """A connection that knows which file it opened, and the WAL-index (-shm) of that file."""

    # all connections of this process
    living: ClassVar[WeakSet[Connection]] = WeakSet()

    file: FileIdentity | None = None
    wal_index: FileIdentity | None = None

    def opened(self, path: str, file: FileIdentity | None) -> None:
        """Note the file and its WAL-index, which SQLite creates at the first read."""
        self.file = file
        self.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        self.wal_index = identity(wal_index(path))
        self.living.add(self)

    def close(self) -> None:
        super().close()
        self.wal_index = None

    @classmethod
    def wal_index_of_another_file(cls, path: str, file: FileIdentity) -> bool:
        """Whether an open connection uses this path's WAL-index for a former file.

        Two files with one WAL-index would drop each other's locks and corrupt both.
        """
        found = identity(wal_index(path))
        return found != GONE and any(
            connection.wal_index == found and connection.file != file
            for connection in [*cls.living]
        )


def wal_index(path: str) -> str:
    return f"{os.path.realpath(path)}-shm"


class Sqlite(SqliteDatabase):
    """A SQLite file: one connection a thread, readers undisturbed by the one writer (WAL)."""

    def __init__(self, path: str):
        super().__init__(
            path,
            timeout=PATIENCE,
            factory=Connection,
            pragmas={
                "journal_mode": "wal",
                "foreign_keys": 1,
                "synchronous": "normal",
                "mmap_size": MAPPED,
                "cache_size": -KEPT,
                "temp_store": "file",
            },
        )

    # where a text stands in another, from 1 on; 0 where it does not
    position = "instr"

    def listed(self, value: Any, column: Node) -> Node:
        """The right side of `IN` for a list that travels as one parameter."""
        return sql_template("(SELECT value FROM json_each({}))", value)

    def has_words(self, column: Node, values: Any) -> Node:
        """Whether the column, a space around each word, has all words of one of the values."""
        return sql_template(
            "EXISTS (SELECT 1 FROM json_each({}) AS one WHERE NOT EXISTS ("
            "SELECT 1 FROM json_each(one.value) AS word"
            " WHERE COALESCE({}, '') NOT LIKE '% ' || word.value || ' %'))",
            values, column,
        )  # fmt: skip

    def within(self, start: Node, end: Node, periods: Any, first: str, last: str) -> Node:
        """Whether what goes from start to end lies within one of the periods."""
        return sql_template(
            f"EXISTS (SELECT 1 FROM json_each({{}}) WHERE {{}} >= json_extract(value, '$.{first}')"
            f" AND {{}} <= json_extract(value, '$.{last}'))",
            periods, start, end,
        )  # fmt: skip

    def of_claim(self, link: Any, key: Any) -> list[Node]:
        """Whether one of the links to something known is of this claim.

        By where it stands in lists, for which each index has the links: claims come newest first,
        so that each is looked for where the last one was.
        """
        same = (link.listed, link.date_key, link.entered)
        return [column == getattr(key.model, column.name) for column in same]

    @staticmethod
    def apart(query: Any) -> Any:
        """A query that is not joined to the others, as none is here."""
        return query

    def with_documents(self, page: Any, document: Any) -> Node:
        """All rows of a page as one row, in their order, for `row_page`.

        For each row of a result, SQLite releases Python's lock, and other threads take it.
        """
        join = Join(page, document, JOIN.CROSS, document.key == page.c.record_key)
        joined = sql_template("CAST(GROUP_CONCAT({}, ',') AS BLOB)", document.body)
        columns = (fn.LENGTH(document.body), page.c.sort_value, page.c.tie)
        lists = [sql_template("JSON_GROUP_ARRAY({})", column) for column in columns]
        return Select([join], [joined, *lists])

    @staticmethod
    def row_page(rows: list[tuple]) -> RowPage:
        """The page that a query of `with_documents` selects."""
        ((content, *lists),) = rows
        return RowPage(content or b"", *map(orjson.loads, lists))

    @property
    def in_list(self) -> str:
        """`listed` for statements written out."""
        return f"(SELECT value FROM json_each({self.param}))"

    def replaced(self, column: str) -> str:
        """The bytes of a column with one text, a parameter, replaced by another one."""
        return f"CAST(replace(CAST({column} AS TEXT), {self.param}, {self.param}) AS BLOB)"

    @staticmethod
    def pack(values: Iterable[Any]) -> str:
        """A list as the one parameter that `listed` takes."""
        return orjson.dumps(list(values)).decode()

    def columns(self, **types: str) -> str:
        """A table made of one parameter, a packed list of objects with these members."""
        picked = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in types)
        return f"(SELECT {picked} FROM json_each({self.param}))"

    def many(self, sql: str, rows: Iterable[tuple]) -> None:
        """Run a statement for each row."""
        with own_errors:
            self.connection().executemany(sql, rows)

    def insert(self, table: str, names: Sequence[str], rows: Iterable[tuple]) -> None:
        """Insert many rows at once."""
        quoted = ", ".join(f'"{name}"' for name in names)
        row = f"({', '.join([self.param] * len(names))})"
        into = f'INSERT INTO "{table}" ({quoted}) VALUES '
        found = list(rows)
        full = len(found) - len(found) % AT_ONCE
        parts = (chain(*found[n : n + AT_ONCE]) for n in range(0, full, AT_ONCE))
        self.many(into + ", ".join([row] * AT_ONCE), map(tuple, parts))
        self.many(into + row, found[full:])

    def may_exist(self) -> bool:
        """Whether connecting makes no new file."""
        path = Path(self.database)
        return path.exists() or not path.parent.is_dir()

    def close_idle(self) -> None:
        """Nothing: each thread has its own connection."""

    def _connect(self) -> Connection:
        before = self.file()
        connection: Connection = super()._connect()  # type: ignore[misc]
        file = self.file()
        if before not in (GONE, file):
            connection.close()
            raise OperationalError("the database's file was replaced at this moment")
        connection.opened(self.database, file)
        return connection

    def wait(self) -> None:
        """Connect: where another process fills the empty file, when it has, as for any lock.

        SQLite itself does not wait for one to be able to write its log.
        """
        until = monotonic() + PATIENCE
        while True:
            try:
                self.connection()
                return
            except OperationalError as error:
                if "locked" not in str(error) or monotonic() > until:
                    raise
            sleep(0.05)

    def file(self) -> FileIdentity | None:
        """The identity of the file at the path; None for a database in memory."""
        return None if self.database == ":memory:" else identity(self.database)

    def current(self) -> Connection:
        """A connection to the file that is there now."""
        file = self.file()
        connection: Connection | None = self._state.conn  # type: ignore[attr-defined]
        if connection and connection.file == file != GONE:
            return connection
        if file and file != GONE and Connection.wal_index_of_another_file(self.database, file):
            raise OperationalError(
                "the database's file was replaced, and the -shm beside it is that of the former "
                "one: replace both at once, or remove the -wal and the -shm"
            )
        self.close()
        if file == GONE:
            raise OperationalError("the database's file is not there")
        return self.connection()

    def peek(self, sql: str) -> tuple:
        """The row that a statement selects, without a transaction around it."""
        connection = self.current()
        with own_errors:
            return connection.execute(sql).fetchone()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """One read transaction, of the file that is there now."""
        connection = self.current()
        with own_errors:
            connection.execute("BEGIN")
        try:
            yield
        finally:
            with own_errors:
                connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction, all or nothing; the lock is taken at once."""
        connection = self.connection()
        with own_errors:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.commit()
            except BaseException:
                # no room on the disk, say, has ended it already
                if connection.in_transaction:
                    connection.rollback()
                raise

    @contextmanager
    def loading(self, empty: bool) -> Iterator[None]:
        """Make ready for a large transaction; an empty file is filled without a log beside it.

        Nobody reads it yet, and to go back is to cut it off: so nothing is written twice. Where
        others have the file open, the log stays. Its records were checked, and what they refer to
        was found, or all are refused: SQLite need not ask again for each row.
        """
        self.pragma("mmap_size", 0)
        # beside this one a thread sorts what does not fit into its memory
        self.pragma("threads", 1)
        if empty:
            self.pragma("foreign_keys", 0)
            self.pragma("ignore_check_constraints", 1)
            self.pragma("busy_timeout", 0)
            with suppress(OperationalError):
                self.pragma("journal_mode", "delete")
            self.pragma("busy_timeout", PATIENCE * 1000)
        try:
            yield
        finally:
            # where someone is reading at this moment, the next connection does it
            with suppress(OperationalError):
                self.pragma("journal_mode", "wal")
            self.pragma("foreign_keys", 1)
            self.pragma("ignore_check_constraints", 0)
            self.pragma("threads", 0)
            self.pragma("mmap_size", MAPPED)

    def temporary(self, name: str, columns: str) -> None:
        """An empty table that only this connection sees."""
        self.execute_sql(f"DROP TABLE IF EXISTS temp.{name}")
        self.execute_sql(f"CREATE TEMP TABLE {name} ({columns})")

    def index(self, name: str, on: str) -> None:
        """An index on a temporary table."""
        self.execute_sql(f"CREATE INDEX temp.{name} ON {on}")

    @contextmanager
    def indexed_later(self, models: Sequence[Any]) -> Iterator[None]:
        """Tables that get many rows get their indexes after them."""
        for model in models:
            model._schema.drop_indexes()
        yield
        for model in models:
            model._schema.create_indexes()

    def analyze(self, changes: int, of: int) -> None:
        """Let the planner know the data, where a good part of all records changed."""
        # what it knows, give or take a third, may be of so few that it has grown since
        if changes * 50 < of and of < 3 * self.known_records():
            return
        self.execute_sql("PRAGMA analysis_limit=1000")
        self.execute_sql("ANALYZE")
        # where lists choose among indexes, all of them, which takes longer: from the first thousand
        # entries a form seems to find as few claims as an event
        self.execute_sql("PRAGMA analysis_limit=0")
        for table in ("claim", "claim_position", "report"):
            self.execute_sql(f"ANALYZE {table}")
        self.unlearn_missing("claim")

    def unlearn_missing(self, table: str) -> None:
        """Where no row has a value, let the planner guess: it would take each for one of all."""
        leading = (
            "SELECT idx, name FROM main.sqlite_stat1 JOIN pragma_index_info(idx)"
            f" WHERE tbl = '{table}' AND seqno = 0"
        )
        for index, column in self.execute_sql(leading).fetchall():
            there = f"SELECT 1 FROM {table} WHERE {column} IS NOT NULL LIMIT 1"
            if not self.execute_sql(there).fetchone():
                self.execute_sql("DELETE FROM main.sqlite_stat1 WHERE idx = ?", (index,))
        self.execute_sql("ANALYZE sqlite_master")

    def known_records(self) -> int:
        """How many records there were, about, when the planner was told."""
        there = "SELECT 1 FROM main.sqlite_master WHERE name = 'sqlite_stat1'"
        if not self.execute_sql(there).fetchone():
            return 0
        sql = "SELECT MAX(CAST(stat AS INTEGER)) FROM main.sqlite_stat1 WHERE tbl = 'record'"
        return self.execute_sql(sql).fetchone()[0] or 0
