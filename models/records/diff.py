"""The rows of changed records: only the rows and columns that differ are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from models.base import columns_of, insert_rows
from models.database.connection import database, fetch_all
from models.queries.fetch import quote_name
from models.record_table import DEFERRED, Link, SetLater
from models.references import reference_columns


class Difference(NamedTuple):
    """The records whose rows changed, and what these rows refer to, or referred to."""

    owners: set[int]
    referred: set[int]
    # the records whose references, date or status changed
    relinked: set[int]


def write_difference(table: Any, keys: list[int], rows: Iterable[tuple]) -> Difference:
    """Bring a table's rows of these records to `rows`, tuples in the order of its columns."""
    columns = OwnColumns(table)
    if issubclass(table, Link):
        return write_link_rows(columns, keys, rows)
    return write_record_rows(columns, keys, rows)


class OwnColumns:
    """The columns of a table that a record decides alone."""

    def __init__(self, table: Any):
        self.model = table
        self.table = quote_name(table._meta.table_name)
        self.owner = table.OWNER if issubclass(table, Link) else "key"
        fields = columns_of(table)
        derived = [table.DERIVED.get(field.name) for field in fields]
        self.places = [n for n, by in enumerate(derived) if not isinstance(by, SetLater)]
        self.names = [fields[n].name for n in self.places]
        self.owner_place = self.names.index(self.owner)
        referring = {field.name for field in reference_columns(table)}
        self.reference_places = [n for n, name in enumerate(self.names) if name in referring]
        # the referred records decide these
        self.deferred = [field.name for field, by in zip(fields, derived, strict=True)
                         if by is DEFERRED]  # fmt: skip

    def own(self, row: tuple) -> tuple:
        return tuple([row[n] for n in self.places])

    def stored(self, keys: list[int]) -> list[tuple]:
        """The rows of these records as the database has them."""
        return fetch_all(
            f"SELECT {', '.join(map(quote_name, self.names))} FROM {self.table}"
            f" WHERE {self.owner} IN {database.in_list}",
            database.pack(keys),
        )

    def referred(self, row: tuple) -> Iterator[int]:
        return (row[n] for n in self.reference_places if row[n] is not None)


def write_link_rows(columns: OwnColumns, keys: list[int], rows: Iterable[tuple]) -> Difference:
    stored = set(columns.stored(keys))
    wanted = {columns.own(row): row for row in rows}
    removed = stored - wanted.keys()
    added = wanted.keys() - stored
    ordinal = columns.names.index("ordinal")
    # delete first: an item that moved within its list would break a unique index
    database.many(
        f"DELETE FROM {columns.table}"
        f" WHERE {columns.owner} = {database.param} AND ordinal = {database.param}",
        [(row[columns.owner_place], row[ordinal]) for row in removed],
    )
    insert_rows(columns.model, [wanted[own] for own in added])
    different = removed | added
    return Difference(
        {row[columns.owner_place] for row in different},
        {key for row in different for key in columns.referred(row)},
        {row[columns.owner_place] for row in different},
    )


def write_record_rows(columns: OwnColumns, keys: list[int], rows: Iterable[tuple]) -> Difference:
    """Only different columns are set: the indexes of the others need no update."""
    stored = {row[columns.owner_place]: row for row in columns.stored(keys)}
    difference = Difference(set(), set(), set())
    updates: dict[tuple[int, ...], list[tuple]] = defaultdict(list)
    for row in map(columns.own, rows):
        before = stored[row[columns.owner_place]]
        changed = tuple([n for n, value in enumerate(row) if value != before[n]])
        if changed:
            updates[changed].append((*(row[n] for n in changed), row[columns.owner_place]))
            difference.owners.add(row[columns.owner_place])
        if any(n in columns.reference_places or columns.names[n] == "listed" for n in changed):
            difference.referred.update(columns.referred(before), columns.referred(row))
            difference.relinked.add(row[columns.owner_place])
        if any(columns.names[n] == "date_key" for n in changed):
            difference.relinked.add(row[columns.owner_place])
    for changed, values in updates.items():
        setting = [f"{quote_name(columns.names[n])} = {database.param}" for n in changed]
        if any(n in columns.reference_places for n in changed):
            setting += [f"{name} = NULL" for name in columns.deferred]
        database.many(
            f"UPDATE {columns.table} SET {', '.join(setting)}"
            f" WHERE {columns.owner} = {database.param}",
            values,
        )
    return difference
