"""Spellings of a name beyond its folded form, and its exact letters in another script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from models.values.folding import INVISIBLE, fold

CONJUNCTIONS = ("and", "und", "et", "og", "y")
CONJUNCTION_SIGN = re.compile(r"(?<=\S)\s*[&+]\s*(?=\w)")
SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "å": "aa"}
    | {"Ä": "Ae", "Ö": "Oe", "Ø": "Oe", "Ü": "Ue", "Å": "Aa"}
)


def spelling_keys(name: str) -> tuple[str, ...]:
    """One or two keys: names are spellings of each other if they share a key.

    A key joins the folded words: `Xi Jinping`, `Xi Jin Ping` and `xijinping` share one, and so do
    `A. A. Milne` and `AA Milne`. A conjunction between words is always `and`. The second key has
    ue, oe, ae and aa for ü, ö or ø, ä and å; fold() already has ss for ß and ae for æ. So `Mueller`
    and `Müller` share a key. The other way, u for ue everywhere, would confuse more: Bauer and
    Baur, Michael and Michal, Maas and Mas.
    """
    if name.isascii():
        return (joined_letters(name),)
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", name))
    return tuple(dict.fromkeys((joined_letters(text), joined_letters(text.translate(SPELLED_OUT)))))


def joined_letters(text: str) -> str:
    if "&" in text or "+" in text:
        text = CONJUNCTION_SIGN.sub(" and ", text)
    words = fold(text).split()
    for n in range(1, len(words) - 1):
        # beside another initial, Y is an initial
        is_initial = len(words[n]) == 1 == min(len(words[n - 1]), len(words[n + 1]))
        if words[n] in CONJUNCTIONS and not is_initial:
            words[n] = "and"
    return "".join(words)


def script_key(name: str) -> str | None:
    """The exact letters of a name that is not all Latin: `刘莉` and `刘丽` differ.

    Case and invisible characters do not count, and Latin letters are folded. None for a name in
    Latin letters.
    """
    if name.isascii():
        return None
    text = unicodedata.normalize("NFC", INVISIBLE.sub("", name))
    if not any(map(is_other_script, text)):
        return None
    text = unicodedata.normalize("NFC", text.casefold())
    letters = (
        char if is_other_script(char) or unicodedata.combining(char) else fold(char) or " "
        for char in text
    )
    return " ".join("".join(letters).split())


@lru_cache(maxsize=4096)
def is_other_script(char: str) -> bool:
    """Whether a character is a letter of another script than Latin."""
    if char.isascii() or unicodedata.category(char) not in ("Lu", "Ll", "Lt", "Lo"):
        return False
    return not unicodedata.name(unicodedata.normalize("NFKC", char)[0], "").startswith("LATIN")
