"""Rows that are made from statements, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from peewee import Tuple

from models.queries.slots import placeholder

# where a row stands in its list: the values that the list is sorted by, and ties
Place = Sequence[Any]


class PlacedRow(NamedTuple):
    """A row of a list as the database has it, with its place."""

    place: Place
    values: tuple


class PagedRows(Protocol):
    """A list whose rows are made from statements."""

    def page(self, limit: int, after: Place | None) -> list[PlacedRow]:
        """The first rows after a place."""

    def describe(self, rows: Sequence[PlacedRow]) -> list[dict[str, Any]]:
        """The rows of a page with everything that they show."""

    def counts(self) -> dict[str, int]:
        """The total, and what else counts the whole list."""


def after_place(columns: Sequence[Any]) -> Any:
    """Whether a row comes after a place in the ascending order of the columns."""
    return Tuple(*columns) > Tuple(*(placeholder(f"after.{n}") for n in range(len(columns))))


def bind_page(limit: int, after: Place | None) -> dict[str, Any]:
    """The values for a page's query."""
    return {"limit": limit, **{f"after.{n}": value for n, value in enumerate(after or ())}}


def placed(rows: Sequence[tuple], width: int) -> list[PlacedRow]:
    """Rows whose first columns are their place."""
    return [PlacedRow(row[:width], row[width:]) for row in rows]
