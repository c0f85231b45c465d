"""Problems of seed files: each names its file, line, record, field and value."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from rapidfuzz import process

# beyond this many, problems are only counted
MAX_LISTED_PROBLEMS = 100
# a kind with more problems is shown by examples
MAX_OF_KIND = 10
EXAMPLES_OF_KIND = 3

# a record type, a field without indexes, and a message without what differs
ProblemKind = tuple[str, str, str]
# beyond this many kinds, problems of other ones are only counted
MAX_KINDS = 1000
FURTHER_KINDS = ("", "", "")
INDEX = re.compile(r"\.\d+(?=\.|$)")
HINT = "; did you mean "
# in messages: a quoted value, a character's code, a number or date
VARIABLE = re.compile(r"'[^']*'|U\+[0-9A-F]+|\d[\d.,:-]*")


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
    """One error or warning. Its `detail` ends the message, and may differ within a kind."""

    place: Place
    message: str
    field: str = ""
    value: Any = None
    suggestion: str | None = None
    detail: str = ""

    @property
    def kind(self) -> ProblemKind:
        type = self.place.record.partition(" ")[0]
        return problem_kind(type, self.field, self.message)

    def __str__(self) -> str:
        text = str(self.place)
        if self.field:
            text += f": {printable(self.field)}"
        if self.value is not None:
            text += f": {short_value(self.value)}"
        text += f": {self.message} {self.detail}".rstrip()
        return text + (f"{HINT}{self.suggestion!r}?" if self.suggestion else "")


class ProblemGroup(NamedTuple):
    """Problems that are shown together; `total` counts those that are left out, too."""

    problems: list[SeedProblem]
    total: int


class Refused(Exception):
    """The files have problems and were not loaded; the dataset is unchanged."""

    def __init__(self, groups: list[ProblemGroup], count: int, warnings: list[ProblemGroup]):
        self.groups = groups
        self.count = count
        self.warnings = warnings
        super().__init__(f"{count:,} problem{'s' * (count != 1)}")

    @property
    def problems(self) -> list[SeedProblem]:
        """The problems that are shown, by file and line."""
        return by_place(problem for group in self.groups for problem in group.problems)


class ProblemList:
    """Errors or warnings: all are counted, and the first of each kind are kept.

    If there is a `report`, it is told of each problem at once, and none is kept.
    """

    def __init__(
        self,
        report: Callable[[SeedProblem], Any] | None = None,
        max_of_kind: int = MAX_OF_KIND,
    ):
        self.report = report
        self.max_of_kind = max_of_kind
        self.kept: list[SeedProblem] = []
        self.counts: Counter[ProblemKind] = Counter()

    @property
    def count(self) -> int:
        return self.counts.total()

    def add(self, problem: SeedProblem) -> None:
        self.add_lazily(problem.kind, lambda: problem)

    def add_lazily(self, kind: ProblemKind, build: Callable[[], SeedProblem]) -> None:
        """Add a problem that is built only if it is shown: its message costs queries."""
        kind = self.bounded_kind(kind)
        if self.report:
            self.report(build())
        elif self.counts[kind] < self.max_of_kind:
            self.kept.append(build())
        self.counts[kind] += 1

    def extend(self, other: ProblemList) -> None:
        """Add the problems of a list that was kept by itself, for a part of the files."""
        for problem in other.kept:
            self.add(problem)
        only_counted = other.counts - Counter(other.bounded_kind(each.kind) for each in other.kept)
        for kind, count in only_counted.items():
            self.counts[self.bounded_kind(kind)] += count

    def bounded_kind(self, kind: ProblemKind) -> ProblemKind:
        """The kind, or FURTHER_KINDS if it is one too many to be counted by itself."""
        return kind if kind in self.counts or len(self.counts) < MAX_KINDS else FURTHER_KINDS

    def groups(self) -> list[ProblemGroup]:
        """At most a hundred problems, in groups.

        If none is left out, they are one group, by file and line. Otherwise each kind is a group,
        the most frequent first; a last group without problems counts those of all other kinds.
        """
        if self.report:
            return []
        by_kind: dict[ProblemKind, list[SeedProblem]] = defaultdict(list)
        for problem in by_place(self.kept):
            if problem.kind in self.counts:
                by_kind[problem.kind].append(problem)
        kinds = sorted(by_kind, key=lambda kind: -self.counts[kind])
        shown: list[int] = []
        for most in (MAX_OF_KIND, EXAMPLES_OF_KIND, 1):
            counts = [self.counts[kind] for kind in kinds]
            shown = [count if count <= most else min(most, EXAMPLES_OF_KIND) for count in counts]
            if sum(shown) <= MAX_LISTED_PROBLEMS:
                break
        if sum(shown) == self.count <= MAX_LISTED_PROBLEMS:
            return [ProblemGroup(by_place(self.kept), self.count)]
        groups = [
            ProblemGroup(by_kind[kind][:number], self.counts[kind])
            for kind, number in zip(kinds[:MAX_LISTED_PROBLEMS], shown, strict=False)
        ]
        of_other_kinds = self.count - sum(group.total for group in groups)
        return [*groups, ProblemGroup([], of_other_kinds)] if of_other_kinds else groups


class SeedProblems(ProblemList):
    """The errors of a load, and its warnings.

    If there is a `report`, it is told of each at once: ("error" or "warning", problem).
    """

    def __init__(
        self,
        report: Callable[[str, SeedProblem], Any] | None = None,
        max_of_kind: int = MAX_OF_KIND,
    ):
        super().__init__(partial(report, "error") if report else None, max_of_kind)
        self.warnings = ProblemList(partial(report, "warning") if report else None, max_of_kind)
        # whether records are missing that others may refer to, since they could not be read
        self.records_lost = False

    def add_unreadable(self, problem: SeedProblem) -> None:
        """Add a problem that hides records."""
        self.records_lost = True
        self.add(problem)

    def extend(self, other: SeedProblems) -> None:  # type: ignore[override]
        super().extend(other)
        self.warnings.extend(other.warnings)
        self.records_lost = self.records_lost or other.records_lost

    def refuse_if_any(self) -> None:
        """Raise Refused if there are errors."""
        if self.count:
            raise Refused(self.groups(), self.count, self.warnings.groups())


def by_place(problems: Iterable[SeedProblem]) -> list[SeedProblem]:
    """Problems by file and line."""
    return sorted(problems, key=lambda problem: (problem.place.file, problem.place.line or 0))


def problem_kind(type: str, field: str, message: str) -> ProblemKind:
    """The kind of a problem: without the parts that differ where a mistake is repeated."""
    message = message.partition(HINT)[0]
    return type, INDEX.sub("", field[:200]), VARIABLE.sub("…", message)


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
    return f"{HINT}{nearest!r}?" if nearest else ""


def replacements(pairs: Iterable[tuple[str, str]]) -> str:
    """Former and present ids, in words."""
    return ", ".join(f"{old!r} is now {new!r}" for old, new in pairs)
