"""The query language of full-text search.

All words must be there, in any order. `"a phrase"` stands as it is, `prefix*` begins a word, and a
leading `-` excludes what follows. Every other character is text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import orjson

from models.queries.slots import FilterValues
from models.values.words import placed_words, split_words

QUOTES = str.maketrans(dict.fromkeys("“”„‟＂", '"'))
# a quotation mark without its counterpart separates terms
TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<chunk>[^\s"]+))')
# stands for all words of a record that has too many for an index of PostgreSQL
ANY_WORD = "'*'"


class Term(NamedTuple):
    """Words that follow each other in one field; `prefix`: the last one may go on."""

    words: tuple[str, ...]
    prefix: bool = False

    @property
    def text(self) -> str:
        """The term as it stands in an indexed text, which has a space around each word."""
        return f" {' '.join(self.words)}{'' if self.prefix else ' '}"


class TextQuery(NamedTuple):
    """What a text must have, and what it must not have."""

    required: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()


def parse_text_query(text: str) -> TextQuery:
    """The terms of a query; every text is a query, if only one without terms."""
    required: dict[Term, None] = {}
    excluded: dict[Term, None] = {}
    for match in TERM.finditer(unicodedata.normalize("NFC", text).translate(QUOTES)):
        term = parse_term(match["phrase"], match["chunk"])
        if term.words:
            (excluded if match["minus"] else required)[term] = None
    return TextQuery(tuple(required), tuple(excluded))


def parse_term(phrase: str | None, chunk: str | None) -> Term:
    if phrase is not None:
        return Term(tuple(split_words(phrase)))
    text = chunk or ""
    before, star, after = text.rpartition("*")
    before = before.rstrip("*")
    # the asterisk directly follows the last word
    if star and not split_words(after) and ends_in_word(before):
        return Term(tuple(split_words(before)), prefix=True)
    return Term(tuple(split_words(text)))


def ends_in_word(text: str) -> bool:
    *_, last = (0, *(word.end for word in placed_words(text)))
    return 0 < last == len(text)


def text_filter(query: TextQuery) -> FilterValues:
    """The values of the filter `q`; a query without terms matches nothing."""
    if query.required:
        return FilterValues((all_terms(query),))
    if query.excluded:
        return FilterValues(None, (any_term(query.excluded),))
    return FilterValues(())


def all_terms(query: TextQuery) -> dict[str, str]:
    """A value that matches texts with all required terms and none of the excluded ones."""
    required, excluded = query
    match = " AND ".join(map(fts_term, required))
    words = " & ".join(map(lexemes, required))
    lacking = [f"!{lexemes(term)}" for term in excluded if is_exact(term)]
    return {
        "match": f"({match}) NOT ({fts_any(excluded)})" if excluded else match,
        "lexemes": f"({' & '.join([words, *lacking])}) | {ANY_WORD}",
        "ranked": words,
        "has": packed([term.text] for term in required if not is_exact(term)),
        "lacks": packed(term.text for term in excluded if not is_exact(term)),
        "long_has": packed([term.text] for term in required),
        "long_lacks": packed(term.text for term in excluded),
    }


def any_term(terms: tuple[Term, ...]) -> dict[str, str]:
    """A value that matches texts with any of the terms."""
    words = " | ".join(f"({lexemes(term)})" for term in terms)
    texts = packed([[term.text for term in terms]])
    return {
        "match": fts_any(terms),
        "lexemes": f"{words} | {ANY_WORD}",
        "ranked": words,
        "has": "[]" if all(map(is_exact, terms)) else texts,
        "lacks": "[]",
        "long_has": texts,
        "long_lacks": "[]",
    }


def is_exact(term: Term) -> bool:
    """Whether the lexemes of a text tell if it has the term, without the order of its words."""
    return len(term.words) == 1


def fts_term(term: Term) -> str:
    """A term in the syntax of FTS5."""
    return f'"{" ".join(term.words)}"{" *" if term.prefix else ""}'


def fts_any(terms: Iterable[Term]) -> str:
    return " OR ".join(map(fts_term, terms))


def lexemes(term: Term) -> str:
    """The words of a term, all of which a text must have, in the syntax of tsquery."""
    words = [f"'{word}'" for word in term.words]
    if term.prefix:
        words[-1] += ":*"
    return " & ".join(words)


def packed(values: Iterable) -> str:
    return orjson.dumps(list(values)).decode()
