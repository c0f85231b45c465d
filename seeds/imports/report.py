"""The report of an import: what it found, what it made, and what a person should look at."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from seeds.imports.drafts import DraftStore
from seeds.imports.making import made_name
from seeds.loader import Plan
from seeds.problems import ProblemList

# names of each type that a report lists, and pairs of names, unless all are asked for
MAX_LISTED_NAMES = 10
NEW, CHANGED, UNCHANGED, REPEATED = "new", "changed", "unchanged", "equal to an earlier one"


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
    # drafts by type and state
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
    most = sys.maxsize if list_all else MAX_LISTED_NAMES
    in_dataset = "FROM name WHERE entity IS NULL AND record IS NOT NULL AND id = ''"
    texts = f"SELECT type, COALESCE(NULLIF(text, ''), variant) AS text, record {in_dataset}"
    report.found_names = ListedNames(
        [f"{type}: {text!r} → {id}" for type, text, id, _ in first_of_types(store, texts, most)],
        store.select(f"SELECT COUNT(*) {in_dataset}")[0][0],
    )
    entities = "SELECT type, id AS text, key FROM entity"
    report.made_names = ListedNames(
        [
            f"{type}: {made_name(store, key, id)[0]!r} → {id}"
            for type, id, key, _ in first_of_types(store, entities, most)
        ],
        store.select("SELECT COUNT(*) FROM entity")[0][0],
    )
    report.made = Counter(dict(store.select("SELECT type, COUNT(*) FROM entity GROUP BY type")))


def first_of_types(store: DraftStore, rows: str, most: int) -> list[tuple]:
    """The first rows of each type, by type and text."""
    return store.select(
        "SELECT * FROM ("
        "SELECT *, ROW_NUMBER() OVER (PARTITION BY type ORDER BY text) AS place"
        f" FROM ({rows})) WHERE place <= ? ORDER BY type, text",
        most,
    )
