"""Loads: the plan, versions, the digest, removed records."""

from __future__ import annotations

import itertools
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import peewee
import pytest

from models import Claim
from models.database.connection import fetch_all
from models.database.patience import Patience
from models.database.sqlite import Sqlite
from models.dataset import read_dataset
from models.queries.lists import LISTS
from models.queries.matching import matching
from seeds.loader import Unconfirmed
from tests.engines import on_sqlite
from tests.seeds.build import (
    ZEROS,
    actor,
    as_lines,
    claim,
    deletions,
    digest_of,
    documents,
    documents_without_times,
    event,
    everything,
    exported,
    hash_of,
    hashes_match,
    lines_of,
    organization,
    position,
    record_rows,
    small,
    source,
    state,
    topic,
)

THEN = "2026-01-02T03:04:05.123456Z"
LATER = "2026-05-06T07:08:09.000001Z"
ALL = everything()

# references go from file to file, in both directions
FILES = {
    "a.json": {"claims": ALL["claims"]},
    "b.json": {"sources": ALL["sources"], "topics": ALL["topics"][1:]},
    "c.json": {"events": ALL["events"], "organizations": ALL["organizations"]},
    "d.json": {
        "positions": ALL["positions"],
        "actors": ALL["actors"],
        "topics": ALL["topics"][:1],
    },
}
ORDERS = [*itertools.permutations(FILES)]


def names(prefix: str = "") -> list[str]:
    return [name for name in record_rows() if name.startswith(prefix)]


def version() -> int:
    return read_dataset().version


def test_an_empty_dataset(dataset):
    assert (version(), read_dataset().digest, exported()) == (0, ZEROS, [])


def test_the_first_load(load):
    plan = load(**ALL, time=THEN)
    assert plan.added.counts == Counter(line["type"] for line in lines_of(ALL))
    assert (plan.changed.count, plan.removed.count, plan.unchanged) == (0, 0, 0)
    assert version() == 1
    assert record_rows() == {
        f"{line['type']} {line['id']}": (hash_of(line), 1, THEN, THEN) for line in lines_of(ALL)
    }
    assert exported() == lines_of(ALL)


@pytest.mark.parametrize(
    "order", ORDERS, ids=["".join(order).replace(".json", "") for order in ORDERS]
)
def test_files_in_any_order_load_idempotently(write, load_paths, order):
    paths = [write(name, FILES[name]) for name in order]
    load_paths(*paths, time=THEN)
    assert read_dataset().digest == digest_of(lines_of(ALL))
    before = state()
    plan = load_paths(*reversed(paths), time=LATER)
    assert (plan.changes, plan.unchanged) == (0, len(lines_of(ALL)))
    assert state() == before


def test_file_by_file_equals_all_at_once(write, load_paths):
    for section in (
        "organizations",
        "actors",
        "topics",
        "positions",
        "events",
        "sources",
        "claims",
    ):
        load_paths(write("one.json", {section: ALL[section]}))
    assert (version(), exported()) == (7, lines_of(ALL))
    assert hashes_match()


