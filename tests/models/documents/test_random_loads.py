"""Random loads leave the documents and rows that a fresh dataset would have."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from models.documents import batch, related, render
from seeds.loader import load as load_files
from seeds.loading import records
from seeds.problems import Refused
from tests.engines import EXAMPLES, scratch
from tests.models.expected_dataset import ExpectedDataset
from tests.models.random_datasets import TYPES, RandomDataset
from tests.models.stored_rows import raw_rows

# a longer run: CLAIMS_EXAMPLES=2000 pytest tests/models/documents/test_random_loads.py
LONG_RUN = os.environ.get("CLAIMS_EXAMPLES")
OPERATIONS = [
    "retitle", "retitle", "retitle", "relink", "relink", "relink", "change", "add", "rename",
    "remove", "merge", "forget",
]  # fmt: skip


class RandomLoads(RuleBasedStateMachine):
    """A dataset with random loads, compared with the expected records after each."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.expected = ExpectedDataset(Path(self.folder.name))
        self.dataset = scratch()
        self.dataset.__enter__()

    def teardown(self) -> None:
        self.dataset.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize(data=st.data())
    def first_load(self, data: st.DataObject) -> None:
        target = RandomDataset(self.expected.records)
        for type in TYPES:
            for _ in range(data.draw(st.integers(1, 3), label=type)):
                target.add(data.draw, type)
        self.load(target, data.draw, prune=False)

    def load(self, target: RandomDataset, draw: Callable, *, prune: bool) -> None:
        note(f"prune={prune}")
        seeds = target.seed_records(draw, prune=prune)
        # how many related records a rendering process knows; None: the loader renders alone
        max_related = draw(st.sampled_from([None, 1, 4, 50]), label="max_related")
        with rendered_by_processes(max_related) if max_related else nullcontext():
            self.expected.load(target, seeds, prune=prune)
        # a fresh dataset costs as much as all other checks: every third load is compared with one
        self.expected.check(fresh=bool(LONG_RUN) or self.expected.loads % 3 == 1)

    @rule(data=st.data())
    def next_load(self, data: st.DataObject) -> None:
        """Load some changes; the file holds all records, or only what the changes name."""
        draw = data.draw
        target = RandomDataset(self.expected.records)
        for _ in range(draw(st.integers(1, 4), label="changes")):
            target.apply(draw, draw(st.sampled_from(OPERATIONS)), draw(st.sampled_from(TYPES)))
        prune = target.needs_prune or draw(st.booleans(), label="prune")
        if not draw(st.integers(0, 7), label="attempt"):
            self.check_load_without_effect(target, draw)
        self.load(target, draw, prune=prune)

    def check_load_without_effect(self, target: RandomDataset, draw: Callable) -> None:
        """A dry run and a load with an invalid record change nothing."""
        before = raw_rows()
        seeds = target.seed_records(draw, prune=True)
        if draw(st.booleans(), label="dry run"):
            self.expected.load_seeds(seeds, prune=True, dry_run=True)
        else:
            invalid = {"id": "stray", "text": "Goes astray.", "actor": "nobody-at-all"}
            path = self.expected.write_seeds([*seeds, ("claim", invalid)])
            with pytest.raises(Refused, match="1 problem"):
                load_files([path], prune=True, confirmed=True)
        assert raw_rows() == before


@contextmanager
def rendered_by_processes(max_related: int) -> Iterator[None]:
    """Render new claims as other processes do: without a database, with few related records."""

    @contextmanager
    def working(work: Callable, count: int) -> Iterator[Callable]:
        def render_parts(parts: Iterable) -> Iterator:
            for part in parts:
                with pytest.MonkeyPatch.context() as process:
                    for module in (batch, related, render):
                        process.setattr(module, "database", None)
                    rendered = deepcopy(work)(part)
                yield rendered

        yield render_parts

    with pytest.MonkeyPatch.context() as patch:
        patch_loader(patch, working, max_related + 1)
        yield


def patch_loader(patch: pytest.MonkeyPatch, working: Callable, max_related: int) -> None:
    """Let the loader render every new claim with `working`, in place of a pool of processes."""
    patch.setattr(records, "MIN_PARALLEL_CLAIMS", 1)
    patch.setattr(records, "process_count", lambda: 1)
    patch.setattr(records, "worker_pool", working)
    patch.setattr("seeds.parallel.render.MAX_RELATED", max_related)
    patch.setattr(related, "MAX_RELATED", max_related)


RandomLoads.TestCase.settings = settings(
    derandomize=not LONG_RUN,
    database=None,
    deadline=None,
    max_examples=int(LONG_RUN or 40 * EXAMPLES),
    stateful_step_count=10,
    # the notes of a failure are readable as they are, and shrinking takes minutes
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestRandomLoads = pytest.mark.slow(RandomLoads.TestCase)
