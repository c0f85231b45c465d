"""Dates of reduced precision: `2025`, `2025-05`, `2025-05-14` (ISO 8601).

Inside, a date is a number: 20250514, 20250500 or 20250000. A date without a day or a
month covers all of its days, so it has a first and a last number. The last number ends
with the highest day and month, 20251231, which compares right with every real day.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

PATTERN = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
# the date key of undated claims and sources, which sort last
UNDATED = 99999999
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def parse_date(text: str) -> str:
    """The text itself, where it is a date. Raises ValueError with what is wrong."""
    if not re.fullmatch(PATTERN, text, re.ASCII):
        raise ValueError("not a date: write 2025, 2025-05 or 2025-05-14")
    year, month, day = [*map(int, text.split("-")), 1, 1][:3]
    try:
        datetime.date(year, month, day)
    except ValueError:
        raise ValueError("no such day in the calendar") from None
    return text


def first_number(date: str) -> int:
    """The number of a date: 2025-05 → 20250500, which is before each of its days."""
    year, month, day = (date + "-00-00").split("-")[:3]
    return int(year + month + day)


def last_number(date: str) -> int:
    """The number of a date's last day: 2025-05 → 20250531."""
    year, month, day = (date + ("-12-31" if len(date) == 4 else "-31"))[:10].split("-")
    return int(year + month + day)


def day_numbers(date: str) -> tuple[int, int]:
    """A date's first and last day in the calendar: 2024-02 → 20240201, 20240229."""
    year, month, day = (date + "-01-01")[:10].split("-")
    last_day = last_number(date)
    if len(date) == 7:
        last_day = last_day // 100 * 100 + calendar.monthrange(int(year), int(month))[1]
    return int(year + month + day), last_day


@lru_cache(maxsize=50_000)
def date_key(date: str | None) -> int:
    """A number that sorts newest first and undated last."""
    return UNDATED - first_number(date) if date else UNDATED


def ends_before(start: str | None, end: str | None) -> bool:
    """Whether the end is before the start in every reading of the two."""
    return bool(start and end) and last_number(end) < first_number(start)  # type: ignore[arg-type]


def overlaps(date: str, start: str | None, end: str | None) -> bool:
    """Whether a date shares a day with a period; a missing bound is open."""
    return (not start or first_number(start) <= last_number(date)) and (
        not end or last_number(end) >= first_number(date)
    )


def date_bounds(date: str) -> dict[str, int]:
    """The numbers that date filters compare with.

    `first` and `last` are the date's numbers, `month` and `year` those of the coarser dates
    around it, `first_day` and `last_day` its days in the calendar.
    """
    first = first_number(date)
    first_day, last_day = day_numbers(date)
    return {
        "first": first,
        "last": last_number(date),
        "month": first // 100 * 100,
        "year": first // 10000 * 10000,
        "first_day": first_day,
        "last_day": last_day,
    }


def next_number(number: int) -> int:
    """The number of the date that follows: 20250531 → 20250600 → 20250601."""
    year, month, day = number // 10000, number // 100 % 100, number % 100
    if not (month and day) or day < calendar.monthrange(year, month)[1]:
        return number + (1 if month else 100)
    return (year * 100 + month + 1) * 100 if month < 12 else (year + 1) * 10000


def merged_periods(periods: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Periods in order, each with its first and last number; adjacent ones are one."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(periods):
        if merged and first <= next_number(merged[-1][1]):
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return merged


def numbers_within(first: int, last: int) -> Iterator[int]:
    """The numbers of all dates of a period: of days, and of months and years without a day."""
    while first <= last:
        yield first
        first = next_number(first)


def in_words(date: str) -> str:
    """A date of reduced precision: 2025-05-14 is 14 May 2025."""
    year, *parts = map(int, date.split("-"))
    return " ".join(
        [*(str(day) for day in parts[1:]), *(MONTHS[n - 1] for n in parts[:1]), str(year)]
    )
