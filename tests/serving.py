"""Running servers, for tests that send requests over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
# seconds
MAX_START_TIME = 60


class Serving(NamedTuple):
    """A server, and its address."""

    process: subprocess.Popen
    address: str


@contextmanager
def serving(url: str, folder: Path) -> Iterator[str]:
    """Serve a dataset and write the log into the folder; gives the address."""
    with serving_process(url, folder) as server:
        yield server.address


@contextmanager
def serving_process(
    url: str, folder: Path, workers: int = 1, threads: int = 2
) -> Iterator[Serving]:
    """As `serving`, with the process."""
    port = free_port()
    command = [
        "claimbase", "serve", f"--database={url}", f"--port={port}",
        f"--workers={workers}", f"--threads={threads}",
    ]  # fmt: skip
    with running(command, port, folder) as server:
        yield server


@contextmanager
def running(command: list[str], port: int, folder: Path, **environment: str) -> Iterator[Serving]:
    """Run a server's command until it answers; its log goes into the folder."""
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [BIN / command[0], *command[1:]],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(process, f"http://127.0.0.1:{port}", log)
        yield Serving(process, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(process: subprocess.Popen, address: str, log: Path) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + MAX_START_TIME
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{address}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    pytest.fail(f"the server did not start: {log.read_text()}")
