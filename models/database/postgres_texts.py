"""Full-text search in PostgreSQL, by tsvector.

The lexemes tell which words a text has. They cannot hold all positions of a long text, so phrases
are looked up in the words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from peewee import JOIN, Column, Node

from models.database.sql import sql_template

# bytes of words: those of a longer text would not fit into a tsvector
MAX_BYTES = 500_000
# the highest position in a tsvector, and the most positions of a word
MAX_POSITION = 16_383
MAX_POSITIONS = 255
# the only lexeme of a longer text; no word has an asterisk
LONG_TEXT = "*"
# the cast of a search query; every search for words has it, and no other statement
SEARCHED = "::tsquery"
CREATE_INDEX = "CREATE INDEX search_text_lexemes ON search_text USING gin (lexemes)"


def lexeme_positions(words: str) -> str:
    """The words of a text with their positions, in the syntax of tsvector."""
    if len(words.encode()) > MAX_BYTES:
        return LONG_TEXT
    split = words.split()
    if len(split) <= MAX_POSITIONS:
        # PostgreSQL joins the positions of a word
        return " ".join([f"{word}:{n}" for n, word in enumerate(split, 1)])
    positions: dict[str, list[str]] = defaultdict(list)
    for n, word in enumerate(split, 1):
        word_positions = positions[word]
        if n <= MAX_POSITION and len(word_positions) < MAX_POSITIONS:
            word_positions.append(str(n))
    return " ".join(
        f"{word}:{','.join(numbers)}" if numbers else word for word, numbers in positions.items()
    )


class PostgresTexts:
    """The methods of an engine for texts."""

    # the planner decides which table comes first
    text_join = JOIN.INNER
    # each text has a claim; of an inner join, the planner would expect one row
    claim_text_join = JOIN.LEFT_OUTER

    execute_sql: Any
    fills_alone: bool
    insert: Any

    def create_text_index(self) -> None:
        self.execute_sql(
            "CREATE TABLE search_text (rowid BIGINT NOT NULL PRIMARY KEY,"
            ' words TEXT COLLATE "C" NOT NULL, lexemes TSVECTOR NOT NULL)'
        )
        self.execute_sql(CREATE_INDEX)

    def begin_texts(self) -> None:
        if self.fills_alone:
            self.execute_sql("DROP INDEX search_text_lexemes")

    def insert_texts(self, rows: Iterable[tuple[int, str]]) -> None:
        indexed = ((place, words, lexeme_positions(words)) for place, words in rows)
        self.insert("search_text", ("rowid", "words", "lexemes"), indexed)

    def index_texts(self) -> None:
        if self.fills_alone:
            self.execute_sql(CREATE_INDEX)

    def text_matches(self, table: Any, slot: Any) -> Node:
        words, lexemes = (Column(table._meta.table, name) for name in ("words", "lexemes"))
        tests = (
            "(NOT EXISTS (SELECT 1 FROM jsonb_array_elements({}::jsonb) AS required(terms)"
            " WHERE NOT EXISTS (SELECT 1 FROM jsonb_array_elements_text(required.terms)"
            " AS term(text) WHERE strpos({}, term.text) > 0))"
            " AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements_text({}::jsonb) AS term(text)"
            " WHERE strpos({}, term.text) > 0))"
        )
        has, lacks = slot.part("has"), slot.part("lacks")
        exact = sql_template(tests, has, words, lacks, words)
        exact_in_long = sql_template(
            tests, slot.part("long_has"), words, slot.part("long_lacks"), words
        )
        return sql_template(
            f"{{}} @@ {{}}{SEARCHED} AND CASE"
            f" WHEN octet_length({{}}) > {MAX_BYTES} THEN {{}}"
            " WHEN {} = '[]' AND {} = '[]' THEN true ELSE {} END",
            lexemes, slot.part("lexemes"), words, exact_in_long, has, lacks, exact,
        )  # fmt: skip

    def text_score(self, table: Any, slot: Any) -> Node:
        lexemes = Column(table._meta.table, "lexemes")
        return sql_template(f"-ts_rank_cd({{}}, {{}}{SEARCHED})", lexemes, slot.part("ranked"))
