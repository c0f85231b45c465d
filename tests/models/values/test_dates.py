"""Dates of reduced precision compare as their days do in the calendar."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.values.dates import (
    date_bounds,
    date_key,
    day_numbers,
    ends_before,
    first_number,
    last_number,
    merged_periods,
    next_number,
    numbers_within,
    overlaps,
    parse_date,
)
from tests.models.partial_dates import DAYS, PARTIAL_DATES, first_day, last_day, share_a_day

CALENDAR = settings(derandomize=True, deadline=None, database=None, max_examples=500)


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
def test_first_and_last_number(date: str, start: int, end: int) -> None:
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
def test_day_numbers(date: str, start: int, end: int) -> None:
    assert day_numbers(date) == (start, end)


@given(PARTIAL_DATES)
@CALENDAR
def test_day_numbers_are_those_of_the_calendar(date: str) -> None:
    assert day_numbers(date) == (number(first_day(date)), number(last_day(date)))


BOUNDS = {
    "2025": (20250000, 20251231, 20250000, 20250000, 20250101, 20251231),
    "2025-02": (20250200, 20250231, 20250200, 20250000, 20250201, 20250228),
    "2025-05-14": (20250514, 20250514, 20250500, 20250000, 20250514, 20250514),
}


@pytest.mark.parametrize(("date", "numbers"), BOUNDS.items(), ids=BOUNDS)
def test_date_bounds(date: str, numbers: tuple[int, ...]) -> None:
    names = ("first", "last", "month", "year", "first_day", "last_day")
    assert date_bounds(date) == dict(zip(names, numbers, strict=True))


NEXT_NUMBERS = {
    20250000: 20250100, 20250100: 20250101, 20250228: 20250300, 20240228: 20240229,
    20240229: 20240300, 20250231: 20250300, 20250531: 20250600, 20251231: 20260000,
    99991231: 100000000,
}  # fmt: skip


@pytest.mark.parametrize(("number", "following"), NEXT_NUMBERS.items(), ids=str)
def test_the_number_of_the_next_date(number: int, following: int) -> None:
    assert next_number(number) == following


# periods before and after
MERGED = {
    "none": ([], []),
    "one": (["2025"], [(20250000, 20251231)]),
    "adjacent years": (["2026", "2025"], [(20250000, 20261231)]),
    "adjacent months": (["2025-01", "2025-02", "2025-03"], [(20250100, 20250331)]),
    # a claim of 2026 lies between
    "months of two years": (
        ["2025-12", "2026-01"], [(20251200, 20251231), (20260100, 20260131)],
    ),
    "a year after its months": (["2025-12", "2026"], [(20251200, 20261231)]),
    "a day and its month": (["2025-05-14", "2025-05"], [(20250500, 20250531)]),
    "days": (["2025-02-28", "2025-02-27"], [(20250227, 20250228)]),
    "a day and the next month": (["2025-02-28", "2025-03"], [(20250228, 20250331)]),
    # a claim of 2025-03 lies between
    "the days around the end of a month": (
        ["2025-02-28", "2025-03-01"], [(20250228, 20250228), (20250301, 20250301)],
    ),
    "a year within years": (["2024", "2025-05", "2025", "2026-01"], [
        (20240000, 20251231), (20260100, 20260131),
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("dates", "expected"), MERGED.values(), ids=MERGED)
def test_merged_periods(dates: list[str], expected: list[tuple[int, int]]) -> None:
    periods = [(first_number(date), last_number(date)) for date in dates]
    assert merged_periods(periods) == merged_periods(reversed(periods)) == expected


def test_the_numbers_of_the_dates_within_a_period() -> None:
    assert [*numbers_within(20240200, 20240231)] == [20240200, *range(20240201, 20240230)]
    assert [*numbers_within(20251230, 20260101)] == [
        20251230, 20251231, 20260000, 20260100, 20260101,
    ]  # fmt: skip
    assert len([*numbers_within(20240000, 20241231)]) == 1 + 12 + 366


@given(PARTIAL_DATES, DAYS)
@CALENDAR
def test_a_day_lies_between_the_first_and_last_number_of_its_dates(
    date: str, day: datetime.date
) -> None:
    lies_within = first_day(date) <= day <= last_day(date)
    assert (first_number(date) <= number(day) <= last_number(date)) == lies_within
    assert first_number(day.isoformat()) == last_number(day.isoformat()) == number(day)


@given(PARTIAL_DATES, PARTIAL_DATES)
@CALENDAR
def test_numbers_compare_as_days_do(date: str, other: str) -> None:
    assert (last_number(date) < first_number(other)) == (last_day(date) < first_day(other))


@given(PARTIAL_DATES, st.none() | PARTIAL_DATES, st.none() | PARTIAL_DATES)
@CALENDAR
def test_a_date_overlaps_a_period_if_they_share_a_day(
    date: str, start: str | None, end: str | None
) -> None:
    assume(not (start and end and last_day(end) < first_day(start)))
    assert overlaps(date, start, end) == share_a_day(date, start, end)


@given(st.none() | PARTIAL_DATES, st.none() | PARTIAL_DATES)
@CALENDAR
def test_a_period_ends_before_it_starts_if_no_day_fits(start: str | None, end: str | None) -> None:
    no_day_fits = start is not None and end is not None and last_day(end) < first_day(start)
    assert ends_before(start, end) == no_day_fits


@given(st.lists(st.none() | PARTIAL_DATES))
@CALENDAR
def test_date_key_sorts_newest_first_and_the_undated_last(dates: list[str | None]) -> None:
    """The newest date is the greatest ISO string, byte by byte."""
    dated = sorted((date for date in dates if date), reverse=True)
    assert sorted(dates, key=date_key) == [*dated, *[None] * (len(dates) - len(dated))]


@pytest.mark.parametrize("text", ["2025", "2025-05", "2025-05-14", "2024-02-29", "0001", "9999-12"])
def test_parse_date(text: str) -> None:
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
def test_parse_date_refuses_an_invalid_date(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_date(text)
