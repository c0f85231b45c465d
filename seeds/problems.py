"""Problems of seed files: each names its file, line, record, field and value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process

# beyond this many, problems are only counted
MAX_LISTED_PROBLEMS = 100


@dataclass(frozen=True)
class Place:
    """A file, and a line or a record in it."""

    file: str
    line: int | None = None
    record: str = ""

    def __str__(self) -> str:
        text = printable(self.file, 500)
        if self.line:
            text += f":{self.line}"
        return f"{text}: {printable(self.record)}" if self.record else text


@dataclass(frozen=True)
class SeedProblem:
    """One error or warning."""

    place: Place
    message: str
    field: str = ""
    value: Any = None
    suggestion: str | None = None

    def __str__(self) -> str:
        text = str(self.place)
        if self.field:
            text += f": {printable(self.field)}"
        if self.value is not None:
            text += f": {short_value(self.value)}"
        text += f": {self.message}"
        return text + (f"; did you mean {self.suggestion!r}?" if self.suggestion else "")


class Refused(Exception):
    """The files have problems and were not loaded; the dataset is unchanged."""

    def __init__(self, problems: list[SeedProblem], count: int):
        self.problems = problems
        self.count = count
        super().__init__(f"{count} problem{'s' * (count != 1)}")


class SeedProblems:
    """The problems of a load: all are counted, the first 100 are listed."""

    def __init__(self) -> None:
        self.listed: list[SeedProblem] = []
        self.count = 0
        # whether records are missing that others may refer to, since they could not be read
        self.records_lost = False

    def add(self, problem: SeedProblem) -> None:
        self.add_lazily(lambda: problem)

    def add_lazily(self, build: Callable[[], SeedProblem]) -> None:
        """Add a problem that is built only if it is listed: its message costs queries."""
        self.count += 1
        if len(self.listed) < MAX_LISTED_PROBLEMS:
            self.listed.append(build())

    def add_unreadable(self, problem: SeedProblem) -> None:
        """Add a problem that hides records."""
        self.records_lost = True
        self.add(problem)

    def extend(self, other: SeedProblems) -> None:
        self.listed += other.listed[: MAX_LISTED_PROBLEMS - len(self.listed)]
        self.count += other.count
        self.records_lost = self.records_lost or other.records_lost

    def refuse_if_any(self) -> None:
        """Raise Refused if there are problems, sorted by file and line."""
        if self.count:
            by_place = sorted(
                self.listed, key=lambda problem: (problem.place.file, problem.place.line or 0)
            )
            raise Refused(by_place, self.count)


def printable(text: str, max_length: int = 200) -> str:
    """A text that is safe on a terminal: one short line without control characters."""
    line = "".join(
        character if character.isprintable() else repr(character)[1:-1]
        for character in text[:max_length]
    )
    return line if len(text) <= max_length else f"{line}…"


def short_value(value: Any) -> str:
    """A value in at most 80 characters."""
    try:
        text = repr(value) if isinstance(value, str) else str(value)
    except RecursionError:
        return "…"
    return text if len(text) <= 80 else f"{text[:77]}…"


def nearest_word(word: str, words: Iterable[str]) -> str | None:
    """The most similar of some words; None unless one is similar."""
    match = process.extractOne(str(word)[:200], list(words), score_cutoff=60)
    return match[0] if match else None


def hint(word: str, words: Iterable[str]) -> str:
    """The end of a message that suggests the most similar word."""
    nearest = nearest_word(word, words)
    return f"; did you mean {nearest!r}?" if nearest else ""
