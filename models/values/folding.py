"""Folding: names without case, diacritics, script and punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# characters of a folded name; more would not fit into an index of either engine
MAX_FOLDED = 2000
MAX_SORT_KEY = 500

# characters without a form of their own: Unicode's property Default_Ignorable_Code_Point
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Hebrew points and accents; Arabic harakat, shadda and superscript alef
VOWEL_SIGNS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u064b-\u0652\u0656\u0657\u0659-\u065e\u0670]"
)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """A name as it is compared: `O’Brien-Işık` → `obrien isik`; at most 2,000 characters."""
    if not text.isascii():
        visible = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
        text = anyascii(VOWEL_SIGNS.sub("", visible))
    plain = re.sub(r"['`.]", "", text.casefold())
    folded = " ".join(re.sub(r"[^0-9a-z]+", " ", plain).split())
    return folded[:MAX_FOLDED].rstrip()


def name_sort_key(name: str) -> str:
    """The sort key of a name: as much of its folded form as a cursor holds."""
    return fold(name)[:MAX_SORT_KEY]


def spaced_words(text: str | None) -> str | None:
    """The folded words of a text with a space around each, as the word filters search them."""
    return f" {fold(text)} " if text else None
