"""Single events: first counts, a rename, whole lists, starts, and pages by size."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import quote_plus

from bench.cases import Question, draw_questions
from bench.contestants import BenchError, Server, serving
from bench.data import seed_files
from bench.loading import CLAIMBASE, remove_database, run_timed
from bench.relations import measure_relations
from bench.streams import measure_streams
from models import Claim
from models.queries import lists

# the number of claims of the small dataset
SMALL = 10_000
STARTS = 5
Measure = Callable[..., dict[str, Any]]
# queries of the busiest actor, of a big topic and of another big topic
LISTS = (
    "actor=!{actor}", "topic=!{topic}", "topic={topic}&topic={other}",
    "topic={topic}&topic={other}&match=all", "form=interview", "status=coded", "stance=support",
    "attribution=direct", "language=en", "language=!en", "from_date=2020", "has=event", "has=topic",
    "has=!position", "sort=date", "sort=id", "sort=updated_at", "sort=-updated_at",
    "actor={actor}&form=interview", "actor={actor}&language=en", "topic={topic}&from_date=2020",
)  # fmt: skip


def measure_single_events(
    folder: Path, size: int, path: Path, measure: Measure, rounds: int, seconds: float
) -> dict[str, Any]:
    """Measure the single events of the dataset at `path`.

    `measure` sends requests to a server and returns figures, as `bench.client.measure` does.
    """
    small = folder / "small" / f"claims-{SMALL}.db"
    small.parent.mkdir(exist_ok=True)
    remove_database(small)
    seeds = seed_files(folder, SMALL)
    run_timed(CLAIMBASE, "load", "--quiet", "--database", f"sqlite:///{small}", seeds)
    with (
        serving(["claimbase"], {"claims": small}, workers=1, threads=1) as small_servers,
        serving(["claimbase"], {"claims": path}, workers=1, threads=1) as large_servers,
    ):
        questions = draw_questions(path)
        large_server = large_servers["claimbase"]
        first_counts = measure_first_counts(large_server, questions)
        pages = {
            "small": page_requests(small_servers["claimbase"], draw_questions(small)["page"]),
            "large": page_requests(large_server, questions["page"]),
        }
        growth = measure_growth(measure, pages, rounds, seconds)
        busiest_actor = questions["total"][0]["actor"]
        seeds = seed_files(folder, size)
        rename = measure_rename(measure, pages["large"], busiest_actor, path, seeds)
    return {
        "first": first_counts,
        "growth": growth,
        "rename": rename,
        "streams": measure_streams(path),
        "relations": measure_relations(path),
        "start": median(start_seconds(path) for _ in range(STARTS)),
        "help": median(help_seconds() for _ in range(STARTS)),
    }


def page_requests(server: Server, questions: list[Question]) -> dict[str, Any]:
    """Requests of pages by name, as arguments of `measure`."""
    requests = [server.request("page", question) for question in questions]
    return {"port": server.port, "requests": requests}


def measure_first_counts(server: Server, questions: dict[str, list[Question]]) -> dict[str, Any]:
    """The milliseconds of responses that count a total or a facet for the first time."""

    def milliseconds(path: str) -> float:
        start = perf_counter()
        status, _, body = server.get(path)
        if status != 200:
            raise BenchError(f"{path} answers {status}: {body[:200]!r}")
        return (perf_counter() - start) * 1000

    # the first response of a process takes longer, because Flask prepares itself
    milliseconds("/v1/actors")
    figures: dict[str, Any] = {}
    for case in ("total", "total-two"):
        times = [milliseconds(server.path(case, question)) for question in questions[case]]
        figures[case] = {"median": median(times), "most": max(times)}
    big_topics = list(dict.fromkeys(question["topic"] for question in questions["total-two"]))
    topic, other = big_topics[0], big_topics[min(1, len(big_topics) - 1)]
    names = {"actor": questions["total"][0]["actor"], "topic": topic, "other": other}
    quoted = {name: quote_plus(value) for name, value in names.items()}
    figures["lists"] = {
        query: milliseconds(f"/v1/claims?{query.format(**quoted)}") for query in LISTS
    }
    filters = {"all": "", "busiest": f"&actor={quoted['actor']}"}
    figures["facets"] = {
        name: {
            scope: milliseconds(f"/v1/claims?facet={name}&limit=1&count=none{filter}")
            for scope, filter in filters.items()
        }
        for name in lists.LISTS[Claim].facets
    }
    return figures


def measure_growth(
    measure: Measure, pages: dict[str, dict[str, Any]], rounds: int, seconds: float
) -> dict[str, float]:
    """Pages a second of both datasets, in turns, and the ratio of the times of their pages."""
    rates: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(-1, rounds):
        for name, requests in pages.items():
            rates[name].append(measure(**requests, seconds=seconds)["rate"])
    # the first turn warms up
    turns = list(zip(rates["small"][1:], rates["large"][1:], strict=True))
    small, large = (median(dataset_rates) for dataset_rates in zip(*turns, strict=True))
    ratio = median(small_rate / large_rate for small_rate, large_rate in turns)
    return {"small": small, "large": large, "ratio": ratio}


def measure_rename(
    measure: Measure, pages: dict[str, Any], name: str, path: Path, seeds: Path
) -> dict[str, float]:
    """Rename the actor with this name while a client reads pages, then restore the name.

    The result has the seconds of the load, and the p99 of pages in milliseconds before and
    during the load: the median of one-second turns.
    """
    lines = (seeds / "actors.jsonl").read_text().splitlines()
    actor = next(record for record in map(json.loads, lines) if record["name"] == name)
    file = path.with_name("renamed.jsonl")
    load = (CLAIMBASE, "load", "--quiet", "--database", f"sqlite:///{path}", file)

    def p99() -> float:
        return measure(**pages, seconds=1)["p99"]

    idle = median(p99() for _ in range(3))
    file.write_text(json.dumps({**actor, "name": f"{actor['name']} II"}) + "\n")
    with ThreadPoolExecutor(1) as pool:
        rename = pool.submit(run_timed, *load)
        meanwhile = [p99()]
        while not rename.done():
            meanwhile.append(p99())
    file.write_text(json.dumps(actor) + "\n")
    run_timed(*load)
    file.unlink()
    return {"seconds": rename.result()["seconds"], "idle": idle, "meanwhile": median(meanwhile)}


def help_seconds() -> float:
    """The seconds of `claimbase --help`."""
    start = perf_counter()
    subprocess.run([CLAIMBASE, "--help"], stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - start


def start_seconds(path: Path) -> float:
    """The seconds from the start of a server to its first response."""
    start = perf_counter()
    with serving(["claimbase"], {"claims": path}, workers=1, threads=1) as servers:
        servers["claimbase"].get("/v1/claims?limit=1")
        return perf_counter() - start
