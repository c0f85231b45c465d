"""Dates of reduced precision, held against the calendar, day by day."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models import Claim, Event, Source
from models.queries.slots import FilterValues
from models.values.dates import (
    date_bounds,
    date_key,
    day_numbers,
    ends_before,
    first_number,
    last_number,
    overlaps,
    parse_date,
)
from seeds.loader import load
from tests.engines import scratch
from tests.models.asking import ids
from tests.models.plain import first_day, last_day, share_a_day

CALENDAR = settings(derandomize=True, deadline=None, database=None, max_examples=500)
FILTERS = settings(derandomize=True, deadline=None, database=None, max_examples=250)

DAYS = st.dates(datetime.date(1, 1, 1)) | st.dates(
    datetime.date(2023, 12, 1), datetime.date(2025, 3, 31)
)
ENDS = st.sampled_from([datetime.date(2024, 2, 29), datetime.date(2025, 2, 28)])


def written(day: datetime.date, length: int) -> str:
    return day.isoformat()[:length]


PARTIAL = st.builds(written, DAYS | ENDS, st.sampled_from([4, 7, 10]))


def number(day: datetime.date) -> int:
    return int(day.strftime("%Y%m%d").zfill(8))


@pytest.mark.parametrize(
    ("date", "start", "end"),
    [
        ("2025", 20250000, 20251231),
        ("2025-05", 20250500, 20250531),
        ("2025-05-14", 20250514, 20250514),
        ("0001", 10000, 11231),
        ("9999-12-31", 99991231, 99991231),
    ],
)
def test_first_and_last(date: str, start: int, end: int) -> None:
    assert (first_number(date), last_number(date)) == (start, end)


@pytest.mark.parametrize(
    ("date", "start", "end"),
    [
        ("2025", 20250101, 20251231),
        ("2025-04", 20250401, 20250430),
        ("2024-02", 20240201, 20240229),
        ("2025-02", 20250201, 20250228),
        ("2025-05-14", 20250514, 20250514),
        ("0001", 10101, 11231),
        ("9999-12", 99991201, 99991231),
    ],
)
def test_days(date: str, start: int, end: int) -> None:
    assert day_numbers(date) == (start, end)


@given(PARTIAL)
@CALENDAR
def test_days_are_those_of_the_calendar(date: str) -> None:
    assert day_numbers(date) == (number(first_day(date)), number(last_day(date)))


BOUNDS = {
    "2025": (20250000, 20251231, 20250000, 20250000, 20250101, 20251231),
    "2025-02": (20250200, 20250231, 20250200, 20250000, 20250201, 20250228),
    "2025-05-14": (20250514, 20250514, 20250500, 20250000, 20250514, 20250514),
}


@pytest.mark.parametrize(("date", "numbers"), BOUNDS.items(), ids=BOUNDS)
def test_bounds(date: str, numbers: tuple[int, ...]) -> None:
    names = ("first", "last", "month", "year", "first_day", "last_day")
    assert date_bounds(date) == dict(zip(names, numbers, strict=True))


@given(PARTIAL, DAYS | ENDS)
@CALENDAR
def test_a_day_lies_between_the_first_and_last_number_of_its_dates(
    date: str, day: datetime.date
) -> None:
    lies_within = first_day(date) <= day <= last_day(date)
    assert (first_number(date) <= number(day) <= last_number(date)) == lies_within
    assert first_number(day.isoformat()) == last_number(day.isoformat()) == number(day)


@given(PARTIAL, PARTIAL)
@CALENDAR
def test_numbers_compare_as_days_do(one: str, other: str) -> None:
    assert (last_number(one) < first_number(other)) == (last_day(one) < first_day(other))


@given(PARTIAL, st.none() | PARTIAL, st.none() | PARTIAL)
@CALENDAR
def test_overlaps(date: str, start: str | None, end: str | None) -> None:
    assume(not (start and end and last_day(end) < first_day(start)))
    assert overlaps(date, start, end) == share_a_day(date, start, end)


@given(st.none() | PARTIAL, st.none() | PARTIAL)
@CALENDAR
def test_ends_before(start: str | None, end: str | None) -> None:
    never = start is not None and end is not None and last_day(end) < first_day(start)
    assert ends_before(start, end) == never


@given(st.lists(st.none() | PARTIAL))
@CALENDAR
def test_date_key_sorts_newest_first_and_the_undated_last(dates: list[str | None]) -> None:
    """Newest first is bytewise by the ISO string, downwards."""
    dated = sorted((one for one in dates if one), reverse=True)
    assert sorted(dates, key=date_key) == [*dated, *[None] * (len(dates) - len(dated))]


@pytest.mark.parametrize("text", ["2025", "2025-05", "2025-05-14", "2024-02-29", "0001", "9999-12"])
def test_parse(text: str) -> None:
    assert parse_date(text) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2025-02-29", "no such day in the calendar"),
        ("2025-04-31", "no such day in the calendar"),
        ("0000", "no such day in the calendar"),
        ("2025-13", "not a date"),
        ("2025-00", "not a date"),
        ("2025-05-32", "not a date"),
        ("2025-5", "not a date"),
        ("25-05-14", "not a date"),
        ("20250514", "not a date"),
        ("2025-05-14T00:00", "not a date"),
        ("2025-05-14\n", "not a date"),
        (" 2025", "not a date"),
        ("-2025", "not a date"),
        ("２０２５", "not a date"),
        ("", "not a date"),
    ],
)
def test_parse_refuses(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_date(text)


# filters, against the days of the records

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
WANTED = st.sampled_from(DATES) | PARTIAL


@pytest.fixture(scope="module")
def dated() -> Iterator[None]:
    """Claims and sources with all dates and with none, and events of all periods."""
    with scratch(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dated.json"
        records = {
            "actors": [{"id": "a", "name": "A"}],
            "claims": [
                {"id": name_of(date), "text": "T", "actor": "a", "date": date}
                for date in (None, *DATES)
            ],
            "sources": [
                {"id": name_of(date), "title": "T", "kind": "other", "date": date}
                for date in (None, *DATES)
            ],
            "events": [
                {
                    "id": f"{name_of(start)}-to-{name_of(end)}",
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


def name_of(date: str | None) -> str:
    return f"d-{date or 'none'}"


def choices(**dates: str | list[str] | None) -> dict[str, FilterValues]:
    """The filters as the API makes them."""
    return {
        name: FilterValues(tuple(map(date_bounds, [date] if isinstance(date, str) else date)))
        for name, date in dates.items()
        if date
    }


def fits(
    start: str,
    end: str,
    date: list[str],
    from_date: str | None,
    to_date: str | None,
) -> bool:
    """Whether the days from start to end lie within one of the dates, and meet the period."""
    begins, ends = first_day(start), last_day(end)
    return (
        (not date or any(first_day(one) <= begins and ends <= last_day(one) for one in date))
        and (not from_date or ends >= first_day(from_date))
        and (not to_date or begins <= last_day(to_date))
    )


ASKED = {
    "date": st.lists(WANTED, max_size=3, unique=True),
    "from_date": st.none() | WANTED,
    "to_date": st.none() | WANTED,
}


@pytest.mark.parametrize("model", [Claim, Source], ids=["claims", "sources"])
@given(**ASKED)
@FILTERS
def test_dates_of_claims_and_sources(
    dated: None, model: type, date: list[str], from_date: str | None, to_date: str | None
) -> None:
    asked = choices(date=date, from_date=from_date, to_date=to_date)
    found = [one for one in DATES if fits(one, one, date, from_date, to_date)]
    undated = [] if asked else [None]
    assert ids(model, **asked) == sorted(map(name_of, [*found, *undated]))


@given(**ASKED)
@FILTERS
def test_dates_of_events(
    dated: None, date: list[str], from_date: str | None, to_date: str | None
) -> None:
    asked = choices(date=date, from_date=from_date, to_date=to_date)
    found = [
        f"{name_of(start)}-to-{name_of(end)}"
        for start, end in PERIODS
        if fits(start, end or start, date, from_date, to_date)
    ]
    assert ids(Event, **asked) == sorted(found)


@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("name", ["date", "from_date", "to_date"])
@pytest.mark.parametrize("model", [Claim, Source], ids=["claims", "sources"])
def test_each_date_alone(dated: None, model: type, name: str, date: str) -> None:
    asked = {"date": [], "from_date": None, "to_date": None}
    asked[name] = [date] if name == "date" else date
    found = [one for one in DATES if fits(one, one, **asked)]
    assert ids(model, **choices(**{name: date})) == sorted(map(name_of, found))


@pytest.mark.parametrize("sort", ["-date", "date"])
def test_sorted_by_date(dated: None, sort: str) -> None:
    """Bytewise by the ISO string, what has no date last in both directions."""
    dates = sorted(DATES, reverse=sort == "-date")
    assert ids(Claim, sort=sort) == [*map(name_of, dates), "d-none"]
    assert ids(Source, sort=sort) == [*map(name_of, dates), "d-none"]
