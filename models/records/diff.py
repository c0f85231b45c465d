"""The rows of records that changed: what stays as it is, is left alone, and so are its indexes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from models.base import Reference, columns_of, database, insert, rows
from models.record_table import Link, counted_later, later
from models.records.rows import quoted


class Difference(NamedTuple):
    """Whose rows are others than before, and what such rows refer, or referred, to."""

    owners: set[int]
    referred: set[int]


def rewrite(model: Any, keys: list[int], found: Iterable[tuple]) -> Difference:
    """Bring a table's rows of these records to those found, tuples in the order of its columns."""
    table = Table(model)
    if issubclass(model, Link):
        return rewrite_links(table, keys, found)
    return rewrite_things(table, keys, found)


class Table:
    """A table, and those of its columns that a record determines alone."""

    def __init__(self, model: Any):
        self.model = model
        self.name = quoted(model._meta.table_name)
        self.owner = model.OWNER if issubclass(model, Link) else "key"
        fields = columns_of(model)
        derived = [model.DERIVED.get(field.name) for field in fields]
        self.places = [n for n, by in enumerate(derived) if by not in (later, counted_later)]
        self.names = [fields[n].name for n in self.places]
        self.place = self.names.index(self.owner)
        self.references = [
            n
            for n, name in enumerate(self.names)
            if isinstance(fields[self.places[n]], Reference) and name != self.owner
        ]
        # what the record that is referred to sets
        self.later = [fields[n].name for n, by in enumerate(derived) if by is later]

    def own(self, row: tuple) -> tuple:
        return tuple([row[n] for n in self.places])

    def there(self, keys: list[int]) -> list[tuple]:
        return rows(
            f"SELECT {', '.join(map(quoted, self.names))} FROM {self.name}"
            f" WHERE {self.owner} IN {database.in_list}",
            database.pack(keys),
        )

    def referred(self, row: tuple) -> Iterator[int]:
        return (row[n] for n in self.references if row[n] is not None)


def rewrite_links(table: Table, keys: list[int], found: Iterable[tuple]) -> Difference:
    before = set(table.there(keys))
    now = {table.own(row): row for row in found}
    gone = before - now.keys()
    come = now.keys() - before
    ordinal = table.names.index("ordinal")
    one = database.param
    # at first, since an item may have another place by now, and stands only once
    delete = f"DELETE FROM {table.name} WHERE {table.owner} = {one} AND ordinal = {one}"
    database.many(delete, [(row[table.place], row[ordinal]) for row in gone])
    insert(table.model, [now[own] for own in come])
    different = gone | come
    return Difference(
        {row[table.place] for row in different},
        {key for row in different for key in table.referred(row)},
    )


def rewrite_things(table: Table, keys: list[int], found: Iterable[tuple]) -> Difference:
    """Only columns that differ are set: other ones' indexes need not follow."""
    before = {row[table.place]: row for row in table.there(keys)}
    difference = Difference(set(), set())
    updates: dict[tuple[int, ...], list[tuple]] = defaultdict(list)
    for row in map(table.own, found):
        was = before[row[table.place]]
        columns = tuple([n for n, value in enumerate(row) if value != was[n]])
        if columns:
            updates[columns].append((*(row[n] for n in columns), row[table.place]))
            difference.owners.add(row[table.place])
        if any(n in table.references or table.names[n] == "listed" for n in columns):
            difference.referred.update(table.referred(was), table.referred(row))
    one = database.param
    for columns, values in updates.items():
        setting = [f"{quoted(table.names[n])} = {one}" for n in columns]
        if any(n in table.references for n in columns):
            setting += [f"{name} = NULL" for name in table.later]
        sql = f"UPDATE {table.name} SET {', '.join(setting)} WHERE {table.owner} = {one}"
        database.many(sql, values)
    return difference
