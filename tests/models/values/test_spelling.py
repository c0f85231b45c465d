"""Spellings: the keys that other spellings of a name share, and the letters of other scripts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values.spelling import script_key, spelling_keys

# spellings of one name share a key
ALIKE = [
    ["Trinidad and Tobago", "Trinidad & Tobago", "Trinidad&Tobago", "Trinidad + Tobago",
     "Trinidad und Tobago", "Trinidad et Tobago", "Trinidad og Tobago", "TRINIDAD Y TOBAGO",
     "Trinidad ＆ Tobago", "trinidadandtobago"],
    ["A. A. Milne", "A.A. Milne", "A A Milne", "AA Milne", "a.a.milne"],
    ["J. K. Rowling", "JK Rowling", "J.K.Rowling", "J K Rowling"],
    ["U.S.A.", "USA", "U S A", "U. S. A."],
    ["J. Y. Le Drian", "J.Y. Le Drian", "JY Le Drian"],
    ["Xi Jinping", "xijinping", "Xi Jin Ping", "习近平"],
    ["BüSo", "Bueso", "BUESO", "Bue-So"],
    ["Müller", "Mueller", "MÜLLER"],
    ["Ærø", "Aeroe"],
    ["Jürgen Weiß-Ørsted", "Juergen Weiss Oersted", "JuergenWeissOersted"],
    ["Århus", "Aarhus"],
    ["Schröder & Söhne", "Schroeder und Soehne"],
    ["Erdo\u200bğan", "Erdoğan", "Er do gan"],
]  # fmt: skip
DIFFERENT = [
    ("Muller", "Mueller"),
    ("Bauer", "Baur"),
    ("Michael", "Michal"),
    ("Maas", "Mas"),
    ("Trinidad or Tobago", "Trinidad and Tobago"),
    ("John Y. Smith", "John Smith"),
    ("Y. Tanaka", "Tanaka"),
    ("Canal+", "Canal and"),
]


@pytest.mark.parametrize("names", ALIKE, ids=lambda names: ascii(names[0]))
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_spellings_of_a_name_share_a_key(names: list[str], form: str) -> None:
    first = set(spelling_keys(names[0]))
    for name in names:
        assert first & set(spelling_keys(unicodedata.normalize(form, name))), name


@pytest.mark.parametrize(("name", "other"), DIFFERENT)
def test_other_names_share_no_key(name: str, other: str) -> None:
    assert not set(spelling_keys(name)) & set(spelling_keys(other))


@given(st.text())
@settings(derandomize=True, deadline=None, database=None)
def test_a_name_has_one_or_two_keys_of_letters_and_digits(name: str) -> None:
    keys = spelling_keys(name)
    assert len(keys) in (1, 2)
    assert set("".join(keys)) <= set("abcdefghijklmnopqrstuvwxyz0123456789")
    assert spelling_keys(unicodedata.normalize("NFD", name)) == keys


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("刘莉", "刘莉"),
        ("刘丽", "刘丽"),
        ("刘\u200b莉", "刘莉"),
        ("Владимир ПУТИН", "владимир путин"),
        ("Владимир É. Putin", "владимир e putin"),
        ("Ελλάς", "ελλάσ"),
        ("Müller", None),
        ("OʼBrien", None),
        ("ＮＡＴＯ", None),
        ("№ 5", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_of_another_script(name: str, key: str | None, form: str) -> None:
    assert script_key(unicodedata.normalize(form, name)) == key
