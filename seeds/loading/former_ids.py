"""Records that get another id: `former_ids`."""

from __future__ import annotations

import builtins
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from models import RECORD_TYPES
from models.database.connection import batches, database, fetch_all
from models.references import references
from seeds import staging
from seeds.problems import ProblemList, SeedProblem, SeedProblems, replacements
from seeds.schemas import SCHEMAS, schema_errors

RESOLVE_BATCH = 250
# joins the staged record with the type and id of a row of a table
STAGED = " JOIN staged ON staged.type = {0}.type AND staged.id = {0}.id"


# `id` names a record's id in these modules
address = builtins.id


@dataclass
class FormerIds:
    """The former ids that the dataset has for a staged record."""

    own: list[str] = field(default_factory=list)
    # of the records that are merged into it
    merged: list[str] = field(default_factory=list)
    # those of both that the file does not name
    lacking: list[str] = field(default_factory=list)

    def add(self, value: str, *, merged: bool, named: bool) -> None:
        (self.merged if merged else self.own).append(value)
        if not named:
            self.lacking.append(value)

    def joined(self, given: list[str]) -> list[str]:
        """All former ids, in the order of the file if it names all that the record had."""
        first = [] if set(self.own) <= set(given) else self.own
        return list(dict.fromkeys([*first, *given, *self.merged]))


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
        records = [ReferringRecord(type, orjson.loads(body), seq) for seq, type, body in rows]
        updates = []
        invalid = []
        for referring in use_present_ids(records):
            hash, body = staging.hash_and_body(referring.type, referring.record)
            updates.append((hash, body, referring.seq))
            if not referring.is_valid(problems):
                invalid.append((referring.seq,))
        staging.replace_records(updates)
        if invalid:
            update = f"UPDATE staged SET state = '{staging.BAD}' WHERE seq = {param}"
            database.many(update, invalid)


def create_present_ids(prune: bool) -> None:
    """Create the table `present_id`: the present id of each former id that no record has.

    The ids of merged records are former ones.
    """
    database.temporary("present_id", "type TEXT, former TEXT, id TEXT, PRIMARY KEY (type, former)")
    is_staged = "EXISTS (SELECT 1 FROM staged WHERE type = {type} AND id = {former})"
    is_living = (
        "EXISTS (SELECT 1 FROM record WHERE type = {type} AND id = {former}"
        " AND key NOT IN (SELECT key FROM merged))"
    )
    conditions = (is_staged,) if prune else (is_staged, is_living)

    def unused(type: str, former: str) -> str:
        return " AND ".join(
            f"NOT {condition.format(type=type, former=former)}" for condition in conditions
        )

    database.execute_sql(
        "INSERT INTO present_id SELECT type, former, id FROM staged_former"
        f" WHERE {unused('staged_former.type', 'staged_former.former')} ON CONFLICT DO NOTHING"
    )
    if prune:
        return
    database.execute_sql(
        "INSERT INTO present_id"
        " SELECT name_key.type, name_key.value, COALESCE(merged.id, record.id) FROM name_key"
        " JOIN record ON record.key = name_key.record LEFT JOIN merged ON merged.key = record.key"
        f" WHERE name_key.kind = 'former' AND {unused('name_key.type', 'name_key.value')}"
        " ON CONFLICT DO NOTHING"
    )


@dataclass
class ReferringRecord:
    """A record whose references may have former ids."""

    type: str
    record: dict
    seq: int = 0
    # the former and present ids of its references: (old, new)
    replaced: list[tuple[str, str]] = field(default_factory=list)
    # where they stand: (address of the object or list, name or index in it)
    places: set[tuple[int, Any]] = field(default_factory=set)

    def is_valid(self, problems: SeedProblems) -> bool:
        """Whether the record is valid with present ids: references may have become equal."""
        errors = list(schema_errors(SCHEMAS[self.type].validate(self.record)))
        detail = f"since {replacements(self.replaced)}"
        for path, message in errors:
            place = staging.staged_place(self.type, self.record["id"], path)
            problems.add(SeedProblem(place, message, staging.dotted(path), detail=detail))
        return not errors


