"""What the tables of all types share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from models.base import Base, Record, database, key_of_record
from models.database.sql import all_of
from models.queries.compiled import values_of
from models.queries.filter_kinds import Choice, Column, Has, Order, Rows, Tags, Walk, Wanted


def later(record: Any) -> None:
    """What stands in a column until the rows of other records are there to set it."""


def counted_later(record: dict) -> int:
    """What stands in place of a count until there is something to count."""
    return 0


def owners(item: Any) -> None:
    """What stands in a list's column that repeats the one of its record, of the same name."""


class Thing(Base):
    """A record of one type. The columns of its table are the fields of a seed record, but for

    - `key`, and `entered`, where keys do not say in which order records entered the dataset;
    - the columns in `DERIVED`, which follow from the record;
    - its lists, whose items are rows of the tables in `LINKS`.
    """

    key = key_of_record()

    DERIVED: ClassVar[dict[str, Callable[[dict], Any]]] = {}
    LINKS: ClassVar[tuple[type[Link], ...]] = ()
    FILTERS: ClassVar[tuple[Column | Rows | Has, ...]] = ()
    SORTS: ClassVar[dict[str, Order]] = {}
    # the things that keep how many listed records have to do with them, by filter
    COUNTED: ClassVar[dict[str, Any]] = {}

    @classmethod
    def matching(cls, order: Order | None = None, /, **asked: Wanted) -> Walk:
        """The records that pass every filter: `Actor.matching(organization=nato)`."""
        query = cls.select()
        tie = getattr(cls, "entered", cls.key)
        if order and order.column.model is Record:
            same = Record.key == cls.key
            if not any(one.having or one.every for name, one in asked.items() if name != "listed"):
                # its index by type is walked; of what few pass, all are sorted
                same &= Record.type == cls._meta.table_name
            query, tie = query.join(Record, on=same), Record.entered
        conditions = [test for one in cls.FILTERS for test in one.where(cls.key, asked)]
        if conditions:
            query = query.where(all_of(conditions))
        return Walk(query, cls.key, order and order.column, tie)

    @classmethod
    def with_defaults(cls, choices: dict[str, Choice]) -> dict[str, Choice]:
        """What a query means that does not say all."""
        return choices

    @classmethod
    def spelled_out(cls, choices: dict[str, Choice]) -> dict[str, Choice]:
        """What a query means in this dataset: of languages, the tags that there are."""
        engine: Any = type(database.obj)
        found = {}
        for one in cls.FILTERS:
            (name, *_) = one.names
            if isinstance(one, Tags) and name in choices:
                tags = [tag for (tag,) in values_of(engine, cls, name).rows({})]
                found[name] = one.found(choices[name], tags)
        return choices | found

    @classmethod
    def filter_names(cls) -> set[str]:
        return {name for one in cls.FILTERS for name in one.names}


class Link(Base):
    """One item of a record's list `SECTION`: the column `OWNER` and `ordinal` say where it stands.

    The columns in `DERIVED` follow from the item, or are its record's.
    """

    SECTION: ClassVar[str]
    OWNER: ClassVar[str]
    # whether the items are ids alone
    PLAIN: ClassVar[bool] = False
    DERIVED: ClassVar[dict[str, Callable[[Any], Any]]] = {}
