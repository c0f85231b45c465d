"""Unchanged files: the dataset has all their records, so a load need not read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.base import insert_rows
from models.database.connection import database, fetch_all
from models.seed_file import LoadedFile, SeededRecord, SeedFile, loaded_files


class FilesChanged(Exception):
    """Files that the load skipped as unchanged must be read."""


def count_unchanged(files: Mapping[str, LoadedFile]) -> int:
    """The number of records in the files that were not read; each is unchanged.

    Raises FilesChanged if another load changed one of their records meanwhile, or if a staged
    record has the id of one, or names it as its former id.
    """
    if not files:
        return 0
    now_loaded = loaded_files()
    if any(now_loaded.get(digest) != file for digest, file in files.items()):
        raise FilesChanged
    same_record = (
        "SELECT 1 FROM record JOIN seeded ON seeded.key = record.key"
        f" AND seeded.file IN {database.in_list}"
    )
    keys = database.pack(file.key for file in files.values())
    for table, column in (("staged", "id"), ("staged_former", "former")):
        sql = (
            f"SELECT 1 FROM {table} WHERE EXISTS ({same_record}"
            f" WHERE record.type = {table}.type AND record.id = {table}.{column}) LIMIT 1"
        )
        if fetch_all(sql, keys):
            raise FilesChanged
    return sum(file.records for file in files.values())


def count_in_files(files: Mapping[str, LoadedFile], keys: Iterable[int]) -> int:
    """How many of these records are in the files that were not read."""
    if not files:
        return 0
    sql = (
        "SELECT COUNT(*) FROM seeded"
        f" WHERE key IN {database.in_list} AND file IN {database.in_list}"
    )
    file_keys = database.pack(file.key for file in files.values())
    return fetch_all(sql, database.pack(keys), file_keys)[0][0]


def remember_files(
    read: Iterable[tuple[str | None, int]], *, any_added: bool, any_removed: bool
) -> None:
    """Store which file has each record as it now is, and forget files that lost a record.

    `read` has the digest and the number of records of each file that was read.
    """
    param = database.param
    (last,) = fetch_all("SELECT COALESCE(MAX(key), 0) FROM seed_file")[0]
    numbered = [(last + 1 + n, digest, records) for n, (digest, records) in enumerate(read)]
    certain = [file for file in numbered if file[1]]
    uncertain = [key for key, digest, _ in numbered if not digest]
    database.many(
        f"DELETE FROM seed_file WHERE digest = {param}", [(digest,) for _, digest, _ in certain]
    )
    insert_rows(SeedFile, certain)
    if any_removed:
        database.execute_sql("DELETE FROM seeded WHERE key IN (SELECT key FROM removed)")
    # in the first load, none is seeded
    if last:
        database.execute_sql(
            "DELETE FROM seeded WHERE key IN (SELECT key FROM staged WHERE key IS NOT NULL)"
        )
    with database.indexed_later([] if last else [SeededRecord]):
        for table in ("staged", "added") if any_added else ("staged",):
            database.execute_sql(
                f"INSERT INTO seeded (key, file) SELECT key, {param} + file FROM {table}"
                " WHERE key IS NOT NULL AND file IS NOT NULL",
                (last + 1,),
            )
    if uncertain:
        sql = f"DELETE FROM seeded WHERE file IN {database.in_list}"
        database.execute_sql(sql, (database.pack(uncertain),))
    database.execute_sql(
        "DELETE FROM seed_file WHERE records > 0 AND key NOT IN (SELECT file FROM seeded)"
    )
