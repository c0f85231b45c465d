"""Folding makes names comparable: plain lower-case words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values.folding import fold

FOLDED = {
    "Erdoğan": "erdogan",
    "ERDOĞAN": "erdogan",
    "Türkiye": "turkiye",
    "TÜRKİYE": "turkiye",
    "IŞIK": "isik",
    "ışık": "isik",
    "İstanbul": "istanbul",
    "O’Brien": "obrien",
    "O'Brien": "obrien",
    "O`Brien": "obrien",
    "OʼBrien": "obrien",
    "St. Petersburg": "st petersburg",
    "U.S.": "us",
    "U. S. A.": "u s a",
    "Jean-Claude": "jean claude",
    "Jean–Claude": "jean claude",
    "Straße": "strasse",
    "STRASSE": "strasse",
    "Łódź": "lodz",
    "Tromsø": "tromso",
    "Ærø": "aero",
    "Đà Nẵng": "da nang",
    "Владимир Путин": "vladimir putin",
    "ВЛАДИМИР ПУТИН": "vladimir putin",
    "北京": "beijing",
    "ＮＡＴＯ": "nato",
    "Ｍａｒｋ　Ｒｕｔｔｅ": "mark rutte",
    "ﬁnance": "finance",
    "  two \t words\n": "two words",
    "(AKP), 2025/2026": "akp 2025 2026",
    "“Quoted” «name»": "quoted name",
    "50 %": "50",
    # vowel signs
    "שלום": "slvm",
    "שָׁלוֹם": "slvm",
    "محمد": "mhmd",
    "مُحَمَّد": "mhmd",
    "رحمٰن": "rhmn",
    # invisible characters: zero-width, directions, soft hyphen, variation selector
    "Mark\u200b Ru\u00adtte\ufeff": "mark rutte",
    "\u202eMark Rutte\u202c": "mark rutte",
    "می\u200cخواهم": "mykhwhm",
    "可\ufe00口": "kekou",
    "\U000e0041Ann": "ann",
    "…": "",
    "—": "",
    "": "",
}


@pytest.mark.parametrize(("name", "folded"), FOLDED.items(), ids=map(ascii, FOLDED))
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_fold(name: str, folded: str, form: str) -> None:
    assert fold(unicodedata.normalize(form, name)) == folded


@given(st.text())
@settings(derandomize=True, deadline=None, database=None)
def test_a_folded_name_has_plain_words_and_folds_to_itself(name: str) -> None:
    folded = fold(name)
    assert set(folded) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert folded == " ".join(folded.split())
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFD", name)) == folded
    assert fold(f" {name}\n") == folded
    assert fold("\u200b".join(name)) == folded


LATIN = st.characters(max_codepoint=0x17F, categories=["Ll", "Lu"], exclude_characters="ŉ")


@given(st.text(LATIN))
@settings(derandomize=True, deadline=None, database=None)
def test_folding_ignores_case(name: str) -> None:
    assert fold(name) == fold(name.upper()) == fold(name.lower())
