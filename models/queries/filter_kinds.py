"""Kinds of filters and sorts, from which queries are built: with slots where values will stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import SQL, Expression, Field, Node, Tuple, Value, fn

from models.base import Reference, database
from models.database.sql import all_of


class Slot(str):
    """The name of a value that a compiled statement waits for."""


def slot(name: str) -> Value:
    return Value(Slot(name), converter=False, unpack=False)


class Values(NamedTuple):
    """What a filter compares with: one value, or many that travel as one list."""

    name: str
    many: bool = False

    @property
    def one(self) -> Value:
        return slot(self.name)

    @property
    def list(self) -> Slot:
        return Slot(f"{self.name}[]")


class Wanted(NamedTuple):
    """What a query says of one filter: one of these values, each of these, none of those."""

    having: Values | None = None
    without: Values | None = None
    every: tuple[Values, ...] = ()


Asked = Mapping[str, Wanted]
Test = Callable[[Values], Any]


class Equal:
    """The column has the value, or one of the values."""

    def __init__(self, column: Field):
        self.column = column

    def __call__(self, values: Values) -> Expression:
        if values.many:
            return self.column.in_(database.listed(values.list, self.column))
        return self.column == values.one


def words(column: Field) -> Test:
    """The column, words with a space around each, has all words of one of the values."""
    return lambda values: database.has_words(column, values.list)


def within(start: Node, end: Node, first: str, last: str) -> Test:
    """What goes from start to end lies within the date, or within one of the dates.

    `first` and `last` say which of a date's numbers are its bounds.
    """

    def test(values: Values) -> Expression:
        if values.many:
            return database.within(start, end, values.list, first, last)
        return (start >= slot(f"{values.name}.{first}")) & (end <= slot(f"{values.name}.{last}"))

    return test


class Column:
    """A filter on a column of the record's own row."""

    def __init__(self, name: str, column: Field, test: Test | None = None):
        self.names = (name,)
        self.column = column
        self.test = test or Equal(column)

    def where(self, key: Field, asked: Asked) -> Iterator[Expression]:
        wanted = asked.get(self.names[0], Wanted())
        if wanted.having:
            yield self.test(wanted.having)
        if wanted.without:
            yield self.column.is_null() | ~self.test(wanted.without)


class Dated(Column):
    """A filter by date, on the column of the record, or on one that repeats it."""

    def __init__(self, name: str, column: Field, form: Callable[[Field], Test]):
        super().__init__(name, column, form(column))
        self.form = form

    def on(self, column: Field) -> Dated:
        return Dated(self.names[0], column, self.form)


class Tags(Column):
    """A filter by language tag: `en` finds `en-GB`, too."""

    def found(self, asked: Choice, tags: Sequence[str]) -> Choice:
        """Those of the tags that there are, in place of those that are asked for."""

        def under(broader: tuple) -> tuple:
            return tuple(
                tag
                for tag in tags
                if any(tag == one or tag.startswith(f"{one}-") for one in broader)
            )

        having = None if asked.having is None else under(asked.having)
        return Choice(having, under(asked.without))


# values of one filter that are each looked for by themselves, from which on they are kept apart
FEW = 4


class Rows:
    """Filters on rows of other tables that tell of the record: all must hold on the same row.

    `select` gives the keys of records that such rows tell of. An exclusion looks at its own filter
    alone.
    """

    def __init__(self, select: Callable[[], Any], **tests: Test):
        self.select = select
        self.tests = tests
        self.names = tuple(tests)

    def where(self, key: Field, asked: Asked) -> Iterator[Expression]:
        having = self.wanted(asked)
        every = self.every(asked)
        for one in every:
            yield self.holds(key, [one, *having], apart=len(every) > FEW)
        if having and not every:
            yield self.holds(key, having)
        for name in self.names:
            without = asked.get(name, Wanted()).without
            if without:
                yield ~self.holds(key, [(name, without)])

    def every(self, asked: Asked) -> list[tuple[str, Values]]:
        """The filters that ask for each of several values, with each of them."""
        return [(name, values) for name in self.names for values in asked.get(name, Wanted()).every]

    def wanted(self, asked: Asked) -> list[tuple[str, Values]]:
        """The filters that ask for one of their values, with these."""
        return [
            (name, wanted.having)
            for name, wanted in asked.items()
            if name in self.tests and wanted.having
        ]

    def passing(self, filters: list[tuple[str, Values]]) -> list[Expression]:
        """What one row must pass."""
        return [self.tests[name](values) for name, values in filters]

    def having(self, asked: Asked) -> list[Expression]:
        return self.passing(self.wanted(asked))

    def holds(self, key: Field, filters: list[tuple[str, Values]], *, apart: bool = False) -> Any:
        """Whether such a row tells of the record; `apart` where there are many to be looked for."""
        return key.in_(self.select().where(*self.passing(filters)))


