"""SQL text inside queries that peewee builds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from peewee import SQL, Node, NodeList, Value


def pack_list(values: Iterable[Any]) -> str:
    """A list as one parameter."""
    return orjson.dumps(list(values)).decode()


def sql_template(sql: str, *parts: Any) -> NodeList:
    """SQL with a part in place of each {}: a column or query as it is, a value as a parameter."""
    first, *rest = sql.split("{}")
    nodes: list[Node] = [SQL(first)]
    for part, text in zip(parts, rest, strict=True):
        node = part if isinstance(part, Node) else Value(part, converter=False, unpack=False)
        nodes += [node, SQL(text)]
    return NodeList(nodes, "")


def no_index(column: Any) -> NodeList:
    """The column with a plus, which keeps SQLite from its index: nearly all rows match."""
    return sql_template("+{}", column)


def conjunction(tests: Sequence[Any]) -> NodeList:
    """Tests joined by AND side by side: peewee nests them deeper than SQLite's parser goes."""
    return sql_template(" AND ".join(["({})"] * len(tests)), *tests)
