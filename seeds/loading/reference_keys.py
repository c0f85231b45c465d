"""The keys of the records that staged records refer to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from models.database.connection import database, fetch_all
from models.queries.fetch import Row, fetch_keys
from models.records.rows import FindKey, to_rows
from models.search.nearest_id import nearest_id
from seeds import staging
from seeds.problems import SeedProblem, SeedProblems, problem_kind

# type, key, seq and record
KeyedRecord = tuple[str, int, int, dict]
TableRow = tuple[Any, Row]
# beyond this many keys, the cache starts anew
MAX_CACHED_KEYS = 100_000


class ReferenceKeys:
    """Finds the keys that records refer to; a dangling reference is a problem."""

    def __init__(self, problems: SeedProblems):
        self.problems = problems
        # None for a record that is missing
        self.keys: dict[tuple[str, str], int | None] = {}
        self.uncached: set[tuple[str, str]] = set()
        # in place of the keys of missing records: all differ, for the sake of unique indexes
        self.placeholders = count(-1, -1)

    def rows_of(self, records: list[KeyedRecord]) -> Iterator[list[TableRow]]:
        """Yield the rows of each record, with the keys that it refers to.

        One statement looks up all keys that are not cached; rows that need them are built again.
        """
        if len(self.keys) > MAX_CACHED_KEYS:
            self.keys.clear()
        rows: list[list[TableRow] | None] = []
        wanted: set[tuple[str, str]] = set()
        for keyed in records:
            record_rows = list(to_rows(*keyed, self.cached_key))
            rows.append(None if self.uncached else record_rows)
            wanted |= self.uncached
            self.uncached.clear()
        self.fetch(wanted)
        for keyed, complete in zip(records, rows, strict=True):
            yield complete or list(to_rows(*keyed, self.finder(keyed)))

    def cached_key(self, types: tuple[str, ...], id: str, path: tuple) -> int:
        key = self.keys.get((types[0], id))
        if key is None:
            self.uncached.add((types[0], id))
            return 0
        return key

    def fetch(self, ids: set[tuple[str, str]]) -> None:
        uncached = ids - self.keys.keys()
        if uncached:
            self.keys.update(dict.fromkeys(uncached))
            self.keys.update(fetch_keys(uncached))

    def finder(self, keyed: KeyedRecord) -> FindKey:
        """A function that finds the fetched keys of a record's references."""
        type, *_, record = keyed

        def find_key(types: tuple[str, ...], referred_id: str, path: tuple) -> int:
            key = self.keys[types[0], referred_id]
            if key is not None:
                return key
            # no second problem for a record that is invalid, or could not be read
            if not self.problems.records_lost and not is_invalid(types[0], referred_id):
                self.problems.add_lazily(
                    problem_kind(type, staging.dotted(path), dangling_message(types[0])),
                    lambda: dangling_reference(type, record["id"], types[0], referred_id, path),
                )
            return next(self.placeholders)

        return find_key


def is_invalid(type: str, id: str) -> bool:
    """Whether a staged record with this id has problems of its own."""
    param = database.param
    sql = f"SELECT 1 FROM staged WHERE type = {param} AND id = {param} AND state = '{staging.BAD}'"
    return bool(fetch_all(sql, type, id))


def dangling_message(referred_type: str) -> str:
    return f"there is no {referred_type} with this id"


def dangling_reference(
    type: str, id: str, referred_type: str, referred_id: str, path: tuple
) -> SeedProblem:
    return SeedProblem(
        staging.staged_place(type, id, path),
        dangling_message(referred_type),
        staging.dotted(path),
        referred_id,
        nearest_id(referred_type, referred_id),
    )
