"""The texts of records as full-text search finds them: their words, by place.

A claim's place is a number that sorts like lists of claims, newest first: listed claims come
before the others, then by date key and `seq`. The places of other records follow, by key.
"""

from __future__ import annotations

from typing import Any

from peewee import BigIntegerField, TextField

from models.base import Base
from models.database.sql import sql_template
from models.values.words import split_words

# stands between the fields of a record, so that no phrase goes from one to the next
FIELD_END = "¶"
# listed claims have places below the first number, other claims below the second
UNLISTED_PLACES = 1 << 60
RECORD_PLACES = 1 << 61
SEQ_BITS = 32
SEQ_MASK = (1 << SEQ_BITS) - 1
DATE_MASK = (1 << 28) - 1


class SearchText(Base):
    """The words of one record, with a space around each; each engine indexes them in its way."""

    place = BigIntegerField(primary_key=True, column_name="rowid")
    words = TextField()


def indexed_words(texts: list[str]) -> str:
    """The words of a record's texts, a space around each."""
    fields = [" ".join(words) for text in texts if (words := split_words(text))]
    return f" {f' {FIELD_END} '.join(fields)} "


def place_number(listed: int, date_key: int, seq: int) -> int:
    """The place of a claim."""
    return (1 - listed) * UNLISTED_PLACES + (date_key << SEQ_BITS) + seq


# the place of a claim as SQL
PLACE_SQL = f"((1 - listed) * {UNLISTED_PLACES} + date_key * {1 << SEQ_BITS} + seq)"


def place_of(listed: Any, date_key: Any, seq: Any) -> Any:
    """The place of a claim as a part of a query."""
    sql = f"((1 - {{}}) * {UNLISTED_PLACES} + {{}} * {1 << SEQ_BITS} + {{}})"
    return sql_template(sql, listed, date_key, seq)


def is_at_place(claim: Any, place: Any) -> Any:
    """Whether a claim has a place; searches the index of listed claims."""
    return (
        (claim.listed == sql_template("1 - ({} >> 60)", place))
        & (claim.date_key == sql_template(f"({{}} >> {SEQ_BITS}) & {DATE_MASK}", place))
        & (claim.seq == sql_template(f"{{}} & {SEQ_MASK}", place))
    )
