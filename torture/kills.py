"""Kill loads at any moment, while clients read.

`python -m torture.kills` kills 40 loads on SQLite, and 20 on PostgreSQL. Each load changes all
claims and adds one, so that each answer tells of which loads it is. The result goes to
build/torture/kills.json.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import NamedTuple

from torture.postgres import postgres_primary
from torture.servers import CLAIMBASE, ROOT, load, publish, serving, stop_servers_on_sigterm

# engine: loads to kill
KILLS = {"sqlite": 40, "postgres": 20}
CLAIMS, READERS, SEED = 2_000, 4, 1
PATHS = ("/v1/claims?limit=200&fields=text", "/v1/claims?format=jsonl&fields=text")
GENERATION = re.compile(rb"Claim \d+ of load (\d+)\.")
TOTAL = re.compile(rb'"total":(\d+)')


class Seen(NamedTuple):
    """What an answer shows: the loads that its claims are of, and their number."""

    loads: frozenset[int]
    total: int


class Reader(Thread):
    """A client that reads claims, and judges each answer."""

    def __init__(self, port: int, path: str):
        super().__init__()
        self.port = port
        self.path = path
        self.stopping = Event()
        self.faults: Counter[str] = Counter()
        self.answers = 0
        self.latest = 0

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self.stopping.is_set():
            known = self.latest
            try:
                connection.request("GET", self.path)
                response = connection.getresponse()
                body = response.read()
            except (OSError, HTTPException) as error:
                self.faults[type(error).__name__] += 1
                connection.close()
                continue
            self.answers += 1
            if response.status == 200:
                self.judge(seen(body), known)
            else:
                self.faults[str(response.status)] += 1
        connection.close()

    def judge(self, answer: Seen, known: int) -> None:
        """Count an answer that mixes loads, or is older than a load known before its request."""
        newest = max(answer.loads, default=-1)
        if len(answer.loads) > 1 or answer.total != CLAIMS + newest:
            self.faults["mixed"] += 1
        if newest < known:
            self.faults["stale"] += 1
        self.latest = max(self.latest, newest)


def seen(body: bytes) -> Seen:
    loads = [int(number) for number in GENERATION.findall(body)]
    total = TOTAL.search(body)
    return Seen(frozenset(loads), int(total[1]) if total else len(loads))


def write_seeds(path: Path, number: int) -> None:
    """The seed file of a load: the claims of all loads before it, and one more."""
    with path.open("w") as file:
        file.write('{"type": "actor", "id": "ann", "name": "Ann Ware"}\n')
        for n in range(CLAIMS + number):
            text = f"Claim {n} of load {number}."
            claim = {"type": "claim", "id": f"c{n}", "text": text, "actor": "ann"}
            file.write(json.dumps(claim) + "\n")


class Killer:
    """Starts loads, kills each at a random moment, and looks at what is left."""

    def __init__(self, database_url: str, seeds: Path, readers: list[Reader]):
        self.database_url = database_url
        self.seeds = seeds
        self.readers = readers
        self.chance = random.Random(SEED)
        self.number = 0
        self.faults: Counter[str] = Counter()
        # of the loads that were killed
        self.outcomes: Counter[str] = Counter()

    def run(self, kills: int) -> None:
        """Kill so many loads, after a whole one that tells how long they take."""
        started = time.monotonic()
        self.load_once()
        seconds = time.monotonic() - started
        while self.outcomes.total() < kills:
            self.load_once(self.chance.uniform(0.2, 1.1) * seconds)
        self.load_once()

    def load_once(self, seconds: float | None = None) -> None:
        """Load, and kill the load after so many seconds."""
        write_seeds(self.seeds, self.number + 1)
        process = subprocess.Popen(
            [str(CLAIMBASE), "load", "--quiet", f"--database={self.database_url}", self.seeds],
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill(process)
        number = newest_load(self.readers[0].port)
        self.judge(number, process.returncode == 0, seconds is not None)
        for reader in self.readers:
            reader.latest = max(reader.latest, number)

    def judge(self, number: int, is_whole: bool, is_to_be_killed: bool) -> None:
        """Count a load that ended by itself or was killed, and left this one as the newest."""
        if number not in {self.number, self.number + 1} or (is_whole and number == self.number):
            self.faults["lost"] += 1
        if not is_whole:
            self.outcomes["done" if number > self.number else "undone"] += 1
            if not is_to_be_killed:
                self.faults["failed"] += 1
        self.number = number

    def kill(self, process: subprocess.Popen) -> None:
        """Kill the load alone, or with the processes that it started."""
        if self.chance.random() < 0.5:
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def newest_load(port: int) -> int:
    """The load that the server shows now."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", PATHS[0])
    answer = seen(connection.getresponse().read())
    connection.close()
    return max(answer.loads, default=-1)


def attack(database_url: str, kills: int) -> dict:
    """Kill loads of a database while clients read it; gives what they saw."""
    with TemporaryDirectory() as folder:
        seeds = Path(folder, "seeds.jsonl")
        write_seeds(seeds, 0)
        load(database_url, seeds)
        with serving(database_url) as port:
            readers = [Reader(port, PATHS[n % len(PATHS)]) for n in range(READERS)]
            killer = Killer(database_url, seeds, readers)
            for reader in readers:
                reader.start()
            try:
                killer.run(kills)
            finally:
                for reader in readers:
                    reader.stopping.set()
                    reader.join()
    faults = sum((reader.faults for reader in readers), killer.faults)
    return {
        "killed loads": killer.outcomes.total(),
        "done at the kill": killer.outcomes["done"],
        "answers": sum(reader.answers for reader in readers),
        "faults": [f"{count} × {kind}" for kind, count in faults.items()],
    }


@contextmanager
def database(engine: str) -> Iterator[str]:
    """A new database; gives its URL."""
    if engine == "postgres":
        with postgres_primary() as server:
            yield server.url
    else:
        with TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/claimbase.db"


def main() -> None:
    stop_servers_on_sigterm()
    parser = argparse.ArgumentParser(prog="python -m torture.kills", description=__doc__)
    parser.add_argument("--engine", choices=KILLS, help="of the database; both by default")
    parser.add_argument("--kills", type=int, help="the number of loads to kill")
    options = parser.parse_args()
    results = {}
    for engine in [options.engine] if options.engine else KILLS:
        with database(engine) as database_url:
            results[engine] = attack(database_url, options.kills or KILLS[engine])
    faults = [f"{engine}: {fault}" for engine in results for fault in results[engine]["faults"]]
    publish("kills", {**results, "faults": faults})


if __name__ == "__main__":
    main()
