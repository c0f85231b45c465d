"""Pages of the graph around records: their relations in words, and the claims that make them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.pages.html import get_page, numbers

# (graph of the debate, heading, texts in their order)
GRAPHS = [
    ("around=actor:ann", "Network around Ann",
     ["6 records, 7 relations.", "Ann takes a position on 2 claims for, 2 claims against, 1 claim "
      "neutral We should join", "Ann speaks for 3 claims Acme",
       "Ann is reported in 2 claims Reprint",
      "Ann speaks for 1 claim Union",
      "Acme takes a position on 1 claim against We should join", "Union contradicts 1 claim Acme",
      "Actors Ann 5 claims", "Organizations Acme 7 claims: Acme around it: Acme"]),
    ("around=actor:ann&position=join&actor=ann",
     "Network around Ann, in claims by Ann, that take a stance on “We should join”",
     ["Ann takes a position on 2 claims for, 2 claims against, 1 claim neutral We should join"]),
    ("around=claim:o1", "Network around Text of o1",
     ["Text of o1 contradicts Text of b1", "Text of o1 opposes We should join",
      "Acme makes Text of o1"]),
    ("around=actor:ann&around=actor:bob&limit=2", "Network around Ann and Bob",
     ["6 neighbours with fewer claims are left out. Show up to 200 records"]),
    ("around=actor:ann&around=actor:bob&around=organization:acme&around=organization:state"
     "&around=organization:union", "Network around Ann, Bob, Acme and 2 others",
     ["10 records", "Bob speaks for 3 claims Acme"]),
    ("around=actor:ann&date=1900", "Network around Ann, in claims dated 1900",
     ["1 record, 0 relations.", "No claim that passes the filters relates it to another record."]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "heading", "texts"), GRAPHS)
def test_a_graph_has_a_page(debate: FlaskClient, query: str, heading: str, texts: list[str]):
    page = get_page(debate, f"/graph?{query}")
    assert page.headings[0] == (1, heading)
    shown = page.words()
    start = 0
    for text in texts:
        position = shown.find(text, start)
        assert position >= 0, f"{text!r} is not in {shown[start:]!r}"
        start = position
    for href, number in numbers(page):
        assert debate.get(href).json["meta"]["total"] == number, href
