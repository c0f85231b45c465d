"""A file that changes while a load reads it is refused: its records may be of two states."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.database.connection import fetch_all
from models.seed_file import loaded_files
from seeds import staging
from tests.seeds.test_unchanged_files import topics

CHANGED = "changed while it was read: load it again when it is complete"


def append(path: Path, other: Path) -> None:
    with path.open("a") as file:
        file.write("\n")


def overwrite(path: Path, other: Path) -> None:
    path.write_bytes(other.read_bytes())


def overwrite_within_a_tick(path: Path, other: Path) -> None:
    """The time and the size stay the same."""
    status = path.stat()
    path.write_bytes(other.read_bytes())
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def overwrite_and_restore(path: Path, other: Path) -> None:
    """The content is the same afterwards."""
    before = path.read_bytes()
    path.write_bytes(other.read_bytes())
    path.write_bytes(before)


def replace(path: Path, other: Path) -> None:
    other.replace(path)


CHANGES = [append, overwrite, overwrite_within_a_tick, overwrite_and_restore, replace]


def content(suffix: str, name: str) -> str:
    """One topic, whose name has one letter."""
    if suffix == "yaml":
        return f"topics:\n- id: t\n  name: {name}\n"
    if suffix == "json":
        return json.dumps({"topics": [{"id": "t", "name": name}]})
    return json.dumps({"type": "topic", "id": "t", "name": name}) + "\n"


@pytest.fixture(params=["alone", "several processes"])
def readers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process, or in others."""
    if request.param != "alone":
        monkeypatch.setattr(staging, "reader_count", lambda paths: 2)


@pytest.mark.usefixtures("readers")
@pytest.mark.parametrize("suffix", ["yaml", "json", "jsonl"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_is_refused(
    write: Callable, refused: Callable, load_paths: Callable, change: Callable, suffix: str
):
    path = write(f"a.{suffix}", content(suffix, "A"))
    other = write("other", content(suffix, "B"))
    # the test writes within one tick of the clock of files
    os.utime(path, (0, 0))
    changes = [change]

    def progress(phase: str, done: int, total: int) -> None:
        if changes:
            changes.pop()(path, other)

    assert refused(path, progress=progress) == [f"a.{suffix}: {CHANGED}"]
    assert load_paths(path).added.count == 1


@pytest.mark.usefixtures("readers")
def test_a_file_that_changes_before_it_is_read_is_refused(write: Callable, refused: Callable):
    """The load has seen its former content."""
    first = write("a.jsonl", content("jsonl", "A"))
    second = write("b.json", topics("b"))

    def progress(phase: str, done: int, total: int) -> None:
        second.write_text(json.dumps(topics("c")))

    assert refused(first, second, progress=progress) == [f"b.json: {CHANGED}"]


def test_a_file_that_is_removed_after_it_was_read_is_loaded(
    write: Callable, load_paths: Callable, monkeypatch: pytest.MonkeyPatch
):
    path = write("a.jsonl", content("jsonl", "A"))
    read_file = staging.read_file
    before = loaded_files()

    def read_and_remove(*arguments: Any) -> Any:
        yield from read_file(*arguments)
        path.unlink()

    monkeypatch.setattr(staging, "read_file", read_and_remove)
    assert load_paths(path).added.count == 1
    # whether the records are of one state is unknown
    assert (loaded_files(), fetch_all("SELECT * FROM seeded")) == (before, [])
