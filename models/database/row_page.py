"""The rows of one page of a list, as the database gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class RowPage(NamedTuple):
    """The documents of all rows, joined by commas, and what a cursor needs of each row."""

    content: bytes = b""
    # bytes of each document
    sizes: Sequence[int] = ()
    sort_values: Sequence[Any] = ()
    ties: Sequence[int] = ()

    def first(self, count: int) -> bytes:
        """The documents of the first rows."""
        rest = self.sizes[count:]
        return self.content[: len(self.content) - sum(rest) - len(rest)]
