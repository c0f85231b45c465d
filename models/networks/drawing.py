"""Drawing a network: where its nodes lie, and which labels find a place."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

from models.database.deadline import check_deadline
from models.networks.communities import SEED

EDGES_PER_NODE = 6
ITERATIONS = 100
# the shares of nodes beyond which places do not widen the drawing
OUTERMOST = (0.05, 0.95)
# pixels
MIN_SIDE, SIDE_PER_NODE = 640, 64
MARGIN, LABEL_MARGIN = 40, 150
MIN_RADIUS, MAX_RADIUS = 4, 16
LABEL_HEIGHT, CHARACTER_WIDTH = 15, 6.7
MAX_LABEL = 40


class Label(NamedTuple):
    """The text of a node, and where its line begins, ends or has its middle."""

    text: str
    x: float
    y: float
    anchor: str


class DrawnNode(NamedTuple):
    x: float
    y: float
    radius: float
    # None: it would cover a node or another label
    label: Label | None


class Drawing(NamedTuple):
    """Places in pixels: the nodes in their order, and the edges that are drawn."""

    width: int
    height: int
    nodes: list[DrawnNode]
    edges: list[dict[str, Any]]


def draw(nodes: Sequence[dict], edges: Sequence[dict]) -> Drawing:
    """The drawing of a network in node-link form."""
    strongest = sorted(edges, key=lambda edge: -abs(edge["weight"]))[: EDGES_PER_NODE * len(nodes)]
    side = round(max(MIN_SIDE, SIDE_PER_NODE * sqrt(len(nodes))))
    width, height = side + 2 * LABEL_MARGIN, side + 2 * MARGIN
    places = layout([node["id"] for node in nodes], strongest)
    places = places * side + (LABEL_MARGIN, MARGIN)
    most = max((node["claims"] for node in nodes), default=1)
    radii = [MIN_RADIUS + (MAX_RADIUS - MIN_RADIUS) * sqrt(node["claims"] / most) for node in nodes]
    labels = place_labels(nodes, places, radii, width)
    drawn = [
        DrawnNode(round(float(x), 1), round(float(y), 1), round(radius, 1), label)
        for (x, y), radius, label in zip(places, radii, labels, strict=True)
    ]
    # the strongest lie on top
    return Drawing(width, height, drawn, strongest[::-1])


def layout(ids: list[str], edges: Sequence[dict]) -> np.ndarray:
    """The places of nodes within a square with sides of 1, by ForceAtlas2 (Jacomy 2014)."""
    if len(ids) < 2:
        return np.full((len(ids), 2), 0.5)
    graph = nx.Graph()
    graph.add_nodes_from(ids)
    most = max((abs(edge["weight"]) for edge in edges), default=1) or 1
    for edge in edges:
        # conflict keeps nodes in sight of each other, and agreement draws them together
        pull = 1 + 4 * edge["weight"] / most if edge["weight"] > 0 else 0.2
        graph.add_edge(edge["source"], edge["target"], weight=pull)
    places = nx.forceatlas2_layout(graph, max_iter=ITERATIONS, weight="weight", seed=SEED)
    return spread(np.array([places[id] for id in ids], dtype=np.float64))


def spread(places: np.ndarray) -> np.ndarray:
    """The places within a square, halfway to an even spread: a few far nodes squeeze no others."""
    low, high = np.quantile(places, OUTERMOST, axis=0)
    clipped = np.clip(places, low, high) - low
    span = high - low
    scaled = np.divide(clipped, span, out=np.full_like(places, 0.5), where=span > 0)
    ranks = places.argsort(axis=0, kind="stable").argsort(axis=0) / (len(places) - 1)
    return (scaled + ranks) / 2


def place_labels(
    nodes: Sequence[dict], places: np.ndarray, radii: Sequence[float], width: int
) -> list[Label | None]:
    """A label beside each node, or above or below it, where nothing lies; busy nodes come first."""
    labels: list[Label | None] = [None] * len(nodes)
    taken: list[tuple[float, ...]] = [
        (x - radius, y - radius, x + radius, y + radius)
        for (x, y), radius in zip(places.tolist(), radii, strict=True)
    ]
    for n in sorted(range(len(nodes)), key=lambda n: (-nodes[n]["claims"], nodes[n]["id"])):
        check_deadline()
        text = shortened(nodes[n]["name"])
        length = len(text) * CHARACTER_WIDTH
        x, y = map(float, places[n])
        gap = radii[n] + 4
        for label, left in (
            (Label(text, x + gap, y + 4, "start"), x + gap),
            (Label(text, x - gap, y + 4, "end"), x - gap - length),
            (Label(text, x, y - gap, "middle"), x - length / 2),
            (Label(text, x, y + gap + 10, "middle"), x - length / 2),
        ):
            box = left, label.y - LABEL_HEIGHT + 4, left + length, label.y + 4
            if (
                box[0] >= 0
                and box[2] <= width
                and not any(overlap(box, taken_box) for taken_box in taken)
            ):
                taken.append(box)
                labels[n] = label
                break
    return labels


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_LABEL else f"{line[: MAX_LABEL - 1].rstrip()}…"
