"""How a list explains names: namesakes to choose from, and names of nothing."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.pages.html import get_page

# (query, notice, links to the list with each record alone)
NAMESAKES = [
    ("actor=%C4%B1%C5%9F%C4%B1k&topic=energy",
     "“ışık” stands for Ayşe Işık (isik-a), Ayşe Işık (isik-b).",
     ["/claims?topic=energy&actor=isik-a", "/claims?topic=energy&actor=isik-b"]),
    ("actor=!%C4%B1%C5%9F%C4%B1k", "“ışık” stands for Ayşe Işık (isik-a), Ayşe Işık (isik-b).",
     ["/claims?actor=%21isik-a", "/claims?actor=%21isik-b"]),
    ("about=%C4%B1%C5%9F%C4%B1k", "“ışık” stands for Ayşe Işık (isik-a), Ayşe Işık (isik-b).",
     ["/claims?about=actor%3Aisik-a", "/claims?about=actor%3Aisik-b"]),
    ("actor=secretary", "“secretary” stands for Mark Rutte (rutte).", ["/claims?actor=rutte"]),
    ("about=foo", "No actor or organization is named “foo”.", []),
    ("addressee=foo", "No addressee is named “foo”.", []),
    ("publisher=foo", "No publisher is named “foo”.", []),
]  # fmt: skip


@pytest.mark.parametrize(("query", "notice", "hrefs"), NAMESAKES)
def test_a_list_explains_a_name(world: FlaskClient, query: str, notice: str, hrefs: list[str]):
    page = get_page(world, f"/claims?{query}")
    assert notice in " ".join(page.text.split())
    choices = [anchor.href for anchor in page.anchors if anchor.text.endswith(")")]
    assert choices == hrefs
    for href in hrefs:
        assert "stands for" not in get_page(world, href).text
