"""Pages stay whole whatever the data holds, and none of it runs or becomes a link."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from api.pages.links import web_address
from tests.api.pages.html import HTMLPage, get_page

SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = "\"' onmouseover=alert(1) x='"
TEMPLATE = "{{ 7 * 7 }}{% raise %}"
OVERRIDE = "safe\u202etxt.exe"
ARABIC, CHINESE, EMOJI = "محمود عباس", "习近平", "🏳🌈"
# the longest name that a load takes
LONG = "n" * 500
TEXTS = (
    *(SCRIPT, ATTRIBUTE, TEMPLATE, OVERRIDE, ARABIC, CHINESE, EMOJI, LONG),
    *("&lt;b&gt;", "</title>"),
)
URL = "https://example.org/?a=1&b=%22%3E%3Cscript%3E"


def hostile_sections(text: str) -> dict[str, list[dict]]:
    """One record of each type; all of their texts are the same."""
    aliases = [f"{text[:100]}-{n}" for n in range(50)]
    review = {"rating": text[:200], "title": text, "author": text, "summary": text, "url": URL}
    report = {"exact": text, "prefix": text, "suffix": text}
    return {
        "organizations": [
            {"id": "o", "name": text, "kind": "other", "aliases": aliases, "description": text,
             "url": URL, "attributes": {"a": text[:200]}},
            {"id": "p", "name": text, "kind": "party", "parent": "o"},
        ],
        "actors": [
            {"id": "a", "name": text, "description": text,
             "memberships": [{"organization": "o", "role": text, "area": text}]},
            {"id": "b", "name": text},
        ],
        "topics": [{"id": "t", "name": text, "description": text},
                   {"id": "u", "name": text, "parent": "t"}],
        "positions": [
            {"id": "p", "text": text, "label": text, "topics": ["t"]},
            {"id": "q", "text": text},
        ],
        "events": [
            {"id": "e", "name": text, "kind": "other", "place": text, "description": text,
             "start_date": "0001", "participants": [{"actor": "a", "role": text}]},
        ],
        "sources": [{"id": "s", "title": text, "kind": "other", "authors": [text], "url": URL}],
        "claims": [
            {"id": "c", "text": text, "quote": text, "actor": "a", "organization": "o",
             "role": text, "event": "e", "topics": ["t"], "place": text,
             "positions": [{"position": "p", "stance": "oppose"}],
             "about": [{"actor": "a"}], "addressees": [{"organization": "o"}],
             "reports": [{"source": "s", **report}], "attributes": {"a": text[:200]},
             "relations": [{"kind": "contradicts", "claim": "d"}],
             "reviews": [{"organization": "o", **review}]},
            {"id": "d", "text": text, "organization": "o", "topics": ["t"],
             "positions": [{"position": "q", "stance": "support"}]},
            *(
                {"id": id, "text": text, "quote": text, "actor": actor, "date": date,
                 "positions": [{"position": "p", "stance": stance}],
                 "reports": [{"source": "s", **report}]}
                for id, actor, date, stance in (
                    ("f", "a", "0001", "support"), ("g", "a", "9999-12-31", "oppose"),
                    ("h", "b", "2025-05", "support"),
                )
            ),
        ],
    }  # fmt: skip


PAGES = (
    *("/", "/claims", "/claims/c", "/claims/d", "/actors/a", "/organizations/o", "/topics/t"),
    *(
        "/positions/p",
        "/events/e",
        "/sources/s",
        "/actors",
        "/organizations",
        "/sources",
        "/events",
    ),
    *("/topics", "/positions", "/stances", "/actors/a/stances", "/reversals"),
    *("/contradictions?explicit=true", "/contradictions?position=p", "/compare?actor=a&actor=b"),
    "/compare?organization=o&organization=p",
    "/networks/one-mode?nodes=organization&via=about&isolates=true",
    "/networks/one-mode?via=topic&isolates=true",
    "/networks/one-mode?via=topic&isolates=true&embed=true",
    "/networks/two-mode?method=subtract",
    "/networks/two-mode?columns=about&color=attribute:a",
    "/networks/one-mode/edge?nodes=position&via=topic&a=p&b=q",
    "/networks/statements?nodes=actor&via=topic",
    "/networks/statements?rows=actor&columns=position&node=a",
    *("/graph?around=actor:a", "/graph?around=claim:c&around=topic:t"),
)


def assert_harmless(page: HTMLPage) -> None:
    scripts = [attributes for tag, attributes in page.elements if tag == "script"]
    assert [attributes["src"].partition("?")[0] for attributes in scripts] == [
        "/static/claimbase.js"
    ]
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
    for anchor in page.anchors:
        assert anchor.href.startswith(("/", "#", "http://", "https://"))
        if anchor.href.startswith("http"):
            assert anchor.rel == "nofollow noopener"


@pytest.mark.parametrize("text", TEXTS, ids=[ascii(text[:20]) for text in TEXTS])
def test_hostile_texts_are_shown_and_do_nothing(load: Callable, client: FlaskClient, text: str):
    load(**hostile_sections(text))
    shown = text.strip()
    for url in PAGES:
        page = get_page(client, url)
        assert_harmless(page)
        assert shown in page.text or url == "/", url
    for query in ("q", "actor", "topic", "place"):
        asked = client.get(
            "/claims", query_string={query: text[:200]}, headers={"Accept": "text/html"}
        )
        assert_harmless(HTMLPage(asked.text))
    for path in ("/search", "/claims/x", "/nowhere"):
        query_string = {"q": text[:400]}
        asked = client.get(path, query_string=query_string, headers={"Accept": "text/html"})
        assert_harmless(HTMLPage(asked.text))


# (URL of the data, whether it becomes a link)
DATA_URLS = [
    ("https://example.org/", True),
    ("HTTP://EXAMPLE.ORG/", True),
    ("javascript:alert(1)", False),
    ("JaVaScRiPt:alert(1)", False),
    (" javascript:alert(1)", False),
    ("java\nscript:alert(1)", False),
    ("data:text/html,<script>alert(1)</script>", False),
    ("vbscript:x", False),
    ("//example.org/", False),
    ("/claims", False),
    ("https:", False),
    ("http://[bad", False),
    ("mailto:a@example.org", False),
    (None, False),
]


@pytest.mark.parametrize(("data_url", "is_link"), DATA_URLS)
def test_only_web_addresses_become_links(data_url: str | None, is_link: bool):
    assert bool(web_address(data_url)) == is_link


def test_a_sentence_cannot_turn_around_the_text_after_it(load: Callable, client: FlaskClient):
    load(actors=[{"id": "a", "name": OVERRIDE}], claims=[{"id": "c", "text": "C", "actor": "a"}])
    page = get_page(client, "/claims?actor=a")
    assert page.headings[0] == (1, "1 claim by safetxt.exe, newest first")


EMPTY_PAGES = [
    ("/", "Who claimed what"),
    ("/claims", "No claims, newest first"),
    ("/actors", "No actors, by name"),
    ("/search?q=x", "Results for “x”"),
]


@pytest.mark.parametrize(("path", "heading"), EMPTY_PAGES)
def test_an_empty_dataset_has_pages(client: FlaskClient, path: str, heading: str):
    page = get_page(client, path)
    assert page.headings[0] == (1, heading)


def test_a_query_of_50_values_has_a_page(world: FlaskClient):
    query = "&".join(f"actor=x{n}" for n in range(50))
    page = get_page(world, f"/claims?{query}")
    assert page.text.count("No actor is named") == 50


def test_a_long_query_has_a_small_page(world: FlaskClient):
    # suggestions have links, too
    query = "&".join(f"topic=defense{n}{'x' * 90}" for n in range(40))
    query = f"{query}&topic=defense&topic=defencee&facet=actor"
    response = world.get(f"/claims?{query}", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert len(response.data) < 40 * len(query)
    page = HTMLPage(response.text)
    filters = [anchor.href for anchor in page.anchors if anchor.text.endswith(", remove")]
    assert filters == []
    assert page.text.count("topic: defense") == 40
    assert ("/claims", "the whole list") in [(anchor.href, anchor.text) for anchor in page.anchors]
    assert not [anchor for anchor in page.anchors if "facet=" in anchor.href]


# (query, filters in force, each with the list without it)
IN_FORCE = [
    ("actor=rutte&actor=!kaya", [("actor: Mark Rutte", "/claims?actor=%21kaya"),
                                 ("actor not: Deniz Kaya", "/claims?actor=rutte")]),
    ("organization=!!Acme", [("organization: !Acme", "/claims")]),
    ("has=quote&has=!event", [("has: quote", "/claims?has=%21event"),
                              ("has not: event", "/claims?has=quote")]),
    ("attribute=born:1967,1968", [("attribute: born:1967,1968", "/claims")]),
    ("q=five&sort=relevance", [("words: five", "/claims")]),
    ("date=2025&topic=defence&match=all&limit=7",
     [("date: 2025", "/claims?limit=7&match=all&topic=defence"),
      ("topic: Defence", "/claims?date=2025&limit=7&match=all")]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "filters"), IN_FORCE, ids=[query for query, _ in IN_FORCE])
def test_each_filter_can_be_removed(world: FlaskClient, query: str, filters: list[tuple[str, str]]):
    shown = [
        (anchor.text.partition(" ×")[0], anchor.href)
        for anchor in get_page(world, f"/claims?{query}").anchors
        if anchor.text.endswith(", remove")
    ]
    assert sorted(shown) == sorted(filters)
    for _, href in shown:
        assert get_page(world, href)


def test_a_list_whose_facets_are_all_in_force_has_a_page(world: FlaskClient):
    page = get_page(world, "/topics?parent=defence&actor=rutte&organization=nato")
    assert page.headings[0][1].startswith("1 topic ")


def test_a_claim_without_actor_and_date_has_a_page(load: Callable, client: FlaskClient):
    load(organizations=[{"id": "o", "name": "O", "kind": "other"}],
         claims=[{"id": "c", "text": "C", "organization": "o"}])  # fmt: skip
    assert "undated" in get_page(client, "/claims/c").text
