"""Facts about a record that networks show: type, id, name, kind, country, attributes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson

from models import RECORD_TYPES
from models.base import Reference
from models.database.connection import database, fetch_all
from models.queries.names import NAME_SQL, NAMED_TABLES


class Facts(NamedTuple):
    """One record."""

    type: str
    id: str
    name: str
    kind: str | None
    country: str | None
    attributes: dict[str, str]

    @property
    def node_id(self) -> str:
        return f"{self.type}:{self.id}"

    def brief(self) -> dict[str, str]:
        return {"type": self.type, "id": self.id, "name": self.name}


def first_column(name: str) -> str:
    """SQL for a column of whichever table the record `record` is in."""
    tables = [
        type
        for type in NAMED_TABLES
        if name in RECORD_TYPES[type]._meta.fields
        and not isinstance(RECORD_TYPES[type]._meta.fields[name], Reference)
    ]
    return f"COALESCE({', '.join(f'{table}.{name}' for table in tables)})"


JOIN_NAMED_TABLES = " ".join(
    f"LEFT JOIN {type} ON {type}.key = record.key" for type in NAMED_TABLES
)
FACTS = (
    f"SELECT record.key, record.type, record.id, {NAME_SQL}, {first_column('kind')},"
    f" {first_column('country')}, {first_column('attributes')}"
    f" FROM record {JOIN_NAMED_TABLES} WHERE record.key IN "
)


def fetch_facts(keys: Iterable[int]) -> dict[int, Facts]:
    """The facts of records, by their keys."""
    packed = database.pack(map(int, keys))
    return {
        key: Facts(type, id, name, kind, country, orjson.loads(attributes) if attributes else {})
        for key, type, id, name, kind, country, attributes in fetch_all(
            FACTS + database.in_list, packed
        )
    }


def fetch_ids(keys: Iterable[int]) -> dict[int, Any]:
    """The types and ids of records, by their keys."""
    packed = database.pack(map(int, keys))
    sql = f"SELECT key, type, id FROM record WHERE key IN {database.in_list}"
    return {key: (type, id) for key, type, id in fetch_all(sql, packed)}
