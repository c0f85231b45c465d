"""A claimant's positions, with the claims for and against each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.pages.words import SIDES

MAX_ROWS = 20


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


def taken_positions(further: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The positions of the claims of one claimant, those with the most claims first.

    `further` has the claims by stance, each with the facet of their positions.
    """
    positions: dict[str, dict[str, Any]] = {}
    for side in SIDES:
        for value in further[side]["meta"]["facets"]["position"]["values"]:
            no_claims = dict.fromkeys(SIDES, 0)
            position = positions.setdefault(
                value["id"], {"id": value["id"], "name": value["name"], "stances": no_claims}
            )
            position["stances"][side] = value["count"]
    ordered = sorted(
        positions.values(), key=lambda item: (-sum(item["stances"].values()), item["id"])
    )
    return ordered[:MAX_ROWS]
