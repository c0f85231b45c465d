"""A dataset whose streams have several chunks."""

from __future__ import annotations

from collections.abc import Callable

from tests.api.v1.follower import CLAIM, ORGANIZATION

CLAIM_COUNT = 1300


def load_many_claims(load: Callable) -> None:
    load(
        organizations=[ORGANIZATION],
        claims=[{**CLAIM, "id": f"c-{n:04}"} for n in range(CLAIM_COUNT)],
    )
