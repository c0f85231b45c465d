"""`python -m torture.failover`: how long reads and loads fail after the primary is killed.

A server reads the primary, and its standby if that fails. Clients read all the time, and loads
follow each other. Then the primary is killed, and the standby is promoted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from torture.postgres_pair import free_port, postgres_pair, several_hosts

ROOT = Path(__file__).parents[1]
CLAIMBASE = Path(sys.executable).parent / "claimbase"
RESULTS = ROOT / "build" / "torture" / "failover.json"
PATH = "/v1/actors?id=a"
READERS = 4
# seconds
WARM_UP = 3.0
UNTIL_PROMOTION = 3.0
AFTERWARDS = 3.0
START_TIMEOUT = 60.0
REQUEST_TIMEOUT = 30.0


class Attempt(NamedTuple):
    """A read or a load: when it ended, and whether it succeeded."""

    time: float
    succeeded: bool


class Worker:
    """A thread that repeats a read or a load."""

    def __init__(self, attempt: Callable[[], bool], stopping: Event):
        self.attempts: list[Attempt] = []
        self.attempt = attempt
        self.stopping = stopping
        self.thread = Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        while not self.stopping.is_set():
            succeeded = self.attempt()
            self.attempts.append(Attempt(time.monotonic(), succeeded))

    def wait_for_success(self) -> None:
        """Wait until an attempt that ends from now on has succeeded."""
        seen = len(self.attempts)
        while not any(attempt.succeeded for attempt in self.attempts[seen:]):
            time.sleep(0.01)

    def failed(self) -> int:
        return sum(not attempt.succeeded for attempt in self.attempts)

    def longest_gap(self) -> float:
        """The most seconds from one success to the next."""
        times = [attempt.time for attempt in self.attempts if attempt.succeeded]
        return max(later - earlier for earlier, later in pairwise(times))

    def first_success_after(self, moment: float) -> float:
        times = [attempt.time for attempt in self.attempts if attempt.succeeded]
        return min(time for time in times if time > moment) - moment


class Reader:
    """A client that asks again when its answer has come."""

    def __init__(self, port: int):
        self.port = port
        self.connection: HTTPConnection | None = None

    def read(self) -> bool:
        """Whether the server answers with 200."""
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_TIMEOUT)
        try:
            self.connection.request("GET", PATH)
            response = self.connection.getresponse()
            response.read()
        except (OSError, HTTPException):
            self.connection.close()
            self.connection = None
            return False
        return response.status == 200


class Loader:
    """Loads a file that differs each time."""

    def __init__(self, url: str, folder: Path):
        self.path = folder / "seeds.json"
        self.command = [str(CLAIMBASE), "load", "--quiet", "--database", url, str(self.path)]
        self.number = 0

    def load(self) -> bool:
        self.number += 1
        actor = {"id": "a", "name": f"Name {self.number}"}
        self.path.write_text(json.dumps({"actors": [actor]}))
        process = subprocess.run(self.command, cwd=ROOT, capture_output=True)
        return process.returncode == 0


@contextmanager
def serving(database_url: str, read_url: str, folder: Path) -> Iterator[int]:
    """Run `claimbase serve` over two servers; gives its port."""
    port = free_port()
    environment = {"CLAIMBASE_DATABASE_URL": database_url, "CLAIMBASE_READ_URL": read_url}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [CLAIMBASE, "serve", "--port", str(port), "--workers", "1", "--threads", str(READERS)],
            cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        reader, end = Reader(port), time.monotonic() + START_TIMEOUT
        while not reader.read():
            if process.poll() is not None or time.monotonic() > end:
                sys.exit(f"claimbase serve does not answer:\n{(folder / 'log').read_text()}")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def measure() -> dict[str, float]:
    """The figures of one failover."""
    with tempfile.TemporaryDirectory() as name, postgres_pair() as (primary, standby):
        folder = Path(name)
        database_url = several_hosts(primary, standby, attributes="read-write")
        read_url = several_hosts(primary, standby, attributes="any")
        loader = Loader(database_url, folder)
        if not loader.load():
            sys.exit("the first load failed")
        stopping = Event()
        with serving(database_url, read_url, folder) as port:
            readers = [Worker(Reader(port).read, stopping) for _ in range(READERS)]
            loads = Worker(loader.load, stopping)
            try:
                time.sleep(WARM_UP)
                primary.kill()
                killed = time.monotonic()
                time.sleep(UNTIL_PROMOTION)
                standby.execute("SELECT pg_promote()::text")
                promoted = time.monotonic()
                loads.wait_for_success()
                time.sleep(AFTERWARDS)
            finally:
                stopping.set()
                for worker in (*readers, loads):
                    worker.thread.join()
    return {
        "reads": sum(len(reader.attempts) for reader in readers),
        "failed reads": sum(reader.failed() for reader in readers),
        "seconds without reads": max(reader.longest_gap() for reader in readers),
        "loads": len(loads.attempts),
        "failed loads": loads.failed(),
        "seconds from kill to promotion": promoted - killed,
        "seconds without loads": loads.first_success_after(killed),
        "seconds from promotion to the next load": loads.first_success_after(promoted),
    }


def main() -> None:
    figures = {name: round(figure, 3) for name, figure in measure().items()}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=1))
    for name, figure in figures.items():
        print(f"{name:<45}{figure:>10,}")


if __name__ == "__main__":
    main()
