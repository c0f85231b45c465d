"""The plan of a load: which records it adds, changes and removes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from models.database.connection import database, fetch_all
from seeds.problems import ProblemList
from seeds.staging import ADDED

# records that a plan names of each kind of change
MAX_EXAMPLES = 20
# staged records that the dataset has; the index staged_key finds them
CHANGED = "staged WHERE key IS NOT NULL AND state = 'changed'"
UNCHANGED = "staged WHERE key IS NOT NULL AND state = 'unchanged'"


@dataclass
class PlannedChanges:
    """How many records are added, changed or removed, by type, and the first of them."""

    counts: Counter = field(default_factory=Counter)
    # type and id
    examples: list[str] = field(default_factory=list)

    def add(self, type: str, id: str) -> None:
        self.counts[type] += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append(f"{type} {id}")

    def add_selected(self, source: str, order: str) -> None:
        """Add the records of a table, which may have a condition, in the order of a column."""
        by_type = f"SELECT type, COUNT(*) FROM {source} GROUP BY type ORDER BY MIN({order})"
        self.counts.update(dict(fetch_all(by_type)))
        if self.count:
            examples = f"SELECT type, id FROM {source} ORDER BY {order} LIMIT {MAX_EXAMPLES}"
            self.examples += [f"{type} {id}" for type, id in fetch_all(examples)]

    @property
    def count(self) -> int:
        return self.counts.total()


@dataclass
class Plan:
    """What a load does to the dataset."""

    added: PlannedChanges = field(default_factory=PlannedChanges)
    changed: PlannedChanges = field(default_factory=PlannedChanges)
    removed: PlannedChanges = field(default_factory=PlannedChanges)
    unchanged: int = 0
    # of the files that were read
    warnings: ProblemList = field(default_factory=ProblemList, compare=False)

    @property
    def changes(self) -> int:
        return self.added.count + self.changed.count + self.removed.count

    @property
    def types(self) -> set[str]:
        """The types of the records that are added, changed or removed."""
        return {*self.added.counts, *self.changed.counts, *self.removed.counts}


class Unconfirmed(Exception):
    """A load would remove more than a tenth of the dataset, and was not confirmed."""

    def __init__(self, plan: Plan, total: int):
        self.plan = plan
        super().__init__(
            f"this would remove {plan.removed.count} of {total} records: confirm with --yes"
        )


def compare_with_dataset(plan: Plan, *, empty: bool, prune: bool) -> None:
    """Set key and state of the staged records, and add them to the plan.

    The table `removed` has the records of the dataset that are merged into others, or with `prune`
    all that are not staged.
    """
    if not empty:
        database.execute_sql(
            "UPDATE staged SET key = (SELECT key FROM record"
            " WHERE record.type = staged.type AND record.id = staged.id)"
        )
        database.execute_sql(
            "UPDATE staged SET state = CASE hash WHEN"
            " (SELECT hash FROM record WHERE record.key = staged.key)"
            f" THEN 'unchanged' ELSE 'changed' END WHERE key IS NOT NULL AND state = '{ADDED}'"
        )
    database.index("staged_key", "staged (type, state, key) WHERE key IS NOT NULL")
    plan.added.add_selected(f"staged WHERE state = '{ADDED}'", "seq")
    if not empty:
        plan.changed.add_selected(CHANGED, "seq")
        plan.unchanged += fetch_all(f"SELECT COUNT(*) FROM {UNCHANGED}")[0][0]
    columns = "key INTEGER PRIMARY KEY, type TEXT, id TEXT, hash BLOB, seq INTEGER"
    database.temporary("removed", columns)
    condition = "key IN (SELECT key FROM merged)"
    if prune:
        condition = (
            "NOT EXISTS (SELECT 1 FROM staged"
            " WHERE staged.type = record.type AND staged.id = record.id)"
        )
    remove_matching(plan, condition)


def remove_matching(plan: Plan, condition: str) -> None:
    """Add the records of the dataset that meet a condition to `removed`, and to the plan."""
    database.execute_sql(
        f"INSERT INTO removed SELECT key, type, id, hash, seq FROM record WHERE {condition}"
    )
    plan.removed.add_selected("removed", "seq")


def require_confirmation(plan: Plan) -> None:
    """Raise Unconfirmed if more than a tenth of the records would be removed."""
    if plan.removed.count:
        total = fetch_all("SELECT COUNT(*) FROM record")[0][0]
        if plan.removed.count * 10 > total:
            raise Unconfirmed(plan, total)
