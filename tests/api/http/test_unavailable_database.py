"""A database that disappears and returns: the server answers 503 and recovers by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient

from api import create_app
from models.database.connection import database, disconnect
from models.opening import open_dataset
from models.reading import reading
from tests.api.world import FIRST, LATER, LOADED, WORLD, load_sections
from tests.engines import created

pytestmark = pytest.mark.engines

PATHS = [
    "/v1", "/v1/claims?actor=rutte", "/v1/actors/rutte", "/v1/actors/rutte/claims", "/v1/changes",
    "/v1/export", "/readyz",
]  # fmt: skip


class RemovableDataset(NamedTuple):
    """A dataset that a test can remove and restore."""

    url: str
    remove: Callable[[], object]
    restore: Callable[[], object]


@pytest.fixture(params=["sqlite", "postgres"])
def removable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RemovableDataset]:
    if request.param == "sqlite":
        folder, other_folder = tmp_path / "database", tmp_path / "removed"
        folder.mkdir()
        url = f"sqlite:///{folder}/test.db"
        yield RemovableDataset(
            url, lambda: folder.rename(other_folder), lambda: other_folder.rename(folder)
        )
        disconnect()
        return
    import psycopg
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    url = created()
    name = conninfo_to_dict(url)["dbname"]
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as admin:

        def remove() -> None:
            """Refuse new connections, and end the open ones."""
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            admin.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [name],
            )

        def restore() -> None:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

        yield RemovableDataset(url, remove, restore)
        disconnect()


def load_world(url: str, folder: Path) -> None:
    open_dataset(url)
    load_sections(folder, FIRST, LOADED)
    load_sections(folder, WORLD, LATER)
    disconnect()


def check_unavailable(client: FlaskClient) -> None:
    for path in PATHS:
        response = client.get(path)
        assert (response.status_code, response.json["code"]) == (503, "database-unavailable"), path
        assert response.headers["Retry-After"] == "5"
    assert client.get("/healthz").status_code == 200


def check_available(client: FlaskClient) -> None:
    for path in PATHS:
        assert client.get(path).status_code == 200, path


def test_a_server_that_starts_without_its_database_recovers(
    removable: RemovableDataset, tmp_path: Path
) -> None:
    load_world(removable.url, tmp_path)
    removable.remove()
    client = create_app(DATABASE_URL=removable.url).test_client()
    check_unavailable(client)
    removable.restore()
    check_available(client)


@pytest.mark.parametrize(
    "with_requests", [True, False], ids=["requests meanwhile", "no request meanwhile"]
)
def test_a_server_recovers_after_its_database_returns(
    removable: RemovableDataset, tmp_path: Path, with_requests: bool
) -> None:
    load_world(removable.url, tmp_path)
    client = create_app(DATABASE_URL=removable.url).test_client()
    for _ in range(2):
        check_available(client)
        removable.remove()
        if with_requests:
            check_unavailable(client)
        removable.restore()
    check_available(client)


def test_every_thread_recovers(removable: RemovableDataset, tmp_path: Path) -> None:
    load_world(removable.url, tmp_path)
    app = create_app(DATABASE_URL=removable.url)
    turns = [Event() for _ in range(3)]
    done = [[Event() for _ in turns] for _ in range(4)]
    statuses: list[list[int]] = [[] for _ in done]

    def get_repeatedly(own_statuses: list[int], signals: list[Event]) -> None:
        for turn, signal in zip(turns, signals, strict=True):
            turn.wait()
            own_statuses.append(app.test_client().get("/v1/claims").status_code)
            signal.set()
        database.close()

    threads = [
        Thread(target=get_repeatedly, args=pair) for pair in zip(statuses, done, strict=True)
    ]
    for thread in threads:
        thread.start()
    for turn, action in zip(range(3), (None, removable.remove, removable.restore), strict=True):
        if action:
            action()
        turns[turn].set()
        for signals in done:
            signals[turn].wait()
    for thread in threads:
        thread.join()
    assert statuses == [[200, 503, 200]] * 4


def test_a_request_succeeds_after_all_idle_connections_broke(
    removable: RemovableDataset, tmp_path: Path
) -> None:
    """The first broken connection discards the other idle ones."""
    load_world(removable.url, tmp_path)
    client = create_app(DATABASE_URL=removable.url).test_client()
    connected, release = [Event() for _ in range(3)], Event()

    def hold_connection(own_connected: Event) -> None:
        with reading():
            own_connected.set()
            release.wait()
        database.close()

    threads = [Thread(target=hold_connection, args=(event,)) for event in connected]
    for thread in threads:
        thread.start()
    for event in connected:
        event.wait()
    release.set()
    for thread in threads:
        thread.join()
    removable.remove()
    removable.restore()
    check_available(client)
