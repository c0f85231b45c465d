"""Records that get another id: `former_ids`."""

from __future__ import annotations

from typing import NamedTuple

import orjson

from models import RECORD_TYPES
from models.database.connection import database, fetch_all
from models.references import references
from seeds import staging
from seeds.problems import SeedProblem, SeedProblems
from seeds.schemas import SCHEMAS, schema_errors

RESOLVE_BATCH = 250


class RenamedRecord(NamedTuple):
    key: int
    type: str
    former_id: str


def rename_records() -> list[RenamedRecord]:
    """Give records of the dataset their new ids, where the files name the old ids as former ones.

    A record keeps its id if the new one is taken.
    """
    rows = fetch_all(
        "SELECT staged_former.type, former, staged_former.id, old.key, new.key FROM staged_former"
        " JOIN record AS old ON old.type = staged_former.type AND old.id = former"
        " LEFT JOIN record AS new ON new.type = staged_former.type AND new.id = staged_former.id"
        " ORDER BY staged_former.type, former"
    )
    # each rename frees one id and takes another
    keys: dict[tuple[str, str], int | None] = {}
    for type, former, id, old_key, new_key in rows:
        keys[type, former] = old_key
        keys[type, id] = new_key
    renamed = []
    updates = []
    for type, former, id, *_ in rows:
        key = keys[type, former]
        if key is not None and keys[type, id] is None:
            keys[type, id], keys[type, former] = key, None
            renamed.append(RenamedRecord(key, type, former))
            updates.append((id, key))
    if updates:
        sql = f"UPDATE record SET id = {database.param} WHERE key = {database.param}"
        database.many(sql, updates)
    return renamed


def resolve_former_ids(prune: bool, problems: SeedProblems) -> None:
    """Replace former ids in the references of staged records by present ids.

    With `prune`, only the files say which record has a former id.
    """
    former_ids = (
        "SELECT 1 FROM staged_former UNION ALL SELECT 1 FROM name_key WHERE kind = 'former' LIMIT 1"
    )
    if not fetch_all(former_ids):
        return
    create_present_ids(prune)
    param = database.param
    sql = (
        f"SELECT seq, type, body FROM staged WHERE state = '{staging.ADDED}' AND seq > {param}"
        f" ORDER BY seq LIMIT {RESOLVE_BATCH}"
    )
    last = 0
    while rows := fetch_all(sql, last):
        last = rows[-1][0]
        records = [(seq, type, orjson.loads(body)) for seq, type, body in rows]
        updates = []
        invalid = []
        for seq, type, record in replace_former_ids(records):
            updates.append((*staging.hash_and_body(type, record), seq))
            if not recheck(type, record, problems):
                invalid.append((seq,))
        if updates:
            # without a file: the file has the record otherwise
            update = f"UPDATE staged SET hash = {param}, body = {param}, file = NULL"
            database.many(f"{update} WHERE seq = {param}", updates)
        if invalid:
            update = f"UPDATE staged SET state = '{staging.BAD}' WHERE seq = {param}"
            database.many(update, invalid)


def create_present_ids(prune: bool) -> None:
    """Create the table `present_id`: the present id of each former id that no record has."""
    database.temporary("present_id", "type TEXT, former TEXT, id TEXT, PRIMARY KEY (type, former)")
    is_id = "EXISTS (SELECT 1 FROM {table} WHERE type = {type} AND id = {former})"
    tables = ("staged",) if prune else ("staged", "record")

    def unused(type: str, former: str) -> str:
        return " AND ".join(
            f"NOT {is_id.format(table=table, type=type, former=former)}" for table in tables
        )

    database.execute_sql(
        "INSERT INTO present_id SELECT type, former, id FROM staged_former"
        f" WHERE {unused('staged_former.type', 'staged_former.former')} ON CONFLICT DO NOTHING"
    )
    if prune:
        return
    database.execute_sql(
        "INSERT INTO present_id SELECT name_key.type, name_key.value, record.id FROM name_key"
        " JOIN record ON record.key = name_key.record WHERE name_key.kind = 'former'"
        f" AND {unused('name_key.type', 'name_key.value')}"
        f" AND NOT {is_id.format(table='staged', type='record.type', former='record.id')}"
        " ON CONFLICT DO NOTHING"
    )


def replace_former_ids(
    records: list[tuple[int, str, dict]],
) -> list[tuple[int, str, dict]]:
    """The records that refer by former ids, with present ids in their place."""
    referring = [
        (n, holder, name, types[0], holder[name])
        for n, (_, type, record) in enumerate(records)
        for holder, name, types in references(RECORD_TYPES[type], record)
    ]
    wanted = [{"type": type, "id": id} for type, id in {reference[3:] for reference in referring}]
    if not wanted:
        return []
    present = {
        (type, former): id
        for type, former, id in fetch_all(
            "SELECT present_id.type, former, present_id.id"
            f" FROM {database.packed_rows(type='text', id='text')} AS wanted CROSS JOIN present_id"
            " WHERE present_id.type = wanted.type AND former = wanted.id",
            database.pack(wanted),
        )
    }
    replaced = set()
    for n, holder, name, *reference in referring:
        if id := present.get(tuple(reference)):
            holder[name] = id
            replaced.add(n)
    return [records[n] for n in sorted(replaced)]


def recheck(type: str, record: dict, problems: SeedProblems) -> bool:
    """Whether a record is still valid: lists may have duplicates now, which are problems."""
    errors = list(schema_errors(SCHEMAS[type].validate(record)))
    for path, message in errors:
        place = staging.staged_place(type, record["id"], path)
        problems.add(SeedProblem(place, message, staging.dotted(path)))
    return not errors
