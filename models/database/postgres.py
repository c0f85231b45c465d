"""PostgreSQL 15 and later, by psycopg 3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import peewee
import psycopg as psycopg  # peewee would not miss it until it connects
from peewee import Model, Node
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase

from models.database.deadline import DeadlineExceeded, check_deadline
from models.database.patience import DEFAULT_PATIENCE, Patience
from models.database.postgres_connection import Adapter, PostgresConnection, parse_url
from models.database.postgres_texts import PostgresTexts
from models.database.postgres_timeouts import TCP_OPTIONS, StatementTimeout, is_timeout
from models.database.row_page import RowPage
from models.database.sql import pack_list, sql_template

# the most connections of a process, and how many seconds a request waits for one
MAX_CONNECTIONS = 8
PATIENCE = 5
WRITERS_LOCK = "advisory_xact_lock(hashtext('claimbase'))"
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# of the transactions of requests: compiling a query takes longer than most queries
READ_SETTINGS = ("SET LOCAL jit = off",)
# superusers may, and roles that were granted it
MAY_SKIP_CHECKS = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
IS_ALONE = (
    "SELECT COUNT(*) = 1 FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_type = 'client backend'"
)
TABLES_BUT_DATASET = (
    "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
    " WHERE schemaname = current_schema() AND tablename <> 'dataset'"
)
# from this many changed records on, statistics do not wait for autovacuum
ANALYZE_RECORDS = 1000


class Postgres(PostgresTexts, PooledPostgresqlDatabase):
    """Connections of a pool; a broken one is replaced."""

    # text sorts by its code points, as everywhere
    field_types = {**PooledPostgresqlDatabase.field_types, "TEXT": 'TEXT COLLATE "C"'}
    position = "strpos"
    concatenate = "string_agg"
    is_standby = "pg_is_in_recovery()"
    # a standby has no temporary tables
    has_kept_keys = False

    def __init__(self, url: str):
        self.url = url
        params = parse_url(url)
        options = {name: value for name, value in TCP_OPTIONS.items() if name not in params}
        super().__init__(
            url, max_connections=MAX_CONNECTIONS, timeout=PATIENCE, prefer_psycopg3=True, **options
        )
        self.statement_timeout = StatementTimeout()

    psycopg3_adapter = Adapter
    reopens = True
    # whether a load fills an empty database that nobody else is connected to
    fills_alone = False

    def unconnected(self) -> Postgres:
        return Postgres(self.url)

    def connect(self, reuse_if_open: bool = False) -> bool:
        try:
            return super().connect(reuse_if_open)
        except MaxConnectionsExceeded:
            raise peewee.OperationalError(f"all {MAX_CONNECTIONS} connections are busy") from None

    def _can_reuse(self, connection: PostgresConnection) -> bool:
        return connection.committing or super()._can_reuse(connection)

    def _is_closed(self, connection: PostgresConnection) -> bool:
        connection.receive_answer()
        # a connection that the server lost shows at the first statement, which `snapshot` repeats
        return bool(connection.closed)

    def cursor(self, named_cursor: Any = None) -> psycopg.Cursor:
        # in text, each byte of a document is two letters
        return self.connection().cursor(binary=True)

    def values_in(self, values: Any, column: Node) -> Node:
        number = not isinstance(column, peewee.TextField)
        kind = "::bigint" if number else ""
        return sql_template(
            f"(SELECT value{kind} FROM jsonb_array_elements_text({{}}::jsonb))", values
        )

    def has_words(self, column: Node, values: Any) -> Node:
        return sql_template(
            "EXISTS (SELECT 1 FROM jsonb_array_elements({}::jsonb) AS wanted(words)"
            " WHERE NOT EXISTS (SELECT 1"
            " FROM jsonb_array_elements_text(wanted.words) AS word(value)"
            " WHERE strpos(COALESCE({}, ''), ' ' || word.value || ' ') = 0))",
            values, column,
        )  # fmt: skip

    def within_periods(self, start: Node, end: Node, periods: Any, first: str, last: str) -> Node:
        return sql_template(
            f"EXISTS (SELECT 1 FROM jsonb_to_recordset({{}}::jsonb)"
            f" AS period({first} bigint, {last} bigint)"
            f" WHERE {{}} >= period.{first} AND {{}} <= period.{last})",
            periods, start, end,
        )  # fmt: skip

    def link_of_claim(self, link: Any, key: Any) -> list[Node]:
        return [link.claim == key]

    @staticmethod
    def not_joined(query: Any) -> Any:
        # with 200 subqueries to join, the planner takes 40 s
        return query.offset(0)

    def with_documents(self, page: Any, document: Any, positions: bool) -> Node:
        # the positions cost nothing
        body = document.select(document.body).where(document.key == page.c.record_key)
        return document.select(body, page.c.sort_value, page.c.tie).from_(page)

    @staticmethod
    def row_page(rows: list[tuple]) -> RowPage:
        bodies = [bytes(body) for body, _, _ in rows]
        sort_values, ties = [value for _, value, _ in rows], [tie for _, _, tie in rows]
        return RowPage(b",".join(bodies), list(map(len, bodies)), sort_values, ties)

    @property
    def in_list(self) -> str:
        return f"(SELECT value::bigint FROM jsonb_array_elements_text({self.param}::jsonb))"

    def replaced_text(self, column: str) -> str:
        text = f"convert_from({column}, 'UTF8')"
        return f"convert_to(replace({text}, {self.param}, {self.param}), 'UTF8')"

    pack = staticmethod(pack_list)

    def packed_rows(self, count: int | None = None, /, **types: str) -> str:
        # without a limit the planner expects 100, and reads whole tables for them
        limit = f" LIMIT {count}" if count else ""
        typed = ", ".join(f"{name} {type}" for name, type in types.items())
        return f"(SELECT * FROM jsonb_to_recordset({self.param}::jsonb) AS object({typed}){limit})"

    def may_exist(self) -> bool:
        return True

    def is_there(self) -> bool:
        return True

    def staging(self) -> AbstractContextManager[None]:
        # the server has the temporary tables, and names what is full
        return nullcontext()

    def many(self, sql: str, rows: Iterable[tuple]) -> None:
        with self.atomic(), peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            self.cursor().executemany(sql, rows)

    def insert(self, table: str, names: Sequence[str], rows: Iterable[tuple]) -> None:
        quoted = ", ".join(f'"{name}"' for name in names)
        sql = f'COPY "{table}" ({quoted}) FROM STDIN'
        with peewee.__exception_wrapper__, self.cursor().copy(sql) as copy:  # type: ignore[attr-defined]
            for row in rows:
                copy.write_row(row)

    def peek(self, sql: str) -> tuple:
        with self.snapshot(sql) as row:
            return row

    @contextmanager
    def snapshot(self, sql: str) -> Iterator[tuple]:
        check_deadline()
        self.connect(reuse_if_open=True)
        begin = "; ".join((BEGIN, *READ_SETTINGS, self.statement_timeout.set_local(), sql))
        try:
            yield self.begin_snapshot(begin)
        except (peewee.OperationalError, psycopg.OperationalError) as error:
            if is_timeout(error):
                raise DeadlineExceeded from error
            raise
        finally:
            if not self.is_closed():
                self.connection().send_commit()
            # rolls back a failed transaction; drops the connection if that fails
            self.close()

    def begin_snapshot(self, sql: str) -> tuple:
        """Run the first statements of a snapshot, on a connection that works."""
        try:
            return self.send_together(sql)
        except (peewee.OperationalError, peewee.InterfaceError):
            self.manual_close()
            # the other connections of the pool are probably lost, too
            self.close_idle()
            return self.send_together(sql)

    def send_together(self, sql: str) -> tuple:
        """Run statements without parameters in one round trip; gives the last one's first row."""
        with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            try:
                row: tuple = self.connection().send_together(sql)
            except psycopg.errors.UndefinedTable as error:
                # a standby that has not received the first load
                raise psycopg.OperationalError("this database has no dataset yet") from error
            return row

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        check_deadline()
        if self.statement_timeout.is_too_long():
            self.send_together(self.statement_timeout.set_local())
        return super().execute_sql(sql, params)

    def unmapped(self) -> AbstractContextManager[None]:
        return nullcontext()

    def one_connection(self) -> AbstractContextManager[None]:
        # behind a pooler, another transaction may have another one
        transaction: AbstractContextManager[None] = self.atomic()
        return transaction

    @contextmanager
    def writing(self, patience: Patience = DEFAULT_PATIENCE) -> Iterator[None]:
        with self.atomic():
            self.begin_writing(patience)
            yield

    def begin_writing(self, patience: Patience) -> None:
        """Take the lock of writers until the transaction ends."""
        (is_free,) = self.execute_sql(f"SELECT pg_try_{WRITERS_LOCK}").fetchone()
        if is_free:
            return
        patience.tell()
        # 0 would be no bound
        milliseconds = max(1, round(patience.seconds * 1000))
        self.execute_sql(f"SET LOCAL lock_timeout = {milliseconds}")
        try:
            self.execute_sql(f"SELECT pg_{WRITERS_LOCK}")
        except peewee.OperationalError as error:
            if isinstance(getattr(error, "orig", error), psycopg.errors.LockNotAvailable):
                raise patience.run_out() from None
            raise
        self.execute_sql("SET LOCAL lock_timeout = DEFAULT")

    def wait(self, patience: Patience = DEFAULT_PATIENCE) -> None:
        # the server has no file that is locked as a whole
        pass

    @contextmanager
    def loading(self, empty: bool) -> Iterator[None]:
        if not (empty and self.in_transaction() and self.selects(MAY_SKIP_CHECKS)):
            yield
            return
        # a load has checked references itself, and the server's checks take a third of its time
        self.execute_sql("SET LOCAL session_replication_role = replica")
        self.fills_alone = self.selects(IS_ALONE) and self.locks_tables()
        try:
            yield
        finally:
            self.fills_alone = False

    def locks_tables(self) -> bool:
        """Lock out readers of all tables but `dataset` at once: one by one, it could deadlock."""
        (tables,) = self.execute_sql(TABLES_BUT_DATASET).fetchone()
        try:
            with self.atomic():
                self.execute_sql(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE NOWAIT")
        except peewee.OperationalError:
            return False
        return True

    def selects(self, sql: str) -> bool:
        """Whether a statement selects true."""
        return bool(self.execute_sql(sql).fetchone()[0])

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
        typed = columns.replace("TEXT", 'TEXT COLLATE "C"').replace("BLOB", "BYTEA")
        self.execute_sql(f"DROP TABLE IF EXISTS pg_temp.{name}")
        self.execute_sql(f"CREATE TEMP TABLE {name} ({typed}) ON COMMIT DROP")

    def index(self, name: str, on: str) -> None:
        self.execute_sql(f"CREATE INDEX {name} ON {on}")
        # without statistics, the planner reads and sorts the table for each batch of it
        self.execute_sql(f"ANALYZE {on.split()[0]}")

    @contextmanager
    def indexed_later(self, models: Sequence[Any]) -> Iterator[None]:
        # it locks out readers; and while references wait for their check, no index can be created
        if self.fills_alone:
            for model in models:
                model._schema.drop_indexes()
        yield
        if self.fills_alone:
            for model in models:
                model._schema.create_indexes()

    def analyze(self, changes: int, of: int) -> None:
        if changes >= ANALYZE_RECORDS:
            self.execute_sql("ANALYZE")
