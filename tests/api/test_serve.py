"""`claimbase serve`: its port, and workers that die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.serving import BIN, ROOT, serving_process, wait_for


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_port_that_another_server_has_is_refused(
    shipped_url: str, tmp_path: Path, host: str
) -> None:
    """The kernel would share the requests between two servers with different datasets."""
    with serving_process(shipped_url, tmp_path) as server:
        port = server.address.rpartition(":")[2]
        second = subprocess.run(
            [BIN / "claimbase", "serve", f"--database=sqlite:///{tmp_path}/other.db",
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
