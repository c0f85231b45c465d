"""The attack that kills loads: what it takes for a fault, and a short run."""

from __future__ import annotations

from pathlib import Path

import pytest

from torture import kills
from torture.kills import Killer, Reader, Seen, seen, write_seeds


@pytest.mark.parametrize(
    ("body", "loads", "total"),
    [
        (b'{"data":[{"text":"Claim 7 of load 3."}],"meta":{"total":2003}}', {3}, 2003),
        (b'{"text":"Claim 7 of load 3."}\n{"text":"Claim 8 of load 4."}\n', {3, 4}, 2),
        (b'{"data":[],"meta":{"total":0}}', set(), 0),
    ],
)
def test_what_an_answer_shows(body: bytes, loads: set[int], total: int):
    assert seen(body) == Seen(frozenset(loads), total)


# (loads of the answer, total, load known before, faults)
JUDGED = [
    ({3}, 2003, 3, {}),
    ({3}, 2003, 2, {}),
    ({3}, 2003, 4, {"stale": 1}),
    ({3}, 2004, 3, {"mixed": 1}),
    ({3, 4}, 2004, 3, {"mixed": 1}),
    (set(), 0, 0, {"mixed": 1, "stale": 1}),
]


@pytest.mark.parametrize(("loads", "total", "known", "faults"), JUDGED)
def test_faults_of_an_answer(loads: set[int], total: int, known: int, faults: dict[str, int]):
    reader = Reader(0, "")
    reader.judge(Seen(frozenset(loads), total), known)
    assert reader.faults == faults


# (load before, load shown after, whether it ended itself, whether to be killed, faults)
LEFT = [
    (3, 4, True, True, {}),
    (3, 4, False, True, {}),
    (3, 3, False, True, {}),
    (3, 3, True, True, {"lost": 1}),
    (3, 2, False, True, {"lost": 1}),
    (3, 5, True, False, {"lost": 1}),
    (3, 3, False, False, {"failed": 1}),
]


@pytest.mark.parametrize(("before", "after", "is_whole", "is_to_be_killed", "faults"), LEFT)
def test_faults_of_a_load(
    before: int, after: int, is_whole: bool, is_to_be_killed: bool, faults: dict[str, int]
):
    killer = Killer("", Path(), [])
    killer.number = before
    killer.judge(after, is_whole, is_to_be_killed)
    assert killer.faults == faults


def test_each_load_changes_all_claims_and_adds_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kills, "CLAIMS", 2)
    write_seeds(tmp_path / "seeds.jsonl", 1)
    texts = seen((tmp_path / "seeds.jsonl").read_bytes())
    assert texts == Seen(frozenset({1}), 3)


@pytest.mark.slow
def test_killed_loads_leave_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kills, "CLAIMS", 300)
    result = kills.attack(f"sqlite:///{tmp_path}/claimbase.db", 2)
    assert result["killed loads"] == 2
    assert result["answers"] > 0
    assert result["faults"] == []
