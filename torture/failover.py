"""`python -m torture.failover`: how long reads and loads fail after the primary is killed.

A server reads the primary, and its standby if that fails. Clients read all the time, and loads
follow each other. Then the primary is killed, and the standby is promoted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from torture.postgres import postgres_pair, several_hosts
from torture.servers import CLAIMBASE, ROOT, publish, serving

PATH = "/v1/actors?id=a"
READERS = 4
# seconds
WARM_UP = 3.0
UNTIL_PROMOTION = 3.0
AFTERWARDS = 3.0
REQUEST_TIMEOUT = 30.0
BOUNDS = {"seconds without reads": 5.0, "seconds from promotion to the next load": 5.0}


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
        options = ("--workers=1", f"--threads={READERS}")
        with serving(database_url, *options, CLAIMBASE_READ_URL=read_url) as port:
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


def faults_of(figures: Mapping[str, float]) -> list[str]:
    """What took longer than it may."""
    return [
        f"{name}: {figures[name]} s, more than {bound:g}"
        for name, bound in BOUNDS.items()
        if figures[name] > bound
    ]


def main() -> None:
    figures = {name: round(figure, 3) for name, figure in measure().items()}
    publish("failover", {**figures, "faults": faults_of(figures)})


if __name__ == "__main__":
    main()
