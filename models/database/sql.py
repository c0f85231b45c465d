"""Parts of statements written out, within queries that peewee builds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import SQL, Node, NodeList, Value


def written(sql: str, *parts: Any) -> NodeList:
    """SQL with a part at each {}: a column as it is, anything else as a parameter."""
    first, *rest = sql.split("{}")
    nodes: list[Node] = [SQL(first)]
    for part, after in zip(parts, rest, strict=True):
        value = part if isinstance(part, Node) else Value(part, converter=False, unpack=False)
        nodes += [value, SQL(after)]
    return NodeList(nodes, "")


def all_of(tests: Sequence[Any]) -> NodeList:
    """All tests side by side: peewee's AND nests them, deeper than SQLite's parser goes."""
    return written(" AND ".join(["({})"] * len(tests)), *tests)
