"""The ways from records and the home page to who changed, who contradicts and who compares."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from api.pages import further_queries
from tests.api.pages.html import HTMLPage, get_page

# (page, links to relations, each with its text)
LINKS = [
    ("/actors/ann",
     [("/contradictions?actor=ann", "Who contradicts Ann?"),
      ("/reversals?actor=ann", "2 changes of stance"),
      ("/compare?actor=ann&actor=bob", "Bob")]),
    # the changes of an unnamed actor do not count
    ("/actors/official",
     [("/contradictions?actor=official", "Who contradicts An official?"),
      ("/compare?actor=official&actor=bob", "Bob")]),
    ("/organizations/state",
     [("/contradictions?of=organization&organization=state", "Who contradicts State?"),
      ("/reversals?of=organization&organization=state", "1 change of stance"),
      ("/compare?organization=state&organization=acme", "Acme")]),
    ("/organizations/union", []),
    ("/positions/join",
     [("/positions/join/stances", "All 4 claimants"),
      ("/contradictions?position=join", "Who contradicts whom?"),
      ("/compare?actor=ann&actor=bob&actor=official", "Compare Ann, Bob and An official")]),
    ("/positions/close", [("/positions/close/stances", "All 1 claimant")]),
    ("/",
     [("/stances", "Who supports what"), ("/contradictions?explicit=true", "Who contradicts whom"),
      ("/reversals", "Who changed")]),
]  # fmt: skip
RELATIONS = ("/contradictions", "/reversals", "/compare", "/stances", "/positions/")


def relation_links(page: HTMLPage) -> list[tuple[str, str]]:
    return [
        (anchor.href, anchor.text)
        for anchor in page.anchors
        if anchor.href.startswith(RELATIONS)
        and (not anchor.href.startswith("/positions/") or "/stances" in anchor.href)
        and "format=json" not in anchor.href
        and not anchor.number.endswith(("change", "changes"))
    ]


@pytest.mark.parametrize(("path", "links"), LINKS, ids=[path for path, _ in LINKS])
def test_a_page_links_to_the_relations_that_there_are(
    debate: FlaskClient, path: str, links: list[tuple[str, str]]
):
    assert relation_links(get_page(debate, path)) == links
    for href, _ in links:
        assert "Nobody contradicts" not in get_page(debate, href).text


def test_pages_show_the_newest_changes(debate: FlaskClient):
    for path, heading in (("/", "Newest changes of stance"), ("/positions/join", "Who changed")):
        page = get_page(debate, path)
        assert (2, heading) in page.headings
        assert page.text.index("Text of a5") < page.text.index("Text of a1")
    assert "Who changed" not in get_page(debate, "/positions/close").text


def test_the_home_page_of_many_claims_shows_no_changes(
    debate: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(further_queries, "MAX_CLAIMS_FOLLOWED", 1)
    page = get_page(debate, "/")
    assert "Newest changes" not in page.text
    assert ("/reversals", "Who changed") in relation_links(page)


def test_a_form_compares_a_claimant_with_another(debate: FlaskClient):
    for type, id in (("actor", "ann"), ("organization", "acme")):
        inputs = [
            (attributes["name"], attributes.get("value"))
            for tag, attributes in get_page(debate, f"/{type}s/{id}").elements
            if tag == "input" and attributes["name"] != "q"
        ]
        assert inputs == [(type, id), (type, "")]
