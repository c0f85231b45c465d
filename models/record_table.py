"""The base classes of the tables of record types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from models.base import Base, record_key


class SetLater:
    """A derived column that other records decide; its row is inserted with `initial`."""

    def __init__(self, initial: Any):
        self.initial = initial


class FromRow:
    """A derived column that follows from columns of the record's own row before it."""

    def __init__(self, value: Callable[[dict], Any]):
        self.value = value


# null until the rows of the referred records are written
DEFERRED = SetLater(None)
# 0 until listed claims are counted
COUNT = SetLater(0)
# in a list's table: the column of the same name in the owner's row
FROM_OWNER = object()


class RecordTable(Base):
    """A record of one type.

    A column is a field of a seed record, except `key`, `seq` and the columns in `DERIVED`.
    Each list of the record is a table in `LINKS`. `DOCUMENT` names the fields of the record's
    document in their order.
    """

    key = record_key()

    DERIVED: ClassVar[dict[str, Callable[[dict], Any] | SetLater | FromRow]] = {}
    LINKS: ClassVar[tuple[type[Link], ...]] = ()
    DOCUMENT: ClassVar[tuple[str, ...]] = ()


class Link(Base):
    """One item of a record's list `SECTION`: its `OWNER` and `ordinal` are its place.

    The columns of `DERIVED` follow from the item or from the owner's row.
    """

    SECTION: ClassVar[str]
    OWNER: ClassVar[str]
    # whether the items are bare ids
    PLAIN: ClassVar[bool] = False
    DERIVED: ClassVar[dict[str, Any]] = {}


def type_of(model: type[RecordTable]) -> str:
    """The record type of a table: its name."""
    return model._meta.table_name
