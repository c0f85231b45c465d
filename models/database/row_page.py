"""What the statement for a page of a list finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Page(NamedTuple):
    """The documents of all rows, a comma between them, and each row's size and place.

    Sizes are those of the documents, in bytes; where a row stands, say its sort value and, among
    equals, its tie. Where the statement gives no places, there are none.
    """

    content: bytes = b""
    sizes: Sequence[int] = ()
    sorts: Sequence[Any] = ()
    ties: Sequence[int] = ()

    def first(self, count: int) -> bytes:
        """The documents of the first rows."""
        others = self.sizes[count:]
        return self.content[: len(self.content) - sum(others) - len(others)]
