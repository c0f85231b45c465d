"""`claimbase serve`: its database, its port, and workers that die; `claimbase demo`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from models.database.connection import without_password
from tests.engines import created
from tests.serving import BIN, ROOT, free_port, running, serving_process, wait_for


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_port_that_another_server_has_is_refused(
    shipped_url: str, tmp_path: Path, host: str
) -> None:
    """The kernel would share the requests between two servers with different datasets."""
    with serving_process(shipped_url, tmp_path) as server:
        port = server.address.rpartition(":")[2]
        second = subprocess.run(
            [BIN / "claimbase", "serve", "--create", f"--database=sqlite:///{tmp_path}/other.db",
             f"--host={host}", f"--port={port}"],
            cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        assert second.returncode == 1
        assert second.stderr.startswith(f"cannot serve on {host}: Address already in use")
        assert "Traceback" not in second.stderr
        with urlopen(f"{server.address}/v1/claims?limit=1") as response:
            assert response.status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="reads the children of a process from /proc")
def test_a_worker_that_dies_is_replaced(shipped_url: str, tmp_path: Path) -> None:
    with serving_process(shipped_url, tmp_path) as server:
        for worker in workers_of(server.process.pid):
            os.kill(worker, signal.SIGKILL)
        wait_for(server.process, server.address, tmp_path / "log")
        with urlopen(f"{server.address}/v1/claims?limit=1") as response:
            assert response.status == 200


def workers_of(process: int) -> list[int]:
    """The processes that answer requests."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    assert children
    return [*map(int, children)]


ADVICE = (
    "load seed files first (claimbase load PATH...), serve an empty dataset (--create), or look at"
    " the one that Claimbase brings along (claimbase demo)"
)


@pytest.fixture(params=["sqlite file", "sqlite folder", "postgres"])
def absent(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without a dataset."""
    if request.param == "postgres":
        return created()
    folder = {"sqlite file": tmp_path, "sqlite folder": tmp_path / "none"}[request.param]
    return f"sqlite:///{folder}/none.db"


@pytest.mark.engines
def test_an_absent_database_is_not_created(absent: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [BIN / "claimbase", "serve", f"--database={absent}", f"--port={free_port()}"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    shown = without_password(absent)
    assert (done.returncode, done.stdout, done.stderr) == (
        1, "", f"there is no dataset at {shown!r}: {ADVICE}\n",
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def get(address: str, path: str) -> dict:
    with urlopen(f"{address}{path}") as response:
        return json.load(response)


def test_an_empty_dataset_is_created_if_asked_for(tmp_path: Path) -> None:
    port = free_port()
    database = f"--database=sqlite:///{tmp_path}/new.db"
    command = ["claimbase", "serve", "--create", database, f"--port={port}", "--workers=1"]
    with running(command, port, tmp_path) as server:
        assert get(server.address, "/v1/claims")["meta"]["total"] == 0


def test_the_demo_has_the_shipped_seeds(tmp_path: Path) -> None:
    """In a database that ends with it, whatever the environment names for other commands."""
    port, temporary = free_port(), tmp_path / "temporary"
    temporary.mkdir()
    environment = {"CLAIMBASE_DATABASE_URL": f"sqlite:///{tmp_path}/own.db"}
    command = ["claimbase", "demo", f"--port={port}"]
    with running(command, port, tmp_path, TMPDIR=str(temporary), **environment) as server:
        assert get(server.address, "/v1/claims?actor=Rutte")["meta"]["total"] > 10
        assert [path.name.rpartition("-")[0] for path in temporary.iterdir()] == ["claimbase-demo"]
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "own.db").exists()


def test_a_demo_in_a_named_database_stays(tmp_path: Path) -> None:
    port = free_port()
    command = ["claimbase", "demo", f"--port={port}", f"--database=sqlite:///{tmp_path}/demo.db"]
    with running(command, port, tmp_path) as server:
        total = get(server.address, "/v1/claims")["meta"]["total"]
    with serving_process(f"sqlite:///{tmp_path}/demo.db", tmp_path) as again:
        assert get(again.address, "/v1/claims")["meta"]["total"] == total > 80
