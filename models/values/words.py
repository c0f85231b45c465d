"""The words of a text, as full-text search compares them.

A word is a run of letters and digits, without case, diacritics and script. Each Han or Kana
character is a word of its own. Every other character separates words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from anyascii import anyascii

# characters of a word; the rest of a longer one is left out
MAX_WORD = 100
# Han and Kana: blocks that have no spaces between words
IDEOGRAPHS = (
    (0x3005, 0x3007), (0x3040, 0x30FA), (0x30FC, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
# single letters with dots (`U.S.`): each dot becomes an invisible character, which joins them
ABBREVIATION = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}")
JOINER = "\N{WORD JOINER}"
ZERO_WIDTH_SPACE = 0x200B
# the least combining class of accents, and of the points of Hebrew and Arabic; vowel signs of other
# scripts have lower ones
FIRST_DIACRITIC = 10
# vowels and final consonants of Hangul, and sound marks of narrow Kana, which compose with the
# character before them
JOINING = ((0x1160, 0x11FF), (0xFF9E, 0xFF9F))


class FoldedCharacters(dict[int, str]):
    """What each character adds to the words, by code point, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        self[code] = folded_character(chr(code))
        return self[code]


def folded_character(character: str) -> str:
    """The small letters and digits of a character; a space where it separates words."""
    category = unicodedata.category(character)
    if category == "Cf" and ord(character) != ZERO_WIDTH_SPACE:
        return ""
    if unicodedata.combining(character) >= FIRST_DIACRITIC:
        return ""
    if category[0] not in "LMN":
        return " "
    if any(first <= ord(character) <= last for first, last in IDEOGRAPHS):
        return f" {character} "
    return re.sub(r"[^0-9a-z]", "", anyascii(character).lower())


FOLDED_CHARACTERS = FoldedCharacters()
# the same for bytes of ASCII
FOLDED_ASCII = "".join(FOLDED_CHARACTERS[code] for code in range(128)).encode() + bytes(128)


def split_words(text: str) -> list[str]:
    """The words of a text in their order: `NATO’s Işık, 北京` → `nato s isik 北 京`."""
    text = join_abbreviations(text)
    if text.isascii():
        words = text.encode().translate(FOLDED_ASCII).decode().split()
    else:
        words = unicodedata.normalize("NFKC", text).translate(FOLDED_CHARACTERS).split()
    if len(text) > MAX_WORD and max(map(len, words), default=0) > MAX_WORD:
        words = [word[:MAX_WORD] for word in words]
    return words


def join_abbreviations(text: str) -> str:
    """The text with `U.S.` as one word; it stays as long as it is."""
    if "." not in text:
        return text
    return ABBREVIATION.sub(lambda match: match[0].replace(".", JOINER), text)


class PlacedWord(NamedTuple):
    """A word, and the code points of the text that it stands at."""

    word: str
    start: int
    end: int


def placed_words(text: str) -> Iterator[PlacedWord]:
    """The words of `split_words`, each with its place in the text."""
    letters: list[str] = []
    start = end = 0
    for cluster_start, cluster_end, folded in folded_clusters(join_abbreviations(text)):
        # a character can hold several words
        for part in re.split("( )", folded):
            if part == " ":
                if letters:
                    yield PlacedWord("".join(letters)[:MAX_WORD], start, end)
                letters = []
            elif part:
                if not letters:
                    start = cluster_start
                letters.append(part)
                end = cluster_end
    if letters:
        yield PlacedWord("".join(letters)[:MAX_WORD], start, end)


def folded_clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """Characters with their combining marks: (start, end, what they add to the words)."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not joins_before(text[end]):
            cluster = unicodedata.normalize("NFKC", text[start:end])
            yield start, end, cluster.translate(FOLDED_CHARACTERS)
            start = end


def joins_before(character: str) -> bool:
    """Whether a character can compose with the one before it."""
    if character < "\u0300":
        return False
    joining = any(first <= ord(character) <= last for first, last in JOINING)
    return joining or unicodedata.category(character)[0] == "M"
