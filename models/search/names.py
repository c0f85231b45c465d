"""How records are found by what people call them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from anyascii import anyascii
from peewee import SQL, CompositeKey, IntegerField, TextField
from rapidfuzz import fuzz, process

from models.base import TYPES, Base, Record, database, one_of, reference, rows

TIERS = ("id", "name", "words", "none")
THINGS = tuple(type for type in TYPES if type != "claim")
MATCHES_SHOWN = 20
MATCHES_AT_MOST = 100
SUGGESTIONS = 5
CANDIDATES = 2000
LIKE_ENOUGH = 65
# letters of a folded name
LONGEST = 2000
# the likeness of a whole name, beyond that of one with further words
WHOLE = 101


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """A name without case, diacritics, script and punctuation: `O’Brien-Işık` → `obrien isik`.

    Of long ones as much as an index of either engine takes: a letter can become several.
    """
    plain = anyascii(unicodedata.normalize("NFKC", text)).casefold()
    folded = " ".join(re.sub(r"[^0-9a-z]+", " ", re.sub(r"['`.]", "", plain)).split())
    return folded[:LONGEST].rstrip()


def sorting(name: str) -> str:
    """What a name is sorted by: its folded form, as much of it as a cursor holds."""
    return fold(name)[:500]


class Handle(Base):
    """What a record can be asked for by, besides its id: one row each.

    `former` and `identifier` (`wikidata:Q57792`) are unique within a type; `name` is a folded
    name or alias, and `word` one word of it. `ordinal` tells names apart, and keeps the order.
    """

    value = TextField()
    kind = TextField(constraints=[one_of("kind", ("former", "identifier", "name", "word"))])
    type = TextField()
    record = reference(Record)
    ordinal = IntegerField()

    class Meta:
        primary_key = CompositeKey("value", "kind", "type", "record", "ordinal")
        without_rowid = True


Handle.add_index(Handle.record, name="handle_record")
Handle.add_index(
    Handle.type,
    Handle.value,
    unique=True,
    where=SQL("kind IN ('former', 'identifier')"),
    name="handle_unique",
)


def handles(type: str, key: int, record: dict) -> list[tuple]:
    """The rows of `handle` for a record in seed form."""
    found = [("former", id) for id in record.get("former_ids", ())]
    found += [
        ("identifier", f"{one['scheme']}:{one['identifier']}")
        for one in record.get("identifiers", ())
    ]
    numbered = [(value, kind, type, key, n) for n, (kind, value) in enumerate(found)]
    if type != "claim":
        for n, name in enumerate(dict.fromkeys(map(fold, names_of(record)))):
            numbered.append((name, "name", type, key, n))
            numbered += [(word, "word", type, key, n) for word in set(name.split())]
    return numbered


def names_of(record: dict) -> list[str]:
    """A record's name and aliases; a source's title and a position's text are their names."""
    own = record.get("name") or record.get("title") or record.get("text")
    return [own, *record.get("aliases", ())]


@dataclass(frozen=True)
class Asked:
    """One value of a filter that names a thing: what was asked, of which types, in or out."""

    text: str
    types: tuple[str, ...]
    exclude: bool = False
    # an id, and no name
    exact: bool = False


@dataclass
class Match:
    type: str
    key: int
    id: str
    name: str
    # of a state
    country: str | None = None


@dataclass
class Resolved:
    """How one value was understood: the tier that found something, and what it found."""

    asked: Asked
    tier: str = "none"
    matches: list[Match] = field(default_factory=list)
    suggestions: list[Match] = field(default_factory=list)

    @property
    def too_broad(self) -> bool:
        return len(self.matches) > MATCHES_AT_MOST


def pinned(asked: Asked) -> Asked:
    """`actor:mark-rutte` says its type: it asks for that id there."""
    type, _, id = asked.text.partition(":")
    pins = {"actor", "organization"} & set(asked.types)
    return Asked(id, (type,), asked.exclude, True) if type in pins and id else asked


def resolve(values: Iterable[Asked]) -> list[Resolved]:
    """Find what each value names, tier by tier: one statement, one more where one found nothing.

    Tiers, the first that matches decides: exact id, former id or identifier; exact folded name or
    alias; all words of the value among the words of one name.
    """
    resolved = [Resolved(value) for value in values]
    if not resolved:
        return []
    found: dict[tuple[int, str], dict[int, Match]] = defaultdict(dict)
    limit = MATCHES_AT_MOST * len(resolved) + 1
    asked = database.columns(**QUESTION)
    sql = RESOLVE.format(asked=asked, limit=limit, position=database.position)
    for n, tier, *match in rows(sql, database.pack(questions(resolved))):
        found[n, TIERS[tier]][match[1]] = Match(*match)
    for n, one in enumerate(resolved):
        one.tier = next((tier for tier in TIERS if found[n, tier]), "none")
        one.matches = sorted(found[n, one.tier].values(), key=lambda match: match.key)
    missed = [one for one in resolved if one.tier == "none"]
    if missed:
        suggest(missed)
    return resolved


def questions(resolved: list[Resolved]) -> list[dict]:
    asked = []
    for n, one in enumerate(resolved):
        value = pinned(one.asked)
        words = sorted(set(fold(value.text).split()), key=lambda word: (-len(word), word))
        asked.append(
            {
                "n": n,
                "types": f" {' '.join(value.types)} ",
                "text": value.text,
                "folded": None if value.exact else fold(value.text),
                "word": words[0] if words and not value.exact else None,
                "words": f" {' '.join(words)} ",
                "size": len(words),
            }
        )
    return asked


