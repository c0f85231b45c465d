"""A claimant's positions, with the claims for and against each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from api.pages.words import SIDES

MAX_ROWS = 20


class TakenPositions(NamedTuple):
    """The positions that a claimant takes most often."""

    rows: list[dict[str, Any]]
    # of all positions; None if some were not counted
    total: int | None


def dated_positions(stances: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The positions of one claimant with the latest claim on each, as /v1/stances has them."""
    return [
        {
            "id": row["position"]["id"],
            "name": row["position"]["text"],
            "stances": {side: row[side] for side in SIDES},
            "last": row["last"],
            "has_changed": row["reversals"] > 0,
        }
        for row in stances["data"]
    ]


def taken_positions(further: Mapping[str, Any]) -> TakenPositions:
    """The positions of the claims of one claimant, those with the most claims first.

    `further` has the claims by stance, each with the facet of their positions.
    """
    positions: dict[str, dict[str, Any]] = {}
    facets = {side: further[side]["meta"]["facets"]["position"] for side in SIDES}
    for side, facet in facets.items():
        for value in facet["values"]:
            no_claims = dict.fromkeys(SIDES, 0)
            position = positions.setdefault(
                value["id"], {"id": value["id"], "name": value["name"], "stances": no_claims}
            )
            position["stances"][side] = value["count"]
    ordered = sorted(
        positions.values(), key=lambda item: (-sum(item["stances"].values()), item["id"])
    )
    is_whole = all(len(facet["values"]) == facet["groups"] for facet in facets.values())
    return TakenPositions(ordered[:MAX_ROWS], len(ordered) if is_whole else None)
