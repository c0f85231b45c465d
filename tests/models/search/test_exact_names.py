"""Exact names: by id, former id, identifier, name or alias, and never by single words."""

from __future__ import annotations

import pytest

from models.search.exact_names import ExactQuery, match_exactly

CLAIMANTS = ("actor", "organization")
RECORDS = {
    "actors": [
        {"id": "ann", "name": "Ann Şahin", "aliases": ["A. Sahin"], "former_ids": ["anna"]},
        {"id": "bob", "name": "ann"},
        {"id": "liu-1", "name": "刘莉"},
        {"id": "liu-2", "name": "刘丽"},
        {"id": "star", "name": "★"},
        {"id": "heart", "name": "♥"},
        {"id": "paper", "name": "Paul"},
    ],
    "organizations": [
        {
            "id": "paper",
            "name": "The Paper",
            "kind": "media",
            "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
        },
        {"id": "norway", "name": "Norway", "kind": "state", "country": "NO"},
    ],
    "sources": [
        {"id": "s1", "title": "Interview", "kind": "article", "url": "https://example.org/1"},
        {"id": "s2", "title": "Interview", "kind": "article"},
    ],
    "claims": [{"id": "c1", "text": "A text", "actor": "ann", "former_ids": ["c0"]}],
}


@pytest.fixture
def records(load):
    load(**RECORDS)


@pytest.mark.parametrize(
    ("types", "text", "ids"),
    [
        (("actor",), "ann", ["ann"]),
        (("actor",), "Ann", ["bob"]),
        (("actor",), "anna", ["ann"]),
        (("actor",), "ANN SAHIN", ["ann"]),
        (("actor",), "a. şahin", ["ann"]),
        (("actor",), "Sahin", []),
        (("actor",), "Sahin Ann", []),
        (("actor",), "Asahin", []),
        (("organization",), "ann", []),
        (("organization",), "wikidata:Q1", ["paper"]),
        (("organization",), "wikidata:q1", []),
        (("organization",), "the paper", ["paper"]),
        (("organization",), "NO", []),
        (CLAIMANTS, "paper", ["paper", "paper"]),
        (CLAIMANTS, "Paul", ["paper"]),
        (("actor",), "刘莉", ["liu-1"]),
        (("actor",), "Liuli", ["liu-1", "liu-2"]),
        (("actor",), "★", ["star"]),
        (("actor",), "☆", []),
        (("source",), "interview", ["s1", "s2"]),
        (("claim",), "c1", ["c1"]),
        (("claim",), "c0", ["c1"]),
        (("claim",), "A text", []),
    ],
)
def test_a_text_names_records(records, types, text, ids):
    assert [match.id for match in match_exactly([ExactQuery(types, text)])[0]] == ids


@pytest.mark.parametrize(
    ("text", "ids"), [("ann", ["ann"]), ("anna", ["ann"]), ("Ann Şahin", []), ("Ann", [])]
)
def test_a_text_is_an_id(records, text, ids):
    matches = match_exactly([ExactQuery(("actor",), text, id_only=True)])[0]
    assert [match.id for match in matches] == ids


def test_many_texts_keep_their_order(records):
    texts = ["Interview", "nobody", "Interview", "s1"]
    matches = match_exactly([ExactQuery(("source",), text) for text in texts])
    url = "https://example.org/1"
    both = [("source", "s1", "Interview", url), ("source", "s2", "Interview", None)]
    assert matches == [both, [], both, both[:1]]


def test_no_texts():
    assert match_exactly([]) == []
