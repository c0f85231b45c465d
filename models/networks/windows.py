"""Moving windows of time: ISO 8601 durations, and half-open periods of days.

Days are numbers: 1 is 1 January of the year 1, as `datetime.date.toordinal` has it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from models.networks.bounds import MAX_WINDOWS, NARROW, InvalidWindow, NetworkTooLarge

PATTERN = r"P(?=[0-9])([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,5}W)?([0-9]{1,6}D)?"
MAX_YEAR = 9999
# the day after the last one of the calendar
END_OF_TIME = date.max.toordinal() + 1
# the days of months in common years
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FEBRUARY = 1


class Duration(NamedTuple):
    """A duration of calendar months (a year has twelve) and days (a week has seven)."""

    months: int
    days: int


class Window(NamedTuple):
    """A period of days: it has its first day, and not its end."""

    first: int
    end: int


def parse_duration(text: str) -> Duration:
    """`P30D`, `P2W`, `P1M`, `P1Y` and combinations. Raises ValueError."""
    match = re.fullmatch(PATTERN, text, re.ASCII)
    if not match:
        raise ValueError("not a duration of ISO 8601: write P30D, P2W, P1M or P1Y")
    years, months, weeks, days = (int(part[:-1]) if part else 0 for part in match.groups())
    duration = Duration(12 * years + months, 7 * weeks + days)
    if not any(duration):
        raise ValueError("an empty duration")
    return duration


def leaves_gaps(window: Duration, step: Duration) -> bool:
    """Whether a step may be longer than the window, so that days lie between windows."""
    if window.days == step.days:
        return step.months > window.months
    if window.months == step.months:
        return step.days > window.days
    return most_days(step) > fewest_days(window)


def fewest_days(duration: Duration) -> int:
    """The fewest days of a duration; eight years have a leap day, even around 1900."""
    spans = spans_of_months(duration.months)
    return min(days + max(0, februaries - 4) // 4 for days, februaries in spans) + duration.days


def most_days(duration: Duration) -> int:
    """The most days of a duration; one February in four is of a leap year."""
    spans = spans_of_months(duration.months)
    return max(days + -(-februaries // 4) for days, februaries in spans) + duration.days


def spans_of_months(count: int) -> Iterator[tuple[int, int]]:
    """Spans of months that begin with each month: days in common years, and Februaries."""
    years, rest = divmod(count, 12)
    for start in range(12):
        months = [(start + n) % 12 for n in range(rest)]
        yield 365 * years + sum(MONTHS[month] for month in months), years + (FEBRUARY in months)


def add_duration(day: int, duration: Duration) -> int:
    """The day that is a duration later, at most END_OF_TIME.

    The day of the month stays, or is the last of a shorter month: a month after 31 January is the
    last of February, and two months after it is 31 March.
    """
    start = date.fromordinal(min(day, END_OF_TIME - 1))
    months = start.year * 12 + start.month - 1 + duration.months
    year, month = months // 12, months % 12 + 1
    if day >= END_OF_TIME or year > MAX_YEAR:
        return END_OF_TIME
    moved = date(year, month, min(start.day, monthrange(year, month)[1]))
    return min(moved.toordinal() + duration.days, END_OF_TIME)


def windows_between(first: int, last: int, window: Duration, step: Duration) -> list[Window]:
    """The windows that begin at the first day, and every step later up to the last day.

    Starts are counted from the first day. Raises InvalidWindow, NetworkTooLarge.
    """
    if first > last:
        return []
    if add_duration(first, window) > last + 1:
        raise InvalidWindow(
            f"is longer than the dates of the claims, {date_of(first)} to {date_of(last)}"
        )
    windows: list[Window] = []
    start = first
    while start <= last:
        if len(windows) == MAX_WINDOWS:
            raise NetworkTooLarge(
                f"there are more than {MAX_WINDOWS} windows from {date_of(first)} to "
                f"{date_of(last)}: take a longer step, or {NARROW} by date"
            )
        windows.append(Window(start, window_end(first, start, len(windows), window, step)))
        start = add_duration(first, times(step, len(windows)))
    return windows


def window_end(first: int, start: int, number: int, window: Duration, step: Duration) -> int:
    """The end of the window with a number, counted from 0.

    After steps of months alone it is counted from the first day, so that it is the start of the
    window that follows, even if months are shorter than the first day's date.
    """
    if step.days:
        return add_duration(start, window)
    before = times(step, number)
    return add_duration(first, Duration(before.months + window.months, window.days))


def times(duration: Duration, count: int) -> Duration:
    return Duration(duration.months * count, duration.days * count)


def date_of(day: int) -> str:
    """A day as a date, at most the last of the calendar."""
    return date.fromordinal(min(day, END_OF_TIME - 1)).isoformat()
