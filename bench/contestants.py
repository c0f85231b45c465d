"""Who is compared: how each is started, what each is asked, and what its answers say."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from bench.cases import CASES, Question

ROOT = Path(__file__).parent.parent
VIRTUALENVS = ROOT / "build" / "bench"
STARTED_WITHIN = 60
ANSWERED_WITHIN = 600

Read = Mapping[str, Callable[[Any], Any]]
Paths = Mapping[str, str]


class Contestant(NamedTuple):
    title: str
    command: str
    # what it is asked for each case that it can do
    paths: Paths
    read: Read
    virtualenv: Path = ROOT / ".venv"
    # which database: Claimbase's, or that of the relational peer
    database: str = "claims"
    environment: Mapping[str, str] = {}

    @property
    def installed(self) -> bool:
        return (self.virtualenv / "bin" / self.command.split()[0]).exists()


SERVE = "claimbase serve --workers {workers} --threads {threads} --port {port}"
GRANIAN = (
    "granian --interface wsgi --workers {workers} --blocking-threads {threads} --port {port}"
    " --log-level warning"
)
UVICORN = (
    "uvicorn --workers {workers} --port {port} --loop uvloop --http httptools --no-access-log"
    " --log-level warning"
)

BY_NAME = "/v1/claims?actor={actor}"
BY_BOTH = "/v1/claims?actor={actor}&topic={topic}"
CLAIMBASE = {
    "page": BY_NAME,
    "bare": f"{BY_NAME}&count=none",
    "two": f"{BY_BOTH}&count=none",
    "rare": f"{BY_BOTH}&count=none",
    "first": "/v1/claims?count=none",
    "deep": "/v1/claims?count=none&cursor={cursor}",
    "single": "/v1/claims/{id}",
    "total": f"{BY_NAME}&limit=1",
    "total-two": f"{BY_BOTH}&limit=1",
    "facet": "/v1/claims?facet=topic&limit=1&count=none",
    "facet-actor": f"{BY_NAME}&facet=topic&limit=1&count=none",
    "unchanged": BY_NAME,
}

# the peers are given folded names
ACTOR = "actor={folded_actor}"
BOTH = f"{ACTOR}&topic={{folded_topic}}"
RELATIONAL = {
    "page": f"/claims?{ACTOR}",
    "two": f"/claims?{BOTH}",
    "rare": f"/claims?{BOTH}",
    "first": "/claims",
    "deep": "/claims?date={date}&after={number}",
    "single": "/claims/{id}",
    "total": f"/total?{ACTOR}",
    "total-two": f"/total?{BOTH}",
    "facet": "/facet",
    "facet-actor": f"/facet?{ACTOR}",
}
# a query of bench/queries.py, and its parameters
QUERIES = {
    "page": ("page", ACTOR),
    "two": ("two", BOTH),
    "rare": ("two", BOTH),
    "first": ("first", ""),
    "deep": ("deep", "date_key={date_key}&entered={entered}"),
    "single": ("single", "id={id}"),
    "total": ("total", ACTOR),
    "total-two": ("total-two", BOTH),
    "facet": ("facet", ""),
    "facet-actor": ("facet-actor", ACTOR),
}
PREPARED = {case: f"/{name}?{given}" for case, (name, given) in QUERIES.items()}
DATASETTE = {
    case: f"/{{database}}/{name}.json?_shape=array&{given}"
    for case, (name, given) in QUERIES.items()
}


def counts(values: list[dict]) -> list[tuple[str, int]]:
    return [(one["id"], one["count"]) for one in values]


OF_API: Read = {
    "claims": lambda answer: [one["id"] for one in answer["data"]],
    "single": lambda answer: [answer["id"]],
    "total": lambda answer: answer["meta"]["total"],
    "facet": lambda answer: counts(answer["meta"]["facets"]["topic"]["values"]),
}
OF_MODELS: Read = {
    "claims": OF_API["claims"],
    "single": OF_API["single"],
    "total": lambda answer: answer["total"],
    "facet": lambda answer: counts(answer["values"]),
}
OF_BYTES: Read = {
    "claims": OF_API["claims"],
    "single": OF_API["claims"],
    "total": lambda answer: answer["data"][0]["total"],
    "facet": lambda answer: counts(answer["data"]),
}
OF_ROWS: Read = {
    "claims": lambda rows: [json.loads(row["body"])["id"] for row in rows],
    "single": lambda rows: OF_ROWS["claims"](rows),
    "total": lambda rows: rows[0]["total"],
    "facet": counts,
}

ON_DATASETTE = f"{UVICORN} --factory bench.on_datasette:app"
CONTESTANTS = {
    "claimbase": Contestant(
        "Claimbase", SERVE, CLAIMBASE, OF_API, environment={"CLAIMBASE_CACHE_MB": "0"}
    ),
    "cached": Contestant(
        "Claimbase, cached",
        SERVE,
        {"cached": BY_NAME, "unchanged": BY_NAME},
        OF_API,
        environment={"CLAIMBASE_CACHE_MB": "64"},
    ),
    "static": Contestant(
        "static bytes", f"{GRANIAN} bench.floor:static", {"page": "/", "cached": "/"}, {}
    ),
    "floor": Contestant(
        "floor",
        f"{GRANIAN} bench.floor:floor",
        {"page": "/?actor={actor}", "single": "/{id}"},
        {**OF_BYTES, "single": OF_API["single"]},
    ),
    "prepared": Contestant(
        "FastAPI, prepared documents",
        f"{UVICORN} bench.prepared:app",
        PREPARED,
        OF_BYTES,
        VIRTUALENVS / "fastapi",
    ),
    "relational": Contestant(
        "FastAPI, SQLAlchemy",
        f"{UVICORN} bench.relational:app",
        RELATIONAL,
        OF_MODELS,
        VIRTUALENVS / "fastapi",
        "peer",
    ),
    "datasette": Contestant(
        "Datasette 0.65", ON_DATASETTE, DATASETTE, OF_ROWS, VIRTUALENVS / "datasette"
    ),
    "datasette-1": Contestant(
        "Datasette 1.0a", ON_DATASETTE, DATASETTE, OF_ROWS, VIRTUALENVS / "datasette-1"
    ),
}


class Failed(Exception):
    """Why there are no figures: a server that does not start, or answers that differ."""


class Server:
    """A contestant at work, as a process group of its own."""

    def __init__(self, name: str, databases: Mapping[str, Path], **settings: int):
        self.name = name
        self.contestant = CONTESTANTS[name]
        self.database = databases[self.contestant.database]
        self.port = free_port()
        program, *arguments = self.contestant.command.format(port=self.port, **settings).split()
        self.log = self.database.with_name(f"{name}.log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [self.contestant.virtualenv / "bin" / program, *arguments],
                cwd=ROOT,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "BENCH_DATABASE": str(self.database),
                    "CLAIMBASE_DATABASE_URL": f"sqlite:///{self.database}",
                    **self.contestant.environment,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + STARTED_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port)):
                    return
            except OSError:
                time.sleep(0.01)
        raise Failed(f"{self.name} does not start:\n{self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        except ProcessLookupError:
            pass

    def get(self, path: str) -> tuple[int, Message, bytes]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=ANSWERED_WITHIN)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.headers, response.read()

    def path(self, case: str, question: Question) -> str:
        quoted = {name: quote_plus(value) for name, value in question.items()}
        return self.contestant.paths[case].format(database=self.database.stem, **quoted)

    def request(self, case: str, question: Question) -> str:
        """What the client sends."""
        path = self.path(case, question)
        headers = f"Host: 127.0.0.1:{self.port}\r\n"
        if CASES[case].status == 304:
            headers += f"If-None-Match: {self.get(path)[1]['ETag']}\r\n"
        return f"GET {path} HTTP/1.1\r\n{headers}\r\n"

    def answer(self, case: str, question: Question) -> Any:
        """What its answer to a question says."""
        path = self.path(case, question)
        status, _, body = self.get(path)
        if status != 200:
            raise Failed(f"{self.name}, {case}: {path} answers {status}: {body[:200]!r}")
        return self.contestant.read[CASES[case].kind](json.loads(body))

    def memory(self) -> dict[str, float]:
        """Resident memory of the process group in MB, shared pages shared out (PSS): all of it,
        and without mapped files.
        """
        kilobytes = {"Pss:": 0, "Pss_File:": 0}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                group = stat.read_text().rpartition(")")[2].split()[2]
                if int(group) == self.process.pid:
                    for line in stat.with_name("smaps_rollup").read_text().splitlines():
                        name, number, *_ = line.split()
                        if name in kilobytes:
                            kilobytes[name] += int(number)
            except (FileNotFoundError, ProcessLookupError):  # it has ended
                continue
        whole = kilobytes["Pss:"]
        return {"resident": whole / 1024, "own": (whole - kilobytes["Pss_File:"]) / 1024}


def free_port() -> int:
    """One below those that the system gives to clients, of which any may be taken at any time."""
    while True:
        port = random.randint(20_000, 32_000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port


@contextmanager
def serving(
    names: list[str], databases: Mapping[str, Path], **settings: int
) -> Iterator[dict[str, Server]]:
    """These contestants, all at work at once."""
    servers: dict[str, Server] = {}
    try:
        for name in names:
            servers[name] = Server(name, databases, **settings)
            servers[name].wait()
        yield servers
    finally:
        for server in servers.values():
            server.stop()
