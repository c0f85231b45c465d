"""Name resolution: which records a name, alias, id or external identifier stands for."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from models.database.connection import database, fetch_all
from models.queries.names import NAME_SQL, NAMED_TABLES
from models.search.names import (
    COUNTRY_SQL,
    MAX_MATCHES,
    QUERIES,
    QUERY_COLUMNS,
    NameMatch,
    NameQuery,
    ResolvedName,
    pinned,
)
from models.search.suggestions import suggest
from models.values.folding import fold
from models.values.spelling import script_key, spelling_keys

COUNTRY_CODE = re.compile("[A-Za-z]{2}")
# the first tier that matches decides
TIERS = ("id", "name", "spelling", "words", "none")
# in place of a tier: a name with the same letters in another script than Latin
SAME_SCRIPT = len(TIERS)


def resolve_names(queries: Iterable[NameQuery]) -> list[ResolvedName]:
    """Resolve names with one statement; those without a match have suggestions, with one more."""
    resolved = match_names(queries)
    suggest([name for name in resolved if name.tier == "none"])
    return resolved


def match_names(queries: Iterable[NameQuery]) -> list[ResolvedName]:
    """Resolve names, tier by tier, with one statement and without suggestions.

    The tiers:
    - an exact id, former id or identifier,
    - an exact folded name or alias; of names in another script than Latin, those with the same
      letters, if there are any,
    - another spelling of a name, or the code of a state,
    - all words of the query among the words of one name.
    """
    resolved = [ResolvedName(query) for query in queries]
    if not resolved:
        return []
    limit = MAX_MATCHES * len(resolved) + 1
    rows = fetch_matches(resolved, limit)
    if len(resolved) > 1 and limit in Counter(tier for _, tier, *_ in rows).values():
        # a broad name may have left no row to the others
        return [name for query in resolved for name in match_names([query.query])]
    matches: dict[tuple[int, int], dict[int, NameMatch]] = defaultdict(dict)
    for n, tier, *match in rows:
        matches[n, tier][match[1]] = NameMatch(*match)
    for n, name in enumerate(resolved):
        tier = next((tier for tier in range(len(TIERS)) if matches[n, tier]), TIERS.index("none"))
        name.tier = TIERS[tier]
        by_key = matches[n, tier]
        if name.tier == "name" and matches[n, SAME_SCRIPT]:
            name.same_script, by_key = True, matches[n, SAME_SCRIPT]
        name.matches = [by_key[key] for key in sorted(by_key)]
    return resolved


def fetch_matches(resolved: list[ResolvedName], limit: int) -> list[tuple]:
    """The matches of all tiers, with the number of their name; at most `limit` of each tier."""
    sql = RESOLVE.format(
        queries=database.packed_rows(len(resolved), **QUERY_COLUMNS),
        limit=limit,
        position=database.position,
    )
    return list(fetch_all(sql, database.pack(query_rows(resolved))))


def query_rows(resolved: list[ResolvedName]) -> list[dict]:
    """The rows of the table `queries` in RESOLVE; the longest word is looked up first."""
    rows = []
    for n, name in enumerate(resolved):
        query = pinned(name.query)
        row = {"n": n, "types": f" {' '.join(query.types)} ", "text": query.text}
        rows.append(row if query.id_only else row | name_columns(query.text))
    return rows


def name_columns(text: str) -> dict:
    """The columns of a query that may give a name: all but its id."""
    folded = fold(text)
    words = sorted(set(folded.split()), key=lambda word: (-len(word), word))
    joined, *spelled_out = spelling_keys(text)
    return {
        "folded": folded,
        "joined": joined or None,
        "spelled_out": spelled_out[0] if spelled_out else None,
        "code": text.upper() if COUNTRY_CODE.fullmatch(text) else None,
        "script": script_key(text),
        "word": words[0] if words else None,
        "words": f" {' '.join(words)} ",
        "size": len(words),
    }


TYPE_FITS = "{{position}}(queries.types, ' ' || {}.type || ' ') > 0"

RESOLVE = f"""
WITH {QUERIES},
exact AS (
    SELECT queries.n, 0 AS tier, record.key FROM queries
    JOIN record ON record.type IN {NAMED_TABLES} AND record.id = queries.text
    WHERE {TYPE_FITS.format("record")}
    UNION ALL
    SELECT queries.n, 0, name_key.record FROM queries
    JOIN name_key ON name_key.value = queries.text
    AND name_key.kind IN (queries.former, queries.identifier)
    WHERE {TYPE_FITS.format("name_key")}
    UNION ALL
    SELECT * FROM (
        SELECT queries.n, 1, name_key.record FROM queries
        JOIN name_key ON name_key.value = queries.folded AND name_key.kind = queries.name_kind
        WHERE {TYPE_FITS.format("name_key")}
        LIMIT {{limit}}) AS by_name
    UNION ALL
    SELECT * FROM (
        SELECT DISTINCT queries.n, 2, name_key.record FROM queries CROSS JOIN name_key
        WHERE name_key.value IN (queries.joined, queries.spelled_out, queries.code)
        AND name_key.kind IN (queries.name_kind, queries.spelling_kind)
        AND {TYPE_FITS.format("name_key")}
        LIMIT {{limit}}) AS by_spelling
),
matches AS (
    SELECT n, tier, key FROM exact
    UNION ALL
    SELECT * FROM (
        SELECT DISTINCT queries.n, {SAME_SCRIPT}, name_key.record FROM queries
        CROSS JOIN name_key
        WHERE name_key.value = queries.script AND name_key.kind = queries.spelling_kind
        AND {TYPE_FITS.format("name_key")}
        AND EXISTS (
            SELECT 1 FROM name_key AS name
            WHERE name.value = queries.folded AND name.kind = queries.name_kind
            AND name.type = name_key.type AND name.record = name_key.record)
        LIMIT {{limit}}) AS by_script
    UNION ALL
    SELECT * FROM (
        SELECT DISTINCT queries.n, 3, name_key.record FROM queries
        JOIN name_key ON name_key.value = queries.word AND name_key.kind = queries.word_kind
        WHERE {TYPE_FITS.format("name_key")}
        AND queries.n NOT IN (SELECT exact.n FROM exact)
        AND queries.size = (
            SELECT COUNT(*) FROM name_key AS word
            WHERE word.record = name_key.record AND word.ordinal = name_key.ordinal
            AND word.kind = 'word'
            AND {{position}}(queries.words, ' ' || word.value || ' ') > 0)
        LIMIT {{limit}}) AS by_words
)
SELECT matches.n, matches.tier, record.type, record.key, record.id, {NAME_SQL}, {COUNTRY_SQL}
FROM matches JOIN record ON record.key = matches.key"""
