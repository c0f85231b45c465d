"""Sequences of loads: after each, the dataset equals a fresh load of its export."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import RECORD_TYPES
from models.database.connection import database
from models.dataset import read_dataset
from models.opening import open_dataset
from models.references import references
from seeds.export import write_export
from seeds.loader import load as load_files
from seeds.problems import Refused
from seeds.raw_record import SECTIONS
from tests.engines import EXAMPLES, new_url
from tests.seeds.build import (
    Sections,
    as_lines,
    deletions,
    documents_without_times,
    exported,
    hashes_match,
    record_rows,
    state,
)
from tests.seeds.strategies import datasets

# few ids, so that loads meet each other's records
few = st.sampled_from("abcdefg")


def by_former_ids(sections: Sections, chance: random.Random) -> Sections:
    """The same records, with some references by former ids."""
    formers = {
        (SECTIONS[section], record["id"]): record["former_ids"]
        for section, records in sections.items()
        for record in records
    }
    for section, records in sections.items():
        for record in records:
            for holder, name, types in list(references(RECORD_TYPES[SECTIONS[section]], record)):
                names = formers.get((types[0], holder[name]))
                if names and chance.random() < 0.4:
                    holder[name] = names[0]
    return sections


def loaded(url: str, *paths: Path) -> tuple:
    """The digest, records and documents of a fresh load."""
    database.close()
    open_dataset(url)
    load_files(paths)
    contents = (read_dataset().digest, exported(), documents_without_times())
    database.close()
    return contents


def check_versions(before: dict[str, tuple], after: dict[str, tuple]) -> None:
    """A record has a new version if and only if it has a new hash; removed ids are deletions."""
    version, gone = read_dataset().version, deletions()
    assert {name: gone.get(name) for name in before.keys() - after} == dict.fromkeys(
        before.keys() - after, version
    )
    assert not gone.keys() & after.keys()
    for name in before.keys() & after:
        assert (before[name][0] == after[name][0]) == (before[name][1] == after[name][1])


@pytest.mark.slow
@given(st.lists(st.tuples(datasets(few), st.booleans()), min_size=2, max_size=4))
@settings(
    max_examples=int(40 * EXAMPLES),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_any_sequence_of_loads(loads):
    chance = random.Random(2026)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = new_url(folder, "test")
        for n, (sections, prune) in enumerate(loads):
            open_dataset(url)
            seeds = folder / f"{n}.jsonl"
            seeds.write_text(as_lines(by_former_ids(sections, chance)))
            before = state()
            try:
                load_files([seeds], prune=prune, confirmed=True)
            except Refused:
                assert not prune
                assert state() == before
                database.close()
                continue
            assert hashes_match()
            check_versions(before[2], record_rows())
            now = (read_dataset().digest, exported(), documents_without_times())
            after = state()
            assert load_files([seeds], prune=prune, confirmed=True).changes == 0
            assert state() == after
            write_export(folder / f"export-{n}")
            assert loaded(new_url(folder, f"export-{n}"), folder / f"export-{n}") == now
            if prune:
                assert loaded(new_url(folder, f"fresh-{n}"), seeds)[0] == now[0]
