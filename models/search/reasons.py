"""Why a record is a candidate for a name, and its score."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA, Levenshtein

from models.search.misspellings import slug
from models.search.names import NameMatch
from models.search.suggestions import rank_match
from models.values.folding import fold
from models.values.spelling import spelling_keys

# scores, of 100
EXACT_SCORE = 100
SPELLING_SCORE = 90
# all words of the query stand in the name: the score falls with the further words of the name
MIN_WORDS_SCORE, MAX_WORDS_SCORE = 50, 85
# parts of the similarity that count: of a record of a type that was asked for, or of another
ASKED_TYPE_FACTOR, OTHER_TYPE_FACTOR = 0.8, 0.5
# characters of a name in a reason
MAX_SHOWN_NAME = 80


class Reason(NamedTuple):
    """The score of a candidate, of 100, and a sentence that says why it is one."""

    score: int
    why: str


class RecordLabel(NamedTuple):
    """A name or id of a record, and its kind: name, title, text, label, alias, id, former id."""

    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind} {in_quotes(self.text)}"


def record_labels(document: Mapping[str, Any]) -> Iterator[RecordLabel]:
    """The names of a record, its main name first."""
    kind = next(kind for kind in ("name", "title", "text") if kind in document)
    yield RecordLabel(kind, document[kind])
    if document.get("label"):
        yield RecordLabel("label", document["label"])
    for alias in document.get("aliases", ()):
        yield RecordLabel("alias", alias)


class Pairing(NamedTuple):
    """A name as it was asked for, and a record that it may stand for."""

    text: str
    # the types that the query names
    types: tuple[str, ...]
    match: NameMatch
    document: Mapping[str, Any]

    def labels(self) -> Iterator[RecordLabel]:
        """The names of the record, its main name first."""
        return record_labels(self.document)

    def id_labels(self) -> list[RecordLabel]:
        """The id of the record, then its former ids."""
        former_ids = [RecordLabel("former id", id) for id in self.document["former_ids"]]
        return [RecordLabel("id", self.match.id), *former_ids]

    def ids(self) -> Iterator[str]:
        """The id of the record, its former ids and its identifiers."""
        yield from (label.text for label in self.id_labels())
        for identifier in self.document["identifiers"]:
            yield f"{identifier['scheme']}:{identifier['identifier']}"


def in_quotes(text: str) -> str:
    return f"“{text if len(text) <= MAX_SHOWN_NAME else text[:MAX_SHOWN_NAME] + '…'}”"


def id_reason(pairing: Pairing) -> Reason:
    text = pairing.text
    if text == pairing.match.id:
        return Reason(EXACT_SCORE, f"{in_quotes(text)} is its id.")
    kind = "a former id" if text in pairing.document["former_ids"] else "an identifier"
    return Reason(EXACT_SCORE, f"{in_quotes(text)} is {kind} of this record.")


def name_reason(pairing: Pairing) -> Reason:
    same = [label for label in pairing.labels() if fold(label.text) == fold(pairing.text)]
    asked = unicodedata.normalize("NFC", pairing.text)
    exact = next((label for label in same if label.text == asked), None)
    if exact:
        return Reason(EXACT_SCORE, f"Its {exact} is spelt exactly so.")
    return Reason(
        EXACT_SCORE, f"Its {same[0]} differs only in case, accents, script or punctuation."
    )


def spelling_reason(pairing: Pairing) -> Reason:
    keys = set(spelling_keys(pairing.text))
    asked = in_quotes(pairing.text)
    for label in pairing.labels():
        if keys & set(spelling_keys(label.text)):
            return Reason(SPELLING_SCORE, f"{asked} is another spelling of its {label}.")
    return Reason(SPELLING_SCORE, f"{asked} is the country code of this state.")


def words_reason(pairing: Pairing) -> Reason:
    asked = fold(pairing.text).split()
    words = {label: fold(label.text).split() for label in pairing.labels()}
    coverage = {
        label: len(set(asked)) / len(set(words[label]))
        for label in words
        if set(asked) <= set(words[label])
    }
    label = max(coverage, key=coverage.__getitem__)
    score = MIN_WORDS_SCORE + round((MAX_WORDS_SCORE - MIN_WORDS_SCORE) * coverage[label])
    if len(asked) == 1:
        return Reason(score, f"The word {in_quotes(pairing.text)} stands in its {label}.")
    if sorted(asked) == sorted(words[label]):
        return Reason(score, f"Its {label} has the same words in another order.")
    return Reason(score, f"All words of the query stand in its {label}.")


def similarity_reason(pairing: Pairing) -> Reason:
    text = pairing.text
    is_asked = pairing.match.type in pairing.types
    factor = ASKED_TYPE_FACTOR if is_asked else OTHER_TYPE_FACTOR
    if text in pairing.ids():
        return Reason(round(100 * factor), id_reason(pairing).why)
    ranks = {
        label: rank_match(text, pairing.types, pairing.match, fold(label.text))
        for label in pairing.labels()
    }
    label = max(ranks, key=ranks.__getitem__)
    rank, id_labels = ranks[label], pairing.id_labels()
    if rank.is_whole:
        return Reason(round(100 * factor), whole_name(label, pairing))
    for id_label in id_labels:
        if slug(fold(text)) == id_label.text:
            return Reason(round(100 * factor), f"Its {id_label} has the same words.")
    why = slip(text, label) or slip(text, id_labels[0])
    similar = f"Words of the query are like those of its {label}: {round(rank.similarity)} of 100."
    return Reason(round(rank.similarity * factor), why or similar)


def whole_name(label: RecordLabel, pairing: Pairing) -> str:
    """The reason for a record that no tier finds, although it has the name."""
    if pairing.match.type in pairing.types:
        return f"Its {label} is the same, but a query with a type takes an id."
    article = "an" if pairing.match.type[0] in "aeiou" else "a"
    return f"Its {label} is the same, but it is {article} {pairing.match.type}."


def slip(text: str, label: RecordLabel) -> str | None:
    """The reason for a label that differs from a text by one letter, or by two swapped ones."""
    asked, shown = (fold(name).replace(" ", "") for name in (text, label.text))
    letter = "letter" if (asked + shown).isalpha() else "character"
    if Levenshtein.distance(asked, shown, score_cutoff=1) <= 1:
        return f"The query is one {letter} apart from its {label}."
    if OSA.distance(asked, shown, score_cutoff=1) <= 1:
        return f"The query swaps two {letter}s of its {label}."
    return None


# by the tier of the candidate
REASONS = {
    "id": id_reason,
    "name": name_reason,
    "spelling": spelling_reason,
    "words": words_reason,
    "suggestion": similarity_reason,
}
