"""From filters to statements: a query is built and compiled once for each shape, then bound.

A shape is which filters are in use, with one value or many, and the sort. Where values will stand
a built query has slots, and the compiled statement runs with the values of the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from peewee import SQL, Expression, Field, Node, Select, Tuple, Value, fn

from models.base import Document, Reference, database
from models.remembered import Remembered
from models.written import all_of, written


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

    def found(self, asked: Choice) -> Choice:
        """The tags that there are, in place of those that are asked for."""
        tags = values_of(self.column)

        def under(broader: tuple) -> tuple:
            return tuple(
                tag
                for tag in tags
                if any(tag == one or tag.startswith(f"{one}-") for one in broader)
            )

        having = None if asked.having is None else under(asked.having)
        return Choice(having, under(asked.without))


def values_of(column: Field) -> list[Any]:
    """The values that a column has, by steps from each to the next along its index."""
    name, table = column.column_name, column.model._meta.table_name
    found = database.execute_sql(
        f"WITH RECURSIVE each(value) AS (SELECT MIN({name}) FROM {table} UNION ALL"
        f" SELECT (SELECT MIN({name}) FROM {table} WHERE {name} > each.value) FROM each"
        " WHERE each.value IS NOT NULL) SELECT value FROM each WHERE value IS NOT NULL"
    )
    return [value for (value,) in found.fetchall()]


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

    def having(self, asked: Asked) -> list[Expression]:
        """What one row must pass."""
        return [self.tests[name](values) for name, values in self.wanted(asked)]

    def holds(self, key: Field, filters: list[tuple[str, Values]], *, apart: bool = False) -> Any:
        """Whether such a row tells of the record; `apart` where there are many to be looked for."""
        tests = [self.tests[name](values) for name, values in filters]
        return key.in_(self.select().where(*tests))


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

    def walked(self, asked: Asked) -> tuple[list[Expression], bool, dict[str, Wanted]]:
        """What links must pass that are walked, whether they can meet a claim twice, and what is
        left to ask of their claims.
        """
        sought = self.sought(asked)
        rest = dict(asked)
        # what each of several values must have beside it, the others must, too
        for name, _ in self.every(asked)[:1] or sought:
            rest[name] = rest[name]._replace(having=None, every=rest[name].every[1:])
        once = any(name == self.once and not values.many for name, values in sought)
        return [self.tests[name](values) for name, values in sought], not once, rest

    def repeats(self, asked: Asked) -> bool:
        """Whether a walk along the links can meet a claim twice."""
        wanted = asked.get(self.once or "", Wanted())
        return not wanted.having or wanted.having.many


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
        # with a plus where IN finds the rows: SQLite 3.40 forgets the bound behind a list
        bound = written("+{}", column) if walk.distinct else column
        by = (column.desc() if self.descending else column.asc(), tie.asc())
        if place == VALUE and self.descending:
            later = (column < after) | (tie > after_tie)
            known = query.where(all_of([written("{} <= {}", bound, after), later]))
        elif place == VALUE:
            known = query.where(Tuple(column, tie) > Tuple(after, after_tie))
        elif self.absent is not None:
            known = query.where(written("{} < {}", bound, self.absent))
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


Shape = tuple[tuple[str, str, str, tuple[str, ...]], ...]


def shape(choices: Mapping[str, Choice]) -> Shape:
    """Which filters are in use, with one value or many."""

    def among(values: tuple | None) -> str:
        return ("many" if len(values) > 1 else "one") if values else ""

    return tuple(
        (name, among(one.having), among(one.without), tuple(map(among, one.every)))
        for name, one in sorted(choices.items())
    )


def asked(shape: Shape) -> dict[str, Wanted]:
    """The filters of a shape, with slots for their values."""
    return {
        name: Wanted(
            Values(name, many=among == "many") if among else None,
            Values(f"{name}!", many=without == "many") if without else None,
            tuple(Values(f"{name}&{n}", many == "many") for n, many in enumerate(every)),
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
    sql, params = query.bind(database).sql()
    return Compiled(sql, tuple(params))


Build = TypeVar("Build", bound=Callable[..., Any])
# bytes of the statements of a kind that are kept
STATEMENTS = 8 << 20


def keeping(bound: int) -> Callable[[Build], Build]:
    """Keeps the statements that a function compiles, those that were used last, within a bound."""

    def decorator(build: Build) -> Build:
        kept: Remembered[Compiled] = Remembered(bound, size)

        @wraps(build)
        def find(*asked: Any) -> Any:
            found = kept.get(asked)
            if found is None:
                found = build(*asked)
                if found is not None:
                    kept.put(asked, found)
            return found

        find.kept = kept  # type: ignore[attr-defined]
        return find  # type: ignore[return-value]

    return decorator


def size(asked: tuple, found: Compiled) -> int:
    """The bytes of a statement, about, and of the shape that it is kept by."""
    return 2 * len(found.sql) + 200 * len(found.params)


@keeping(STATEMENTS)
def page(
    engine: type, model: Any, shape: Shape, sort: str, place: str | None, placed: bool = True
) -> Compiled:
    """One page of a list, which `database.paged` reads; where each row stands, if `placed`.

    It begins after a cursor with such a `place`, if there is one.
    """
    order = model.SORTS[sort]
    walk = model.matching(order, **asked(shape))
    places = (walk.order.alias("sorted"), walk.tie.alias("tie"))
    query = walk.query.select(*places, walk.key.alias("found"))
    if walk.distinct:
        query = query.distinct()
    first, *later = [part.limit(slot("limit")) for part in order.parts(query, walk, place)]
    for part in later:
        first = rows_of(first, "some").union_all(rows_of(part, "others")).limit(slot("limit"))
    # documents are fetched for the rows of the page alone, after they are sorted and cut
    return compiled(database.with_bodies(first.alias("page"), Document, placed=placed))


def rows_of(query: Any, name: str) -> Select:
    """A select of the rows of another one, which may have its own order and limit."""
    return Select([query.alias(name)], [SQL("*")])


# what lists show where nothing is asked for
EVERYTHING = shape({"listed": Choice((1,))})


@keeping(STATEMENTS)
def total(engine: type, model: Any, shape: Shape) -> Compiled:
    """How many rows a list has."""
    return compiled(count(model, asked(shape)))


def count(model: Any, asked: Asked) -> Any:
    """A select of how many records pass every filter; of all that lists show, by what is known."""
    number = fn.COUNT(SQL("*"))
    names = asked.keys() - {"listed"}
    if "listed" in asked and not names:
        # all rows are counted at once, and few are not listed
        return difference(model.select(number), model.select(number).where(model.listed == 0))
    if len(excluded := [name for name in names if alone(model, name, asked)]) == 1:
        (name,) = excluded
        rest = {other: wanted for other, wanted in asked.items() if other != name}
        having = Wanted(having=asked[name].without)
        return difference(count(model, rest), count(model, {**rest, name: having}))
    if "listed" in asked and len(names) == 1:
        (name,) = names
        kept = counted(model, name, asked[name])
        if kept is not None:
            return kept
    walk = model.matching(None, **asked)
    if not walk.distinct:
        return walk.query.select(number)
    # what tells a claim in the order of an index, so that doubles come one after the other
    each = walk.query.select(walk.order, walk.tie).distinct().alias("each")
    return Select([each], [number])


def counted(model: Any, name: str, wanted: Wanted) -> Any | None:
    """A select of how many of all listed records one filter finds, where that need not be asked."""
    if not wanted.having or wanted.without or wanted.every:
        return None
    thing = model.COUNTED.get(name)
    if thing and not wanted.having.many:
        return thing.select(thing.claim_count).where(thing.key == wanted.having.one)
    one = filter_of(model, name)
    return one.counted() if isinstance(one, Has) and one.counted else None


def filter_of(model: Any, name: str) -> Any:
    return next(one for one in model.FILTERS if name in one.names)


def difference(all: Any, others: Any) -> Select:
    return Select((), [written("{} - {}", all, others)])


def alone(model: Any, name: str, asked: Asked) -> bool:
    """Whether a filter only excludes, and shares no rows with another one that is asked for."""
    having, without, every = asked[name]
    one = filter_of(model, name)
    return bool(without) and not (having or every or (asked.keys() - {name}) & {*one.names})
