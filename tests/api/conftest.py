"""The world of the tables, open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.database.connection import database
from models.opening import open_dataset
from tests.api.oracle import Made, Oracle, loaded
from tests.api.world import FIRST, LATER, LOADED, WORLD, load_sections
from tests.engines import new_url


@pytest.fixture(scope="session")
def world_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A dataset with the world."""
    folder = tmp_path_factory.mktemp("world")
    url = new_url(folder, "world")
    open_dataset(url)
    load_sections(folder, FIRST, LOADED)
    load_sections(folder, WORLD, LATER)
    database.close()
    return url


@pytest.fixture
def world(app: Flask, world_url: str) -> Iterator[FlaskClient]:
    """A client of the world."""
    open_dataset(world_url)
    yield app.test_client()
    database.close()


@pytest.fixture(scope="module")
def made_dataset(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Oracle]:
    """A dataset where everything occurs, and the plain search over it; modules may make another."""
    return loaded(app, tmp_path_factory.mktemp("made"), 7)


@pytest.fixture
def dataset_made(app: Flask, made_dataset: tuple[str, Oracle]) -> Iterator[Made]:
    """It, open."""
    address, oracle = made_dataset
    open_dataset(address)
    yield Made(app.test_client(), oracle)
    database.close()
