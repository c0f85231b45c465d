"""From filters to statements: a query is built and compiled once for each shape, then bound.

A shape is which filters are in use, with one value or many, and the sort. Where values will stand
a built query has slots, and the compiled statement runs with the values of the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from peewee import OP, SQL, Expression, Field, Node, Tuple, Value, fn

from models.base import Document, database
from models.written import written


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


def prefix(column: Field) -> Test:
    """The column is one of the language tags, or one with more subtags: `en` finds `en-GB`."""
    return lambda values: database.has_prefix(column, values.list)


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
        having = self.having(asked)
        every = self.every(asked)
        for name, values in every:
            yield self.holds(key, [self.tests[name](values), *having])
        if having and not every:
            yield self.holds(key, having)
        for name in self.names:
            without = asked.get(name, Wanted()).without
            if without:
                yield ~self.holds(key, [self.tests[name](without)])

    def every(self, asked: Asked) -> list[tuple[str, Values]]:
        """The filters that ask for each of several values, with each of them."""
        return [(name, values) for name in self.names for values in asked.get(name, Wanted()).every]

    def having(self, asked: Asked) -> list[Expression]:
        """What one row must pass."""
        return [
            self.tests[name](wanted.having)
            for name, wanted in asked.items()
            if name in self.tests and wanted.having
        ]

    def holds(self, key: Field, tests: list[Any]) -> Any:
        return key.in_(self.select().where(*tests))


class Either(Rows):
    """A filter that rows of any of several tables can pass."""

    def __init__(self, name: str, *rows: tuple[Callable[[], Any], Any]):
        self.rows = [
            (select, Equal(test) if isinstance(test, Field) else test) for select, test in rows
        ]
        self.names = (name,)
        self.tests = {name: lambda values: values}

    def holds(self, key: Field, tests: list[Any]) -> Any:
        (values,) = tests
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

    def holds(self, key: Field, tests: list[Any]) -> Any:
        link = self.link
        if key.model is link:
            return super().holds(key, tests)
        known = all(test.op == OP.EQ for test in tests)
        of_claim = database.of_claim(link, key) if known else [link.claim == key]
        return fn.EXISTS(link.select(SQL("1")).where(*of_claim, *tests))

    def repeats(self, asked: Asked) -> bool:
        """Whether a walk along the links can meet a claim twice."""
        wanted = asked.get(self.once or "", Wanted())
        return not wanted.having or wanted.having.many


class Has:
    """A filter by whether the record has something at all."""

    def __init__(self, name: str, test: Callable[[Field], Any]):
        self.names = (f"has.{name}",)
        self.test = test

    def where(self, key: Field, asked: Asked) -> Iterator[Any]:
        wanted = asked.get(self.names[0], Wanted())
        if wanted.having:
            yield self.test(key)
        if wanted.without:
            yield ~self.test(key)


class Order(NamedTuple):
    """A sort: by a column, nulls last, ties in the order in which records entered the dataset."""

    column: Field
    descending: bool = False
    nullable: bool = False

    def by(self, column: Field, tie: Field) -> list:
        direction = column.desc() if self.descending else column.asc()
        return [*([column.is_null()] if self.nullable else []), direction, tie.asc()]

    def after(self, column: Field, tie: Field, null: bool) -> Expression:
        """What comes after a cursor, whose value may be null."""
        value, place = slot("after"), slot("after.tie")
        if null:
            return column.is_null() & (tie > place)
        if self.descending:
            later = (column < value) | ((column == value) & (tie > place))
        else:
            later = Tuple(column, tie) > Tuple(value, place)
        return later | column.is_null() if self.nullable else later


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


Shape = tuple[tuple[str, str, bool, int], ...]


def shape(choices: Mapping[str, Choice]) -> Shape:
    """Which filters are in use, with one value or many."""

    def among(values: tuple | None) -> str:
        return ("many" if len(values) > 1 else "one") if values else ""

    return tuple(
        (name, among(one.having), bool(one.without), len(one.every))
        for name, one in sorted(choices.items())
    )


def asked(shape: Shape) -> dict[str, Wanted]:
    """The filters of a shape, with slots for their values."""
    return {
        name: Wanted(
            Values(name, many=among == "many") if among else None,
            Values(f"{name}!", many=True) if without else None,
            tuple(Values(f"{name}&{n}", many=True) for n in range(every)),
        )
        for name, among, without, every in shape
    }


def bind(choices: Mapping[str, Choice]) -> dict[str, Any]:
    """The values for the slots of a shape."""
    bound: dict[str, Any] = {}
    for name, choice in choices.items():
        sets = {name: choice.having, f"{name}!": choice.without}
        sets |= {f"{name}&{n}": values for n, values in enumerate(choice.every)}
        for slot, values in sets.items():
            if values:
                bound[f"{slot}[]"] = database.pack(values)
                bound[slot] = values[0]
                if isinstance(values[0], dict):
                    bound.update({f"{slot}.{part}": n for part, n in values[0].items()})
    return bound


class Compiled(NamedTuple):
    sql: str
    params: tuple

    def rows(self, bound: Mapping[str, Any]) -> list[tuple]:
        values = [bound[p] if isinstance(p, Slot) else p for p in self.params]
        return database.execute_sql(self.sql, values).fetchall()


def compiled(query: Any) -> Compiled:
    sql, params = query.sql()
    return Compiled(sql, tuple(params))


@lru_cache(maxsize=2048)
def page(
    engine: type, model: Any, shape: Shape, sort: str, after: str | None, placed: bool = True
) -> Compiled:
    """One page of a list, which `database.paged` reads; where each row stands, if `placed`."""
    order = model.SORTS[sort]
    walk = model.matching(order, **asked(shape))
    places = (walk.order.alias("sorted"), walk.tie.alias("tie"))
    query = walk.query.select(*places, walk.key.alias("found"))
    if walk.distinct:
        query = query.distinct()
    if after:
        query = query.where(order.after(walk.order, walk.tie, null=after == "null"))
    by = order.by(walk.order, walk.tie)
    query = query.order_by(*by).limit(slot("limit")).alias("page")
    # documents are fetched for the rows of the page alone, after they are sorted and cut
    return compiled(database.with_bodies(query, Document, placed=placed))


# what lists show where nothing is asked for
EVERYTHING = shape({"listed": Choice((1,))})


@lru_cache(maxsize=2048)
def total(engine: type, model: Any, shape: Shape) -> Compiled:
    """How many rows a list has."""
    number = fn.COUNT(SQL("*"))
    if shape in model.COUNTED:
        thing = model.COUNTED[shape]
        is_asked = thing.key == slot(thing._meta.table_name)
        return compiled(thing.select(thing.claim_count).where(is_asked))
    if shape == EVERYTHING:
        # all rows are counted at once, and few are not listed
        all, others = model.select(number), model.select(number).where(model.listed == 0)
        return compiled(model.select(written("{} - {}", all, others)).from_())
    walk = model.matching(None, **asked(shape))
    return compiled(walk.query.select(fn.COUNT(walk.key.distinct()) if walk.distinct else number))
