"""The role that a claim shows: its own, else that of the claimant's membership at its date."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter

from models.database.connection import database, fetch_all
from models.documents.related import RelatedRecords
from models.queries.fetch import Row
from models.values.dates import overlaps

ROLE_BATCH = 1000


def role_at(memberships: list[tuple], organization: int | None, date: str | None) -> str | None:
    """A member's role in an organization at a date.

    Of several memberships that overlap the date, the latest start decides, then the first.
    """
    if not organization or not date:
        return None
    roles: list[tuple[str, str | None]] = [
        (start or "", role)
        for member_of, role, start, end in memberships
        if member_of == organization and overlaps(date, start, end)
    ]
    return max(roles, key=itemgetter(0))[1] if roles else None


def shown_role(claim: Row, memberships: Mapping[int, list[tuple]]) -> str | None:
    """The role that a claim shows, from its row and the memberships of its actor."""
    if claim["role"] or not claim["actor"]:
        return claim["role"]
    return role_at(memberships[claim["actor"]], claim["organization"], claim["date"])


def update_shown_roles(condition: str) -> None:
    """Bring the column `shown_role` of the claims that meet a condition up to date."""
    param = database.param
    columns = ("key", "actor", "organization", "role", "date", "shown_role")
    sql = (
        f"SELECT {', '.join(columns)} FROM claim"
        f" WHERE key > {param} AND ({condition}) ORDER BY key LIMIT {ROLE_BATCH}"
    )
    related = RelatedRecords()
    last = 0
    while rows := fetch_all(sql, last):
        claims = [dict(zip(columns, row, strict=True)) for row in rows]
        related.fetch_claimants(claim["actor"] for claim in claims)
        roles = [(shown_role(claim, related.memberships), claim) for claim in claims]
        database.many(
            f"UPDATE claim SET shown_role = {param} WHERE key = {param}",
            [(role, claim["key"]) for role, claim in roles if role != claim["shown_role"]],
        )
        last = claims[-1]["key"]
