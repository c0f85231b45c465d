"""Full-text search in SQLite, by FTS5."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peewee import JOIN, Column, Node

from models.database.sql import sql_template

# bytes of words that a write holds in memory before it writes a part of the index
HASH_BYTES = 32 << 20


class SqliteTexts:
    """The methods of an engine for texts.

    The words are folded, so that the plainest tokenizer splits them at spaces.
    """

    # the texts come first in a join, so that their order is that of the result
    text_join = claim_text_join = JOIN.CROSS

    execute_sql: Any
    insert: Any
    temporary: Any

    def create_text_index(self) -> None:
        self.execute_sql("CREATE VIRTUAL TABLE search_text USING fts5 (words, tokenize = 'ascii')")
        # fewer and larger parts of the index: they need less merging
        self.execute_sql(
            f"INSERT INTO search_text (search_text, rank) VALUES ('hashsize', {HASH_BYTES})"
        )

    def begin_texts(self) -> None:
        self.temporary("new_text", "place INTEGER, words TEXT")

    def insert_texts(self, rows: Iterable[tuple[int, str]]) -> None:
        self.insert("new_text", ("place", "words"), rows)

    def index_texts(self) -> None:
        # in order: FTS5 writes a part of the index at each place that is lower than the one before
        self.execute_sql(
            "INSERT INTO search_text (rowid, words)"
            " SELECT place, words FROM new_text ORDER BY place"
        )
        self.execute_sql("DROP TABLE temp.new_text")

    def text_matches(self, table: Any, slot: Any) -> Node:
        return sql_template("{} MATCH {}", hidden_column(table), slot.part("match"))

    def text_score(self, table: Any, slot: Any) -> Node:
        return sql_template("bm25({})", hidden_column(table))


def hidden_column(table: Any) -> Node:
    """The column that has the name of the FTS5 table, and stands for all columns."""
    return Column(table._meta.table, table._meta.table_name)
