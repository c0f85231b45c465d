"""Here a test's dataset is in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.models.asking import MEMORY, in_memory


@pytest.fixture
def dataset() -> Iterator[str]:
    """An empty dataset, open; gives its URL."""
    with in_memory():
        yield MEMORY
