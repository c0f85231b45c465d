"""The filter `q`: full-text search among the texts of records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import SQL, Field, Join, fn

from models.base import Reference
from models.claim import Claim
from models.database.connection import database
from models.database.sql import sql_template
from models.queries.slots import NO_SLOTS, Filters, Slot
from models.record_table import RecordTable
from models.search_text import RECORD_PLACES, UNLISTED_PLACES, SearchText, is_at_place, place_of

NAME = "q"
# filters beside those by records that leave few claims
NARROWING = ("id", "identifier")


class TextFilter:
    """A filter by words, phrases and prefixes; see `models.search.text_query`.

    A value with required terms is one of `any_of`; the exclusions are a part of it. A value of
    `none_of` has exclusions alone.
    """

    names = (NAME,)

    def __init__(self, model: type[RecordTable]):
        self.model = model

    def value_column(self, name: str) -> None:
        return None

    def conditions(self, key: Field, filters: Filters) -> Iterator[Any]:
        slots = filters.get(NAME, NO_SLOTS)
        if slots.any_of:
            yield sql_template("{} IN {}", *self.place_in_texts(key, slots.any_of))
        if slots.none_of:
            yield sql_template("{} NOT IN {}", *self.place_in_texts(key, slots.none_of))

    def place_in_texts(self, key: Field, slot: Slot) -> tuple[Any, Any]:
        """The place of a record's text, as SQL, and a select of the places of matching texts."""
        place, matches = SearchText.place, database.text_matches(SearchText, slot)
        if self.model is Claim:
            claims = SearchText.select(place).where(matches, place < RECORD_PLACES)
            return place_of(Claim.listed, Claim.date_key, Claim.seq), claims
        record = sql_template(f"{{}} - {RECORD_PLACES}", place)
        return key, SearchText.select(record).where(matches, place >= RECORD_PLACES)

    def count_listed(self, slot: Slot) -> Any:
        """How many listed claims match: the places tell which claims are listed."""
        matches = database.text_matches(SearchText, slot)
        texts = SearchText.select(fn.COUNT(SQL("*")))
        return texts.where(matches, SearchText.place < UNLISTED_PLACES)


def claims_with_text(filters: Filters) -> Any:
    """The claims whose text matches."""
    place = SearchText.place
    text: Any = filters[NAME].any_of
    listed = filters.get("listed", NO_SLOTS).any_of
    first: Any = 0
    end: Any = RECORD_PLACES
    if listed:
        first, end = (sql_template(f"({n} - {{}}) * {UNLISTED_PLACES}", listed.one) for n in (1, 2))
    # peewee gives a cross join no condition in its own methods
    join = Join(SearchText, Claim, database.claim_text_join, is_at_place(Claim, place))
    matches = database.text_matches(SearchText, text)
    return SearchText.select().from_(join).where(matches, place >= first, place < end)


def scans_texts(filters: Filters, filters_used: tuple[Any, ...], *, page: bool) -> bool:
    """Whether a list of claims is a scan of the texts that match.

    A page ends soon. For a count, a record in another filter leaves fewer claims than a word.
    """
    if not (filters.get(NAME, NO_SLOTS).any_of and filters.get("listed", NO_SLOTS).any_of):
        return False
    return not any(
        name in NARROWING or (not page and isinstance(filter.value_column(name), Reference))
        for filter in filters_used
        for name in filter.names
        if name in filters and (filters[name].any_of or filters[name].each_of)
    )
