"""Processes that may read the files of a test, but not write them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

# root writes every file by the capabilities CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: without them,
# it is one more user whom the modes of files bind
DROP = """
import ctypes, os, sys
PR_CAPBSET_DROP = 24
for capability in (1, 2):
    assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""
# to be put before a command
AS_READER = [sys.executable, "-c", DROP] if os.geteuid() == 0 else []


@contextmanager
def protected(folder: Path) -> Iterator[None]:
    """Let no reader write the folder, nor the files that are in it."""
    modes = {path: path.stat().st_mode for path in (folder, *folder.iterdir())}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in modes.items():
            if path.exists():
                path.chmod(mode)


@cache
def modes_bind_readers() -> bool:
    with tempfile.NamedTemporaryFile() as file:
        os.chmod(file.name, 0o444)
        code = "import os, sys; print(os.access(sys.argv[1], os.W_OK))"
        command = [*AS_READER, sys.executable, "-c", code, file.name]
        return subprocess.run(command, capture_output=True, check=False).stdout == b"False\n"


@cache
def can_mount() -> bool:
    command = ["unshare", "--mount", "true"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def reader() -> list[str]:
    """What to put before a command that must not write protected files."""
    if not modes_bind_readers():
        pytest.skip("the modes of files do not bind this user")
    return AS_READER
