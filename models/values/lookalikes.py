"""Names that look the same, although their characters differ."""

from __future__ import annotations

import unicodedata

from models.values.folding import INVISIBLE

# letters with the shape of Latin ones, from https://www.unicode.org/reports/tr39/: first Cyrillic,
# then Greek, then Armenian; letters that differ in most fonts are left out
LATIN_SHAPES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗаеѕіјорсухԁһԛԝӏ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιν" + "Օօսհո",
    "ABESIJKMHOPCTYX3aesijopcyxdhqwl" + "ABEZHIKMNOPTYXoiv" + "Oouhn",
)


def appearance(name: str) -> str:
    """The characters that a name seems to have: names that look the same have the same ones."""
    visible = unicodedata.normalize("NFKC", INVISIBLE.sub("", name)).translate(LATIN_SHAPES)
    return " ".join(visible.split())


def is_visible(name: str) -> bool:
    """Whether a name has a letter, a digit or a symbol that can be seen."""
    return any(unicodedata.category(char)[0] in "LNS" for char in INVISIBLE.sub("", name))
