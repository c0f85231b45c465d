"""Date filters select the records whose days fit, and lists are sorted by date."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import Claim, Event, Source
from models.queries.slots import FilterValues
from models.values.dates import date_bounds
from seeds.loader import load
from tests.engines import scratch
from tests.models.compiled_lists import list_ids
from tests.models.partial_dates import PARTIAL_DATES, first_day, last_day

EXAMPLES = settings(derandomize=True, deadline=None, database=None, max_examples=250)

DATES = [
    "2023", "2023-11", "2023-12-31", "2024", "2024-01", "2024-01-01", "2024-02", "2024-02-01",
    "2024-02-28", "2024-02-29", "2024-03", "2024-03-01", "2024-04-30", "2024-12", "2024-12-31",
    "2025", "2025-01", "2025-01-01", "2025-02", "2025-02-28", "2025-03", "0001", "0001-01-01",
    "9999", "9999-12", "9999-12-31",
]  # fmt: skip
PERIODS = [
    (start, end)
    for start in DATES
    for end in (None, *DATES)
    if not (end and last_day(end) < first_day(start))
]
FILTER_DATES = st.sampled_from(DATES) | PARTIAL_DATES
# values of the three filters
FILTERS = {
    "date": st.lists(FILTER_DATES, max_size=3, unique=True),
    "from_date": st.none() | FILTER_DATES,
    "to_date": st.none() | FILTER_DATES,
}


@pytest.fixture(scope="module")
def dated() -> Iterator[None]:
    """Claims and sources with each date and with none, and events with each period."""
    with scratch(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dated.json"
        records = {
            "actors": [{"id": "a", "name": "A"}],
            "claims": [
                {"id": id_of(date), "text": "T", "actor": "a", "date": date}
                for date in (None, *DATES)
            ],
            "sources": [
                {"id": id_of(date), "title": "T", "kind": "other", "date": date}
                for date in (None, *DATES)
            ],
            "events": [
                {
                    "id": f"{id_of(start)}-to-{id_of(end)}",
                    "name": "E",
                    "kind": "other",
                    "start_date": start,
                    "end_date": end,
                }
                for start, end in PERIODS
            ],
        }
        path.write_text(json.dumps(records))
        load([path])
        yield


def id_of(date: str | None) -> str:
    return f"d-{date or 'none'}"


def filter_values(**dates: str | list[str] | None) -> dict[str, FilterValues]:
    """The filters as the API passes them to a list."""
    return {
        name: FilterValues(tuple(map(date_bounds, [date] if isinstance(date, str) else date)))
        for name, date in dates.items()
        if date
    }


def fits(start: str, end: str, date: list[str], from_date: str | None, to_date: str | None) -> bool:
    """Whether a period lies within one of the dates, and shares a day with from_date to to_date."""
    period_start, period_end = first_day(start), last_day(end)
    return (
        (
            not date
            or any(
                first_day(each) <= period_start and period_end <= last_day(each) for each in date
            )
        )
        and (not from_date or period_end >= first_day(from_date))
        and (not to_date or period_start <= last_day(to_date))
    )


@pytest.mark.parametrize("model", [Claim, Source], ids=["claims", "sources"])
@given(**FILTERS)
@EXAMPLES
def test_date_filters_of_claims_and_sources(
    dated: None, model: type, date: list[str], from_date: str | None, to_date: str | None
) -> None:
    filters = filter_values(date=date, from_date=from_date, to_date=to_date)
    expected = [each for each in DATES if fits(each, each, date, from_date, to_date)]
    undated = [] if filters else [None]
    assert list_ids(model, **filters) == sorted(map(id_of, [*expected, *undated]))


@given(**FILTERS)
@EXAMPLES
def test_date_filters_of_events(
    dated: None, date: list[str], from_date: str | None, to_date: str | None
) -> None:
    filters = filter_values(date=date, from_date=from_date, to_date=to_date)
    expected = [
        f"{id_of(start)}-to-{id_of(end)}"
        for start, end in PERIODS
        if fits(start, end or start, date, from_date, to_date)
    ]
    assert list_ids(Event, **filters) == sorted(expected)


@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("name", ["date", "from_date", "to_date"])
@pytest.mark.parametrize("model", [Claim, Source], ids=["claims", "sources"])
def test_a_single_date_filter(dated: None, model: type, name: str, date: str) -> None:
    values = {"date": [], "from_date": None, "to_date": None}
    values[name] = [date] if name == "date" else date
    expected = [each for each in DATES if fits(each, each, **values)]
    assert list_ids(model, **filter_values(**{name: date})) == sorted(map(id_of, expected))


@pytest.mark.parametrize("sort", ["-date", "date"])
def test_lists_sorted_by_date(dated: None, sort: str) -> None:
    """Dates are sorted as ISO strings, byte by byte; undated records come last either way."""
    dates = sorted(DATES, reverse=sort == "-date")
    assert list_ids(Claim, sort=sort) == [*map(id_of, dates), "d-none"]
    assert list_ids(Source, sort=sort) == [*map(id_of, dates), "d-none"]
