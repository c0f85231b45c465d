"""Here a test's dataset is a scratch one: on SQLite, in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engines import scratch


@pytest.fixture
def dataset() -> Iterator[None]:
    """An empty dataset, open."""
    with scratch():
        yield
