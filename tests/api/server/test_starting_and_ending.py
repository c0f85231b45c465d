"""`claimbase serve` while its database is busy, and when it is told to end."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from api.server.preparation import run_in_child
from models.database.connection import UnsupportedDatabase
from tests.api.server.slow_clients import (
    connect,
    fetch,
    load_large,
    read_head,
    request,
    serving_with,
    slow_body,
    wait_until,
)
from tests.engines import on_sqlite
from tests.serving import BIN, ROOT, Serving, free_port


def start(url: str, log: Path) -> Serving:
    """A server that may not be ready."""
    port = free_port()
    with log.open("w") as output:
        process = subprocess.Popen(
            [BIN / "claimbase", "serve", f"--database={url}", f"--port={port}", "--workers=1"],
            cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env={**os.environ},
        )  # fmt: skip
    return Serving(process, f"http://127.0.0.1:{port}")


def accepts(server: Serving) -> bool:
    try:
        connect(server.address).close()
    except OSError:
        assert server.process.poll() is None
        return False
    return True


def check_unready(server: Serving) -> None:
    wait_until(lambda: accepts(server), "a server that listens")
    for path in ("/readyz", "/v1/claims?actor=Rutte"):
        answer = fetch(server.address, path)
        assert (answer.status, answer.code) == (503, "database-unavailable")
        assert answer.headers["Retry-After"] == "5"
    assert fetch(server.address, "/healthz").status == 200


@pytest.mark.engines
def test_a_database_that_never_answers_keeps_no_probe_waiting(tmp_path: Path) -> None:
    """As a PostgreSQL server that was stopped: the system accepts connections for it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        # longer than the clients here wait
        url = f"postgresql://nobody@127.0.0.1:{port}/none?connect_timeout=600"
        server = start(url, tmp_path / "log")
        try:
            check_unready(server)
        finally:
            server.process.terminate()
            assert server.process.wait() == 0


@on_sqlite
def test_a_server_that_starts_during_a_first_load_waits_for_it(
    shipped_url: str, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(shipped_url.removeprefix("sqlite:///"))) as shipped:
        target = sqlite3.connect(tmp_path / "first.db", isolation_level=None)
        shipped.backup(target)
    # as a first load whose changes do not fit into memory
    target.execute("PRAGMA journal_mode = delete")
    target.execute("BEGIN EXCLUSIVE")
    log = tmp_path / "log"
    server = start(f"sqlite:///{tmp_path}/first.db", log)
    try:
        check_unready(server)
        target.close()
        for path in ("/readyz", "/v1/claims?actor=Rutte"):
            wait_until(lambda path=path: fetch(server.address, path).status == 200, path)
    finally:
        server.process.terminate()
        assert server.process.wait() == 0
    assert "the database does not answer yet: " in log.read_text()


def fail_as(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    "error", [UnsupportedDatabase("schema 99"), PermissionError(13, "Permission denied", "x.db")]
)
def test_the_error_of_a_child_is_the_servers_own(error: Exception) -> None:
    with pytest.raises(type(error)) as raised:
        run_in_child(fail_as(error), patience=60)
    assert str(raised.value) == str(error)
    assert run_in_child(lambda: 7, patience=60) == 7


@pytest.fixture(scope="module")
def large_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return load_large(tmp_path_factory.mktemp("large"))


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_server_ends_after_the_answers_under_way(
    large_url: str, tmp_path: Path, sent: signal.Signals
) -> None:
    with serving_with(large_url, tmp_path, workers=2) as server, ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(connect(server.address))
        reader = stack.enter_context(request(server.address, "/v1/export"))
        content = read_head(reader)
        server.process.send_signal(sent)
        while received := reader.recv(1 << 20):
            content += received
        assert b'"type":"end"' in content
        assert server.process.wait() == 0
    assert without_urls(tmp_path / "log") == []


@pytest.mark.slow
def test_clients_that_neither_read_nor_write_do_not_keep_a_server(
    large_url: str, tmp_path: Path
) -> None:
    with serving_with(large_url, tmp_path, workers=2) as server, ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(slow_body(server.address))
            read_head(stack.enter_context(request(server.address, "/v1/export")))
        server.process.terminate()
        assert server.process.wait() == 0
    assert without_urls(tmp_path / "log") == []


CHILDREN = """
import signal
from multiprocessing import get_context
from time import sleep

from api.server.worker import end_children_by_signal

signal.signal(signal.SIGTERM, lambda *_: None)
end_children_by_signal()
context = get_context("fork")
for _ in range(30):
    child = context.Process(target=sleep, args=(600,))
    child.start()
    child.terminate()
    child.join()
    print(child.exitcode)
"""


def test_a_child_never_misses_the_signal_to_end() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CHILDREN], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout.split() == ["-15"] * 30


def without_urls(log: Path) -> list[str]:
    """The lines of a log besides the examples of URLs."""
    return [line for line in log.read_text().splitlines() if not line.startswith("http://")]
