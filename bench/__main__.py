"""`make bench`: Claimbase beside what could be used in its place, on one machine in one run."""

from __future__ import annotations

import argparse
import json
import signal
import sqlite3
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from bench import report
from bench.cases import CASES, Question, questions
from bench.contestants import CONTESTANTS, ROOT, Failed, Server, serving
from bench.loading import loaded
from bench.once import once

SAMPLE = 10
PAGE = 50
DEEP = 2_000
Asked = dict[str, list[Question]]


def main() -> None:
    options = parsed()
    # likewise an interruption: the servers end, too
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        results = run(options)
    except Failed as failed:
        sys.exit(str(failed))
    report.write(results, options.folder / f"results-{options.size}.json")
    print(report.table(results))


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="how many claims")
    parser.add_argument("--workers", type=int, default=1, help="processes of each server")
    parser.add_argument("--threads", type=int, default=1, help="threads of each WSGI process")
    parser.add_argument("--connections", type=int, default=4, help="of the client")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, help="of each case, contestant and round")
    parser.add_argument("--reuse", action="store_true", help="the databases of the last run")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench")
    options = parser.parse_args()
    if options.seconds is None:
        options.seconds = min(0.5, max(0.1, options.size / 1_000_000))
    options.folder.mkdir(parents=True, exist_ok=True)
    return options


def run(options: argparse.Namespace) -> dict[str, Any]:
    if not CONTESTANTS["claimbase"].installed:
        raise Failed("Claimbase is not in .venv: make bench installs it, and the others")
    databases, load = loaded(options.folder, options.size, options.reuse)
    skipped = {name: "is not installed" for name, one in CONTESTANTS.items() if not one.installed}
    names = [name for name in CONTESTANTS if name not in skipped]
    with (
        serving(names, databases, workers=options.workers, threads=options.threads) as servers,
        Client() as client,
    ):
        asked = questions(databases["claims"])
        asked["deep"] = deep(servers["claimbase"], databases["claims"])
        compare(servers, {case: some[:SAMPLE] for case, some in asked.items()})
        if not caches(servers["cached"], asked["cached"]):
            skipped["cached"] = "does not cache"
            servers.pop("cached").stop()
        for name, reason in skipped.items():
            print(f"{name} is left out: it {reason}", file=sys.stderr)
        figures = measure(client, servers, asked, options)
        compare(servers, {case: some[-SAMPLE:] for case, some in asked.items()})
        memory = {name: server.memory() for name, server in servers.items()}
    with Client() as client:
        print("what is done once", file=sys.stderr)
        told = once(
            options.folder, options.size, databases["claims"],
            partial(client.measure, connections=options.connections),
            options.rounds, options.seconds,
        )  # fmt: skip
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": report.machine(),
        "versions": report.versions(),
        "settings": {
            name: getattr(options, name)
            for name in ("size", "workers", "threads", "connections", "rounds", "seconds")
        },
        "load": load,
        "cases": figures,
        "memory": memory,
        "once": told,
        "skipped": skipped,
    }


def deep(claimbase: Server, path: Path) -> list[Question]:
    """Page 2,000, of a small list one from its middle: what it comes after.

    One page, as page 1 is, so that either is as near at hand as the other.
    """
    claims = "/v1/claims?count=none"
    total = json.loads(claimbase.get("/v1/claims?limit=1")[2])["meta"]["total"]
    left = max(PAGE, min((DEEP - 1) * PAGE, total // 2 // PAGE * PAGE))
    cursor: str | None = ""
    while left and cursor is not None:
        after = f"&cursor={cursor}" if cursor else ""
        limit = min(left, 200)
        page = json.loads(claimbase.get(f"{claims}&limit={limit}{after}")[2])
        left -= limit
        cursor = page["meta"]["next_cursor"]
    if not cursor:
        return []
    last = page["data"][-1]["id"]
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    place = "SELECT claim.entered, date_key, date FROM record JOIN claim USING (key)"
    entered, date_key, date = database.execute(
        f"{place} WHERE type = 'claim' AND id = ?", (last,)
    ).fetchone()
    if date is None:
        return []
    # the relational peer numbers claims from 1 on, in the order of the seeds
    number = int(last.removeprefix("claim-")) + 1
    before = {"cursor": cursor, "entered": entered, "date_key": date_key}
    before |= {"date": date, "number": number}
    return [{name: str(value) for name, value in before.items()}]


def compare(servers: dict[str, Server], asked: Asked) -> None:
    """See that all give the same answers: ids in order, totals, counts."""
    claimbase = servers["claimbase"]
    for case, some in asked.items():
        for question in some:
            expected = claimbase.answer(
                case if case in claimbase.contestant.paths else "page", question
            )
            for name, server in servers.items():
                if case in server.contestant.paths and server.contestant.read:
                    found = server.answer(case, question)
                    if found != expected:
                        url = server.path(case, question)
                        raise Failed(f"{name}, {case}: {url} gives {found}, not {expected}")


def caches(server: Server, asked: list[Question]) -> bool:
    """Whether the pages come from the cache, once they were asked for."""
    for question in asked:
        server.answer("cached", question)
    _, headers, _ = server.get(server.path("cached", asked[0]))
    return "hit" in headers.get("Cache-Status", "")


class Client:
    """The measuring client, a process of its own."""

    def __enter__(self) -> Client:
        command = [sys.executable, "-m", "bench.client"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.communicate()

    def measure(self, **asked: Any) -> dict[str, Any]:
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        return json.loads(next(iter(self.process.stdout or ())))


def measure(
    client: Client, servers: dict[str, Server], asked: Asked, options: argparse.Namespace
) -> dict[str, dict[str, dict[str, float]]]:
    """In each round each contestant has its turn in each case; the medians of the rounds count."""
    rounds: dict[tuple[str, str], list[dict[str, float]]] = {
        (case, name): []
        for case in CASES
        for name in servers
        if case in servers[name].contestant.paths
    }
    requests = {
        (case, name): [servers[name].request(case, one) for one in asked[case]]
        for case, name in rounds
    }
    for number in range(-1, options.rounds):  # the first one is to warm up
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        for case in CASES:
            names = [name for one, name in rounds if one == case]
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                some = requests[case, name]
                first = number * len(some) // options.rounds
                found = client.measure(
                    port=servers[name].port,
                    requests=some[first:] + some[:first],
                    connections=options.connections,
                    seconds=options.seconds,
                    status=CASES[case].status,
                )
                if "error" in found:
                    raise Failed(f"{name}, {case}: {found['error']}")
                if number >= 0:
                    rounds[case, name].append(found)
    figures: dict[str, dict[str, dict[str, float]]] = defaultdict(dict)
    for (case, name), several in rounds.items():
        figures[case][name] = {
            figure: median(one[figure] for one in several)
            for figure in ("rate", "p50", "p99", "client")
        }
    return figures


if __name__ == "__main__":
    main()
