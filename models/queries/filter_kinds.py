"""Kinds of filters. Each turns its slots into conditions of a query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from peewee import SQL, Expression, Field, Node, Select, Table, fn

from models.base import Reference
from models.database.connection import database
from models.queries.slots import NO_SLOTS, Filters, FilterSlots, FilterValues, Slot
from models.values.dates import UNDATED, merged_periods, numbers_within

Test = Callable[[Slot], Any]


class Equal:
    """The column has the value, or one of the values."""

    def __init__(self, column: Field):
        self.column = column

    def __call__(self, slot: Slot) -> Expression:
        if slot.many:
            return self.column.in_(database.values_in(slot.list, self.column))
        return self.column == slot.one


def has_words(column: Field) -> Test:
    """The column, words with a space around each, has all words of one of the values."""
    return lambda slot: database.has_words(column, slot.list)


def lies_within(start: Node, end: Node, first: str, last: str) -> Test:
    """The interval lies within the date, or within one of the dates.

    `first` and `last` say which of a date's numbers bound it (`date_bounds`).
    """

    def test(slot: Slot) -> Expression:
        if slot.many:
            return database.within_periods(start, end, slot.list, first, last)
        return (start >= slot.part(first)) & (end <= slot.part(last))

    return test


# the table of the keys of a list, and that of the other listed claims
KEPT_TABLE, OTHER_TABLE = "kept_key", "other_key"


class KeptFilter:
    """The records whose keys are kept in a table."""

    def __init__(self, name: str, table: str):
        self.names = (name,)
        self.table = table

    def value_column(self, name: str) -> None:
        return None

    def conditions(self, key: Field, filters: Filters) -> Iterator[Expression]:
        if self.names[0] in filters:
            yield key.in_(kept_keys(self.table))


def kept_keys(table: str) -> Select:
    kept = Table(table)
    return Select([kept], [kept.c.key])


class ColumnFilter:
    """A filter on a column of the record's own row."""

    def __init__(self, name: str, column: Field, test: Test | None = None):
        self.names = (name,)
        self.column = column
        self.test = test or Equal(column)

    def value_column(self, name: str) -> Field:
        """The column of the filter's values."""
        return self.column

    def conditions(self, key: Field, filters: Filters) -> Iterator[Expression]:
        slots = filters.get(self.names[0], NO_SLOTS)
        if slots.any_of:
            yield self.test(slots.any_of)
        if slots.none_of:
            yield self.column.is_null() | ~self.test(slots.none_of)


class DateFilter(ColumnFilter):
    """A filter by date. It also works on a link's copy of the date."""

    def __init__(self, name: str, column: Field, test_of: Callable[[Field], Test]):
        super().__init__(name, column, test_of(column))
        self.test_of = test_of

    def on(self, column: Field) -> DateFilter:
        return DateFilter(self.names[0], column, self.test_of)

    @staticmethod
    def merge(values: FilterValues) -> FilterValues:
        """Several dates as one period, or as the keys of all dates within them."""
        if len(values.any_of or ()) < 2:
            return values
        bounds: Any = values.any_of
        periods = merged_periods((date["first"], date["last"]) for date in bounds)
        if len(periods) == 1:
            ((first, last),) = periods
            return values._replace(any_of=({"first": first, "last": last},))
        keys = (UNDATED - number for period in periods for number in numbers_within(*period))
        return values._replace(any_of=tuple(keys))


class SpelledOut:
    """A filter whose values each stand for some of the values that its columns have.

    `stands_for` says whether a value of the filter stands for one of the columns.
    """

    columns: tuple[Field, ...]
    stands_for: Callable[[Any, str], bool]

    def spell_out(self, values: FilterValues, existing: Sequence[str]) -> FilterValues:
        """The values of the filter as the existing values that they stand for."""

        def meant_by(wanted: tuple) -> tuple:
            return tuple(
                value
                for value in existing
                if any(self.stands_for(filter_value, value) for filter_value in wanted)
            )

        any_of = None if values.any_of is None else meant_by(values.any_of)
        return FilterValues(any_of, meant_by(values.none_of))


class SpelledOutColumn(SpelledOut, ColumnFilter):
    """A filter on a column, by values that stand for those of the column."""

    def __init__(self, name: str, column: Field, stands_for: Callable[[Any, str], bool]):
        super().__init__(name, column)
        self.columns, self.stands_for = (column,), stands_for


# above this many `match=all` values, PostgreSQL must not join the subqueries
MAX_JOINED_VALUES = 4


class ExistsFilter:
    """Filters on rows of other tables: all of them must hold on one and the same row.

    `select` gives the keys of records that have such rows. An exclusion ignores the other filters.
    """

    def __init__(self, select: Callable[[], Any], **tests: Test):
        self.select = select
        self.tests = tests
        self.names = tuple(tests)

    def value_column(self, name: str) -> Field | None:
        """The column of the filter's values; None where a value is not that of one column."""
        return getattr(self.tests[name], "column", None)

    def conditions(self, key: Field, filters: Filters) -> Iterator[Expression]:
        any_of = self.any_of(filters)
        each_of = self.each_of(filters)
        for required in each_of:
            not_joined = len(each_of) > MAX_JOINED_VALUES
            yield self.exists(key, [required, *any_of], not_joined=not_joined)
        if any_of and not each_of:
            yield self.exists(key, any_of)
        for name in self.names:
            none_of = filters.get(name, NO_SLOTS).none_of
            if none_of:
                yield ~self.exists(key, [(name, none_of)])

    def each_of(self, filters: Filters) -> list[tuple[str, Slot]]:
        """The values that must each have a row (`match=all`), with their filters."""
        return [(name, slot) for name in self.names for slot in filters.get(name, NO_SLOTS).each_of]

    def any_of(self, filters: Filters) -> list[tuple[str, Slot]]:
        """The filters that ask for one of their values, with their slots."""
        return [
            (name, slots.any_of)
            for name, slots in filters.items()
            if name in self.tests and slots.any_of
        ]

    def row_tests(self, slots: list[tuple[str, Slot]]) -> list[Expression]:
        """The conditions that one row must pass."""
        return [self.tests[name](slot) for name, slot in slots]

    def exists(self, key: Field, slots: list[tuple[str, Slot]], *, not_joined: bool = False) -> Any:
        """Whether the record has such a row. `not_joined`: the planner must not join it."""
        return key.in_(self.select().where(*self.row_tests(slots)))


