"""Records that get another id: `former_ids`."""

from __future__ import annotations

import pytest

from models.dataset import read_dataset
from tests.seeds.build import (
    actor,
    claim,
    deletions,
    documents,
    documents_without_times,
    event,
    exported,
    hashes_match,
    organization,
    position,
    record_rows,
    source,
    state,
    topic,
)

THEN = "2026-01-02T03:04:05.123456Z"
LATER = "2026-05-06T07:08:09.000001Z"

BUILD = {
    "organization": organization,
    "actor": actor,
    "topic": topic,
    "position": position,
    "event": event,
    "source": source,
    "claim": claim,
}


def other(**fields) -> dict:
    return claim("x", organization="own", **fields)


# each kind of reference: the referred type, the referring type, the record for an id
REFERENCES = {
    "parent organization": (
        "organization",
        "organization",
        lambda id: organization("x", parent=id),
    ),
    "membership": (
        "organization",
        "actor",
        lambda id: actor("x", memberships=[{"organization": "own"}, {"organization": id}]),
    ),
    "parent topic": ("topic", "topic", lambda id: topic("x", parent=id)),
    "topic of a position": ("topic", "position", lambda id: position("x", topics=[id])),
    "parent event": ("event", "event", lambda id: event("x", parent=id)),
    "organizer": ("organization", "event", lambda id: event("x", organizers=["own", id])),
    "participant": (
        "actor",
        "event",
        lambda id: event("x", participants=[{"actor": id, "role": "Host"}]),
    ),
    "participating organization": (
        "organization",
        "event",
        lambda id: event("x", participants=[{"organization": id}]),
    ),
    "publisher": ("organization", "source", lambda id: source("x", publisher=id)),
    "origin": ("organization", "source", lambda id: source("x", origin=id)),
    "claimant": ("actor", "claim", lambda id: other(actor=id)),
    "organization": ("organization", "claim", lambda id: claim("x", organization=id)),
    "event": ("event", "claim", lambda id: other(event=id)),
    "topic": ("topic", "claim", lambda id: other(topics=[id])),
    "position": (
        "position",
        "claim",
        lambda id: other(positions=[{"position": id, "stance": "oppose"}]),
    ),
    "addressee": ("actor", "claim", lambda id: other(addressees=[{"actor": id}])),
    "addressed organization": (
        "organization",
        "claim",
        lambda id: other(addressees=[{"organization": id}]),
    ),
    "about": ("actor", "claim", lambda id: other(about=[{"actor": id}])),
    "about an organization": (
        "organization",
        "claim",
        lambda id: other(about=[{"organization": id}]),
    ),
    "report": ("source", "claim", lambda id: other(reports=[{"source": id, "exact": "w"}])),
    "relation": ("claim", "claim", lambda id: other(relations=[{"kind": "repeats", "claim": id}])),
    "review": (
        "organization",
        "claim",
        lambda id: other(reviews=[{"organization": id, "rating": "False"}]),
    ),
}
OWN = organization("own")
every_reference = pytest.mark.parametrize(
    ("type", "owner", "build"), REFERENCES.values(), ids=REFERENCES
)


def warnings_of(plan) -> list[str]:
    return [str(warning) for warning in plan.warnings.kept]


def sections(*records: tuple[str, dict]) -> dict[str, list[dict]]:
    by_section: dict[str, list[dict]] = {}
    for type, record in records:
        by_section.setdefault(f"{type}s", []).append(record)
    return by_section


def referred(type: str, id: str, **fields) -> tuple[str, dict]:
    extra = {"organization": "own"} if type == "claim" else {}
    return (type, BUILD[type](id, **extra, **fields))


def referrer(owner: str) -> dict:
    (line,) = (line for line in exported() if (line["type"], line["id"]) == (owner, "x"))
    return line


@every_reference
def test_a_reference_by_a_former_id(load, type, owner, build):
    records = sections(
        (owner, build("old")), ("organization", OWN), referred(type, "new", former_ids=["old"])
    )
    load(**records)
    assert {k: referrer(owner)[k] for k in build("new")} == build("new")
    assert hashes_match()
    before = state()
    assert load(**records, time=LATER).changes == 0
    assert load(**sections((owner, build("old"))), time=LATER).changes == 0
    assert load(**sections((owner, build("new"))), time=LATER).changes == 0
    assert state() == before


