"""The orders of lists, and the source of their rows."""

from __future__ import annotations

from typing import Any, NamedTuple

from peewee import Field, Tuple

from models.base import Record
from models.database.sql import conjunction
from models.queries.slots import placeholder
from models.values.dates import UNDATED

# the sort by how well a text matches, which models/queries/relevance.py does
RELEVANCE = "relevance"
# the position of a cursor: at a value, or among the rows without one
AT_VALUE, AT_NONE = "value", "none"


class RowSource(NamedTuple):
    """The source of the rows of a list.

    `query` selects no columns yet; `repeats` says whether it can find a record several times.
    """

    query: Any
    key: Field
    sort_column: Field | None
    # the order in which records entered the dataset
    tiebreaker: Field
    repeats: bool = False
    # one column that sorts as the sort column and the tiebreaker do, and its value at a cursor
    place: Field | None = None
    place_after: Any = None


class SortOrder(NamedTuple):
    """A sort by one column; ties stand in the order in which records entered the dataset.

    `absent` is the column's value for records without one; they come last.
    """

    column: Field
    descending: bool = False
    absent: int | None = None

    def selects(self, source: RowSource, cursor_position: str | None) -> list[Any]:
        """The rows in order, as selects to be read one after the other, each along an index.

        They begin after a cursor, which stands at a value or among rows without one.
        """
        query, tiebreaker = source.query, source.tiebreaker
        if source.place is not None:
            if cursor_position:
                query = query.where(source.place > source.place_after)
            return [query.order_by(source.place)]
        column: Any = source.sort_column
        after, after_tie = placeholder("after"), placeholder("after.tie")
        if cursor_position == AT_VALUE and self.descending:
            later = (column < after) | (tiebreaker > after_tie)
            with_value = query.where(conjunction([column <= after, later]))
        elif cursor_position == AT_VALUE:
            with_value = query.where(Tuple(column, tiebreaker) > Tuple(after, after_tie))
        elif self.absent is not None:
            with_value = query.where(column < self.absent)
        else:
            with_value = query
        direction = column.desc() if self.descending else column.asc()
        with_value = with_value.order_by(direction, tiebreaker.asc())
        if self.absent is None:
            return [with_value]
        without = query.where(column == self.absent).order_by(tiebreaker.asc())
        if cursor_position == AT_NONE:
            return [without.where(tiebreaker > after_tie)]
        return [with_value, without]

    def cursor_position(self, value: Any) -> str:
        """The position of a cursor with this sort value."""
        return AT_VALUE if self.absent is None or value != self.absent else AT_NONE


def both_directions(**sorts: SortOrder) -> dict[str, SortOrder]:
    """Each sort under its name, and descending under its name after a minus."""
    return {
        sign + name: order._replace(descending=bool(sign))
        for name, order in sorts.items()
        for sign in ("", "-")
    }


def by_date_key(date_key: Field) -> dict[str, SortOrder]:
    """Both directions of a date; its key falls as the date rises."""
    return {
        "date": SortOrder(date_key, descending=True, absent=UNDATED),
        "-date": SortOrder(date_key),
    }


def by_name(model: Any) -> dict[str, SortOrder]:
    """The sorts of all lists whose records have names."""
    return both_directions(name=SortOrder(model.folded), claim_count=SortOrder(model.claim_count))


BY_RECORD = both_directions(updated_at=SortOrder(Record.updated_at), id=SortOrder(Record.id))
