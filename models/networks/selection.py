"""The statements that enter a network: counted, without duplicates, within windows and limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from models.networks.arrays import Integers, StatementArrays, count_distinct, paired, parted
from models.networks.duplicates import remove_duplicates
from models.networks.measure import Measure
from models.networks.statements import NEUTRAL
from models.networks.windows import Window

# the types and ids of records, by their keys
FetchIds = Callable[[Iterable[int]], Mapping[int, Any]]


class Selection(NamedTuple):
    """The statements of a network and of its windows."""

    statements: StatementArrays
    windows: list[Window]
    # how many claims are left out since their dates lie in no window, or in no one scope
    left_out: int


def select_entering(
    statements: StatementArrays, measure: Measure, fetch_ids: FetchIds
) -> Selection:
    """The statements that enter the network. Raises InvalidWindow, NetworkTooLarge."""
    by_stance = measure.method != "ignore"
    if by_stance:
        statements = statements.only(statements.stance != NEUTRAL)
    statements, left_out = remove_duplicates(statements, measure.duplicates, by_stance=by_stance)
    windows: list[Window] = []
    if measure.window and len(statements.node):
        dated = statements.first > 0
        if dated.any():
            first, last = statements.first[dated].min(), statements.last[dated].max()
            windows = measure.windows(int(first), int(last))
        within = in_any_window(statements, windows)
        left_out += count_distinct(statements.claim[~within])
        statements = statements.only(within)
    return Selection(limit(statements, measure, fetch_ids), windows, left_out)


def in_window(statements: StatementArrays, window: Window) -> np.ndarray:
    """Whether the whole date of each statement lies within the window."""
    return (statements.first >= window.first) & (statements.last < window.end)


def in_any_window(statements: StatementArrays, windows: list[Window]) -> np.ndarray:
    """Whether the whole date of each statement lies within one of the windows.

    Of the windows that begin by its first day, the last one ends latest.
    """
    if not windows:
        return np.zeros(len(statements.node), dtype=bool)
    starts, ends = np.array(windows).T
    place = np.searchsorted(starts, statements.first, side="right") - 1
    return (place >= 0) & (statements.last < ends[place])


def limit(statements: StatementArrays, measure: Measure, fetch_ids: FetchIds) -> StatementArrays:
    """The statements of nodes with enough claims and items with enough statements; then of `top`.

    Both limits count what entered before either.
    """
    keep = np.ones(len(statements.node), dtype=bool)
    if measure.min_items > 1:
        _, place, counts = np.unique(statements.item, return_inverse=True, return_counts=True)
        keep &= (counts >= measure.min_items)[place]
    if measure.min_claims > 1:
        nodes, claims = count_claims(statements)
        enough = nodes[claims >= measure.min_claims]
        keep &= np.isin(statements.node, enough)
    statements = statements.only(keep)
    if measure.top is not None:
        top = top_nodes(statements.node, measure.top, fetch_ids)
        statements = statements.only(np.isin(statements.node, top))
    return statements


def count_claims(statements: StatementArrays) -> tuple[Integers, Integers]:
    """The nodes, and how many claims each has."""
    nodes, _ = parted(np.unique(paired(statements.node, statements.claim)))
    return np.unique(nodes, return_counts=True)


def top_nodes(nodes: Integers, count: int, fetch_ids: FetchIds) -> Integers:
    """The nodes with most statements; of equal ones those whose ids come first."""
    keys, statements = np.unique(nodes, return_counts=True)
    if len(keys) <= count:
        return keys
    least = np.sort(statements)[-count]
    certain, tied = keys[statements > least], keys[statements == least]
    missing = count - len(certain)
    if len(tied) > missing:
        ids = fetch_ids(tied.tolist())
        tied = np.array(sorted(tied.tolist(), key=ids.__getitem__)[:missing])
    return np.concatenate([certain, tied])
