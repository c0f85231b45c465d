"""Statements as arrays: one element a statement, one array a variable."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]


class StatementArrays(NamedTuple):
    """Statements, the earliest first; records go by their keys.

    A variable that nobody asked for is 0 everywhere.
    """

    node: Integers
    item: Integers
    stance: Integers
    claim: Integers
    # the first and the last day of the claim's date, as `date.toordinal`; 0: undated
    first: Integers
    last: Integers
    # of the claim's first report; 0: none
    source: Integers
    # on whose behalf the claim is; 0: none
    organization: Integers
    # the claim's place in the dataset
    seq: Integers

    def only(self, rows: Any) -> StatementArrays:
        """The statements of a mask, or of indexes."""
        return StatementArrays(*(column[rows] for column in self))


def as_arrays(**columns: Any) -> StatementArrays:
    """Statements of these variables, in the order given."""
    size = len(columns["node"])
    return StatementArrays(
        *(
            np.asarray(columns.get(name, np.zeros(size)), dtype=np.int64)
            for name in StatementArrays._fields
        )
    )


def count_distinct(values: Integers) -> int:
    return len(np.unique(values))


# two keys of records make one number, which sorts faster than a pair
KEY_BITS = 32


def paired(first: Integers, second: Integers) -> Integers:
    """Pairs of keys as numbers."""
    return (first << KEY_BITS) | second


def parted(pairs: Integers) -> tuple[Integers, Integers]:
    """The pairs of keys that `paired` made."""
    return pairs >> KEY_BITS, pairs & ((1 << KEY_BITS) - 1)
