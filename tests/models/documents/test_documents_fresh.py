"""After a change of one record all documents are as a fresh dataset would render them."""

from __future__ import annotations

import json

import pytest

from tests.models import oracle
from tests.models.documents.linked_records import LINKED, LINKED_KEYS
from tests.models.expected_dataset import ExpectedDataset
from tests.models.random_datasets import RandomDataset
from tests.models.stored_rows import stored_documents

EACH_RECORD = pytest.mark.parametrize(
    ("type", "id"), LINKED_KEYS, ids=[f"{type} {id}" for type, id in LINKED_KEYS]
)
NAME_FIELDS = {"source": "title", "position": "text", "claim": "text"}


def test_documents_have_the_members_of_the_contract_in_its_order(linked: ExpectedDataset) -> None:
    documents = stored_documents()
    expected = oracle.documents(linked.records, linked.times)
    assert documents.keys() == expected.keys() == set(LINKED_KEYS)
    for key in LINKED_KEYS:
        assert json.dumps(documents[key], indent=1) == json.dumps(expected[key], indent=1)


@EACH_RECORD
def test_a_new_name(linked: ExpectedDataset, type: str, id: str) -> None:
    target = RandomDataset(linked.records)
    target.put(type, id, {NAME_FIELDS.get(type, "name"): "New"})
    linked.load(target, target.dirty_records(), prune=False)
    linked.check(fresh=True)


@pytest.mark.parametrize("all_records", [False, True], ids=["alone", "among all"])
@EACH_RECORD
def test_a_new_id(linked: ExpectedDataset, type: str, id: str, all_records: bool) -> None:
    """The former id identifies the record; records that refer to it change, too."""
    target = RandomDataset(linked.records)
    target.rename(type, id, "new")
    seeds = target.all_records() if all_records else target.dirty_records()
    linked.load(target, seeds, prune=all_records)
    linked.check(fresh=True)


@EACH_RECORD
def test_a_removed_record(linked: ExpectedDataset, type: str, id: str) -> None:
    """All references to the record are removed, too."""
    target = RandomDataset(linked.records)
    target.remove(type, id)
    linked.load(target, target.all_records(), prune=True)
    linked.check(fresh=True)


@EACH_RECORD
def test_a_merged_record(linked: ExpectedDataset, type: str, id: str) -> None:
    """Another record of the type replaces the record everywhere."""
    target = RandomDataset(linked.records)
    other = next(other for other in target.ids(type) if other != id)
    target.merge(type, id, other)
    linked.load(target, target.all_records(), prune=True)
    linked.check(fresh=True)


FIELDS = [
    (section[:-1], record["id"], field)
    for section, records in LINKED.items()
    for record in records
    for field in record
    if field not in ("id", "name", "title", "text", "kind", "start_date")
    # a claim has a claimant
    and (record["id"], field) not in (("target", "actor"), ("reply", "organization"))
]


@pytest.mark.parametrize(("type", "id", "field"), FIELDS, ids=map(" ".join, FIELDS))
def test_a_field_is_removed_and_restored(
    linked: ExpectedDataset, type: str, id: str, field: str
) -> None:
    value = linked.records[type, id][field]
    default = "coded" if field == "status" else None
    for new_value in (default, value):
        target = RandomDataset(linked.records)
        target.put(type, id, {field: new_value})
        linked.load(target, target.dirty_records(), prune=False)
        linked.check(fresh=True)


NEW_VALUES = [
    ("topic", "leaf", {"parent": "other-root"}),
    ("topic", "branch", {"parent": "of-position"}),
    ("topic", "root", {"parent": "other-root"}),
    ("organization", "child", {"parent": "alone"}),
    ("source", "source", {"publisher": "alone"}),
    ("source", "source", {"origin": "alone"}),
    ("source", "source", {"url": "https://example.org/b#c", "date": "2024"}),
    ("source", "copy", {"publisher": "publisher", "origin": None}),
    ("actor", "about", {"kind": "person"}),
    ("actor", "claimant", {"kind": "group"}),
    ("actor", "claimant", {"memberships": [{"organization": "claimant", "role": "Head"}]}),
    ("event", "event", {"country": "NO"}),
    ("event", "event", {"parent": "other-whole"}),
    ("event", "event", {"parent": "whole"}),
    ("event", "parent", {"parent": "other-whole"}),
    ("event", "whole", {"parent": "other-whole"}),
    ("event", "whole", {"start_date": "2024", "parent": "other-whole"}),
    ("event", "event", {"organizers": ["alone", "claimant"], "participants": [{"actor": "alone"}]}),
    ("position", "taken", {"topics": ["leaf", "root"]}),
    ("claim", "claim", {"status": "draft"}),
    ("claim", "claim", {"status": "withdrawn", "date": None}),
    ("claim", "reply", {"status": "verified"}),
    ("claim", "claim", {"date": "2024-12"}),
    ("claim", "claim", {"role": "Guest"}),
    ("claim", "claim", {"actor": "alone", "organization": "employer"}),
    ("claim", "claim", {"actor": None}),
    ("claim", "claim", {"event": "parent"}),
    ("claim", "claim", {"event": "other-whole", "date": "2024-12"}),
    ("claim", "target", {"event": "parent"}),
    ("claim", "reply", {"event": "event", "status": "verified"}),
    ("claim", "claim", {"topics": ["other-root", "leaf", "branch"]}),
    ("claim", "claim", {"positions": [{"position": "taken", "stance": "oppose"}]}),
    ("claim", "claim", {"positions": [{"position": "alone", "stance": "neutral"}]}),
    ("claim", "claim", {"reports": [{"source": "alone"}, {"source": "alone"}]}),
    ("claim", "claim", {"relations": [{"kind": "supports", "claim": "reply"}]}),
    ("claim", "claim", {"about": [{"actor": "alone"}], "addressees": [{"actor": "alone"}]}),
    ("claim", "claim", {"about": [{"actor": "about"}, {"organization": "about"}]}),
    ("claim", "claim", {"reports": [{"source": "copy"}, {"source": "source"}]}),
    ("claim", "claim", {"event": None}),
    ("claim", "target", {"date": "2023", "text": "Another"}),
]


@pytest.mark.parametrize(
    ("type", "id", "values"),
    NEW_VALUES,
    ids=[f"{type} {id} {' '.join(values)}" for type, id, values in NEW_VALUES],
)
def test_a_new_value(linked: ExpectedDataset, type: str, id: str, values: dict) -> None:
    target = RandomDataset(linked.records)
    target.put(type, id, values)
    linked.load(target, target.dirty_records(), prune=False)
    linked.check(fresh=True)
