"""Seed files in a fresh folder, and what loading them does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.base import database
from models.base import dataset as dataset_row
from models.documents import open_dataset
from seeds.loader import Plan
from seeds.loader import load as load_files
from seeds.problems import Refused
from tests.engines import new_url
from tests.seeds.build import exported, small, state, timeless

MOMENT = "2026-01-02T03:04:05.123456Z"

Write = Callable[..., Path]
LoadPaths = Callable[..., Plan]
Refuse = Callable[..., list[str]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file and give its path: text, bytes, or what becomes JSON."""

    def write(name: str, content: str | bytes | dict) -> Path:
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def load_paths(dataset: str) -> LoadPaths:
    """Load files and folders into the test's dataset."""

    def load_paths(*paths: Path, time: str = MOMENT, **options: Any) -> Plan:
        return load_files(paths, clock=lambda: time, **{"confirmed": True, **options})

    return load_paths


@pytest.fixture
def small_dataset(load: Callable[..., Plan]) -> None:
    """A few records of each type."""
    load(**small())


@pytest.fixture
def refused(load_paths: LoadPaths, tmp_path: Path) -> Refuse:
    """Load what must be refused, see that nothing has changed, and give the errors as text."""

    def refused(*paths: Path, **options: Any) -> list[str]:
        before = state()
        with pytest.raises(Refused) as caught:
            load_paths(*paths, **options)
        assert state() == before
        return [str(one).replace(f"{tmp_path}/files/", "") for one in caught.value.problems]

    return refused


@pytest.fixture
def fresh_load(dataset: str, tmp_path: Path) -> Callable[..., tuple]:
    """Load into a second dataset: its digest, records and documents."""

    def fresh_load(*paths: Path) -> tuple:
        database.close()
        open_dataset(new_url(tmp_path, "fresh"))
        load_files(paths)
        found = (dataset_row().digest, exported(), timeless())
        database.close()
        open_dataset(dataset)
        return found

    return fresh_load
