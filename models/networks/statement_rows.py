"""The statements of a network as rows of JSON, the latest first, each with its claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import orjson

from models.claim import STANCES
from models.networks.arrays import Integers, StatementArrays
from models.networks.facts import fetch_facts
from models.queries.fetch import fetch_bodies

# rows that are fetched at once
BATCH = 200


class RowPlace(NamedTuple):
    """The place of a row: its first day, the order of entry of its claim, its number there."""

    first: int
    seq: int
    number: int


class StatementRows:
    """Statements in the order of lists of claims: undated ones last, ties in order of entry."""

    def __init__(self, statements: StatementArrays, *, has_stance: bool):
        order = np.lexsort((statements.item, statements.node, statements.seq, -statements.first))
        self.statements = statements.only(order)
        self.has_stance = has_stance

    def __len__(self) -> int:
        return len(self.statements.node)

    def place(self, row: int) -> RowPlace:
        """The place of a row, after which a page can begin."""
        first, seq = int(self.statements.first[row]), int(self.statements.seq[row])
        return RowPlace(first, seq, int(self.numbers()[row]))

    def after(self, place: RowPlace) -> int:
        """The first row after a place, of which the row itself may be gone."""
        first, seq = self.statements.first, self.statements.seq
        later = (seq > place.seq) | ((seq == place.seq) & (self.numbers() > place.number))
        rows = np.flatnonzero((first < place.first) | ((first == place.first) & later))
        return int(rows[0]) if len(rows) else len(self)

    def numbers(self) -> Integers:
        """The number of each row among those of its claim."""
        seq, rows = self.statements.seq, np.arange(len(self))
        starts = np.ones(len(self), dtype=bool)
        starts[1:] = seq[1:] != seq[:-1]
        return rows - np.maximum.accumulate(np.where(starts, rows, 0))

    def documents(self, start: int, end: int) -> list[bytes]:
        """The JSON of some rows."""
        rows = self.statements.only(slice(start, end))
        facts = fetch_facts(np.unique(np.concatenate([rows.node, rows.item])).tolist())
        claims = fetch_bodies(np.unique(rows.claim).tolist())
        return [
            orjson.dumps(
                {
                    "node": facts[node].brief(),
                    "item": facts[item].brief(),
                    "stance": STANCES[stance] if self.has_stance else None,
                    "claim": orjson.Fragment(claims[claim]),
                }
            )
            for node, item, stance, claim in zip(
                rows.node.tolist(), rows.item.tolist(), rows.stance.tolist(), rows.claim.tolist(),
                strict=True,
            )
        ]  # fmt: skip

    def batches(self) -> Iterator[list[bytes]]:
        """The JSON of all rows, some at a time."""
        for start in range(0, len(self), BATCH):
            yield self.documents(start, start + BATCH)
