"""Suggestions: the records that a name or id was probably meant for."""

from __future__ import annotations

from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from models.database.connection import database, fetch_all
from models.database.deadline import check_deadline
from models.queries.names import LONG_NAMED, NAME_SQL, NAMED_TABLES
from models.search.misspellings import probes
from models.search.names import COUNTRY_SQL, NameMatch, NameQuery, ResolvedName, pinned
from models.values.folding import fold
from models.values.spelling import spelling_keys

MAX_SUGGESTIONS = 5
# the least similarity of a suggestion, of 100
MIN_SIMILARITY = 65
# limits for a type that the query may name, and for another type:
# the first records with a word in their names
WITH_WORD, OTHERS_WITH_WORD = 300, 30
# names that are compared with the query
COMPARED, OTHERS_COMPARED = 100, 20
# keys with the same first letters; more are not read
MAX_SAME_START = 1000

PROBE_COLUMNS = {"n": "integer", "kind": "text", "value": "text", "below": "text"}
TYPE_COLUMNS = {"n": "integer", "type": "text", "is_asked": "integer"}

# the record after the first ones with a word
RECORD_AT = """SELECT name_key.record FROM name_key WHERE name_key.value = words.value
        AND name_key.kind = words.word_kind AND name_key.type = types.type
        ORDER BY name_key.record LIMIT 1 OFFSET"""

# the kinds are columns, as in QUERIES; SQLite looks CROSS JOINs up in the order given, whatever
# its statistics say
SUGGEST = f"""
WITH probes AS MATERIALIZED (
    SELECT input.*, 'former' AS former, 'identifier' AS identifier, 'name' AS name_kind,
    'spelling' AS spelling_kind, 'word' AS word_kind FROM {{probes}} AS input
),
types AS MATERIALIZED (SELECT * FROM {{types}} AS input),
words AS MATERIALIZED (
    SELECT n, value, word_kind FROM probes WHERE kind = 'word' AND EXISTS (
        SELECT 1 FROM name_key
        WHERE name_key.value = probes.value AND name_key.kind = probes.word_kind)
),
words_by_type AS MATERIALIZED (
    SELECT words.n, words.value, words.word_kind, types.type, COALESCE(
        CASE types.is_asked WHEN 1 THEN ({RECORD_AT} {WITH_WORD})
        ELSE ({RECORD_AT} {OTHERS_WITH_WORD}) END, 2147483647) AS below
    FROM words JOIN types ON types.n = words.n
),
rare_starts AS MATERIALIZED (
    SELECT n, value, below, word_kind FROM probes WHERE kind = 'start' AND (
        SELECT COUNT(*) FROM (
            SELECT 1 FROM name_key
            WHERE name_key.value >= probes.value AND name_key.value < probes.below
            LIMIT {MAX_SAME_START + 1}) AS same_start) <= {MAX_SAME_START}
),
hits AS (
    SELECT probes.n, record.type, record.key AS record, -1 AS ordinal, NULL AS value, 9 AS weight
    FROM probes CROSS JOIN record
    WHERE probes.kind = 'id' AND record.type IN {NAMED_TABLES} AND record.id = probes.value
    UNION ALL
    SELECT probes.n, name_key.type, name_key.record, -1, NULL, 9 FROM probes CROSS JOIN name_key
    WHERE probes.kind = 'id' AND name_key.value = probes.value
    AND name_key.kind IN (probes.former, probes.identifier)
    UNION ALL
    SELECT probes.n, name_key.type, name_key.record, name_key.ordinal, name_key.value, 99
    FROM probes CROSS JOIN name_key
    WHERE probes.kind = 'name' AND name_key.value = probes.value
    AND name_key.kind IN (probes.name_kind, probes.spelling_kind)
    UNION ALL
    SELECT words_by_type.n, name_key.type, name_key.record, name_key.ordinal, NULL, 2
    FROM words_by_type CROSS JOIN name_key
    WHERE name_key.value = words_by_type.value AND name_key.kind = words_by_type.word_kind
    AND name_key.type = words_by_type.type AND name_key.record < words_by_type.below
    UNION ALL
    SELECT rare_starts.n, name_key.type, name_key.record, name_key.ordinal, NULL, 1
    FROM rare_starts CROSS JOIN name_key
    WHERE name_key.value >= rare_starts.value AND name_key.value < rare_starts.below
    AND name_key.kind = rare_starts.word_kind
),
ranked AS (
    SELECT n, type, record, ordinal, MIN(value) AS value, 'name' AS name_kind, ROW_NUMBER() OVER (
        PARTITION BY n, type ORDER BY SUM(weight) DESC, record, ordinal) AS place
    FROM hits GROUP BY n, type, record, ordinal
)
SELECT ranked.n, COALESCE(ranked.value, name.value), record.type, record.key, record.id,
{NAME_SQL}, {COUNTRY_SQL}
FROM ranked CROSS JOIN types CROSS JOIN record
LEFT JOIN name_key AS name ON name.record = ranked.record
AND name.kind = ranked.name_kind AND name.ordinal = ranked.ordinal
WHERE types.n = ranked.n AND types.type = ranked.type AND record.key = ranked.record
AND ranked.place <= CASE types.is_asked WHEN 1 THEN {COMPARED} ELSE {OTHERS_COMPARED} END"""


