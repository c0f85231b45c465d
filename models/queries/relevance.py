"""The order by relevance: the newest records whose text matches, the best first."""

from __future__ import annotations

from typing import Any

from peewee import SQL, Join, Select

from models.claim import Claim
from models.database.connection import database
from models.database.sql import conjunction, sql_template
from models.queries.compiled import QueryShape, slots_of
from models.queries.matching import filter_conditions, scan_texts
from models.queries.slots import NO_SLOTS, Filters, placeholder
from models.queries.texts import NAME
from models.record_table import RecordTable
from models.search_text import RECORD_PLACES, SearchText

# the most records that are ranked: the newest ones
MAX_RANKED = 20_000


def has_relevance(shape: QueryShape) -> bool:
    """Whether the query asks for words; exclusions alone rank nothing."""
    return any(name == NAME and any_of for name, any_of, *_ in shape)


def ranked_page(model: type[RecordTable], shape: QueryShape, *, after_cursor: bool) -> Select:
    """The rows of a page; a cursor is the number of the rows before it."""
    newest = newest_matches(model, slots_of(shape)).alias("newest")
    page = Select(
        [newest],
        [newest.c.score.alias("sort_value"), newest.c.place.alias("tie"), newest.c.record_key],
    )
    page = page.order_by(newest.c.score, newest.c.place).limit(placeholder("limit"))
    return page.offset(placeholder("after")) if after_cursor else page


def more_than_ranked(model: type[RecordTable], shape: QueryShape) -> Select:
    """Selects a row if more records pass every filter than are ranked."""
    matches = matching_texts(model, slots_of(shape))[0].select(SQL("1"))
    return matches.limit(1).offset(placeholder("max_ranked"))


def newest_matches(model: type[RecordTable], filters: Filters) -> Any:
    """The newest records that pass every filter, each with its score: less is better."""
    query, newest_first = matching_texts(model, filters)
    slot: Any = filters[NAME].any_of
    return query.select(
        database.text_score(SearchText, slot).alias("score"),
        SearchText.place.alias("place"),
        model.key.alias("record_key"),
    ).order_by(*newest_first).limit(placeholder("max_ranked"))  # fmt: skip


def matching_texts(model: type[RecordTable], filters: Filters) -> tuple[Any, list[Any]]:
    """The texts of the records that pass every filter, and their order from the newest on."""
    if model is not Claim:
        return records_with_text(model, filters), [SearchText.place.desc()]
    # places sort listed claims before the others
    by_date: list[Any] = [] if "listed" in filters else [Claim.date_key, Claim.seq]
    return scan_texts(filters).query, by_date or [SearchText.place]


def records_with_text(model: type[RecordTable], filters: Filters) -> Any:
    """The records of a type other than claims that pass every filter, from their texts."""
    key = sql_template(f"{{}} - {RECORD_PLACES}", SearchText.place)
    join = Join(SearchText, model, database.text_join, model.key == key)
    slot: Any = filters.get(NAME, NO_SLOTS).any_of
    rest = {name: slots for name, slots in filters.items() if name != NAME}
    conditions = filter_conditions(model, rest)
    query = SearchText.select().from_(join).where(
        database.text_matches(SearchText, slot), SearchText.place >= RECORD_PLACES
    )  # fmt: skip
    return query.where(conjunction(conditions)) if conditions else query
