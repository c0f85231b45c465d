"""Every link of every page of the shipped seeds works, and its number is right."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.database.connection import disconnect
from models.opening import open_dataset
from tests.api.pages.html import HTMLPage, get_page, numbers
from tests.api.world import pages

LISTS = ("claims", "actors", "organizations", "topics", "positions", "events", "sources")
NETWORKS = (
    "/networks/one-mode",
    "/networks/one-mode?nodes=organization&method=subtract&normalization=average",
    "/networks/one-mode?nodes=organization&method=subtract&actor=!Rutte&topic=ukraine-membership",
    "/networks/one-mode?nodes=organization&method=congruence&stance=oppose&window=P1Y",
    "/networks/one-mode?nodes=position&via=actor&method=conflict&min_claims=2",
    "/networks/one-mode?via=topic&top=4",
    "/networks/one-mode?topic=ukrane&from_date=2030",
    "/networks/two-mode?rows=organization&method=subtract",
    "/networks/two-mode?columns=about&duplicates=month",
    "/networks/one-mode/edge?a=Rutte&b=Trump",
    "/networks/one-mode/edge?nodes=organization&method=subtract&a=nato&b=organization:united-states",
    "/networks/one-mode/edge?nodes=position&via=organization&a=ukraine-will-join-nato"
    "&b=spend-five-percent-of-gdp&method=subtract&limit=1",
    "/networks/one-mode/edge?via=topic&a=Rutte&b=Trump&min_items=3",
    "/networks/statements?nodes=organization&method=subtract&limit=3",
    "/networks/statements?rows=actor&columns=about&node=Rutte",
    "/graph?around=actor:mark-rutte",
    "/graph?around=claim:rutte-antalya-irreversible-path&topic=ukraine-membership",
    "/graph?around=position:ukraine-will-join-nato&around=topic:defence&limit=20",
)
# pages whose queries need more than a link
QUESTIONS = (
    "/claims?actor=Rutte",
    "/claims?topic=defence",
    "/claims?topic=defence&actor=!Rutte&from_date=2025",
    "/claims?topic=defence&topic=ukraine-membership",
    "/claims?topic=defence&topic=enlargement&match=all",
    "/claims?position=ukraine-will-join-nato&stance=oppose",
    "/claims?q=ukraine+nato&sort=relevance",
    "/claims?facet=month&facet_limit=1000",
    "/claims?limit=3",
    "/claims?topic=ukrane",
    "/actors?topic=defence",
    "/positions?actor=Rutte",
    "/sources?publisher=nato",
    "/organizations?kind=state",
    "/topics/defence/claims",
    "/topics/defence/claims?facet=topic,actor",
    "/events?country=united",
    "/positions/ukraine-will-join-nato/claims?stance=oppose",
    "/organizations/nato/sources",
    "/events/hague-summit-2025/actors",
    "/organizations/china/suborganizations",
    "/stances?actor=Rutte",
    "/stances?of=organization&sort=-last",
    "/stances?topic=defence&by=month&sort=name",
    "/stances?limit=5",
    "/actors/mark-rutte/stances?of=organization",
    "/organizations/nato/stances",
    "/organizations/nato/stances?of=organization",
    "/positions/ukraine-will-join-nato/stances",
    "/positions/ukraine-will-join-nato/stances?of=actor&from_date=2025",
    "/compare?actor=mark-rutte&actor=volodymyr-zelenskyy",
    "/compare?actor=Rutte&actor=Putin&actor=Trump&topic=ukraine-membership&limit=1",
    "/compare?organization=NATO&organization=Russia",
    "/reversals",
    "/reversals?of=organization&actor=Rutte",
    "/contradictions?explicit=true",
    "/contradictions?actor=Rutte",
    "/contradictions?actor=Rutte&position=ukraine-will-join-nato&from_date=2025-06",
    "/contradictions?position=ukraine-will-join-nato&all=true&limit=5",
    "/contradictions?organization=nato&of=organization",
    "/search?q=antalya",
    "/search?q=ukrane",
    *NETWORKS,
)


def shipped_urls(client: FlaskClient) -> Iterator[str]:
    """The pages of the shipped seeds."""
    yield "/"
    for name in LISTS:
        yield f"/{name}"
        for page in pages(client, f"/v1/{name}", 200):
            yield from (f"/{name}/{record['id']}" for record in page["data"])
    yield from QUESTIONS
    for path in ("/claims?limit=25", "/sources?limit=25", "/stances?limit=25"):
        (second_page,) = [
            anchor.href for anchor in get_page(client, path).anchors if anchor.text == "Next page"
        ]
        yield second_page


def own_links(page: HTMLPage) -> set[str]:
    hrefs = [attributes["href"] for _, attributes in page.elements if "href" in attributes]
    hrefs += [attributes["src"] for _, attributes in page.elements if "src" in attributes]
    return {href.partition("#")[0] for href in hrefs if href.startswith("/")}


@pytest.fixture(scope="module")
def shipped_pages(app: Flask, shipped_url: str) -> dict[str, HTMLPage]:
    open_dataset(shipped_url)
    client = app.test_client()
    pages = {url: get_page(client, url) for url in shipped_urls(client)}
    disconnect()
    return pages


@pytest.mark.slow
def test_every_link_of_every_page_works(
    shipped: FlaskClient, shipped_pages: dict[str, HTMLPage]
) -> None:
    links = set().union(*map(own_links, shipped_pages.values()))
    assert len(links) > 1000
    failing = {}
    for link in sorted(links):
        with shipped.get(link, headers={"Accept": "text/html, */*;q=0.1"}) as response:
            if response.status_code != 200:
                failing[link] = response.status_code
    assert failing == {}


@pytest.mark.slow
def test_every_number_is_the_total_of_its_link(
    shipped: FlaskClient, shipped_pages: dict[str, HTMLPage]
) -> None:
    shown = {(href, number) for page in shipped_pages.values() for href, number in numbers(page)}
    assert len(shown) > 1000
    wrong = {}
    for href, number in sorted(shown):
        if "facet=" in href:
            continue
        path = href.partition("#")[0]
        total = shipped.get(path, headers={"Accept": "application/json"}).json["meta"]["total"]
        if total != number:
            wrong[href] = (number, total)
    assert wrong == {}


def test_headings_have_no_gaps(shipped: FlaskClient) -> None:
    for url in ("/", *(f"/{name}" for name in LISTS), *QUESTIONS):
        headings = get_page(shipped, url).headings
        levels = [level for level, _ in headings]
        assert levels[0] == 1
        assert levels.count(1) == 1, url
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        assert all(text.strip() for _, text in headings)
