"""The index of names: records by how the words of their names begin, and by their claims."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from models.database.connection import database, fetch_all
from models.queries.names import LONG_NAMED, NAMED_TABLES

# keys of the index that begin so; more are not read
MAX_KEYS = 5000
# keys whose records are ranked by their claims
MAX_RANKED = 1000

# `hit` is a word of a name: record, type, ordinal
CLAIM_COUNT = "CASE hit.type {} END".format(
    " ".join(
        f"WHEN '{type}' THEN (SELECT claim_count FROM {type} WHERE key = hit.record)"
        for type in NAMED_TABLES
    )
)
HAS_WORD = (
    "EXISTS (SELECT 1 FROM name_key AS word WHERE word.record = hit.record"
    " AND word.value >= {p} AND word.value < {p}"
    " AND word.kind = 'word' AND word.ordinal = hit.ordinal)"
)
WORDS = (
    "(SELECT * FROM (SELECT record, type, ordinal, kind FROM name_key"
    " WHERE value >= {p} AND value < {p} LIMIT {max_keys}) AS keys"
    " WHERE kind = 'word' AND type IN ({types}))"
)
BEST_WITH_WORDS = (
    f"SELECT DISTINCT hit.record, hit.type, {CLAIM_COUNT} AS claim_count,"
    f" hit.type IN {LONG_NAMED} AS is_long_named FROM {WORDS} AS hit"
    " WHERE {conditions} ORDER BY is_long_named, claim_count DESC, hit.record LIMIT {limit}"
)
# records of one type that have names with words that begin so, looked for among those with the
# most claims
LEADING = """
SELECT leader.key, '{type}', leader.claim_count FROM {type} AS leader
WHERE (leader.claim_count, leader.key) >= (
    COALESCE((SELECT claim_count {last}), 0), COALESCE((SELECT key {last}), 0))
AND EXISTS (SELECT 1 FROM name_key AS hit WHERE hit.record = leader.key
    AND hit.value >= {p} AND hit.value < {p} AND hit.kind = 'word' AND {conditions})
ORDER BY leader.claim_count DESC, leader.key DESC LIMIT {limit}"""
LAST_LEADER = "FROM {type} ORDER BY claim_count DESC, key DESC LIMIT 1 OFFSET {count}"
SPELT = (
    f"SELECT DISTINCT hit.record, hit.type, {CLAIM_COUNT} AS claim_count FROM name_key AS hit"
    " WHERE hit.value IN ({spellings}) AND hit.kind IN ('name', 'spelling')"
    " AND hit.type IN ({types}) ORDER BY claim_count DESC, hit.record LIMIT {limit}"
)
JOIN_NAME = (
    " JOIN name_key AS name ON name.record = hit.record AND name.kind = 'name'"
    " AND name.ordinal = hit.ordinal"
)
NAMES_WITH_WORDS = (
    f"SELECT hit.record, hit.type, {CLAIM_COUNT}, name.value FROM {WORDS} AS hit {JOIN_NAME}"
    " WHERE {conditions} LIMIT {limit}"
)
NAMES_WITH_ANY_WORD = (
    f"SELECT hit.record, hit.type, {CLAIM_COUNT}, name.value"
    " FROM (SELECT DISTINCT * FROM (SELECT record, type, ordinal, kind"
    "  FROM {prefixes} AS prefixes CROSS JOIN name_key"
    "  WHERE name_key.value >= prefixes.first AND name_key.value < prefixes.below"
    f"  LIMIT {MAX_KEYS}) AS keys WHERE kind = 'word' AND type IN ({{types}})) AS hit"
    f" {JOIN_NAME} WHERE {{conditions}} LIMIT {{limit}}"
)


class RankedRecord(NamedTuple):
    """A record by what ranks it."""

    key: int
    type: str
    claim_count: int


class IndexedName(NamedTuple):
    """One name of a record, folded, and what ranks the record."""

    key: int
    type: str
    claim_count: int
    name: str


def spelt_so(spellings: Collection[str], types: Sequence[str], limit: int) -> list[RankedRecord]:
    """Records with one of these folded names or other spellings."""
    if not (spellings and types):
        return []
    sql = SPELT.format(spellings=listed(spellings), types=listed(types), limit=limit)
    return [RankedRecord(*row) for row in fetch_all(sql, *spellings, *types)]


def count_keys(prefix: str) -> int:
    """How many keys of the index begin so, counted up to one more than are read."""
    p = database.param
    (row,) = fetch_all(
        "SELECT COUNT(*) FROM (SELECT 1 FROM name_key"
        f" WHERE value >= {p} AND value < {p} LIMIT {MAX_RANKED + 1}) AS keys",
        *prefix_range(prefix),
    )
    return row[0]


def best_with_words(
    prefixes: Sequence[str], types: Sequence[str], limit: int
) -> list[RankedRecord]:
    """The best records among those with one name whose words begin so.

    Sentences and titles come after other names, and records with more claims first. It reads the
    keys that begin like the first word.
    """
    rows = select_with_words(BEST_WITH_WORDS, prefixes, types, limit, MAX_RANKED)
    return [RankedRecord(*columns) for *columns, _ in rows]


def names_with_words(
    prefixes: Sequence[str], types: Sequence[str], limit: int
) -> list[IndexedName]:
    """At most `limit` names whose words begin so."""
    rows = select_with_words(NAMES_WITH_WORDS, prefixes, types, limit, MAX_KEYS)
    return [IndexedName(*row) for row in rows]


def select_with_words(
    statement: str, prefixes: Sequence[str], types: Sequence[str], limit: int, max_keys: int
) -> list[tuple]:
    p = database.param
    sql = statement.format(
        p=p,
        types=listed(types),
        conditions=word_conditions(len(prefixes) - 1),
        limit=limit,
        max_keys=max_keys,
    )
    return fetch_all(sql, *bounds(prefixes[:1]), *types, *bounds(prefixes[1:]))


def leaders_with_words(
    prefixes: Sequence[str], type: str, count: int, limit: int
) -> list[RankedRecord]:
    """Those of the `count` records of a type with the most claims that have a name with words
    that begin so."""
    last = LAST_LEADER.format(type=type, count=count)
    sql = LEADING.format(
        p=database.param,
        type=type,
        last=last,
        conditions=word_conditions(len(prefixes) - 1),
        limit=limit,
    )
    return [RankedRecord(*row) for row in fetch_all(sql, *bounds(prefixes))]


def names_with_any_word(
    prefixes: Iterable[str], more_words: Sequence[str], types: Sequence[str], limit: int
) -> list[IndexedName]:
    """At most `limit` names with a word that begins in one of some ways, and with more words."""
    sql = NAMES_WITH_ANY_WORD.format(
        prefixes=database.packed_rows(first="text", below="text"),
        types=listed(types),
        conditions=word_conditions(len(more_words)),
        limit=limit,
    )
    ranges = map(prefix_range, prefixes)
    packed = database.pack({"first": first, "below": below} for first, below in ranges)
    return [IndexedName(*row) for row in fetch_all(sql, packed, *types, *bounds(more_words))]


def word_conditions(count: int) -> str:
    return " AND ".join([HAS_WORD.format(p=database.param)] * count) or "1 = 1"


def listed(values: Collection[str]) -> str:
    """Parameters for a list of values."""
    return ", ".join([database.param] * len(values))


def bounds(prefixes: Iterable[str]) -> list[str]:
    return [bound for prefix in prefixes for bound in prefix_range(prefix)]


def prefix_range(prefix: str) -> tuple[str, str]:
    """The bounds of folded texts that begin so; none of their characters comes after z."""
    return prefix, f"{prefix}~"
