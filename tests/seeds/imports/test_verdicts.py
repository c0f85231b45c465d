"""Verdicts: the ratings of fact-checkers in seven words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.claim import VERDICTS
from models.values.folding import fold
from seeds.imports.verdicts import RATING_WORDS, verdict_of_number, verdict_of_words

PAGE = (Path(__file__).parents[3] / "docs" / "bringing-data.md").read_text()
TABLE = PAGE.partition("| verdict | ratings |")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("rating", "verdict"),
    [
        ("True", "true"),
        ("MOSTLY TRUE", "mostly-true"),
        ("Half-true", "mixed"),
        ("Mixture", "mixed"),
        ("Mostly False", "mostly-false"),
        ("False.", "false"),
        ("Pants on Fire!", "false"),
        ("Misleading", "mixed"),
        ("Missing context", "mixed"),
        ("Falsch", "false"),
        ("größtenteils  falsch", "mostly-false"),
        ("Faux", "false"),
        ("❌ Falso", "false"),
        ("FAŁSZ", "false"),
        ("Ложь", "false"),
        ("Unproven", "unverifiable"),
        ("Satire", "other"),
        ("False: there is no tram", "false"),
        ("Mostly false – it costs less", "mostly-false"),
        ("Half True (2020)", "mixed"),
        ("Cherry-picked", "mixed"),
        ("Falsehood", None),
        ("Not false", None),
        ("There is no evidence that this is true", None),
        ("", None),
    ],
)
def test_words_have_a_verdict(rating, verdict):
    assert verdict_of_words(rating) == verdict


@pytest.mark.parametrize(
    ("value", "best", "worst", "verdict"),
    [
        ("5", "5", "1", "true"),
        ("4", "5", "1", "mostly-true"),
        ("3", "", "", "mixed"),
        ("2", "5", "", "mostly-false"),
        ("1", "5", "1", "false"),
        ("1", "1", "5", "true"),
        ("0", "100", "0", "false"),
        ("70", "100", "0", "mostly-true"),
        ("1", "2", "0", "mixed"),
        ("4.6", "5", "1", "true"),
        ("-1", "5", "1", None),
        ("6", "5", "1", None),
        ("1", "1", "1", None),
        ("nan", "5", "1", None),
        ("inf", "inf", "1", None),
        ("A", "F", "", None),
        ("", "5", "1", None),
    ],
)
def test_numbers_have_a_verdict(value, best, worst, verdict):
    assert verdict_of_number(value, best, worst) == verdict


def test_a_rating_has_one_verdict():
    words = [fold(words) for ratings in RATING_WORDS.values() for words in ratings]
    assert sorted(words) == sorted(set(words))
    assert set(RATING_WORDS) == set(VERDICTS)


def test_the_table_is_in_the_docs():
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", TABLE, re.MULTILINE)
    assert {verdict: tuple(words.split(", ")) for verdict, words in rows} == RATING_WORDS
