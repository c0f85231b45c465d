"""Drafts of an article's quotations as claims: spans, speakers, and what a load makes of them."""

from __future__ import annotations

import pytest

from models.opening import open_dataset
from models.reading import reading
from seeds.imports.draft.article import article_of_text, read_article
from seeds.imports.draft.claims import ArticleDraft, draft_article
from seeds.problems import Refused
from tests.conftest import ROOT, Load

SOURCE = {"id": "a", "title": "A", "kind": "article"}
ARTICLE = ROOT.parent / "shared" / "article" / "defensehere-2025-05-14-rutte.txt"
RUTTE = {"actor": "mark-rutte"}
# start, end, and the first words of each quotation of the article
SPANS = [
    (378, 469, "I am confident"),
    (485, 642, "It will show"),
    (1059, 1093, "We need Türkiye’s"),
    (1111, 1220, "We hope to"),
    (1657, 1730, "We continue to"),
    (1743, 1853, "The Russian threat"),
    (1902, 2027, "We must ensure"),
    (2257, 2321, "My impression is"),
    (2334, 2462, "I’m confident that"),
    (2782, 2904, "After the fall"),
    (2917, 3102, "That assumption was"),
    (3148, 3308, "I don’t see"),
    (3326, 3380, "It’s simply responsible"),
    (3712, 3952, "At the Washington"),
    (4060, 4090, "These are two"),
    (4103, 4232, "If other countries"),
]


def draft(text: str, *, is_open: bool = False, **fields: str) -> ArticleDraft:
    return draft_article(article_of_text(text), SOURCE | fields, is_open=is_open)


def test_a_quotation_becomes_a_claim_that_waits_for_a_coder() -> None:
    text = "Talks\nMark Rutte said much. “We need Türkiye’s defence industry,” he said then."
    claims = draft(text, date="2025-05-14", language="en").sections["claims"]
    assert claims == [
        {
            "id": "a-1",
            "text": "“We need Türkiye’s defence industry,” he said then.",
            "actor": "mark-rutte",
            "date": "2025-05-14",
            "language": "en",
            "reports": [
                {
                    "source": "a",
                    "exact": "We need Türkiye’s defence industry",
                    "prefix": "Mark Rutte said much. “",
                    "suffix": ",” he said then.",
                    "start": 29,
                    "end": 63,
                    "attribution": "direct",
                }
            ],
            "status": "draft",
            "attributes": {"text": "the source's own sentence, to be paraphrased"},
        }
    ]
    assert text[29:63] == "We need Türkiye’s defence industry"


@pytest.mark.parametrize(
    ("text", "actors", "organizations", "attribution"),
    [
        ("“No,” Mark Rutte said.", [{"id": "mark-rutte", "name": "Mark Rutte"}], [], "direct"),
        ("“No,” an aide said.", [{"id": "a-an-aide", "name": "an aide", "kind": "unnamed"}], [],
         "direct"),
        ("“No,” NATO said.", [], [{"id": "nato", "name": "NATO", "kind": "other"}], "direct"),
        ("Xi said that “a bad peace” was none.", [{"id": "xi", "name": "Xi"}], [], "mixed"),
    ],
)  # fmt: skip
def test_speakers_become_records(
    text: str, actors: list[dict], organizations: list[dict], attribution: str
) -> None:
    sections = draft(text).sections
    assert sections.get("actors", []) == actors
    assert sections.get("organizations", []) == organizations
    assert sections["claims"][0]["reports"][0]["attribution"] == attribution


@pytest.mark.parametrize(
    ("name", "speaker", "doubt"),
    [
        ("Mark Rutte", {"actor": "mark-rutte"}, ""),
        ("The Boss", {"actor": "mark-rutte"}, ""),
        ("Rutte", {"actor": "mark-rutte"}, "the dataset knows 'Mark Rutte'"),
        ("NATO", {"organization": "nato"}, ""),
        ("Jon Smith", {"actor": "a-jon-smith"}, "'Jon Smith' may be jon-smith-1, jon-smith-2"),
    ],
)
def test_the_dataset_knows_speakers(
    load: Load, name: str, speaker: dict[str, str], doubt: str
) -> None:
    load(
        organizations=[{"id": "nato", "name": "NATO", "kind": "alliance"}],
        actors=[
            {"id": "mark-rutte", "name": "Mark Rutte", "aliases": ["Boss"]},
            {"id": "jon-smith-1", "name": "Jon Smith"},
            {"id": "jon-smith-2", "name": "Jon Smith"},
        ],
    )
    with reading():
        quotations = draft(f"“No,” said {name}.", is_open=True).quotations
    assert [(quoted.speaker, quoted.doubt) for quoted in quotations] == [(speaker, doubt)]


def test_a_load_proves_that_the_quotations_stand_in_the_source(load: Load) -> None:
    text = "Talks\n“Decomposed: Tu\u0308rkiye,” Mark Rutte said. « Oui », a-t-il ajouté.\n“End”"
    load(**draft(text).sections)
    sections = draft(text).sections
    assert load(**sections).unchanged == 4
    sections["claims"][0]["reports"][0]["start"] += 1
    with pytest.raises(Refused, match="1 problem"):
        load(**sections)


def test_an_article_without_quotations_gives_its_source_alone() -> None:
    assert draft("Nobody spoke.").sections == {"sources": [{**SOURCE, "text": "Nobody spoke."}]}


@pytest.mark.skipif(not ARTICLE.exists(), reason="the article is absent")
@pytest.mark.parametrize("with_dataset", [False, True])
def test_the_quotations_of_the_article(shipped_url: str, with_dataset: bool) -> None:
    """Every quotation has its speaker, and no heading is one."""
    article = read_article(ARTICLE)
    open_dataset(shipped_url)
    with reading():
        result = draft_article(article, SOURCE, is_open=with_dataset)
    spans = [
        (report["start"], report["end"], report["exact"])
        for claim in result.sections["claims"]
        for report in claim["reports"]
    ]
    assert [(start, end) for start, end, _ in spans] == [(start, end) for start, end, _ in SPANS]
    for (*_, exact), (*_, words) in zip(spans, SPANS, strict=True):
        assert exact.startswith(words)
    assert [quoted.speaker for quoted in result.quotations] == [RUTTE] * 16
    assert [quoted.doubt for quoted in result.quotations] == [""] * 16
    assert [(article.text[quotation.start : quotation.end], reason)
            for quotation, reason in result.skipped] == [
        ("The Summit Will Be a Success", "a heading"),
        ("We Never Promised Ukraine NATO Membership", "a heading"),
    ]  # fmt: skip
