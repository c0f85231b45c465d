"""Words that tell who speaks: verbs of speech, pronouns, titles before names and others."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

WORDS = yaml.safe_load(Path(__file__).with_name("cue_words.yaml").read_text("utf-8"))
PRONOUNS, TITLES, PARTICLES, NO_NAMES, PREPOSITIONS, CONJUNCTIONS = (
    frozenset(WORDS[kind].split())
    for kind in ("pronouns", "titles", "particles", "no_names", "prepositions", "conjunctions")
)
# words before a name that tell that it speaks
SOURCES = (
    "according to|laut|nach Angaben von|selon|d’après|según|secondo|segundo|volgens|enligt|według"
    "|по словам|за словами"
)
# the beginnings of descriptions that stand for a name
ARTICLES = "a|an|the|one|another|some|several|two|three|ein|eine|der|die|un|une|le|la|el|una"
# a language without spaces between words
UNSPACED = "zh"


def cue_pattern() -> re.Pattern[str]:
    """The pattern of verbs of speech, and of words like “according to”."""
    verbs = {
        re.escape(verb)
        for language, forms in WORDS["verbs"].items()
        if language != UNSPACED
        for verb in forms.split()
    }
    alternatives = "|".join(sorted(verbs, key=len, reverse=True))
    unspaced = "|".join(WORDS["verbs"][UNSPACED].split())
    return re.compile(rf"(?<!-)\b(?:{alternatives})\b|\b(?:{SOURCES})\b|{unspaced}", re.IGNORECASE)


CUE = cue_pattern()
