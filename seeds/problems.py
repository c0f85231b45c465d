"""What is wrong with seed files, said so that it can be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process

LISTED = 100


@dataclass(frozen=True)
class Place:
    """Where something stands: a file, and in it a line or a record."""

    file: str
    line: int | None = None
    record: str = ""

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        return f"{plain(self.file, 500)}{line}" + (f": {plain(self.record)}" if self.record else "")


@dataclass(frozen=True)
class Problem:
    """One error or warning."""

    place: Place
    message: str
    field: str = ""
    value: Any = None
    suggestion: str | None = None

    def __str__(self) -> str:
        text = str(self.place)
        if self.field:
            text += f": {plain(self.field)}"
        if self.value is not None:
            text += f": {shown(self.value)}"
        text += f": {self.message}"
        return text + (f"; did you mean {self.suggestion!r}?" if self.suggestion else "")


class Refused(Exception):
    """The files were not loaded: nothing has changed."""

    def __init__(self, problems: list[Problem], count: int):
        self.problems = problems
        self.count = count
        super().__init__(f"{count} problem{'s' * (count != 1)}")


class Problems:
    """All that is wrong, counted; the first 100 are kept."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.count = 0
        # whether there are records that could not be read, and that others may refer to
        self.lost = False

    def lose(self, problem: Problem) -> None:
        """Add a problem that hides records."""
        self.lost = True
        self.add(problem)

    def add(self, problem: Problem) -> None:
        self.count += 1
        if len(self.kept) < LISTED:
            self.kept.append(problem)

    def add_late(self, problem: Callable[[], Problem]) -> None:
        """Add a problem that takes work to say: beyond those that are kept it is only counted."""
        if len(self.kept) < LISTED:
            self.add(problem())
        else:
            self.count += 1

    def extend(self, others: Problems) -> None:
        """Add what was found elsewhere."""
        self.kept += others.kept[: LISTED - len(self.kept)]
        self.count += others.count
        self.lost = self.lost or others.lost

    def refuse(self) -> None:
        """Stop here if anything is wrong, and say it in the order of files and lines."""
        if self.count:
            kept = sorted(self.kept, key=lambda one: (one.place.file, one.place.line or 0))
            raise Refused(kept, self.count)


def plain(text: str, most: int = 200) -> str:
    """A text that is safe on a terminal: one line, without control characters, not too long."""
    text = "".join(one if one.isprintable() else repr(one)[1:-1] for one in text[:most])
    return text if len(text) < most else f"{text}…"


def shown(value: Any) -> str:
    """A value, short enough for one line."""
    try:
        text = repr(value) if isinstance(value, str) else str(value)
    except RecursionError:
        return "…"
    return text if len(text) <= 80 else f"{text[:77]}…"


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The nearest of some words, if one is near."""
    found = process.extractOne(str(word)[:200], list(words), score_cutoff=60)
    return found[0] if found else None
