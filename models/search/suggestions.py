"""Suggestions: the records that a name or id was probably meant for."""

from __future__ import annotations

from collections import defaultdict

from rapidfuzz import fuzz, process

from models.database.connection import database, fetch_all
from models.queries.names import JOIN_NAMED_TABLES, NAME_SQL, NAMED_TABLES
from models.search.names import (
    COUNTRY_SQL,
    QUERIES,
    QUERY_COLUMNS,
    NameMatch,
    NameQuery,
    ResolvedName,
    pinned,
)
from models.values.folding import fold

MAX_SUGGESTIONS = 5
# names that are compared with one query
MAX_CANDIDATES = 2000
# the least similarity of a suggestion, of 100
MIN_SIMILARITY = 65
# scores above this have the whole name right
WHOLE_NAME = 101

SUGGEST = f"""
WITH {QUERIES},
candidates AS (
    SELECT queries.n, record.key, queries.folded FROM queries
    JOIN record ON record.type IN {NAMED_TABLES} AND record.id = queries.text
    UNION
    SELECT queries.n, name_key.record, queries.folded FROM queries
    JOIN name_key ON name_key.value = queries.text
    AND name_key.kind IN (queries.former, queries.identifier)
    UNION
    SELECT queries.n, name_key.record, name_key.value FROM queries
    JOIN name_key ON name_key.value = queries.folded AND name_key.kind = queries.name_kind
    UNION
    SELECT * FROM (
        SELECT queries.n, word.record, name.value FROM queries
        JOIN name_key AS word
        ON word.value >= queries.word AND word.value < queries.word || '~'
        AND word.kind = queries.word_kind
        JOIN name_key AS name
        ON name.record = word.record AND name.ordinal = word.ordinal
        AND name.kind = queries.name_kind
        ORDER BY word.value, word.record LIMIT {MAX_CANDIDATES}) AS by_start
)
SELECT candidates.n, candidates.folded, record.type, record.key, record.id, {NAME_SQL},
{COUNTRY_SQL}
FROM candidates JOIN record ON record.key = candidates.key {JOIN_NAMED_TABLES}"""


def suggest(unresolved: list[ResolvedName]) -> None:
    """Give each name the most similar records of all types as suggestions, with one statement."""
    if not unresolved:
        return
    rows = []
    for n, name in enumerate(unresolved):
        text = pinned(name.query).text
        starts: set[str | None] = {word[:2] for word in fold(text).split()[:8]} or {None}
        rows += [{"n": n, "text": text, "folded": fold(text), "word": start} for start in starts]
    sql = SUGGEST.format(queries=database.packed_rows(**QUERY_COLUMNS))
    candidates: dict[int, dict[int, tuple[float, NameMatch]]] = defaultdict(dict)
    for n, folded, *columns in fetch_all(sql, database.pack(rows)):
        match = NameMatch(*columns)
        score = similarity(unresolved[n].query, match, folded)
        if score >= MIN_SIMILARITY and score > candidates[n].get(match.key, (0.0,))[0]:
            candidates[n][match.key] = (score, match)
    for n, name in enumerate(unresolved):
        ranked = sorted(candidates[n].values(), key=lambda scored: (-scored[0], scored[1].key))
        same_name = [match for score, match in ranked if score > WHOLE_NAME]
        name.suggestions = (same_name or [match for _, match in ranked])[:MAX_SUGGESTIONS]


def similarity(query: NameQuery, match: NameMatch, folded: str) -> float:
    """How similar a name is to the query, word by word, or an id as a whole.

    From 0 to 100. The whole name adds 2, a type of the query adds 1.
    """
    text = fold(pinned(query).text)
    by_word = [
        max(fuzz.ratio(word, other) for other in folded.split() or [""]) for word in text.split()
    ]
    mean = sum(by_word) / len(by_word) if by_word else 0
    score = max(mean, fuzz.ratio(text, fold(match.id)))
    return score + 2 * (text == folded) + (match.type in query.types)


def nearest_id(type: str, id: str) -> str | None:
    """The most similar id of this type, among those with the same first letters, then among all."""
    for start in (id[:2], ""):
        rows = fetch_all(
            f"SELECT id FROM record WHERE type = {database.param} AND id >= {database.param}"
            f" AND id < {database.param} ORDER BY id LIMIT {MAX_CANDIDATES}",
            type, start, f"{start}~",
        )  # fmt: skip
        nearest = process.extractOne(
            id[:200], [candidate for (candidate,) in rows], score_cutoff=MIN_SIMILARITY
        )
        if nearest:
            return nearest[0]
    return None
