"""The measurement of misspelt names, on a small set."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from bench import names


@pytest.mark.parametrize(
    ("slip", "misspelt"),
    [
        (names.wrong, {"xn", "Ax"}),
        (names.missing, {"n", "A"}),
        (names.doubled, {"AAn", "Ann"}),
        (names.swapped, {"nA"}),
    ],
)
def test_misspell(slip, misspelt: set[str]):
    made = {names.misspell("An", slip, random.Random(seed)) for seed in range(200)}
    if slip is names.wrong:
        assert len(made) == 50
        made = {"xn" if name[1] == "n" else "Ax" for name in made}
    assert made == misspelt


def test_a_small_set_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "names.txt").write_text("Ann Smith\nBob Jones\n\nMaría Núñez\n", encoding="utf-8")
    options = ["--names", str(tmp_path / "names.txt"), "--count", "40"]
    monkeypatch.setattr(sys, "argv", ["names", *options])
    names.main()
    loaded, shares, times = capsys.readouterr().out.splitlines()
    assert loaded.startswith("loaded 3 names in ")
    assert shares.startswith("found 100.0% of 40 misspelt names: wrong 100.0%, missing 100.0%")
    assert times.startswith("median ")
