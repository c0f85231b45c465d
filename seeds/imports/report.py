"""The report of an import: what it found, what it made, and what a person should look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from seeds.imports.drafts import DraftStore
from seeds.loader import Plan
from seeds.problems import ProblemList

# names of each kind that a report lists, unless all are asked for
MAX_LISTED_NAMES = 20
NEW, CHANGED, UNCHANGED, REPEATED = "new", "changed", "unchanged", "repeated"


@dataclass
class ListedNames:
    """Some lines of names, and the number of all."""

    lines: list[str] = field(default_factory=list)
    total: int = 0


@dataclass
class ImportReport:
    """What an import did, or would do."""

    file: str
    # rows, statements …: what the file holds, by its word
    told: Counter[str] = field(default_factory=Counter)
    # drafts by type and state; repeated ones are equal to an earlier one
    drafted: Counter[tuple[str, str]] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    found_names: ListedNames = field(default_factory=ListedNames)
    made_names: ListedNames = field(default_factory=ListedNames)
    near_names: ListedNames = field(default_factory=ListedNames)
    warnings: ProblemList = field(default_factory=ProblemList)
    plan: Plan | None = None
    # the files that were written
    written: list[Path] = field(default_factory=list)


def list_names(store: DraftStore, report: ImportReport, *, list_all: bool) -> None:
    """Add the names that were found and made to a report."""
    most = -1 if list_all else MAX_LISTED_NAMES
    found = "FROM name WHERE entity IS NULL AND record IS NOT NULL AND id = ''"
    report.found_names = ListedNames(
        [
            f"{type}: {text!r} → {id}"
            for type, text, id in store.select(
                "SELECT type, COALESCE(NULLIF(text, ''), variant), record"
                f" {found} ORDER BY type, text LIMIT {most}"
            )
        ],
        store.select(f"SELECT COUNT(*) {found}")[0][0],
    )
    report.made_names = ListedNames(
        [
            f"{type}: {text!r} → {id}"
            for type, text, id in store.select(
                "SELECT entity.type, COALESCE(NULLIF(MIN(name.text), ''), MIN(variant)), entity.id"
                " FROM entity JOIN name ON name.entity = entity.key"
                f" GROUP BY entity.key ORDER BY entity.type, 2 LIMIT {most}"
            )
        ],
        store.select("SELECT COUNT(*) FROM entity")[0][0],
    )
    report.made = Counter(dict(store.select("SELECT type, COUNT(*) FROM entity GROUP BY type")))
