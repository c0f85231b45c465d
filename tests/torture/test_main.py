"""All attacks, one after the other: which ones failed, and which ones could not run."""

from __future__ import annotations

import pytest

from torture import __main__ as attacks
from torture.servers import SKIPPED


@pytest.mark.parametrize(
    ("statuses", "output", "end"),
    [
        ({"malformed": 0, "connections": 0}, "", None),
        ({"malformed": 0, "connections": SKIPPED}, "skipped: connections\n", None),
        ({"malformed": 1, "connections": SKIPPED}, "skipped: connections\n", "faults: malformed"),
    ],
)
def test_attacks_that_lack_a_program_are_told(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    statuses: dict[str, int],
    output: str,
    end: str | None,
) -> None:
    monkeypatch.setattr("sys.argv", ["torture", *statuses])
    monkeypatch.setattr(attacks, "run", lambda name, _: statuses[name])
    if end:
        with pytest.raises(SystemExit, match=end):
            attacks.main()
    else:
        attacks.main()
    assert capsys.readouterr().out == output
