"""Verdicts: what the ratings of fact-checkers mean in the seven words that all share."""

from __future__ import annotations

import re
import unicodedata

from models.values.folding import fold

# docs/bringing-data.md has this table
RATING_WORDS: dict[str, tuple[str, ...]] = {
    "true": (
        "True", "Correct", "Accurate", "Verified", "Confirmed", "Richtig", "Wahr", "Stimmt",
        "Vrai", "Exact", "Verdadero", "Cierto", "Verdadeiro", "Vero", "Waar", "Prawda",
        "Prawdziwe", "Doğru", "Sant", "Sandt", "Benar", "Правда",
    ),
    "mostly-true": (
        "Mostly True", "Mostly Correct", "Mostly Accurate", "Largely True", "Nearly True",
        "Größtenteils richtig", "Überwiegend richtig", "Plutôt vrai", "Presque vrai",
        "Mayormente cierto", "Quasi vero", "Quase verdade", "Grotendeels waar",
        "Przeważnie prawda",
    ),
    "mixed": (
        "Half True", "Mixture", "Mixed", "Partly True", "Partially True", "Partly False",
        "Partially False", "Half Truth", "Missing Context", "Needs Context", "Lacks Context",
        "Out of Context", "Misleading", "Exaggerated", "Cherry-picked", "Teilweise richtig",
        "Teilweise falsch", "Halbwahr", "Irreführend", "Fehlender Kontext", "Trompeur",
        "Partiellement vrai", "Partiellement faux", "Manque de contexte", "Engañoso",
        "Verdad a medias", "Media verdad", "Falta contexto", "Fora de contexto",
        "Fuorviante", "Parzialmente vero", "Gedeeltelijk waar", "Misleidend",
        "Częściowa prawda", "Manipulacja", "Yanıltıcı", "Karma", "Манипуляция",
    ),
    "mostly-false": (
        "Mostly False", "Mostly Incorrect", "Mostly Inaccurate", "Largely False",
        "Größtenteils falsch", "Überwiegend falsch", "Plutôt faux", "Mayormente falso",
        "Quasi falso", "Grotendeels onwaar", "Przeważnie fałsz",
    ),
    "false": (
        "False", "Pants on Fire", "Incorrect", "Inaccurate", "Wrong", "Not True", "Untrue",
        "Fake", "Fabricated", "Altered", "Manipulated", "Hoax", "Debunked", "Four Pinocchios",
        "Falsch", "Frei erfunden", "Fälschung", "Faux", "Infox", "Falso", "Bulo", "Mentira",
        "Falsa", "Onwaar", "Fout", "Fałsz", "Nieprawda", "Fake news", "Yanlış", "Falskt", "Fel",
        "Falsk", "Feil", "Salah", "Hoaks", "Ложь", "Фейк",
    ),
    "unverifiable": (
        "Unproven", "Unverified", "Unverifiable", "Unsupported", "Unsubstantiated",
        "No Evidence", "Not Enough Evidence", "Unbelegt", "Nicht belegt", "Unbewiesen",
        "Invérifiable", "Non prouvé", "No probado", "Sin pruebas", "Insustentável",
        "Non verificabile", "Onbewezen", "Nieweryfikowalne", "Kanıtlanamaz",
    ),
    "other": ("Satire", "Scam", "Opinion", "Sátira", "Research in Progress"),
}  # fmt: skip
VERDICTS_OF_WORDS = {
    fold(words): verdict for verdict, ratings in RATING_WORDS.items() for words in ratings
}
# words behind a rating explain it
EXPLANATION = re.compile(r"\s[–—-]\s|[.:;,!(/|]")
# on a scale from 0 (worst) to 1 (best), each verdict begins here
SCALE = ((0.875, "true"), (0.625, "mostly-true"), (0.375, "mixed"), (0.125, "mostly-false"))
# what schema.org takes if the scale is not given
WORST, BEST = 1.0, 5.0


def verdict_of_words(rating: str) -> str | None:
    """The verdict of a rating in words: of the whole rating, else of its beginning."""
    words = "".join(" " if unicodedata.category(char) == "So" else char for char in rating)
    beginning = EXPLANATION.split(words.strip(), maxsplit=1)[0]
    return VERDICTS_OF_WORDS.get(fold(words)) or VERDICTS_OF_WORDS.get(fold(beginning))


def verdict_of_number(value: str, best: str, worst: str) -> str | None:
    """The verdict of a number on a scale; None if it lies outside."""
    try:
        value_number, best_number, worst_number = (
            float(value), float(best or BEST), float(worst or WORST)
        )  # fmt: skip
        share = (value_number - worst_number) / (best_number - worst_number)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    if not 0 <= share <= 1:
        return None
    return next((verdict for least, verdict in SCALE if share >= least), "false")
