"""Candidates: the records that a name may stand for, each with a score and a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson

from models.database.connection import database, fetch_all
from models.queries.fetch import fetch_documents
from models.queries.names import NAME_SQL
from models.search.names import (
    COUNTRY_SQL,
    MAX_MATCHES,
    NameMatch,
    NameQuery,
    ResolvedName,
    pinned,
)
from models.search.reasons import REASONS, Pairing
from models.search.resolution import resolve_names
from models.values.folding import fold
from models.values.spelling import script_key, spelling_keys

MAX_CANDIDATES = 20
# the first tier that matches decides; names that no tier matches have suggestions
CANDIDATE_TIERS = tuple(REASONS)
# records with the longest word of a name that matches more records than a list takes
MAX_WITH_WORD = 1000


class Candidate(NamedTuple):
    """A record that a name may stand for; the score is of 100."""

    type: str
    id: str
    name: str
    tier: str
    score: int
    why: str
    document: Mapping[str, Any]

    def public(self) -> dict[str, Any]:
        """The candidate as clients see it: without its document."""
        return {name: value for name, value in self._asdict().items() if name != "document"}


def candidates_of(queries: Iterable[NameQuery]) -> list[list[Candidate]]:
    """The candidates of each name, the best first; clients are shown the first MAX_CANDIDATES.

    Each name is resolved by itself, so that its candidates do not depend on the other names.
    """
    queries = list(queries)
    resolved = {query: resolve_alone(query) for query in dict.fromkeys(queries)}
    matches = [match for name in resolved.values() for match in name.matches or name.suggestions]
    documents = fetch_parsed_documents((match.type, match.id) for match in matches)
    candidates = {query: rank_candidates(name, documents) for query, name in resolved.items()}
    return [candidates[query] for query in queries]


def fetch_parsed_documents(records: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict]:
    """The parsed documents of records, by type and id."""
    bodies = fetch_documents(list(dict.fromkeys(records)))
    return {record: orjson.loads(body) for record, body in bodies.items()}


def resolve_alone(query: NameQuery) -> ResolvedName:
    """A resolved name; if it is too broad, the first records that match are its matches."""
    (resolved,) = resolve_names([query])
    if resolved.too_broad:
        words = resolved.tier == "words"
        resolved.matches = first_with_words(query) if words else first_with_name(resolved)
    return resolved


# each branch of the index in the order of the records
FIRST_WITH_KEY = f"""
SELECT record.type, record.key, record.id, {NAME_SQL}, {COUNTRY_SQL} FROM (
    SELECT name_key.record FROM name_key
    WHERE name_key.value = {{param}} AND name_key.kind = {{param}} AND name_key.type = {{param}}
    ORDER BY name_key.record, name_key.ordinal LIMIT {MAX_MATCHES + 1}) AS with_key
JOIN record ON record.key = with_key.record"""


def first_with_name(resolved: ResolvedName) -> list[NameMatch]:
    """The first records of a name that too many records have, in their order."""
    query = resolved.query
    folded, letters = fold(query.text), script_key(query.text)
    keys = [(folded, "name")]
    if resolved.tier == "spelling":
        keys = [(key, kind) for key in spelling_keys(query.text) for kind in ("name", "spelling")]
    elif letters and resolved.same_script:
        keys = [(letters, "spelling")]
    sql = FIRST_WITH_KEY.format(param=database.param)
    matches = {
        row[1]: NameMatch(*row)
        for key, kind in keys
        for type in query.types
        for row in fetch_all(sql, key, kind, type)
    }
    return [matches[key] for key in sorted(matches)][: MAX_MATCHES + 1]


# a word of one type is a range of the index, in the order of the records
FIRST_WITH_WORD = f"""
SELECT record.type, record.key, record.id, {NAME_SQL}, {COUNTRY_SQL} FROM (
    SELECT DISTINCT record, ordinal FROM (
        SELECT name_key.record, name_key.ordinal FROM name_key
        WHERE name_key.value = {{param}} AND name_key.kind = 'word' AND name_key.type = {{param}}
        ORDER BY name_key.record, name_key.ordinal LIMIT {MAX_WITH_WORD}) AS with_word
    WHERE {{param}} = (
        SELECT COUNT(*) FROM name_key AS word
        WHERE word.record = with_word.record AND word.ordinal = with_word.ordinal
        AND word.kind = 'word' AND {{position}}({{param}}, ' ' || word.value || ' ') > 0)
) AS with_words JOIN record ON record.key = with_words.record
ORDER BY record.key"""


def first_with_words(query: NameQuery) -> list[NameMatch]:
    """The first records whose names have all words of a name, among those with its longest word."""
    words = sorted(set(fold(query.text).split()), key=lambda word: (-len(word), word))
    sql = FIRST_WITH_WORD.format(param=database.param, position=database.position)
    matches: dict[int, NameMatch] = {}
    for type in query.types:
        for columns in fetch_all(sql, words[0], type, len(words), f" {' '.join(words)} "):
            match = NameMatch(*columns)
            matches[match.key] = match
    return [matches[key] for key in sorted(matches)]


def rank_candidates(
    resolved: ResolvedName, documents: Mapping[tuple[str, str], dict]
) -> list[Candidate]:
    """The candidates of a resolved name, by score, then in the order of their records."""
    tier = "suggestion" if resolved.tier == "none" else resolved.tier
    query = pinned(resolved.query)
    candidates = []
    for match in resolved.matches or resolved.suggestions:
        document = documents[match.type, match.id]
        reason = REASONS[tier](Pairing(query.text, query.types, match, document))
        candidates.append(Candidate(match.type, match.id, match.name, tier, *reason, document))
    return sorted(candidates, key=lambda candidate: -candidate.score)
