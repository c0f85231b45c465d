"""Facets of the pages of lists: those that are counted, and those that a link counts."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from api.pages import kinds
from tests.api.pages.html import HTMLPage, get_page

# (list, facets that the page counts)
COUNTED = [
    ("/claims", "actor,organization,topic,position,stance,year,event,publisher"),
    ("/claims?q=rutte", "actor,organization,topic,position,stance,year,event,publisher"),
    ("/claims?facet=actor", ""),
    ("/actors", "organization,kind"),
    ("/organizations", "kind,parent"),
    ("/events", "kind"),
    ("/sources", "kind,publisher"),
    ("/topics", "parent"),
    ("/positions", "topic"),
]
# (list, facets that a link counts)
ON_DEMAND = [
    ("/claims", ["/claims?facet=about"]),
    ("/claims?q=rutte", ["/claims?q=rutte&facet=about"]),
    ("/claims?actor=rutte&facet=topic",
     ["/claims?actor=rutte&facet=organization", "/claims?actor=rutte&facet=position",
      "/claims?actor=rutte&facet=stance", "/claims?actor=rutte&facet=year",
      "/claims?actor=rutte&facet=event", "/claims?actor=rutte&facet=publisher",
      "/claims?actor=rutte&facet=about"]),
    ("/actors?limit=2", ["/actors?limit=2&facet=topic"]),
    ("/organizations", ["/organizations?facet=topic"]),
    ("/events", ["/events?facet=actor", "/events?facet=topic"]),
    ("/sources", ["/sources?facet=topic"]),
    ("/topics", ["/topics?facet=actor", "/topics?facet=organization"]),
    ("/topics?facet=actor", ["/topics?facet=parent", "/topics?facet=organization"]),
    ("/positions", ["/positions?facet=actor", "/positions?facet=organization"]),
    ("/actors/rutte/events", ["/actors/rutte/events?facet=topic"]),
]  # fmt: skip


def counted_facets(page: HTMLPage) -> str:
    """The facets of the further document that a page shows."""
    urls = [anchor.text for anchor in page.anchors if "&facet_limit=10" in anchor.text]
    return "".join(url.partition("facet=")[2].partition("&")[0] for url in urls)


def links_to_facets(page: HTMLPage) -> list[str]:
    hrefs = [anchor.href for anchor in page.anchors if anchor.href.endswith("#narrow")]
    return [href for href in hrefs if "facet=" in href and "facet_limit" not in href]


@pytest.mark.parametrize(("path", "facets"), COUNTED)
def test_a_page_counts_the_facets_that_cost_little(world: FlaskClient, path: str, facets: str):
    assert counted_facets(get_page(world, path)) == facets


@pytest.mark.parametrize(("path", "hrefs"), ON_DEMAND)
def test_the_other_facets_are_a_link_away(world: FlaskClient, path: str, hrefs: list[str]):
    page = get_page(world, path)
    assert links_to_facets(page) == [f"{href}#narrow" for href in hrefs]
    for href in hrefs:
        assert "Narrow down" in get_page(world, href).text


def test_all_values_of_a_facet_are_a_link_away(world: FlaskClient):
    path = "/claims?facet=actor&facet_limit=1"
    links = [(anchor.href, anchor.text) for anchor in get_page(world, path).anchors]
    assert ("/claims?facet=actor&facet_limit=1000#narrow", "all 6 values: Actor") in links
    page = get_page(world, "/claims?facet=actor&facet_limit=1000")
    assert [anchor.text for anchor in page.anchors if anchor.text.startswith("all ")] == []


# (list, whether its page counts facets if it has more than one record)
LONG_LISTS = [
    ("/claims?limit=7&q=rutte", False),
    ("/claims?count=none&q=rutte", False),
    ("/claims?limit=7&q=five+percent", True),
    ("/claims?limit=7", True),
]


@pytest.mark.parametrize(("path", "counts"), LONG_LISTS)
def test_a_long_list_of_matches_counts_facets_on_demand(
    world: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, counts: bool
):
    monkeypatch.setattr(kinds, "MAX_COUNTED_MATCHES", 1)
    page = get_page(world, path)
    assert bool(counted_facets(page)) == counts
    assert (f"{path}&facet=actor#narrow" in links_to_facets(page)) != counts
