"""Connections to PostgreSQL: by libpq's URLs, without passwords in messages."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg
from peewee import Psycopg3Adapter
from psycopg.adapt import Transformer
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

from models.database.errors import UnsupportedDatabase
from models.database.postgres_texts import SEARCHED

INVALID_URL = (
    "invalid PostgreSQL URL: write postgresql://user:password@host/name, with numbers as ports,"
    " options of libpq after a ?, and special characters of the password percent-encoded"
    " (%40 for @, %2F for /)"
)


def parse_url(url: str) -> dict[str, Any]:
    """The parameters of a URL. Raises UnsupportedDatabase, which shows no part of the URL."""
    try:
        params = conninfo_to_dict(url)
    except (psycopg.Error, UnicodeError):
        # the error quotes the password
        raise UnsupportedDatabase(INVALID_URL) from None
    ports = str(params.get("port", "")).split(",")
    # the rest of a password with a @ or / that is not encoded
    misplaced = any("@" in str(params.get(name, "")) for name in ("host", "dbname"))
    if misplaced or not all(port.isdecimal() or not port for port in ports):
        raise UnsupportedDatabase(INVALID_URL)
    return params


def address_of(params: dict[str, Any]) -> str:
    """The hosts, ports and name of a database."""
    hosts = str(params.get("host", "")).split(",")
    ports = str(params.get("port", "")).split(",")
    if len(ports) < len(hosts):
        # one port for all hosts
        ports = ports[:1] * len(hosts)
    pairs = zip(hosts, ports, strict=False)
    addresses = (f"{host}:{port}" if port else host for host, port in pairs)
    return f"postgresql://{','.join(addresses)}/{params.get('dbname', '')}"


class Cursor(psycopg.Cursor):
    """A cursor that prepares frequent statements, except searches for words.

    The best plan of a search depends on the frequency of its words. A prepared statement has one
    plan for all words.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Cursor:
        if SEARCHED in query:
            options["prepare"] = False
        return super().execute(query, params, **options)


class PostgresConnection(psycopg.Connection):
    """A connection that reads with few round trips."""

    # whether the answer to `send_commit` is still to be received
    committing = False

    def send_together(self, sql: str) -> tuple:
        """Run statements as one message; gives the first row of the last one, or ().

        A cursor would take three times as long.
        """
        result = self.pgconn.exec_(sql.encode())
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            if self.closed:
                raise psycopg.OperationalError("the connection to the database is lost")
            raise error_from_result(result)
        if not result.ntuples:
            return ()
        transformer = Transformer(self)
        transformer.set_pgresult(result)
        return transformer.load_row(0, tuple)

    def send_commit(self) -> None:
        """End a transaction that reads, without waiting for the answer.

        With a rollback, psycopg would forget its prepared statements.
        """
        if self.info.transaction_status == TransactionStatus.INTRANS:
            with suppress(psycopg.Error):
                self.pgconn.send_query(b"COMMIT")
                self.committing = True

    def receive_answer(self) -> None:
        """Receive the answer to `send_commit`."""
        if self.committing:
            self.committing = False
            while self.pgconn.get_result():
                pass


def is_pooled(connection: PostgresConnection) -> bool:
    """Whether a pooler answers, which may give each transaction another server connection.

    None of these has the statements that another one has prepared.
    """
    (backend,) = connection.send_together("SELECT pg_backend_pid()")
    # a pooler sends keys of its own to cancel a query by
    return bool(backend != connection.info.backend_pid)


class Adapter(Psycopg3Adapter):
    """Connects as libpq understands the URL, which may name several hosts."""

    def connect(self, db: Any, **params: Any) -> PostgresConnection:
        connection = PostgresConnection.connect(db.url, cursor_factory=Cursor, **params)
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            connection.close()
            raise UnsupportedDatabase(
                f"the database has the encoding {encoding}, and Claimbase needs UTF8: create it by"
                " CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0"
            )
        if is_pooled(connection):
            connection.prepare_threshold = None
        return connection
