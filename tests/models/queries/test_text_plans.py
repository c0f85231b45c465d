"""Query plans of SQLite for full-text search: claims newest first are a scan without a sort."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from models import Actor, Claim
from models.database.connection import fetch_all
from models.queries.compiled import CompiledQuery, query_shape
from models.queries.defaults import with_listed_claims
from models.queries.slots import FilterValues, Placeholder
from models.queries.totals import total_query
from models.search.text_query import parse_text_query, text_filter
from tests.engines import on_sqlite, scratch
from tests.models import synthetic
from tests.models.compiled_lists import bound_values, compiled_page

pytestmark = on_sqlite

Filters = dict[str, FilterValues]
TEXT = text_filter(parse_text_query('word "a phrase" -other'))
KEY = FilterValues((1,))
OTHER_VALUES = {"after": 79_949_500, "after.tie": 10_000}


@pytest.fixture(scope="module", params=[0, 2_000], ids=["empty", "2,000 claims"])
def claims(request: pytest.FixtureRequest) -> Iterator[int]:
    """An empty dataset, and an analyzed one with 2,000 claims."""
    with scratch():
        if request.param:
            synthetic.fill(request.param)
        yield request.param


def query_plan(query: CompiledQuery, model: Any, filters: Filters) -> list[str]:
    values = bound_values(model, filters) | OTHER_VALUES
    params = [values[p] if isinstance(p, Placeholder) else p for p in query.params]
    return [detail for *_, detail in fetch_all(f"EXPLAIN QUERY PLAN {query.sql}", *params)]


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"actor": KEY},
        {"topic": KEY},
        {"form": FilterValues(("speech",))},
        {"topic": KEY, "source": FilterValues((1, 2)), "actor": FilterValues(None, (1,))},
    ],
    ids=["alone", "actor", "topic", "form", "three"],
)
@pytest.mark.parametrize("position", [None, "value"], ids=["first page", "next page"])
def test_claims_newest_first_are_a_scan_of_texts(
    claims: int, filters: Filters, position: str | None
) -> None:
    filters = {"q": TEXT, **filters}
    query = compiled_page(Claim, filters, sort="-date", cursor_position=position)
    plan = query_plan(query, Claim, filters)
    assert [step for step in plan if "TEMP B-TREE" in step] == []
    scan, claim, *_ = [step for step in plan if step.startswith(("SCAN", "SEARCH"))]
    # FTS5 gets the words and the bounds of the places, and gives them in order: M, > and <, 64
    assert scan.endswith("VIRTUAL TABLE INDEX 64:M1><")
    # by the index of listed claims, or by one that also has the value of a filter
    assert claim.endswith("listed=? AND date_key=? AND seq=?)")


def test_a_total_of_texts_alone_reads_no_claims(claims: int) -> None:
    filters = {"q": TEXT}
    query = total_query(Claim, query_shape(with_listed_claims(Claim, filters)))
    plan = query_plan(query, Claim, filters)
    assert any("VIRTUAL TABLE INDEX" in step for step in plan)
    assert [step for step in plan if step.startswith("SEARCH") or "claim" in step] == []


def test_other_records_are_found_by_their_keys(claims: int) -> None:
    filters = {"q": TEXT}
    plan = query_plan(compiled_page(Actor, filters, sort="name"), Actor, filters)
    assert any("VIRTUAL TABLE INDEX" in step for step in plan)