class Either(Rows):
    """A filter that rows of any of several tables can pass."""

    def __init__(self, name: str, *rows: tuple[Callable[[], Any], Any]):
        self.rows = [
            (select, Equal(test) if isinstance(test, Field) else test) for select, test in rows
        ]
        self.names = (name,)
        self.tests = {name: lambda values: values}

    def holds(self, key: Field, filters: list[tuple[str, Values]], *, apart: bool = False) -> Any:
        ((_, values),) = filters
        first, *others = [select().where(test(values)) for select, test in self.rows]
        for other in others:
            first = first.union_all(other)
        return key.in_(first)


class Links(Rows):
    """Filters on a claim's links, which carry its date: each can be walked newest first.

    `once` is the filter that, given one value, meets a claim at most once.
    """

    def __init__(self, link: Any, once: str | None = None, **tests: Test):
        super().__init__(lambda: link.select(link.claim), **tests)
        self.link = link
        self.once = once

    def holds(self, key: Field, filters: list[tuple[str, Values]], *, apart: bool = False) -> Any:
        # by another name: its like may be what is walked
        link = self.link.alias()
        tests = [Equal(getattr(link, self.column(name).name))(values) for name, values in filters]
        known = not any(values.many for _, values in filters)
        of_claim = database.of_claim(link, key) if known else [link.claim == key]
        found = link.select(SQL("1")).where(*of_claim, *tests)
        return fn.EXISTS(database.apart(found) if apart else found)

    def column(self, name: str) -> Field:
        test: Any = self.tests[name]
        return test.column

    def sought(self, asked: Asked) -> list[tuple[str, Values]]:
        """What a walk along the links looks for: all, or of each of several values the first."""
        return [*self.every(asked)[:1], *self.wanted(asked)]

    def finds_thing(self, asked: Asked) -> bool:
        """Whether it looks for links to a thing, and not for all with a word."""
        return any(isinstance(self.column(name), Reference) for name, _ in self.sought(asked))

    def left(self, asked: Asked) -> dict[str, Wanted]:
        """What is still to be asked of the claims that a walk along the links finds."""
        left = dict(asked)
        # what each of several values must have beside it, the others must, too
        for name, _ in self.every(asked)[:1] or self.wanted(asked):
            left[name] = left[name]._replace(having=None, every=left[name].every[1:])
        return left

    def repeats(self, filters: list[tuple[str, Values]]) -> bool:
        """Whether links that pass these can be of one claim."""
        return not any(name == self.once and not values.many for name, values in filters)


class Has:
    """A filter by whether the record has something at all.

    `counted` gives a select of how many of all listed records have it, where that takes less than
    to ask each of them.
    """

    def __init__(self, name: str, test: Callable, counted: Callable[[], Any] | None = None):
        self.names = (f"has.{name}",)
        self.test = test
        self.counted = counted

    def where(self, key: Field, asked: Asked) -> Iterator[Any]:
        wanted = asked.get(self.names[0], Wanted())
        if wanted.having:
            yield self.test(key)
        if wanted.without:
            yield ~self.test(key)


def filter_of(model: Any, name: str) -> Any:
    return next(one for one in model.FILTERS if name in one.names)


class Order(NamedTuple):
    """A sort: by a column, ties in the order in which records entered the dataset.

    One value may stand for those without any, which come last.
    """

    column: Field
    descending: bool = False
    absent: int | None = None

    def parts(self, query: Any, walk: Walk, place: str | None) -> list[Any]:
        """The rows in order, as selects to be taken one after the other, each along an index.

        They begin after a cursor, whose `place` is a value, or among what has none.
        """
        column: Any = walk.order
        tie, after, after_tie = walk.tie, slot("after"), slot("after.tie")
        by = (column.desc() if self.descending else column.asc(), tie.asc())
        if place == VALUE and self.descending:
            later = (column < after) | (tie > after_tie)
            known = query.where(all_of([column <= after, later]))
        elif place == VALUE:
            known = query.where(Tuple(column, tie) > Tuple(after, after_tie))
        elif self.absent is not None:
            known = query.where(column < self.absent)
        else:
            known = query
        known = known.order_by(*by)
        if self.absent is None:
            return [known]
        others = query.where(column == self.absent).order_by(tie.asc())
        return [others.where(tie > after_tie)] if place == NONE else [known, others]

    def place(self, value: Any) -> str:
        """Where a cursor with this value stands."""
        return VALUE if self.absent is None or value != self.absent else NONE


# where cursors stand: at a value, or among what has none
VALUE, NONE = "value", "none"


class Walk(NamedTuple):
    """Where the rows of a list come from: a select without columns, its key, and what sorts it."""

    query: Any
    key: Field
    order: Field | None
    # in which order records entered the dataset
    tie: Field
    distinct: bool = False


class Choice(NamedTuple):
    """The values that a query gives a filter: to have (None: it gives none), and not to have."""

    having: tuple | None = None
    without: tuple = ()
    # in place of `having`: groups of values, one of each to have
    every: tuple[tuple, ...] = ()
