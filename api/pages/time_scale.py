"""A scale of time: where a date stands between the first and the last, and the dates between."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from models.values.dates import MONTHS

# months from one tick to the next
STEPS = (1, 3, 6, 12, 24, 60, 120, 300, 600, 1200, 2400, 6000, 12000, 30000)
# labels of months are longer than those of years
MAX_TICKS_OF_MONTHS, MAX_TICKS = 4, 6


class Tick(NamedTuple):
    """A date of a scale, and how its label is anchored."""

    place: str
    label: str
    anchor: str


class TimeScale(NamedTuple):
    """Months since the year 0: from the first date to after the last, and from tick to tick."""

    start: int
    end: int
    step: int

    def place(self, date: str) -> str:
        """Where a date stands, as a percentage; one without day or month stands in the middle."""
        return f"{self.percentage(month_of(date)):.1f}%"

    def ticks(self) -> list[Tick]:
        ticks = []
        for month in tick_months(self.start, self.end, self.step):
            percentage = self.percentage(month)
            # a label must not reach beyond the scale
            anchor = "start" if percentage < 10 else "end" if percentage > 90 else "middle"
            ticks.append(Tick(f"{percentage:.1f}%", self.label(month), anchor))
        return ticks

    def percentage(self, month: float) -> float:
        return 100 * (month - self.start) / (self.end - self.start)

    def label(self, month: int) -> str:
        year, number = divmod(month, 12)
        return str(year) if self.step >= 12 else f"{MONTHS[number][:3]} {year}"


def month_of(date: str) -> float:
    """A date as months since the year 0, the middle of its days."""
    year, month, day = [*map(float, date.split("-")), 0, 0][:3]
    if not month:
        return year * 12 + 6
    return year * 12 + month - 1 + ((day - 0.5) / 31 if day else 0.5)


def tick_months(start: int, end: int, step: int) -> range:
    """The multiples of a step from start to end."""
    return range(-(-start // step) * step, end + 1, step)


def time_scale(dates: Iterable[str]) -> TimeScale:
    """The scale of dates, at least one, with few ticks."""
    months = [int(month_of(date)) for date in dates]
    start, end = min(months), max(months) + 1
    for step in STEPS:
        most = MAX_TICKS if step >= 12 else MAX_TICKS_OF_MONTHS
        if len(tick_months(start, end, step)) <= most:
            break
    return TimeScale(start, end, step)