# a record's name, whatever its type
NAME = (
    "COALESCE(actor.name, organization.name, event.name, source.title, topic.name, position.text)"
)
COUNTRY = "CASE organization.kind WHEN 'state' THEN organization.country END"
NAMED = "\n".join(f"LEFT JOIN {type} ON {type}.key = record.key" for type in THINGS)
QUESTION = {
    "n": "integer",
    "types": "text",
    "text": "text",
    "folded": "text",
    "word": "text",
    "words": "text",
    "size": "integer",
}
WANTED = "{{position}}(asked.types, ' ' || {}.type || ' ') > 0"

# kinds of handles stand beside the question: with a constant in a join, SQLite would take the whole
# table of handles for a filter first
ASKED = (
    "asked AS (SELECT question.*, 'former' AS former, 'identifier' AS identifier,"
    " 'name' AS a_name, 'word' AS a_word FROM {asked} AS question)"
)

RESOLVE = f"""
WITH {ASKED},
exact AS (
    SELECT asked.n, 0 AS tier, record.key FROM asked
    JOIN record ON record.type IN {THINGS} AND record.id = asked.text
    WHERE {WANTED.format("record")}
    UNION ALL
    SELECT asked.n, 0, handle.record FROM asked
    JOIN handle ON handle.value = asked.text AND handle.kind IN (asked.former, asked.identifier)
    WHERE {WANTED.format("handle")}
    UNION ALL
    SELECT asked.n, 1, handle.record FROM asked
    JOIN handle ON handle.value = asked.folded AND handle.kind = asked.a_name
    WHERE {WANTED.format("handle")}
),
found AS (
    SELECT n, tier, key FROM exact
    UNION ALL
    SELECT * FROM (
        SELECT DISTINCT asked.n, 2, handle.record FROM asked
        JOIN handle ON handle.value = asked.word AND handle.kind = asked.a_word
        WHERE {WANTED.format("handle")}
        AND NOT EXISTS (SELECT 1 FROM exact WHERE exact.n = asked.n)
        AND asked.size = (
            SELECT COUNT(*) FROM handle AS other
            WHERE other.record = handle.record AND other.ordinal = handle.ordinal
            AND other.kind = 'word' AND {{position}}(asked.words, ' ' || other.value || ' ') > 0)
        LIMIT {{limit}}) AS by_words
)
SELECT found.n, found.tier, record.type, record.key, record.id, {NAME}, {COUNTRY}
FROM found JOIN record ON record.key = found.key {NAMED}"""

SUGGEST = f"""
WITH {ASKED},
near AS (
    SELECT asked.n, record.key, asked.folded FROM asked
    JOIN record ON record.type IN {THINGS} AND record.id = asked.text
    UNION
    SELECT asked.n, handle.record, asked.folded FROM asked
    JOIN handle ON handle.value = asked.text AND handle.kind IN (asked.former, asked.identifier)
    UNION
    SELECT asked.n, handle.record, handle.value FROM asked
    JOIN handle ON handle.value = asked.folded AND handle.kind = asked.a_name
    UNION
    SELECT * FROM (
        SELECT asked.n, word.record, name.value FROM asked
        JOIN handle AS word
        ON word.value >= asked.word AND word.value < asked.word || '~'
        AND word.kind = asked.a_word
        JOIN handle AS name
        ON name.record = word.record AND name.ordinal = word.ordinal AND name.kind = asked.a_name
        ORDER BY word.value, word.record LIMIT {CANDIDATES}) AS by_start
)
SELECT near.n, near.folded, record.type, record.key, record.id, {NAME}, {COUNTRY}
FROM near JOIN record ON record.key = near.key {NAMED}"""


def suggest(missed: list[Resolved]) -> None:
    """Give what found nothing its nearest names of all types, the nearest first; one statement."""
    asked = []
    for n, one in enumerate(missed):
        id = pinned(one.asked).text
        starts: set[str | None] = {word[:2] for word in fold(id).split()[:8]} or {None}
        asked += [{"n": n, "text": id, "folded": fold(id), "word": start} for start in starts]
    sql = SUGGEST.format(asked=database.columns(**QUESTION))
    near: dict[int, dict[int, tuple[float, Match]]] = defaultdict(dict)
    for n, folded, *found in rows(sql, database.pack(asked)):
        match = Match(*found)
        score = likeness(missed[n].asked, match, folded)
        if score >= LIKE_ENOUGH and score > near[n].get(match.key, (0.0,))[0]:
            near[n][match.key] = (score, match)
    for n, one in enumerate(missed):
        ranked = sorted(near[n].values(), key=lambda scored: (-scored[0], scored[1].key))
        same = [match for score, match in ranked if score > WHOLE]
        one.suggestions = (same or [match for _, match in ranked])[:SUGGESTIONS]


def likeness(asked: Asked, match: Match, folded: str) -> float:
    """How near a name is to what was asked: word by word, or the whole as an id; 0 to 100, and more
    for a whole name.
    """
    text = fold(pinned(asked).text)
    words = text.split()
    near = [max(fuzz.ratio(word, other) for other in folded.split() or [""]) for word in words]
    likeness = max(sum(near) / len(near) if near else 0, fuzz.ratio(text, fold(match.id)))
    # of two equals, first the one without further words, then the one that the filter asked for
    return likeness + 2 * (text == folded) + (match.type in asked.types)


def nearest_id(type: str, id: str) -> str | None:
    """The most similar id of this type, looked for among those that begin alike, then among all."""
    for start in (id[:2], ""):
        found = rows(
            f"SELECT id FROM record WHERE type = {database.param} AND id >= {database.param}"
            f" AND id < {database.param} ORDER BY id LIMIT {CANDIDATES}",
            type, start, f"{start}~",
        )  # fmt: skip
        near = process.extractOne(id[:200], [one for (one,) in found], score_cutoff=LIKE_ENOUGH)
        if near:
            return near[0]
    return None
