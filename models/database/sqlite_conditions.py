"""Conditions of queries in SQLite, whose lists travel as JSON."""

from __future__ import annotations

from typing import Any

from peewee import Node

from models.database.sql import sql_template


class SqliteConditions:
    """The methods of an engine for conditions."""

    def values_in(self, values: Any, column: Node) -> Node:
        return sql_template("(SELECT value FROM json_each({}))", values)

    def has_words(self, column: Node, values: Any) -> Node:
        return sql_template(
            "EXISTS (SELECT 1 FROM json_each({}) AS wanted WHERE NOT EXISTS ("
            "SELECT 1 FROM json_each(wanted.value) AS word"
            " WHERE COALESCE({}, '') NOT LIKE '% ' || word.value || ' %'))",
            values, column,
        )  # fmt: skip

    def within_periods(self, start: Node, end: Node, periods: Any, first: str, last: str) -> Node:
        return sql_template(
            f"EXISTS (SELECT 1 FROM json_each({{}}) WHERE {{}} >= json_extract(value, '$.{first}')"
            f" AND {{}} <= json_extract(value, '$.{last}'))",
            periods, start, end,
        )  # fmt: skip

    def link_of_claim(self, link: Any, key: Any) -> list[Node]:
        # every index of links has these columns, and SQLite finds the next claim close by
        same = (link.listed, link.date_key, link.seq)
        return [column == getattr(key.model, column.name) for column in same]

    @staticmethod
    def not_joined(query: Any) -> Any:
        # SQLite joins no subqueries
        return query
