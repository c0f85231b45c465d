"""Documents are never stale: whatever a load writes, all is as if it had been made from scratch."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from models import RESOURCES, TABLES, Deletion
from models.base import Dataset, dataset, rows
from models.names import fold
from seeds.exporter import lines as exported
from seeds.loader import Plan, load
from seeds.problems import Refused
from tests.models import plain
from tests.models.asking import in_memory
from tests.models.worlds import TYPES, World, lines

# a deeper run: CLAIMS_EXAMPLES=2000 pytest tests/models/test_documents_fresh.py
DEEPER = os.environ.get("CLAIMS_EXAMPLES")
OPERATIONS = [
    World.retitle, World.retitle, World.retitle, World.relink, World.relink, World.relink,
    World.change, World.add, World.rename, World.remove, World.merge, World.forget,
]  # fmt: skip


class Writes(RuleBasedStateMachine):
    """A dataset that random loads write to, and what it must hold."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.records: plain.Records = {}
        self.times: plain.Times = {}
        self.versions: dict[plain.Key, int] = {}
        self.gone: dict[plain.Key, int] = {}
        self.version = 0
        self.moment = 0
        self.dataset = in_memory()
        self.dataset.__enter__()

    def teardown(self) -> None:
        self.dataset.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        world = World(self.records)
        for type in TYPES:
            for _ in range(data.draw(st.integers(1, 3), label=type)):
                world.add(data.draw, type)
        self.load(world, data.draw, prune=False)

    @rule(data=st.data())
    def write(self, data: st.DataObject) -> None:
        """Some changes at once, by a load of everything or of what they need."""
        draw = data.draw
        world = World(self.records)
        for _ in range(draw(st.integers(1, 4), label="changes")):
            self.change(world, draw)
        prune = world.whole or draw(st.booleans(), label="prune")
        if not draw(st.integers(0, 7), label="attempt"):
            self.attempt(world, draw)
        self.load(world, draw, prune=prune)

    def change(self, world: World, draw: Callable) -> None:
        operation = draw(st.sampled_from(OPERATIONS))
        if operation is World.add:
            world.add(draw, draw(st.sampled_from(TYPES)))
        elif world.records:
            type = draw(st.sampled_from(sorted({type for type, _ in world.records})))
            operation(world, draw, type, draw(st.sampled_from(world.ids(type))))

    def attempt(self, world: World, draw: Callable) -> None:
        """A load with something wrong, or a dry run, changes nothing."""
        before = dump()
        files = world.files(draw, prune=True)
        if draw(st.booleans(), label="dry run"):
            self.loaded(files, prune=True, dry_run=True)
        else:
            stray = {"id": "stray", "text": "Goes astray.", "actor": "nobody-at-all"}
            path = self.file([*files, ("claim", stray)])
            with pytest.raises(Refused, match="1 problem"):
                load([path], prune=True, confirmed=True, clock=self.clock)
        assert dump() == before

    def file(self, files: list[tuple[str, dict]]) -> Path:
        text = lines(files)
        note(text)
        path = Path(self.folder.name) / "seeds.jsonl"
        path.write_text(text, encoding="utf-8")
        return path

    def loaded(self, files: list[tuple[str, dict]], **options: bool) -> Plan:
        try:
            return load([self.file(files)], confirmed=True, clock=self.clock, **options)
        except Refused as refused:
            pytest.fail("\n".join(map(str, refused.problems)))

    def clock(self) -> str:
        return f"2026-01-01T00:00:00.{self.moment:06}Z"

    def load(self, world: World, draw, *, prune: bool) -> None:
        files = world.files(draw, prune=prune)
        note(f"prune={prune}")
        self.moment += 1
        plan = self.loaded(files, prune=prune)
        before, self.records = self.records, world.after(files)
        origins = {key: world.origin(key) for key in self.records}
        added = {key for key, was in origins.items() if was is None}
        changed = {key for key, was in origins.items() if was and before[was] != self.records[key]}
        removed = before.keys() - origins.values()
        in_files = {(type, record["id"]) for type, record in files}
        assert (plan.added.count, plan.changed.count, plan.removed.count, plan.unchanged) == (
            len(added), len(changed), len(removed), len(in_files - added - changed),
        )  # fmt: skip
        now = self.clock()
        self.version += bool(added or changed or removed)
        self.times = {
            key: (now, now)
            if was is None
            else (self.times[was][0], now if key in changed else self.times[was][1])
            for key, was in origins.items()
        }
        self.versions = {
            key: self.version if key in added | changed else self.versions[was]
            for key, was in origins.items()
        }
        renamed = {was for key, was in origins.items() if was and was != key}
        self.gone |= dict.fromkeys(removed | renamed, self.version)
        self.gone = {key: version for key, version in self.gone.items() if key not in self.records}
        self.check()

    def check(self) -> None:
        now = dataset()
        assert now.version == self.version
        assert stored_documents() == plain.documents(self.records, self.times)
        assert [json.loads(line) for line in exported()] == [
            {"type": type, **record} for (type, _), record in self.records.items()
        ]
        assert now.digest == plain.digest(self.records)
        assert stored_records() == {
            key: (plain.canonical_hash(key[0], record), self.versions[key], *self.times[key])
            for key, record in self.records.items()
        }
        assert {(type, id): version for type, id, version in table(Deletion)} == self.gone
        check_derived(self.records)
        assert rows("PRAGMA foreign_key_check") == []
        assert rows("PRAGMA integrity_check") == [("ok",)]
        if DEEPER or self.moment % 3 == 1:
            self.check_against_fresh(now)

    def check_against_fresh(self, now: Dataset) -> None:
        """A fresh dataset with the exported records has the same digest and the same rows."""
        path = Path(self.folder.name) / "export.jsonl"
        path.write_bytes(b"".join(exported()))
        ours = tables()
        with in_memory():
            load([path], clock=self.clock)
            assert dataset().digest == now.digest
            assert tables() == ours


