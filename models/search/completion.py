"""Completion: the records whose names a text is the beginning of, in spite of slips.

Each word of the text begins a word of one name. Whole names come first, sentences and titles last,
and among each records with more claims first. Where no name
begins so, words may have slips: one in a word of 4 to 7 letters, two in a longer one. A slip is a
wrong, missing, extra or swapped letter (optimal string alignment).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from models.queries.names import LONG_NAMED
from models.search.misspellings import neighbours
from models.search.name_index import (
    MAX_RANKED,
    IndexedName,
    RankedRecord,
    best_with_words,
    count_keys,
    leaders_with_words,
    names_with_any_word,
    names_with_words,
    spelt_so,
)
from models.values.folding import fold
from models.values.spelling import spelling_keys

# words of a text that must match; more do not tell names apart
MAX_WORDS = 8
# of a type: the records with the most claims, which are looked through where too many names match
LEADERS = 500
# names that are compared with a misspelt text
MAX_NAMES = 300
# a word with more keys is not the one to look for, where others may have slips
MAX_COMPARED = 400
# letters of a word that may have a slip, and of one that may have two
ONE_SLIP, TWO_SLIPS = 4, 8
# of two slips, at most one may be among the first letters
START = 5


class Completion(NamedTuple):
    """A record that a text completes to; the least is the best."""

    slips: int
    # whether the text is less than a whole name or spelling
    is_part: bool
    # of misspelt words: the slips of the whole words
    whole_slips: int
    is_long_named: bool
    negative_claim_count: int
    key: int


def complete(text: str, types: Sequence[str], limit: int) -> list[int]:
    """The keys of at most `limit` records of some types, the best first."""
    words = rarest_first(query_words(text))
    if not words:
        return []
    spelt = records_with_name(text, types, limit)
    completions = [as_completion(record, 0, is_part=False) for record in spelt]
    completions += [as_completion(record, 0) for record in begun(words, types, limit)]
    return keys_in_order(completions or with_slips(words, types))[:limit]


def as_completion(
    record: RankedRecord | IndexedName, slips: int, whole_slips: int = 0, *, is_part: bool = True
) -> Completion:
    is_long_named = record.type in LONG_NAMED
    return Completion(slips, is_part, whole_slips, is_long_named, -record.claim_count, record.key)


def keys_of_name(text: str, types: Sequence[str], limit: int) -> list[int]:
    """The keys of at most `limit` records with this name or another spelling of it."""
    return [record.key for record in records_with_name(text, types, limit)]


def records_with_name(text: str, types: Sequence[str], limit: int) -> list[RankedRecord]:
    return spelt_so({fold(text), *spelling_keys(text)} - {""}, types, limit)


def query_words(text: str) -> list[str]:
    """The words of a text, the longest first."""
    words = dict.fromkeys(fold(text).split())
    return sorted(words, key=lambda word: -len(word))[:MAX_WORDS]


def keys_in_order(completions: Iterable[Completion]) -> list[int]:
    """The keys of the records, each once."""
    return list(dict.fromkeys(completion.key for completion in sorted(completions)))


def rarest_first(words: list[str]) -> dict[str, int]:
    """The words with the number of keys of the index that begin so, the rarest first."""
    counts = {word: count_keys(word) for word in words}
    return dict(sorted(counts.items(), key=lambda count: count[1]))


def begun(words: dict[str, int], types: Sequence[str], limit: int) -> list[RankedRecord]:
    """The best records of those with a name that has words that begin so."""
    records = best_with_words(list(words), types, limit)
    if min(words.values()) > MAX_RANKED:
        for type in types:
            records += leaders_with_words(list(words), type, LEADERS, limit)
    return records


def with_slips(words: dict[str, int], types: Sequence[str]) -> list[Completion]:
    """Names with words that begin nearly so: all but one word just so, if there are any."""
    for names in (names_with_one_word_wrong(words, types), names_with_words_wrong(words, types)):
        completions = [match for name in names if (match := compare(words, name))]
        if completions:
            return completions
    return []


def names_with_one_word_wrong(words: dict[str, int], types: Sequence[str]) -> list[IndexedName]:
    """Names with words that begin just like all but one of these, which may have slips."""
    names: list[IndexedName] = []
    for wrong in filter(allowed_slips, words):
        right = [word for word in words if word != wrong]
        if right and words[right[0]] <= MAX_COMPARED:
            names += names_with_words(right, types, MAX_NAMES)
        elif right:
            names += names_with_any_word(beginnings(wrong), right, types, MAX_NAMES)
    return names


def names_with_words_wrong(words: Iterable[str], types: Sequence[str]) -> list[IndexedName]:
    """Names with a word that begins nearly like the longest word."""
    word = max(words, key=len)
    return names_with_any_word(beginnings(word), [], types, MAX_NAMES)


def beginnings(word: str) -> set[str]:
    """How words may begin that are nearly the same as this one."""
    if not allowed_slips(word):
        return set()
    return neighbours(word[:START] if allowed_slips(word) > 1 else word)


def compare(words: Iterable[str], name: IndexedName) -> Completion | None:
    """The completion of words to a name; None where a word has too many slips."""
    slips = whole_slips = 0
    name_words = name.name.split()
    for word in words:
        word_slips, whole = min(slips_to_begin(word, name_word) for name_word in name_words)
        if word_slips > allowed_slips(word):
            return None
        slips += word_slips
        whole_slips += whole
    return as_completion(name, slips, whole_slips)


def allowed_slips(word: str) -> int:
    return (len(word) >= ONE_SLIP) + (len(word) >= TWO_SLIPS)


@lru_cache(maxsize=1 << 15)
def slips_to_begin(word: str, name_word: str) -> tuple[int, int]:
    """The slips between a word and the beginning of another, and between the whole words."""
    most = allowed_slips(word)
    ends = {min(len(word) + n, len(name_word)) for n in range(-most, most + 1)}
    slips = min(OSA.distance(word, name_word[:end], score_cutoff=most) for end in ends)
    return slips, OSA.distance(word, name_word)
