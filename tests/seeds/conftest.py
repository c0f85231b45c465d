"""Fixtures that write seed files and load them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from models.database.connection import database
from models.dataset import read_dataset
from models.opening import open_dataset
from seeds.loader import Plan
from seeds.loader import load as load_files
from seeds.problems import Refused
from tests.engines import ENGINE, new_url
from tests.seeds.build import Sections, documents_without_times, exported, state

MOMENT = "2026-01-02T03:04:05.123456Z"

Write = Callable[..., Path]
LoadPaths = Callable[..., Plan]
Refuse = Callable[..., list[str]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write text, bytes or a JSON object to a file; gives its path."""

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
def initial() -> Sections:
    """The records of the test's dataset before the test."""
    return {}


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Sections], None]:
    """Create a dataset with some records; copies of a file save loading them again."""
    made: dict[str, Path] = {}

    def fill(url: str, initial: Sections) -> None:
        path = tmp_path_factory.mktemp("initial") / "initial.json"
        path.write_text(json.dumps(initial))
        open_dataset(url)
        load_files([path], clock=lambda: MOMENT)
        database.close()

    def copy(url: str, initial: Sections) -> None:
        if ENGINE != "sqlite":
            fill(url, initial)
            return
        name = json.dumps(initial)
        if name not in made:
            made[name] = tmp_path_factory.mktemp("made") / "made.db"
            fill(f"sqlite:///{made[name]}", initial)
        shutil.copy(made[name], url.removeprefix("sqlite:///"))

    return copy


@pytest.fixture
def dataset(url: str, initial: Sections, copied: Callable[[str, Sections], None]) -> Iterator[str]:
    """A dataset, open; gives its URL."""
    copied(url, initial)
    open_dataset(url)
    yield url
    database.close()


@pytest.fixture
def refused(load_paths: LoadPaths, tmp_path: Path) -> Refuse:
    """Load files that must be refused; gives the problems as text."""

    def refused(*paths: Path, **options: Any) -> list[str]:
        before = state()
        with pytest.raises(Refused) as caught:
            load_paths(*paths, **options)
        assert state() == before
        return [str(problem).replace(f"{tmp_path}/files/", "") for problem in caught.value.problems]

    return refused


@pytest.fixture
def fresh_load(dataset: str, tmp_path: Path) -> Callable[..., tuple]:
    """Load into a second dataset; gives its digest, records and documents."""

    def fresh_load(*paths: Path) -> tuple:
        database.close()
        open_dataset(new_url(tmp_path, "fresh"))
        load_files(paths)
        contents = (read_dataset().digest, exported(), documents_without_times())
        database.close()
        open_dataset(dataset)
        return contents

    return fresh_load
