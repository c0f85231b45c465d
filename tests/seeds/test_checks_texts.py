"""Exact words and quotes are in the texts of sources."""

from __future__ import annotations

import pytest

from tests.seeds.build import Sections, claim, exported, small, source

TEXT = "Ann said: “We must act,” and left."

EXACT = [
    ("anywhere", {"exact": "must act"}, None),
    ("at its start", {"exact": "must act", "start": 14}, None),
    ("from the first letter", {"exact": "Ann", "start": 0}, None),
    ("to the last", {"exact": "left.", "start": 29, "end": 34}, None),
    ("all of it", {"exact": TEXT, "start": 0, "end": 34}, None),
    ("only offsets", {"start": 3, "end": 5}, None),
    ("nothing", {}, None),
    ("another case", {"exact": "we must act"}, "not found in the source's text"),
    ("other white space", {"exact": "must  act"}, "not found in the source's text"),
    ("other quotation marks", {"exact": '"We must'}, "not found in the source's text"),
    (
        "one off",
        {"exact": "must act", "start": 15},
        "not found at 15 in the source's text, but at 14",
    ),
    (
        "beyond the end",
        {"exact": "left.", "start": 30},
        "not found at 30 in the source's text, but at 29",
    ),
]


@pytest.fixture
def initial() -> Sections:
    texts = [source("said", text=TEXT), source("untold"), source("turkish", language="tr")]
    return small() | {"sources": [*small()["sources"], *texts]}


@pytest.mark.parametrize(
    ("report", "message"), [case[1:] for case in EXACT], ids=[case[0] for case in EXACT]
)
def test_exact_words(load, refused, write, report, message):
    record = claim("c", reports=[{"source": "said", **report}])
    if message is None:
        load(claims=[record])
        assert exported()[-1]["reports"] == record["reports"]
    else:
        assert refused(write("a.json", {"claims": [record]})) == [
            f"a.json: claim c: reports.0.exact: {report['exact']!r}: {message}"
        ]


def test_exact_words_in_a_source_without_a_text(load):
    record = claim("c", reports=[{"source": "untold", "exact": "Anything", "start": 7}])
    load(claims=[record])
    assert exported()[-1]["reports"] == record["reports"]


def test_offsets_count_characters_in_canonical_form(load):
    decomposed = "I\u0307yi s\u0327ey"
    load(
        sources=[source("decomposed", text=decomposed)],
        claims=[
            claim(
                "c", reports=[{"source": "decomposed", "exact": "s\u0327ey", "start": 4, "end": 7}]
            )
        ],
    )
    assert exported()[-1]["reports"][0]["exact"] == "şey"


QUOTES = [
    ("in its text", {"quote": "We must act", "reports": [{"source": "said"}]}, True),
    ("without a report", {"quote": "Whatever"}, True),
    ("in no text", {"quote": "We must", "reports": [{"source": "news"}]}, False),
    (
        "in one of two texts",
        {"quote": "We must act", "reports": [{"source": "news"}, {"source": "said"}]},
        True,
    ),
    (
        "in no text, but one source has none",
        {"quote": "Whatever", "reports": [{"source": "said"}, {"source": "untold"}]},
        True,
    ),
    (
        "in another language",
        {"quote": "Whatever", "language": "tr", "reports": [{"source": "english"}]},
        True,
    ),
    (
        "in another language that begins alike",
        {"quote": "Whatever", "language": "enm", "reports": [{"source": "english"}]},
        True,
    ),
    (
        "in the language of another country",
        {"quote": "Whatever", "language": "en-US", "reports": [{"source": "english"}]},
        False,
    ),
    (
        "in a language, of a source without one",
        {"quote": "Whatever", "language": "tr", "reports": [{"source": "said"}]},
        False,
    ),
    (
        "in no language, of a source with one",
        {"quote": "Whatever", "reports": [{"source": "english"}]},
        False,
    ),
]


@pytest.mark.parametrize(
    ("fields", "right"), [case[1:] for case in QUOTES], ids=[case[0] for case in QUOTES]
)
def test_quotes(load, refused, write, fields, right):
    load(sources=[source("english", language="en-GB", text="She said no.")])
    record = claim("c", **fields)
    if right:
        load(claims=[record])
        assert exported()[-1]["quote"] == fields["quote"]
    else:
        assert refused(write("a.json", {"claims": [record]})) == [
            f"a.json: claim c: quote: {fields['quote']!r}:"
            " not found in the text of any of the claim's sources"
        ]


CHANGES = [
    (
        "a text that comes later",
        claim("c", reports=[{"source": "untold", "exact": "We act"}]),
        source("untold", text="We wait"),
        "claim c: reports.0.exact: 'We act': not found in the source's text",
    ),
    (
        "a text that changes",
        claim("c", reports=[{"source": "said", "exact": "left."}]),
        source("said", text="Ann said: “We must act.”"),
        "claim c: reports.0.exact: 'left.': not found in the source's text",
    ),
    (
        "a text that changes under a quote",
        claim("c", quote="We must act", reports=[{"source": "said"}]),
        source("said", text="Ann said nothing."),
        "claim c: quote: 'We must act': not found in the text of any of the claim's sources",
    ),
    (
        "a language that changes under a quote",
        claim("c", quote="Act!", language="en", reports=[{"source": "foreign"}]),
        source("foreign", language="en", text="Harekete geç!"),
        "claim c: quote: 'Act!': not found in the text of any of the claim's sources",
    ),
]


@pytest.mark.parametrize(
    ("record", "change", "message"),
    [case[1:] for case in CHANGES],
    ids=[case[0] for case in CHANGES],
)
def test_a_source_changes_so_that_a_claim_is_invalid(load, refused, write, record, change, message):
    load(sources=[source("foreign", language="tr", text="Harekete geç!")], claims=[record])
    path = write("a.json", {"sources": [change]})
    assert refused(path) == [f"in the dataset: {message}"]


def test_a_source_changes_without_the_quote(load):
    texts = {"one": "Nothing of it.", "other": TEXT}
    sources = [source(id, text=text) for id, text in texts.items()]
    load(
        sources=sources,
        claims=[claim("c", quote="must act", reports=[{"source": id} for id in texts])],
    )
    assert load(sources=[sources[0] | {"title": "New"}]).changed.examples == ["source one"]


def test_a_source_changes_beside_a_source_in_another_language(load):
    sources = [source("one", text=TEXT), source("other", language="tr", text="Harekete geç!")]
    reports = [{"source": "one"}, {"source": "other"}]
    load(sources=sources, claims=[claim("c", quote="Act!", language="en", reports=reports)])
    assert load(sources=[sources[0] | {"title": "New"}]).changed.examples == ["source one"]


def test_words_change_when_the_text_is_removed(load):
    load(claims=[claim("c", reports=[{"source": "said", "exact": "We must"}])])
    load(
        sources=[source("said")],
        claims=[claim("c", reports=[{"source": "said", "exact": "We need not"}])],
    )
    assert exported()[-1]["reports"][0]["exact"] == "We need not"
