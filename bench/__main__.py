"""`make bench`: measure Claimbase and other servers on one machine in one run."""

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
from bench.cases import CASES, Question, draw_questions
from bench.contestants import CONTESTANTS, ROOT, BenchError, Server, serving
from bench.loading import load_databases
from bench.once import measure_single_events

# how many questions of a case are compared before and after the rounds
SAMPLE = 10
PAGE_SIZE = 50
# the number of the page in the case `deep`
DEEP_PAGE = 2_000
# by case
Questions = dict[str, list[Question]]


def main() -> None:
    options = parse_options()
    # raise KeyboardInterrupt, so that the servers are stopped
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        results = run(options)
    except BenchError as error:
        sys.exit(str(error))
    report.write_results(results, options.folder / f"results-{options.size}.json")
    print(report.terminal_table(results))


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="the number of claims")
    parser.add_argument("--workers", type=int, default=1, help="the processes of each server")
    parser.add_argument("--threads", type=int, default=1, help="the threads of each WSGI process")
    parser.add_argument("--connections", type=int, default=4, help="the client's connections")
    parser.add_argument("--rounds", type=int, default=10, help="the rounds that count")
    parser.add_argument("--seconds", type=float, help="the seconds of each turn")
    parser.add_argument("--reuse", action="store_true", help="reuse the databases of the last run")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench")
    options = parser.parse_args()
    if options.seconds is None:
        options.seconds = min(0.5, max(0.1, options.size / 1_000_000))
    options.folder.mkdir(parents=True, exist_ok=True)
    return options


def run(options: argparse.Namespace) -> dict[str, Any]:
    if not CONTESTANTS["claimbase"].installed:
        raise BenchError("Claimbase is not in .venv: make bench installs it, and the others")
    databases, load = load_databases(options.folder, options.size, options.reuse)
    contestants = {
        name: contestant
        for name, contestant in CONTESTANTS.items()
        if "sqlite" in contestant.engines
    }
    skipped = {
        name: "is not installed"
        for name, contestant in contestants.items()
        if not contestant.installed
    }
    names = [name for name in contestants if name not in skipped]
    with (
        serving(names, databases, workers=options.workers, threads=options.threads) as servers,
        Client() as client,
    ):
        questions = draw_questions(databases["claims"])
        questions["deep"] = deep_questions(servers["claimbase"], databases["claims"])
        compare(servers, {case: drawn[:SAMPLE] for case, drawn in questions.items()})
        if not reports_cache_hits(servers["cached"], questions["cached"]):
            skipped["cached"] = "does not cache"
            servers.pop("cached").stop()
        for name, reason in skipped.items():
            print(f"{name} is left out: it {reason}", file=sys.stderr)
        figures = measure_cases(client, servers, questions, options)
        compare(servers, {case: drawn[-SAMPLE:] for case, drawn in questions.items()})
        memory = {name: server.memory() for name, server in servers.items()}
    with Client() as client:
        print("single events", file=sys.stderr)
        single_events = measure_single_events(
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
        "once": single_events,
        "skipped": skipped,
    }


def deep_questions(claimbase: Server, path: Path) -> list[Question]:
    """The cursor of page 2,000, or of a page from the middle of a shorter list.

    It is a single question, like that of page 1, so that both pages are equally often in caches.
    """
    url = "/v1/claims?count=none"
    total = json.loads(claimbase.get("/v1/claims?limit=1")[2])["meta"]["total"]
    middle = total // 2 // PAGE_SIZE * PAGE_SIZE
    remaining = max(PAGE_SIZE, min((DEEP_PAGE - 1) * PAGE_SIZE, middle))
    cursor: str | None = ""
    while remaining and cursor is not None:
        after = f"&cursor={cursor}" if cursor else ""
        limit = min(remaining, 200)
        page = json.loads(claimbase.get(f"{url}&limit={limit}{after}")[2])
        remaining -= limit
        cursor = page["meta"]["next_cursor"]
    if not cursor:
        return []
    last_id = page["data"][-1]["id"]
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    seq, date_key, date = database.execute(
        "SELECT claim.seq, date_key, date FROM record JOIN claim USING (key)"
        " WHERE type = 'claim' AND id = ?",
        (last_id,),
    ).fetchone()
    if date is None:
        return []
    # the relational database numbers claims from 1 on, in the order of the seeds
    number = int(last_id.removeprefix("claim-")) + 1
    last_claim = {"cursor": cursor, "seq": seq, "date_key": date_key}
    last_claim |= {"date": date, "number": number}
    return [{name: str(value) for name, value in last_claim.items()}]


def compare(servers: dict[str, Server], questions: Questions) -> None:
    """Raise BenchError unless all servers give the same ids in order, totals and counts."""
    claimbase = servers["claimbase"]
    for case, drawn in questions.items():
        for question in drawn:
            expected = claimbase.answer(
                case if case in claimbase.contestant.paths else "page", question
            )
            for name, server in servers.items():
                if case in server.contestant.paths and server.contestant.readers:
                    answer = server.answer(case, question)
                    if answer != expected:
                        url = server.path(case, question)
                        raise BenchError(f"{name}, {case}: {url} gives {answer}, not {expected}")


def reports_cache_hits(server: Server, questions: list[Question]) -> bool:
    """Request all pages; return whether the first one then comes from the cache."""
    for question in questions:
        server.answer("cached", question)
    _, headers, _ = server.get(server.path("cached", questions[0]))
    return "hit" in headers.get("Cache-Status", "")


class Client:
    """The process of the measuring client (`bench.client`)."""

    def __enter__(self) -> Client:
        command = [sys.executable, "-m", "bench.client"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.communicate()

    def measure(self, **arguments: Any) -> dict[str, Any]:
        print(json.dumps(arguments), file=self.process.stdin, flush=True)
        return json.loads(next(iter(self.process.stdout or ())))


def measure_cases(
    client: Client, servers: dict[str, Server], questions: Questions, options: argparse.Namespace
) -> dict[str, dict[str, dict[str, float]]]:
    """The medians of the rounds, by case and contestant.

    Each contestant has a turn in each case and round; each round starts with another contestant.
    """
    cases = [case for case in CASES if case in questions]
    rounds: dict[tuple[str, str], list[dict[str, float]]] = {
        (case, name): []
        for case in cases
        for name in servers
        if case in servers[name].contestant.paths
    }
    requests = {
        (case, name): [servers[name].request(case, question) for question in questions[case]]
        for case, name in rounds
    }
    for number in range(-1, options.rounds):  # the first round warms up
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        for case in cases:
            names = [name for round_case, name in rounds if round_case == case]
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                case_requests = requests[case, name]
                first = number * len(case_requests) // options.rounds
                result = client.measure(
                    port=servers[name].port,
                    requests=case_requests[first:] + case_requests[:first],
                    connections=options.connections,
                    seconds=options.seconds,
                    status=CASES[case].status,
                )
                if "error" in result:
                    raise BenchError(f"{name}, {case}: {result['error']}")
                if number >= 0:
                    rounds[case, name].append(result)
    figures: dict[str, dict[str, dict[str, float]]] = defaultdict(dict)
    for (case, name), results in rounds.items():
        figures[case][name] = {
            figure: median(result[figure] for result in results)
            for figure in ("rate", "p50", "p99", "client")
        }
    return figures


if __name__ == "__main__":
    main()
