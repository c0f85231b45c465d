"""Stances, comparison and networks, beside grouped SQL, numpy and networkx."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import networkx as nx
import numpy as np

from bench.contestants import BenchError, Server, serving

TURNS = 3
# nodes of the network: the actors with most statements
TOP = 500
STATEMENTS = (
    "FROM claim CROSS JOIN claim_position ON claim_position.claim = claim.key"
    " WHERE claim.listed = 1"
)
COUNTS = (
    "COUNT(*), SUM(stance = 'support'), SUM(stance = 'oppose'), SUM(stance = 'neutral'),"
    " MIN(claim.date_key), MAX(claim.date_key)"
)
GROUPED_STANCES = (
    f"SELECT claim.claimant, position, {COUNTS} {STATEMENTS}"
    " GROUP BY 1, 2 ORDER BY COUNT(*) DESC LIMIT 50"
)
GROUPED_BY_TWO = (
    f"SELECT position, claim.actor, {COUNTS} {STATEMENTS} AND claim.actor IN (?, ?)"
    " GROUP BY 1, 2 ORDER BY 1 LIMIT 100"
)
GROUPED_CELLS = (
    "SELECT actor, group_concat(cell, ' ') FROM (SELECT claim.actor,"
    f" position || ' ' || stance || ' ' || claim.key AS cell {STATEMENTS} AND actor IS NOT NULL)"
    " GROUP BY actor"
)
BUSIEST = (
    "SELECT actor.key, record.id FROM actor JOIN record ON record.key = actor.key"
    " ORDER BY claim_count DESC, actor.key LIMIT 2"
)
CELLS = (
    f"SELECT claim.actor, position, stance = 'support', COUNT(*) {STATEMENTS}"
    " AND claim.actor IS NOT NULL AND stance <> 'neutral' GROUP BY 1, 2, 3"
)


def measure_relations(path: Path) -> dict[str, float]:
    """The milliseconds of each answer and of what it is compared with, the medians of turns."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    (first, first_id), (second, second_id) = database.execute(BUSIEST)
    cells = top_cells(database)
    supported, opposed = arrays(cells)
    graph = bipartite_graph(cells)
    actors = [node for node, side in graph.nodes(data="side") if side == "actor"]
    with serving(["claimbase"], {"claims": path}, workers=1, threads=1) as servers:
        server = servers["claimbase"]
        compared = f"actor={first_id}&actor={second_id}"
        network = f"/v1/networks/one-mode?method=subtract&top={TOP}"
        measured: dict[str, Callable[[], Any]] = {
            "a page of stances": lambda: get(server, "/v1/stances?count=none"),
            "  the same groups in SQL": lambda: select(database, GROUPED_STANCES),
            "a comparison of the two busiest actors": lambda: get(
                server, f"/v1/compare?{compared}&count=none"
            ),
            "  the same groups in SQL ": lambda: select(database, GROUPED_BY_TWO, first, second),
            f"a network of {TOP} actors": lambda: get(server, network),
            "  its grouped select": lambda: select(database, GROUPED_CELLS),
            "  numpy, on ready arrays": lambda: product(supported, opposed),
            "  networkx, its projection of a ready graph": lambda: (
                nx.bipartite.weighted_projected_graph(graph, actors)
            ),
        }
        times: dict[str, list[float]] = {}
        for _ in range(TURNS):
            for title, call in measured.items():
                start = perf_counter()
                call()
                times.setdefault(title, []).append((perf_counter() - start) * 1000)
    database.close()
    return {title: median(of_title) for title, of_title in times.items()}


def get(server: Server, path: str) -> None:
    status, _, body = server.get(path)
    if status != 200:
        raise BenchError(f"{path} answers {status}: {body[:200]!r}")


def select(database: sqlite3.Connection, sql: str, *values: int) -> None:
    database.execute(sql, values).fetchall()


def top_cells(database: sqlite3.Connection) -> list[tuple[int, int, int, int]]:
    """The statements of the actors with most: actor, position, whether in support, count."""
    cells = database.execute(CELLS).fetchall()
    counts: dict[int, int] = {}
    for actor, _, _, count in cells:
        counts[actor] = counts.get(actor, 0) + count
    top = set(sorted(counts, key=lambda actor: (-counts[actor], actor))[:TOP])
    return [cell for cell in cells if cell[0] in top]


def arrays(cells: list[tuple[int, int, int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """How often each actor supports, and opposes, each position."""
    actors, positions = ({key: n for n, key in enumerate(sorted({cell[i] for cell in cells}))}
                         for i in (0, 1))  # fmt: skip
    sides = np.zeros((2, len(actors), len(positions)))
    for actor, position, supports, count in cells:
        sides[supports, actors[actor], positions[position]] += count
    return sides[1], sides[0]


def product(supported: np.ndarray, opposed: np.ndarray) -> np.ndarray:
    """Congruence less conflict."""
    congruence = supported @ supported.T + opposed @ opposed.T
    return congruence - (supported @ opposed.T + opposed @ supported.T)


def bipartite_graph(cells: list[tuple[int, int, int, int]]) -> Any:
    graph = nx.Graph()
    for actor, position, _, _ in cells:
        graph.add_node(actor, side="actor")
        graph.add_edge(actor, position)
    return graph
