"""Reads from a standby and loads to the primary, of two servers in streaming replication."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import peewee
import pytest
from flask.testing import FlaskClient

import models.reading
from api import create_app
from models.database.connection import connect, disconnect
from models.opening import open_dataset
from seeds.loader import load
from torture.postgres import PostgresServer, postgres_pair, programs, several_hosts

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed"),
]
HEADER = "If-Dataset-At-Least"


class Cluster(NamedTuple):
    """Two servers, the URLs of a deployment over them, and a folder for seed files."""

    primary: PostgresServer
    standby: PostgresServer
    database_url: str
    read_url: str
    folder: Path

    def load(self, name: str) -> None:
        """Load an actor with this name, as `claimbase load` does elsewhere."""
        path = self.folder / "seeds.json"
        path.write_text(json.dumps({"actors": [{"id": "a", "name": name}]}))
        try:
            open_dataset(self.database_url)
            load([path])
        finally:
            connect(self.read_url)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with postgres_pair() as (primary, standby):
        database_url = several_hosts(primary, standby, attributes="read-write")
        read_url = several_hosts(standby, primary, attributes="any")
        yield Cluster(primary, standby, database_url, read_url, tmp_path)
        disconnect()


def get_name(client: FlaskClient, at_least: str = "") -> tuple[int, str]:
    """The status and the actor's name, or the code of the problem."""
    response = client.get("/v1/actors?id=a", headers={HEADER: at_least} if at_least else {})
    body = response.json
    return response.status_code, body["data"][0]["name"] if "data" in body else body["code"]


def version_on(server: PostgresServer) -> str:
    """The name of the version that a server has."""
    ((name,),) = server.execute("SELECT id || '-' || version || '-' || version_token FROM dataset")
    return name


def test_reads_and_loads_go_on_after_a_failure_of_the_primary(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    primary, standby = cluster.primary, cluster.standby
    cluster.load("One")
    first = version_on(primary)
    client = create_app(
        DATABASE_URL=cluster.database_url, READ_URL=cluster.read_url, CACHE_MB=8
    ).test_client()
    # the standby has received it, or the request waits for it
    assert get_name(client, first) == (200, "One")

    # the standby is behind
    standby.execute("SELECT pg_wal_replay_pause()::text")
    cluster.load("Two")
    second = version_on(primary)
    monkeypatch.setattr(models.reading, "MAX_WAIT", 0.1)
    assert get_name(client) == (200, "One")
    assert get_name(client, first) == (200, "One")
    assert get_name(client, second) == (503, "database-unavailable")
    standby.execute("SELECT pg_wal_replay_resume()::text")
    monkeypatch.setattr(models.reading, "MAX_WAIT", 30)
    assert get_name(client, second) == (200, "Two")

    # an application that read the primary reads the standby, and this one goes on
    connect(several_hosts(primary, standby, attributes="any"))
    assert get_name(client) == (200, "Two")
    primary.kill()
    assert get_name(client) == (200, "Two")
    connect(cluster.read_url)
    assert get_name(client, second) == (200, "Two")
    with pytest.raises(peewee.OperationalError):
        cluster.load("Three")
    assert get_name(client) == (200, "Two")

    standby.execute("SELECT pg_promote()::text")
    cluster.load("Three")
    third = version_on(standby)
    assert get_name(client, third) == (200, "Three")
    assert get_name(client, second) == (200, "Three")


def test_an_application_that_starts_without_the_primary_reads(cluster: Cluster) -> None:
    cluster.load("One")
    while cluster.standby.execute("SELECT to_regclass('dataset') IS NULL") == [(True,)]:
        pass
    cluster.primary.kill()
    disconnect()
    client = create_app(
        DATABASE_URL=cluster.database_url, READ_URL=cluster.read_url, CACHE_MB=0
    ).test_client()
    assert client.get("/v1").status_code == 200


def test_a_standby_without_the_first_load_is_unavailable(cluster: Cluster) -> None:
    primary, standby = cluster.primary, cluster.standby
    standby.execute("SELECT pg_wal_replay_pause()::text")
    cluster.load("One")
    primary_first = several_hosts(primary, standby, attributes="any")
    client = create_app(
        DATABASE_URL=cluster.database_url, READ_URL=primary_first, CACHE_MB=0
    ).test_client()
    assert get_name(client) == (200, "One")
    connect(cluster.read_url)
    assert get_name(client) == (503, "database-unavailable")
    connect(primary_first)
    assert get_name(client) == (200, "One")
