"""The contestants: their commands, their URLs for each case, and how their answers are read."""

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
START_TIMEOUT = 60
REQUEST_TIMEOUT = 600

# by kind of case: the part of an answer that is compared
AnswerReaders = Mapping[str, Callable[[Any], Any]]
# by case: the URL without the host, to be filled with a question
Paths = Mapping[str, str]


class Contestant(NamedTuple):
    title: str
    command: str
    # of each case that the contestant takes part in
    paths: Paths
    readers: AnswerReaders
    virtualenv: Path = ROOT / ".venv"
    # `claims`: Claimbase's database; `peer`: that of the relational contestant
    database: str = "claims"
    environment: Mapping[str, str] = {}
    # of the databases in whose bench it takes part
    engines: tuple[str, ...] = ("sqlite",)

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
    "word": "/v1/claims?q={word}&count=none",
    "common-word": "/v1/claims?q={word}&count=none",
    "ranked": "/v1/claims?q={word}&sort=relevance&count=none",
    "keystroke": "/v1/autocomplete?q={typed}",
    "unchanged": BY_NAME,
}

# the other servers receive folded names
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
# (query of bench/queries.py, its parameters)
QUERIES = {
    "page": ("page", ACTOR),
    "two": ("two", BOTH),
    "rare": ("two", BOTH),
    "first": ("first", ""),
    "deep": ("deep", "date_key={date_key}&seq={seq}"),
    "single": ("single", "id={id}"),
    "total": ("total", ACTOR),
    "total-two": ("total-two", BOTH),
    "facet": ("facet", ""),
    "facet-actor": ("facet-actor", ACTOR),
    "word": ("word", "word={word}"),
    "common-word": ("word", "word={word}"),
}
PREPARED = {case: f"/{name}?{params}" for case, (name, params) in QUERIES.items()}
DATASETTE = {
    case: f"/{{database}}/{name}.json?_shape=array&{params}"
    for case, (name, params) in QUERIES.items()
}


def read_counts(values: list[dict]) -> list[tuple[str, int]]:
    return [(value["id"], value["count"]) for value in values]


READ_API: AnswerReaders = {
    "claims": lambda answer: [claim["id"] for claim in answer["data"]],
    "single": lambda answer: [answer["id"]],
    "total": lambda answer: answer["meta"]["total"],
    "facet": lambda answer: read_counts(answer["meta"]["facets"]["topic"]["values"]),
}
READ_MODELS: AnswerReaders = {
    "claims": READ_API["claims"],
    "single": READ_API["single"],
    "total": lambda answer: answer["total"],
    "facet": lambda answer: read_counts(answer["values"]),
}
READ_DOCUMENTS: AnswerReaders = {
    "claims": READ_API["claims"],
    "single": READ_API["claims"],
    "total": lambda answer: answer["data"][0]["total"],
    "facet": lambda answer: read_counts(answer["data"]),
}
READ_ROWS: AnswerReaders = {
    "claims": lambda rows: [json.loads(row["body"])["id"] for row in rows],
    "single": lambda rows: READ_ROWS["claims"](rows),
    "total": lambda rows: rows[0]["total"],
    "facet": read_counts,
}

ON_DATASETTE = f"{UVICORN} --factory bench.on_datasette:app"
CONTESTANTS = {
    "claimbase": Contestant(
        "Claimbase",
        SERVE,
        CLAIMBASE,
        READ_API,
        environment={"CLAIMBASE_CACHE_MB": "0"},
        engines=("sqlite", "postgres"),
    ),
    "postgres": Contestant(
        "Claimbase on PostgreSQL",
        SERVE,
        # a cursor belongs to one database
        {case: path for case, path in CLAIMBASE.items() if case != "deep"},
        READ_API,
        database="claims-postgres",
        environment={"CLAIMBASE_CACHE_MB": "0"},
        engines=("postgres",),
    ),
    "relational-postgres": Contestant(
        "FastAPI, SQLAlchemy, asyncpg",
        f"{UVICORN} bench.relational_async:app",
        {case: path for case, path in RELATIONAL.items() if case != "deep"},
        READ_MODELS,
        VIRTUALENVS / "fastapi",
        "peer-postgres",
        engines=("postgres",),
    ),
    "cached": Contestant(
        "Claimbase, cached",
        SERVE,
        {"cached": BY_NAME, "unchanged": BY_NAME},
        READ_API,
        environment={"CLAIMBASE_CACHE_MB": "64"},
    ),
    "static": Contestant(
        "static bytes", f"{GRANIAN} bench.floor:static", {"page": "/", "cached": "/"}, {}
    ),
    "floor": Contestant(
        "floor",
        f"{GRANIAN} bench.floor:floor",
        {"page": "/?actor={actor}", "single": "/{id}"},
        {**READ_DOCUMENTS, "single": READ_API["single"]},
    ),
    "prepared": Contestant(
        "FastAPI, prepared documents",
        f"{UVICORN} bench.prepared:app",
        PREPARED,
        READ_DOCUMENTS,
        VIRTUALENVS / "fastapi",
    ),
    "relational": Contestant(
        "FastAPI, SQLAlchemy",
        f"{UVICORN} bench.relational:app",
        RELATIONAL,
        READ_MODELS,
        VIRTUALENVS / "fastapi",
        "peer",
    ),
    "datasette": Contestant(
        "Datasette 0.65", ON_DATASETTE, DATASETTE, READ_ROWS, VIRTUALENVS / "datasette"
    ),
    "datasette-1": Contestant(
        "Datasette 1.0a", ON_DATASETTE, DATASETTE, READ_ROWS, VIRTUALENVS / "datasette-1"
    ),
}


