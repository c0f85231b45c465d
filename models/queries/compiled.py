"""Compiled queries: built by peewee once for each shape, then bound to values.

A shape says which filters are in use and whether each has one value or many. The compiled query
runs with the request's values in place of its placeholders.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from models.cache import LRUCache
from models.database.connection import database
from models.queries.slots import FilterSlots, FilterValues, Placeholder, Slot

# for each filter: its name, then "one", "many" or "" for any_of, none_of and each group
QueryShape = tuple[tuple[str, str, str, tuple[str, ...]], ...]


def query_shape(filters: Mapping[str, FilterValues]) -> QueryShape:
    """Which filters are in use, with one value or many."""

    def count(values: tuple | None) -> str:
        return ("many" if len(values) > 1 else "one") if values else ""

    return tuple(
        (name, count(values.any_of), count(values.none_of), tuple(map(count, values.each_of)))
        for name, values in sorted(filters.items())
    )


# the shape of a list of all listed claims
ALL_LISTED = query_shape({"listed": FilterValues((1,))})
# the shape of a list whose keys are kept
KEPT = query_shape({"kept": FilterValues((1,))})
# the shape of the other listed claims
OTHER = query_shape({"other": FilterValues((1,))})


def slots_of(shape: QueryShape) -> dict[str, FilterSlots]:
    """The filters of a shape, with slots in place of values."""
    return {
        name: FilterSlots(
            Slot(name, many=any_of == "many") if any_of else None,
            Slot(f"{name}!", many=none_of == "many") if none_of else None,
            tuple(Slot(f"{name}&{n}", group == "many") for n, group in enumerate(each_of)),
        )
        for name, any_of, none_of, each_of in shape
    }


def bind_values(filters: Mapping[str, FilterValues]) -> dict[str, Any]:
    """The values for the placeholders of the filters' slots."""
    bound: dict[str, Any] = {}
    for name, values in filters.items():
        slots = {name: values.any_of, f"{name}!": values.none_of}
        slots |= {f"{name}&{n}": group for n, group in enumerate(values.each_of)}
        for slot, slot_values in slots.items():
            if slot_values:
                bound[f"{slot}[]"] = database.pack(slot_values)
                bound[slot] = slot_values[0]
                if isinstance(slot_values[0], dict):
                    bound.update({f"{slot}.{part}": n for part, n in slot_values[0].items()})
    return bound


class CompiledQuery(NamedTuple):
    """SQL and its parameters, some of which are placeholders."""

    sql: str
    params: tuple

    def rows(self, bound: Mapping[str, Any]) -> list[tuple]:
        """The rows that the query selects with these values."""
        return self.execute(bound).fetchall()

    def count_changes(self, bound: Mapping[str, Any]) -> int:
        """How many rows the query changes with these values."""
        return int(self.execute(bound).rowcount)

    def execute(self, bound: Mapping[str, Any]) -> Any:
        values = [bound[p] if isinstance(p, Placeholder) else p for p in self.params]
        return database.execute_sql(self.sql, values)


def compile_query(query: Any) -> CompiledQuery:
    sql, params = query.bind(database).sql()
    return CompiledQuery(sql, tuple(params))


Build = TypeVar("Build", bound=Callable[..., Any])
# bytes of compiled queries that each building function keeps
COMPILED_BYTES = 8 << 20


def cache_compiled(build: Build) -> Build:
    """Cache the compiled queries of a function by its arguments, within COMPILED_BYTES.

    The engine is part of the key, since each engine has SQL of its own.
    """
    cache: LRUCache[CompiledQuery] = LRUCache(COMPILED_BYTES, compiled_size)

    @wraps(build)
    def cached(*arguments: Any) -> Any:
        key = (type(database.obj), *arguments)
        compiled = cache.get(key)
        if compiled is None:
            compiled = build(*arguments)
            if compiled is not None:
                cache.put(key, compiled)
        return compiled

    cached.cache = cache  # type: ignore[attr-defined]
    return cached  # type: ignore[return-value]


def compiled_size(key: tuple, compiled: CompiledQuery) -> int:
    """The approximate bytes of a compiled query."""
    return 2 * len(compiled.sql) + 200 * len(compiled.params)
