"""The query language of full-text search: words, phrases, prefixes and exclusions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.search.text_query import TextQuery, parse_text_query, text_filter

# query: required terms, excluded terms; a star marks a prefix
QUERIES = {
    "nato": ("nato", ""),
    "NATO  Erdoğan": ("nato|erdogan", ""),
    "nato nato": ("nato", ""),
    '"two percent"': ("two percent", ""),
    '"two" percent': ("two|percent", ""),
    "“two percent” x": ("two percent|x", ""),
    "north-atlantic": ("north atlantic", ""),
    "3.5": ("3 5", ""),
    "U.S.": ("us", ""),
    "O’Brien's": ("o brien s", ""),
    "北京 x": ("北 京|x", ""),
    "def*": ("def*", ""),
    "def**": ("def*", ""),
    "(def*),": ("def*", ""),
    "north-atl*": ("north atl*", ""),
    "*def": ("def", ""),
    "def *": ("def", ""),
    "a*b": ("a b", ""),
    '"def*"': ("def", ""),
    '"def"*': ("def", ""),
    "a-*": ("a", ""),
    "-nato": ("", "nato"),
    "x -nato": ("x", "nato"),
    'x -"two percent" -def*': ("x", "two percent|def*"),
    "--nato": ("", "nato"),
    "- nato": ("nato", ""),
    "x-nato": ("x nato", ""),
    "x - nato": ("x|nato", ""),
    "-two-percent": ("", "two percent"),
    'x"two percent"y': ("x|two percent|y", ""),
    '"two percent': ("two|percent", ""),
    '-"two percent': ("two|percent", ""),
    '""': ("", ""),
    '"': ("", ""),
    "*": ("", ""),
    "-": ("", ""),
    '-""': ("", ""),
    ":*": ("", ""),
    "&|!()<>\\'": ("", ""),
    "🙂": ("", ""),
    "AND OR NOT NEAR(": ("and|or|not|near", ""),
    "words:def^2 + x": ("words def 2|x", ""),
    "'; DROP TABLE claim --": ("drop|table|claim", ""),
    "¶": ("", ""),
}


def written(query: TextQuery) -> tuple[str, str]:
    required, excluded = (
        "|".join(" ".join(term.words) + "*" * term.prefix for term in terms) for terms in query
    )
    return required, excluded


@pytest.mark.parametrize(("text", "terms"), QUERIES.items(), ids=map(ascii, QUERIES))
def test_the_terms_of_a_query(text: str, terms: tuple[str, str]) -> None:
    assert written(parse_text_query(text)) == terms


@given(st.one_of(st.text(), st.text(st.sampled_from('ab"-* .北É'))))
@settings(derandomize=True, deadline=None, database=None, max_examples=500)
def test_every_text_is_a_query(text: str) -> None:
    query = parse_text_query(text)
    for term in (*query.required, *query.excluded):
        assert term.words
        assert all((word and word.isalnum()) or len(word) == 1 for word in term.words)
    values = text_filter(query)
    assert (values.any_of == ()) == (not query.required and not query.excluded)


def test_the_values_of_both_engines() -> None:
    query = parse_text_query('nato "two percent" def* -x -"y z"')
    assert text_filter(query).any_of == (
        {
            "match": '("nato" AND "two percent" AND "def" *) NOT ("x" OR "y z")',
            "lexemes": "('nato' & 'two' & 'percent' & 'def':* & !'x') | '*'",
            "ranked": "'nato' & 'two' & 'percent' & 'def':*",
            "has": '[[" two percent "]]',
            "lacks": '[" y z "]',
            "long_has": '[[" nato "],[" two percent "],[" def"]]',
            "long_lacks": '[" x "," y z "]',
        },
    )


def test_the_values_of_exclusions_alone() -> None:
    values = text_filter(parse_text_query('-x -"y z"'))
    assert values.any_of is None
    assert values.none_of == (
        {
            "match": '"x" OR "y z"',
            "lexemes": "('x') | ('y' & 'z') | '*'",
            "ranked": "('x') | ('y' & 'z')",
            "has": '[[" x "," y z "]]',
            "lacks": "[]",
            "long_has": '[[" x "," y z "]]',
            "long_lacks": "[]",
        },
    )
