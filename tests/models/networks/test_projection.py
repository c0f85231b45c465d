"""Networks as matrices, by literal examples and against plain loops."""

from __future__ import annotations

from itertools import combinations
from math import sqrt

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from models.networks.communities import find_communities
from models.networks.measure import (
    METHODS,
    NORMALIZATIONS,
    TWO_MODE_METHODS,
    TWO_MODE_NORMALIZATIONS,
)
from models.networks.projection import Cells, affiliate, project
from tests.models.networks import naive
from tests.models.networks.made_statements import cells_of, statement_lists
from tests.models.networks.naive import Statement

# A, B and C on the items c and d: (node, item, stance, statements)
COUNTS = (
    ("A", "c", "support", 2), ("A", "d", "oppose", 1), ("B", "c", "support", 1),
    ("B", "d", "support", 3), ("C", "c", "oppose", 1),
)  # fmt: skip
STATEMENTS = [
    Statement(node, item, stance, 0) for node, item, stance, count in COUNTS for _ in range(count)
]
CELLS = cells_of(STATEMENTS)
# items as nodes
TURNED = Cells(CELLS.item - 2, CELLS.node, CELLS.stance)
A, B, C = range(3)

# (cells, a, b, method, normalization, weight)
WEIGHTS = [
    (CELLS, A, B, "ignore", "none", 5),
    (CELLS, A, B, "congruence", "none", 2),
    (CELLS, A, B, "conflict", "none", 3),
    (CELLS, A, B, "subtract", "none", -1),
    (CELLS, A, B, "congruence", "average", 2 / 3.5),
    (CELLS, A, B, "congruence", "jaccard", 1 / 3),
    (CELLS, A, B, "congruence", "cosine", 2 / sqrt(50)),
    (CELLS, A, B, "ignore", "cosine", 5 / sqrt(50)),
    (CELLS, A, C, "ignore", "none", 2),
    (CELLS, A, C, "congruence", "none", 0),
    (CELLS, A, C, "conflict", "none", 2),
    (CELLS, A, C, "subtract", "none", -2),
    (CELLS, B, C, "ignore", "none", 1),
    (CELLS, B, C, "congruence", "none", 0),
    (CELLS, B, C, "conflict", "none", 1),
    (CELLS, B, C, "subtract", "none", -1),
    (TURNED, 0, 1, "ignore", "none", 5),
    (TURNED, 0, 1, "congruence", "none", 3),
    (TURNED, 0, 1, "conflict", "none", 2),
    (TURNED, 0, 1, "subtract", "none", 1),
    (TURNED, 0, 1, "congruence", "average", 3 / 4),
]


@pytest.mark.parametrize(("cells", "a", "b", "method", "normalization", "weight"), WEIGHTS)
def test_weights_of_the_definitions(
    cells: Cells, a: int, b: int, method: str, normalization: str, weight: float
):
    projection = project(cells, 3, method, normalization)
    assert projection.weight[a, b] == projection.weight[b, a] == pytest.approx(weight, rel=1e-15)
    assert projection.linked[a, b]
    assert not projection.linked.diagonal().any()


@pytest.mark.parametrize(
    ("normalization", "node", "item", "weight"),
    [
        ("none", A, 2, 2), ("activity", A, 2, 2 / 3), ("activity", A, 3, 1 / 3),
        ("prominence", A, 2, 2 / 4), ("prominence", B, 2, 1 / 4), ("prominence", C, 2, 1 / 4),
    ],
)  # fmt: skip
def test_weights_of_two_mode_networks(normalization: str, node: int, item: int, weight: float):
    network = affiliate(CELLS, 3, 4, "ignore", normalization)
    (place,) = np.flatnonzero((network.node == node) & (network.item == item))
    assert network.weight[place] == weight