class UnionFilter(ExistsFilter):
    """A filter that rows of any of several tables can pass."""

    def __init__(self, name: str, *rows: tuple[Callable[[], Any], Any]):
        self.rows = [
            (select, Equal(test) if isinstance(test, Field) else test) for select, test in rows
        ]
        self.names = (name,)
        self.tests = {name: lambda slot: slot}

    def value_column(self, name: str) -> Field | None:
        return getattr(self.rows[0][1], "column", None)

    def exists(self, key: Field, slots: list[tuple[str, Slot]], *, not_joined: bool = False) -> Any:
        ((_, slot),) = slots
        first, *rest = [select().where(test(slot)) for select, test in self.rows]
        for query in rest:
            first = first.union_all(query)
        return key.in_(first)


class SpelledOutUnion(SpelledOut, UnionFilter):
    """A filter that rows of several tables can pass, by values that stand for those of columns."""

    def __init__(
        self,
        name: str,
        *rows: tuple[Callable[[], Any], Any],
        columns: tuple[Field, ...],
        stands_for: Callable[[Any, str], bool],
    ):
        super().__init__(name, *rows)
        self.columns, self.stands_for = columns, stands_for


class LinkFilter(ExistsFilter):
    """Filters on a claim's links, which carry its date: an index scan has them newest first.

    `unique` names the filter whose single value matches each claim at most once.
    """

    def __init__(self, link: Any, unique: str | None = None, **tests: Test):
        super().__init__(lambda: link.select(link.claim), **tests)
        self.link = link
        self.unique = unique

    def exists(self, key: Field, slots: list[tuple[str, Slot]], *, not_joined: bool = False) -> Any:
        # an alias: the query may scan the same table
        link = self.link.alias()
        tests = [Equal(getattr(link, self.value_column(name).name))(slot) for name, slot in slots]
        single = not any(slot.many for _, slot in slots)
        of_claim = database.link_of_claim(link, key) if single else [link.claim == key]
        query = link.select(SQL("1")).where(*of_claim, *tests)
        return fn.EXISTS(database.not_joined(query) if not_joined else query)

    def value_column(self, name: str) -> Field:
        test: Any = self.tests[name]
        return test.column

    def scanned(self, filters: Filters) -> list[tuple[str, Slot]]:
        """The values that a scan of the links looks for: of several required only the first."""
        return [*self.each_of(filters)[:1], *self.any_of(filters)]

    def finds_record(self, filters: Filters) -> bool:
        """Whether a scan looks for links to a record, and not for a word such as a stance."""
        return any(
            isinstance(self.value_column(name), Reference) for name, _ in self.scanned(filters)
        )

    def rest(self, filters: Filters) -> dict[str, FilterSlots]:
        """The filters that the claims found by a scan of the links must still pass."""
        rest = dict(filters)
        # the companions of a required value stay: the other required values need them too
        for name, _ in self.each_of(filters)[:1] or self.any_of(filters):
            rest[name] = rest[name]._replace(any_of=None, each_of=rest[name].each_of[1:])
        return rest

    def repeats(self, slots: list[tuple[str, Slot]]) -> bool:
        """Whether several of the links that pass can be of one claim."""
        return not any(name == self.unique and not slot.many for name, slot in slots)


class ClaimsFilter:
    """Filters of records by their listed claims: one claim must pass all of them.

    `record` is the column that ties a claim to the record: one of claims, or of their links. The
    names are filters of claims. `participation` has filters by which the record can also pass if
    no other filter by claims is given. An exclusion removes the records that have any such claim,
    or took part.
    """

    def __init__(
        self,
        record: Field,
        names: tuple[str, ...],
        participation: Mapping[str, UnionFilter] | None = None,
    ):
        self.record = record
        self.names = names
        self.participation = participation or {}

    def wanted(self, filters: Filters) -> dict[str, FilterSlots]:
        """What a claim must pass."""
        return {
            name: filters[name]._replace(none_of=None)
            for name in self.names
            if name in filters and (filters[name].any_of or filters[name].each_of)
        }


class PresenceFilter:
    """A filter by whether the record has something at all (`has=quote`).

    `count` gives SQL for how many listed claims have it, where that is faster than to test each.
    """

    def __init__(
        self, name: str, test: Callable[[Field], Any], count: Callable[[], Any] | None = None
    ):
        self.names = (f"has.{name}",)
        self.test = test
        self.count = count

    def value_column(self, name: str) -> None:
        return None

    def conditions(self, key: Field, filters: Filters) -> Iterator[Any]:
        slots = filters.get(self.names[0], NO_SLOTS)
        if slots.any_of:
            yield self.test(key)
        if slots.none_of:
            yield ~self.test(key)
