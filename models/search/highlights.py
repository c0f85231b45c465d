"""Highlights: where the words of a full-text query stand in the texts of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from models.database.connection import database, fetch_all
from models.database.deadline import check_deadline
from models.documents.texts import TEXT_COLUMNS
from models.search.text_query import Term, TextQuery
from models.values.words import PlacedWord, placed_words, split_words

# characters of a text that are folded at a time, and those after them that a phrase may reach to
BLOCK = 2000
REACH = 1000
# the most characters and the number of the parts of a source's text that are shown
MAX_SNIPPET = 200
MAX_SNIPPETS = 3
# characters of a snippet before its first word
LEAD = 60

# the first code point, and the one after the last
Range = tuple[int, int]


class Highlight(NamedTuple):
    """The words of a query in one text of a record."""

    type: str
    id: str
    path: str
    text: str
    ranges: list[Range]


def find_highlights(
    type: str, documents: Iterable[dict[str, Any]], query: TextQuery
) -> list[Highlight]:
    """The highlights of the records of a page, in their order."""
    documents = list(documents)
    source_texts = fetch_source_texts(documents) if type == "source" else {}
    highlights = []
    for document in documents:
        id = document["id"]
        for path, text in document_texts(type, document):
            ranges = merged(term_ranges(text, query.required))
            if ranges:
                highlights.append(Highlight(type, id, path, text, ranges))
        for text, ranges in snippets(source_texts.get(id, ""), query.required):
            highlights.append(Highlight(type, id, "text", text, ranges))
    return highlights


def fetch_source_texts(documents: list[dict[str, Any]]) -> dict[str, str]:
    """The texts of sources by id."""
    ids = database.pack({"id": document["id"]} for document in documents)
    return dict(
        fetch_all(
            f"SELECT record.id, source.text FROM {database.packed_rows(id='text')} AS shown"
            " JOIN record ON record.type = 'source' AND record.id = shown.id"
            " JOIN source ON source.key = record.key WHERE source.text IS NOT NULL",
            ids,
        )
    )


def document_texts(type: str, document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of a document that full-text search reads, each with its path."""
    for name in TEXT_COLUMNS[type]:
        # a source's text is not in its document
        value = document.get(name)
        if isinstance(value, list):
            yield from ((f"{name}.{n}", text) for n, text in enumerate(value))
        elif value:
            yield name, value
    if type == "claim":
        for n, report in enumerate(document["reports"]):
            if report["exact"]:
                yield f"reports.{n}.exact", report["exact"]
        claimant = "actor" if document["actor"] else "organization"
        yield f"{claimant}.name", document[claimant]["name"]


def snippets(text: str, terms: Iterable[Term]) -> Iterator[tuple[str, list[Range]]]:
    """Parts of a long text around words of a query: at most half of the text."""
    size = min(MAX_SNIPPET, len(text) // 2)
    if not size:
        return
    count = max(1, min(MAX_SNIPPETS, len(text) // 2 // size))
    ranges: list[Range] = []
    start = end = 0
    for first, last in term_ranges(text, terms):
        if ranges and last <= end:
            ranges.append((first - start, last - start))
            continue
        if ranges:
            yield text[start:end], merged(ranges)
            count -= 1
            if not count:
                return
        start = max(end, first - min(LEAD, size // 4))
        end = min(len(text), start + size)
        ranges = [(first - start, min(last, end) - start)]
    if ranges:
        yield text[start:end], merged(ranges)


def term_ranges(text: str, terms: Iterable[Term]) -> Iterator[Range]:
    """Where terms stand in a text, in the order in which they begin."""
    terms = list(terms)
    start = 0
    while start < len(text):
        check_deadline()
        end = block_end(text, start)
        words = f" {' '.join(split_words(text[start:end]))} "
        here = [term for term in terms if first_word(term) in words]
        if here:
            placed = list(placed_words(text[start : end + REACH]))
            ranges = [
                (start + first, start + last)
                for term in here
                for first, last in places(placed, term)
                if start + first < end
            ]
            yield from sorted(ranges)
        start = end


def block_end(text: str, start: int) -> int:
    """The end of a block, at a space if there is one near."""
    end = start + BLOCK
    space = text.rfind(" ", end - REACH, end)
    return end if space < 0 or end >= len(text) else space + 1


def first_word(term: Term) -> str:
    """The beginning of a term, up to the end of its first word."""
    return Term(term.words[:1], term.prefix and len(term.words) == 1).text


def places(words: list[PlacedWord], term: Term) -> Iterator[Range]:
    """Where a term stands among words."""
    *rest, last = term.words
    size = len(term.words)
    for n in range(len(words) - size + 1):
        final = words[n + size - 1]
        if not (final.word.startswith(last) if term.prefix else final.word == last):
            continue
        if all(words[n + m].word == word for m, word in enumerate(rest)):
            yield words[n].start, final.end


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Ranges in order; those that overlap are one."""
    union: list[Range] = []
    for first, last in sorted(ranges):
        if union and first < union[-1][1]:
            union[-1] = union[-1][0], max(last, union[-1][1])
        else:
            union.append((first, last))
    return union
