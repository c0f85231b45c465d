"""The phrases of sentences that tell a query, one for each filter of each list."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import NamedTuple

from models import Actor, Claim, Event, Organization, Position, Source, Topic
from models.record_table import RecordTable
from models.values.dates import in_words


def quoted(text: str) -> str:
    return f"“{text}”"


def spaced(word: str) -> str:
    """A word of a closed list: `mostly-true` is mostly true."""
    return word.replace("-", " ")


def moment_in_words(timestamp: str) -> str:
    """A date, or a timestamp in UTC."""
    if "T" not in timestamp:
        return in_words(timestamp)
    moment = datetime.datetime.fromisoformat(timestamp.replace(" ", "+"))
    moment = moment.astimezone(datetime.UTC)
    return f"{moment:%H:%M:%S} UTC on {in_words(moment.date().isoformat())}"


class Phrase(NamedTuple):
    """How a sentence tells of one filter: {} stands for its values.

    {stance} stands for the stance that the list asks for. `show` turns a value into words.
    """

    text: str
    # of excluded records; derived from `text` if empty
    negative: str = ""
    show: Callable[[str], str] = str

    def excluding(self) -> str:
        """The phrase of excluded records."""
        if self.negative:
            return self.negative
        if self.text.startswith("with "):
            return self.text.replace("with", "without", 1)
        return f"not {self.text}"


EVERYWHERE = {
    "q": Phrase("matching {}", show=quoted),
    "id": Phrase("with the id {}"),
    "identifier": Phrase("with the identifier {}"),
    "updated_since": Phrase("changed since {}", show=moment_in_words),
}
ATTRIBUTE = {"attribute": Phrase("with {}")}
DATES = {
    "date": Phrase("dated {}", show=in_words),
    "from_date": Phrase("from {}", show=in_words),
    "to_date": Phrase("up to {}", show=in_words),
}
# of records by their claims
BY_CLAIMS = {
    "topic": Phrase("with claims on {} or narrower"),
    "position": Phrase("with claims that {stance} {}"),
    "stance": Phrase("with claims that {} a position"),
}
REPORTED = {"source": Phrase("with claims reported in {}")}
# the phrases of each list's filters, in the order of the sentence
PHRASES: dict[type[RecordTable], dict[str, Phrase]] = {
    Claim: {
        "claimant": Phrase("made by {}"),
        "actor": Phrase("by {}"),
        "organization": Phrase("on behalf of {}"),
        "role": Phrase("in the role {}", show=quoted),
        "event": Phrase("at {}"),
        "place": Phrase("at a place named {}", show=quoted),
        "country": Phrase("made in {}"),
        "about": Phrase("about {}"),
        "addressee": Phrase("addressed to {}"),
        "topic": Phrase("on {} or narrower"),
        "position": Phrase("that {stance} {}", "that take no stance on {}"),
        "stance": Phrase("that {} a position"),
        "form": Phrase("of the form {}", show=spaced),
        "language": Phrase("quoted in {}"),
        "source": Phrase("reported in {}"),
        "publisher": Phrase("published by {}"),
        "attribution": Phrase("reported in {} speech"),
        "min_publishers": Phrase("with at least {} independent publishers"),
        "reviewer": Phrase("reviewed by {}"),
        "rating": Phrase("rated {}", show=quoted),
        "verdict": Phrase("with the verdict {}", show=spaced),
        "has": Phrase("with {}"),
        "coder": Phrase("coded by {}", show=quoted),
        "status": Phrase("with the status {}"),
        **ATTRIBUTE,
        **EVERYWHERE,
        **DATES,
    },
    Actor: {
        "kind": Phrase("of the kind {}", show=spaced),
        "organization": Phrase("with a membership in {}"),
        "role": Phrase("with a role as {}", show=quoted),
        "as_of": Phrase("with a membership as of {}", show=in_words),
        "event": Phrase("at {}"),
        **BY_CLAIMS,
        **REPORTED,
        **ATTRIBUTE,
        **EVERYWHERE,
    },
    Organization: {
        "kind": Phrase("of the kind {}", show=spaced),
        "country": Phrase("of {}"),
        "parent": Phrase("directly under {}"),
        "actor": Phrase("with {} as a member"),
        "event": Phrase("at {}"),
        **BY_CLAIMS,
        **REPORTED,
        **ATTRIBUTE,
        **EVERYWHERE,
    },
    Event: {
        "kind": Phrase("of the kind {}", show=spaced),
        "country": Phrase("in {}"),
        "place": Phrase("at a place named {}", show=quoted),
        "parent": Phrase("that are part of {}", "that are not part of {}"),
        "actor": Phrase("with {}"),
        "organization": Phrase("with {}"),
        **BY_CLAIMS,
        **ATTRIBUTE,
        **EVERYWHERE,
        **DATES,
        "date": Phrase("within {}", show=in_words),
    },
    Source: {
        "kind": Phrase("of the kind {}", show=spaced),
        "publisher": Phrase("published by {}"),
        "origin": Phrase("that repeat a report of {}", "that repeat no report of {}"),
        "language": Phrase("in the language {}"),
        "actor": Phrase("with claims by {}"),
        "organization": Phrase("with claims on behalf of {}"),
        "event": Phrase("with claims made at {}"),
        **BY_CLAIMS,
        **EVERYWHERE,
        **DATES,
    },
    Topic: {
        "parent": Phrase("directly under {}"),
        "actor": Phrase("of claims by {}"),
        "organization": Phrase("of claims on behalf of {}"),
        "event": Phrase("of claims made at {}"),
        **EVERYWHERE,
    },
    Position: {
        "topic": Phrase("on {} or narrower"),
        "actor": Phrase("on which {} took a stance", "on which {} took no stance"),
        "organization": Phrase(
            "on which claims on behalf of {} take a stance",
            "on which no claims on behalf of {} take a stance",
        ),
        **ATTRIBUTE,
        **EVERYWHERE,
    },
}
# the places of phrases in a sentence
PLACES = {
    model: {name: place for place, name in enumerate(phrases)} for model, phrases in PHRASES.items()
}
STANCE_VERBS = {"support": "support", "oppose": "oppose", "neutral": "are neutral on"}
# nouns for words of `has` that are no nouns
PRESENCE_WORDS = {"about": "object"}
SORTS = {
    "date": "oldest first",
    "-date": "newest first",
    "name": "by name",
    "-name": "by name from Z to A",
    "claim_count": "fewest claims first",
    "-claim_count": "most claims first",
    "updated_at": "least recently changed first",
    "-updated_at": "last changed first",
    "independent_publishers": "fewest independent publishers first",
    "-independent_publishers": "most independent publishers first",
    "id": "by id",
    "-id": "by id from Z to A",
    "relevance": "most relevant first",
}