def use_present_ids(records: list[ReferringRecord]) -> list[ReferringRecord]:
    """Replace former ids in the references of records; gives the records that had some.

    Items of a list that become equal by that are one item.
    """
    referring = [
        (referrer, holder, name, types[0])
        for referrer in records
        for holder, name, types in references(RECORD_TYPES[referrer.type], referrer.record)
    ]
    ids = {(type, holder[name]) for _, holder, name, type in referring}
    if not ids:
        return []
    present = {
        (type, former): id
        for type, former, id in fetch_all(
            "SELECT present_id.type, former, present_id.id"
            f" FROM {database.packed_rows(type='text', id='text')} AS wanted CROSS JOIN present_id"
            " WHERE present_id.type = wanted.type AND former = wanted.id",
            database.pack({"type": type, "id": id} for type, id in ids),
        )
    }
    for referrer, holder, name, type in referring:
        former = holder[name]
        if id := present.get((type, former)):
            holder[name] = id
            referrer.replaced.append((former, id))
            referrer.places.add((address(holder), name))
    changed = [referrer for referrer in records if referrer.replaced]
    for referrer in changed:
        collapse_items(referrer)
    return changed


def collapse_items(referrer: ReferringRecord) -> None:
    """Make one of list items that have become equal by a present id."""
    changed_objects = {holder for holder, _ in referrer.places}
    for link in RECORD_TYPES[referrer.type].LINKS:
        items = referrer.record.get(link.SECTION, [])
        # each item once, and whether it has a present id
        kept: list[tuple[Any, bool]] = []
        for n, item in enumerate(items):
            place = (address(items), n)
            changed = place in referrer.places if link.PLAIN else address(item) in changed_objects
            if not any(item == other and (changed or was) for other, was in kept):
                kept.append((item, changed))
        if items:
            referrer.record[link.SECTION] = [item for item, _ in kept]


def keep_former_ids(warnings: ProblemList) -> None:
    """Add the former ids that the dataset has for staged records, and those of merged records.

    Each that the file lacks is a warning. An id that another staged record names as its former id
    moves to that record.
    """
    named = (
        "EXISTS (SELECT 1 FROM staged_former WHERE staged_former.type = staged.type"
        " AND former = name_key.value AND staged_former.id {} staged.id)"
    )
    stored = (
        f"SELECT staged.seq, name_key.value, {{}}, {named.format('=')} FROM name_key JOIN {{}}"
        f" WHERE name_key.kind = 'former' AND name_key.value <> staged.id"
        f" AND staged.state = '{staging.ADDED}' AND NOT {named.format('<>')} ORDER BY ordinal"
    )
    own = "record ON record.key = name_key.record" + STAGED.format("record")
    merged = "merged ON merged.key = name_key.record" + STAGED.format("merged")
    former_ids: dict[int, FormerIds] = defaultdict(FormerIds)
    for seq, value, of_merged, is_named in [
        *fetch_all(stored.format(0, own)),
        *fetch_all(stored.format(1, merged)),
    ]:
        former_ids[seq].add(value, merged=bool(of_merged), named=bool(is_named))
    lacking = [seq for seq, stored_ids in former_ids.items() if stored_ids.lacking]
    for seqs in batches(lacking):
        sql = f"SELECT seq, type, body FROM staged WHERE seq IN {database.in_list} ORDER BY seq"
        updates = []
        for seq, type, body in fetch_all(sql, database.pack(seqs)):
            record = orjson.loads(body)
            place = staging.staged_place(type, record["id"], ("former_ids",))
            for value in former_ids[seq].lacking:
                message = "is missing in the file; the dataset keeps it"
                warnings.add(SeedProblem(place, message, "former_ids", value))
            record["former_ids"] = former_ids[seq].joined(record.get("former_ids", []))
            updates.append((*staging.hash_and_body(type, record), seq))
        staging.replace_records(updates)