def test_claims_have_keys_by_claimant_and_date(load):
    """The newest claim is first; the export and ties in lists keep the order of the files."""
    made = [
        ("c1", {"actor": "bob"}, "2025-05-14"),
        ("c2", {"organization": "anvil"}, "2025-05-14"),
        ("c3", {"actor": "bob"}, "2025"),
        ("c4", {"actor": "ann"}, "2025-05-14"),
        ("c5", {"actor": "bob", "organization": "anvil"}, None),
        ("c6", {"actor": "bob"}, "2025-05-14"),
        ("c7", {"actor": "bob"}, "2025-06"),
    ]
    claims = [{"id": id, "text": id, "date": date, **who} for id, who, date in made]
    load(
        organizations=[organization("anvil")],
        actors=[actor("ann"), actor("bob")],
        claims=[claims[0], *claims[2:4]],
    )
    load(claims=claims)
    things = fetch_all("SELECT id FROM record WHERE type <> 'claim' ORDER BY key")
    assert [id for (id,) in things] == ["anvil", "ann", "bob"]
    lie = fetch_all("SELECT id FROM record WHERE type = 'claim' ORDER BY key")
    assert [id for (id,) in lie] == ["c4", "c1", "c3", "c2", "c7", "c6", "c5"]
    assert names("claim") == [f"claim c{n}" for n in (1, 3, 4, 2, 5, 6, 7)]
    newest_first = matching(Claim, LISTS[Claim].sorts["date"])
    order = (newest_first.sort_column, newest_first.tiebreaker)
    listed = newest_first.query.select(Claim.text).order_by(*order)
    assert [claim.text for claim in listed] == ["c7", "c1", "c4", "c2", "c6", "c3", "c5"]
    plan = load(actors=[actor("bob")], claims=[claims[6]], prune=True)
    assert plan.removed.examples == [
        "organization anvil", "actor ann", *(f"claim c{n}" for n in (1, 3, 4, 2, 5, 6)),
    ]  # fmt: skip


def test_the_digest_is_free_of_order(load):
    load(**{section: records[::-1] for section, records in reversed(ALL.items())})
    assert read_dataset().digest == digest_of(lines_of(ALL))
    assert exported() != lines_of(ALL)


PLAIN = actor("a", name="Şahin", kind="person", aliases=["é"], memberships=[{"organization": "o"}])
SAME = [
    ("other order of keys", dict(reversed(PLAIN.items()))),
    ("a default left out", {k: v for k, v in PLAIN.items() if k != "kind"}),
    ("nulls", PLAIN | {"url": None, "description": None, "attributes": None}),
    ("empty lists", PLAIN | {"former_ids": [], "identifiers": []}),
    ("empty objects", PLAIN | {"attributes": {}}),
    ("decomposed letters", PLAIN | {"name": "S\u0327ahin", "aliases": ["e\u0301"]}),
    ("white space around", PLAIN | {"name": " Şahin\n"}),
    ("nulls inside", PLAIN | {"memberships": [{"organization": "o", "role": None}]}),
]


@pytest.mark.parametrize("record", [record for _, record in SAME], ids=[name for name, _ in SAME])
def test_another_form_of_the_same_record_is_unchanged(load, record):
    load(actors=[PLAIN], organizations=[organization("o")])
    before = state()
    assert load(actors=[record], time=LATER).changes == 0
    assert state() == before


OTHER = [
    ("order of a list", actor("a", aliases=["c", "b"])),
    ("case", actor("a", aliases=["B", "c"])),
    ("inner white space", actor("a", aliases=["b ", "c"], name="Actor  a")),
    ("a compatible letter", actor("a", aliases=["b", "ｃ"])),
    ("one item more", actor("a", aliases=["b", "c", "d"])),
    ("a list gone", actor("a")),
    ("a new field", actor("a", aliases=["b", "c"], description="x")),
]


@pytest.mark.parametrize("record", [record for _, record in OTHER], ids=[name for name, _ in OTHER])
def test_a_changed_record(load, record):
    load(actors=[actor("a", aliases=["b", "c"]), actor("z")])
    plan = load(actors=[record, actor("z")], time=LATER)
    assert (plan.changed.examples, plan.unchanged) == (["actor a"], 1)
    assert hashes_match()


def test_a_change_bumps_only_its_own_record(load):
    load(**small(), time=THEN)
    before = record_rows()
    plan = load(claims=[claim("wait", date="2025")], time=LATER)
    assert (plan.added.count, plan.changed.examples, plan.unchanged) == (0, ["claim wait"], 0)
    after = record_rows()
    assert version() == 2
    assert after.pop("claim wait")[1:] == (2, THEN, LATER)
    before.pop("claim wait")
    assert after == before
    assert hashes_match()


