"""Commands that generate clients and run programs on them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.serving import BIN, ROOT


def generate(target: str, folder: Path) -> str:
    """Generate a client into a folder; gives the output of `make sdk-…`."""
    completed = subprocess.run(
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
    assert completed.returncode == 0, completed.stdout
    return completed.stdout


def output_of(command: list, folder: Path) -> str:
    """The output of a command in a folder; the command must succeed."""
    completed = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


def node_is_absent() -> str | None:
    """The reason to skip the tests of the TypeScript client, if there is one."""
    if not (shutil.which("node") and shutil.which("npm")):
        return "node is absent"
    if not (ROOT / "node_modules" / ".installed").exists():
        return "node's packages are absent: make lint installs them"
    return None
