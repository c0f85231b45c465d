"""Who speaks in an article: names, pronouns and descriptions beside verbs of speech."""

from __future__ import annotations

import pytest

from seeds.imports.draft.article import article_of_text
from seeds.imports.draft.quotations import find_quotations
from seeds.imports.draft.speakers import Attribution, Skipped, Speakers

NOBODY = "nobody is said to have spoken it"
UNNAMED = "the speaker has no name"
NEAREST = "the nearest name is taken"
LAST = "the paragraph names no speaker: the last one is taken"


def speakers(text: str) -> list[tuple[str, str]]:
    """The speaker of each quotation, or the reason for none, with a reason for a doubt."""
    article = article_of_text(text)
    return [
        (attribution.name, attribution.doubt)
        if isinstance(attribution, Attribution)
        else (f"- {attribution.reason}", "")
        for attribution in Speakers(article, find_quotations(article)).attributions()
        if isinstance(attribution, Attribution | Skipped)
    ]


CASES = [
    ("after", "“No,” Mark Rutte said.", [("Mark Rutte", "")]),
    ("inverted", "“No,” said Mark Rutte.", [("Mark Rutte", "")]),
    ("before", "Mark Rutte added: “No.”", [("Mark Rutte", "")]),
    ("by a source", "According to Jens Stoltenberg, “the door is open”.",
     [("Jens Stoltenberg", "")]),
    ("titles", "“No,” said NATO Secretary General Mark Rutte.", [("Mark Rutte", "")]),
    ("nationality", "German Chancellor Olaf Scholz said: “Nein.”", [("Olaf Scholz", "")]),
    ("particles", "“No,” Anna de la Cruz wrote; “yes,” Peter van Dijk replied.",
     [("Anna de la Cruz", ""), ("Peter van Dijk", "")]),
    ("surname", "Mark Rutte spoke in Antalya. “No,” Rutte said.", [("Mark Rutte", "")]),
    ("surname before the full name", "“No,” Rutte said. Mark Rutte left.", [("Mark Rutte", "")]),
    ("pronoun", "Mark Rutte said yes. Later, in The Hague: “No,” he said.", [("Mark Rutte", "")]),
    ("pronoun for a name that spoke no words", "Mark Rutte left. “No,” he said.",
     [("Mark Rutte", NEAREST)]),
    ("pronoun for a new name", "“Yes,” Ada Lund said. Jonas Berg disagreed. “No,” he said.",
     [("Ada Lund", ""), ("Jonas Berg", NEAREST)]),
    ("words inside a later sentence", "“Yes,” Ada Lund said. Nobody liked the “light line”.",
     [("Ada Lund", ""), (f"- {NOBODY}", "")]),
    ("two parts of a sentence", "“Yes,” Ada Lund said, and “now”.",
     [("Ada Lund", ""), ("Ada Lund", "")]),
    ("french pronoun", "Emmanuel Macron a dit oui. « Non », dit-il. « Si », a-t-il ajouté.",
     [("Emmanuel Macron", ""), ("Emmanuel Macron", "")]),
    ("goes on", "“No,” Mark Rutte said. “Never.”", [("Mark Rutte", ""), ("Mark Rutte", "")]),
    ("object", "Mark Rutte, who met Olaf Scholz in Berlin, said: “No.”", [("Mark Rutte", "")]),
    ("place", "Speaking to Anadolu Agency in Antalya, Mark Rutte said: “No.”",
     [("Mark Rutte", "")]),
    ("description", "“No,” a senior official told reporters in Brussels.",
     [("a senior official", UNNAMED)]),
    ("description goes on", "“No,” an aide said. “Never.”",
     [("an aide", UNNAMED), ("an aide", UNNAMED)]),
    ("sentence before", "Mark Rutte said little. “No.”", [("Mark Rutte", "")]),
    ("question", "Mark Rutte left. “Really?” Olaf Scholz asked.", [("Olaf Scholz", "")]),
    ("a name after a description", "“No,” the Kremlin spokesman Dmitry Peskov said.",
     [("Dmitry Peskov", "")]),
    ("organization", "“No,” NATO said in a statement.", [("NATO", "")]),
    ("part of a sentence", "Scholz said that “a bad peace” was no peace.", [("Scholz", "")]),
    ("lone paragraph", "“No,” Mark Rutte said.\n“Never again.”",
     [("Mark Rutte", ""), ("Mark Rutte", LAST)]),
    ("two paragraphs", "Mark Rutte said: “No.\n“Never.”",
     [("Mark Rutte", ""), ("Mark Rutte", "")]),
    ("unclosed", "Mark Rutte said: “No.", [("Mark Rutte", "the quotation has no closing mark")]),
    ("heading", "“The Summit Will Be a Success”\n“No,” Mark Rutte said.",
     [("- a heading", ""), ("Mark Rutte", "")]),
    ("heading with a question", "“Who Will Pay for It?”\nText.", [("- a heading", "")]),
    ("scare quotes", "The so-called “coalition of the willing” met.", [(f"- {NOBODY}", "")]),
    ("title of a work", "The film “Casablanca” won.", [(f"- {NOBODY}", "")]),
    ("german", "„Ja“, sagte Olaf Scholz.", [("Olaf Scholz", "")]),
    ("french", "« Oui », a déclaré Emmanuel Macron.", [("Emmanuel Macron", "")]),
    ("polish", "„Tak” – powiedział Donald Tusk.", [("Donald Tusk", "")]),
    ("russian", "«Да», — заявил Сергей Лавров.", [("Сергей Лавров", "")]),
    ("turkish", "“Evet,” dedi Hakan Fidan.", [("Hakan Fidan", "")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_speakers_of_quotations(text: str, expected: list[tuple[str, str]]) -> None:
    assert speakers(text) == expected