class Rank(NamedTuple):
    """How well a record fits a query; the first difference decides."""

    # the whole name or id is right
    is_whole: bool
    # of a type that the query may name
    is_asked: bool
    # of a type whose names are short
    is_short_named: bool
    # the name or id has one wrong, missing, extra or swapped letter
    is_one_slip: bool
    # of the words, of 100
    similarity: float
    # of the whole name, of 100
    whole_similarity: float


def suggest(unresolved: list[ResolvedName]) -> None:
    """Give each name the most similar records as suggestions, with one statement.

    Records with one slip are looked up in the index by all texts that are one slip away, so that
    the first letter may be wrong and the number of names does not matter. Other candidates share
    a word, a word with one slip, or the first letters of a word with the query.
    """
    if not unresolved:
        return
    queries = [pinned(name.query) for name in unresolved]
    ranks: list[dict[int, Rank]] = [{} for _ in queries]
    matches: dict[int, NameMatch] = {}
    for n, name_key, *columns in fetch_all(*suggestion_query(queries)):
        check_deadline()
        match = NameMatch(*columns)
        rank = rank_match(queries[n].text, unresolved[n].query.types, match, name_key)
        if rank.similarity >= MIN_SIMILARITY and rank > ranks[n].get(match.key, ()):
            ranks[n][match.key] = rank
            matches[match.key] = match
    for name, rank_by_key in zip(unresolved, ranks, strict=True):
        name.suggestions = [matches[key] for key in best_keys(rank_by_key)]


def suggestion_query(queries: list[NameQuery]) -> tuple[str, str, str]:
    """SQL for the candidates of these queries, with its parameters."""
    probe_rows = [
        {"n": n, **probe} for n, query in enumerate(queries) for probe in probes(query.text)
    ]
    type_rows = [
        {"n": n, "type": type, "is_asked": int(type in query.types)}
        for n, query in enumerate(queries)
        for type in NAMED_TABLES
    ]
    sql = SUGGEST.format(
        probes=database.packed_rows(**PROBE_COLUMNS), types=database.packed_rows(**TYPE_COLUMNS)
    )
    return sql, database.pack(probe_rows), database.pack(type_rows)


def rank_match(text: str, types: tuple[str, ...], match: NameMatch, name_key: str | None) -> Rank:
    """The rank of a record by the key of one of its names, or without a name by its id."""
    plain, plain_id = fold(text), fold(match.id)
    is_whole = name_key is None or name_key in (plain, *spelling_keys(text))
    folded = fold(name_key or "")
    words = [max(fuzz.ratio(word, other) for other in folded.split() or [""])
             for word in plain.split()]  # fmt: skip
    whole = max(fuzz.ratio(plain, folded), fuzz.ratio(plain, plain_id))
    joined = plain.replace(" ", "")
    slips = min(
        OSA.distance(joined, other.replace(" ", ""), score_cutoff=1) for other in (folded, plain_id)
    )
    return Rank(
        is_whole=is_whole,
        is_asked=match.type in types,
        is_short_named=match.type not in LONG_NAMED,
        is_one_slip=slips <= 1,
        similarity=100 if is_whole else max(sum(words) / len(words) if words else 0, whole),
        whole_similarity=whole,
    )


def best_keys(ranks: dict[int, Rank]) -> list[int]:
    """The keys of the best records; of equal ones, those that entered first.

    Beside a whole name, only names of the types asked are suggested. Without one, similar names of
    these types leave the last place to a name of another type that has only one slip.
    """
    keys = sorted(sorted(ranks), key=lambda key: ranks[key], reverse=True)
    if keys and ranks[keys[0]].is_whole:
        keys = [key for key in keys if ranks[key].is_whole or ranks[key].is_asked]
    best, rest = keys[:MAX_SUGGESTIONS], keys[MAX_SUGGESTIONS:]
    if all(ranks[key].is_asked for key in best):
        of_other_types = [key for key in rest if ranks[key].is_one_slip and not ranks[key].is_asked]
        best[-1:] = of_other_types[:1] or best[-1:]
    return best