def test_neutral_statements_count_under_ignore_alone():
    cells = cells_of([Statement("A", "c", "neutral", 1), Statement("B", "c", "support", 2)])
    assert project(cells, 2, "ignore", "none").weight[0, 1] == 1
    for method in METHODS[1:]:
        projection = project(cells, 2, method, "none")
        assert not projection.linked.any()
        assert not projection.weight.any()
    assert affiliate(cells, 2, 3, "ignore", "none").weight.tolist() == [1, 1]
    assert affiliate(cells, 2, 3, "subtract", "none").node.tolist() == [1]


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("method", METHODS)
@given(statements=statement_lists())
@settings(max_examples=60, deadline=None)
def test_a_one_mode_network_is_that_of_plain_loops(
    statements: list[Statement], method: str, normalization: str
):
    projection = project(cells_of(statements), 5, method, normalization)
    edges = naive.one_mode(statements, method, normalization)
    for a, b in combinations(range(5), 2):
        expected = edges.get(("ABCDE"[a], "ABCDE"[b]))
        assert projection.linked[a, b] == (expected is not None)
        if expected:
            assert projection.weight[a, b] == pytest.approx(expected.weight, abs=1e-12)
            assert projection.congruence[a, b] == expected.congruence
            assert projection.conflict[a, b] == expected.conflict
    assert np.isfinite(projection.weight).all()
    assert np.isfinite(projection.affinity).all()


@pytest.mark.parametrize("normalization", TWO_MODE_NORMALIZATIONS)
@pytest.mark.parametrize("method", TWO_MODE_METHODS)
@given(statements=statement_lists())
@settings(max_examples=40, deadline=None)
def test_a_two_mode_network_is_that_of_plain_loops(
    statements: list[Statement], method: str, normalization: str
):
    network = affiliate(cells_of(statements), 5, 26, method, normalization)
    edges = naive.two_mode(statements, method, normalization)
    assert len(network.node) == len(edges)
    for node, item, weight in zip(network.node, network.item, network.weight, strict=True):
        assert weight == pytest.approx(edges["ABCDE"[node], chr(ord("a") + item)], abs=1e-12)


def test_blocks_of_items_add_up(monkeypatch: pytest.MonkeyPatch):
    whole = project(CELLS, 3, "congruence", "jaccard")
    monkeypatch.setattr("models.networks.projection.BLOCK", 1)
    for matrix, same in zip(project(CELLS, 3, "congruence", "jaccard"), whole, strict=True):
        assert (matrix == same).all()


class TestCommunities:
    def test_agreement_makes_communities(self):
        cells = cells_of(
            [
                Statement(node, item, stance, 0)
                for node, stance in {
                    "A": "support",
                    "B": "oppose",
                    "C": "support",
                    "D": "oppose",
                }.items()
                for item in "uv"
            ]
        )
        affinity = project(cells, 4, "conflict", "none").affinity
        communities = find_communities(affinity)
        assert communities.numbers == [1, 2, 1, 2]
        assert communities.modularity == pytest.approx(0.5)

    @given(statements=statement_lists())
    @settings(max_examples=60, deadline=None)
    def test_the_modularity_is_that_of_networkx(self, statements: list[Statement]):
        affinity = np.maximum(project(cells_of(statements), 5, "subtract", "none").affinity, 0)
        numbers, value = find_communities(affinity)
        if value is None:
            return
        groups = [{n for n in range(5) if numbers[n] == number} for number in set(numbers)]
        assert value == pytest.approx(nx.community.modularity(nx.Graph(affinity), groups), abs=1e-9)

    def test_conflict_alone_makes_no_edge(self):
        affinity = project(CELLS, 3, "subtract", "none").affinity
        assert find_communities(affinity) == ([1, 2, 3], None)

    def test_weights_make_communities_where_nothing_has_a_stance(self):
        cells = cells_of([Statement(node, "u", "neutral", 0) for node in "AB"])
        assert project(cells, 2, "ignore", "none").affinity[0, 1] == 1

    def test_an_empty_network_has_no_community(self):
        assert find_communities(project(cells_of([]), 0, "ignore", "none").affinity) == ([], None)
