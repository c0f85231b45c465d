"""Loading: staged records into the dataset, in one transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from models import Claim, EventClaim, Relation, TopicClaim
from models.database.connection import database, fetch_all
from models.database.patience import DEFAULT_PATIENCE, Patience
from models.dataset import read_dataset, utc_now
from models.documents.claimants import touched_claimants, update_claimants
from models.documents.refresh import begin_marking, mark_stale, render_marked
from models.documents.texts import remove_touched_texts, store_changed_texts, touched_names
from models.records.times import time_of_change
from models.seed_file import LoadedFile, loaded_files
from seeds import checks
from seeds.loading.derived import begin_reclassifying, fill_inherited, update_hierarchies
from seeds.loading.former_ids import (
    RenamedRecord,
    keep_former_ids,
    rename_records,
    resolve_former_ids,
)
from seeds.loading.merging import find_merged, stage_referrers
from seeds.loading.plan import (
    CHANGED,
    Plan,
    Unconfirmed,
    compare_with_dataset,
    require_confirmation,
)
from seeds.loading.records import RecordWriter, insert_records, remove_records
from seeds.loading.versions import bump_versions
from seeds.problems import Refused, SeedProblem, SeedProblems
from seeds.staging import StagedFiles, stage
from seeds.unchanged_files import FilesChanged, count_unchanged, remember_files

__all__ = ["Plan", "Unconfirmed", "load"]

# is told (phase, done, total); the phases are reading, writing and rendering
Progress = Callable[[str, int, int], Any]


def no_progress(phase: str, done: int, total: int) -> None:
    """Tell nobody."""


class DryRun(Exception):
    """Rolls back a load that only shows its plan."""


def load(
    paths: Iterable[str | Path],
    *,
    prune: bool = False,
    confirmed: bool = False,
    dry_run: bool = False,
    replace_control: bool = False,
    progress: Progress = no_progress,
    clock: Callable[[], str] = utc_now,
    inspect: Callable[[SeedProblems], Any] = lambda problems: None,
    report: Callable[[str, SeedProblem], Any] | None = None,
    patience: Patience = DEFAULT_PATIENCE,
) -> Plan:
    """Load files and folders into the dataset, all or nothing.

    With `prune` the files are the whole dataset: other records are removed, more than a tenth of
    all only if `confirmed`. A dry run writes nothing. `replace_control` puts a space in place of
    each control character. `inspect` is called before the load commits;
    it may add warnings. `report` is told of each ("error" or "warning", problem) as it comes.
    `patience` is for another load that is under way.

    Raises Refused with all problems, Unconfirmed, or the database's own errors; then nothing has
    changed.
    """

    def attempt(loaded: Mapping[str, LoadedFile]) -> Plan:
        problems = SeedProblems(report)
        files = stage(
            paths,
            problems,
            lambda done, total: progress("reading", done, total),
            loaded,
            replace_control=replace_control,
        )
        try:
            empty = not read_dataset().version
            with database.loading(empty), database.writing(patience):
                run = Load(problems, files, prune, time_of_change(clock()), progress)
                if empty and run.before.version:
                    # another load came first, and the database was prepared for an empty one
                    raise FilesChanged
                run.run(dry_run=dry_run, confirmed=confirmed)
                inspect(problems)
                if dry_run:
                    raise DryRun
        except DryRun:
            pass
        except Refused:
            # unchanged files may have problems with the others: name their lines
            if files.unchanged:
                raise FilesChanged from None
            raise
        run.plan.warnings = problems.warnings
        return run.plan

    paths = list(paths)
    try:
        # the records to remove show only if all files are read; and a second attempt would report
        # all problems again
        with database.one_connection():
            return attempt({} if prune or report else loaded_files())
    except FilesChanged:
        with database.one_connection():
            return attempt({})


class Load:
    """One load, inside its transaction."""

    def __init__(
        self,
        problems: SeedProblems,
        files: StagedFiles,
        prune: bool,
        time: str,
        progress: Progress = no_progress,
    ):
        self.plan = Plan()
        self.problems = problems
        self.files = files
        self.prune = prune
        self.time = time
        self.progress = progress
        self.before = read_dataset()
        self.empty = self.before.last_key == 0

    def run(self, *, dry_run: bool, confirmed: bool) -> None:
        plan = self.plan
        plan.unchanged = count_unchanged(self.files.unchanged)
        renamed = rename_records()
        merges = find_merged()
        resolve_former_ids(self.prune, self.problems)
        if not self.prune:
            if merges:
                stage_referrers(plan, self.files.unchanged, self.problems)
            keep_former_ids(self.problems.warnings)
        compare_with_dataset(plan, empty=self.empty, prune=self.prune)
        if self.prune and not (dry_run or confirmed or self.problems.count):
            require_confirmation(plan)
        self.write(renamed, dry_run=dry_run)

    def write(self, renamed: list[RenamedRecord], *, dry_run: bool) -> None:
        """Write what the plan says, and store which files have the records."""
        if self.plan.changes:
            self.write_changes(renamed, dry_run=dry_run)
        self.problems.refuse_if_any()
        remember_files(
            self.files.read,
            any_added=bool(self.plan.added.count),
            any_removed=bool(self.plan.removed.count),
        )

    def write_changes(self, renamed: list[RenamedRecord], *, dry_run: bool) -> None:
        plan, types = self.plan, self.plan.types
        begin_marking()
        database.begin_texts()
        if plan.changed.count:
            database.execute_sql(f"INSERT INTO touched SELECT key, type, state FROM {CHANGED}")
        if plan.removed.count:
            database.execute_sql("INSERT INTO touched SELECT key, type, 'removed' FROM removed")
        claimants = touched_claimants() if plan.changed.counts["actor"] else {}
        names = touched_names() if plan.changed.count else {}
        if plan.changed.count or plan.removed.count:
            # before the writes, too: rows that go tell which documents show a record
            mark_stale()
            remove_touched_texts()
        remove_records(plan)
        if plan.added.count:
            insert_records(self.before.last_key, self.before.version + 1, self.time)
        reclassify = bool(types & {"claim", "topic", "event", "position"})
        if reclassify:
            begin_reclassifying()
        self.write_rows(render=not dry_run)
        self.check_records(types)
        if reclassify:
            with database.indexed_later([TopicClaim, EventClaim] if self.empty else []):
                update_hierarchies(types)
        bump_versions(self.before, plan, renamed, self.files.unchanged, self.time)
        if not dry_run:
            mark_stale(first_load=self.empty)
            update_claimants(claimants)
            self.render_documents()
            if plan.changed.count:
                store_changed_texts(names)
            database.index_texts()
            total = self.before.last_key + plan.added.count
            database.analyze(plan.changes, of=total)

    def write_rows(self, *, render: bool) -> None:
        writer = RecordWriter(self.plan, self.problems, self.time, render=render)

        def progress(written: int, total: int) -> None:
            if render:
                self.progress("writing", written, total)

        # relations keep their index: a claim may come after one that refers to it
        tables = [Claim, *(link for link in Claim.LINKS if link is not Relation)]
        with database.indexed_later(tables if self.empty else []):
            writer.write(progress)
            if self.plan.changed.count:
                fill_inherited()
        if self.plan.removed.count:
            writer.check_unchanged()

    def check_records(self, types: set[str]) -> None:
        """Raise Refused if records do not fit together."""
        checks.check_hierarchies(types, self.problems)
        checks.check_former_ids(self.problems)
        if types & {"claim", "source"}:
            checks.check_texts(self.problems)
        self.problems.refuse_if_any()

    def render_documents(self) -> None:
        # removed records may be stale
        sql = "SELECT COUNT(*) FROM stale JOIN record ON record.key = stale.key"
        total = fetch_all(sql)[0][0]
        done = 0

        def rendered(count: int) -> None:
            nonlocal done
            done += count
            self.progress("rendering", done, total)

        render_marked(rendered)
