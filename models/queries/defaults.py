"""Filters that depend on the dataset's values, and listed claims as a default."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peewee import Field, fn

from models.claim import LISTED_STATUSES, Claim
from models.queries.compiled import CompiledQuery, cache_compiled, compile_query
from models.queries.filter_kinds import DateFilter, SpelledOut
from models.queries.lists import LISTS
from models.queries.slots import FilterValues


def spell_out(model: Any, filters: dict[str, FilterValues]) -> dict[str, FilterValues]:
    """The filters with values that stand for others (`en` for `en-GB`) replaced by these.

    Several dates are merged.
    """
    spelled_out = {}
    for filter in LISTS[model].filters:
        (name, *_) = filter.names
        if name not in filters:
            continue
        if isinstance(filter, SpelledOut):
            spelled_out[name] = filter.spell_out(filters[name], existing_values(filter.columns))
        elif isinstance(filter, DateFilter):
            spelled_out[name] = filter.merge(filters[name])
    return filters | spelled_out


def existing_values(columns: Iterable[Field]) -> list[str]:
    """The distinct values that the columns have."""
    values: dict[str, None] = {}
    for column in columns:
        rows = column_values_query(column.model, column.name).rows({})
        values.update(dict.fromkeys(value for (value,) in rows))
    return [*values]


@cache_compiled
def column_values_query(model: Any, column_name: str) -> CompiledQuery:
    """The distinct values of a column, by a loose index scan."""
    column = getattr(model, column_name)
    least = model.select(fn.MIN(column).alias("value")).where(column.is_null(False))
    steps = least.cte("steps", recursive=True, columns=("value",))
    next_value = model.select(fn.MIN(column)).where(column > steps.c.value)
    steps = steps.union_all(
        model.select(next_value).from_(steps).where(steps.c.value.is_null(False))
    )
    value = steps.c.value
    return compile_query(steps.select_from(value).where(value.is_null(False)))


def with_listed_claims(model: Any, filters: dict[str, FilterValues]) -> dict[str, FilterValues]:
    """The filters; of claims only coded and verified ones, unless `status` says otherwise."""
    if model is not Claim:
        return filters
    statuses = filters["status"].any_of or () if "status" in filters else LISTED_STATUSES
    listed = {int(status in LISTED_STATUSES) for status in statuses}
    if len(listed) == 1:
        return {**filters, "listed": FilterValues(tuple(listed))}
    return filters
