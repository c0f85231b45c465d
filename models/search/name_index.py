"""The index of names: records of one type by how the words of their names begin."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from models.database.connection import database, fetch_all

# `word` is a word of a name in the index of words
BEGINS_SO = "word.value >= {p} AND word.value < {p}"
OF_TYPE = "word.kind = 'word' AND word.type = {p}"
COUNT_WORDS = (
    "SELECT COUNT(*) FROM (SELECT 1 FROM name_key AS word"
    f" WHERE {OF_TYPE} AND {BEGINS_SO} LIMIT {{limit}}) AS words"
)
# the same name has another word
HAS_WORD = (
    "EXISTS (SELECT 1 FROM name_key AS more WHERE more.record = word.record"
    " AND more.value >= {p} AND more.value < {p}"
    " AND more.kind = 'word' AND more.ordinal = word.ordinal)"
)
RANKED = "SELECT ranked.key, ranked.claim_count FROM {type} AS ranked"
BEST_WITH_WORDS = (
    f"{RANKED} JOIN (SELECT DISTINCT word.record FROM (SELECT * FROM name_key AS word"
    f" WHERE {OF_TYPE} AND {BEGINS_SO} ORDER BY word.value, word.record LIMIT {{max_words}})"
    " AS word WHERE {conditions}) AS hit ON hit.record = ranked.key"
    " ORDER BY ranked.claim_count DESC, ranked.key LIMIT {limit}"
)
LEADERS_WITH_WORDS = (
    f"{RANKED} WHERE (ranked.claim_count, ranked.key) >= ("
    "COALESCE((SELECT claim_count {last}), 0), COALESCE((SELECT key {last}), 0))"
    f" AND EXISTS (SELECT 1 FROM name_key AS word WHERE word.record = ranked.key AND {BEGINS_SO}"
    " AND word.kind = 'word' AND {conditions})"
    " ORDER BY ranked.claim_count DESC, ranked.key DESC LIMIT {limit}"
)
LAST_LEADER = "FROM {type} ORDER BY claim_count DESC, key DESC LIMIT 1 OFFSET {count}"
SPELT = (
    f"{RANKED} WHERE ranked.key IN (SELECT record FROM name_key"
    " WHERE value IN ({values}) AND kind IN ({kinds}) AND type = {p})"
    " ORDER BY ranked.claim_count DESC, ranked.key LIMIT {limit}"
)
NAMES = (
    "SELECT hit.record, ranked.claim_count, name.value FROM ({words}) AS hit"
    " JOIN name_key AS name ON name.record = hit.record AND name.kind = 'name'"
    " AND name.ordinal = hit.ordinal JOIN {type} AS ranked ON ranked.key = hit.record"
    " ORDER BY hit.record, hit.ordinal"
)
WITH_WORDS = (
    f"SELECT DISTINCT word.record, word.ordinal FROM name_key AS word WHERE {OF_TYPE}"
    f" AND {BEGINS_SO} AND {{conditions}} ORDER BY word.record, word.ordinal LIMIT {{limit}}"
)
WITH_ANY_WORD = (
    "SELECT DISTINCT word.record, word.ordinal FROM {prefixes} AS prefixes"
    f" CROSS JOIN name_key AS word WHERE {OF_TYPE}"
    " AND word.value >= prefixes.first AND word.value < prefixes.below AND {conditions}"
    " ORDER BY word.record, word.ordinal LIMIT {limit}"
)


class RankedRecord(NamedTuple):
    """A record, with the number of its claims."""

    key: int
    claim_count: int


class IndexedName(NamedTuple):
    """One name of a record, folded, with the number of the record's claims."""

    key: int
    claim_count: int
    name: str


def count_words(prefix: str, type: str, most: int) -> int:
    """How many words of names of a type begin so, counted up to `most`."""
    sql = COUNT_WORDS.format(p=database.param, limit=most)
    return fetch_all(sql, type, *bounds([prefix]))[0][0]


def records_spelt(
    values: Collection[str], kinds: Sequence[str], type: str, limit: int
) -> list[RankedRecord]:
    """The records of a type that have one of these folded names or other spellings."""
    values = [value for value in values if value]
    if not values:
        return []
    sql = SPELT.format(
        p=database.param, values=listed(values), kinds=listed(kinds), type=type, limit=limit
    )
    return [RankedRecord(*row) for row in fetch_all(sql, *values, *kinds, type)]


def best_with_words(
    prefixes: Sequence[str], type: str, max_words: int, limit: int
) -> list[RankedRecord]:
    """The records with the most claims of those with one name whose words begin so.

    At most `max_words` words that begin like the first prefix are read.
    """
    sql = BEST_WITH_WORDS.format(
        p=database.param, type=type, conditions=further_words(prefixes[1:]),
        max_words=max_words, limit=limit,
    )  # fmt: skip
    rows = fetch_all(sql, type, *bounds(prefixes))
    return [RankedRecord(*row) for row in rows]


def leaders_with_words(
    prefixes: Sequence[str], type: str, count: int, limit: int
) -> list[RankedRecord]:
    """The same, of the `count` records of the type that have the most claims."""
    sql = LEADERS_WITH_WORDS.format(
        p=database.param, type=type, last=LAST_LEADER.format(type=type, count=count),
        conditions=further_words(prefixes[1:]), limit=limit,
    )  # fmt: skip
    return [RankedRecord(*row) for row in fetch_all(sql, *bounds(prefixes))]


def names_with_words(prefixes: Sequence[str], type: str, limit: int) -> list[IndexedName]:
    """The first names of a type whose words begin so."""
    words = WITH_WORDS.format(p=database.param, conditions=further_words(prefixes[1:]), limit=limit)
    rows = fetch_all(NAMES.format(words=words, type=type), type, *bounds(prefixes))
    return [IndexedName(*row) for row in rows]


def names_with_any_word(
    prefixes: Iterable[str], more_words: Sequence[str], type: str, limit: int
) -> list[IndexedName]:
    """The first names of a type with a word that begins in one of some ways, and with more words.

    The records are the first that entered.
    """
    words = WITH_ANY_WORD.format(
        p=database.param, prefixes=database.packed_rows(first="text", below="text"),
        conditions=further_words(more_words), limit=limit,
    )  # fmt: skip
    ranges = database.pack(
        {"first": prefix, "below": f"{prefix}~"} for prefix in shortest(prefixes)
    )
    rows = fetch_all(NAMES.format(words=words, type=type), ranges, type, *bounds(more_words))
    return [IndexedName(*row) for row in rows]


def shortest(prefixes: Iterable[str]) -> list[str]:
    """The prefixes in order that begin with no other prefix."""
    kept: list[str] = []
    for prefix in sorted(prefixes):
        if not (kept and prefix.startswith(kept[-1])):
            kept.append(prefix)
    return kept


def further_words(prefixes: Sequence[str]) -> str:
    """The condition that a name has further words that begin so."""
    return " AND ".join([HAS_WORD.format(p=database.param)] * len(prefixes)) or "1 = 1"


def listed(values: Collection[str]) -> str:
    """Parameters for a list of values."""
    return ", ".join([database.param] * len(values))


def bounds(prefixes: Iterable[str]) -> list[str]:
    """The bounds of the folded texts that begin so; none of their letters comes after z."""
    return [bound for prefix in prefixes for bound in (prefix, f"{prefix}~")]
