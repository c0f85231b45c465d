"""The clients of attacks on databases: what they see and count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from torture.clients import (
    Attempt,
    Loader,
    Reader,
    Worker,
    clients_at_work,
    is_at_least,
    over_bounds,
)
from torture.servers import serving


@pytest.mark.parametrize(
    ("known", "dataset", "expected"),
    [
        ("ab-9-x", "ab-9-x", True),
        ("ab-9-x", "ab-10-y", True),
        ("ab-10-x", "ab-9-y", False),
        # a version that another load has made in place of a lost one
        ("ab-9-x", "ab-9-y", False),
    ],
)
def test_a_dataset_is_at_least_another(known: str, dataset: str, expected: bool) -> None:
    assert is_at_least(dataset, known) is expected


@pytest.mark.parametrize(
    ("figures", "faults"),
    [
        ({"seconds": 5.0, "lost": 0}, []),
        ({"seconds": 5.25, "lost": 0}, ["seconds: 5.25, more than 5"]),
        ({"seconds": 9.0, "lost": 1}, ["seconds: 9.0, more than 5", "lost: 1, more than 0"]),
    ],
)
def test_figures_over_their_bounds_are_faults(figures: dict, faults: list[str]) -> None:
    assert over_bounds(figures, {"seconds": 5.0, "lost": 0}) == faults


@contextmanager
def answering(answers: list[tuple[int, dict]]) -> Iterator[tuple[int, list[str | None]]]:
    """A server with these answers; gives its port, and the If-Dataset-At-Least of each request."""
    known: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.append(self.headers["If-Dataset-At-Least"])
            status, body = answers[len(known) - 1]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port, known
        finally:
            server.shutdown()
            thread.join()


def page(version: int) -> tuple[int, dict]:
    return 200, {"meta": {"dataset": f"ab-{version}-x"}}


LOST = (410, {"code": "resync"})
BEHIND = (503, {"code": "database-unavailable"})


@pytest.mark.parametrize(
    ("answers", "known", "steps_back", "failures"),
    [
        ([page(1), page(1), page(2)], [None, "ab-1-x", "ab-1-x"], 0, {}),
        ([page(2), page(1), page(1)], [None, "ab-2-x", "ab-1-x"], 1, {}),
        (
            [page(2), BEHIND, page(2)],
            [None, "ab-2-x", "ab-2-x"],
            0,
            {"503 database-unavailable": 1},
        ),
        # the client was told, and begins anew
        ([page(2), LOST, page(1)], [None, "ab-2-x", None], 0, {"410 resync": 1}),
    ],
)
def test_a_reader_asks_for_no_older_dataset(
    answers: list, known: list, steps_back: int, failures: dict
) -> None:
    with answering(answers) as (port, sent):
        reader = Reader(port)
        successes = [reader.read() for _ in answers]
        reader.close()
    assert successes == [status == 200 for status, _ in answers]
    assert sent == known
    assert (reader.steps_back, reader.failures) == (steps_back, failures)
    # nothing listens there any more
    assert not reader.read()
    assert reader.failures == {**failures, "ConnectionRefusedError": 1}


def test_a_gap_lasts_from_one_success_to_the_next() -> None:
    stopping = Event()
    stopping.set()
    worker = Worker(lambda: True, stopping)
    worker.thread.join()
    worker.attempts = [
        Attempt(1, 2, succeeded=True),
        Attempt(2, 5, succeeded=False),
        Attempt(5, 6.5, succeeded=True),
        Attempt(6.5, 7, succeeded=True),
    ]
    assert worker.longest_gap() == 4.5
    assert worker.median_seconds() == 1
    assert worker.failed() == 1
    # an attempt that began before does not count
    assert worker.successes(6) == [7]


def test_clients_of_a_server_that_lives_see_no_failure(tmp_path: Path) -> None:
    loader = Loader(f"sqlite:///{tmp_path}/claimbase.db", tmp_path)
    assert loader.load()
    with serving(loader.url, "--workers=1") as port:
        with clients_at_work(port, loader) as clients:
            clients.loads.wait_for_success()
        assert loader.lost(port) == []
        loader.acknowledged.append("load-x")
        assert loader.lost(port) == ["load-x"]
    figures = clients.figures(failed=0.0)
    assert figures["reads"] > 0
    assert figures["failures of reads"] == {}
    assert figures["failed reads"] == figures["failed loads"] == 0
    assert figures["reads of an older dataset"] == 0
    # a load came before the clients
    assert loader.acknowledged[:-1] == [f"load-{n}" for n in range(1, figures["loads"] + 2)]


def test_a_load_into_nothing_fails(tmp_path: Path) -> None:
    loader = Loader(f"sqlite:///{tmp_path}/nothing/claimbase.db", tmp_path)
    assert not loader.load()
    assert loader.acknowledged == []
