"""The world of the tables, open; and what the tests of the API ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.base import database
from models.documents import open_dataset
from seeds.loader import load
from tests.api import world as records


def load_sections(folder: Path, sections: dict, moment: str) -> None:
    """Load sections of records into the open dataset."""
    path = folder / "seeds.json"
    path.write_text(json.dumps(sections))
    load([path], clock=lambda: moment)


@pytest.fixture(scope="session")
def world_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A dataset with the world."""
    folder = tmp_path_factory.mktemp("world")
    url = f"sqlite:///{folder / 'world.db'}"
    open_dataset(url)
    load_sections(folder, records.FIRST, records.LOADED)
    load_sections(folder, records.WORLD, records.LATER)
    database.close()
    return url


@pytest.fixture
def world(app: Flask, world_url: str) -> Iterator[FlaskClient]:
    """A client of the world."""
    open_dataset(world_url)
    yield app.test_client()
    database.close()