@every_reference
def test_a_rename_reaches_records_outside_the_files(load, write, fresh_load, type, owner, build):
    load(**sections(("organization", OWN), referred(type, "old"), (owner, build("old"))), time=THEN)
    before = record_rows()
    renamed = referred(type, "new", former_ids=["old"])
    plan = load(**sections(renamed), time=LATER)
    assert (plan.added.count, plan.removed.count) == (0, 0)
    assert sorted(plan.changed.examples) == sorted([f"{type} new", f"{owner} x"])
    assert {k: referrer(owner)[k] for k in build("new")} == build("new")
    after = record_rows()
    assert after[f"{owner} x"][1:] == (2, THEN, LATER)
    assert after[f"{owner} x"][0] != before[f"{owner} x"][0]
    assert after[f"{type} new"][1:] == (2, THEN, LATER)
    assert after["organization own"] == before["organization own"]
    assert deletions() == {f"{type} old": 2}
    assert hashes_match()
    whole = write("whole.json", sections(("organization", OWN), renamed, (owner, build("new"))))
    assert (read_dataset().digest, exported(), documents_without_times()) == fresh_load(whole)
    assert documents()[f"{owner} x"]["updated_at"] == LATER


def test_a_renamed_record_keeps_its_order_of_entry(load):
    load(actors=[actor("a"), actor("b"), actor("c")])
    load(actors=[actor("z", former_ids=["b"])])
    assert [line["id"] for line in exported()] == ["a", "z", "c"]


def test_a_rename_with_other_changes(load):
    load(actors=[actor("a", name="A"), actor("ann")], claims=[claim("c", actor="a")])
    load(
        actors=[actor("b", name="B", former_ids=["a"])],
        claims=[claim("c", actor="a", date="2025"), claim("d", actor="b")],
    )
    assert [(line["id"], line.get("actor"), line.get("date")) for line in exported()] == [
        ("b", None, None),
        ("ann", None, None),
        ("c", "b", "2025"),
        ("d", "b", None),
    ]
    assert documents()["actor b"]["claim_count"] == 2
    assert hashes_match()


def test_two_renames_in_a_row(load):
    load(actors=[actor("a"), actor("ann")], claims=[claim("c", actor="a")])
    load(actors=[actor("b", former_ids=["a"])])
    load(actors=[actor("c", former_ids=["a", "b"])])
    assert referring("c") == "c"
    assert deletions() == {"actor a": 2, "actor b": 3}
    for old in "abc":
        assert load(claims=[claim("c", actor=old)]).changes == 0
    assert hashes_match()


def referring(id: str) -> str:
    (line,) = (line for line in exported() if (line["type"], line["id"]) == ("claim", id))
    return line["actor"]


def test_two_renames_at_once(load):
    load(actors=[actor("a"), actor("b")], claims=[claim("c", actor="a"), claim("d", actor="b")])
    load(actors=[actor("x", former_ids=["a"]), actor("y", former_ids=["b"])])
    assert (referring("c"), referring("d")) == ("x", "y")
    assert hashes_match()


def test_a_rename_of_all_files_at_once(load):
    load(actors=[actor("ann"), actor("a")], claims=[claim("c", actor="a")])
    plan = load(
        prune=True,
        actors=[actor("ann"), actor("b", former_ids=["a"])],
        claims=[claim("c", actor="b")],
    )
    assert (plan.added.count, plan.changed.count, plan.removed.count) == (0, 2, 0)
    assert deletions() == {"actor a": 2}
    assert hashes_match()


def test_a_rename_back(load):
    load(actors=[actor("a")], claims=[claim("c", actor="a")])
    load(actors=[actor("b", former_ids=["a"])])
    load(actors=[actor("a", former_ids=["b"])])
    assert referring("c") == "a"
    assert deletions() == {"actor b": 3}
    assert hashes_match()


def test_a_former_id_that_no_record_had(load):
    load(actors=[actor("b", former_ids=["a"])])
    assert deletions() == {}
    assert hashes_match()


def test_a_former_id_moves_to_another_record(load):
    load(actors=[actor("x", former_ids=["a"]), actor("y")])
    load(actors=[actor("x"), actor("y", former_ids=["a"])])
    load(claims=[claim("c", actor="a")])
    assert referring("c") == "y"


