"""The servers that attacks use, and where their results go."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
CLAIMBASE = Path(sys.executable).parent / "claimbase"
RESULTS = ROOT / "build" / "torture"
START_SECONDS = 60
# the status of an attack that lacks a program
SKIPPED = 77


def load(database_url: str, *seeds: Path | str) -> None:
    """Load seed files into a database."""
    command = [CLAIMBASE, "load", "--quiet", f"--database={database_url}", *seeds]
    subprocess.run(command, check=True, cwd=ROOT)


@contextmanager
def serving(database_url: str, *options: str, **environment: str) -> Iterator[int]:
    """Run `claimbase serve`; gives its port.

    The server must have lived through all that was done to it.
    """
    port = free_port()
    process = subprocess.Popen(
        [CLAIMBASE, "serve", f"--database={database_url}", f"--port={port}", *options],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(port)
        yield port
        wait_until_ready(port)
    finally:
        process.terminate()
        process.wait()


def wait_until_ready(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no server answers at the port {port}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def stop_servers_on_sigterm() -> None:
    """Raise KeyboardInterrupt at SIGTERM, so that the attack stops its servers."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def publish(name: str, result: Mapping[str, Any]) -> NoReturn:
    """Write the result of an attack, show it, and end with 1 if it has faults."""
    text = json.dumps(result, indent=2) + "\n"
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text)
    print(text, end="")
    sys.exit(bool(result["faults"]))


def skip(reason: str) -> NoReturn:
    """End an attack that cannot run here."""
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)
