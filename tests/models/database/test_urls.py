"""Database URLs: libpq reads those of PostgreSQL, and no message shows a password."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import peewee
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from models.database.connection import (
    UnsupportedDatabase,
    connect,
    database,
    disconnect,
    without_password,
)
from models.opening import open_dataset
from tests.engines import created, server

pytestmark = pytest.mark.engines

HIDDEN = "s3cr3t"


@pytest.fixture(autouse=True)
def _disconnected() -> Iterator[None]:
    yield
    disconnect()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_both_schemes_of_libpq_are_understood(scheme: str) -> None:
    url = created()
    open_dataset(f"{scheme}://{url.partition('://')[2]}")
    assert database.table_exists("dataset")


def test_the_first_of_several_hosts_that_answers_is_used() -> None:
    params = conninfo_to_dict(created())
    port = params.get("port", "5432")
    folder_or_host = str(params["host"]).replace("/", "%2F")
    url = (
        f"postgresql://{params['user']}@127.0.0.1:1,{folder_or_host}:{port}/{params['dbname']}"
        f"?target_session_attrs=any&password={params.get('password', '')}"
    )
    open_dataset(url)
    assert database.table_exists("dataset")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///a.db", "sqlite:///a.db"),
        (f"postgresql://u:{HIDDEN}@h/db", "postgresql://h/db"),
        (f"postgres://u:{HIDDEN}%40%2F@h:1/db", "postgresql://h:1/db"),
        (f"postgresql://u:{HIDDEN}?a@h/db", "postgresql://h/db"),
        (f"postgresql://u@h/db?password={HIDDEN}%40x", "postgresql://h/db"),
        (f"postgresql://u:{HIDDEN}@a:1,b:2/db", "postgresql://a:1,b:2/db"),
        ("postgresql:///db?host=a,b&port=5", "postgresql://a:5,b:5/db"),
        ("postgresql:///db", "postgresql:///db"),
    ],
)
def test_a_message_shows_only_where_the_database_is(url: str, shown: str) -> None:
    assert without_password(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://u:{HIDDEN}%zz@h/db",
        f"postgresql://u:{HIDDEN} x@h/db",
        f"postgresql://u:{HIDDEN}%ff@h/db",
        f"postgresql://u:{HIDDEN}%00@h/db",
        f"postgresql://u:{HIDDEN}\udcff@h/db",
        f"postgresql://u:x@{HIDDEN}@h/db",
        f"postgresql://u:x/{HIDDEN}@h/db",
        f"postgresql://u:{HIDDEN}/x@h/db",
        f"postgresql://u:{HIDDEN}",
        f"postgresql://h/db?passwort={HIDDEN}",
        f"postgress://u:{HIDDEN}@h/db",
        f"mysql://u:{HIDDEN}@h/db",
        f"u:{HIDDEN}@h/db",
        f"host=h password={HIDDEN}",
        f"sqlite://u:{HIDDEN}@h/db",
    ],
)
def test_the_refusal_of_a_url_shows_no_password(url: str) -> None:
    with pytest.raises(UnsupportedDatabase, match=r"invalid .*URL: write") as refused:
        connect(url)
    assert HIDDEN not in str(refused.value)
    # nor a trace
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("host", ["127.0.0.1:1", "%2Fnowhere", "host.invalid"])
def test_a_failed_connection_shows_no_password(host: str) -> None:
    connect(f"postgresql://u:{HIDDEN}@{host}/db")
    with pytest.raises(peewee.OperationalError) as failed:
        database.connect()
    assert HIDDEN not in str(failed.value)


def test_a_database_with_another_encoding_than_utf8_is_refused() -> None:
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server().format(name="postgres"), autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE \"{name}\" ENCODING 'SQL_ASCII' TEMPLATE template0"
            " LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    with pytest.raises(UnsupportedDatabase, match="has the encoding SQL_ASCII"):
        open_dataset(server().format(name=name))