class BenchError(Exception):
    """A server does not start or answer, or the servers' answers differ."""


class Server:
    """A contestant's process group, which listens on a port."""

    def __init__(self, name: str, databases: Mapping[str, Path | str], **settings: int):
        self.name = name
        self.contestant = CONTESTANTS[name]
        self.database = databases[self.contestant.database]
        self.port = free_port()
        program, *arguments = self.contestant.command.format(port=self.port, **settings).split()
        VIRTUALENVS.mkdir(parents=True, exist_ok=True)
        self.log = VIRTUALENVS / f"{name}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [self.contestant.virtualenv / "bin" / program, *arguments],
                cwd=ROOT,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "BENCH_DATABASE": str(self.database),
                    "CLAIMBASE_DATABASE_URL": url_of(self.database),
                    **self.contestant.environment,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until the server accepts connections."""
        until = time.monotonic() + START_TIMEOUT
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port)):
                    return
            except OSError:
                time.sleep(0.01)
        raise BenchError(f"{self.name} does not start:\n{self.log.read_text()[-2000:]}")

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
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_TIMEOUT)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.headers, response.read()

    def path(self, case: str, question: Question) -> str:
        quoted = {name: quote_plus(value) for name, value in question.items()}
        stem = Path(self.database).stem
        return self.contestant.paths[case].format(database=stem, **quoted)

    def request(self, case: str, question: Question) -> str:
        """The request as the client sends it."""
        path = self.path(case, question)
        headers = f"Host: 127.0.0.1:{self.port}\r\n"
        if CASES[case].status == 304:
            headers += f"If-None-Match: {self.get(path)[1]['ETag']}\r\n"
        return f"GET {path} HTTP/1.1\r\n{headers}\r\n"

    def answer(self, case: str, question: Question) -> Any:
        """The compared part of the answer to a question."""
        path = self.path(case, question)
        status, _, body = self.get(path)
        if status != 200:
            raise BenchError(f"{self.name}, {case}: {path} answers {status}: {body[:200]!r}")
        return self.contestant.readers[CASES[case].kind](json.loads(body))

    def memory(self) -> dict[str, float]:
        """The proportional set size of the process group in MB, with and without mapped files."""
        kilobytes = {"Pss:": 0, "Pss_File:": 0}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                group = stat.read_text().rpartition(")")[2].split()[2]
                if int(group) == self.process.pid:
                    for line in stat.with_name("smaps_rollup").read_text().splitlines():
                        name, number, *_ = line.split()
                        if name in kilobytes:
                            kilobytes[name] += int(number)
            except (FileNotFoundError, ProcessLookupError):  # the process has ended
                continue
        resident = kilobytes["Pss:"]
        return {"resident": resident / 1024, "own": (resident - kilobytes["Pss_File:"]) / 1024}


def url_of(database: Path | str) -> str:
    """The URL of a SQLite file; that of another database is known."""
    return database if isinstance(database, str) else f"sqlite:///{database}"


def free_port() -> int:
    """A free port below the range that the system assigns to clients."""
    while True:
        port = random.randint(20_000, 32_000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port


@contextmanager
def serving(
    names: list[str], databases: Mapping[str, Path | str], **settings: int
) -> Iterator[dict[str, Server]]:
    """Start these contestants, and stop them at the end."""
    servers: dict[str, Server] = {}
    try:
        for name in names:
            servers[name] = Server(name, databases, **settings)
            servers[name].wait()
        yield servers
    finally:
        for server in servers.values():
            server.stop()
