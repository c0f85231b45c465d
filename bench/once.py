"""What rates do not tell: how a page grows with the dataset, first counts, a rename, starts."""

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

from bench.cases import Question, questions
from bench.contestants import Failed, Server, serving
from bench.data import seed_files
from bench.loading import CLAIMBASE, remove, timed
from models import Claim
from models.queries import lists

# how many claims the small dataset has
SMALL = 10_000
STARTS = 5
Measure = Callable[..., dict[str, Any]]
# of all claims, each with its total; the busiest actor, a big topic, and another one
LISTS = (
    "actor=!{actor}", "topic=!{topic}", "topic={topic}&topic={other}",
    "topic={topic}&topic={other}&match=all", "form=interview", "status=coded", "stance=support",
    "attribution=direct", "language=en", "language=!en", "from_date=2020", "has=event", "has=topic",
    "has=!position", "sort=date", "sort=id", "sort=updated_at", "sort=-updated_at",
    "actor={actor}&form=interview", "actor={actor}&language=en", "topic={topic}&from_date=2020",
)  # fmt: skip


def once(
    folder: Path, size: int, path: Path, measure: Measure, rounds: int, seconds: float
) -> dict[str, Any]:
    """All of it, of the dataset at `path` and one of 10,000 claims; `measure` asks one server."""
    small = folder / "small" / f"claims-{SMALL}.db"
    small.parent.mkdir(exist_ok=True)
    remove(small)
    seeds = seed_files(folder, SMALL)
    timed(CLAIMBASE, "load", "--quiet", "--database", f"sqlite:///{small}", seeds)
    with (
        serving(["claimbase"], {"claims": small}, workers=1, threads=1) as of_small,
        serving(["claimbase"], {"claims": path}, workers=1, threads=1) as of_large,
    ):
        asked = questions(path)
        large = of_large["claimbase"]
        first = first_counts(large, asked)
        pages = {
            "small": page_requests(of_small["claimbase"], questions(small)["page"]),
            "large": page_requests(large, asked["page"]),
        }
        grown = growth(measure, pages, rounds, seconds)
        renamed = rename(measure, pages["large"], asked["total"][0], path, seed_files(folder, size))
    return {
        "first": first,
        "growth": grown,
        "rename": renamed,
        "start": median(start(path) for _ in range(STARTS)),
        "help": median(help() for _ in range(STARTS)),
    }


def page_requests(server: Server, asked: list[Question]) -> dict[str, Any]:
    return {"port": server.port, "requests": [server.request("page", one) for one in asked]}


def first_counts(server: Server, asked: dict[str, list[Question]]) -> dict[str, Any]:
    """Milliseconds that whole answers take whose total, or facet, is counted for the first time."""

    def took(path: str) -> float:
        began = perf_counter()
        status, _, body = server.get(path)
        if status != 200:
            raise Failed(f"{path} answers {status}: {body[:200]!r}")
        return (perf_counter() - began) * 1000

    # Flask's own first time
    took("/v1/actors")
    found: dict[str, Any] = {}
    for case in ("total", "total-two"):
        times = [took(server.path(case, one)) for one in asked[case]]
        found[case] = {"median": median(times), "most": max(times)}
    big = {one["topic"]: one for one in asked["total-two"]}
    topic, other = [*big][:2] if len(big) > 1 else [*big] * 2
    names = {"actor": asked["total"][0]["actor"], "topic": topic, "other": other}
    quoted = {name: quote_plus(value) for name, value in names.items()}
    found["lists"] = {one: took(f"/v1/claims?{one.format(**quoted)}") for one in LISTS}
    within = f"&actor={quoted['actor']}"
    found["facets"] = {
        name: {
            of: took(f"/v1/claims?facet={name}&limit=1&count=none{filtered}")
            for of, filtered in (("all", ""), ("busiest", within))
        }
        for name in lists.LISTS[Claim].facets
    }
    return found


def growth(
    measure: Measure, pages: dict[str, dict[str, Any]], rounds: int, seconds: float
) -> dict[str, float]:
    """Pages a second of either dataset, in turns, and how much longer one of the large takes."""
    rates: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(-1, rounds):
        for name, asked in pages.items():
            rates[name].append(measure(**asked, seconds=seconds)["rate"])
    # the first are to warm up
    turns = list(zip(rates["small"][1:], rates["large"][1:], strict=True))
    small, large = (median(one) for one in zip(*turns, strict=True))
    return {"small": small, "large": large, "ratio": median(one / other for one, other in turns)}


def rename(
    measure: Measure, pages: dict[str, Any], busiest: Question, path: Path, seeds: Path
) -> dict[str, float]:
    """Another name for the busiest actor while pages are read, and then the old one again.

    The seconds of the load, and the p99 of reads, in milliseconds, before and meanwhile: the
    median of what each second had.
    """
    lines = (seeds / "actors.jsonl").read_text().splitlines()
    actor = next(one for one in map(json.loads, lines) if one["name"] == busiest["actor"])
    file = path.with_name("renamed.jsonl")
    load = (CLAIMBASE, "load", "--quiet", "--database", f"sqlite:///{path}", file)

    def p99() -> float:
        return measure(**pages, seconds=1)["p99"]

    idle = median(p99() for _ in range(3))
    file.write_text(json.dumps({**actor, "name": f"{actor['name']} II"}) + "\n")
    with ThreadPoolExecutor(1) as pool:
        loaded = pool.submit(timed, *load)
        meanwhile = [p99()]
        while not loaded.done():
            meanwhile.append(p99())
    file.write_text(json.dumps(actor) + "\n")
    timed(*load)
    file.unlink()
    return {"seconds": loaded.result()["seconds"], "idle": idle, "meanwhile": median(meanwhile)}


def help() -> float:
    """Seconds of `claimbase --help`."""
    began = perf_counter()
    subprocess.run([CLAIMBASE, "--help"], stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - began


def start(path: Path) -> float:
    """Seconds from the start of a server's process to its first answer."""
    began = perf_counter()
    with serving(["claimbase"], {"claims": path}, workers=1, threads=1) as servers:
        servers["claimbase"].get("/v1/claims?limit=1")
        return perf_counter() - began
