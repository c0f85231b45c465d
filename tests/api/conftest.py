"""Datasets with records, shared by the tests of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.database.connection import database
from models.opening import open_dataset
from tests.api.crowd import load_crowd
from tests.api.debate import DEBATE
from tests.api.many_claims import load_many_claims
from tests.api.oracle import Made, Oracle, loaded
from tests.api.world import FIRST, LATER, LOADED, WORLD, load_sections
from tests.engines import new_url


@pytest.fixture(scope="session")
def world_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a dataset with the records of world.py."""
    folder = tmp_path_factory.mktemp("world")
    url = new_url(folder, "world")
    open_dataset(url)
    load_sections(folder, FIRST, LOADED)
    load_sections(folder, WORLD, LATER)
    database.close()
    return url


@pytest.fixture
def world(app: Flask, world_url: str) -> Iterator[FlaskClient]:
    """A client of the dataset with the records of world.py."""
    open_dataset(world_url)
    yield app.test_client()
    database.close()


@pytest.fixture(scope="module")
def made_dataset(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Oracle]:
    """The URL and the oracle of a random dataset; a module may override it."""
    return loaded(app, tmp_path_factory.mktemp("made"), 6)


@pytest.fixture
def dataset_made(app: Flask, made_dataset: tuple[str, Oracle]) -> Iterator[Made]:
    """A client and the oracle of the random dataset."""
    dataset_url, oracle = made_dataset
    open_dataset(dataset_url)
    yield Made(app.test_client(), oracle)
    database.close()


@pytest.fixture(scope="session")
def crowd_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a dataset with the records of crowd.py."""
    folder = tmp_path_factory.mktemp("crowd")
    url = new_url(folder, "crowd")
    open_dataset(url)
    load_crowd(folder)
    database.close()
    return url


@pytest.fixture
def crowded(app: Flask, crowd_url: str) -> Iterator[FlaskClient]:
    """A client of the dataset with the records of crowd.py."""
    open_dataset(crowd_url)
    yield app.test_client()
    database.close()


@pytest.fixture(scope="session")
def debate_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a dataset with the records of debate.py."""
    folder = tmp_path_factory.mktemp("debate")
    url = new_url(folder, "debate")
    open_dataset(url)
    load_sections(folder, DEBATE, LOADED)
    database.close()
    return url


@pytest.fixture
def debate(app: Flask, debate_url: str) -> Iterator[FlaskClient]:
    """A client of the dataset with the records of debate.py."""
    open_dataset(debate_url)
    yield app.test_client()
    database.close()


@pytest.fixture
def many_claims(load: Callable, client: FlaskClient) -> FlaskClient:
    """A client of a dataset whose streams have several chunks."""
    load_many_claims(load)
    return client
