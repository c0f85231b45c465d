"""From queries to statements: each is compiled once for each shape, then bound.

A shape is which filters are in use, with one value or many, and the sort. The compiled statement
runs with the values of the day in its slots.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from peewee import SQL, Field, Select, fn

from models.base import Document, database
from models.cache import Remembered
from models.database.sql import written
from models.queries.filter_kinds import Asked, Choice, Has, Slot, Values, Wanted, filter_of, slot

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
        sets |= {f"{name}&{n}": group for n, group in enumerate(choice.every)}
        for named, some in sets.items():
            if some:
                bound[f"{named}[]"] = database.pack(some)
                bound[named] = some[0]
                if isinstance(some[0], dict):
                    bound.update({f"{named}.{part}": n for part, n in some[0].items()})
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


def steps(column: Field, *tests: Any) -> Any:
    """The values of a column in rows that pass the tests, by steps from each to the next along its
    index: a recursive table of `value`, of which the last is NULL.
    """
    model = column.model
    least = model.select(fn.MIN(column).alias("value")).where(column.is_null(False), *tests)
    first = least.cte("each", recursive=True, columns=("value",))
    later = model.select(fn.MIN(column)).where(column > first.c.value, *tests)
    return first.union_all(model.select(later).from_(first).where(first.c.value.is_null(False)))


@keeping(STATEMENTS)
def values_of(engine: type, model: Any, name: str) -> Compiled:
    """The values that a column has."""
    value = (every := steps(getattr(model, name))).c.value
    return compiled(every.select_from(value).where(value.is_null(False)))


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


def difference(all: Any, others: Any) -> Select:
    return Select((), [written("{} - ({})", all, others)])


def alone(model: Any, name: str, asked: Asked) -> bool:
    """Whether a filter only excludes, and shares no rows with another one that is asked for."""
    having, without, every = asked[name]
    one = filter_of(model, name)
    return bool(without) and not (having or every or (asked.keys() - {name}) & {*one.names})
