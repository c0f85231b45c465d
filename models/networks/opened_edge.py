"""An edge, opened: the items that two nodes share, and what each adds to the weight."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from models.claim import STANCES
from models.networks.arrays import Integers, Numbers, StatementArrays
from models.networks.facts import Facts, fetch_facts, fetch_ids
from models.networks.measure import Measure
from models.networks.projection import Cells, divided, sum_products
from models.networks.statements import NEUTRAL, OPPOSE, SUPPORT

MAX_CLAIMS = 100
Json = dict[str, Any]


class OpenedEdge(NamedTuple):
    """The shared items of two nodes, the largest contributions first."""

    # None: there is no edge
    weight: float | None
    items: list[tuple[Facts, float]]
    keys: list[int]
    # the statements of both nodes
    sides: tuple[StatementArrays, StatementArrays]

    def place(self, row: int) -> tuple[float, str]:
        """The place of an item, after which a page can begin."""
        facts, contribution = self.items[row]
        return -abs(contribution), facts.node_id

    def after(self, place: Sequence[Any]) -> int:
        """The first item after a place, of which the item itself may be gone."""
        return bisect_right(range(len(self.items)), tuple(place), key=self.place)

    def rows(self, start: int, end: int) -> list[Json]:
        """Some of the items, with the claims of both nodes."""
        keys = self.keys[start:end]
        sides = [side_rows(side, keys) for side in self.sides]
        return [
            {
                "item": facts.brief(),
                "a": sides[0][n],
                "b": sides[1][n],
                "contribution": contribution,
            }
            for n, (facts, contribution) in enumerate(self.items[start:end])
        ]


def open_edge(statements: StatementArrays, measure: Measure, a: int, b: int) -> OpenedEdge:
    """The edge between the nodes with two keys. The statements are all that enter."""
    sides = statements.only(statements.node == a), statements.only(statements.node == b)
    both = statements.only((statements.node == a) | (statements.node == b))
    items, number = np.unique(both.item, return_inverse=True)
    cells = Cells((both.node == b).astype(np.int64), number, both.stance)
    sums = sum_products(cells, 2, measure.method, measure.normalization)
    if not sums.together[0, 1]:
        return OpenedEdge(None, [], [], sides)
    counts = count_stances(cells, len(items))
    shared = np.flatnonzero(counts.sum(axis=1).all(axis=0))
    numerator = numerators(counts[:, :, shared], measure.method)
    contribution = divided(numerator, np.full_like(numerator, sums.denominator[0, 1])).tolist()
    weight = float(sums.weight(measure.method)[0, 1])
    if measure.normalization == "none":
        weight, contribution = int(weight), list(map(int, contribution))
    keys = items[shared].tolist()
    facts = fetch_facts(keys)
    order = sorted(range(len(keys)), key=lambda n: (-abs(contribution[n]), facts[keys[n]].node_id))
    rows = [(facts[keys[n]], contribution[n]) for n in order]
    return OpenedEdge(weight, rows, [keys[n] for n in order], sides)


def count_stances(cells: Cells, items: int) -> Integers:
    """How many statements there are: nodes by stances by items."""
    place = (cells.node * len(STANCES) + cells.stance) * items + cells.item
    return np.bincount(place, minlength=2 * len(STANCES) * items).reshape(2, len(STANCES), items)


def numerators(counts: Integers, method: str) -> Numbers:
    """The share of each item in the weight before normalization."""
    a, b = counts.astype(np.float64)
    congruence = a[SUPPORT] * b[SUPPORT] + a[OPPOSE] * b[OPPOSE]
    conflict = a[SUPPORT] * b[OPPOSE] + a[OPPOSE] * b[SUPPORT]
    sums: dict[str, Numbers] = {
        "ignore": a.sum(axis=0) * b.sum(axis=0),
        "congruence": congruence,
        "conflict": conflict,
        "subtract": congruence - conflict,
    }
    return sums[method]


def side_rows(side: StatementArrays, keys: list[int]) -> list[Json]:
    """The claims of one node on each item, by stance, the latest first."""
    order = np.lexsort((side.seq, -side.first))
    side = side.only(order)
    claims: list[dict[str, list[int]]] = []
    for key in keys:
        of_item = side.only(side.item == key)
        claims.append(
            {
                stance: of_item.claim[of_item.stance == number].tolist()
                for stance, number in zip(STANCES, (SUPPORT, OPPOSE, NEUTRAL), strict=True)
            }
        )
    ids = fetch_ids([key for row in claims for few in row.values() for key in few[:MAX_CLAIMS]])
    return [
        {
            stance: {"count": len(keys), "claims": [ids[key][1] for key in keys[:MAX_CLAIMS]]}
            for stance, keys in row.items()
        }
        for row in claims
    ]
