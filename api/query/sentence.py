"""The query of a list as an English sentence, for display."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from api.query.parser import Query
from api.query.phrases import PHRASES, PLACES, PRESENCE_WORDS, SORTS, STANCE_VERBS, Phrase, quoted
from models.record_table import RecordTable, type_of
from models.search.names import NameMatch, ResolvedName

MAX_SENTENCE = 300
# the records that go by a sentence or a title
QUOTED_TYPES = ("position", "source")


class Brevity(NamedTuple):
    """The most values of a filter, and the most characters of each."""

    values: int
    characters: int


# the first that keeps the sentence within its bound
BREVITIES = (Brevity(4, 80), Brevity(2, 40))


def clip(text: str, characters: int) -> str:
    """A text on one line, cut to a length."""
    line = " ".join(text.split())
    return line if len(line) <= characters else f"{line[: characters - 1].rstrip()}…"


class ListQuestion(NamedTuple):
    """A query of a list, with its names as they were understood."""

    model: type[RecordTable]
    query: Query
    # the record that the path names, by the filter that it fixes
    path: Mapping[str, NameMatch]
    resolved: Mapping[str, list[ResolvedName]]
    # filters of which all values must hold
    match_all: Collection[str]

    def sentence(self) -> str:
        """The question as a sentence of at most MAX_SENTENCE characters."""
        for brevity in BREVITIES:
            phrases = list(self.phrases(brevity))
            sentence = self.with_subject(phrases)
            if len(sentence) <= MAX_SENTENCE:
                return sentence
        for count in range(len(phrases) - 1, -1, -1):
            rest = len(phrases) - count
            more = f"and {rest} more filter{'s' * (rest > 1)}"
            sentence = self.with_subject([*phrases[:count], more])
            if len(sentence) <= MAX_SENTENCE:
                break
        return sentence

    def with_subject(self, phrases: list[str]) -> str:
        subject = f"{type_of(self.model).capitalize()}s"
        head = " ".join([subject, *phrases[:1]])
        # rows that are made from claims have sorts of their own
        sort = SORTS.get(self.query.sort)
        return ", ".join([head, *phrases[1:], *([sort] if sort else [])])

    def phrases(self, brevity: Brevity) -> Iterator[str]:
        """The phrases of the filters in use."""
        parameters = self.query.parameters
        places = PLACES[self.model]
        for name in sorted({*self.path, *parameters} & places.keys(), key=places.__getitem__):
            phrase = PHRASES[self.model][name]
            if name in self.path:
                yield phrase.text.format(shown_name(self.path[name], brevity), stance=self.stance())
            elif name in self.resolved:
                yield from self.names_phrases(name, phrase, brevity)
            elif name == "has":
                yield from presence_phrases(parameters[name])
            elif name == "attribute":
                yield phrase.text.format(attributes_in_words(parameters[name], brevity))
            elif name == "stance":
                if not self.wants_position():
                    yield phrase.text.format(self.stance())
            else:
                yield from values_phrases(parameters[name], name, phrase, brevity)

    def names_phrases(self, name: str, phrase: Phrase, brevity: Brevity) -> Iterator[str]:
        """The phrases of a filter that names records: wanted, then excluded."""
        wanted = [value for value in self.resolved[name] if not value.query.exclude]
        excluded = [value for value in self.resolved[name] if value.query.exclude]
        if wanted and name in self.match_all:
            each = [either(shown_matches(value, brevity), brevity) for value in wanted]
            yield phrase.text.format(joined(each, "and", brevity), stance=self.stance())
        elif wanted:
            names = joined(shown_names(wanted, brevity), "or", brevity)
            yield phrase.text.format(names, stance=self.stance())
        if excluded:
            names = joined(shown_names(excluded, brevity), "or", brevity)
            yield phrase.excluding().format(names, stance="take a stance on")

    def stance(self) -> str:
        """The verb of the stances that the list asks for."""
        stances = self.query.parameters.get("stance", ())
        return " or ".join(STANCE_VERBS[stance] for stance in stances) or "take a stance on"

    def wants_position(self) -> bool:
        """Whether a position is asked for, which then has the stance."""
        values = self.resolved.get("position", ())
        return "position" in self.path or any(not value.query.exclude for value in values)


def joined(items: Iterable[str], conjunction: str, brevity: Brevity) -> str:
    """A list in words: `A, B or 7 others`."""
    shown = list(items)
    if len(shown) > brevity.values:
        kept = shown[: brevity.values - 1]
        shown = [*kept, f"{len(shown) - len(kept)} others"]
    *before, last = shown
    return f"{', '.join(before)} {conjunction} {last}" if before else last


def either(items: list[str], brevity: Brevity) -> str:
    return f"({joined(items, 'or', brevity)})" if len(items) > 1 else items[0]


def shown_name(match: NameMatch, brevity: Brevity) -> str:
    name = clip(match.name, brevity.characters)
    return quoted(name) if match.type in QUOTED_TYPES else name


def shown_names(values: list[ResolvedName], brevity: Brevity) -> list[str]:
    """The records that any of the values stands for, each name once."""
    return list(dict.fromkeys(name for value in values for name in shown_matches(value, brevity)))


def shown_matches(value: ResolvedName, brevity: Brevity) -> list[str]:
    """The records that a value stands for; namesakes are counted."""
    if not value.matches:
        return [f"{quoted(clip(value.query.text, brevity.characters))} (unknown)"]
    counts = Counter(shown_name(match, brevity) for match in value.matches)
    return [name if count == 1 else f"{name} ({count})" for name, count in counts.items()]


def values_phrases(
    values: Iterable[str], name: str, phrase: Phrase, brevity: Brevity
) -> Iterator[str]:
    """The phrases of a filter by values: wanted, then excluded."""
    # of these filters, languages alone can be excluded
    excludes = name == "language"
    wanted = [value for value in values if not (excludes and value.startswith("!"))]
    excluded = [value[1:] for value in values if excludes and value.startswith("!")]
    for texts, text in ((wanted, phrase.text), (excluded, phrase.excluding())):
        if texts:
            shown = [phrase.show(clip(value, brevity.characters)) for value in texts]
            yield text.format(joined(shown, "or", brevity))


def attributes_in_words(values: Iterable[str], brevity: Brevity) -> str:
    """Attributes: `party “green” or “left” and region “north”`."""
    texts_by_name: dict[str, list[str]] = {}
    for value in values:
        name, _, text = value.partition(":")
        texts_by_name.setdefault(clip(name, brevity.characters), []).append(
            quoted(clip(text, brevity.characters))
        )
    each = [f"{name} {joined(texts, 'or', brevity)}" for name, texts in texts_by_name.items()]
    return joined(each, "and", brevity)


def presence_phrases(values: Iterable[str]) -> Iterator[str]:
    """The phrases of `has`: all of some words, and none of others."""
    words = [word for value in values for word in value.split(",")]
    present = [with_article(word) for word in words if not word.startswith("!")]
    absent = [with_article(word[1:]) for word in words if word.startswith("!")]
    all_words = Brevity(len(words), 0)
    if present:
        yield f"with {joined(present, 'and', all_words)}"
    if absent:
        yield f"without {joined(absent, 'or', all_words)}"


def with_article(word: str) -> str:
    noun = PRESENCE_WORDS.get(word, word)
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def array_sentence(name: str, document: Mapping[str, Any]) -> str:
    """An array of a document as a sentence: `Memberships of Mark Rutte`."""
    characters = BREVITIES[0].characters
    title = document.get("name")
    owner = clip(title, characters) if title else quoted(clip(document["text"], characters))
    return f"{name.capitalize()} of {owner}"
