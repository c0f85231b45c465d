"""Pages of edges and statements: the claims of both sides, and the sum of the contributions."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.pages.html import HTMLPage, get_page, numbers

EDGE, STATEMENTS = "/networks/one-mode/edge", "/networks/statements"


def links(page: HTMLPage) -> list[tuple[str, str]]:
    return [(anchor.text, anchor.href) for anchor in page.anchors]


# (edge of the debate, heading, texts in their order)
EDGES = [
    (f"{EDGE}?a=ann&b=bob&method=subtract&normalization=average", "Ann and Bob: shared positions",
     ["The edge between Ann and Bob has the weight 0, the sum of the contributions below.",
      "Each pair of claims with equal stances adds 1, each with opposite ones takes 1.",
      "The sum is divided by the average number of statements of both.", "We should join",
      "Contribution 0 · 6 pairs of claims with equal stances, 6 pairs with opposite ones",
      "Ann for 2 claims a3 a1 against 2 claims a5 a2 Bob for 2 claims b3 b1 against 1 claim b2",
      "Sum over 1 position: 0."]),
    (f"{EDGE}?nodes=organization&a=acme&b=union&claimant=!organization:acme",
     "Acme and Union: shared positions, in claims not made by Acme",
     ["has the weight 6", "Each pair of claims by both adds 1.", "Contribution 6 · 6 pairs",
      "Acme for 4 claims", "against 2 claims", "Union neutral 1 claim a4"]),
    (f"{EDGE}?via=organization&a=ann&b=bob", "Ann and Bob: shared organizations",
     ["the weight 9", "Acme Contribution 9", "Ann 3 claims a2 a3 a1 Bob 3 claims b3 b2 b1",
      "Sum over 1 organization: 9."]),
    (f"{EDGE}?nodes=position&via=actor&a=join&b=close",
     "We should join and Close it: shared actors",
     ["We should join for 2 claims b3 b1 against 1 claim b2 Close it for 1 claim b4"]),
    (f"{EDGE}?via=about&a=ann&b=bob", "Ann and Bob: whom both speak about",
     ["There is no edge: Ann and Bob share none of the actors or organizations in this network."]),
]  # fmt: skip


@pytest.mark.parametrize(("url", "heading", "texts"), EDGES, ids=[row[0] for row in EDGES])
def test_an_edge_opens_to_the_claims_of_both(
    debate: FlaskClient, url: str, heading: str, texts: list[str]
):
    page = get_page(debate, url)
    assert page.headings[0] == (1, heading)
    shown, start = page.words(), 0
    for text in texts:
        position = shown.find(text, start)
        assert position >= 0, f"{text!r} is not in {shown[start:]!r}"
        start = position
    for href, number in numbers(page):
        assert debate.get(href).json["meta"]["total"] == number, href


def test_an_edge_leads_on(debate: FlaskClient):
    page = get_page(debate, f"{EDGE}?a=ann&b=bob&method=subtract&from_date=2024&limit=9")
    assert {
        ("a3", "/claims/a3"), ("We should join", "/positions/join"), ("Ann", "/actors/ann"),
        ("The whole network", "/networks/one-mode?from_date=2024&method=subtract"),
        ("Compare both on all positions", "/compare?actor=ann&actor=bob"),
    } <= set(links(page))  # fmt: skip
    # statements have none to compare
    positions = get_page(debate, f"{EDGE}?nodes=position&via=actor&a=join&b=close")
    assert "Compare" not in positions.text


# networks in which a filter by stance leaves other statements
@pytest.mark.parametrize("query", ["duplicates=range", "window=P1Y", "window=P1M&method=subtract"])
def test_counts_that_no_list_has_lead_to_all_statements(debate: FlaskClient, query: str):
    page = get_page(debate, f"{EDGE}?a=ann&b=official&{query}")
    assert [href for href, _ in numbers(page) if href.startswith(STATEMENTS)] == []
    assert [href for _, href in links(page) if href.startswith(STATEMENTS)]


def test_an_edge_has_pages(shipped: FlaskClient):
    url = f"{EDGE}?nodes=organization&method=subtract&a=nato&b=organization:united-states&limit=2"
    first = get_page(shipped, url)
    assert "Sum of this page: −6. Sum over 3 positions: −4." in first.words()
    (href,) = [href for text, href in links(first) if text == "Next page"]
    second = get_page(shipped, href)
    assert "Sum of this page: 2. Sum over 3 positions: −4." in second.words()
    assert ("First page", f"{EDGE}?a=nato&b=organization%3Aunited-states&limit=2&method=subtract"
            "&nodes=organization") in links(second)  # fmt: skip
    # of eight claims, five are shown at once
    assert "3 more claims" in first.text


# (statements of the debate, heading, texts in their order)
LISTS = [
    ("nodes=actor&limit=2", "11 statements by actors on positions, the latest first",
     ["Claim Actor Stance Position", "Text of b3 2 January 2026 · Bob, Acme", "Bob", "supports",
      "We should join", "Text of a5", "opposes", "Next page"]),
    ("nodes=position&via=actor&item=bob&stance=support",
     "3 statements on positions by Bob, in claims that support a position, the latest first",
     ["Claim Position Stance Actor", "Text of b3", "We should join for Bob", "undated"]),
    ("rows=organization&columns=about", "No statements on behalf of organizations about actors or "
     "organizations, the latest first", ["No statement enters the network."]),
    ("nodes=actor&via=organization&node=actor:ann&item=acme",
     "3 statements by Ann on behalf of Acme, the latest first", ["Claim Actor Organization"]),
    ("nodes=actor&window=P1Y&method=conflict", "9 statements by actors on positions, the latest",
     ["1 claim lies in no one window, since its date is absent, or too coarse. Neutral statements "
      "do not count."]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "heading", "texts"), LISTS)
def test_statements_have_a_page(debate: FlaskClient, query: str, heading: str, texts: list[str]):
    page = get_page(debate, f"{STATEMENTS}?{query}")
    assert page.headings[0][1].startswith(heading)
    shown, start = page.words(), 0
    for text in texts:
        position = shown.find(text, start)
        assert position >= 0, f"{text!r} is not in {shown[start:]!r}"
        start = position


def test_statements_are_data_too(debate: FlaskClient):
    page = get_page(debate, f"{STATEMENTS}?nodes=actor&limit=2")
    for name, media_type in (("JSON", "application/json"), ("CSV", "text/csv; charset=utf-8"),
                             ("JSON Lines", "application/jsonl")):  # fmt: skip
        (href,) = [href for text, href in links(page) if text == name]
        with debate.get(href) as response:
            assert response.content_type == media_type
