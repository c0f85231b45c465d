"""Records of one type whose names look the same, although their characters differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

import orjson

from models.database.connection import database
from models.queries.names import NAME_COLUMNS, NAMED_TABLES
from models.values.lookalikes import appearance

# a type, and the keys of two records
NamePair = tuple[str, int, int]
# the columns of further names: a list, or one name
MORE_NAMES = {
    "actor": "aliases", "organization": "aliases", "topic": "aliases", "event": "aliases",
    "position": "label",
}  # fmt: skip
# names with one appearance that are compared with each other
MAX_ALIKE = 50


def names_that_look_the_same() -> set[NamePair]:
    """Pairs of names with the same appearance, but other characters."""
    looks = {(type, appearance(name)) for type, _, name in all_names() if appearance(name) != name}
    names: dict[tuple[str, str], set[tuple[int, str]]] = defaultdict(set)
    for type, key, name in all_names():
        if (type, appearance(name)) in looks:
            names[type, appearance(name)].add((key, name))
    return {
        (type, key, other_key)
        for (type, _), alike in names.items()
        for (key, name), (other_key, other_name) in combinations(sorted(alike)[:MAX_ALIKE], 2)
        if key != other_key and name != other_name
    }


def all_names() -> Iterator[tuple[str, int, str]]:
    """The type, the key and each name of all records."""
    for type in NAMED_TABLES:
        more = MORE_NAMES.get(type)
        name = NAME_COLUMNS.get(type, "name")
        sql = f"SELECT key, {name}, {more or 'NULL'} FROM {type} ORDER BY key"
        for key, name, more_names in database.execute_sql(sql):
            yield type, key, name
            if more_names:
                for alias in orjson.loads(more_names) if more == "aliases" else [more_names]:
                    yield type, key, alias
