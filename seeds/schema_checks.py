"""Checks of a whole object, after its fields.

Each check takes the valid fields and the original object. It gives the path and the message of an
error, or None. Fields that are invalid are missing from the valid ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.values.dates import ends_before

SchemaError = tuple[tuple, str]
SchemaCheck = Callable[[dict, dict], SchemaError | None]

CLAIMANTS = ("actor", "organization")


def is_empty(value: Any) -> bool:
    return value is None or value == [] or value == {}


def named_claimants(original: dict) -> int:
    """How many of actor and organization an object names, even if invalid."""
    # a loop over CLAIMANTS takes twice as long, for each claim
    return (not is_empty(original.get("actor"))) + (not is_empty(original.get("organization")))


def check_party(data: dict, original: dict) -> SchemaError | None:
    if named_claimants(original) != 1:
        return (), "must name either an actor or an organization"
    return None


def check_claim(data: dict, original: dict) -> SchemaError | None:
    if not named_claimants(original):
        return (), "has no claimant: give an actor, an organization, or both"
    id = data.get("id", "")
    if any(relation.get("claim") == id for relation in data.get("relations", ())):
        return ("relations",), "is the claim itself"
    return None


def check_scheme(data: dict, original: dict) -> SchemaError | None:
    # filters have parameters of these names
    if data.get("scheme") in CLAIMANTS:
        return ("scheme",), "is reserved"
    return None


def check_review(data: dict, original: dict) -> SchemaError | None:
    if all(is_empty(original.get(name)) for name in ("rating", "verdict", "url")):
        return (), "needs a rating, a verdict or a url"
    return None


def check_period(data: dict, original: dict) -> SchemaError | None:
    if ends_before(data.get("start_date"), data.get("end_date")):
        return ("end_date",), f"is before start_date {data['start_date']}"
    return None


def check_offsets(data: dict, original: dict) -> SchemaError | None:
    start, end, exact = data.get("start"), data.get("end"), data.get("exact")
    if end is None:
        return None
    if start is None:
        return ("end",), "needs a start"
    if end < start:
        return ("end",), f"is before start {start}"
    if exact and end - start != len(exact):
        return ("end",), f"is not start {start} plus the {len(exact)} characters of exact"
    return None


def check_distinct(**names_by_section: tuple[str, ...]) -> SchemaCheck:
    """A check that the items of lists differ in these names; without names, as a whole.

    The record's id differs from its former ids, too.
    """

    def check(data: dict, original: dict) -> SchemaError | None:
        for section, names in names_by_section.items():
            items = data.get(section)
            # indexes are those of the original unless an invalid item is missing
            if not items or len(items) < 2 or len(items) < len(original[section]):
                continue
            complete = any if names == CLAIMANTS else all
            seen = set()
            for n, item in enumerate(items):
                values = tuple(item.get(name) for name in names) if names else item
                if names and not complete(values):
                    continue
                if values in seen:
                    return (section, n), "duplicate"
                seen.add(values)
        if data.get("id") in data.get("former_ids", ()):
            return ("former_ids",), "is the record's own id"
        return None

    return check