def test_a_new_record_bumps_no_other(load):
    load(**small(), time=THEN)
    before = record_rows()
    load(claims=[claim("new", about=[{"actor": "ann"}])], time=LATER)
    after = record_rows()
    assert after.pop("claim new")[1:] == (2, LATER, LATER)
    assert after == before
    assert documents()["actor ann"]["claim_count"] == 3


def test_each_load_with_changes_raises_the_version_once(load):
    seen = []
    for records in ([actor("a")], [actor("a")], [actor("b"), actor("c")], [actor("a")], []):
        load(actors=records)
        seen.append(version())
    assert seen == [1, 1, 2, 2, 2]


def test_a_changed_record_keeps_its_order_of_entry(load):
    load(actors=[actor("a"), actor("b"), actor("c")])
    load(actors=[actor("d"), actor("c", name="C"), actor("a", name="A")])
    assert [line["id"] for line in exported()] == ["a", "b", "c", "d"]


def test_references_resolve_in_the_dataset(load):
    load(**small())
    load(claims=[claim("new", event="summit", topics=["spending"])])
    assert hashes_match()
    assert exported()[-1]["event"] == "summit"


SWAPS = [
    (
        "identifiers",
        [
            {"identifiers": [{"scheme": "s", "identifier": "1"}]},
            {"identifiers": [{"scheme": "s", "identifier": "2"}]},
        ],
    ),
    ("former ids", [{"former_ids": ["x"]}, {"former_ids": ["y"]}]),
    ("names", [{"name": "One"}, {"name": "Two"}]),
]


@pytest.mark.parametrize("fields", [fields for _, fields in SWAPS], ids=[name for name, _ in SWAPS])
def test_two_records_swap_unique_values(load, fields):
    load(actors=[actor("a", **fields[0]), actor("b", **fields[1])])
    load(actors=[actor("a", **fields[1]), actor("b", **fields[0])])
    assert hashes_match()
    assert [{k: line[k] for k in fields[0]} for line in exported()] == fields[::-1]


def test_parents_and_children_swap(load):
    load(topics=[topic("a"), topic("b", parent="a"), topic("c", parent="b")])
    load(topics=[topic("c"), topic("b", parent="c"), topic("a", parent="b")])
    assert [record.get("parent") for record in exported()] == ["b", "c", None]


def test_the_same_id_in_two_types(load):
    load(actors=[actor("x")], organizations=[organization("x")], topics=[topic("x")])
    assert names() == ["actor x", "organization x", "topic x"]


# with --prune


def test_prune_removes_the_rest(load):
    load(**small(), time=THEN)
    left = {"actors": [actor("ann")], "claims": [claim("wait")]}
    plan = load(prune=True, **left, time=LATER)
    assert plan.removed.counts == {
        "organization": 2,
        "topic": 2,
        "position": 1,
        "event": 2,
        "source": 1,
        "claim": 1,
    }
    assert (plan.added.count, plan.changed.count, plan.unchanged) == (0, 0, 2)
    assert names() == ["actor ann", "claim wait"]
    assert list(documents()) == ["actor ann", "claim wait"]
    assert documents()["actor ann"]["claim_count"] == 1
    assert version() == 2
    assert deletions() == {
        "claim act": 2,
        "event dinner": 2,
        "event summit": 2,
        "organization nato": 2,
        "organization paper": 2,
        "position more": 2,
        "source news": 2,
        "topic defence": 2,
        "topic spending": 2,
    }


def test_a_pruned_dataset_equals_a_fresh_one(load, write, fresh_load):
    load(**everything())
    left = {**ALL, "claims": ALL["claims"][1:], "events": []}
    load(prune=True, **left)
    assert (read_dataset().digest, exported(), documents_without_times()) == fresh_load(
        write("left.json", left)
    )
    assert hashes_match()


def test_prune_of_the_same_files_changes_nothing(load):
    load(**ALL)
    before = state()
    assert load(prune=True, **ALL, time=LATER).changes == 0
    assert state() == before


