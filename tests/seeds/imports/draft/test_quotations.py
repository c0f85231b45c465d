"""Quotations of articles: the marks of ten languages, nested, unclosed, across paragraphs."""

from __future__ import annotations

import pytest

from seeds.imports.draft.article import article_of_text
from seeds.imports.draft.quotations import find_quotations

QUOTED = [
    ("english", "“We need it,” Rutte said. “Now.”", ["We need it", "Now."]),
    ("british", "‘We don’t need it,’ May said. ‘Now.’", ["We don’t need it", "Now."]),
    ("british, plural", "‘It is the allies’ budget,’ May said.", ["It is the allies’ budget"]),
    ("typewriter", 'He said "no" and "never".', ["no", "never"]),
    ("inches", 'A 12" gun. "No," she said.', ["No"]),
    ("german", "„Wir brauchen Zeit“, sagte er. „Jetzt.“", ["Wir brauchen Zeit", "Jetzt."]),
    ("german books", "»Das ist falsch«, sagte er.", ["Das ist falsch"]),
    ("polish", "„Mamy plan” – powiedział.", ["Mamy plan"]),
    ("french", "«\u00a0Nous sommes prêts\u00a0», a-t-il dit.", ["Nous sommes prêts"]),
    ("russian", "«Мы готовы», — заявил он.", ["Мы готовы"]),
    ("swedish", "”Vi är redo”, sade han.", ["Vi är redo"]),
    ("finnish", "»Olemme valmiita», hän sanoi.", ["Olemme valmiita"]),
    ("chinese", "他说：“我们准备好了。”", ["我们准备好了。"]),
    ("japanese", "「準備はできている」と述べた。", ["準備はできている"]),
    ("turkish", "“Hazırız,” dedi.", ["Hazırız"]),
    ("nested", "“He told us ‘no’, and “never” too,” she said.",
     ["He told us ‘no’, and “never” too"]),
    ("nested guillemets", "«Он сказал «нет» вчера», — заявил он.", ["Он сказал «нет» вчера"]),
    ("apostrophes alone", "It’s the allies’ day, don’t worry.", []),
    ("empty", "“” and “ ” and “,”", []),
    ("none", "Nobody said a word.", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [case[1:] for case in QUOTED], ids=[c[0] for c in QUOTED]
)
def test_words_between_quotation_marks(text: str, expected: list[str]) -> None:
    quotations = find_quotations(article_of_text(text))
    assert [text[quotation.start : quotation.end] for quotation in quotations] == expected


def test_quotations_of_several_paragraphs() -> None:
    """Each paragraph opens the quotation again, and the last closes it."""
    text = "“We came.\n“We saw.\n“We left,” she said.\nA new day.\n“Unclosed."
    quotations = find_quotations(article_of_text(text))
    assert [
        (text[quotation.start : quotation.end], quotation.is_closed, quotation.continues)
        for quotation in quotations
    ] == [
        ("We came.", True, False),
        ("We saw.", True, True),
        ("We left", True, True),
        ("Unclosed.", False, False),
    ]
