"""Files that were loaded before: which need not be read, and which are known from now on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.base import insert_rows
from models.database.connection import database, fetch_all
from models.seed_file import LoadedFile, SeededRecord, SeedFile, loaded_files


class Doubted(Exception):
    """The dataset is not what it was taken for when the files were read: all are read again."""


def unread(kept: Mapping[str, LoadedFile]) -> int:
    """How many records of the files left unread are unchanged: all of them.

    Raises Doubted where they do not stand any more, or where what was read takes something of
    theirs.
    """
    if not kept:
        return 0
    known = loaded_files()
    of = (
        "SELECT 1 FROM record JOIN seeded ON seeded.key = record.key"
        f" AND seeded.file IN {database.in_list}"
    )
    same = (
        f"SELECT 1 FROM staged WHERE EXISTS ({of}"
        " WHERE record.type = staged.type AND record.id = staged.id) LIMIT 1",
        f"SELECT 1 FROM staged_former WHERE EXISTS ({of}"
        " WHERE record.type = staged_former.type AND record.id = staged_former.former) LIMIT 1",
    )
    keys = database.pack(one.key for one in kept.values())
    if any(known.get(content) != one for content, one in kept.items()) or any(
        fetch_all(sql, keys) for sql in same
    ):
        raise Doubted
    return sum(one.records for one in kept.values())


def unread_of(kept: Mapping[str, LoadedFile], keys: Iterable[int]) -> int:
    """How many of these records the files left unread hold."""
    files = database.pack(one.key for one in kept.values())
    of = f"key IN {database.in_list} AND file IN {database.in_list}"
    return fetch_all(f"SELECT COUNT(*) FROM seeded WHERE {of}", database.pack(keys), files)[0][0]


def remember(read: Iterable[tuple[str | None, int]]) -> None:
    """Write down which file has each record as it stands, and forget those that have none.

    Of each file that was read, the digest of its content, None where it is not sure, and how many
    records it holds.
    """
    one = database.param
    (last,) = fetch_all("SELECT COALESCE(MAX(key), 0) FROM seed_file")[0]
    numbered = [(last + 1 + n, digest, records) for n, (digest, records) in enumerate(read)]
    sure = [file for file in numbered if file[1]]
    unsure = [key for key, digest, _ in numbered if not digest]
    again = [(digest,) for _, digest, _ in sure]
    database.many(f"DELETE FROM seed_file WHERE digest = {one}", again)
    insert_rows(SeedFile, sure)
    database.execute_sql("DELETE FROM seeded WHERE key IN (SELECT key FROM removed)")
    staged = "SELECT key FROM staged WHERE key IS NOT NULL"
    database.execute_sql(f"DELETE FROM seeded WHERE key IN ({staged})")
    with database.indexed_later([] if last else [SeededRecord]):
        database.execute_sql(
            "INSERT INTO seeded (key, file)"
            f" SELECT key, {one} + file FROM staged WHERE key IS NOT NULL AND file IS NOT NULL"
            f" UNION ALL SELECT key, {one} + file FROM added WHERE file IS NOT NULL",
            (last + 1, last + 1),
        )
    database.execute_sql(
        f"DELETE FROM seeded WHERE file IN {database.in_list}", (database.pack(unsure),)
    )
    database.execute_sql(
        "DELETE FROM seed_file WHERE records > 0 AND key NOT IN (SELECT file FROM seeded)"
    )