def test_a_former_id_stays_one(load, refused, write):
    """A load adds former ids that its files lack, until a load prunes."""
    load(actors=[actor("x", former_ids=["a"]), actor("ann")])
    before = state()
    plan = load(actors=[actor("x")], time=LATER)
    assert (plan.changes, plan.unchanged) == (0, 1)
    (warning,) = warnings_of(plan)
    assert warning.endswith(
        "actor x: former_ids: 'a': is missing in the file; the dataset keeps it"
    )
    assert state() == before
    load(actors=[actor("x", former_ids=["b"])])
    assert former_ids_of("x") == ["a", "b"]
    load(actors=[actor("x", former_ids=["b", "a"])])
    assert former_ids_of("x") == ["b", "a"]
    load(actors=[actor("x", name="X", former_ids=["a"])])
    assert former_ids_of("x") == ["b", "a"]
    assert load(claims=[claim("c", actor="a")]).changes == 1
    assert referring("c") == "x"
    (error,) = refused(write("a.json", {"actors": [actor("a")]}))
    assert "actor a: id: 'a': is a former id of actor x" in error
    load(prune=True, actors=[actor("x")], claims=[claim("c", actor="x")])
    assert former_ids_of("x") == []
    load(actors=[actor("a")])
    assert hashes_match()


def former_ids_of(id: str) -> list[str]:
    (line,) = (line for line in exported() if (line["type"], line["id"]) == ("actor", id))
    return line.get("former_ids", [])


def test_the_same_former_id_in_two_types(load):
    load(
        actors=[actor("x", former_ids=["old"])],
        organizations=[organization("y", former_ids=["old"])],
    )
    load(claims=[claim("c", actor="old", organization="old", about=[{"actor": "old"}])])
    line = exported()[-1]
    assert (line["actor"], line["organization"], line["about"]) == ("x", "y", [{"actor": "x"}])


def test_a_dry_run_of_a_rename_writes_nothing(load):
    load(actors=[actor("a")], claims=[claim("c", actor="a"), claim("d", actor="a")])
    before = state()
    plan = load(actors=[actor("b", former_ids=["a"])], dry_run=True)
    assert sorted(plan.changed.examples) == ["actor b", "claim c", "claim d"]
    assert state() == before


def test_prune_merges_two_records(load):
    load(
        actors=[actor("a"), actor("b"), actor("ann")],
        claims=[claim("c", actor="a"), claim("d", actor="b"), claim("e", about=[{"actor": "b"}])],
    )
    merged = actor("m", former_ids=["a", "b"])
    plan = load(
        prune=True,
        actors=[merged, actor("ann")],
        claims=[claim("c", actor="a"), claim("d", actor="b"), claim("e", about=[{"actor": "b"}])],
    )
    assert (plan.added.count, sorted(plan.changed.examples), plan.removed.examples) == (
        0,
        ["actor m", "claim c", "claim d", "claim e"],
        ["actor b"],
    )
    assert (referring("c"), referring("d")) == ("m", "m")
    assert deletions() == {"actor a": 2, "actor b": 2}
    assert documents()["actor m"]["claim_count"] == 2
    assert hashes_match()


def test_prune_merges_into_a_record_of_the_dataset(load):
    load(actors=[actor("a"), actor("m")], claims=[claim("c", actor="a")])
    load(prune=True, actors=[actor("m", former_ids=["a"])], claims=[claim("c", actor="a")])
    assert referring("c") == "m"
    assert deletions() == {"actor a": 2}
    assert hashes_match()


def test_merges_two_records_of_the_dataset(load):
    """Referrers outside the files follow, and all former ids lead to the merged record."""
    load(
        actors=[actor("a", former_ids=["aa"]), actor("m", former_ids=["mm"]), actor("ann")],
        claims=[
            claim("c", actor="a"),
            claim("d", actor="m"),
            claim("e", about=[{"actor": "a"}, {"actor": "m"}]),
            claim("f", addressees=[{"actor": "a"}]),
        ],
        time=THEN,
    )
    before = record_rows()
    plan = load(actors=[actor("m", former_ids=["a"])], time=LATER)
    assert (plan.added.count, sorted(plan.changed.examples), plan.removed.examples) == (
        0,
        ["actor m", "claim c", "claim e", "claim f"],
        ["actor a"],
    )
    assert [(line["id"], line.get("former_ids")) for line in exported()][:2] == [
        ("m", ["mm", "a", "aa"]),
        ("ann", None),
    ]
    assert (referring("c"), referring("d")) == ("m", "m")
    assert [line.get("about", line.get("addressees")) for line in exported()[4:]] == [
        [{"actor": "m"}],
        [{"actor": "m"}],
    ]
    after = record_rows()
    assert {key for key in after if after[key] != before[key]} == {
        "actor m", "claim c", "claim e", "claim f",
    }  # fmt: skip
    assert after["claim c"][1:] == (2, THEN, LATER)
    assert deletions() == {"actor a": 2}
    assert documents()["actor m"]["claim_count"] == 2
    assert hashes_match()
    for former in ("a", "aa", "mm"):
        assert load(claims=[claim("c", actor=former)]).changes == 0
    assert load(actors=[actor("m", former_ids=["a"])]).changes == 0