def dump() -> dict[str, list[tuple]]:
    return {model._meta.table_name: table(model) for model in TABLES}


def table(model) -> list[tuple]:
    names = ", ".join(f'"{field.column_name}"' for field in model._meta.sorted_fields)
    return rows(f'SELECT {names} FROM "{model._meta.table_name}"')


def stored_documents() -> dict[plain.Key, dict]:
    found = rows(
        "SELECT type, id, body FROM document JOIN record ON record.key = document.key"
        " ORDER BY record.key"
    )
    return {(type, id): json.loads(body) for type, id, body in found}


def stored_records() -> dict[plain.Key, tuple]:
    found = rows("SELECT type, id, hash, version, created_at, updated_at FROM record")
    return {(type, id): tuple(rest) for type, id, *rest in found}


def keys() -> dict[int, plain.Key]:
    return {key: (type, id) for key, type, id in rows("SELECT key, type, id FROM record")}


def check_derived(records: plain.Records) -> None:
    """The tables and columns that follow from other records' rows."""
    of = keys()
    topic_claim = rows("SELECT topic, listed, date_key, claim FROM topic_claim")
    assert sorted(
        (of[topic][1], listed, date, of[claim][1]) for topic, listed, date, claim in topic_claim
    ) == sorted(plain.topic_claims(records))
    broader = rows("SELECT topic, broader FROM broader")
    assert sorted((of[topic][1], of[above][1]) for topic, above in broader) == sorted(
        plain.broader(records)
    )
    publisher = rows("SELECT claim, ordinal, publisher FROM report")
    assert sorted(
        (of[claim][1], n, publisher and of[publisher][1]) for claim, n, publisher in publisher
    ) == sorted(plain.publishers(records))
    counts = {
        (type, id): count
        for type in TYPES
        if type != "claim"
        for id, count in rows(
            f"SELECT id, claim_count FROM {type} JOIN record ON record.key = {type}.key"
        )
    }
    assert counts == plain.claim_counts(records)
    country = rows("SELECT key, country FROM claim")
    assert {of[key][1]: country for key, country in country} == plain.countries(records)
    handle = rows("SELECT value, kind, record, ordinal FROM handle WHERE type = ("
                  "SELECT type FROM record WHERE key = handle.record)")  # fmt: skip
    assert sorted((*of[record], kind, n, value) for value, kind, record, n in handle) == sorted(
        handles_of(records)
    )
    listed = {"claim", *(link._meta.table_name for link in RESOURCES["claim"].LINKS)}
    for name in listed:
        own = "key" if name == "claim" else "claim"
        for key, shown, date in rows(f"SELECT {own}, listed, date_key FROM {name}"):
            claim = records[of[key]]
            assert shown == int(claim["status"] in plain.LISTED)
            assert date == plain.date_number(claim.get("date"))


