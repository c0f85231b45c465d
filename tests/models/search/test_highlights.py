"""Highlights: the places of a query's words in texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.search.highlights import MAX_SNIPPET, snippets, term_ranges
from models.search.text_query import parse_text_query
from models.values.words import split_words

# (text, query, the parts of the text that the query's words stand at)
PLACES = [
    ("NATO and nato’s NATOs", "nato", ["NATO", "nato"]),
    ("NATO and nato’s NATOs", "nato*", ["NATO", "nato", "NATOs"]),
    ("Erdoğan, ERDOĞAN'ın, Erdogan", "erdoğan", ["Erdoğan", "ERDOĞAN", "Erdogan"]),
    ("Erdog\u0306an", "erdogan", ["Erdog\u0306an"]),
    ("Two percent, two; percent. Percent two", '"two percent"', ["Two percent", "two; percent"]),
    ("Two percent", "percent two", ["Two", "percent"]),
    ("Two percent", "two -percent", ["Two"]),
    ("Two percent", "-percent", []),
    ("北京北京", "北京", ["北京", "北京"]),
    ("北京北京", "京", ["京", "京"]),
    ("🙂🙂 U.S. law", "us", ["U.S"]),
    ("½ and 2", "2", ["½", "2"]),
    ("a a a", '"a a"', ["a a", "a a"]),
    ("", "a", []),
    ("…", "a", []),
]


@pytest.mark.parametrize(("text", "query", "parts"), PLACES, ids=[ascii(p[:2]) for p in PLACES])
def test_the_places_of_terms(text: str, query: str, parts: list[str]) -> None:
    ranges = term_ranges(text, parse_text_query(query).required)
    assert [text[first:last] for first, last in ranges] == parts


def test_a_long_text_has_the_same_places_everywhere() -> None:
    """A text is folded block by block; words and phrases go over the ends of blocks."""
    text = "We must, they say, spend more. " * 1000
    for query, count in (("must", 1000), ('"spend more we"', 999), ("s*", 2000), ("no", 0)):
        ranges = list(term_ranges(text, parse_text_query(query).required))
        assert len(ranges) == count
        assert ranges == sorted(set(ranges))


@given(
    st.lists(st.sampled_from(["NATO", "two", "percent.", "Işık", "北京", "-", "a"]), max_size=900)
)
@settings(derandomize=True, deadline=None, database=None, max_examples=50)
def test_snippets_are_short_and_have_the_words(words: list[str]) -> None:
    text = " ".join(words)
    shown = 0
    for snippet, ranges in snippets(text, parse_text_query("nato percent 京").required):
        assert len(snippet) <= MAX_SNIPPET
        assert snippet in text
        assert ranges
        for first, last in ranges:
            assert snippet[first:last]
            if last < len(snippet):
                assert split_words(snippet[first:last])[0] in ("nato", "percent", "京")
        shown += len(snippet)
    assert shown <= len(text) / 2


def test_a_snippet_begins_before_its_words() -> None:
    text = "x" * 300 + " the word stands here " + "y" * 300 + " word" + " z" * 300
    assert list(snippets(text, parse_text_query("word").required)) == [
        (text[255:455], [(50, 54)]),
        (text[573:773], [(50, 54)]),
    ]
