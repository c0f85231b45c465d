"""Completion: the records whose names a text is the beginning of, in spite of slips.

Each word of the text begins a word of one name. Whole names come first, sentences and titles last,
and among each records with more claims first. Where no name begins so, words may have slips: one in
a word of 4 to 7 letters, two in a longer one, of which one among its first five letters. A slip is
a wrong, missing, extra or swapped letter (optimal string alignment).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from models.queries.names import LONG_NAMED
from models.search.misspellings import neighbours
from models.search.name_index import (
    IndexedName,
    RankedRecord,
    best_with_words,
    count_words,
    leaders_with_words,
    names_with_any_word,
    names_with_words,
    records_spelt,
)
from models.values.folding import fold
from models.values.spelling import spelling_keys

# words of a text that must match; more do not tell names apart
MAX_TYPED_WORDS = 8
# records with such words that are ranked by their claims; of more, leaders are looked through
MAX_RANKED = 1000
# the records of a type with the most claims
LEADERS = 500
# where too few of the leaders have all words: words of names that are read
MAX_READ = 5000
# names that are compared with a misspelt text
MAX_COMPARED = 300
# letters of a word that may have a slip, and of one that may have two
ONE_SLIP, TWO_SLIPS = 4, 8
# of two slips, at most one may be among the first letters
START = 5


class Completion(NamedTuple):
    """A record that a text completes to; the least is the best."""

    slips: int
    # whether the text is less than a whole name
    is_part: bool
    # of misspelt words: the slips of the whole words; 1 for another spelling of a whole name
    whole_slips: int
    # of misspelt texts: the words of the name that were not typed
    untyped_words: int
    is_long_named: bool
    negative_claim_count: int
    key: int


def complete(text: str, types: Iterable[str], limit: int) -> list[int]:
    """The keys of at most `limit` records of some types, the best first."""
    words = typed_words(text)
    if not words:
        return []
    types = tuple(types)
    completions = [
        completion for type in types for completion in begun(text, words, type, limit)
    ] or misspelt(words, types)
    keys = dict.fromkeys(completion.key for completion in sorted(completions))
    return list(keys)[:limit]


def keys_of_name(text: str, types: Iterable[str], limit: int) -> list[int]:
    """The keys of at most `limit` records with this name or another spelling of it."""
    records = [
        record
        for type in types
        for spellings in ([fold(text)], spelling_keys(text))
        for record in records_spelt(spellings, ("name", "spelling"), type, limit)
    ]
    return list(dict.fromkeys(record.key for record in records))[:limit]


def typed_words(text: str) -> list[str]:
    """The words of a text, the longest first."""
    words = dict.fromkeys(fold(text).split())
    return sorted(words, key=lambda word: -len(word))[:MAX_TYPED_WORDS]


def begun(text: str, words: Sequence[str], type: str, limit: int) -> Iterator[Completion]:
    """The records of a type that have the text as a name, or a name that begins so."""
    for record in records_spelt([fold(text)], ("name",), type, limit):
        yield as_completion(record, type, is_part=False)
    for record in records_spelt(spelling_keys(text), ("name", "spelling"), type, limit):
        yield as_completion(record, type, whole_slips=1)
    for record in records_with_words(words, type, limit):
        yield as_completion(record, type)


def as_completion(
    record: RankedRecord | IndexedName,
    type: str,
    slips: int = 0,
    whole_slips: int = 0,
    untyped_words: int = 0,
    *,
    is_part: bool = True,
) -> Completion:
    return Completion(
        slips, is_part, whole_slips, untyped_words,
        type in LONG_NAMED, -record.claim_count, record.key,
    )  # fmt: skip


def records_with_words(words: Sequence[str], type: str, limit: int) -> list[RankedRecord]:
    """The records of a type with the most claims, of those with a name whose words begin so."""
    counts = {word: count_words(word, type, MAX_RANKED + 1) for word in words}
    rarest_first = sorted(words, key=counts.__getitem__)
    fewest = counts[rarest_first[0]]
    if not fewest:
        return []
    if fewest <= MAX_RANKED:
        return best_with_words(rarest_first, type, MAX_RANKED, limit)
    leaders = leaders_with_words(rarest_first, type, LEADERS, limit)
    if len(leaders) == limit:
        return leaders
    return [*leaders, *best_with_words(rarest_first, type, MAX_READ, limit)]


def misspelt(words: Sequence[str], types: Sequence[str]) -> list[Completion]:
    """Names with words that begin nearly so: all but one word just so, if there are any."""
    for find_names in (names_with_one_word_wrong, names_with_words_wrong):
        completions = [
            completion
            for type in types
            for name in find_names(words, type)
            if (completion := compare(words, name, type))
        ]
        if completions:
            return completions
    return []


def names_with_one_word_wrong(words: Sequence[str], type: str) -> Iterator[IndexedName]:
    """Names with words that begin just like all but one of these, which may have slips."""
    counts = {word: count_words(word, type, MAX_COMPARED + 1) for word in words}
    for wrong in filter(allowed_slips, words):
        right = sorted(counts.keys() - {wrong}, key=lambda word: (counts[word], word))
        if not right or not counts[right[0]]:
            continue
        if counts[right[0]] <= MAX_COMPARED:
            yield from names_with_words(right, type, MAX_COMPARED)
        else:
            yield from names_with_any_word(beginnings(wrong), right, type, MAX_COMPARED)


def names_with_words_wrong(words: Sequence[str], type: str) -> list[IndexedName]:
    """Names with a word that begins nearly like the longest word."""
    return names_with_any_word(beginnings(words[0]), [], type, MAX_COMPARED)


def beginnings(word: str) -> set[str]:
    """How words may begin that are nearly the same as this one."""
    if not allowed_slips(word):
        return set()
    texts = neighbours(word[:START] if allowed_slips(word) > 1 else word)
    # too many words begin with fewer letters
    return {text for text in texts if len(text) >= ONE_SLIP}


def compare(words: Sequence[str], name: IndexedName, type: str) -> Completion | None:
    """The completion of words to a name; None where a word has too many slips."""
    slips = whole_slips = 0
    name_words = name.name.split()
    for word in words:
        word_slips, whole = min(slips_to_begin(word, name_word) for name_word in name_words)
        if word_slips > allowed_slips(word):
            return None
        slips += word_slips
        whole_slips += whole
    return as_completion(name, type, slips, whole_slips, max(0, len(name_words) - len(words)))


def allowed_slips(word: str) -> int:
    return (len(word) >= ONE_SLIP) + (len(word) >= TWO_SLIPS)


@lru_cache(maxsize=1 << 15)
def slips_to_begin(word: str, name_word: str) -> tuple[int, int]:
    """The slips between a word and the beginning of another, and between the whole words."""
    most = allowed_slips(word)
    ends = {min(len(word) + n, len(name_word)) for n in range(-most, most + 1)}
    slips = min(OSA.distance(word, name_word[:end], score_cutoff=most) for end in ends)
    return slips, OSA.distance(word, name_word)
