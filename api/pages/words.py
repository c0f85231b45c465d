"""Values in words, for templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup, escape

from models.search.descriptions import latest_last
from models.values.dates import in_words

# these would turn around the text after them
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
STANCES = {"support": "supports", "oppose": "opposes", "neutral": "is neutral on"}
SIDES = {"support": "for", "neutral": "neutral", "oppose": "against"}
RELATIONS = {
    ("repeats", "out"): "repeats",
    ("repeats", "in"): "is repeated by",
    ("supports", "out"): "supports",
    ("supports", "in"): "is supported by",
    ("contradicts", "out"): "contradicts",
    ("contradicts", "in"): "is contradicted by",
    ("qualifies", "out"): "qualifies",
    ("qualifies", "in"): "is qualified by",
    ("responds-to", "out"): "responds to",
    ("responds-to", "in"): "is answered by",
    ("retracts", "out"): "retracts",
    ("retracts", "in"): "is retracted by",
}
TIES = {None: ""} | {
    kind: f"one claim {verb} the other"
    for (kind, direction), verb in RELATIONS.items()
    if direction == "out"
}
# a person's identifiers are addresses in these schemes
IDENTIFIER_URLS = {"wikidata": "https://www.wikidata.org/wiki/{}"}


def unhyphenated(word: str) -> str:
    """A word of a closed list: `press-conference` is press conference."""
    return word.replace("-", " ").replace("_", " ")


def plain(text: str) -> str:
    """A text whose bidirectional controls cannot reach beyond it."""
    return BIDI_CONTROLS.sub("", text)


def amount(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 claim`, `2,000 claims`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def heading(sentence: str, total: int | None) -> str:
    """The sentence of a list with its total: `17 claims by Mark Rutte, newest first`."""
    noun, space, rest = plain(sentence).partition(" ")
    noun = noun.rstrip(",")
    comma = "," if sentence.startswith(f"{noun},") else ""
    if total is None:
        return f"{noun}{comma}{space}{rest}"
    if total == 0:
        return f"No {noun.lower()}{comma}{space}{rest}"
    return f"{amount(total, noun.lower()[:-1])}{comma}{space}{rest}"


def period(start: str | None, end: str | None) -> str:
    """Dates from start to end, either of which may be open."""
    if start and end:
        return in_words(start) if start == end else f"{in_words(start)} to {in_words(end)}"
    if start:
        return f"since {in_words(start)}"
    return f"until {in_words(end)}" if end else ""


def latest_first(memberships: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Memberships, first those that have not ended, then by their dates from the latest on."""
    return sorted(memberships, key=latest_last, reverse=True)


def marked(text: str, ranges: Iterable[Iterable[int]]) -> Markup:
    """A text in which ranges of characters are marked."""
    return Markup("").join(marked_parts(text, ranges))


def marked_parts(text: str, ranges: Iterable[Iterable[int]]) -> Iterator[Markup]:
    end = 0
    for first, last in ranges:
        yield escape(text[end:first])
        yield Markup("<mark>{}</mark>").format(text[first:last])
        end = last
    yield escape(text[end:])


def highlighted(document: Mapping[str, Any], field: str, meta: Mapping[str, Any]) -> Markup:
    """A text of a record, with the words of the query marked."""
    for highlight in meta.get("highlights") or ():
        if (highlight["id"], highlight["path"]) == (document["id"], field):
            return marked(highlight["text"], highlight["ranges"])
    return escape(document[field])


def result_text(result: Mapping[str, Any], type: str, meta: Mapping[str, Any]) -> Markup:
    """The name of a search result, with the words of the query marked."""
    field = {"source": "title", "position": "text", "claim": "text"}.get(type, "name")
    of_type = {"highlights": [item for item in meta["highlights"] if item["type"] == type]}
    return highlighted({"id": result["id"], field: result["name"]}, field, of_type)


def other_texts(result: Mapping[str, Any], type: str, meta: Mapping[str, Any]) -> list[Markup]:
    """Other texts of a search result that have the words, at most two; no claimant's name."""
    shown = {"name", "title", *(["text"] if type in ("claim", "position") else [])}
    texts = {
        highlight["text"]: marked(highlight["text"], highlight["ranges"])
        for highlight in meta["highlights"]
        if (highlight["type"], highlight["id"]) == (type, result["id"])
        and highlight["path"] not in shown
        and not highlight["path"].endswith(".name")
    }
    return [*texts.values()][:2]


def problem_detail(problem: Mapping[str, Any]) -> str:
    """The detail of a problem without the suggestions, which stand beside the errors."""
    detail = str(problem["detail"])
    for error in problem["errors"]:
        detail = detail.replace(f"; did you mean {error['suggestion']!r}?", ".")
    return detail if detail.endswith(".") else f"{detail}."


def identifier_url(identifier: Mapping[str, str]) -> str:
    template = IDENTIFIER_URLS.get(identifier["scheme"], "")
    value = identifier["identifier"]
    return template.format(value) if template and re.fullmatch("[A-Za-z0-9]+", value) else ""
