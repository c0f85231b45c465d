"""Running an import: the same steps for all formats."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from peewee import __exception_wrapper__ as own_errors  # type: ignore[attr-defined]

from models.database.disk_space import naming_temporary_folder
from models.records.canonical import record_hash
from models.records.field_order import in_field_order
from seeds import checks
from seeds.imports.drafts import DraftStore
from seeds.imports.making import assign_ids, made_records
from seeds.imports.naming import report_ambiguous, settle_names
from seeds.imports.records import DraftedRecord, drafted_records
from seeds.imports.report import (
    CHANGED,
    MAX_LISTED_NAMES,
    NEW,
    REPEATED,
    UNCHANGED,
    ImportReport,
    ListedNames,
    list_names,
)
from seeds.loader import Plan, Progress, load, no_progress
from seeds.problems import ProblemGroup, Refused, SeedProblem, SeedProblems
from seeds.raw_record import RawRecord
from seeds.reader import printable_path
from seeds.replaced_file import replaced_file
from seeds.staging import validate

# the least similarity of names that a person should look at, of 100
MIN_NEAR_SIMILARITY = 88
NEAR_TYPES = ("actor", "organization", "event", "topic", "position")

Read = Callable[[Path, DraftStore], Any]
Report = Callable[[str, SeedProblem], Any]


def run_import(
    read: Read,
    path: Path,
    *,
    target: Path | None = None,
    dry_run: bool = False,
    create: bool = True,
    replace_control: bool = False,
    list_all: bool = False,
    progress: Progress = no_progress,
    report_problem: Report | None = None,
    after: Callable[[DraftStore, ImportReport], Any] | None = None,
) -> ImportReport:
    """Import a file: write seeds to the `target`, or load them if there is none.

    The loader checks the records in either case. `create` allows records that the dataset lacks;
    `replace_control` puts a space in place of each control character, and
    a dry run writes nothing. `after` is called once all is written.

    Raises Refused with all problems, or the database's own errors; then nothing was written.
    """
    problems = SeedProblems(report_problem)
    store = DraftStore(
        printable_path(path), problems, create=create, replace_control=replace_control
    )
    report = ImportReport(store.file)
    try:
        with tempfile.TemporaryDirectory() as folder:
            seeds = Path(folder) / "import.jsonl"
            # the loader names the folders that it writes to
            with naming_temporary_folder(), own_errors:
                read(path, store)
                settle_names(store)
                assign_ids(store)
                report_ambiguous(store)
                with seeds.open("wb") as file:
                    RecordFile(store, report, file).write_all()
                problems.refuse_if_any()
                list_names(store, report, list_all=list_all)
            report.plan = checked_load(
                store, report, seeds, dry_run or target is not None, list_all, progress
            )
            if target and not dry_run:
                with seeds.open("rb") as source, replaced_file(target) as file:
                    shutil.copyfileobj(source, file)
                report.written.append(target)
        if after and not dry_run:
            after(store, report)
        report.told = store.told
        report.warnings = problems.warnings
        return report
    finally:
        store.close()


class RecordFile:
    """The seed file of an import: each record is validated, and written once."""

    def __init__(self, store: DraftStore, report: ImportReport, file: BinaryIO):
        self.store = store
        self.report = report
        self.file = file
        self.count = 0

    def write_all(self) -> None:
        for type, line, record in made_records(self.store):
            if record and (valid := self.validated(type, line, record)):
                self.write(type, line, valid)
        for drafted in drafted_records(self.store):
            self.write_draft(drafted)

    def write_draft(self, drafted: DraftedRecord) -> None:
        draft = drafted.draft
        valid = self.validated(draft.type, draft.line, drafted.record)
        if not valid:
            return
        sql = "UPDATE draft SET record = ? WHERE n = ?"
        self.store.scratch.execute(sql, (valid["id"], drafted.n))
        if not self.write(draft.type, draft.line, valid):
            state = REPEATED
        elif drafted.stored is None:
            state = NEW
        else:
            state = UNCHANGED if valid == drafted.stored else CHANGED
        self.report.drafted[draft.type, state] += 1

    def validated(self, type: str, line: int, record: dict[str, Any]) -> dict[str, Any] | None:
        """The record in canonical form; None, and told, if it is invalid."""
        raw = RawRecord(type, record, self.store.file, line)
        if self.store.replace_control:
            raw = raw.replace_control()
        problems = SeedProblems()
        valid = validate(raw, problems)
        for problem in problems.kept:
            self.store.problems.add(self.store.placed(problem, line))
        return valid

    def write(self, type: str, line: int, record: dict[str, Any]) -> bool:
        """Write a record; False if it was written before. Another one of its id is an error."""
        hash = record_hash(type, record)
        inserted = self.store.scratch.execute(
            "INSERT OR IGNORE INTO written VALUES (?, ?, ?, ?, ?)",
            (type, record["id"], hash, line, self.count + 1),
        )
        if not inserted.rowcount:
            self.check_equal(type, record["id"], hash, line)
            return False
        self.count += 1
        self.file.write(orjson.dumps({"type": type, **in_field_order(type, record)}) + b"\n")
        return True

    def check_equal(self, type: str, id: str, hash: bytes, line: int) -> None:
        sql = "SELECT hash, line FROM written WHERE type = ? AND id = ?"
        ((first_hash, first_line),) = self.store.select(sql, type, id)
        if hash != first_hash:
            message = (
                f"differs from the {type} of this id in {self.store.place_name(first_line)}: join"
                " their values in one row, or give each an id of its own"
            )
            self.store.error(line, "id", message, id)


def checked_load(
    store: DraftStore,
    report: ImportReport,
    seeds: Path,
    dry_run: bool,
    list_all: bool,
    progress: Progress,
) -> Plan:
    """Load the seed file; problems name the lines of the imported file."""

    def inspect(problems: SeedProblems) -> None:
        report.near_names = near_names(store, list_all=list_all)

    with lines_of_import(store, seeds):
        return load([seeds], dry_run=dry_run, progress=progress, inspect=inspect)


@contextmanager
def lines_of_import(store: DraftStore, seeds: Path) -> Iterator[None]:
    """Let problems of the seed file name the lines of the imported file instead."""

    def moved(problem: SeedProblem) -> SeedProblem:
        if problem.place.file != printable_path(seeds):
            return problem
        rows = store.select("SELECT line FROM written WHERE place = ?", problem.place.line)
        return store.placed(problem, rows[0][0] if rows else None)

    try:
        yield
    except Refused as refused:
        groups, warnings = (
            [ProblemGroup(list(map(moved, group.problems)), group.total) for group in kind]
            for kind in (refused.groups, refused.warnings)
        )
        raise Refused(groups, refused.count, warnings) from None


def near_names(store: DraftStore, *, list_all: bool) -> ListedNames:
    """Pairs of nearly equal names, of which the import makes one or both."""
    near = ListedNames()
    if not store.select("SELECT 1 FROM entity LIMIT 1"):
        return near
    for type, *keys in sorted(checks.similar_names(NEAR_TYPES, MIN_NEAR_SIMILARITY)):
        ids = [id for id in map(checks.ids_by_key(keys).get, keys) if id]
        sql = "SELECT 1 FROM entity WHERE type = ? AND id IN (?, ?)"
        if store.select(sql, type, *ids):
            near.total += 1
            if list_all or near.total <= MAX_LISTED_NAMES:
                near.lines.append(f"{type}: {ids[0]} and {ids[1]}")
    return near
