"""One network over numbered vertices: that of all statements, or that of a window."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.networks.arrays import Integers, Numbers
from models.networks.communities import find_communities
from models.networks.measure import ONE_MODE, Measure
from models.networks.projection import Cells, affiliate, project


class Graph(NamedTuple):
    """Vertices are nodes, and in two-mode networks items, whose numbers follow those of nodes."""

    source: Integers
    target: Integers
    weight: Numbers
    # congruence and conflict; in two-mode networks support and oppose
    counts: tuple[Integers, Integers]
    # of each vertex; 0: none
    communities: Integers
    # None: the network has no edge by which communities are found
    modularity: float | None

    def heavier(self, least: float) -> Graph:
        """The network with the edges of at least this absolute weight."""
        rows = np.abs(self.weight) >= least
        return self._replace(
            source=self.source[rows],
            target=self.target[rows],
            weight=self.weight[rows],
            counts=(self.counts[0][rows], self.counts[1][rows]),
        )

    def degrees(self) -> tuple[Integers, Numbers]:
        """How many edges each vertex has, and the sum of their weights."""
        ends = np.concatenate([self.source, self.target])
        size = len(self.communities)
        weights = np.concatenate([self.weight, self.weight])
        degrees = np.bincount(ends, minlength=size).astype(np.int64)
        return degrees, np.bincount(ends, weights, minlength=size).astype(np.float64)


def make_graph(cells: Cells, nodes: int, items: int, measure: Measure) -> Graph:
    """The network of some statements, with the communities of its nodes."""
    present, node = np.unique(cells.node, return_inverse=True)
    local = Cells(node, cells.item, cells.stance)
    if measure.mode == ONE_MODE:
        source, target, weight, counts, affinity = one_mode(local, len(present), measure)
        source, target, size = present[source], present[target], nodes
    else:
        network = affiliate(local, len(present), items, measure.method, measure.normalization)
        source, target = present[network.node], nodes + network.item
        weight, counts = network.weight, (network.support, network.oppose)
        affinity = project(local, len(present), measure.method, "none").affinity
        size = nodes + items
    division = find_communities(affinity)
    communities = np.zeros(size, dtype=np.int64)
    communities[present] = division.numbers
    return Graph(source, target, weight, counts, communities, division.modularity)


def one_mode(
    cells: Cells, nodes: int, measure: Measure
) -> tuple[Integers, Integers, Numbers, tuple[Integers, Integers], Numbers]:
    """The ends, weights and counts of edges, and the affinity of nodes."""
    projection = project(cells, nodes, measure.method, measure.normalization)
    source, target = np.nonzero(np.triu(projection.linked))
    counts = (
        projection.congruence[source, target].astype(np.int64),
        projection.conflict[source, target].astype(np.int64),
    )
    return source, target, projection.weight[source, target], counts, projection.affinity