def test_merges_two_records_of_the_dataset_into_a_new_one(load):
    load(actors=[actor("a"), actor("b"), actor("ann")], claims=[claim("c", actor="b")], time=THEN)
    plan = load(actors=[actor("m", former_ids=["a", "b"])], time=LATER)
    assert (sorted(plan.changed.examples), plan.removed.examples) == (
        ["actor m", "claim c"],
        ["actor b"],
    )
    assert record_rows()["actor m"][1:] == (2, THEN, LATER)
    assert deletions() == {"actor a": 2, "actor b": 2}
    assert hashes_match()


def test_a_merge_with_references_in_the_files(load):
    load(
        topics=[topic("a"), topic("m"), topic("t", parent="a")],
        actors=[actor("ann")],
        claims=[claim("c", topics=["a", "t"])],
    )
    load(
        topics=[topic("m", former_ids=["a"]), topic("t", parent="a")],
        claims=[claim("c", topics=["m", "a"])],
    )
    lines = {line["id"]: line for line in exported()}
    assert (lines["t"]["parent"], lines["c"]["topics"]) == ("m", ["m"])
    assert hashes_match()


def stances(**stances_by_id: str) -> list[dict]:
    return [{"position": id, "stance": stance} for id, stance in stances_by_id.items()]


REPEATS_A = [{"kind": "repeats", "claim": "a"}]
# the records of the dataset, the merging record, the error
IMPOSSIBLE_MERGES = [
    (
        {
            "positions": [position("a"), position("m")],
            "claims": [claim("c", positions=stances(a="support", m="oppose"))],
        },
        {"positions": [position("m", former_ids=["a"])]},
        "in the dataset: claim c: positions.1: duplicate since 'a' is now 'm'",
    ),
    (
        {"claims": [claim("a"), claim("m", relations=REPEATS_A)]},
        {"claims": [claim("m", former_ids=["a"], relations=REPEATS_A)]},
        "s.json: claim m: relations: is the claim itself since 'a' is now 'm'",
    ),
    (
        {"topics": [topic("a"), topic("t", parent="a"), topic("m", parent="t")]},
        {"topics": [topic("m", parent="t", former_ids=["a"])]},
        "in the dataset: topic t: parent: circular parents: t → m → t, since 'a' is now 'm'",
    ),
    (
        {"topics": [topic("a"), topic("m", parent="a")]},
        {"topics": [topic("m", parent="a", former_ids=["a"])]},
        "s.json: topic m: parent: circular parents: m → m, since 'a' is now 'm'",
    ),
]


@pytest.mark.parametrize(("before", "merging", "error"), IMPOSSIBLE_MERGES)
def test_merges_that_make_no_sense(load, refused, write, before, merging, error):
    load(actors=[actor("ann")], **before)
    unchanged = state()
    assert refused(write("s.json", merging)) == [error]
    assert state() == unchanged


CONFLICTS = [
    (
        "a former id that a record in the same file has",
        [],
        [actor("b", former_ids=["a"]), actor("a")],
        ["is a former id of actor b"],
    ),
    (
        "a former id of two in the same file",
        [],
        [actor("b", former_ids=["a"]), actor("c", former_ids=["a"])],
        ["s.json: actor c: former_ids: 'a': is also used by actor b"],
    ),
    (
        "a former id of two, one in the dataset",
        [actor("b", former_ids=["a"])],
        [actor("c", former_ids=["a"])],
        ["s.json: actor c: former_ids: 'a': is also used by actor b"],
    ),
    (
        "a record that two others name as their former id",
        [actor("a")],
        [actor("b", former_ids=["a"]), actor("c", former_ids=["a"])],
        ["s.json: actor c: former_ids: 'a': is also used by actor b"],
    ),
    (
        "a new record with the former id of another",
        [actor("b", former_ids=["a"])],
        [actor("a")],
        ["s.json: actor a: id: 'a': is a former id of actor b"],
    ),
    (
        "an identifier of another",
        [actor("a", identifiers=[{"scheme": "s", "identifier": "1:2"}])],
        [actor("b", identifiers=[{"scheme": "s", "identifier": "1:2"}])],
        ["s.json: actor b: identifiers: 's:1:2': is also used by actor a"],
    ),
    (
        "an identifier of two in the same file",
        [],
        [actor(id, identifiers=[{"scheme": "s", "identifier": "1"}]) for id in "ab"],
        ["s.json: actor b: identifiers: 's:1': is also used by actor a"],
    ),
]


