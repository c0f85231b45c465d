"""Query plans of SQLite for lists that are made from statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from models import Claim
from models.database.connection import fetch_all
from models.networks.stances import STANCE_SORTS, stance_page_query, stance_total_query
from models.queries.compiled import CompiledQuery, query_shape
from models.queries.defaults import with_listed_claims
from models.queries.slots import FilterValues, Placeholder
from tests.engines import on_sqlite, scratch
from tests.models import synthetic
from tests.models.compiled_lists import bound_values

pytestmark = on_sqlite

Filters = dict[str, FilterValues]


@pytest.fixture(scope="module", autouse=True)
def claims() -> Iterator[None]:
    """An analyzed dataset with 20,000 claims."""
    with scratch():
        synthetic.fill(20_000)
        yield


def key(type: str) -> FilterValues:
    return FilterValues((synthetic.keys(type)[1],))


def plan_of(query: CompiledQuery, filters: Filters) -> list[str]:
    values: dict[str, Any] = {**bound_values(Claim, filters), "limit": 51}
    params = [values[p] if isinstance(p, Placeholder) else p for p in query.params]
    return [detail for *_, detail in fetch_all(f"EXPLAIN QUERY PLAN {query.sql}", *params)]


# (type of the filter's record, the first search)
FIRST_SEARCHES = {
    "": "COVERING INDEX claim_claimant_listed_date_key_seq (ANY(claimant) AND listed=?)",
    "actor": "INDEX claim_actor_listed_date_key_seq (actor=? AND listed=?)",
    "position": "COVERING INDEX claim_position_position_listed_date_key_seq_claim_stance"
    " (position=?)",
}


@pytest.mark.parametrize("type", FIRST_SEARCHES)
@pytest.mark.parametrize("sort", STANCE_SORTS)
def test_a_page_of_stances_is_one_grouped_walk(type: str, sort: str) -> None:
    filters = {type: key(type)} if type else {}
    shape = query_shape(with_listed_claims(Claim, filters))
    for query in (stance_page_query("claimant", sort, False, shape),
                  stance_total_query("claimant", shape)):  # fmt: skip
        plan = plan_of(query, filters)
        searches = [step.split(" USING ")[1] for step in plan if step.startswith("SEARCH")]
        assert searches[0] == FIRST_SEARCHES[type]
        # the groups alone are scanned
        assert [step for step in plan if step.startswith("SCAN")] == ["SCAN groups"]
