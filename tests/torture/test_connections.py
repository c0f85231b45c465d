"""The attack of slow clients: what it counts, and a short run."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.serving import serving
from torture import connections
from torture.connections import faults_of, note_stream
from torture.tally import Tally, probe

QUIET: dict[str, Any] = {"p99": 0.0, "slowest": 0.0, "errors": {}}


def result(**kinds: dict[str, Any]) -> dict:
    return {kind: {**QUIET, **kinds.get(kind, {})} for kind in ("pages", "healthz", "slow")}


@pytest.mark.parametrize(
    ("beside", "faults"),
    [
        (result(pages={"p99": 0.3}, healthz={"slowest": 1.0}), []),
        (
            result(pages={"p99": 0.32}),
            ["p99 of pages is 3.2 times as long beside slow clients"],
        ),
        (result(healthz={"slowest": 1.5}), ["/healthz took 1.5 s"]),
        (
            result(pages={"errors": {"503": 2}}, slow={"errors": {"500": 1}}),
            ["beside slow clients, pages: 2 × 503", "beside slow clients, slow: 1 × 500"],
        ),
    ],
)
def test_faults(beside: dict, faults: list[str]) -> None:
    assert faults_of(result(pages={"p99": 0.1}), beside) == faults


@pytest.mark.parametrize(
    ("head", "body", "errors", "told"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"{", {}, {}),
        (
            b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\n\r\n",
            b'{"code":"too-many-streams"',
            {},
            {"too-many-streams": 1},
        ),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", b"too-many-streams", {"503": 1}, {}),
        (b"HTTP/1.1 500 Internal Server Error\r\n\r\n", b"", {"500": 1}, {}),
    ],
)
def test_answers_to_slow_readers(head: bytes, body: bytes, errors: dict, told: dict) -> None:
    tally = Tally()
    note_stream(tally, head, body)
    assert (tally.errors, tally.told) == (errors, told)


def test_a_percentile_is_of_all_answers() -> None:
    tally = Tally()
    assert tally.percentile(0.99) == 0
    tally.seconds = [n / 100 for n in range(100, 0, -1)]
    assert (tally.percentile(0.5), tally.percentile(0.99), tally.percentile(1)) == (0.51, 1, 1)


@pytest.mark.slow
def test_a_short_attack_sees_answers_and_no_errors(
    shipped_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("CLIENTS", 5), ("SLOW", 2), ("SILENT", 20)):
        monkeypatch.setattr(connections, name, value)
    with serving(shipped_url, tmp_path) as address:
        port = int(address.rpartition(":")[2])
        assert probe(port, ["/healthz"], time.monotonic()).seconds == []
        attacked = connections.attack(port, 1.0)
    for run in ("alone", "beside"):
        assert attacked[run]["pages"]["answers"] > 0
        assert attacked[run]["healthz"]["errors"] == {}
