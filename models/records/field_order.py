"""The order of a record's fields in seed files."""

from __future__ import annotations

# as docs/seed-format.md lists them; fields within an item already have this order
FIELD_ORDER: dict[str, tuple[str, ...]] = {
    "organization": ("name", "kind", "aliases", "description", "country", "parent", "url"),
    "actor": ("name", "kind", "aliases", "description", "url", "memberships"),
    "topic": ("name", "aliases", "description", "parent"),
    "position": ("text", "label", "topics"),
    "event": (
        "name", "kind", "aliases", "start_date", "end_date", "place", "country", "parent",
        "organizers", "participants", "description", "url",
    ),
    "source": (
        "title", "kind", "publisher", "origin", "authors", "date", "language", "url",
        "archive_url", "accessed", "text",
    ),
    "claim": (
        "text", "actor", "organization", "role", "date", "quote", "language", "form", "event",
        "place", "topics", "positions", "addressees", "about", "reports", "relations", "reviews",
        "status", "coder",
    ),
}  # fmt: skip
# of all types, after the others
COMMON_FIELDS = ("identifiers", "former_ids", "attributes")


def in_field_order(type: str, record: dict) -> dict:
    """The record with its fields in the order of the seed format."""
    names = ("id", *FIELD_ORDER[type], *COMMON_FIELDS)
    return {name: record[name] for name in names if name in record}
