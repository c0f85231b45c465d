"""Words for full-text search: without case, diacritics and script."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values.words import MAX_WORD, placed_words, split_words

WORDS = {
    "Erdoğan": "erdogan",
    "ERDOĞAN": "erdogan",
    "erdogan": "erdogan",
    "Işık": "isik",
    "ISIK": "isik",
    "İSTANBUL": "istanbul",
    "Strauß": "strauss",
    "STRAUSS": "strauss",
    "STRAUẞ": "strauss",
    "Ærø": "aero",
    "Łukasz": "lukasz",
    "Đurić": "duric",
    "Türkiye'nin": "turkiye nin",
    "NATO’s": "nato s",
    "O'Brien": "o brien",
    "Jean-Claude": "jean claude",
    "Μητσοτάκης": "mitsotakis",
    "ΜΗΤΣΟΤΆΚΗΣ": "mitsotakis",
    "Владимир Путин": "vladimir putin",
    "ВЛАДИМИР": "vladimir",
    "Гельман": "gelman",
    "محمد": "mhmd",
    "مُحَمَّد": "mhmd",
    "עלי": "ly",
    "दिल्ली": "dilli",
    "서울": "seoul",
    "北京": "北 京",
    "東京タワー": "東 京 タ ワ ー",
    "ﾀﾜｰ": "タ ワ ー",
    "時々、〇": "時 々 〇",
    "NATO北約": "nato 北 約",
    "ＮＡＴＯ": "nato",
    "ﬁnance": "finance",
    "½ of 2 %": "1 2 of 2",
    "U.S. and U.N.": "us and un",
    "e.g. 3.5, end.Next": "eg 3 5 end next",
    "snake_case": "snake case",
    "co\u00adoperate": "cooperate",
    "two\u200bwords": "two words",
    "“Quoted” «words»": "quoted words",
    "a\nb\tc\u00a0d\u2029e": "a b c d e",
    "🙂 €5 …": "5",
    "": "",
    "x" * 101: "x" * 100,
}


@pytest.mark.parametrize(("text", "words"), WORDS.items(), ids=map(ascii, WORDS))
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_words_of_a_text(text: str, words: str, form: str) -> None:
    assert split_words(unicodedata.normalize(form, text)) == words.split()


TEXTS = st.one_of(
    st.text(),
    st.text(st.sampled_from("aÉé.-'’ \u0301ıİß北カが\u3099ﾀﾞ가\u1100\u1161\u11a8½ﷺ🙂दि्ल\u00ad")),
)


@given(TEXTS)
@settings(derandomize=True, deadline=None, database=None, max_examples=500)
def test_words_have_only_letters_and_digits(text: str) -> None:
    for word in split_words(text):
        assert 1 <= len(word) <= MAX_WORD
        assert word.isalnum() or len(word) == 1
        assert word == word.lower()
        assert split_words(word) == [word]


@given(TEXTS)
@settings(derandomize=True, deadline=None, database=None, max_examples=500)
def test_each_word_has_a_place_in_the_text(text: str) -> None:
    placed = list(placed_words(text))
    assert [word.word for word in placed] == split_words(text)
    for word in placed:
        assert 0 <= word.start < word.end <= len(text)
        assert word.word in split_words(text[word.start : word.end]) or len(word.word) == MAX_WORD


# (text, the part of the text that the first word stands at)
PLACES = [
    ("… Erdoğan’s", "Erdoğan"),
    (unicodedata.normalize("NFD", "Erdoğan, x"), unicodedata.normalize("NFD", "Erdoğan")),
    ("«U.S. law", "U.S"),
    ("北京", "北"),
    ("  ﬁnance ", "ﬁnance"),
    ("½ x", "½"),
]


@pytest.mark.parametrize(("text", "part"), PLACES, ids=[ascii(text) for text, _ in PLACES])
def test_the_place_of_a_word(text: str, part: str) -> None:
    word = next(placed_words(text))
    assert text[word.start : word.end] == part
