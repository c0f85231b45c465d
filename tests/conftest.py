"""Fixtures of all tests: the application, an empty dataset, and the shipped dataset."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from models.database.connection import disconnect
from models.opening import open_dataset
from seeds.loader import Plan
from seeds.loader import load as load_files
from tests.engines import ENGINE, NO_POSTGRES, new_url, release, to_be_had


def pytest_configure(config: pytest.Config) -> None:
    if ENGINE == "postgres" and not to_be_had():
        pytest.exit(f"the tests on PostgreSQL are skipped: {NO_POSTGRES}", returncode=0)


ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "seeds" / "data"


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, which serves the open dataset and caches no responses."""
    url = new_url(tmp_path_factory.mktemp("app"), "empty")
    app = create_app(DATABASE_URL=url, CACHE_MB=0)
    disconnect()
    return app


@pytest.fixture(scope="session")
def shipped_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a dataset with the shipped seeds."""
    url = new_url(tmp_path_factory.mktemp("shipped"), "shipped")
    open_dataset(url)
    load_shipped()
    disconnect()
    return url


def load_shipped() -> None:
    """Load the shipped seeds into the open dataset."""
    load_files([SHIPPED], clock=lambda: "2026-01-02T03:04:05.123456Z")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The URL of a new dataset."""
    url = new_url(tmp_path, "test")
    yield url
    disconnect()
    release(url)


@pytest.fixture
def dataset(url: str) -> Iterator[str]:
    """Open an empty dataset; gives its URL."""
    open_dataset(url)
    yield url
    disconnect()


Load = Callable[..., Plan]


@pytest.fixture
def load(dataset: str, tmp_path: Path) -> Load:
    """Load records into the test's dataset: load(actors=[…], claims=[…], prune=True)."""

    def load(
        *, prune: bool = False, dry_run: bool = False, time: str = "", **sections: list
    ) -> Plan:
        path = tmp_path / "seeds.json"
        path.write_text(json.dumps(sections))
        moment = time or "2026-01-02T03:04:05.123456Z"
        return load_files(
            [path], prune=prune, confirmed=True, dry_run=dry_run, clock=lambda: moment
        )

    return load


@pytest.fixture
def client(app: Flask, dataset: str) -> FlaskClient:
    """A client of the test's dataset."""
    return app.test_client()


@pytest.fixture
def shipped(app: Flask, shipped_url: str) -> Iterator[FlaskClient]:
    """A client of the shipped dataset."""
    open_dataset(shipped_url)
    yield app.test_client()
    disconnect()