def handles_of(records: plain.Records) -> list[tuple]:
    """What each record can be asked for by: (type, id, kind, number, value)."""
    found = []
    for (type, id), record in records.items():
        asked = [("former", former) for former in record.get("former_ids", [])]
        asked += [
            ("identifier", one["scheme"] + ":" + one["identifier"])
            for one in record.get("identifiers", [])
        ]
        found += [(type, id, kind, n, value) for n, (kind, value) in enumerate(asked)]
        if type == "claim":
            continue
        own = record[{"source": "title", "position": "text"}.get(type, "name")]
        names = []
        for name in [own, *record.get("aliases", [])]:
            if fold(name) not in names:
                names.append(fold(name))
        for n, name in enumerate(names):
            found.append((type, id, "name", n, name))
            found += [(type, id, "word", n, word) for word in set(name.split())]
    return found


def tables() -> dict[str, list]:
    """All rows of all tables, with type and id in place of keys, without versions and times."""
    of = keys()
    found = {}
    for model in TABLES:
        name = model._meta.table_name
        if name in ("dataset", "deletion", "record", "document"):
            continue
        columns = [field.column_name for field in model._meta.sorted_fields]
        refers = {column for _, _, _, column, *_ in rows(f"PRAGMA foreign_key_list({name})")}
        found[name] = sorted(
            repr([of.get(one) if c in refers else one for c, one in zip(columns, row, strict=True)])
            for row in table(model)
        )
    found["order"] = [of[key] for key in sorted(of)]
    found["document"] = [
        (key, {**document, "created_at": None, "updated_at": None})
        for key, document in stored_documents().items()
    ]
    return found


