"""Filters that depend on the dataset's values, and listed claims as a default."""

from __future__ import annotations

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
            rows = existing_values_query(filter.columns).rows({})
            spelled_out[name] = filter.spell_out(filters[name], [value for (value,) in rows])
        elif isinstance(filter, DateFilter):
            spelled_out[name] = filter.merge(filters[name])
    return filters | spelled_out


@cache_compiled
def existing_values_query(columns: tuple[Field, ...]) -> CompiledQuery:
    """The distinct values that the columns have."""
    queries = [compile_query(distinct_values(column)) for column in columns]
    sql = " UNION ".join(f"SELECT value FROM ({query.sql}) AS existing" for query in queries)
    return CompiledQuery(sql, tuple(value for query in queries for value in query.params))


def distinct_values(column: Field) -> Any:
    """A select of the distinct values of a column, by a loose index scan."""
    model = column.model
    least = model.select(fn.MIN(column).alias("value")).where(column.is_null(False))
    steps = least.cte("steps", recursive=True, columns=("value",))
    next_value = model.select(fn.MIN(column)).where(column > steps.c.value)
    steps = steps.union_all(
        model.select(next_value).from_(steps).where(steps.c.value.is_null(False))
    )
    value = steps.c.value
    return steps.select_from(value.alias("value")).where(value.is_null(False))


def with_listed_claims(model: Any, filters: dict[str, FilterValues]) -> dict[str, FilterValues]:
    """The filters; of claims only coded and verified ones, unless `status` says otherwise."""
    if model is not Claim:
        return filters
    statuses = filters["status"].any_of or () if "status" in filters else LISTED_STATUSES
    listed = {int(status in LISTED_STATUSES) for status in statuses}
    if len(listed) == 1:
        return {**filters, "listed": FilterValues(tuple(listed))}
    return filters
