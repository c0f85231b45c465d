"""Folding: names without case, diacritics, script and punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# characters of a folded name; more would not fit into an index of either engine
MAX_FOLDED = 2000
MAX_SORT_KEY = 500


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """A name as it is compared: `O’Brien-Işık` → `obrien isik`; at most 2,000 characters."""
    plain = anyascii(unicodedata.normalize("NFKC", text)).casefold()
    folded = " ".join(re.sub(r"[^0-9a-z]+", " ", re.sub(r"['`.]", "", plain)).split())
    return folded[:MAX_FOLDED].rstrip()


def name_sort_key(name: str) -> str:
    """The sort key of a name: as much of its folded form as a cursor holds."""
    return fold(name)[:MAX_SORT_KEY]


def spaced_words(text: str | None) -> str | None:
    """The folded words of a text with a space around each, as the word filters search them."""
    return f" {fold(text)} " if text else None
