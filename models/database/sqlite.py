"""SQLite: one file, and a connection for each thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from itertools import chain
from pathlib import Path
from sqlite3 import register_adapter
from typing import Any

import orjson
from peewee import JOIN, DatabaseError, Join, Node, OperationalError, Select, SqliteDatabase, fn
from peewee import __exception_wrapper__ as own_errors  # type: ignore[attr-defined]

from models.database.deadline import DeadlineExceeded, check_deadline
from models.database.disk_space import naming_temporary_folder
from models.database.row_page import RowPage
from models.database.sql import pack_list, sql_template
from models.database.sqlite_conditions import SqliteConditions
from models.database.sqlite_connection import (
    GONE,
    Connection,
    DatabaseFiles,
    database_files,
    database_paths,
    is_interruption,
)
from models.database.sqlite_read_only import is_read_only, open_read_only
from models.database.sqlite_statistics import SqliteStatistics
from models.database.sqlite_texts import SqliteTexts
from models.database.sqlite_writing import MAX_LOG_BYTES, PATIENCE, SqliteWriting

# sqlite3 searches an adapter for each NULL and each blob, which takes longer than binding them;
# a registered one is found at once
register_adapter(type(None), dict[Any, Any]().get)
register_adapter(bytes, bytes)
# rows of one INSERT statement
INSERT_ROWS = 20
# bytes of the file that are mapped; kB of pages that a connection caches
MAPPED_BYTES = (1 << 31) - (1 << 16)
CACHE_KB = 32_768
# the same while all of a file is read, which uses few pages twice
UNMAPPED_CACHE_KB = 4_096


class Sqlite(SqliteConditions, SqliteTexts, SqliteStatistics, SqliteWriting, SqliteDatabase):
    """A SQLite file: one connection a thread, readers undisturbed by the one writer (WAL)."""

    def __init__(self, path: str):
        super().__init__(
            path,
            timeout=PATIENCE,
            factory=Connection,
            # a thread closes connections that others have parked
            check_same_thread=False,
            pragmas={
                "foreign_keys": 1,
                "synchronous": "normal",
                "mmap_size": MAPPED_BYTES,
                "cache_size": -CACHE_KB,
                "temp_store": "file",
                "journal_size_limit": MAX_LOG_BYTES,
            },
        )

    @property
    def reopens(self) -> bool:
        return self.database != ":memory:"

    def unconnected(self) -> Sqlite:
        return Sqlite(self.database)

    position, concatenate, is_standby = "instr", "group_concat", "0"
    has_kept_keys = True

    def with_documents(self, page: Any, document: Any, positions: bool) -> Node:
        # as one row: for each row of a result, SQLite releases Python's lock, and other threads
        # take it
        join = Join(page, document, JOIN.CROSS, document.key == page.c.record_key)
        joined = sql_template("CAST(GROUP_CONCAT({}, ',') AS BLOB)", document.body)
        columns: tuple[Any, ...] = ()
        if positions:
            columns = (fn.LENGTH(document.body), page.c.sort_value, page.c.tie)
        lists = [sql_template("JSON_GROUP_ARRAY({})", column) for column in columns]
        return Select([join], [joined, *lists])

    @staticmethod
    def row_page(rows: list[tuple]) -> RowPage:
        ((content, *lists),) = rows
        return RowPage(content or b"", *map(orjson.loads, lists))

    @property
    def in_list(self) -> str:
        return f"(SELECT value FROM json_each({self.param}))"

    def replaced_text(self, column: str) -> str:
        return f"CAST(replace(CAST({column} AS TEXT), {self.param}, {self.param}) AS BLOB)"

    pack = staticmethod(pack_list)

    def packed_rows(self, count: int | None = None, /, **types: str) -> str:
        picked = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in types)
        return f"(SELECT {picked} FROM json_each({self.param}))"

    def many(self, sql: str, rows: Iterable[tuple]) -> None:
        with own_errors:
            self.connection().executemany(sql, rows)

    def insert(self, table: str, names: Sequence[str], rows: Iterable[tuple]) -> None:
        quoted = ", ".join(f'"{name}"' for name in names)
        row = f"({', '.join([self.param] * len(names))})"
        into = f'INSERT INTO "{table}" ({quoted}) VALUES '
        rows = list(rows)
        full = len(rows) - len(rows) % INSERT_ROWS
        parts = (chain(*rows[n : n + INSERT_ROWS]) for n in range(0, full, INSERT_ROWS))
        self.many(into + ", ".join([row] * INSERT_ROWS), map(tuple, parts))
        self.many(into + row, rows[full:])

    def may_exist(self) -> bool:
        path = Path(self.database)
        return path.exists() or not path.parent.is_dir()

    def is_there(self) -> bool:
        return Path(self.database).exists()

    def close_idle(self) -> None:
        # each thread has one connection, which stays open
        pass

    def connect(self, reuse_if_open: bool = False) -> bool:
        with Connection.opening:
            return super().connect(reuse_if_open)

    def close(self) -> bool:
        with Connection.opening:
            return super().close()

    def _connect(self) -> Connection:
        connection: Connection
        if not self.reopens:
            connection = super()._connect()  # type: ignore[misc]
            self.create_kept_keys(connection)
            return connection
        before = self.files()
        if before.main == GONE and before.log != (GONE, GONE):
            raise OperationalError(
                "the database's file is not there, but its -wal or -shm: remove them, too"
            )
        Connection.close_former(before)
        if before.main != GONE and is_read_only(self.database):
            prepare = self._add_conn_hooks  # type: ignore[attr-defined]
            return open_read_only(self.database, PATIENCE, prepare)
        connection = super()._connect()  # type: ignore[misc]
        try:
            connection.opened(self.database)
            if before.main not in (GONE, connection.present_files().main):
                raise OperationalError("the database's file was replaced at this moment")
            self.create_kept_keys(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def create_kept_keys(self, connection: Connection) -> None:
        # once: a new temporary table makes SQLite prepare all statements again
        for table in ("kept_key", "other_key"):
            connection.execute(f"CREATE TEMP TABLE {table} (key INTEGER PRIMARY KEY)")

    def execute_sql(self, sql: str, params: Any = None) -> sqlite3.Cursor:
        check_deadline()
        cursor: sqlite3.Cursor = super().execute_sql(sql, params)
        return cursor

    def connection(self) -> Connection:
        connection: Connection | None = self._state.conn  # type: ignore[attr-defined]
        if connection and not connection.claim():
            self.close()
        return super().connection()

    def cursor(self, named_cursor: Any = None) -> sqlite3.Cursor:
        connection: Connection | None = self._state.conn  # type: ignore[attr-defined]
        if connection is None or connection.parked:
            connection = self.connection()
        return connection.cursor()

    def files(self) -> DatabaseFiles:
        return database_files(*database_paths(self.database))

    def current(self) -> Connection:
        """A connection to the files that are at the path now. Raises OperationalError."""
        connection: Connection | None = self._state.conn  # type: ignore[attr-defined]
        if connection and connection.claim() and connection.is_current():
            return connection
        if not self.reopens:
            return self.connection()
        if connection:
            # another thread may wait for it
            connection.park()
        with Connection.opening:
            present = self.files()
            if present.main == GONE:
                raise OperationalError("the database's file is not there")
            Connection.close_former(present)
            self.close()
            return self.connection()

    def peek(self, sql: str) -> tuple:
        connection = self.current()
        try:
            with own_errors:
                # other connections' commits change data_version, and own writes total_changes
                (version,) = connection.execute("PRAGMA data_version").fetchone()
                moment = version, connection.total_changes
                if connection.peeked is None or connection.peeked[:2] != (sql, moment):
                    connection.peeked = sql, moment, connection.execute(sql).fetchone()
                return connection.peeked[2]
        except DatabaseError:
            self.close_failed()
            raise
        finally:
            connection.park()

    @contextmanager
    def snapshot(self, sql: str) -> Iterator[tuple]:
        check_deadline()
        connection = self.current()
        try:
            try:
                with own_errors:
                    connection.execute("BEGIN")
                    row = connection.execute(sql).fetchone()
                yield row
            finally:
                with own_errors:
                    connection.rollback()
            # without its locks, a writer may have changed the file under the snapshot
            connection.require_same_log()
        except (DatabaseError, sqlite3.DatabaseError) as error:
            if is_interruption(error):
                raise DeadlineExceeded from error
            self.close_failed()
            raise
        finally:
            connection.park()

    def close_failed(self) -> None:
        """Close a connection that failed: the next one reads other files, if they have changed."""
        if self.reopens:
            self.close()

    @contextmanager
    def unmapped(self) -> Iterator[None]:
        # before the transaction begins: within one, SQLite keeps the file mapped
        connection = self.current()
        with own_errors:
            connection.execute("PRAGMA mmap_size = 0")
            connection.execute(f"PRAGMA cache_size = -{UNMAPPED_CACHE_KB}")
        try:
            yield
        finally:
            # a replaced file has a new connection
            if connection is self._state.conn:  # type: ignore[attr-defined]
                connection.execute("PRAGMA shrink_memory")
                connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
                connection.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")

    def one_connection(self) -> AbstractContextManager[None]:
        # a thread has one
        return nullcontext()

    @contextmanager
    def loading(self, empty: bool) -> Iterator[None]:
        """Prepare for a large transaction.

        An empty file is filled without a write-ahead log, unless others have it open: nobody reads
        it yet, and a rollback cuts it off. A load has checked words and references itself, so
        SQLite need not check them for each row.
        """
        self.pragma("mmap_size", 0)
        # a second thread sorts what does not fit into memory
        self.pragma("threads", 1)
        if empty:
            self.pragma("foreign_keys", 0)
            self.pragma("ignore_check_constraints", 1)
            self.pragma("busy_timeout", 0)
            with suppress(OperationalError):
                self.pragma("journal_mode", "delete")
                self.connection().open_log()
            self.pragma("busy_timeout", PATIENCE * 1000)
        try:
            yield
        finally:
            # if someone is reading at this moment, the next connection switches
            with suppress(OperationalError):
                self.pragma("journal_mode", "wal")
                self.connection().open_log()
            self.pragma("foreign_keys", 1)
            self.pragma("ignore_check_constraints", 0)
            self.pragma("threads", 0)
            self.pragma("mmap_size", MAPPED_BYTES)

    def staging(self) -> AbstractContextManager[None]:
        return naming_temporary_folder()

    def rollback(self) -> None:
        # a full disk, for example, has already ended the transaction
        if self.connection().in_transaction:
            super().rollback()

    def temporary(self, name: str, columns: str) -> None:
        self.execute_sql(f"DROP TABLE IF EXISTS temp.{name}")
        self.execute_sql(f"CREATE TEMP TABLE {name} ({columns})")

    def index(self, name: str, on: str) -> None:
        self.execute_sql(f"CREATE INDEX temp.{name} ON {on}")

    @contextmanager
    def indexed_later(self, models: Sequence[Any]) -> Iterator[None]:
        for model in models:
            model._schema.drop_indexes()
        yield
        for model in models:
            model._schema.create_indexes()
