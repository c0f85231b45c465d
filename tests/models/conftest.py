"""Fixtures of datasets: an empty one, and copies of the shipped one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database.connection import database
from models.opening import open_dataset
from seeds.loader import load as load_files
from tests.engines import scratch

SHIPPED = Path(__file__).parents[2] / "seeds" / "data"


@pytest.fixture
def dataset() -> Iterator[None]:
    """An empty dataset, open; on SQLite in memory."""
    with scratch():
        yield


@pytest.fixture(scope="session")
def shipped_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the shipped dataset."""
    path = tmp_path_factory.mktemp("shipped-file") / "shipped.db"
    before = database.obj
    open_dataset(f"sqlite:///{path}")
    load_files([SHIPPED], clock=lambda: "2026-01-02T03:04:05.123456Z")
    database.close()
    database.initialize(before)
    return path


@pytest.fixture
def shipped_copy(shipped_file: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of a copy of the shipped dataset, which is not open."""
    path = tmp_path / "copy.db"
    path.write_bytes(shipped_file.read_bytes())
    yield f"sqlite:///{path}"
    database.close()
