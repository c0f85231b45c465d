"""Staged records → the dataset, in one transaction: all or nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from models import RECORD_TYPES, Broader, Claim, ClaimTopic, Deletion, NameKey, Relation, TopicClaim
from models.base import Record, insert_rows
from models.database.connection import batches, database, fetch_all
from models.dataset import new_version_token, read_dataset
from models.documents.claimants import touched_claimants, update_claimants
from models.documents.refresh import (
    begin_marking,
    mark_keys,
    mark_selected,
    mark_touched,
    render_marked,
    store_documents,
)
from models.documents.related import RelatedRecords
from models.name_key import name_keys
from models.records.canonical import dataset_digest, record_hash
from models.records.diff import write_difference
from models.records.rows import as_tuples, from_rows, to_rows
from models.references import find_referrers, references
from models.search.suggestions import nearest_id
from models.seed_file import LoadedFile, forget_seeded, loaded_files
from models.topic import broader_rows
from seeds import checks, staging
from seeds import unchanged_files as known
from seeds.parallel.processes import several, working
from seeds.parallel.render import Composer, Inherited, Staged, Tables, documents_of
from seeds.problems import Problem, Problems, Refused
from seeds.schemas import SCHEMAS, complaints

Progress = Callable[[str, int, int], Any]


SHOWN = 20
# from so many new claims on, other processes are worth their start
MANY = 20_000
# staged records that are there already, which an index has
CHANGED = "staged WHERE key IS NOT NULL AND state = 'changed'"
UNCHANGED = "staged WHERE key IS NOT NULL AND state = 'unchanged'"


@dataclass
class Change:
    """How many records come, change or go, by type, and the first of them."""

    counts: Counter = field(default_factory=Counter)
    first: list[str] = field(default_factory=list)

    def add(self, type: str, id: str) -> None:
        self.counts[type] += 1
        if len(self.first) < SHOWN:
            self.first.append(f"{type} {id}")

    def take(self, those: str, order: str) -> None:
        """Add the records of a table, or of some of its rows."""
        types = f"SELECT type, COUNT(*) FROM {those} GROUP BY type ORDER BY MIN({order})"
        self.counts.update(dict(fetch_all(types)))
        first = f"SELECT type, id FROM {those} ORDER BY {order} LIMIT {SHOWN}"
        self.first += [f"{type} {id}" for type, id in fetch_all(first)]

    @property
    def count(self) -> int:
        return self.counts.total()


@dataclass
class Plan:
    """What a load does to the dataset."""

    added: Change = field(default_factory=Change)
    changed: Change = field(default_factory=Change)
    removed: Change = field(default_factory=Change)
    unchanged: int = 0

    @property
    def changes(self) -> int:
        return self.added.count + self.changed.count + self.removed.count


class Unconfirmed(Exception):
    """A load that would remove more than a tenth of the dataset was not confirmed."""

    def __init__(self, plan: Plan, of: int):
        self.plan = plan
        super().__init__(
            f"this would remove {plan.removed.count} of {of} records: give --yes if that is meant"
        )


class _DryRun(Exception):
    """Rolls a load back that only shows its plan."""


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def load(
    paths: Iterable[str | Path],
    *,
    prune: bool = False,
    confirmed: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda phase, done, total: None,
    clock: Callable[[], str] = now,
    inspect: Callable[[], Any] = lambda: None,
) -> Plan:
    """Load files and folders into the dataset, all or nothing.

    With `prune` the files are the whole dataset: records that they lack are removed, more than a
    tenth of them only if `confirmed`. A dry run writes nothing; `inspect` is called before it ends.

    Raises Refused with all problems, Unconfirmed, or the database's own errors; then nothing has
    changed.
    """

    def attempt(taken: Mapping[str, LoadedFile]) -> Plan:
        problems = Problems()
        files = staging.stage(
            paths, problems, lambda done, total: progress("reading", done, total), taken
        )
        plan = Plan()
        try:
            empty = not read_dataset().version
            with database.loading(empty), database.writing():
                one = Load(plan, problems, files, prune, clock(), progress)
                if empty and one.version:
                    # another load came first
                    raise known.Doubted
                one.run(dry_run=dry_run, confirmed=confirmed)
                inspect()
                if dry_run:
                    raise _DryRun
        except _DryRun:
            pass
        except Refused:
            if files.kept:
                raise known.Doubted from None
            raise
        return plan

    paths = list(paths)
    try:
        # what is to go shows in the files as a whole
        return attempt({} if prune else loaded_files())
    except known.Doubted:
        return attempt({})


class Load:
    """One load, inside its transaction."""

    def __init__(
        self,
        plan: Plan,
        problems: Problems,
        files: staging.Files,
        prune: bool,
        time: str,
        progress: Progress,
    ):
        self.plan = plan
        self.problems = problems
        self.files = files
        self.prune = prune
        self.time = time
        self.progress = progress
        before = read_dataset()
        self.digest = before.digest
        self.version = before.version
        self.last_key = before.last_key
        # what stands for the keys of records that are not there: each differs
        self.missing = count(-1, -1)
        self.shown = RelatedRecords()
        # who in these files has a former id or an identifier
        self.taken: dict[tuple[str, str], str] = {}
        # the keys of living records, by type and id; the last ones asked for
        self.key = lru_cache(maxsize=100_000)(self._key)

    def run(self, *, dry_run: bool, confirmed: bool) -> None:
        self.plan.unchanged = known.unread(self.files.kept)
        renamed = self.rename()
        self.refer_to_living()
        self.compare()
        if not (dry_run or confirmed or self.problems.count):
            self.confirm()
        begin_marking()
        self.touch(f"SELECT key, type, state FROM {CHANGED}")
        self.touch("SELECT key, type, 'removed' FROM removed")
        claimants = touched_claimants()
        mark_touched()
        self.clear()
        self.enter()
        # relations keep their index: a claim may come after one that refers to it
        claims = [Claim, *(link for link in Claim.LINKS if link is not Relation)]
        empty = self.last_key == 0
        with database.indexed_later(claims if empty else []):
            self.write(render=not dry_run)
            self.complete()
        self.check_unchanged()
        checks.hierarchies(self.problems)
        checks.handles(self.problems)
        checks.quotes(self.problems)
        self.problems.refuse()
        with database.indexed_later([TopicClaim] if empty else []):
            self.classify()
        self.sign(renamed)
        known.remember(self.files.read)
        if self.plan.changes and not dry_run:
            mark_touched(first_load=empty)
            update_claimants(claimants)
            self.render()
            database.analyze(self.plan.changes, of=self.last_key + self.plan.added.count)

    def rename(self) -> list[tuple[int, str, str]]:
        """Give living records whose id the files call a former one their new id, if it is free."""
        renamed = []
        for type, former, id in fetch_all(
            "SELECT type, former, id FROM staged_former ORDER BY type, former"
        ):
            old, new = self._key(type, former), self._key(type, id)
            if old is None or new is not None:
                continue
            sql = f"UPDATE record SET id = {database.param} WHERE key = {database.param}"
            database.execute_sql(sql, (id, old))
            renamed.append((old, type, former))
        return renamed

    def refer_to_living(self) -> None:
        """Let staged records refer by the ids that things have now, not by former ones."""
        formers = "SELECT 1 FROM staged_former UNION ALL SELECT 1 FROM handle WHERE kind = 'former'"
        if not fetch_all(f"{formers} LIMIT 1"):
            return
        living = lru_cache(maxsize=100_000)(self.living)
        last = 0
        right = f"SELECT seq, type, body FROM staged WHERE state = '{staging.ADDED}'"
        after = f"{right} AND seq > {database.param}"
        while batch := fetch_all(f"{after} ORDER BY seq LIMIT 250", last):
            last = batch[-1][0]
            rewritten = []
            doubled = []
            for seq, type, body in batch:
                record = orjson.loads(body)
                if refer(type, record, living):
                    rewritten.append((*staging.packed(type, record), seq))
                    if not self.right_again(type, record):
                        doubled.append((seq,))
            one = database.param
            # such a record does not stand as its file has it
            sql = f"UPDATE staged SET hash = {one}, body = {one}, file = NULL WHERE seq = {one}"
            database.many(sql, rewritten)
            bad = f"UPDATE staged SET state = '{staging.BAD}' WHERE seq = {one}"
            database.many(bad, doubled)

    def right_again(self, type: str, record: dict) -> bool:
        """With living ids in place of former ones, a list may hold the same thing twice."""
        found = list(complaints(SCHEMAS[type].validate(record)))
        for path, message in found:
            there = staging.place(type, record["id"], path)
            self.problems.add(Problem(there, message, ".".join(map(str, path))))
        return not found

    def living(self, types: tuple[str, ...], id: str) -> str:
        """The id that a thing has now, where `id` is a former one."""
        type = types[0]
        one = database.param
        if staging.staged(type, id):
            return id
        if not self.prune and self._key(type, id) is not None:
            return id
        found = fetch_all(
            f"SELECT id FROM staged_former WHERE type = {one} AND former = {one}", type, id
        )
        if not found and not self.prune:
            found = fetch_all(
                "SELECT record.id FROM handle JOIN record ON record.key = handle.record"
                f" WHERE handle.kind = 'former' AND handle.type = {one} AND handle.value = {one}"
                " AND NOT EXISTS (SELECT 1 FROM staged"
                " WHERE staged.type = record.type AND staged.id = record.id)",
                type, id,
            )  # fmt: skip
        return found[0][0] if found else id

    def compare(self) -> None:
        """See which staged records are new, changed or unchanged, and which others go."""
        if self.last_key:
            database.execute_sql(
                "UPDATE staged SET key = (SELECT key FROM record"
                " WHERE record.type = staged.type AND record.id = staged.id)"
            )
            database.execute_sql(
                "UPDATE staged SET state = CASE hash WHEN"
                " (SELECT hash FROM record WHERE record.key = staged.key)"
                " THEN 'unchanged' ELSE 'changed' END WHERE key IS NOT NULL AND state = 'added'"
            )
        database.index("staged_key", "staged (type, state, key) WHERE key IS NOT NULL")
        columns = "key INTEGER PRIMARY KEY, type TEXT, id TEXT, hash BLOB, entered INTEGER"
        database.temporary("removed", columns)
        if self.prune:
            database.execute_sql(
                "INSERT INTO removed SELECT key, type, id, hash, entered FROM record"
                " WHERE NOT EXISTS (SELECT 1 FROM staged"
                " WHERE staged.type = record.type AND staged.id = record.id)"
            )
        plan = self.plan
        plan.added.take("staged WHERE state = 'added'", "seq")
        plan.changed.take(CHANGED, "seq")
        plan.removed.take("removed", "entered")
        plan.unchanged += fetch_all(f"SELECT COUNT(*) FROM {UNCHANGED}")[0][0]

    def confirm(self) -> None:
        if not self.plan.removed.count:
            return
        total = fetch_all("SELECT COUNT(*) FROM record")[0][0]
        if self.plan.removed.count * 10 > total:
            raise Unconfirmed(self.plan, total)

    def touch(self, select: str) -> None:
        database.execute_sql(f"INSERT INTO touched {select}")

    def clear(self) -> None:
        """Take away the rows of the records that go, and all names of those that change."""
        removed = "IN (SELECT key FROM removed)"
        for model in RECORD_TYPES.values():
            for link in model.LINKS:
                table = link._meta.table_name
                database.execute_sql(f"DELETE FROM {table} WHERE {link.OWNER} {removed}")
        database.execute_sql(f"DELETE FROM topic_claim WHERE claim {removed}")
        for table in (*RECORD_TYPES, "document", "record"):
            database.execute_sql(f"DELETE FROM {table} WHERE key {removed}")
        database.execute_sql("DELETE FROM handle WHERE record IN (SELECT key FROM touched)")

    def enter(self) -> None:
        """Let new records enter in the order of the files; claims have keys by claimant and date.

        The keys of others say in which order they entered, too.
        """
        one = database.param
        # in an empty dataset all are new
        nth = "ROW_NUMBER() OVER (ORDER BY seq)" if self.last_key else "seq"
        database.temporary(
            "added",
            "key INTEGER PRIMARY KEY, entered INTEGER, type TEXT, id TEXT, hash BLOB, file INTEGER,"
            " body BLOB",
        )
        database.execute_sql(
            "INSERT INTO added SELECT"
            f" {one} + ROW_NUMBER() OVER (ORDER BY claimant, date_key, seq), {one} + {nth},"
            " type, id, hash, file, body FROM staged WHERE state = 'added'",
            (self.last_key, self.last_key),
        )
        database.index("added_type", "added (type, key)")
        with database.indexed_later([] if self.last_key else [Record]):
            database.execute_sql(
                "INSERT INTO record (key, entered, type, id, hash, version, created_at, updated_at)"
                f" SELECT key, entered, type, id, hash, {one}, {one}, {one} FROM added",
                (self.version + 1, self.time, self.time),
            )
        self.touch("SELECT key, type, 'added' FROM added")

    def write(self, *, render: bool) -> None:
        """Write the rows of new and changed records, of the types first that others refer to.

        New claims come last: what they show stands already, and so they are rendered, too.
        """
        database.temporary("reclassified", "claim INTEGER PRIMARY KEY")
        total = self.plan.added.count + self.plan.changed.count
        written = 0
        for type in RECORD_TYPES:
            for size in self.write_type(type, render=render and type == "claim"):
                written += size
                if render:
                    self.progress("writing", written, total)

    def write_type(self, type: str, *, render: bool) -> Iterator[int]:
        """Write the records of one type; tells of how many after some of them."""
        changed = f"{CHANGED} AND type = '{type}'"
        entered = "(SELECT entered FROM record WHERE record.key = staged.key)"
        for batch in batched(changed, entered):
            self.write_changed(RECORD_TYPES[type], batch)
            yield len(batch)
        new = batched(f"added WHERE type = '{type}'")
        count = several() if render and self.plan.added.counts[type] >= MANY else 0
        if not count:
            for batch in new:
                self.write_new(batch, render=render)
                yield len(batch)
            return
        with working(Composer.knowing(self.time), count) as compose:
            for composed in compose(new):
                for model, found in composed.tables.items():
                    insert_rows(model, found)
                for id, found in composed.handles.items():
                    insert_rows(NameKey, self.unclaimed(type, id, found))
                store_documents(composed.documents)
                if composed.left:
                    self.write_new(composed.left, render=render)
                yield composed.size

    def tables(self, batch: list[Staged]) -> tuple[Tables, list[tuple]]:
        """The rows of some records, by table, and their handles."""
        tables: Tables = defaultdict(list)
        named: list[tuple] = []
        for type, id, key, entered, body in batch:
            record = orjson.loads(body)
            for model, row in to_rows(type, key, entered, record, self.finder(type, id)):
                tables[model].append(row)
            named += self.unclaimed(type, id, name_keys(type, key, record))
        return tables, named

    def write_new(self, batch: list[Staged], *, render: bool) -> None:
        tables, named = self.tables(batch)
        Inherited.of_these(tables).complete(tables)
        for model, found in tables.items():
            insert_rows(model, as_tuples(found))
        insert_rows(NameKey, named)
        if render and not self.problems.count:
            records = {key: (id, self.time, self.time) for _, id, key, *_ in batch}
            self.shown.begin_batch()
            store_documents(documents_of(tables, named, records, self.shown))

    def write_changed(self, model: Any, batch: list[Staged]) -> None:
        """Write what differs in the rows of changed records, and mark what counts it."""
        tables, named = self.tables(batch)
        keys = [key for _, _, key, *_ in batch]
        insert_rows(NameKey, named)
        for table in (model, *model.LINKS):
            difference = write_difference(table, keys, as_tuples(tables.get(table, ())))
            mark_keys(difference.referred)
            if table is ClaimTopic:
                one = database.param
                sql = f"INSERT INTO reclassified VALUES ({one})"
                database.many(sql, [(key,) for key in difference.owners])

    def check_unchanged(self) -> None:
        """Records that stay as they are must not refer to what goes; their rows stay."""
        removed = [key for (key,) in fetch_all("SELECT key FROM removed")]
        for type, model in RECORD_TYPES.items():
            for batch in batches(find_referrers(model, removed)):
                for id, key, body in fetch_all(
                    f"SELECT id, key, body FROM {UNCHANGED}"
                    f" AND type = '{type}' AND key IN {database.in_list}",
                    database.pack(batch),
                ):
                    list(to_rows(type, key, 0, orjson.loads(body), self.finder(type, id)))

    def _key(self, type: str, id: str) -> int | None:
        one = database.param
        found = fetch_all(f"SELECT key FROM record WHERE type = {one} AND id = {one}", type, id)
        return found[0][0] if found else None

    def finder(self, type: str, id: str) -> Callable[[tuple[str, ...], str, tuple], int]:
        """Finds the keys of what one record refers to; what is not there is a problem."""

        def find(types: tuple[str, ...], referred: str, path: tuple) -> int:
            key = self.key(types[0], referred)
            if key is None and not self.problems.lost and not self.bad(types[0], referred):
                self.problems.add_late(lambda: self.dangling(type, id, types[0], referred, path))
            return key or next(self.missing)

        return find

    def dangling(self, type: str, id: str, to: str, referred: str, path: tuple) -> Problem:
        """A record refers to something that is not there; the nearest thing is suggested."""
        there = staging.place(type, id, path)
        message = f"there is no {to} with this id"
        near = nearest_id(to, referred)
        return Problem(there, message, ".".join(map(str, path)), referred, near)

    def bad(self, type: str, id: str) -> bool:
        """Whether the files have such a record, with problems of its own."""
        one = database.param
        sql = f"SELECT 1 FROM staged WHERE type = {one} AND id = {one} AND state = '{staging.BAD}'"
        return bool(fetch_all(sql, type, id))

    def unclaimed(self, type: str, id: str, found: list[tuple]) -> list[tuple]:
        """The handles of a record, without the identifiers and former ids that another one has."""
        free = []
        for row in found:
            value, kind, *_ = row
            if kind in ("former", "identifier"):
                if other := checks.holder(type, value) or self.taken.get((type, value)):
                    field = "former_ids" if kind == "former" else "identifiers"
                    last = staging.last_of(type, (id, other))
                    there = staging.place(type, last, (field,))
                    message = f"is that of {type} {other if last == id else id}, too"
                    self.problems.add(Problem(there, message, field, value))
                    continue
                self.taken[type, value] = id
            free.append(row)
        return free

    def complete(self) -> None:
        """Set what rows of claims take from their sources and events, where one of them changed.

        New claims have it already.
        """
        if not self.plan.changed.count:
            return
        changed = "IN (SELECT key FROM touched WHERE change = 'changed' AND type = '{}')".format
        database.execute_sql(
            "UPDATE report SET publisher ="
            " (SELECT source.publisher FROM source WHERE source.key = report.source)"
            f" WHERE publisher IS NULL AND claim {changed('claim')} OR source {changed('source')}"
        )
        database.execute_sql(
            "UPDATE claim SET country ="
            " (SELECT event.country FROM event WHERE event.key = claim.event)"
            f" WHERE event IS NOT NULL AND country IS NULL AND key {changed('claim')}"
            f" OR event {changed('event')}"
        )

    def classify(self) -> None:
        """Set which claims stand under which topics."""
        if fetch_all("SELECT 1 FROM touched WHERE type = 'topic' LIMIT 1"):
            database.execute_sql(
                "INSERT INTO reclassified SELECT DISTINCT claim FROM topic_claim"
                " WHERE topic IN (SELECT key FROM touched WHERE type = 'topic')"
                " ON CONFLICT DO NOTHING"
            )
            database.execute_sql("DELETE FROM broader")
            insert_rows(Broader, broader_rows(dict(fetch_all("SELECT key, parent FROM topic"))))
        of = "topic_claim WHERE claim IN (SELECT claim FROM reclassified)"
        mark_selected(f"SELECT topic FROM {of}")
        database.execute_sql(f"DELETE FROM {of}")
        database.execute_sql(
            "INSERT INTO reclassified SELECT key FROM touched"
            " WHERE type = 'claim' AND change = 'added'"
        )
        if not fetch_all("SELECT 1 FROM reclassified LIMIT 1"):
            return
        # few or all: the planner cannot guess, and would go through the claims of every topic
        database.execute_sql("ANALYZE reclassified")
        database.execute_sql(
            "INSERT INTO topic_claim (topic, listed, date_key, entered, claim)"
            " SELECT broader.broader, listed, date_key, entered, claim_topic.claim"
            " FROM reclassified JOIN claim_topic ON claim_topic.claim = reclassified.claim"
            " JOIN broader ON broader.topic = claim_topic.topic"
            # each once, and sorted, so that many come into the table one after the other
            " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"
        )
        mark_selected(
            "SELECT topic FROM topic_claim WHERE claim IN (SELECT claim FROM reclassified"
            " JOIN touched ON touched.key = claim WHERE change = 'changed')"
        )

    def sign(self, renamed: list[tuple[int, str, str]]) -> None:
        """Write down what changed: hashes, versions and times, the digest, the ids that went."""
        one = database.param
        come = "SELECT hash FROM staged WHERE state IN ('added', 'changed')"
        go = (
            "SELECT record.hash FROM staged JOIN record ON record.key = staged.key"
            " WHERE state = 'changed' UNION ALL SELECT hash FROM removed"
        )
        self.digest = dataset_digest(self.digest, plus=hashes(come), minus=hashes(go))
        database.execute_sql(
            f"UPDATE record SET hash = (SELECT hash FROM {CHANGED}"
            " AND staged.type = record.type AND staged.key = record.key),"
            f" version = {one}, updated_at = {one}"
            f" WHERE key IN (SELECT key FROM {CHANGED})",
            (self.version + 1, self.time),
        )
        self.sign_referrers([key for key, _, _ in renamed])
        gone = [(type, id) for _, type, id in renamed]
        gone += fetch_all("SELECT type, id FROM removed")
        delete = f"DELETE FROM deletion WHERE type = {one} AND id = {one}"
        database.many(delete, gone)
        insert_rows(Deletion, [(type, id, self.version + 1) for type, id in gone])
        database.execute_sql(
            "DELETE FROM deletion WHERE EXISTS (SELECT 1 FROM record"
            " WHERE record.type = deletion.type AND record.id = deletion.id)"
        )
        if self.plan.changes:
            database.execute_sql(
                f"UPDATE dataset SET version = {one}, digest = {one}, last_key = {one},"
                f" state = {one}",
                (
                    self.version + 1,
                    self.digest,
                    self.last_key + self.plan.added.count,
                    new_version_token(),
                ),
            )

    def sign_referrers(self, keys: list[int]) -> None:
        """Records outside the files that refer to renamed ones say the new id: they changed."""
        one = database.param
        for type, model in RECORD_TYPES.items():
            referring = [
                key
                for key in find_referrers(model, keys)
                if not fetch_all(f"SELECT 1 FROM touched WHERE key = {one}", key)
            ]
            for batch in batches(referring):
                self.plan.unchanged -= known.unread_of(self.files.kept, batch)
                forget_seeded(batch)
                mark_keys(batch)
                for key, record in from_rows(type, batch).items():
                    before = fetch_all(f"SELECT hash FROM record WHERE key = {one}", key)[0][0]
                    after = record_hash(type, record)
                    self.digest = dataset_digest(self.digest, plus=[after], minus=[before])
                    self.plan.changed.add(type, record["id"])
                    database.execute_sql(
                        f"UPDATE record SET hash = {one}, version = {one}, updated_at = {one}"
                        f" WHERE key = {one}",
                        (after, self.version + 1, self.time, key),
                    )

    def render(self) -> None:
        # counted from the few on
        there = "SELECT 1 FROM record WHERE record.key = stale.key"
        total = fetch_all(f"SELECT COUNT(*) FROM stale WHERE EXISTS ({there})")[0][0]
        done = 0

        def rendered(count: int) -> None:
            nonlocal done
            done += count
            self.progress("rendering", done, total)

        render_marked(rendered)


def batched(those: str, entered: str = "entered") -> Iterator[list[Staged]]:
    """Records of a table that meet a condition, in the order of their keys."""
    last = 0
    sql = f"SELECT type, id, key, {entered}, body FROM {those} AND key > {database.param}"
    while batch := fetch_all(f"{sql} ORDER BY key LIMIT 250", last):
        # others may be given them
        yield [(*rest, bytes(body)) for *rest, body in batch]
        last = batch[-1][2]


def hashes(sql: str) -> Iterator[bytes]:
    return (hash for (hash,) in database.execute_sql(sql))


def refer(type: str, record: dict, living: Callable[[tuple[str, ...], str], str]) -> bool:
    """Put living ids in place of former ones; whether there were any."""
    changed = False
    for holder, name, types in references(RECORD_TYPES[type], record):
        now = living(types, holder[name])
        changed = changed or now != holder[name]
        holder[name] = now
    return changed
