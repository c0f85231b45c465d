"""Many new claims are composed by several processes, and nobody can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.database.connection import fetch_all
from seeds import loader
from seeds.parallel import processes
from seeds.problems import Refused
from tests.engines import scratch
from tests.models.kept import tables
from tests.seeds.build import actor, as_lines, claim

SHIPPED = Path(__file__).parents[2] / "seeds" / "data"
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
    """All that a fresh dataset holds after a load, or what is wrong with the files."""
    with scratch():
        try:
            loader.load(paths, clock=lambda: "2026-01-02T03:04:05.000006Z")
        except Refused as refused:
            return refused.count, [str(one) for one in refused.problems]
        bodies = fetch_all("SELECT key, body FROM document ORDER BY key")
        return tables(), [(key, bytes(body)) for key, body in bodies]


@contextmanager
def two_processes() -> Iterator[list[tuple[int, int]]]:
    """Two processes compose: how many documents came of each part, and how many were left."""
    told: list[tuple[int, int]] = []

    @contextmanager
    def working(work: Callable, count: int) -> Iterator[Callable]:
        def watched(parts: Iterator) -> Iterator:
            for done in compose(parts):
                told.append((len(done.documents), len(done.left)))
                yield done

        with processes.working(work, 2) as compose:
            yield watched

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "MANY", 1)
        patch.setattr(loader, "several", lambda: 2)
        patch.setattr(loader, "working", working)
        yield told


def test_processes_compose_what_one_does(write: Callable) -> None:
    called = {"former_ids": ["was-a"], "identifiers": [{"scheme": "x", "identifier": "1"}]}
    named = {"actors": [actor("ann")], "claims": [claim("a", **called), claim("b")]}
    paths = (SHIPPED, write("named.jsonl", as_lines(named)))
    alone = loaded(*paths)
    with two_processes() as told:
        assert loaded(*paths) == alone
    assert told == [(77, 14)]


def test_processes_find_wrong_what_one_does(write: Callable) -> None:
    path = write("a.jsonl", as_lines(CLAIMS))
    alone = loaded(path)
    assert alone[0] == 5
    with two_processes() as told:
        assert loaded(path) == alone
    assert told == [(2, 4)]
