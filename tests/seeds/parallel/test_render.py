"""Several processes render new claims, with the same result as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.database.connection import fetch_all
from seeds import loader
from seeds.loading import records
from seeds.parallel import processes
from seeds.problems import Refused
from tests.engines import scratch
from tests.models.stored_rows import all_rows
from tests.seeds.build import actor, as_lines, claim

SHIPPED = Path(__file__).parents[3] / "seeds" / "data"
CLAIMS = {
    "actors": [actor("ann")],
    "claims": [
        claim("a", identifiers=[{"scheme": "x", "identifier": "1"}], former_ids=["was-a"]),
        claim("b", identifiers=[{"scheme": "x", "identifier": "1"}]),
        claim("c", former_ids=["was-a"], topics=["no-topic"]),
        claim("d", relations=[{"kind": "repeats", "claim": "e"}]),
        claim("f", relations=[{"kind": "repeats", "claim": "a"}]),
        claim("g", actor="anne"),
    ],
}


def loaded(*paths: Path) -> tuple:
    """The contents of a new dataset after a load, or the problems of the files."""
    with scratch():
        try:
            loader.load(paths, clock=lambda: "2026-01-02T03:04:05.000006Z")
        except Refused as refused:
            return refused.count, [str(problem) for problem in refused.problems]
        bodies = fetch_all("SELECT key, body FROM document ORDER BY key")
        return all_rows(), [(key, bytes(body)) for key, body in bodies]


@contextmanager
def two_processes() -> Iterator[list[tuple[int, int]]]:
    """Let two processes render; gives the numbers of rendered and unresolved claims a batch."""
    counts: list[tuple[int, int]] = []

    @contextmanager
    def counting_pool(work: Callable, count: int) -> Iterator[Callable]:
        def count_claims(parts: Iterator) -> Iterator:
            for rendered in render_batches(parts):
                counts.append((len(rendered.documents), len(rendered.unresolved)))
                yield rendered

        with processes.worker_pool(work, 2) as render_batches:
            yield count_claims

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "MIN_PARALLEL_CLAIMS", 1)
        patch.setattr(records, "process_count", lambda: 2)
        patch.setattr(records, "worker_pool", counting_pool)
        yield counts


def test_processes_render_the_same_claims_as_one(write: Callable) -> None:
    called = {"former_ids": ["was-a"], "identifiers": [{"scheme": "x", "identifier": "1"}]}
    named = {"actors": [actor("ann")], "claims": [claim("a", **called), claim("b")]}
    paths = (SHIPPED, write("named.jsonl", as_lines(named)))
    alone = loaded(*paths)
    with two_processes() as counts:
        assert loaded(*paths) == alone
    assert counts == [(71, 20)]


def test_processes_find_the_same_problems_as_one(write: Callable) -> None:
    path = write("a.jsonl", as_lines(CLAIMS))
    alone = loaded(path)
    assert alone[0] == 5
    with two_processes() as counts:
        assert loaded(path) == alone
    assert counts == [(2, 4)]
