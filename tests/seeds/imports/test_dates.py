"""Dates as people and spreadsheets write them."""

from __future__ import annotations

import re

import pytest

from seeds.imports.dates import read_written_date


@pytest.mark.parametrize(
    ("text", "order", "date"),
    [
        ("2025", "iso", "2025"),
        ("2025-05", "iso", "2025-05"),
        ("2025-05-14", "iso", "2025-05-14"),
        ("2025-5-4", "iso", "2025-05-04"),
        ("2025/05/14", "mdy", "2025-05-14"),
        ("2025.5", "dmy", "2025-05"),
        ("03/04/2025", "dmy", "2025-04-03"),
        ("03/04/2025", "mdy", "2025-03-04"),
        ("3.4.2025", "dmy", "2025-04-03"),
        ("31-12-2025", "dmy", "2025-12-31"),
        ("04/2025", "dmy", "2025-04"),
        ("4.2025", "mdy", "2025-04"),
    ],
)
def test_a_date_is_read(text: str, order: str, date: str):
    assert read_written_date(text, order) == (date, False)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2025-05-14 00:00:00", "iso"),
        ("2025-05-14T10:30:00.000Z", "iso"),
        ("14/05/2025 9:05", "dmy"),
        ("5/14/2025 9:05 PM", "mdy"),
    ],
)
def test_a_time_of_day_is_left_out(text: str, order: str):
    assert read_written_date(text, order) == ("2025-05-14", True)


BOTH_WAYS = "day and month can be read in two ways: use --dates dmy if the day comes first"


@pytest.mark.parametrize(
    ("text", "order", "message"),
    [
        ("03/04/2025", "iso", f"{BOTH_WAYS}, --dates mdy if the month does, or write 2025-MM-DD"),
        ("14.05.2025", "iso", f"{BOTH_WAYS}, --dates mdy if the month does, or write 2025-MM-DD"),
        ("05/2025", "iso", f"{BOTH_WAYS}, --dates mdy if the month does, or write 2025-MM-DD"),
        ("03/04/25", "dmy", "give the year in four digits"),
        ("14/05/2025", "mdy", "there is no month 14: is it a date for --dates dmy?"),
        ("05/14/2025", "dmy", "there is no month 14: is it a date for --dates mdy?"),
        ("45791", "iso", "is the number of a day in a spreadsheet: format the column as a date"),
        ("30.2.2025", "dmy", "no such day in the calendar"),
        ("2025-13", "iso", "not a date: write 2025, 2025-05 or 2025-05-14"),
        ("14 May 2025", "dmy", "not a date: write 2025, 2025-05 or 2025-05-14"),
        ("٢٠٢٥", "iso", "not a date: write 2025, 2025-05 or 2025-05-14"),
        ("soon", "iso", "not a date: write 2025, 2025-05 or 2025-05-14"),
    ],
)
def test_another_text_says_what_to_write(text: str, order: str, message: str):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read_written_date(text, order)
