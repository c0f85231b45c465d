"""The positions of an organization's claims: the most frequent, and a link to all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.api.pages.html import get_page, numbers


@pytest.mark.parametrize(
    ("count", "links"), [(12, []), (31, [("/organizations/o/stances?of=organization", 31)])]
)
def test_all_positions_of_an_organization_are_a_link_away(
    load: Callable, client: FlaskClient, count: int, links: list
):
    stances = ("support", "oppose", "neutral")
    load(
        organizations=[{"id": "o", "name": "O", "kind": "other"}],
        positions=[{"id": f"p{n}", "text": f"Position {n}."} for n in range(count)],
        claims=[
            {"id": f"c{n}", "text": f"C {n}", "organization": "o",
             "positions": [{"position": f"p{n}", "stance": stances[n % 3]}]}
            for n in range(count)
        ],
    )  # fmt: skip
    page = get_page(client, "/organizations/o")
    rows = [anchor.href for anchor in page.anchors if "&stance=" in anchor.href]
    assert len(rows) == 12
    assert [link for link in numbers(page) if "/stances" in link[0]] == links
    for href, total in links:
        assert client.get(f"{href}&format=json").json["meta"]["total"] == total
