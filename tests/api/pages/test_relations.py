"""Pages of stances, comparisons, reversals and contradictions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.api.pages.html import HTMLPage, get_page, numbers

# (page, texts that it shows, in their order)
SHOWN = [
    ("/stances?actor=ann",
     ["1 stance in claims by Ann", "actor: Ann ×", "most claims first · latest claim first",
      "by claimant · by actor", "Claimant and position", "for", "neutral", "against",
      "Ann : We should join", "latest 20 June 2025 , against · 2 changes", "2", "1", "2"]),
    ("/actors/bob/stances",
     ["2 stances in claims by Bob", "Position", "We should join", "own side, Acme : 4 claims",
      "50% agree", "Close it", "latest undated , for"]),
    ("/positions/join/stances?of=organization",
     ["3 stances in claims that take a stance on “We should join”", "Acme", "State", "Union"]),
    ("/stances?actor=nobody", ["No stances in claims by “nobody” (unknown)",
                               "No actor is named “nobody”.", "Nothing matches."]),
    ("/compare?actor=ann&actor=bob",
     ["Ann and Bob on 2 positions", "actor: Ann", "actor: Bob", "Position", "Ann", "Bob", "Verdict",
      "Close it", "no claim", "for 1 claim", "only one speaks",
      "We should join", "for and against 5 claims", "for and against 3 claims", "partly",
      "How often they agree", "Ann and Bob", "1", "0", "0", "–", "Compare with another actor"]),
    ("/compare?organization=acme&organization=union&organization=state",
     ["Acme, State and Union on 1 position", "organization: Acme ×", "Acme and State compare"]),
    ("/compare?actor=ann&actor=bob&date=1999",
     ["Ann and Bob on 0 positions", "date: 1999 ×", "None of them took a stance",
      "in the claims of these filters"]),
    ("/reversals",
     ["2 changes of stance", "by claimant · by actor",
      "3 more changes are left out, since the dates tell no order or one claim qualifies",
      "Ann : We should join", "111 days later · one claim retracts the other",
      "supports · 1 March 2025 Text of a3", "opposes · 20 June 2025 Text of a5", "Reprint",
      "supports · 2024 Text of a1", "opposes · 1 March 2025 Text of a2", "Never.",
      "Minutes · Open at these words"]),
    ("/reversals?of=organization&organization=acme",
     ["changes of stance in claims on behalf of Acme", "organization: Acme ×",
      "Acme : We should join", "opposes · 1 July 2025 Text of o1", "Bob"]),
    ("/reversals?position=close", ["No changes of stance in claims", "No claimant takes one side"]),
    ("/contradictions?claimant=bob&addressee=!ann",
     ["3 contradictions in claims", "addressee not: Ann ×", "claimant: Bob",
      "the last claims of each · all claims · claims noted as contradicting",
      "Bob and Acme : We should join", "supports · 2 January 2026 · Bob Text of b3",
      "opposes · 1 July 2025 · Acme Text of o1", "Bob and Ann", "Who contradicts whom?"]),
    ("/contradictions?explicit=true",
     ["2 contradictions", "claims noted as contradicting", "Union and Acme",
      "one claim contradicts the other", "1 August 2025 · Union Text of o2"]),
    ("/contradictions?actor=nobody", ["No contradictions in claims by “nobody” (unknown)",
                                      "Nobody contradicts these claims."]),
]  # fmt: skip


def shown_text(page: HTMLPage) -> str:
    """The text of a page below its header, with one space between words."""
    text = " ".join(page.text.split())
    return text[text.index("Sources ") :]


@pytest.mark.parametrize(("path", "texts"), SHOWN, ids=[path for path, _ in SHOWN])
def test_a_page_shows_its_rows(debate: FlaskClient, path: str, texts: list[str]):
    shown = shown_text(get_page(debate, path))
    start = 0
    for text in texts:
        position = shown.find(text.replace(" :", ":").replace(" ,", ","), start)
        assert position >= 0, f"{text!r} is not in {shown[start:]!r}"
        start = position


# pages whose numbers lead to claims or to reversals, with the numbers that they have
COUNTED = [
    ("/stances", 12),
    ("/stances?of=organization&match=all&topic=!x", 7),
    ("/stances?of=actor&position=join&position=!close&organization=acme", 7),
    ("/stances?actor=ann&actor=bob&claimant=!official&from_date=2025&by=month", 7),
    ("/actors/ann/stances", 4),
    ("/actors/ann/stances?of=organization&position=join", 4),
    ("/organizations/acme/stances", 9),
    ("/organizations/acme/stances?of=organization", 3),
    ("/positions/join/stances?has=actor", 9),
    ("/compare?actor=ann&actor=bob", 3),
    ("/compare?organization=acme&organization=union&to_date=2025", 2),
]


@pytest.mark.parametrize(("path", "count"), COUNTED, ids=[path for path, _ in COUNTED])
def test_each_number_is_the_total_of_its_list(debate: FlaskClient, path: str, count: int):
    shown = numbers(get_page(debate, path))
    totals = [
        (href, debate.get(href, headers={"Accept": "application/json"}).json["meta"]["total"])
        for href, _ in shown
    ]
    assert shown == totals
    assert len(shown) == count


# lists whose claims no single list has, or whose filters are too long to repeat
UNLINKED = [
    "match=all&position=join&position=close",
    "&".join(f"topic=!{n}{'x' * 190}" for n in range(6)),
]


@pytest.mark.parametrize("query", UNLINKED, ids=["match=all", "long"])
def test_a_number_without_a_list_is_no_link(load: Callable, client: FlaskClient, query: str):
    both = [{"position": "join", "stance": "support"}, {"position": "close", "stance": "oppose"}]
    load(
        actors=[{"id": "ann", "name": "Ann"}],
        positions=[{"id": "join", "text": "Join"}, {"id": "close", "text": "Close"}],
        claims=[{"id": "a1", "text": "A", "actor": "ann", "positions": both}],
    )
    page = get_page(client, f"/stances?{query}")
    assert page.headings[0][1].startswith("2 stances in claims")
    assert numbers(page) == []
    shown = [anchor.href for anchor in get_page(client, "/stances").anchors]
    assert "/claims?position=join&claimant=actor%3Aann&stance=support" in shown


# (page, filters that a link removes)
REMOVABLE = [
    ("/compare?actor=ann&actor=bob&date=2025", ["date: 2025"]),
    ("/compare?organization=acme&organization=union&organization=state",
     ["organization: Acme", "organization: State", "organization: Union"]),
    ("/contradictions?actor=ann&from_date=2024", ["from date: 2024"]),
    ("/contradictions?actor=ann&position=join&all=true",
     ["actor: Ann", "position: We should join"]),
    ("/contradictions?actor=ann&explicit=true", ["actor: Ann"]),
    ("/contradictions?actor=ann&actor=!bob", ["actor not: Bob"]),
    ("/reversals?of=actor&actor=ann", ["actor: Ann"]),
    ("/stances?by=month&actor=ann", ["actor: Ann"]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "removable"), REMOVABLE, ids=[path for path, _ in REMOVABLE])
def test_a_filter_that_a_list_needs_stays(debate: FlaskClient, path: str, removable: list[str]):
    links = [
        anchor
        for anchor in get_page(debate, path).anchors
        if anchor.text.endswith((", remove", " claims", "claims of each", "contradicting"))
        and "stance=" not in anchor.href
    ]
    shown = [anchor.text.partition(" ×")[0] for anchor in links if anchor.text.endswith(", remove")]
    assert shown == removable
    for anchor in links:
        assert get_page(debate, anchor.href)


def test_pages_follow_each_other(debate: FlaskClient):
    for path in (
        "/stances",
        "/reversals",
        "/contradictions?position=join",
        "/positions/join/stances",
    ):
        page = get_page(debate, f"{path}{'&' if '?' in path else '?'}limit=1")
        (next_page,) = [anchor.href for anchor in page.anchors if anchor.text == "Next page"]
        links = [attributes for tag, attributes in page.elements if tag == "link"]
        assert {"rel": "next", "href": next_page} in links
        assert "First page" in get_page(debate, next_page).text


def fields(page: HTMLPage) -> list[tuple[str, str]]:
    """The fields of the forms below the header."""
    return [
        (attributes["name"], attributes.get("value", ""))
        for tag, attributes in page.elements
        if tag == "input" and attributes["name"] != "q"
    ]


NO_SIDE = [("actor", ""), ("organization", ""), ("position", "")]
ACTORS, ORGANIZATIONS = [("actor", "")] * 2, [("organization", "")] * 2
# (page, status, fields of its forms)
FORMS = [
    ("/compare", 422, [*ACTORS, *ORGANIZATIONS]),
    ("/compare?actor=ann", 422, [("actor", "ann"), ("actor", ""), *ORGANIZATIONS]),
    ("/compare?organization=acmee&organization=union", 422,
     [*ACTORS, ("organization", "acmee"), ("organization", "union")]),
    ("/compare?actor=ann&actor=bob&from_date=2025&limit=1", 200,
     [("actor", "ann"), ("actor", "bob"), ("from_date", "2025"), ("actor", "")]),
    ("/contradictions", 422, NO_SIDE),
    ("/contradictions?actor=!ann", 422, NO_SIDE),
    ("/contradictions?position=join", 200, NO_SIDE),
    ("/reversals?of=x", 422, []),
]  # fmt: skip


@pytest.mark.parametrize(("path", "status", "shown"), FORMS, ids=[path for path, *_ in FORMS])
def test_a_page_has_forms_for_its_question(
    debate: FlaskClient, path: str, status: int, shown: list
):
    page = get_page(debate, path, status)
    assert fields(page) == shown
    assert "/contradictions?explicit=true" in [anchor.href for anchor in page.anchors] or (
        "/contradictions" not in path
    )


def test_a_page_narrows_down_to_one_position(shipped: FlaskClient):
    page = get_page(shipped, "/contradictions?actor=Rutte")
    links = [anchor.href for anchor in page.anchors if "&position=" in anchor.href]
    assert "/contradictions?actor=Rutte&position=ukraine-will-join-nato" in links
    assert len(links) == 5
    for href in links:
        assert "Only on one position" not in get_page(shipped, href).text
