"""Removal: records leave the dataset by their ids, unless others refer to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from models import RECORD_TYPES
from models.database.connection import batches, database, fetch_all
from models.dataset import utc_now
from models.queries.fetch import fetch_present_id
from models.records.rows import from_rows
from models.records.times import time_of_change
from models.references import find_referrers, references
from models.search.nearest_id import nearest_id
from seeds import staging
from seeds.loader import DryRun, Load
from seeds.loading.merging import find_merged
from seeds.loading.plan import Plan, compare_with_dataset, remove_matching
from seeds.problems import Place, SeedProblem, SeedProblems
from seeds.staging import StagedFiles, create_staging_tables


def remove(
    type: str,
    ids: Iterable[str],
    *,
    dry_run: bool = False,
    clock: Callable[[], str] = utc_now,
) -> Plan:
    """Remove records of one type, all or none. A dry run writes nothing.

    Raises Refused if one is missing, or if another record refers to one.
    """
    try:
        with database.loading(False), database.writing():
            create_staging_tables()
            load = Load(SeedProblems(), StagedFiles(), False, time_of_change(clock()))
            keys = removed_keys(type, ids, load.problems)
            check_referrers(type, keys, load.problems)
            load.problems.refuse_if_any()
            find_merged()
            compare_with_dataset(load.plan, empty=False, prune=False)
            for batch in batches(keys):
                remove_matching(load.plan, f"key IN ({', '.join(map(str, batch))})")
            total = fetch_all("SELECT COUNT(*) FROM record")[0][0]
            load.plan.unchanged = total - load.plan.removed.count
            load.write([], dry_run=dry_run)
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return load.plan


def removed_keys(type: str, ids: Iterable[str], problems: SeedProblems) -> list[int]:
    """The keys of the records; an id without a record is a problem."""
    param = database.param
    sql = f"SELECT key FROM record WHERE type = {param} AND id = {param}"
    keys = []
    for id in dict.fromkeys(ids):
        rows = fetch_all(sql, type, id)
        if rows:
            keys.append(rows[0][0])
            continue
        place = Place(staging.IN_DATASET, None, type)
        present = fetch_present_id(type, id)
        if present:
            message = f"is a former id of {type}"
            problems.add(SeedProblem(place, message, "id", id, detail=present))
        else:
            message = f"there is no {type} with this id"
            problems.add(SeedProblem(place, message, "id", id, nearest_id(type, id)))
    return keys


def check_referrers(type: str, keys: list[int], problems: SeedProblems) -> None:
    """A record that stays and refers to one of these is a problem."""
    removed_ids = {record["id"] for record in from_rows(type, keys).values()}
    for referring_type, model in RECORD_TYPES.items():
        for batch in batches(set(find_referrers(model, keys)) - set(keys)):
            for record in from_rows(referring_type, batch).values():
                place = Place(staging.IN_DATASET, None, f"{referring_type} {record['id']}")
                referred = {
                    holder[name]
                    for holder, name, types in references(model, record)
                    if types[0] == type
                }
                for id in sorted(referred & removed_ids):
                    problems.add(SeedProblem(place, f"refers to {type}", detail=id))
