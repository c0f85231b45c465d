"""A server of the shipped seeds."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.serving import BIN, ROOT, serving


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the shipped seeds."""
    folder = tmp_path_factory.mktemp("server")
    url = f"sqlite:///{folder / 'shipped.db'}"
    subprocess.run(
        [BIN / "claimbase", "load", "--quiet", f"--database={url}", ROOT / "seeds" / "data"],
        check=True,
    )
    with serving(url, folder) as server_address:
        yield server_address
