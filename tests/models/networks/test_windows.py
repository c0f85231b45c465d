"""ISO 8601 durations and moving windows."""

from __future__ import annotations

from datetime import date

import pytest

from models.networks.bounds import InvalidWindow, NetworkTooLarge
from models.networks.windows import (
    END_OF_TIME,
    Duration,
    add_duration,
    date_of,
    leaves_gaps,
    parse_duration,
    windows_between,
)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P30D", (0, 30)), ("P2W", (0, 14)), ("P1M", (1, 0)), ("P1Y", (12, 0)),
        ("P1Y2M3W4D", (14, 25)), ("P9999Y", (119_988, 0)), ("P0Y1D", (0, 1)),
    ],
)  # fmt: skip
def test_durations_are_read(text: str, duration: tuple[int, int]):
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    ["", "P", "30D", "P30", "PT1H", "P1DT1H", "P1D2M", "-P1D", "P-1D", "P1.5D", "p1d", "P٣D",
     "P0D", "P0Y0M", "P99999Y", "P1D\n"],
)  # fmt: skip
def test_other_texts_are_refused(text: str):
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2025-01-31", "P1M", "2025-02-28"),
        ("2025-01-31", "P2M", "2025-03-31"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2025-01-31", "P1M1D", "2025-03-01"),
        ("2025-05-14", "P60D", "2025-07-13"),
        ("0001-01-01", "P9998Y", "9999-01-01"),
    ],
)
def test_months_and_years_are_those_of_the_calendar(start: str, duration: str, end: str):
    assert date_of(add_duration(day(start), parse_duration(duration))) == end


@pytest.mark.parametrize("duration", ["P1Y", "P1M", "P999999D", "P9999Y"])
def test_the_calendar_ends(duration: str):
    assert add_duration(day("9999-12-15"), parse_duration(duration)) == END_OF_TIME
    assert add_duration(END_OF_TIME, parse_duration(duration)) == END_OF_TIME


# (first, last, window, step, periods)
WINDOWS = [
    ("2025-01-01", "2025-01-10", "P5D", "P5D", "01-01/01-06 01-06/01-11"),
    ("2025-01-01", "2025-01-11", "P5D", "P5D", "01-01/01-06 01-06/01-11 01-11/01-16"),
    ("2025-01-01", "2025-01-06", "P4D", "P2D", "01-01/01-05 01-03/01-07 01-05/01-09"),
    ("2025-01-31", "2025-03-31", "P1M", "P1M", "01-31/02-28 02-28/03-31 03-31/04-30"),
    ("2025-01-01", "2025-01-01", "P1D", "P1D", "01-01/01-02"),
    # each has the months that follow its own first day
    ("2025-02-01", "2025-03-02", "P1M", "P14D", "02-01/03-01 02-15/03-15 03-01/04-01"),
    ("2024-02-01", "2025-02-01", "P1Y", "P300D", "02-01/02-01 11-27/11-27"),
    ("2025-01-31", "2025-03-05", "P1M", "P1M1D", "01-31/02-28 03-01/04-01"),
]


@pytest.mark.parametrize(("first", "last", "window", "step", "periods"), WINDOWS)
def test_windows_are_half_open_and_begin_at_every_step(
    first: str, last: str, window: str, step: str, periods: str
):
    windows = windows_between(day(first), day(last), parse_duration(window), parse_duration(step))
    shown = [f"{date_of(start)[5:]}/{date_of(end)[5:]}" for start, end in windows]
    assert shown == periods.split()


def test_a_period_without_days_has_no_window():
    assert windows_between(2, 1, Duration(0, 1), Duration(0, 1)) == []


def test_a_window_longer_than_the_dates_is_refused():
    with pytest.raises(InvalidWindow, match="2025-01-01 to 2025-01-30"):
        windows_between(day("2025-01-01"), day("2025-01-30"), Duration(0, 31), Duration(0, 7))
    assert len(windows_between(1, 30, Duration(0, 30), Duration(0, 30))) == 1


def test_too_many_windows_are_refused():
    assert len(windows_between(1, 400, Duration(0, 1), Duration(0, 1))) == 400
    with pytest.raises(NetworkTooLarge, match="more than 400 windows"):
        windows_between(1, 401, Duration(0, 1), Duration(0, 1))


@pytest.mark.parametrize(
    ("window", "step", "gaps"),
    [
        ("P30D", "P7D", False), ("P30D", "P30D", False), ("P30D", "P31D", True),
        ("P1M", "P1M", False), ("P1M", "P2M", True), ("P1Y", "P12M", False), ("P1M", "P28D", False),
        ("P1M", "P29D", True), ("P31D", "P1M", False), ("P30D", "P1M", True),
        ("P1M1D", "P1M", False),
        ("P1Y", "P52W", False), ("P1Y", "P365D", False), ("P1Y", "P366D", True),
        ("P366D", "P1Y", False), ("P365D", "P1Y", True), ("P2M", "P59D", False),
        ("P2M", "P60D", True), ("P62D", "P2M", False), ("P61D", "P2M", True),
        ("P1461D", "P4Y", False), ("P4Y", "P1460D", False), ("P4Y", "P1461D", True),
        ("P8Y", "P2921D", False), ("P8Y", "P2922D", True),
    ],
)  # fmt: skip
def test_a_step_longer_than_the_window_leaves_gaps(window: str, step: str, gaps: bool):
    assert leaves_gaps(parse_duration(window), parse_duration(step)) is gaps
