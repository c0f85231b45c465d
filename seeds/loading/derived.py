"""Columns and rows that several records decide together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from models import Broader, EventAncestor
from models.base import insert_rows
from models.database.connection import batches, database, fetch_all
from models.documents.refresh import mark_selected
from models.documents.roles import update_shown_roles

CLOSURE_BATCH = 10_000
CHANGED_KEYS = "(SELECT key FROM touched WHERE change = 'changed' AND type = '{}')"


def fill_inherited() -> None:
    """Set the columns that claims inherit from other records, if one of them changed.

    New claims have them already.
    """
    claims, sources, events, actors = map(
        CHANGED_KEYS.format, ("claim", "source", "event", "actor")
    )
    database.execute_sql(
        "UPDATE report SET publisher ="
        " (SELECT source.publisher FROM source WHERE source.key = report.source)"
        f" WHERE publisher IS NULL AND claim IN {claims} OR source IN {sources}"
    )
    database.execute_sql(
        "UPDATE claim SET country ="
        " (SELECT event.country FROM event WHERE event.key = claim.event)"
        f" WHERE event IS NOT NULL AND country IS NULL AND key IN {claims} OR event IN {events}"
    )
    update_shown_roles(f"key IN {claims} OR actor IN {actors}")


class Hierarchy(NamedTuple):
    """A type of records with parents, whose claims count for all of their ancestors."""

    # the type, and its table
    type: str
    # (record, ancestor or itself) for the records of claims and positions; its columns
    closure: Any
    columns: tuple[str, str]
    # claims under a record or a part of it
    claims: str
    # a select of (record, claim, listed, date_key, seq) for the claims' own records
    own: str
    # a select of the records that something else than claims refers to
    used: str | None = None


HIERARCHIES = (
    Hierarchy(
        "topic",
        Broader,
        ("topic", "broader"),
        "topic_claim",
        "SELECT topic AS record, claim, listed, date_key, seq FROM claim_topic",
        "SELECT topic AS record FROM position_topic",
    ),
    Hierarchy(
        "event",
        EventAncestor,
        ("event", "ancestor"),
        "event_claim",
        "SELECT event AS record, key AS claim, listed, date_key, seq FROM claim"
        " WHERE event IS NOT NULL",
    ),
)


def begin_reclassifying() -> None:
    """Create an empty table a hierarchy, of the claims whose records in it change."""
    for hierarchy in HIERARCHIES:
        database.temporary(reclassified(hierarchy.type), "claim INTEGER PRIMARY KEY")


def reclassified(type: str) -> str:
    """The table of the claims whose records of a hierarchy change."""
    return f"reclassified_{type}"


def update_hierarchies(touched_types: Collection[str]) -> None:
    """Bring the claims under topics and events up to date."""
    for hierarchy in HIERARCHIES:
        update_hierarchy(hierarchy, hierarchy.type in touched_types)


def update_hierarchy(hierarchy: Hierarchy, touched: bool) -> None:
    """Bring one hierarchy up to date: each claim is under its records and their ancestors.

    `reclassified` has the changed claims that have other records than before. `touched` says
    whether records of the hierarchy changed themselves.
    """
    type, closure, (descendant, ancestor), claims, own, _ = hierarchy
    table = reclassified(type)
    if touched:
        database.execute_sql(
            f"INSERT INTO {table} SELECT DISTINCT claim FROM {claims}"
            f" WHERE {type} IN (SELECT key FROM touched WHERE type = '{type}')"
            " ON CONFLICT DO NOTHING"
        )
        database.execute_sql(f"DELETE FROM {closure._meta.table_name}")
    extend_closure(hierarchy)
    former_rows = f"{claims} WHERE claim IN (SELECT claim FROM {table})"
    mark_selected(f"SELECT {type} FROM {former_rows}")
    database.execute_sql(f"DELETE FROM {former_rows}")
    database.execute_sql(
        f"INSERT INTO {table} SELECT key FROM touched WHERE type = 'claim' AND change = 'added'"
        " ON CONFLICT DO NOTHING"
    )
    if not fetch_all(f"SELECT 1 FROM {table} LIMIT 1"):
        return
    # few or all: without statistics, the planner would read the claims of every record
    database.execute_sql(f"ANALYZE {table}")
    database.execute_sql(
        f"INSERT INTO {claims} ({type}, listed, date_key, seq, claim)"
        f" SELECT closure.{ancestor}, listed, date_key, seq, own.claim"
        f" FROM {table} JOIN ({own}) AS own ON own.claim = {table}.claim"
        f" JOIN {closure._meta.table_name} AS closure ON closure.{descendant} = own.record"
        # distinct, and sorted: many rows are appended to the table in its own order
        " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"
    )
    # new claims are counted by their own marks
    mark_selected(
        f"SELECT {type} FROM {claims} WHERE claim IN (SELECT {table}.claim FROM {table}"
        f" LEFT JOIN touched ON touched.key = {table}.claim"
        " WHERE change IS NULL OR change <> 'added')"
    )


def extend_closure(hierarchy: Hierarchy) -> None:
    """Add the ancestors of the records that something refers to, and that lack them.

    The ancestors of all records of a long chain would be as many as the square of its length.
    """
    type, table = hierarchy.type, hierarchy.closure._meta.table_name
    used = " OR ".join(
        f"EXISTS (SELECT 1 FROM ({select}) AS used WHERE used.record = {type}.key)"
        for select in (hierarchy.own, hierarchy.used)
        if select
    )
    keys = fetch_all(
        f"SELECT key FROM {type} WHERE ({used}) AND NOT EXISTS"
        f" (SELECT 1 FROM {table} WHERE {table}.{hierarchy.columns[0]} = {type}.key)"
    )
    if keys:
        parents = dict(fetch_all(f"SELECT key, parent FROM {type}"))
        rows = closure_rows(parents, (key for (key,) in keys))
        for batch in batches(rows, CLOSURE_BATCH):
            insert_rows(hierarchy.closure, batch)


def closure_rows(
    parents: Mapping[int, int | None], records: Iterable[int]
) -> Iterator[tuple[int, int]]:
    """Each of the records with itself and each of its ancestors; there are no circles."""
    for record in records:
        ancestor: int | None = record
        while ancestor is not None:
            yield record, ancestor
            ancestor = parents[ancestor]
