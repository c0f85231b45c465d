"""Communities: groups of nodes that agree more with each other than with the rest."""

from __future__ import annotations

from typing import NamedTuple

import networkx as nx
import numpy as np
from networkx.algorithms.community import louvain_partitions

from models.database.deadline import check_deadline
from models.networks.arrays import Integers, Numbers

# of Louvain's random order of nodes, and of layouts
SEED = 1


class Communities(NamedTuple):
    """The number of each node's community, and how well these divide the network."""

    # from 1 on, the largest community first
    numbers: list[int]
    # None: the network has no edge
    modularity: float | None


def find_communities(affinity: Numbers) -> Communities:
    """The communities of nodes by their positive affinity, by the Louvain method."""
    size = len(affinity)
    rows, columns = np.nonzero(np.triu(affinity, 1) > 0)
    if not len(rows):
        return Communities(list(range(1, size + 1)), None)
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    weights = affinity[rows, columns]
    graph.add_weighted_edges_from(
        zip(rows.tolist(), columns.tolist(), weights.tolist(), strict=True)
    )
    groups: list[set[int]] = []
    # the last level is the best
    for level in louvain_partitions(graph, seed=SEED):
        check_deadline()
        groups = level
    groups.sort(key=lambda group: (-len(group), min(group)))
    numbers = [0] * size
    for number, group in enumerate(groups, 1):
        for node in group:
            numbers[node] = number
    return Communities(numbers, modularity(np.maximum(affinity, 0), np.array(numbers)))


def modularity(weights: Numbers, numbers: Integers) -> float:
    """The share of weight within communities, less that of random edges (Newman 2004)."""
    degrees = weights.sum(axis=1)
    total = degrees.sum()
    together = numbers[:, None] == numbers
    shares = np.bincount(numbers, degrees) / total
    return float(weights[together].sum() / total - (shares**2).sum())
