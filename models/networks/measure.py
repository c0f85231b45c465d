"""The measure of a network: its nodes, its items, and how they count."""

from __future__ import annotations

from typing import NamedTuple

from models.networks.windows import Duration, Window, windows_between

ONE_MODE, TWO_MODE = "one-mode", "two-mode"
# the numbers of an edge beside its weight
EDGE_COUNTS = {ONE_MODE: ("congruence", "conflict"), TWO_MODE: ("support", "oppose")}
METHODS = ("ignore", "congruence", "conflict", "subtract")
TWO_MODE_METHODS = ("ignore", "subtract")
NORMALIZATIONS = ("none", "average", "jaccard", "cosine")
TWO_MODE_NORMALIZATIONS = ("none", "activity", "prominence")
# within which equal statements count once
SCOPES = ("include", "source", "week", "month", "year", "range")
DATED_SCOPES = ("week", "month", "year")
# variables of nodes and items; the first is the default
ONE_MODE_NODES = ("actor", "organization", "position")
ONE_MODE_ITEMS = ("position", "actor", "organization", "topic", "event", "source", "about")
ROWS = ("actor", "organization")
COLUMNS = ("position", "topic", "event", "source", "about")


class Measure(NamedTuple):
    """The parameters of a network that are no filters of claims."""

    mode: str = ONE_MODE
    nodes: str = "actor"
    items: str = "position"
    method: str = "ignore"
    normalization: str = "none"
    duplicates: str = "include"
    window: Duration | None = None
    # None: as long as the window
    step: Duration | None = None
    # the first day of `from_date`
    from_day: int | None = None
    min_weight: float = 0
    min_claims: int = 0
    min_items: int = 0
    isolates: bool = False
    top: int | None = None

    def details(self) -> set[str]:
        """The variables of statements that it needs besides node, item, stance and claim."""
        names = set()
        if self.nodes == "actor":
            names.add("organization")
        if self.duplicates != "include" or self.window:
            names.add("place")
        if self.duplicates == "source":
            names.add("source")
        return names

    def windows(self, first: int, last: int) -> list[Window]:
        """The windows over the days of the claims. Raises InvalidWindow, NetworkTooLarge."""
        if self.window is None:
            return []
        start = first if self.from_day is None else self.from_day
        return windows_between(start, last, self.window, self.step or self.window)
