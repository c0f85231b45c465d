"""Rendering: rows to JSON documents.

A document has the fields that its table lists in `DOCUMENT`. Columns and lists render by their
kind; `SPECIAL_FIELDS` renders the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from models import RECORD_TYPES
from models.base import JSONField, Reference, columns_of
from models.claim import STANCES
from models.database.connection import database, fetch_all
from models.documents.batch import RenderBatch
from models.documents.claim_fields import CLAIM_FIELDS
from models.queries.fetch import Row
from models.record_table import RecordTable

# raise it whenever documents change: documents of an older version are rendered anew at start
RENDER_VERSION = 2

# renders one field of a record
FieldRenderer = Callable[[Row], Any]


def render_documents(batch: RenderBatch) -> list[tuple[int, bytes]]:
    """The documents of a batch as JSON, by key."""
    return [(key, orjson.dumps(document)) for key, document in documents_of(batch)]


def documents_of(batch: RenderBatch) -> Iterator[tuple[int, dict]]:
    """The documents of a batch, by key."""
    model = RECORD_TYPES[batch.type]
    fields = [(name, field_renderer(batch, model, name)) for name in model.DOCUMENT]
    for row in batch.rows:
        key = row["key"]
        id, created_at, updated_at = batch.records[key]
        document: dict[str, Any] = {"id": id}
        for name, render in fields:
            document[name] = render(row)
        identifiers = [
            identifier.partition(":") for identifier in batch.name_keys.get((key, "identifier"), ())
        ]
        document["identifiers"] = [
            {"scheme": scheme, "identifier": identifier} for scheme, _, identifier in identifiers
        ]
        document["former_ids"] = batch.name_keys.get((key, "former"), [])
        document["created_at"] = created_at
        document["updated_at"] = updated_at
        yield key, document


def field_renderer(batch: RenderBatch, model: type[RecordTable], name: str) -> FieldRenderer:
    """A function that renders a field; the related records that it shows are fetched here."""
    special = SPECIAL_FIELDS.get((batch.type, name))
    if special:
        return special(batch)
    for link in model.LINKS:
        if name == link.SECTION:
            return list_renderer(batch, link)
    return column_renderer(batch, model._meta.fields[name])


def column_renderer(batch: RenderBatch, field: Any) -> FieldRenderer:
    name = field.name
    if isinstance(field, Reference):
        batch.related.fetch(batch.column(name))
        brief = batch.related.brief
        return lambda row: brief[row[name]]
    if isinstance(field, JSONField):
        empty: Any = {} if name == "attributes" else []
        return lambda row: orjson.loads(row[name]) if row[name] else empty
    return lambda row: row[name]


def list_renderer(batch: RenderBatch, link: Any) -> FieldRenderer:
    """Renders a list: each item has the columns of its row, or is the one reference in it."""
    items = batch.links[link.SECTION]
    columns = [
        field
        for field in columns_of(link)
        if field.name not in (link.OWNER, "ordinal", *link.DERIVED)
    ]
    for field in columns:
        if isinstance(field, Reference):
            batch.related.fetch(batch.link_column(link.SECTION, field.name))
    brief, party = batch.related.brief, batch.related.party
    if link.PLAIN:
        (reference,) = columns
        name = reference.name
        return lambda row: [brief[item[name]] for item in items.get(row["key"], ())]
    references = {field.name for field in columns if isinstance(field, Reference)}
    names = [field.name for field in columns]

    def render_item(item: Row) -> dict:
        rendered: dict[str, Any] = {}
        for name in names:
            if name == "party":
                rendered.update(party[item[name]])
            else:
                rendered[name] = brief[item[name]] if name in references else item[name]
        return rendered

    return lambda row: [render_item(item) for item in items.get(row["key"], ())]


def position_stances(batch: RenderBatch) -> FieldRenderer:
    """How many listed claims take each stance on a position."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for key, stance, count in fetch_all(
        "SELECT position, stance, COUNT(*) FROM claim_position"
        f" WHERE listed = 1 AND position IN {database.in_list} GROUP BY position, stance",
        database.pack(batch.keys),
    ):
        counts[key][stance] = count
    return lambda row: {stance: counts[row["key"]].get(stance, 0) for stance in STANCES}


# fields that are no column or list of their table, or show more: (type, name)
SPECIAL_FIELDS: dict[tuple[str, str], Callable[[RenderBatch], FieldRenderer]] = {
    ("position", "stances"): position_stances,
    **{("claim", name): renderer for name, renderer in CLAIM_FIELDS.items()},
}
