"""The rows that the documents of some records are rendered from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from models import RECORD_TYPES
from models.database.connection import database, fetch_all
from models.documents.related import RelatedRecords
from models.queries.fetch import Row, fetch_name_keys, fetch_rows


class RenderBatch:
    """The rows of some records of one type."""

    def __init__(
        self,
        type: str,
        tables: Mapping[Any, list[Row]],
        records: Mapping[int, tuple[str, str, str]],
        name_keys: Iterable[tuple[int, str, str]],
        related: RelatedRecords,
        relations: Mapping[int, list[dict]] | None = None,
    ):
        """`records` has (id, created_at, updated_at) by key; `name_keys` has (key, kind, value).

        `relations` has the relations of claims by key, in both directions.
        """
        self.type = type
        self.records = records
        self.related = related
        self.relations = relations or {}
        model = RECORD_TYPES[type]
        self.rows = tables[model]
        # the rows of each list by section and the record's key
        self.links: dict[str, dict[int, list[Row]]] = {}
        for link in model.LINKS:
            section = self.links[link.SECTION] = defaultdict(list)
            for row in tables[link]:
                section[row[link.OWNER]].append(row)
        self.name_keys = defaultdict(list)
        for key, kind, value in name_keys:
            self.name_keys[key, kind].append(value)

    @classmethod
    def fetch(cls, type: str, keys: list[int], related: RelatedRecords) -> RenderBatch:
        """The records of these keys, as the database has them."""
        related.begin_batch()
        model = RECORD_TYPES[type]
        tables: dict[Any, list[Row]] = {model: fetch_rows(model, "key", keys)}
        tables |= {link: fetch_rows(link, link.OWNER, keys) for link in model.LINKS}
        sql = f"SELECT key, id, created_at, updated_at FROM record WHERE key IN {database.in_list}"
        records = {key: tuple(rest) for key, *rest in fetch_all(sql, database.pack(keys))}
        relations = fetch_relations(keys, related) if type == "claim" else None
        return cls(type, tables, records, fetch_name_keys(keys), related, relations)

    @property
    def keys(self) -> list[int]:
        return self.column("key")

    def column(self, name: str) -> list:
        """The values of a column of the records' own rows."""
        return [row[name] for row in self.rows]

    def link_column(self, section: str, name: str) -> list:
        """The values of a column of a list's rows."""
        return [row[name] for rows in self.links[section].values() for row in rows]


def fetch_relations(keys: list[int], related: RelatedRecords) -> dict[int, list[dict]]:
    """The relations of claims, in their records' order, then those of others to them, by id."""
    relations: dict[int, list[dict]] = defaultdict(list)
    select = (
        "SELECT relation.{own}, relation.kind, record.id, claim.text, claim.date,"
        " claim.actor, claim.organization FROM relation"
        " JOIN record ON record.key = relation.{other} JOIN claim ON claim.key = relation.{other}"
        f" WHERE relation.{{own}} IN {database.in_list} ORDER BY relation.{{own}}, {{order}}"
    )
    for direction, own, other, order in (
        ("out", "claim", "target", "relation.ordinal"),
        ("in", "target", "claim", "record.id, relation.ordinal"),
    ):
        sql = select.format(own=own, other=other, order=order)
        rows = fetch_all(sql, database.pack(keys))
        related.fetch(*(row[5:] for row in rows))
        for key, kind, id, text, date, actor, organization in rows:
            claim = {
                "id": id,
                "text": text,
                "date": date,
                "actor": related.brief[actor],
                "organization": related.brief[organization],
            }
            relations[key].append({"kind": kind, "direction": direction, "claim": claim})
    return relations