@pytest.mark.parametrize(
    ("before", "records", "fragments"),
    [case[1:] for case in CONFLICTS],
    ids=[case[0] for case in CONFLICTS],
)
def test_conflicts(load, refused, write, before, records, fragments):
    load(actors=[actor("ann"), *before])
    (error,) = refused(write("s.json", {"actors": records}))
    for fragment in fragments:
        assert fragment in error


# section and builder of the referred records, the fields of a claim, the fields after the load
COLLAPSED = [
    ("topics", topic, {"topics": ["new", "old"]}, {"topics": ["new"]}),
    (
        "positions",
        position,
        {"positions": stances(old="support", new="support")},
        {"positions": stances(new="support")},
    ),
    (
        "actors",
        actor,
        {"about": [{"actor": "old"}, {"actor": "new"}, {"actor": "ann"}]},
        {"about": [{"actor": "new"}, {"actor": "ann"}]},
    ),
    (
        "sources",
        source,
        {"reports": [{"source": "old"}, {"source": "new"}, {"source": "old", "exact": "w"}]},
        {"reports": [{"source": "new"}, {"source": "new", "exact": "w"}]},
    ),
]


@pytest.mark.parametrize("way", ["one record", "merged", "merged by prune"])
@pytest.mark.parametrize(
    ("section", "build", "fields", "collapsed"), COLLAPSED, ids=[case[0] for case in COLLAPSED]
)
def test_references_that_become_equal_are_one(load, way, section, build, fields, collapsed):
    ann = [actor("ann")]
    actors = ann if section == "actors" else []
    record = claim("c", **fields)
    if way == "one record":
        load(actors=ann)
    else:
        load(**{"actors": ann, section: [*actors, build("new"), build("old")]}, claims=[record])
    new = build("new", former_ids=["old"])
    if way == "merged":
        load(**{section: [new]})
    else:
        load(**{"actors": ann, section: [*actors, new]}, claims=[record], prune="prune" in way)
    line = exported()[-1]
    assert {name: line[name] for name in collapsed} == collapsed
    assert hashes_match()


def test_a_claim_does_not_refer_to_itself_by_a_former_id(load, refused, write):
    load(actors=[actor("ann")])
    record = claim("c", former_ids=["d"], relations=[{"kind": "repeats", "claim": "d"}])
    (error,) = refused(write("s.json", {"claims": [record]}))
    assert error.startswith("s.json: claim c: relations")
    assert error.endswith("is the claim itself since 'd' is now 'c'")


def test_a_topic_is_not_its_own_parent_by_a_former_id(refused, write):
    record = topic("t", former_ids=["u"], parent="u")
    assert refused(write("s.json", {"topics": [record]})) == [
        "s.json: topic t: parent: circular parents: t → t"
    ]


def test_a_rename_to_an_id_that_was_deleted(load):
    load(actors=[actor("a"), actor("b")])
    load(actors=[actor("a")], prune=True)
    load(actors=[actor("b", former_ids=["a"])])
    assert deletions() == {"actor a": 3}
    assert hashes_match()


def test_a_deleted_id_of_another_type_stays_deleted(load):
    load(actors=[actor("x")], topics=[topic("t")])
    load(topics=[topic("t"), topic("x")], prune=True)
    assert deletions() == {"actor x": 2}


def test_a_former_id_of_an_invalid_record_is_no_second_error(refused, write):
    wrong = topic("x", former_ids=["old"], bogus="y")
    path = write("s.json", {"topics": [wrong, topic("z", parent="old")]})
    assert refused(path) == ["s.json: topic x: bogus: 'y': unknown field"]
