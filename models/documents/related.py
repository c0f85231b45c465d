"""Other records as documents show them, cached for the batches of one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from models.database.connection import batches, database, fetch_all
from models.queries.names import NAME_COLUMNS, NAME_SQL

# beyond this many records, the cache starts anew
MAX_RELATED = 50_000


class RelatedRecords:
    """Other records by key, as documents show them."""

    def __init__(self) -> None:
        # {"id", "name"}; a source has a title and a position a text in place of the name
        self.brief: dict[int | None, Any] = {}
        # actors and organizations: {"type", "id", "name"}
        self.party: dict[int, dict] = {}
        # a source as reports show it, its url, and the publisher that counts as independent
        self.source: dict[int, dict] = {}
        # positions as claims show them
        self.position: dict[int, dict] = {}
        self.actor_kind: dict[int | None, str] = {}
        # of actors: (organization, role, start_date, end_date)
        self.memberships: dict[int, list[tuple]] = {}
        # of actors and organizations: name and aliases
        self.names: dict[int, list[str]] = {}

    def begin_batch(self) -> None:
        """Start anew where the cache is full."""
        if not 0 < len(self.brief) < MAX_RELATED:
            for cache in (
                self.brief,
                self.party,
                self.source,
                self.position,
                self.actor_kind,
                self.memberships,
                self.names,
            ):
                cache.clear()
            self.brief[None] = None

    def fetch(self, *columns: Iterable[int | None]) -> None:
        """Fetch the records of these keys."""
        for keys in batches(missing(self.brief, *columns)):
            sql = (
                f"SELECT record.key, record.type, record.id, {NAME_SQL}"
                f" FROM record WHERE record.key IN {database.in_list}"
            )
            for key, type, id, name in fetch_all(sql, database.pack(keys)):
                self.brief[key] = {"id": id, NAME_COLUMNS.get(type, "name"): name}
                if type in ("actor", "organization"):
                    self.party[key] = {"type": type, "id": id, "name": name}

    def fetch_sources(self, keys: Iterable[int]) -> None:
        """Fetch these sources, for reports."""
        rows = [
            row
            for batch in batches(missing(self.source, keys))
            for row in fetch_all(
                "SELECT key, publisher, origin, date, url FROM source"
                f" WHERE key IN {database.in_list}",
                database.pack(batch),
            )
        ]
        self.fetch(*(row[:3] for row in rows))
        for key, publisher, origin, date, url in rows:
            self.source[key] = {
                "shown": {
                    "source": {**self.brief[key], "date": date, "url": url},
                    "publisher": self.brief[publisher],
                    "origin": self.brief[origin],
                },
                "url": url,
                "independent": origin or publisher or key,
            }

    def fetch_positions(self, keys: Iterable[int]) -> None:
        """Fetch these positions, for claims."""
        for batch in batches(missing(self.position, keys)):
            sql = (
                "SELECT key, record.id, label, text FROM position JOIN record USING (key)"
                f" WHERE key IN {database.in_list}"
            )
            for key, id, label, text in fetch_all(sql, database.pack(batch)):
                self.position[key] = {"id": id, "label": label, "text": text}

    def fetch_claimants(self, keys: Iterable[int | None]) -> None:
        """Fetch the kinds and memberships of these actors, for their claims."""
        for batch in batches(missing(self.actor_kind, keys) - {None}):
            packed = database.pack(batch)
            self.memberships |= {key: [] for key in batch}
            for key, *membership in fetch_all(
                "SELECT actor, organization, role, start_date, end_date FROM membership"
                f" WHERE actor IN {database.in_list} ORDER BY actor, ordinal",
                packed,
            ):
                self.memberships[key].append(tuple(membership))
            self.actor_kind |= dict(
                fetch_all(f"SELECT key, kind FROM actor WHERE key IN {database.in_list}", packed)
            )

    def fetch_names(self, keys: Iterable[int]) -> None:
        """Fetch the names of these actors and organizations, for the texts of their claims."""
        for batch in batches(missing(self.names, keys)):
            for table in ("actor", "organization"):
                for key, name, aliases in fetch_all(
                    f"SELECT key, name, aliases FROM {table} WHERE key IN {database.in_list}",
                    database.pack(batch),
                ):
                    self.names[key] = [name, *orjson.loads(aliases or "[]")]


def missing(cache: Mapping, *columns: Iterable[int | None]) -> set:
    """The keys that are not in the cache."""
    return {key for column in columns for key in column if key not in cache}
