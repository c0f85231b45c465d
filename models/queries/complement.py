"""Facets of a list that has most claims, from those of all claims and of the others.

Facets of all listed claims take little time, and so do those of few claims.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.claim import Claim
from models.database.connection import database
from models.queries.compiled import ALL_LISTED, OTHER, QueryShape
from models.queries.facet_values import ranked
from models.queries.facets import FacetCounts, count_facet, filter_of_facet, has_row_tests
from models.queries.filter_kinds import KEPT_TABLE, OTHER_TABLE
from models.queries.totals import count_rows

# for the placeholders of ALL_LISTED
LISTED_VALUES = {"listed": 1}
# its values have the name of their most frequent spelling in the list itself
NAMED_BY_LIST = "role"
# more values than a facet has
UNLIMITED = 1 << 40


def keep_others(bound: Mapping[str, Any], total: int) -> int | None:
    """Keep the other listed claims; how many, or None unless the kept list has most claims."""
    if bound.get("listed") != 1:
        return None
    every = count_rows(Claim, ALL_LISTED, LISTED_VALUES)
    if total * 2 < every:
        return None
    database.execute_sql(f"DELETE FROM {OTHER_TABLE}")
    cursor = database.execute_sql(
        f"INSERT INTO {OTHER_TABLE} (key) SELECT key FROM claim WHERE listed = 1"
        f" AND key NOT IN (SELECT key FROM {KEPT_TABLE}) ORDER BY +key"
    )
    return int(cursor.rowcount)


def has_complement(name: str, shape: QueryShape) -> bool:
    """Whether a facet of all claims less that of the others is that of the list."""
    return name != NAMED_BY_LIST and not has_row_tests(filter_of_facet(Claim, name), name, shape)


def count_by_complement(name: str, total: int, others: int, limit: int) -> FacetCounts:
    """A facet of a list of `total` claims, while the keys of the others are kept."""
    every = count_facet(Claim, name, ALL_LISTED, LISTED_VALUES, total + others, UNLIMITED)
    other = count_facet(Claim, name, OTHER, {}, others, UNLIMITED)
    other_counts = {id: count for id, _, count in other.values}
    values = [(id, text, count - other_counts.get(id, 0)) for id, text, count in every.values]
    values = ranked([value for value in values if value[2]])
    return FacetCounts(len(values), every.missing - other.missing, values[:limit])
