"""Dates as people and spreadsheets write them."""

from __future__ import annotations

import re
from typing import NamedTuple

from models.values.dates import parse_date

# the order of day, month and year; `iso` takes dates whose year comes first
ORDERS = ("iso", "dmy", "mdy")
TIME = re.compile(r"(?<=[0-9])[T ] *[0-9]{1,2}:[0-9]{2}.*$", re.ASCII | re.DOTALL)
YEAR_FIRST = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2}))?(?:[-/.]([0-9]{1,2}))?", re.ASCII)
YEAR_LAST = re.compile(r"(?:([0-9]{1,2})[-/.])?([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})", re.ASCII)
DAY_NUMBER = re.compile(r"[1-6][0-9]{4}(\.[0-9]+)?", re.ASCII)


class WrittenDate(NamedTuple):
    """A date, and whether a time of day was left out."""

    date: str
    had_time: bool


def read_written_date(text: str, order: str = "iso") -> WrittenDate:
    """The date in ISO 8601, where the text is one. Raises ValueError that says what to write."""
    day_text = TIME.sub("", text)
    had_time = day_text != text
    if match := YEAR_FIRST.fullmatch(day_text):
        return WrittenDate(checked_date(*match.groups()), had_time)
    if match := YEAR_LAST.fullmatch(day_text):
        first, second, year = match.groups()
        return WrittenDate(date_with_year_last(first, second, year, order), had_time)
    if DAY_NUMBER.fullmatch(text):
        raise ValueError("is the number of a day in a spreadsheet: format the column as a date")
    return WrittenDate(parse_date(text), had_time)


def date_with_year_last(first: str | None, second: str, year: str, order: str) -> str:
    if len(year) < 4:
        raise ValueError("give the year in four digits")
    if order == "iso":
        raise ValueError(
            "day and month can be read in two ways: use --dates dmy if the day comes first,"
            f" --dates mdy if the month does, or write {year}-MM-DD"
        )
    if first is None:
        return checked_date(year, second, None)
    day, month = (first, second) if order == "dmy" else (second, first)
    if int(month) > 12 >= int(day):
        turned = "mdy" if order == "dmy" else "dmy"
        raise ValueError(f"there is no month {month}: is it a date for --dates {turned}?")
    return checked_date(year, month, day)


def checked_date(year: str, month: str | None, day: str | None) -> str:
    return parse_date("-".join(part.zfill(2) for part in (year, month, day) if part))