def test_prune_of_all_records(load):
    load(**ALL)
    load(prune=True)
    assert (exported(), read_dataset().digest, documents()) == ([], ZEROS, {})
    assert list(deletions()) == sorted(
        f"{record['type']} {record['id']}" for record in lines_of(ALL)
    )


def test_without_prune_nothing_is_removed(load):
    load(**small())
    assert load(actors=[]).changes == 0
    assert names() == [f"{record['type']} {record['id']}" for record in lines_of(small())]


def test_a_record_that_comes_back_is_no_longer_deleted(load):
    seen = []
    for n, records in enumerate(([actor("a"), actor("b")], [actor("b")], [actor("a"), actor("b")])):
        load(actors=records, prune=True, time=f"2026-01-0{n + 1}T00:00:00.000000Z")
        seen.append(deletions())
    assert seen == [{}, {"actor a": 2}, {}]
    moment = "2026-01-03T00:00:00.000000Z"
    assert record_rows()["actor a"][1:] == (3, moment, moment)
    assert names() == ["actor b", "actor a"]


def test_a_deletion_has_its_last_version(load):
    a, b = actor("a"), actor("b")
    for records in ([a, b], [b], [a], [b], [b]):
        load(actors=records, prune=True)
    load(actors=[actor("c")])
    assert (version(), deletions()) == (5, {"actor a": 4})


def test_the_last_record_is_removed_while_another_is_added(load):
    load(actors=[actor("a"), actor("b")])
    load(actors=[actor("a")], topics=[topic("c")], prune=True)
    assert names() == ["actor a", "topic c"]
    assert list(documents()) == ["actor a", "topic c"]
    assert hashes_match()


GONE = [
    ("actor", [actor("b")], {"actor": "b"}, "actor"),
    ("about", [actor("b")], {"about": [{"actor": "b"}]}, "about.0.actor"),
    ("addressees", [actor("b")], {"addressees": [{"actor": "b"}]}, "addressees.0.actor"),
]


@pytest.mark.parametrize("dry_run", [True, False], ids=["dry", "real"])
@pytest.mark.parametrize(
    ("gone", "fields", "field"), [case[1:] for case in GONE], ids=[case[0] for case in GONE]
)
def test_an_unchanged_record_must_not_refer_to_a_removed_one(
    load, refused, write, gone, fields, field, dry_run
):
    load(actors=[actor("ann"), *gone], claims=[claim("c") | fields])
    left = write("left.json", {"actors": [actor("ann")], "claims": [claim("c") | fields]})
    assert refused(left, prune=True, dry_run=dry_run) == [
        f"left.json: claim c: {field}: 'b': there is no actor with this id"
    ]


REPEATS = [{"kind": "repeats", "claim": "gone"}]
LOST = [
    ("organizations", "parent", organization("x", parent="gone"), organization("gone")),
    ("topics", "parent", topic("x", parent="gone"), topic("gone")),
    ("events", "parent", event("x", parent="gone"), event("gone")),
    ("claims", "relations.0.claim", claim("x", relations=REPEATS), claim("gone")),
]


@pytest.mark.parametrize(
    ("section", "field", "record", "gone"), LOST, ids=[section for section, *_ in LOST]
)
def test_prune_does_not_remove_a_parent(load, refused, write, section, field, record, gone):
    load(actors=[actor("ann")], **{section: [record, gone]})
    left = write("left.json", {"actors": [actor("ann")], section: [record]})
    type = section.removesuffix("s")
    assert refused(left, prune=True) == [
        f"left.json: {type} x: {field}: 'gone': there is no {type} with this id"
    ]


