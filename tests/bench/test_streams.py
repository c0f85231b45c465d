"""The join of the bench gives the cells of Claimbase's CSV."""

from __future__ import annotations

import csv
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from flask import Flask

from bench import streams
from bench.contestants import CONTESTANTS
from bench.data import seed_files
from models.database.connection import disconnect
from models.opening import open_dataset
from seeds.loader import load

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(not shutil.which("sqlite3"), reason="sqlite3 is absent"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the bench's claims."""
    folder = tmp_path_factory.mktemp("streams")
    path = folder / "claims.db"
    open_dataset(f"sqlite:///{path}")
    load([seed_files(folder, 300)])
    disconnect()
    return path


def test_sqlite_and_claimbase_give_the_same_rows(app: Flask, path: Path):
    open_dataset(f"sqlite:///{path}")
    with app.test_client().get("/v1/claims?format=csv") as response:
        ours = [*csv.reader(StringIO(response.text, newline=""))]
    disconnect()
    command = ["sqlite3", "-csv", "-header", path, streams.JOIN]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    theirs = [*csv.reader(StringIO(output, newline=""))]
    assert len(ours) == 301
    assert ours == theirs


@pytest.mark.slow
@pytest.mark.skipif(not CONTESTANTS["claimbase"].installed, reason="Claimbase is not in .venv")
def test_streams_have_figures(path: Path):
    rates = streams.measure_streams(path)
    assert {"CSV", "JSON Lines", "sqlite3 -csv, a join of the same columns"} <= rates.keys()
    assert min(rates.values()) > 0
