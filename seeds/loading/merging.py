"""Records that become one: a record names the id of another living one as its former id."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from models import RECORD_TYPES
from models.database.connection import batches, database, fetch_all
from models.records.rows import from_rows
from models.references import find_referrers
from models.seed_file import LoadedFile, forget_seeded
from seeds import staging
from seeds.loading.former_ids import ReferringRecord, use_present_ids
from seeds.loading.plan import Plan
from seeds.problems import SeedProblems
from seeds.unchanged_files import count_in_files


def find_merged() -> bool:
    """Create the table `merged`: the records of the dataset that staged records replace.

    A staged record replaces the record that has one of its former ids, unless that is staged, too.
    """
    database.temporary("merged", "key INTEGER PRIMARY KEY, type TEXT, former TEXT, id TEXT")
    database.execute_sql(
        "INSERT INTO merged SELECT record.key, record.type, record.id, MIN(staged_former.id)"
        " FROM staged_former"
        " JOIN record ON record.type = staged_former.type AND record.id = former"
        " WHERE NOT EXISTS (SELECT 1 FROM staged"
        " WHERE staged.type = record.type AND staged.id = record.id)"
        " GROUP BY record.key, record.type, record.id"
    )
    return bool(fetch_all("SELECT 1 FROM merged LIMIT 1"))


def stage_referrers(
    plan: Plan, unchanged_files: dict[str, LoadedFile], problems: SeedProblems
) -> None:
    """Stage the records outside the files that refer to merged ones, with the present ids."""
    merged = {key for (key,) in fetch_all("SELECT key FROM merged")}
    (last,) = fetch_all("SELECT COALESCE(MAX(seq), 0) FROM staged")[0]
    numbers = count(last + 1)
    for type, model in RECORD_TYPES.items():
        for keys in batches(set(find_referrers(model, list(merged))) - merged):
            unstaged = unstaged_keys(keys)
            plan.unchanged -= count_in_files(unchanged_files, unstaged)
            forget_seeded(unstaged)
            records = referrers(type, unstaged, problems)
            rows = [(next(numbers), *staging.stored_row(type, record)) for record in records]
            database.insert("staged", staging.STAGED_COLUMNS, rows)


def unstaged_keys(keys: list[int]) -> list[int]:
    sql = (
        f"SELECT key FROM record WHERE key IN {database.in_list} AND NOT EXISTS (SELECT 1"
        " FROM staged WHERE staged.type = record.type AND staged.id = record.id) ORDER BY key"
    )
    return [key for (key,) in fetch_all(sql, database.pack(keys))]


def referrers(type: str, keys: list[int], problems: SeedProblems) -> Iterator[dict]:
    """Records of the dataset with present ids in place of former ones."""
    records = [ReferringRecord(type, record) for record in from_rows(type, keys).values()]
    for referring in use_present_ids(records):
        if referring.is_valid(problems):
            yield referring.record