REVIEWS = [{"organization": "gone", "rating": "r"}]
POSITIONS = [{"position": "gone", "stance": "support"}]
THINGS = [
    ("organizers", event("x", organizers=["gone"]), "organization"),
    ("publisher", source("x", publisher="gone"), "organization"),
    ("memberships", actor("x", memberships=[{"organization": "gone"}]), "organization"),
    ("reviews", claim("x", reviews=REVIEWS), "organization"),
    ("positions", claim("x", positions=POSITIONS), "position"),
    ("reports", claim("x", reports=[{"source": "gone"}]), "source"),
    ("topics", claim("x", topics=["gone"]), "topic"),
    ("topics", position("x", topics=["gone"]), "topic"),
    ("event", claim("x", event="gone"), "event"),
]
SECTION_OF = {
    "organizers": "events",
    "publisher": "sources",
    "memberships": "actors",
    "topics": "positions",
}
BUILD = {
    "organization": organization,
    "position": position,
    "source": source,
    "topic": topic,
    "event": event,
}


@pytest.mark.parametrize(
    ("field", "record", "type"), THINGS, ids=[f"{field} {type}" for field, _, type in THINGS]
)
def test_prune_does_not_remove_a_referred_record(load, refused, write, field, record, type):
    section = "claims" if "actor" in record else SECTION_OF[field]
    left = {"actors": [actor("ann")]}
    left[section] = [*left.get(section, []), record]
    gone = {**left, f"{type}s": [*left.get(f"{type}s", []), BUILD[type]("gone")]}
    load(**gone)
    (error,) = refused(write("left.json", left), prune=True)
    assert error.startswith(f"left.json: {section.removesuffix('s')} x: {field}")
    assert error.endswith(f": 'gone': there is no {type} with this id")


SHARES = [
    (10, 1, True),
    (10, 2, False),
    (9, 1, False),
    (20, 2, True),
    (29, 2, True),
    (29, 3, False),
    (1, 1, False),
    (5, 0, True),
]


@pytest.mark.parametrize(("count", "less", "goes"), SHARES)
def test_removing_more_than_a_tenth_needs_confirmation(write, load_paths, count, less, goes):
    actors = [actor(f"a{n}") for n in range(count)]
    load_paths(write("all.json", {"actors": actors}))
    left = write("left.json", {"actors": actors[less:]})
    before = state()
    if goes:
        assert load_paths(left, prune=True, confirmed=False).removed.count == less
    else:
        with pytest.raises(Unconfirmed) as caught:
            load_paths(left, prune=True, confirmed=False)
        assert str(caught.value) == (
            f"this would remove {less} of {count} records: confirm with --yes"
        )
        assert caught.value.plan.removed.examples == [f"actor a{n}" for n in range(less)]
        assert state() == before


def test_an_unconfirmed_load_adds_nothing(write, load_paths):
    load_paths(write("all.json", {"actors": [actor("a"), actor("b")]}))
    before = state()
    with pytest.raises(Unconfirmed):
        load_paths(write("b.json", {"actors": [actor("c")]}), prune=True, confirmed=False)
    assert state() == before


# dry runs


def test_a_dry_run_shows_the_plan_and_writes_nothing(load):
    load(**small())
    before = state()
    records = small() | {"actors": [actor("ann", name="Ann"), actor("bob")], "positions": []}
    plan = load(**records, prune=True, dry_run=True)
    assert (plan.added.examples, plan.changed.examples, plan.removed.examples, plan.unchanged) == (
        ["actor bob"],
        ["actor ann"],
        ["position more"],
        9,
    )
    assert state() == before
    done = load(**records, prune=True)
    assert done == plan


def test_a_dry_run_needs_no_confirmation(write, load_paths):
    load_paths(write("all.json", small()))
    before = state()
    plan = load_paths(write("b.json", {}), prune=True, confirmed=False, dry_run=True)
    assert plan.removed.count == len(lines_of(small()))
    assert state() == before


def test_a_plan_has_the_first_records_as_examples(load):
    plan = load(actors=[actor(f"a{n}") for n in range(30)], dry_run=True)
    assert plan.added.counts == {"actor": 30}
    assert plan.added.examples == [f"actor a{n}" for n in range(20)]


