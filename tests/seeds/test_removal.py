"""`claimbase remove`: records leave the dataset by their ids."""

from __future__ import annotations

import pytest

from seeds.loader import Plan
from seeds.problems import Refused
from seeds.removal import remove
from tests.seeds.build import (
    actor,
    claim,
    deletions,
    documents,
    exported,
    hashes_match,
    organization,
    state,
    topic,
)

LATER = "2026-05-06T07:08:09.000001Z"


@pytest.fixture
def loaded(load) -> None:
    load(
        organizations=[organization("o"), organization("part", parent="o")],
        actors=[actor("ann"), actor("bob", former_ids=["rob"]), actor("alone")],
        topics=[topic("t")],
        claims=[
            claim("c", topics=["t"]),
            claim("d", topics=["t"], relations=[{"kind": "repeats", "claim": "c"}]),
            claim("e", actor="bob", about=[{"actor": "bob"}]),
        ],
    )


def removed(type: str, *ids: str, **options: bool) -> Plan:
    return remove(type, ids, clock=lambda: LATER, **options)


def refused(type: str, *ids: str) -> list[str]:
    before = state()
    with pytest.raises(Refused) as caught:
        removed(type, *ids)
    assert state() == before
    return [str(problem) for problem in caught.value.problems]


def test_records_without_referrers(loaded):
    plan = removed("actor", "alone")
    assert (plan.removed.examples, plan.changed.count, plan.unchanged) == (["actor alone"], 0, 8)
    assert deletions() == {"actor alone": 2}
    assert "actor alone" not in documents()
    assert hashes_match()


def test_records_that_refer_to_each_other(loaded):
    plan = removed("claim", "c", "d", "c")
    assert plan.removed.examples == ["claim c", "claim d"]
    assert [line["id"] for line in exported() if line["type"] == "claim"] == ["e"]
    assert documents()["topic t"]["claim_count"] == 0
    assert hashes_match()


def test_a_dry_run_writes_nothing(loaded):
    before = state()
    assert removed("actor", "alone", dry_run=True).removed.examples == ["actor alone"]
    assert state() == before


# type and ids, the errors
REFUSED = [
    (("actor", "bob"), ["in the dataset: claim e: refers to actor bob"]),
    (("organization", "o"), ["in the dataset: organization part: refers to organization o"]),
    (("claim", "c"), ["in the dataset: claim d: refers to claim c"]),
    (
        ("topic", "t"),
        [
            "in the dataset: claim c: refers to topic t",
            "in the dataset: claim d: refers to topic t",
        ],
    ),
    (("actor", "rob"), ["in the dataset: actor: id: 'rob': is a former id of actor bob"]),
    (
        ("actor", "alone", "alnoe"),
        [
            "in the dataset: actor: id: 'alnoe': there is no actor with this id;"
            " did you mean 'alone'?"
        ],
    ),
]


@pytest.mark.parametrize(
    ("arguments", "errors"), REFUSED, ids=[" ".join(case[0]) for case in REFUSED]
)
def test_refused(loaded, arguments, errors):
    assert refused(*arguments) == errors


def test_a_removed_record_comes_back_with_its_file(loaded, load):
    removed("actor", "alone")
    assert load(actors=[actor("alone")]).added.examples == ["actor alone"]
    assert deletions() == {}
    assert hashes_match()


def test_a_file_with_a_removed_record_is_read_again(load, load_paths, write):
    path = write("a.json", {"actors": [actor("ann"), actor("alone")]})
    load_paths(path)
    removed("actor", "alone")
    plan = load_paths(path)
    assert (plan.added.examples, plan.unchanged) == (["actor alone"], 1)
