"""The bounded pool of PostgreSQL connections, and its driver."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from threading import Event, Thread

import peewee
import pytest

from models.database.connection import connect, database, disconnect
from models.opening import open_dataset
from models.reading import reading
from tests.engines import created

pytestmark = pytest.mark.engines


@pytest.fixture
def pool_size(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Open a PostgreSQL dataset; gives the most connections of a process."""
    from models.database import postgres

    monkeypatch.setattr(postgres, "PATIENCE", 0.1)
    url = created()
    open_dataset(url)
    yield postgres.MAX_CONNECTIONS
    disconnect()


def test_the_pool_is_bounded(pool_size: int) -> None:
    """A request for one more connection times out, and succeeds after a connection is free."""
    database.close()
    release = Event()
    connected = [Event() for _ in range(pool_size)]

    def hold_connection(own_connected: Event) -> None:
        with reading():
            own_connected.set()
            release.wait()

    threads = [Thread(target=hold_connection, args=(event,)) for event in connected]
    for thread in threads:
        thread.start()
    for event in connected:
        event.wait()
    with pytest.raises(peewee.OperationalError, match="all 8 connections are busy"), reading():
        pass
    release.set()
    for thread in threads:
        thread.join()
    with reading() as dataset:
        assert dataset.version == 0


def test_without_the_driver_the_error_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "models.database.postgres", None)
    with pytest.raises(ValueError, match="PostgreSQL needs its driver: pip install"):
        connect("postgresql://localhost/x")
