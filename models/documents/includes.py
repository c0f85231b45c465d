"""The related records that the documents of each type name, for `include`."""

from __future__ import annotations

from typing import NamedTuple

from models import RECORD_TYPES
from models.base import Reference
from models.record_table import RecordTable, type_of


class Include(NamedTuple):
    """The place in a document that names related records."""

    # None: each says its type itself
    type: str | None
    # the path to them through objects and lists
    path: tuple[str, ...]


def own_references(model: type[RecordTable]) -> dict[str, Include]:
    """The records that a document names in fields of its own."""
    fields = model._meta.fields
    return {
        name: Include(type_of(fields[name].rel_model), (name,))
        for name in model.DOCUMENT
        if isinstance(fields.get(name), Reference)
    }


IN_LISTS: dict[str, dict[str, Include]] = {
    "actor": {"organization": Include("organization", ("memberships", "organization"))},
    "event": {
        "organizer": Include("organization", ("organizers",)),
        "participant": Include(None, ("participants",)),
    },
    "position": {"topic": Include("topic", ("topics",))},
    "claim": {
        "source": Include("source", ("reports", "source")),
        "publisher": Include("organization", ("reports", "publisher")),
        "topic": Include("topic", ("topics",)),
        "position": Include("position", ("positions",)),
        "about": Include(None, ("about",)),
        "addressee": Include(None, ("addressees",)),
    },
}

INCLUDES: dict[str, dict[str, Include]] = {
    type: {**own_references(model), **IN_LISTS.get(type, {})}
    for type, model in RECORD_TYPES.items()
}
