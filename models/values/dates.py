"""Dates of reduced precision: `2025`, `2025-05`, `2025-05-14` (ISO 8601).

Inside, a date is a number, 20250514, 20250500 or 20250000. A coarse date covers
all of its days, so it has a first and a last one; the last is written with the
highest numbers, 20251231, which compares right with every day that exists.
"""

from __future__ import annotations

import calendar
import datetime
import re
from functools import lru_cache

PATTERN = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
UNDATED = 99999999


def parse(text: str) -> str:
    """The date itself, where it is one. Raises ValueError with what is wrong."""
    if not re.fullmatch(PATTERN, text, re.ASCII):
        raise ValueError("not a date: write 2025, 2025-05 or 2025-05-14")
    year, month, day = [*map(int, text.split("-")), 1, 1][:3]
    try:
        datetime.date(year, month, day)
    except ValueError:
        raise ValueError("no such day in the calendar") from None
    return text


def first(date: str) -> int:
    """The number of a date: 2025-05 → 20250500, before each of its days."""
    year, month, day = (date + "-00-00").split("-")[:3]
    return int(year + month + day)


def last(date: str) -> int:
    """The number of a date's last day: 2025-05 → 20250531."""
    year, month, day = (date + ("-12-31" if len(date) == 4 else "-31"))[:10].split("-")
    return int(year + month + day)


def days(date: str) -> tuple[int, int]:
    """The numbers of a date's first and last day in the calendar: 2024-02 → 20240201, 20240229."""
    year, month, day = (date + "-01-01")[:10].split("-")
    end = last(date)
    if len(date) == 7:
        end = end // 100 * 100 + calendar.monthrange(int(year), int(month))[1]
    return int(year + month + day), end


@lru_cache(maxsize=50_000)
def date_key(date: str | None) -> int:
    """A number that sorts newest first, the undated last."""
    return UNDATED - first(date) if date else UNDATED


def ends_before(start: str | None, end: str | None) -> bool:
    """Whether the end comes before the start in every reading of the two."""
    return bool(start and end) and last(end) < first(start)  # type: ignore[arg-type]


def overlaps(date: str, start: str | None, end: str | None) -> bool:
    """Whether a date shares a day with a period whose missing bounds are open."""
    return (not start or first(start) <= last(date)) and (not end or last(end) >= first(date))


def bounds(date: str) -> dict[str, int]:
    """The numbers that filters compare with: first and last day, and coarser dates around it."""
    start = first(date)
    return {
        "first": start,
        "last": last(date),
        "month": start // 100 * 100,
        "year": start // 10000 * 10000,
        "first_day": days(date)[0],
        "last_day": days(date)[1],
    }
