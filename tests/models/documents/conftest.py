"""A loaded dataset in which all records are linked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.documents.linked_records import LINKED
from tests.models.expected_dataset import ExpectedDataset
from tests.models.random_datasets import RandomDataset

DEFAULTS = {"actors": {"kind": "person"}, "claims": {"status": "coded"}}


@pytest.fixture
def linked(dataset: None, tmp_path: Path) -> ExpectedDataset:
    """The linked records in the open dataset."""
    expected = ExpectedDataset(tmp_path)
    target = RandomDataset(expected.records)
    for section, records in LINKED.items():
        for record in records:
            values = {**DEFAULTS.get(section, {}), **record}
            target.put(section[:-1], record["id"], values)
    expected.load(target, target.dirty_records(), prune=False)
    return expected
