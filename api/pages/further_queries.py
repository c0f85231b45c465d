"""Queries of further documents that follow from the stances that a page shows.

Most functions make a function of the document of stances. `filters` choose the statements of the
page's record, and `name` says what a lane stands for: a position, or a claimant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

Document = Mapping[str, Any]
MakeQuery = Callable[[Document], str]

MAX_LANES = 5
# claims, and changes of stance, that the lanes of a page show
MAX_CLAIMS = 40
MAX_CHANGES = 50
NEWEST_CHANGES = 5
MAX_OPPONENTS = 10
# a page reads the changes of a whole dataset only if it has no more claims
MAX_CLAIMS_FOLLOWED = 200_000


def lane_rows(stances: Document) -> Sequence[Document]:
    """The stances that have lanes."""
    rows: Sequence[Document] = stances["data"][:MAX_LANES]
    return rows


def lane_key(name: str, row: Document) -> str:
    """The position or the claimant of a row, as its filter takes it."""
    record = row[name]
    return str(record["id"]) if name == "position" else f"{record['type']}:{record['id']}"


def lane_filters(name: str, stances: Document) -> str:
    return urlencode([(name, lane_key(name, row)) for row in lane_rows(stances)])


def claims_on_lanes(name: str) -> MakeQuery:
    """The newest claims."""

    def query(stances: Document) -> str:
        if not stances["data"]:
            return ""
        return f"{lane_filters(name, stances)}&limit={MAX_CLAIMS}&count=none"

    return query


def changes_on_lanes(name: str, filters: str) -> MakeQuery:
    """The newest reversals, if there is any."""

    def query(stances: Document) -> str:
        if not any(row["reversals"] for row in lane_rows(stances)):
            return ""
        return f"{filters}&{lane_filters(name, stances)}&limit={MAX_CHANGES}&count=none"

    return query


def opponents_on_lanes(filters: str) -> MakeQuery:
    """The newest contradictions on the positions of the lanes."""

    def query(stances: Document) -> str:
        if not any(row["stance"] != "neutral" for row in lane_rows(stances)):
            return ""
        return f"{filters}&{lane_filters('position', stances)}&limit={MAX_OPPONENTS}&count=none"

    return query


def newest_changes(filters: str) -> MakeQuery:
    """The newest reversals of all claimants, if there may be any."""

    def query(stances: Document) -> str:
        is_whole = not stances["meta"]["next_cursor"]
        if is_whole and not any(row["reversals"] for row in stances["data"]):
            return ""
        return f"{filters}&limit={NEWEST_CHANGES}"

    return query


def changes_of_dataset(claims: Document) -> str:
    """The newest reversals of a dataset, by its list of claims."""
    if claims["meta"]["total"] > MAX_CLAIMS_FOLLOWED:
        return ""
    return f"limit={NEWEST_CHANGES}&count=none"
