"""What the statement for a page of a list finds."""

from __future__ import annotations

from typing import Any, NamedTuple


class Page(NamedTuple):
    """The documents of all rows, a comma between them, and each row's size, sort value and key.

    Sizes are those of the documents, in bytes.
    """

    content: bytes
    sizes: list[int]
    sorts: list[Any]
    keys: list[int]

    def first(self, count: int) -> bytes:
        """The documents of the first rows."""
        others = self.sizes[count:]
        return self.content[: len(self.content) - sum(others) - len(others)]
