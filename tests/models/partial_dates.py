"""Dates of reduced precision (2025, 2025-05), by the calendar's own days."""

from __future__ import annotations

import calendar
import datetime

from hypothesis import strategies as st


def first_day(date: str) -> datetime.date:
    year, month, day = [*map(int, date.split("-")), 1, 1][:3]
    return datetime.date(year, month, day)


def last_day(date: str) -> datetime.date:
    year, month, day = [*map(int, date.split("-")), None, None][:3]
    month = month or 12
    return datetime.date(year, month, day or calendar.monthrange(year, month)[1])


def share_a_day(date: str, start: str | None, end: str | None) -> bool:
    """Whether a day of the date lies in the period from any day of start to any day of end."""
    period_start = first_day(start) if start else datetime.date.min
    period_end = last_day(end) if end else datetime.date.max
    return period_start <= last_day(date) and first_day(date) <= period_end


def truncated(day: datetime.date, length: int) -> str:
    return day.isoformat()[:length]


DAYS = (
    st.dates(datetime.date(1, 1, 1))
    | st.dates(datetime.date(2023, 12, 1), datetime.date(2025, 3, 31))
    | st.sampled_from([datetime.date(2024, 2, 29), datetime.date(2025, 2, 28)])
)
PARTIAL_DATES = st.builds(truncated, DAYS, st.sampled_from([4, 7, 10]))
