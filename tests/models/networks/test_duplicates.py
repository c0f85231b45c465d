"""Duplicates against plain loops, and the edges of weeks."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings

from models.networks.duplicates import remove_duplicates
from models.networks.measure import SCOPES
from tests.models.networks import naive
from tests.models.networks.made_statements import arrays_of, statement_lists
from tests.models.networks.naive import Statement


@pytest.mark.parametrize("method", ["ignore", "subtract"])
@pytest.mark.parametrize("scope", SCOPES)
@given(statements=statement_lists())
@settings(max_examples=60, deadline=None)
def test_duplicates_are_those_of_plain_loops(statements: list[Statement], scope: str, method: str):
    expected, left_out = naive.without_duplicates(statements, scope, method)
    kept, count = remove_duplicates(arrays_of(statements), scope, by_stance=method != "ignore")
    assert kept.claim.tolist() == [statement.claim for statement in expected]
    assert count == len(left_out)


# (scope, dates of two equal statements, how many stay)
PERIODS = [
    # one ISO week, in two years
    ("week", "2024-12-30", "2025-01-05", 1),
    ("week", "2025-01-05", "2025-01-06", 2),
    ("week", "2024-05-13", "2025-05-12", 2),
    ("month", "2024-05-01", "2024-05-31", 1),
    ("month", "2024-05-14", "2025-05-14", 2),
    ("year", "2024-01-01", "2024-12-31", 1),
    ("year", "2024-12-31", "2025-01-01", 2),
    ("month", "0001-01-01", "0001-01-31", 1),
    ("year", "9999-01-01", "9999-12-31", 1),
]


@pytest.mark.parametrize(("scope", "earlier", "later", "count"), PERIODS)
def test_a_week_or_month_is_one_of_its_year(scope: str, earlier: str, later: str, count: int):
    days = [datetime.date.fromisoformat(text) for text in (earlier, later)]
    statements = [Statement("A", "u", "support", n, day, day) for n, day in enumerate(days)]
    kept, left_out = remove_duplicates(arrays_of(statements), scope, by_stance=True)
    assert (len(kept.node), left_out) == (count, 0)
