"""The bounds of a network, and the failure of one that exceeds them."""

from __future__ import annotations

MAX_NODES = 1_000
MAX_ITEMS = 20_000
MAX_STATEMENTS = 2_000_000
MAX_WINDOWS = 400
# nodes² × items × windows
MAX_PRODUCT = 20_000_000_000
# of a network and its windows together: a complete network of MAX_NODES has half a million
MAX_EDGES = 600_000
# of a picture, whose layout takes about two seconds then
MAX_DRAWN_NODES = 500


class NetworkTooLarge(ValueError):
    """The network exceeds a bound. The message says which, and what to narrow."""


class InvalidWindow(ValueError):
    """The window does not fit the dates of the claims."""


NARROW = "narrow the filters"


def check_size(name: str, count: int, most: int, advice: str) -> None:
    """Raises NetworkTooLarge if there is more of something than a network may have."""
    if count > most:
        raise NetworkTooLarge(f"the network has {count:,} {name}, at most {most:,}: {advice}")


def check_product(nodes: int, items: int, windows: int) -> None:
    """Raises NetworkTooLarge if the products of matrices would take too long."""
    product = nodes**2 * items * windows
    if product > MAX_PRODUCT:
        raise NetworkTooLarge(
            f"{nodes:,} nodes squared by {items:,} items by {windows:,} windows are more than "
            f"{MAX_PRODUCT:,}: use top, min_claims, min_items or longer steps, or {NARROW}"
        )
