"""Clients that read and load all the time, while the primary is killed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import NamedTuple
from urllib.request import urlopen

from torture.servers import CLAIMBASE, ROOT

PATH = "/v1/actors?id=load-1"
READERS = 4
# seconds
REQUEST_TIMEOUT = 30.0
LOAD_TIMEOUT = 60.0
# for how long no load may succeed, before an attack gives up
PATIENCE = 120.0


class Attempt(NamedTuple):
    """A read or a load: when it began and ended, and whether it succeeded."""

    began: float
    ended: float
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
            began = time.monotonic()
            succeeded = self.attempt()
            self.attempts.append(Attempt(began, time.monotonic(), succeeded))

    def successes(self, since: float = 0.0) -> list[float]:
        """When the attempts ended that began since then, and succeeded."""
        return [
            attempt.ended
            for attempt in self.attempts
            if attempt.succeeded and attempt.began >= since
        ]

    def wait_for_success(self) -> None:
        """Wait for an attempt that begins from now on and succeeds."""
        since = time.monotonic()
        while time.monotonic() < since + PATIENCE:
            if self.successes(since):
                return
            time.sleep(0.005)
        sys.exit(f"nothing succeeded within {PATIENCE:g} s")

    def failed(self) -> int:
        return sum(not attempt.succeeded for attempt in self.attempts)

    def median_seconds(self) -> float:
        """How long attempts take that succeed."""
        return median(
            attempt.ended - attempt.began for attempt in self.attempts if attempt.succeeded
        )

    def longest_gap(self) -> float:
        """The most seconds from one success to the next."""
        return max(later - earlier for earlier, later in pairwise(self.successes()))


class Reader:
    """A client that asks again when its answer has come, and for no older dataset than it saw."""

    def __init__(self, port: int):
        self.port = port
        self.connection: HTTPConnection | None = None
        # the last one that it saw
        self.dataset: str | None = None
        # reads of an older one, of which no 410 told
        self.steps_back = 0
        self.failures: Counter[str] = Counter()

    def read(self) -> bool:
        """Whether the server answers with 200."""
        try:
            status, body = self.ask()
        except (OSError, HTTPException, ValueError) as error:
            self.close()
            self.failures[type(error).__name__] += 1
            return False
        if status == 200:
            self.note(body["meta"]["dataset"])
            return True
        self.failures[f"{status} {body['code']}"] += 1
        if status == 410:
            # the version is lost: the client begins anew
            self.dataset = None
        return False

    def ask(self) -> tuple[int, dict]:
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_TIMEOUT)
        headers = {"If-Dataset-At-Least": self.dataset} if self.dataset else {}
        self.connection.request("GET", PATH, headers=headers)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def note(self, dataset: str) -> None:
        if self.dataset and not is_at_least(dataset, self.dataset):
            self.steps_back += 1
        self.dataset = dataset

    def close(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None


def is_at_least(dataset: str, known: str) -> bool:
    """Whether a dataset is the known one, or has a later version."""
    return dataset == known or int(dataset.split("-")[1]) > int(known.split("-")[1])


class Loader:
    """Loads a new actor each time."""

    def __init__(self, url: str, folder: Path):
        self.url = url
        self.path = folder / "seeds.json"
        self.command = [str(CLAIMBASE), "load", "--quiet", "--database", url, str(self.path)]
        self.number = 0
        # ids of actors whose load succeeded
        self.acknowledged: list[str] = []

    def load(self) -> bool:
        """Whether the load succeeds."""
        self.number += 1
        id = f"load-{self.number}"
        self.path.write_text(json.dumps({"actors": [{"id": id, "name": f"Load {self.number}"}]}))
        try:
            subprocess.run(
                self.command, cwd=ROOT, capture_output=True, check=True, timeout=LOAD_TIMEOUT
            )
        except subprocess.SubprocessError:
            return False
        self.acknowledged.append(id)
        return True

    def lost(self, port: int) -> list[str]:
        """The acknowledged actors that a server does not have."""
        with urlopen(f"http://127.0.0.1:{port}/v1/actors?format=jsonl") as response:
            served = {json.loads(line)["id"] for line in response}
        return [id for id in self.acknowledged if id not in served]


class Clients:
    """Readers and a loader at work."""

    def __init__(self, port: int, loader: Loader):
        self.stopping = Event()
        self.readers = [Reader(port) for _ in range(READERS)]
        self.reads = [Worker(reader.read, self.stopping) for reader in self.readers]
        self.loads = Worker(loader.load, self.stopping)

    def stop(self) -> None:
        self.stopping.set()
        for worker in (*self.reads, self.loads):
            worker.thread.join()
        for reader in self.readers:
            reader.close()

    def figures(self, failed: float) -> dict:
        """What the clients saw of a failure at this moment."""
        failures = sum((reader.failures for reader in self.readers), Counter())
        return {
            "reads": sum(len(worker.attempts) for worker in self.reads),
            "failed reads": sum(worker.failed() for worker in self.reads),
            "failures of reads": dict(failures),
            "seconds without reads": max(worker.longest_gap() for worker in self.reads),
            "reads of an older dataset": sum(reader.steps_back for reader in self.readers),
            "loads": len(self.loads.attempts),
            "failed loads": self.loads.failed(),
            "median seconds of a load": self.loads.median_seconds(),
            "seconds without loads": self.loads.successes(failed)[0] - failed,
        }


@contextmanager
def clients_at_work(port: int, loader: Loader) -> Iterator[Clients]:
    """Clients of a server, which stop at the end."""
    clients = Clients(port, loader)
    try:
        yield clients
    finally:
        clients.stop()


def rounded(figures: Mapping) -> dict:
    return {
        name: round(figure, 3) if isinstance(figure, float) else figure
        for name, figure in figures.items()
    }


def over_bounds(figures: Mapping, bounds: Mapping[str, float]) -> list[str]:
    """What is more than it may be."""
    return [
        f"{name}: {figures[name]}, more than {bound:g}"
        for name, bound in bounds.items()
        if figures[name] > bound
    ]
