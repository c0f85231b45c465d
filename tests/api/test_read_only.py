"""A database that the server cannot write is served, and follows what its owner loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from models.database.connection import database, disconnect
from models.opening import open_dataset
from seeds.loader import load as load_files
from tests.conftest import load_shipped
from tests.engines import on_sqlite
from tests.readers import protected, reader
from tests.serving import BIN, free_port, running

__all__ = ["reader"]
pytestmark = on_sqlite
MAIN = "from api.cli import main; main()"


def get(address: str, path: str) -> dict:
    with urlopen(f"{address}{path}") as response:
        return json.load(response)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "database" / "x.db"
    path.parent.mkdir()
    open_dataset(f"sqlite:///{path}")
    load_shipped()
    disconnect()
    return path


def test_a_server_that_cannot_write_follows_the_loads_of_the_owner(
    reader: list[str], path: Path, tmp_path: Path
):
    url, port = f"sqlite:///{path}", free_port()
    command = [
        *reader, str(BIN / "claimbase"), "serve", "--workers=1", f"--database={url}",
        f"--port={port}",
    ]  # fmt: skip
    with protected(path.parent), running(command, port, tmp_path) as server:
        before = get(server.address, "/v1/claims?facet=topic&q=nato")["meta"]
        assert before["dataset"] == get(server.address, "/v1/actors")["meta"]["dataset"]
        if os.geteuid() != 0:
            pytest.skip("the owner is this user, whom the modes bind, too")
        (tmp_path / "new.json").write_text('{"actors": [{"id": "new", "name": "New"}]}')
        open_dataset(url)
        assert load_files([tmp_path / "new.json"]).added.count == 1
        # the owner's process keeps its connection, or not
        for _ in range(2):
            meta = get(server.address, "/v1/actors?id=new")["meta"]
            assert (meta["total"], meta["dataset"] != before["dataset"]) == (1, True)
            disconnect()


@pytest.mark.parametrize("command", ["load", "migrate"])
def test_commands_that_write_tell_what_is_read_only(
    reader: list[str], path: Path, tmp_path: Path, command: str
):
    (tmp_path / "new.json").write_text('{"actors": [{"id": "new", "name": "New"}]}')
    arguments = [tmp_path / "new.json"] if command == "load" else []
    with protected(path.parent):
        done = subprocess.run(
            [
                *reader, sys.executable, "-c", MAIN, command, *arguments,
                f"--database=sqlite:///{path}",
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"database error: {path} cannot be written: the file, its folder or its disk is read-only"
        " for this user; nothing was changed"
    )


def test_documents_of_another_release_on_a_read_only_disk(reader: list[str], path: Path):
    url = f"sqlite:///{path}"
    open_dataset(url)
    database.execute_sql("UPDATE dataset SET render = 1")
    disconnect()
    with protected(path.parent):
        done = subprocess.run(
            [*reader, sys.executable, "-c", MAIN, "serve", f"--database={url}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        "this database has the documents of another release, and they cannot be rendered anew:"
        f" {path} cannot be written: the file, its folder or its disk is read-only for this user;"
        " run claimbase migrate where it can be written\n"
    )
