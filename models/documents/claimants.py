"""The actor in the documents of claims: a new name replaces the old one in the stored text.

Claims show the actor that makes them, and the actors of the claims that they are related to.

A busy actor's claims can be a tenth of the dataset, and rendering them takes far longer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import orjson

from models.database.connection import database, fetch_all
from models.documents.dependencies import claims_related_to
from models.documents.refresh import mark_selected


class Claimant(NamedTuple):
    """An actor as the claims that it makes show it."""

    id: str
    name: str
    # kind, and the memberships that give a role
    other: tuple


def touched_claimants() -> dict[int, Claimant]:
    """The touched actors as claims show them, by key."""
    touched = "(SELECT key FROM touched WHERE type = 'actor')"
    memberships = defaultdict(list)
    for key, *membership in fetch_all(
        "SELECT actor, organization, role, start_date, end_date FROM membership"
        f" WHERE actor IN {touched} ORDER BY actor, ordinal"
    ):
        memberships[key].append(membership)
    return {
        key: Claimant(id, name, (kind, memberships.get(key)))
        for key, id, name, kind in fetch_all(
            "SELECT record.key, record.id, actor.name, actor.kind FROM actor"
            f" JOIN record ON record.key = actor.key WHERE actor.key IN {touched}"
        )
    }


def update_claimants(before: Mapping[int, Claimant]) -> None:
    """Bring the documents of claims to their claimants' present state.

    The caller has marked all other stale documents.

    A new name is replaced in the documents that are not marked. The actor's claims are marked if
    anything else changed. A new id makes the actor's claims changed records, which are marked with
    the claims that they are related to.
    """
    claims = "SELECT key FROM claim WHERE actor = {}"
    related = claims_related_to("actor = {}")
    replace = (
        f"UPDATE document SET body = {database.replaced_text('body')}"
        f" WHERE key IN ({' UNION '.join([claims, *related])})"
        " AND NOT EXISTS (SELECT 1 FROM stale WHERE stale.key = document.key)"
    )
    after = touched_claimants() if before else {}
    for key in before.keys() & after.keys():
        old, new = before[key], after[key]
        if old.other != new.other:
            mark_selected(claims.format(key))
        if old.name != new.name:
            names = claimant_json(old), claimant_json(new)
            database.execute_sql(replace.format(*[key] * 3), names)


def claimant_json(claimant: Claimant) -> str:
    """The beginning of the claimant in a claim's document.

    JSON escapes quotes, so no other text of the document equals it.
    """
    shown = orjson.dumps({"id": claimant.id, "name": claimant.name}).decode()
    return f'"actor":{shown[:-1]}'