Writes.TestCase.settings = settings(
    derandomize=not DEEPER,
    database=None,
    deadline=None,
    max_examples=int(DEEPER or 60),
    stateful_step_count=10,
    # the notes of a failure are readable as they are, and shrinking takes minutes
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestWrites = Writes.TestCase


def small(*claims: dict, organizations: tuple[str, ...] = ("nato", "un")) -> dict[str, list]:
    return {
        "organizations": [{"id": id, "name": id.title(), "kind": "other"} for id in organizations],
        "claims": list(claims),
    }


CLAIM = {"id": "c", "text": "C", "organization": "nato"}


@pytest.mark.parametrize("type", ["organization", "claim"])
def test_a_load_may_prune_the_newest_record_and_add_one(load: Callable, type: str) -> None:
    """A key never comes back, so that nothing takes one record for another."""
    newest = {**CLAIM, "id": "newest"}
    load(**small(CLAIM, newest))
    (key,) = rows("SELECT key FROM record WHERE id = 'newest'")[0]
    new = {**CLAIM, "id": "new"}
    if type == "claim":
        plan = load(**small(CLAIM, new), prune=True)
    else:
        plan = load(**small(CLAIM, organizations=("nato", "un", "eu")), prune=True)
    assert (plan.added.count, plan.removed.count, plan.unchanged) == (1, 1, 3)
    assert rows("SELECT MAX(key) > ? FROM record", key) == [(1,)]
    assert stored_documents().keys() == set(keys().values())
    # nor after the newest is gone without a successor
    load(**small(CLAIM), prune=True)
    load(**small(CLAIM, new))
    assert rows("SELECT MAX(key) > ? FROM record", key + 1) == [(1,)]


@pytest.mark.parametrize(
    ("section", "items", "problems"),
    [
        (
            "positions",
            [{"position": "x", "stance": "support"}, {"position": "y", "stance": "oppose"}],
            ["positions.0.position: 'x'", "positions.1.position: 'y'"],
        ),
        (
            "about",
            [{"actor": "x"}, {"organization": "un"}, {"organization": "y"}],
            ["about.0.actor: 'x'", "about.2.organization: 'y'"],
        ),
        (
            "addressees",
            [{"actor": "x"}, {"actor": "y"}],
            ["addressees.0.actor: 'x'", "addressees.1.actor: 'y'"],
        ),
        ("topics", ["x", "y"], ["topics.0: 'x'", "topics.1: 'y'"]),
        (
            "reports",
            [{"source": "x"}, {"source": "x"}],
            ["reports.0.source: 'x'", "reports.1.source: 'x'"],
        ),
        (
            "relations",
            [{"kind": "repeats", "claim": "x"}, {"kind": "supports", "claim": "x"}],
            ["relations.0.claim: 'x'", "relations.1.claim: 'x'"],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_all_dangling_references_are_listed(
    load: Callable, section: str, items: list, problems: list[str]
) -> None:
    load(**small(CLAIM))
    before = stored_documents()
    with pytest.raises(Refused) as refused:
        load(**small({**CLAIM, section: items}))
    said = [str(problem).split("claim c: ")[1] for problem in refused.value.problems]
    assert [one.split(": there is no")[0] for one in said] == problems
    assert stored_documents() == before


TWICE = {
    "positions": [{"position": "was", "stance": "support"}, {"position": "is", "stance": "oppose"}],
    "topics": ["is", "was"],
    "about": [{"actor": "was"}, {"actor": "is"}],
    "addressees": [{"actor": "is"}, {"actor": "was"}],
    "relations": [{"kind": "repeats", "claim": "was"}, {"kind": "repeats", "claim": "is"}],
}


@pytest.mark.parametrize("there", [False, True], ids=["at once", "loaded before"])
@pytest.mark.parametrize(("section", "items"), TWICE.items(), ids=TWICE)
def test_the_same_thing_by_its_id_and_by_a_former_one(
    load: Callable, section: str, items: list, there: bool
) -> None:
    """It stands twice in the list, else the export would not load back."""
    beside = {
        "positions": [{"id": "is", "text": "P", "former_ids": ["was"]}],
        "topics": [{"id": "is", "name": "T", "former_ids": ["was"]}],
        "actors": [{"id": "is", "name": "A", "former_ids": ["was"]}],
        "claims": [{**CLAIM, "id": "is", "former_ids": ["was"]}],
    }
    organizations = small()["organizations"]
    if there:
        load(organizations=organizations, **beside)
        beside["claims"] = []
    beside["claims"] = [*beside["claims"], {**CLAIM, section: items}]
    with pytest.raises(Refused, match="1 problem"):
        load(organizations=organizations, **beside)
    assert rows("SELECT COUNT(*) FROM record WHERE id = 'c'") == [(0,)]


def test_a_claim_relates_to_itself_by_a_former_id(load: Callable) -> None:
    itself = {**CLAIM, "former_ids": ["b"], "relations": [{"kind": "repeats", "claim": "b"}]}
    with pytest.raises(Refused, match="1 problem"):
        load(**small(itself))
