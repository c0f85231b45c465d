"""Random loads: a client that follows the changes always holds the records of the export."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from seeds.loader import load as load_files
from tests.api.v1.follower import Follower, Records, dataset_of, exported_records
from tests.engines import EXAMPLES, scratch
from tests.models.random_datasets import TYPES, RandomDataset, json_lines

# more examples: FOLLOWING_EXAMPLES=500 pytest tests/api/v1/test_random_changes.py
MORE_EXAMPLES = int(os.environ.get("FOLLOWING_EXAMPLES", "0"))
OPERATIONS = (
    "retitle", "relink", "change", "add", "add", "rename", "rename", "remove", "remove", "merge",
    "forget",
)  # fmt: skip


class RandomLoads:
    """Random loads of one dataset, and the clients that follow it."""

    def __init__(self, client: FlaskClient, data: st.DataObject, folder: Path):
        self.client = client
        self.draw = data.draw
        self.path = folder / "seeds.jsonl"
        self.loaded: Records = {}
        # reads the changes after each load
        self.follower = Follower(client)
        # copies of earlier versions, which read the changes at the end
        self.outdated_followers: list[Follower] = []

    def load(self) -> None:
        """Load random operations; the file holds all records, or only what the operations name."""
        dataset = RandomDataset(self.loaded)
        if not self.loaded:
            for type in TYPES:
                dataset.add(self.draw, type)
        for _ in range(self.draw(st.integers(1, 3))):
            operation = self.draw(st.sampled_from(OPERATIONS))
            dataset.apply(self.draw, operation, self.draw(st.sampled_from(TYPES)))
        prune = dataset.needs_prune or self.draw(st.booleans())
        records = dataset.seed_records(self.draw, prune=prune)
        self.path.write_text(json_lines(records), encoding="utf-8")
        load_files([self.path], prune=prune, confirmed=True)
        self.loaded = dataset.records_after(records)

    def load_and_follow(self) -> None:
        """Load, then check that the follower reads each change once, in order."""
        before = dict(self.follower.records)
        self.load()
        after = exported_records(self.client)
        assert set(after) == set(self.loaded)
        changes = self.follower.follow(self.draw(st.sampled_from([1, 2, 200])))
        assert self.follower.records == after
        assert self.follower.since == dataset_of(self.client)
        keys = [(change["version"], change["type"], change["id"]) for change in changes]
        assert keys == sorted(set(keys))
        assert {(type, id) for _, type, id in keys} == {
            key for key in {*before, *after} if before.get(key) != after.get(key)
        }
        self.outdated_followers.append(self.follower.copy())

    def load_between_pages(self) -> None:
        """Load between two pages; the later pages have the records of the new version."""
        reader = self.draw(
            st.sampled_from([Follower(self.client), *self.outdated_followers])
        ).copy()
        pages = reader.pages(self.draw(st.integers(1, 3)))
        next(pages)
        self.load_and_follow()
        for _ in pages:
            pass
        # the first page may have been the last
        if reader.since != self.follower.since:
            reader.follow()
        assert reader.records == exported_records(self.client)

    def check_all_followers(self) -> None:
        """Followers of every earlier version read the current records, each once."""
        current = exported_records(self.client)
        for follower in (Follower(self.client), *self.outdated_followers):
            changes = follower.follow(self.draw(st.sampled_from([2, 200])))
            assert follower.records == current
            keys = [(change["type"], change["id"]) for change in changes]
            assert len(keys) == len(set(keys))


@settings(
    max_examples=MORE_EXAMPLES or int(15 * EXAMPLES),
    derandomize=not MORE_EXAMPLES,
    database=None,
    deadline=None,
    # shrinking takes minutes
    phases=[Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_followers_hold_the_records_of_the_export(app: Flask, data: st.DataObject):
    with scratch(), tempfile.TemporaryDirectory() as folder:
        loads = RandomLoads(app.test_client(), data, Path(folder))
        loads.load_and_follow()
        for _ in range(5):
            data.draw(st.sampled_from([loads.load_and_follow, loads.load_between_pages]))()
        loads.check_all_followers()