# while it runs


@on_sqlite
def test_readers_see_the_old_dataset_until_the_commit(write, load_paths, url):
    load_paths(write("a.json", small()))
    seen = []

    def look(phase, done, total):
        other = sqlite3.connect(url.removeprefix("sqlite:///"))
        seen.append((phase, *other.execute("SELECT version, digest FROM dataset").fetchone()))
        other.close()

    before = read_dataset()
    load_paths(write("b.json", {"actors": [actor("bob")]}), progress=look)
    assert set(seen) == {
        ("reading", before.version, before.digest),
        ("writing", before.version, before.digest),
        ("rendering", before.version, before.digest),
    }


@on_sqlite
def test_another_load_comes_before_the_first_one(write, load_paths, url, monkeypatch):
    """The load starts again, since it is prepared for an empty dataset only."""
    first = write("a.json", {"actors": [actor("ann")]})
    loading = Sqlite.loading
    seen = []

    @contextmanager
    def after_another(self, empty):
        with loading(self, empty):
            seen.append(empty)
            if empty:
                command = Path(sys.executable).parent / "claimbase"
                subprocess.run([command, "load", "--database", url, first], check=True)
            yield

    monkeypatch.setattr(Sqlite, "loading", after_another)
    plan = load_paths(write("b.json", {"actors": [actor("bob")]}))
    assert (seen, plan.added.count) == ([True, False], 1)
    assert [line["id"] for line in exported()] == ["ann", "bob"]


@pytest.mark.parametrize("phase", ["reading", "writing", "rendering"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_a_load_that_fails_changes_nothing(write, load_paths, phase, error):
    load_paths(write("a.json", small()))
    before = state()
    path = write("b.jsonl", as_lines(ALL))

    def break_off(now, done, total):
        if now == phase:
            raise error

    with pytest.raises(error):
        load_paths(path, prune=True, progress=break_off)
    assert state() == before
    load_paths(path, prune=True)
    assert read_dataset().digest == digest_of(lines_of(ALL))


def test_progress_reaches_the_end_of_each_phase(write, load_paths):
    told: dict[str, list[tuple[int, int]]] = {}
    path = write("b.jsonl", as_lines(ALL))
    load_paths(path, progress=lambda phase, *done: told.setdefault(phase, []).append(done))
    size, count = path.stat().st_size, len(lines_of(ALL))
    assert told["reading"] == sorted(told["reading"])
    assert {phase: done[-1] for phase, done in told.items()} == {
        "reading": (size, size),
        "writing": (count, count),
        "rendering": (count, count),
    }


def test_progress_counts_no_removed_records(write, load_paths):
    told = []
    load_paths(write("a.json", {"actors": [actor("a"), actor("b")]}))
    left = write("b.json", {"actors": [actor("a", name="A")]})
    load_paths(left, prune=True, progress=lambda *now: told.append(now))
    assert told[-1] == ("rendering", 1, 1)


@on_sqlite
def test_a_locked_database(write, load_paths, url):
    load_paths(write("a.json", small()))
    before = state()
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(peewee.OperationalError, match="another process still writes"):
        load_paths(write("b.json", {"actors": [actor("bob")]}), patience=Patience(0.01))
    other.close()
    assert state() == before
    load_paths(write("b.json", {"actors": [actor("bob")]}))
    assert names("actor") == ["actor ann", "actor bob"]


def test_long_names_of_any_script(load):
    """Folded, a letter becomes several; an index of PostgreSQL takes 2,704 bytes."""
    han = [chr(0x4E00 + n * 7) for n in range(2000)]
    smiling = "".join(chr(0x1F300 + n) for n in range(400))
    load(
        actors=[actor("ann")],
        positions=[{"id": "p", "text": "".join(han)}],
        topics=[{"id": "t", "name": smiling}],
        claims=[claim("c", place=smiling)],
    )
    assert {line["id"] for line in exported()} == {"ann", "t", "p", "c"}
