"""Hashes, versions and times of changed records, deleted ids, the dataset's digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models import RECORD_TYPES, Deletion
from models.base import insert_rows
from models.database.connection import batches, database, fetch_all
from models.dataset import Dataset, next_version
from models.documents.refresh import mark_keys, mark_related
from models.records.canonical import dataset_digest, record_hash
from models.records.rows import from_rows
from models.references import find_referrers
from models.seed_file import LoadedFile, forget_seeded
from seeds.loading.former_ids import RenamedRecord
from seeds.loading.plan import CHANGED, Plan
from seeds.unchanged_files import count_in_files


def bump_versions(
    before: Dataset,
    plan: Plan,
    renamed: list[RenamedRecord],
    unchanged_files: Mapping[str, LoadedFile],
    time: str,
) -> None:
    """Give changed records and the dataset the next version, and store which ids are gone.

    Records outside the files that refer to renamed ones change too: the plan counts them.
    """
    version = before.version + 1
    digest = digest_of_staged(before.digest, plan)
    if plan.changed.count:
        param = database.param
        database.execute_sql(
            f"UPDATE record SET hash = (SELECT hash FROM {CHANGED}"
            " AND staged.type = record.type AND staged.key = record.key),"
            f" version = {param}, updated_at = {param}"
            f" WHERE key IN (SELECT key FROM {CHANGED})",
            (version, time),
        )
    if renamed:
        digest = bump_referrers(renamed, digest, version, time, plan, unchanged_files)
    store_deletions(renamed, version, plan)
    next_version(version, digest, before.last_key + plan.added.count)


def digest_of_staged(digest: str, plan: Plan) -> str:
    """The digest after the added, changed and removed records."""
    new = "SELECT hash FROM staged WHERE state IN ('added', 'changed')"
    digest = dataset_digest(digest, plus=select_hashes(new))
    if plan.changed.count:
        old = (
            "SELECT record.hash FROM staged JOIN record ON record.key = staged.key"
            " WHERE state = 'changed'"
        )
        digest = dataset_digest(digest, minus=select_hashes(old))
    if plan.removed.count:
        digest = dataset_digest(digest, minus=select_hashes("SELECT hash FROM removed"))
    return digest


def select_hashes(sql: str) -> Iterator[bytes]:
    return (hash for (hash,) in database.execute_sql(sql))


def bump_referrers(
    renamed: list[RenamedRecord],
    digest: str,
    version: int,
    time: str,
    plan: Plan,
    unchanged_files: Mapping[str, LoadedFile],
) -> str:
    """Change the untouched records that refer to renamed ones; returns the digest after."""
    keys = [record.key for record in renamed]
    param = database.param
    update = (
        f"UPDATE record SET hash = {param}, version = {param}, updated_at = {param}"
        f" WHERE key = {param}"
    )
    for type, model in RECORD_TYPES.items():
        for batch in batches(find_referrers(model, keys)):
            hashes = dict(
                fetch_all(
                    f"SELECT key, hash FROM record WHERE key IN {database.in_list}"
                    " AND key NOT IN (SELECT key FROM touched) ORDER BY key",
                    database.pack(batch),
                )
            )
            if not hashes:
                continue
            untouched = list(hashes)
            plan.unchanged -= count_in_files(unchanged_files, untouched)
            forget_seeded(untouched)
            mark_keys(untouched)
            if type == "claim":
                mark_related(untouched)
            updates = []
            for key, record in from_rows(type, untouched).items():
                hash = record_hash(type, record)
                digest = dataset_digest(digest, plus=[hash], minus=[hashes[key]])
                plan.changed.add(type, record["id"])
                updates.append((hash, version, time, key))
            database.many(update, updates)
    return digest


def store_deletions(renamed: list[RenamedRecord], version: int, plan: Plan) -> None:
    """Store the ids of removed records and the former ids of renamed ones as deleted."""
    deleted = [(record.type, record.former_id) for record in renamed]
    if plan.removed.count:
        deleted += fetch_all("SELECT type, id FROM removed")
    if deleted:
        param = database.param
        database.many(f"DELETE FROM deletion WHERE type = {param} AND id = {param}", deleted)
        insert_rows(Deletion, [(type, id, version) for type, id in deleted])
    if plan.added.count or renamed:
        # a deleted id may be back
        database.execute_sql(
            "DELETE FROM deletion WHERE EXISTS (SELECT 1 FROM record"
            " WHERE record.type = deletion.type AND record.id = deletion.id)"
        )
