"""The commands that generate clients, and that try them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.serving import BIN, ROOT


def generate(target: str, folder: Path) -> str:
    """What `make sdk-…` prints as it generates a client into a folder."""
    done = subprocess.run(
        [
            *("make", "--no-print-directory", target, f"SDK={folder}", f"BIN={BIN}"),
            *("--old-file=.venv/developing", "--old-file=node_modules/.installed"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def output_of(command: list, folder: Path) -> str:
    """What a command prints that succeeds in a folder."""
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def node_is_absent() -> str | None:
    """Why the TypeScript client cannot be tried, if it cannot."""
    if not (shutil.which("node") and shutil.which("npm")):
        return "node is absent"
    if not (ROOT / "node_modules" / ".installed").exists():
        return "node's packages are absent: make lint installs them"
    return None
