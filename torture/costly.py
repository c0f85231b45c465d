"""Costly queries from clients that leave, beside a page by a name and /healthz.

`python -m torture.costly` serves 200,000 claims. For each costly question, ten clients ask it at
once, each with other values and with all facets, and leave. Meanwhile a client asks for pages by a
name, and another one for /healthz. The result goes to build/torture/costly.json.
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode
from urllib.request import urlopen

from bench.data import PLACES, seed_files
from models.claim import Claim
from models.queries.lists import LISTS
from torture.servers import load, publish, serving, stop_servers_on_sigterm
from torture.tally import probe

SIZE, CLIENTS, VALUES, SEED = 200_000, 10, 50, 1
# seconds that a client stays, and that the others ask after the clients came
STAY, SECONDS = 0.2, 15.0
MAX_HEALTH = 1.0
# a question: the filters that have VALUES each, and whether it excludes these
QUESTIONS = {
    "months": (("date",), False),
    "places": (("place",), False),
    "topics": (("topic",), False),
    "exclusions": (("actor", "topic", "event", "position", "source"), True),
}
# the facets whose values filters take
FACETS = {"date": "month", **{name: name for name in QUESTIONS["exclusions"][0]}}


def draw_values(port: int) -> dict[str, list[str]]:
    """By filter: values that many claims have."""
    facets = ",".join(FACETS.values())
    query = urlencode({"facet": facets, "facet_limit": 2 * VALUES, "limit": 1})
    with urlopen(f"http://127.0.0.1:{port}/v1/claims?{query}", timeout=60) as response:
        counts = json.load(response)["meta"]["facets"]
    values = {
        name: [value["id"] for value in counts[facet]["values"]] for name, facet in FACETS.items()
    }
    return {**values, "place": [place.title() for place in PLACES]}


def costly_path(question: str, values: Mapping[str, list[str]], chance: random.Random) -> str:
    """A question with values of its own, and all facets."""
    names, excludes = QUESTIONS[question]
    sign = "!" if excludes else ""
    params = [
        (name, sign + value)
        for name in names
        for value in chance.sample(values[name], min(VALUES, len(values[name])))
    ]
    facets = ",".join(LISTS[Claim].facets)
    return f"/v1/claims?{urlencode([*params, ('facet', facets)])}"


def ask_and_leave(port: int, path: str) -> None:
    """Ask, and close the connection before the answer."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(STAY)


def attack(port: int, question: str, values: Mapping[str, list[str]], seconds: float) -> dict:
    """Ask a costly question ten times; gives what others saw meanwhile."""
    chance = random.Random(SEED)
    paths = [costly_path(question, values, chance) for _ in range(CLIENTS)]
    pages = [f"/v1/claims?{urlencode({'actor': actor})}" for actor in values["actor"]]
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(CLIENTS + 2) as clients:
        probes = {
            "healthz": clients.submit(probe, port, ["/healthz"], end),
            "pages": clients.submit(probe, port, pages, end),
        }
        for path in paths:
            clients.submit(ask_and_leave, port, path)
        return {name: tally.result().summary() for name, tally in probes.items()}


def faults_of(results: Mapping[str, Mapping[str, dict]]) -> list[str]:
    """Errors, and probes of health that took too long."""
    faults = []
    for question, kinds in results.items():
        for kind, summary in kinds.items():
            faults += [f"{question}, {kind}: {n} × {e}" for e, n in summary["errors"].items()]
        if kinds["healthz"]["slowest"] > MAX_HEALTH:
            faults.append(f"{question}: /healthz took {kinds['healthz']['slowest']} s")
    return faults


def main() -> None:
    stop_servers_on_sigterm()
    parser = argparse.ArgumentParser(prog="python -m torture.costly", description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="the number of claims")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each question")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        database_url = f"sqlite:///{folder}/claimbase.db"
        load(database_url, seed_files(Path(folder), options.size))
        with serving(database_url) as port:
            values = draw_values(port)
            results = {
                question: attack(port, question, values, options.seconds) for question in QUESTIONS
            }
    publish("costly", {"claims": options.size, **results, "faults": faults_of(results)})


if __name__ == "__main__":
    main()
