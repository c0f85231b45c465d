"""One-mode and two-mode networks as matrices, by the definitions of docs/networks.md.

All sums are of whole numbers, so that every order of adding gives the same result.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.database.deadline import check_deadline
from models.networks.arrays import Integers, Numbers
from models.networks.statements import NEUTRAL, OPPOSE, SUPPORT

# items whose counts are in memory at once
BLOCK = 1_000


class Cells(NamedTuple):
    """Statements by the numbers of their node, item and stance."""

    node: Integers
    item: Integers
    stance: Integers

    def only(self, rows: np.ndarray) -> Cells:
        return Cells(self.node[rows], self.item[rows], self.stance[rows])

    def counted(self, method: str) -> Cells:
        """The statements that count: neutral ones under ignore alone."""
        return self if method == "ignore" else self.only(self.stance != NEUTRAL)


class Sums(NamedTuple):
    """Sums over items, a row and a column for each node; the diagonals are 0."""

    # products of all statements that count
    together: Numbers
    congruence: Numbers
    conflict: Numbers
    # of the normalization
    denominator: Numbers

    def weight(self, method: str) -> Numbers:
        numerators = {
            "ignore": self.together,
            "congruence": self.congruence,
            "conflict": self.conflict,
            "subtract": self.congruence - self.conflict,
        }
        return divided(numerators[method], self.denominator)


class Projection(NamedTuple):
    """A one-mode network: a row and a column for each node."""

    weight: Numbers
    congruence: Numbers
    conflict: Numbers
    # whether two nodes share an item
    linked: np.ndarray
    # subtract with average normalization; weights where no statement has a stance
    affinity: Numbers


def project(cells: Cells, nodes: int, method: str, normalization: str) -> Projection:
    """The one-mode network of nodes that share items."""
    sums = sum_products(cells, nodes, method, normalization)
    weight = affinity = sums.weight(method)
    stated = cells.counted("subtract")
    if len(stated.node):
        average = mean_of_pairs(count_each(stated.node, nodes))
        affinity = sums._replace(denominator=average).weight("subtract")
    return Projection(weight, sums.congruence, sums.conflict, sums.together > 0, affinity)


def sum_products(cells: Cells, nodes: int, method: str, normalization: str) -> Sums:
    """The products of statements of each two nodes on the same items, and the denominators."""
    cells = cells.counted(method)
    shape = (nodes, nodes)
    together, congruence, conflict = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    matches, overlap, squares = np.zeros(shape), np.zeros(shape), np.zeros(nodes)
    for layers in count_blocks(cells, nodes):
        present = layers.sum(axis=0)
        together += present @ present.T
        opposite = layers[SUPPORT] @ layers[OPPOSE].T
        conflict += opposite + opposite.T
        for layer in layers[:NEUTRAL]:
            congruence += layer @ layer.T
        if normalization == "jaccard":
            matches += layers[NEUTRAL] @ layers[NEUTRAL].T
            for layer in layers:
                overlap += layer @ (layer > 0).T
        elif normalization == "cosine":
            squares += (present**2 if method == "ignore" else (layers**2).sum(axis=0)).sum(axis=1)
    for matrix in (together, congruence, conflict):
        np.fill_diagonal(matrix, 0)
    totals = count_each(cells.node, nodes)
    denominator = np.ones(shape)
    if normalization == "average":
        denominator = mean_of_pairs(totals)
    elif normalization == "jaccard":
        rest = totals[:, None] - overlap
        denominator = rest + rest.T + matches + congruence
    elif normalization == "cosine":
        denominator = np.sqrt(squares)[:, None] * np.sqrt(squares)
    return Sums(together, congruence, conflict, denominator)


def count_blocks(cells: Cells, nodes: int) -> Iterator[Numbers]:
    """How many statements each node has on some items: stances by nodes by items."""
    # only items that are there: those of a window are few
    items, numbers = np.unique(cells.item, return_inverse=True)
    order = np.argsort(numbers, kind="stable")
    node, item, stance = cells.node[order], numbers[order], cells.stance[order]
    for first in range(0, len(items), BLOCK):
        check_deadline()
        width = min(BLOCK, len(items) - first)
        rows = slice(*np.searchsorted(item, (first, first + width)))
        place = (stance[rows] * nodes + node[rows]) * width + item[rows] - first
        counts = np.bincount(place, minlength=(NEUTRAL + 1) * nodes * width)
        yield counts.astype(np.float64).reshape(NEUTRAL + 1, nodes, width)


def count_each(numbers: Integers, size: int) -> Numbers:
    """How often each number from 0 to the size occurs."""
    return np.bincount(numbers, minlength=size).astype(np.float64)


def mean_of_pairs(totals: Numbers) -> Numbers:
    return (totals[:, None] + totals) / 2


def divided(numerator: Numbers, denominator: Numbers) -> Numbers:
    """The quotients, which are 0 where the denominator is."""
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator != 0)


class Affiliations(NamedTuple):
    """A two-mode network: an element for each node and item that a statement ties."""

    node: Integers
    item: Integers
    weight: Numbers
    support: Integers
    oppose: Integers


def affiliate(
    cells: Cells, nodes: int, items: int, method: str, normalization: str
) -> Affiliations:
    """The two-mode network of nodes and their items."""
    cells = cells.counted(method)
    pairs, place = np.unique(cells.node * items + cells.item, return_inverse=True)
    node, item = pairs // max(items, 1), pairs % max(items, 1)
    support, oppose, neutral = (
        np.bincount(place[cells.stance == stance], minlength=len(pairs))
        for stance in (SUPPORT, OPPOSE, NEUTRAL)
    )
    count = support - oppose if method == "subtract" else support + oppose + neutral
    weight = count.astype(np.float64)
    if normalization == "activity":
        weight = divided(weight, count_each(cells.node, nodes)[node])
    elif normalization == "prominence":
        weight = divided(weight, count_each(cells.item, items)[item])
    return Affiliations(node, item, weight, support, oppose)
