"""A database that goes away and comes back: 503 in between, and no restart."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import peewee
import pytest
from flask.testing import FlaskClient

from api import create_app
from models.database.connection import connect, database, disconnect
from models.dataset import reading
from models.opening import open_dataset
from tests.api.world import FIRST, LATER, LOADED, WORLD, load_sections
from tests.engines import created

pytestmark = pytest.mark.engines

PATHS = [
    "/v1", "/v1/claims?actor=rutte", "/v1/actors/rutte", "/v1/actors/rutte/claims", "/v1/changes",
    "/v1/export", "/readyz",
]  # fmt: skip


class Fragile(NamedTuple):
    """A dataset that can go away and come back."""

    url: str
    go: Callable[[], object]
    come: Callable[[], object]


@pytest.fixture(params=["sqlite", "postgres"])
def fragile(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fragile]:
    if request.param == "sqlite":
        there, away = tmp_path / "there", tmp_path / "away"
        there.mkdir()
        url = f"sqlite:///{there}/test.db"
        yield Fragile(url, lambda: there.rename(away), lambda: away.rename(there))
        disconnect()
        return
    import psycopg
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    url = created()
    name = conninfo_to_dict(url)["dbname"]
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as admin:

        def go() -> None:
            """Refuse new connections, and break those that there are."""
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            admin.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [name],
            )

        def come() -> None:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

        yield Fragile(url, go, come)
        disconnect()


def fill(fragile: Fragile, folder: Path) -> None:
    open_dataset(fragile.url)
    load_sections(folder, FIRST, LOADED)
    load_sections(folder, WORLD, LATER)
    disconnect()


def check_gone(client: FlaskClient) -> None:
    for path in PATHS:
        response = client.get(path)
        assert (response.status_code, response.json["code"]) == (503, "database-unavailable"), path
        assert response.headers["Retry-After"] == "5"
    assert client.get("/healthz").status_code == 200


def check_there(client: FlaskClient) -> None:
    for path in PATHS:
        assert client.get(path).status_code == 200, path


def test_gone_at_the_start(fragile: Fragile, tmp_path: Path) -> None:
    fill(fragile, tmp_path)
    fragile.go()
    client = create_app(DATABASE_URL=fragile.url).test_client()
    check_gone(client)
    fragile.come()
    check_there(client)


@pytest.mark.parametrize("seen", [True, False], ids=["seen", "between two requests"])
def test_gone_in_the_middle_and_back(fragile: Fragile, tmp_path: Path, seen: bool) -> None:
    fill(fragile, tmp_path)
    client = create_app(DATABASE_URL=fragile.url).test_client()
    for _ in range(2):
        check_there(client)
        fragile.go()
        if seen:
            check_gone(client)
        fragile.come()
    check_there(client)


def test_every_thread_gets_over_it(fragile: Fragile, tmp_path: Path) -> None:
    fill(fragile, tmp_path)
    app = create_app(DATABASE_URL=fragile.url)
    turns = [Event() for _ in range(3)]
    done = [[Event() for _ in turns] for _ in range(4)]
    found: list[list[int]] = [[] for _ in done]

    def ask(mine: list[int], signals: list[Event]) -> None:
        for turn, signal in zip(turns, signals, strict=True):
            turn.wait()
            mine.append(app.test_client().get("/v1/claims").status_code)
            signal.set()
        database.close()

    threads = [Thread(target=ask, args=pair) for pair in zip(found, done, strict=True)]
    for thread in threads:
        thread.start()
    for turn, before in zip(range(3), (None, fragile.go, fragile.come), strict=True):
        if before:
            before()
        turns[turn].set()
        for signals in done:
            signals[turn].wait()
    for thread in threads:
        thread.join()
    assert found == [[200, 503, 200]] * 4


def test_all_idle_connections_broke(fragile: Fragile, tmp_path: Path) -> None:
    """The first that shows it takes the others with it: the next request is served."""
    fill(fragile, tmp_path)
    client = create_app(DATABASE_URL=fragile.url).test_client()
    busy, leave = [Event() for _ in range(3)], Event()

    def hold(taken: Event) -> None:
        with reading():
            taken.set()
            leave.wait()
        database.close()

    threads = [Thread(target=hold, args=(one,)) for one in busy]
    for thread in threads:
        thread.start()
    for one in busy:
        one.wait()
    leave.set()
    for thread in threads:
        thread.join()
    fragile.go()
    fragile.come()
    check_there(client)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[int]:
    """A dataset of PostgreSQL, and how many of its snapshots a process takes at once."""
    from models.database import postgres

    monkeypatch.setattr(postgres, "PATIENCE", 0.1)
    url = created()
    open_dataset(url)
    yield postgres.CONNECTIONS
    disconnect()


def test_the_pool_is_bounded(pool: int) -> None:
    """What is asked beyond is refused after a while, and served once a connection is free."""
    database.close()
    leave = Event()
    busy = [Event() for _ in range(pool)]

    def hold(taken: Event) -> None:
        with reading():
            taken.set()
            leave.wait()

    threads = [Thread(target=hold, args=(one,)) for one in busy]
    for thread in threads:
        thread.start()
    for one in busy:
        one.wait()
    with pytest.raises(peewee.OperationalError, match="all 8 connections are busy"), reading():
        pass
    leave.set()
    for thread in threads:
        thread.join()
    with reading() as found:
        assert found.version == 0


def test_a_driver_that_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "models.database.postgres", None)
    with pytest.raises(ValueError, match="PostgreSQL needs its driver: pip install"):
        connect("postgresql://localhost/x")
