"""What PostgreSQL does in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
import peewee
import psycopg as psycopg  # peewee would not miss it until it connects
from peewee import Model, Node
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase

from models.database.row_page import RowPage
from models.database.sql import sql_template

# connections of a process at the most, and how many seconds a request waits for one
CONNECTIONS = 8
PATIENCE = 5
# what PostgreSQL need not wait for autovacuum to know
MANY = 1000


class Postgres(PooledPostgresqlDatabase):
    """PostgreSQL 15 and later, by psycopg 3: connections of a pool, made anew where they broke."""

    # text sorts by its code points, as everywhere
    field_types = {**PooledPostgresqlDatabase.field_types, "TEXT": 'TEXT COLLATE "C"'}
    # where a text stands in another, from 1 on; 0 where it does not
    position = "strpos"

    def __init__(self, url: str):
        self.url = url
        super().__init__(
            url,
            max_connections=CONNECTIONS,
            timeout=PATIENCE,
            prefer_psycopg3=True,
            connect_timeout=5,
        )

    def connect(self, reuse_if_open: bool = False) -> bool:
        try:
            return super().connect(reuse_if_open)
        except MaxConnectionsExceeded:
            raise peewee.OperationalError(f"all {CONNECTIONS} connections are busy") from None

    def _is_closed(self, connection: Any) -> bool:
        # whether the server still knows it shows the first statement, which `snapshot` can repeat
        return bool(connection.closed)

    def listed(self, value: Any, column: Node) -> Node:
        """The right side of `IN` for a list that travels as one parameter."""
        number = not isinstance(column, peewee.TextField)
        kind = "::bigint" if number else ""
        return sql_template(
            f"(SELECT value{kind} FROM jsonb_array_elements_text({{}}::jsonb))", value
        )

    def has_words(self, column: Node, values: Any) -> Node:
        """Whether the column, a space around each word, has all words of one of the values."""
        return sql_template(
            "EXISTS (SELECT 1 FROM jsonb_array_elements({}::jsonb) AS one(value) WHERE NOT EXISTS ("
            "SELECT 1 FROM jsonb_array_elements_text(one.value) AS word(value)"
            " WHERE strpos(COALESCE({}, ''), ' ' || word.value || ' ') = 0))",
            values, column,
        )  # fmt: skip

    def within(self, start: Node, end: Node, periods: Any, first: str, last: str) -> Node:
        """Whether what goes from start to end lies within one of the periods."""
        return sql_template(
            f"EXISTS (SELECT 1 FROM jsonb_to_recordset({{}}::jsonb)"
            f" AS period({first} bigint, {last} bigint)"
            f" WHERE {{}} >= period.{first} AND {{}} <= period.{last})",
            periods, start, end,
        )  # fmt: skip

    def of_claim(self, link: Any, key: Any) -> list[Node]:
        """Whether one of the links to something known is of this claim."""
        return [link.claim == key]

    @staticmethod
    def apart(query: Any) -> Any:
        """A query that is not joined to the others: of 200 the planner would think for 40 s."""
        return query.offset(0)

    def with_documents(self, page: Any, document: Any) -> Node:
        """The rows of a page, in their order, each with its document, for `row_page`."""
        body = document.select(document.body).where(document.key == page.c.record_key)
        return document.select(body, page.c.sort_value, page.c.tie).from_(page)

    @staticmethod
    def row_page(rows: list[tuple]) -> RowPage:
        """The page that a query of `with_documents` selects."""
        bodies = [bytes(body) for body, _, _ in rows]
        sort_values, ties = [value for _, value, _ in rows], [tie for _, _, tie in rows]
        return RowPage(b",".join(bodies), list(map(len, bodies)), sort_values, ties)

    @property
    def in_list(self) -> str:
        """`listed` for keys, in statements written out."""
        return f"(SELECT value::bigint FROM jsonb_array_elements_text({self.param}::jsonb))"

    def replaced(self, column: str) -> str:
        """The bytes of a column with one text, a parameter, replaced by another one."""
        text = f"convert_from({column}, 'UTF8')"
        return f"convert_to(replace({text}, {self.param}, {self.param}), 'UTF8')"

    @staticmethod
    def pack(values: Iterable[Any]) -> str:
        """A list as the one parameter that `listed` takes."""
        return orjson.dumps(list(values)).decode()

    def columns(self, **types: str) -> str:
        """A table made of one parameter, a packed list of objects with these members."""
        typed = ", ".join(f"{name} {type}" for name, type in types.items())
        return f"(SELECT * FROM jsonb_to_recordset({self.param}::jsonb) AS object({typed}))"

    def may_exist(self) -> bool:
        """Whether connecting makes nothing new."""
        return True

    def many(self, sql: str, rows: Iterable[tuple]) -> None:
        """Run a statement for each row."""
        with self.atomic(), peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            self.cursor().executemany(sql, rows)

    def insert(self, table: str, names: Sequence[str], rows: Iterable[tuple]) -> None:
        """Insert many rows at once (COPY)."""
        quoted = ", ".join(f'"{name}"' for name in names)
        sql = f'COPY "{table}" ({quoted}) FROM STDIN'
        with peewee.__exception_wrapper__, self.cursor().copy(sql) as copy:  # type: ignore[attr-defined]
            for row in rows:
                copy.write_row(row)

    def peek(self, sql: str) -> tuple:
        """The row that a statement selects, without a snapshot of its own."""
        with self.snapshot():
            return self.execute_sql(sql).fetchone()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """One read transaction, on a connection of the pool that was seen to work."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        self.connect(reuse_if_open=True)
        try:
            try:
                self.execute_sql(begin)
            except (peewee.OperationalError, peewee.InterfaceError):
                self.manual_close()
                # the others were made before, too
                self.close_idle()
                self.execute_sql(begin)
            yield
        finally:
            # rolls back, and throws the connection away where that fails
            self.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction, all or nothing; another one waits."""
        with self.atomic():
            self.execute_sql("SELECT pg_advisory_xact_lock(hashtext('claimbase'))")
            yield

    def wait(self) -> None:
        """Nothing: the server has no file that is locked as a whole."""

    @contextmanager
    def loading(self, empty: bool) -> Iterator[None]:
        """Nothing: the server is ready for large transactions."""
        yield

    def create_tables(self, models: Iterable[type[Model]], **options: Any) -> None:
        models = list(models)
        rowless = [model for model in models if model._meta.without_rowid]
        for model in rowless:
            model._meta.without_rowid = False
        try:
            super().create_tables(models, **options)
        finally:
            for model in rowless:
                model._meta.without_rowid = True

    def temporary(self, name: str, columns: str) -> None:
        """An empty table that only this connection sees."""
        typed = columns.replace("TEXT", 'TEXT COLLATE "C"').replace("BLOB", "BYTEA")
        self.execute_sql(f"DROP TABLE IF EXISTS pg_temp.{name}")
        self.execute_sql(f"CREATE TEMP TABLE {name} ({typed})")

    def index(self, name: str, on: str) -> None:
        """An index on a temporary table."""
        self.execute_sql(f"CREATE INDEX {name} ON {on}")

    @contextmanager
    def indexed_later(self, models: Sequence[Any]) -> Iterator[None]:
        """Nothing: while keys wait to be checked, PostgreSQL makes no index."""
        yield

    def analyze(self, changes: int, of: int) -> None:
        """Let the planner know the data, where a good part of all records changed."""
        # of few, autovacuum does in time
        if changes >= MANY:
            self.execute_sql("ANALYZE")
