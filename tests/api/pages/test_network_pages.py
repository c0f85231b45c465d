"""Pages of networks: the question, the form, the drawing, communities, edges and windows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.oracle import Made
from tests.api.pages.html import HTMLPage, get_page, numbers

HTML = {"Accept": "text/html"}
ONE_MODE, TWO_MODE = "/networks/one-mode", "/networks/two-mode"
AGREEMENT = f"{ONE_MODE}?nodes=organization&method=subtract&normalization=average"


def hrefs(page: HTMLPage, text: str) -> list[str]:
    """The links with a text."""
    return [anchor.href for anchor in page.anchors if " ".join(anchor.text.split()) == text]


# (network of the debate, heading)
HEADINGS = [
    (ONE_MODE, "Actors that speak on the same positions"),
    (f"{ONE_MODE}?method=congruence", "Actors that take the same stances on positions"),
    (f"{ONE_MODE}?nodes=organization&method=conflict&actor=ann",
     "Organizations that take opposite stances on positions, in claims by Ann"),
    (f"{ONE_MODE}?method=subtract&from_date=2025",
     "Actors that agree or disagree on positions, in claims from 2025"),
    (f"{ONE_MODE}?via=organization", "Actors that make claims for the same organizations"),
    (f"{ONE_MODE}?nodes=organization&via=about",
     "Organizations that make claims about the same actors or organizations"),
    (f"{ONE_MODE}?nodes=position&via=actor&method=conflict",
     "Positions on which the same actors take opposite stances"),
    (f"{ONE_MODE}?nodes=position&via=topic",
     "Positions with stances in claims on the same topics"),
    (f"{TWO_MODE}?rows=organization",
     "Organizations and the positions that they take stances on"),
    (f"{TWO_MODE}?columns=about", "Actors and whom their claims are about"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "heading"), HEADINGS)
def test_the_question_is_a_sentence(debate: FlaskClient, url: str, heading: str):
    page = get_page(debate, url)
    assert page.headings[0] == (1, heading)


# (network of the debate, texts in their order)
SHOWN = [
    (f"{ONE_MODE}?method=subtract",
     ["3 nodes, 3 edges, from 10 statements. Density 1: most pairs have an edge.",
      "Ann – Bob: 0", "Ann, claims: 4", "edge: more equal stances",
      "No community has two nodes", "Ann – Bob 0, open this edge 6 6", "Bob 4 2 0 2",
      "Neutral statements do not count.", "Nodes without an edge. Show them",
      "As data: JSON · GraphML · CSV of edges · matrix · SVG · statements"]),
    (f"{ONE_MODE}?via=organization",
     ["Modularity 0: there is hardly a division.", "Community 1: 2 nodes Ann, Bob",
      "Edge weight Ann – Bob 9, open this edge"]),
    (f"{TWO_MODE}?method=subtract",
     ["Edge weight for against", "Bob – Close it 1, open this edge 1 0", "We should join 9 3 1 –"]),
    (f"{ONE_MODE}?window=P1Y",
     ["window: P1Y×, remove", "Over time",
      "1 January 2024 to 31 December 2024 – 1 2 1 January 2025 to 31 December 2025 – 1 2",
      "1 claim lies in no one window, since its date is absent, or too coarse."]),
    (f"{ONE_MODE}?nodes=organization&duplicates=month&min_weight=3&top=2",
     ["2 claims lie in no one month, since their dates are absent, or too coarse.",
      "Only the nodes with most statements are kept: 2 of them.",
      "Edges with a weight below 3 are left out."]),
]  # fmt: skip


@pytest.mark.parametrize(("url", "texts"), SHOWN, ids=[url for url, _ in SHOWN])
def test_a_network_has_a_page(debate: FlaskClient, url: str, texts: list[str]):
    shown = get_page(debate, url).words()
    start = 0
    for text in texts:
        position = shown.find(text, start)
        assert position >= 0, f"{text!r} is not in {shown[start:]!r}"
        start = position


# (network without edges, text, link that mends it)
EMPTY = [
    (f"{ONE_MODE}?actor=ann", "There is no edge: no two nodes share an item. 5 statements enter.",
     "Show nodes without an edge", f"{ONE_MODE}?actor=ann&isolates=true"),
    (f"{ONE_MODE}?min_weight=99", "no two nodes share an item with such a weight.",
     "min weight: 99", ONE_MODE),
    (f"{ONE_MODE}?topic=nothing", "No statement enters: no claim that passes the filters has what",
     "topic: nothing", ONE_MODE),
    (f"{ONE_MODE}?actor=annn&nodes=organization", "No actor is named “ annn ”. Did you mean Ann?",
     "Ann", f"{ONE_MODE}?nodes=organization&actor=ann"),
    (f"{ONE_MODE}?actor=ann&stance=neutral&method=conflict", "Leave out one of the filters above",
     "the whole network", ONE_MODE),
]  # fmt: skip


@pytest.mark.parametrize(("url", "text", "link", "href"), EMPTY, ids=[row[0] for row in EMPTY])
def test_an_empty_network_says_what_to_drop(
    debate: FlaskClient, url: str, text: str, link: str, href: str
):
    page = get_page(debate, url)
    assert text in page.words()
    assert href in hrefs(page, link)
    assert "svg" not in [tag for tag, _ in page.elements]
    assert get_page(debate, href)


# networks whose counts are links, with conditions under which some have no list
COUNTS = [
    AGREEMENT,
    f"{AGREEMENT}&actor=!rutte",
    f"{AGREEMENT}&top=4",
    f"{AGREEMENT}&min_items=3",
    f"{AGREEMENT}&stance=oppose",
    f"{AGREEMENT}&position=ukraine-will-join-nato&topic=defence&topic=enlargement",
    f"{AGREEMENT}&organization=nato&organization=ukraine&organization=!hungary&from_date=2025",
    f"{ONE_MODE}?method=subtract&organization=nato&organization=ukraine",
    f"{TWO_MODE}?rows=organization&method=subtract",
]  # fmt: skip


@pytest.mark.parametrize("url", COUNTS)
def test_the_claims_of_a_community_are_as_many_as_it_says(shipped: FlaskClient, url: str):
    page = get_page(shipped, url)
    shown = numbers(page)
    assert [href for href, _ in shown if href.startswith("/claims?")]
    for href, number in shown:
        assert shipped.get(href).json["meta"]["total"] == number, href


# (parameters with which statements are not claims, community counts are no links)
@pytest.mark.parametrize(
    "query",
    ["duplicates=range", "window=P1Y", "match=all&position=ukraine-will-join-nato"],
)
def test_counts_without_a_list_are_no_links(shipped: FlaskClient, query: str):
    page = get_page(shipped, f"{ONE_MODE}?nodes=organization&{query}")
    assert [href for href, _ in numbers(page) if href.startswith("/claims?")] == []


class TestForm:
    def fields(self, page: HTMLPage) -> dict[str, list[str]]:
        """The values of the fields of the form, hidden ones included."""
        values: dict[str, list[str]] = {}
        name = ""
        for tag, attributes in page.elements:
            if tag == "select":
                name = attributes["name"]
            if tag == "option" and "selected" in attributes:
                values[name] = [attributes["value"]]
            if tag == "input" and attributes["name"] != "q":
                values.setdefault(attributes["name"], []).append(attributes["value"])
        return values

    def test_the_form_keeps_what_it_does_not_show(self, debate: FlaskClient):
        url = (
            f"{ONE_MODE}?nodes=organization&method=conflict&topic=a&topic=!b&from_date=2024"
            "&actor=ann&actor=bob&min_weight=2&color=kind&isolates=true&window=P7M&step=P1M"
        )
        assert self.fields(get_page(debate, url)) == {
            "nodes": ["organization"], "via": ["position"], "topic": ["!b", "a"],
            "from_date": ["2024"], "to_date": [""], "method": ["conflict"],
            "normalization": ["none"], "duplicates": ["include"], "min_weight": ["2"],
            "top": [""], "window": ["P7M"],
            "actor": ["ann", "bob"], "color": ["kind"], "isolates": ["true"], "step": ["P1M"],
        }  # fmt: skip

    def test_fields_that_are_left_empty_change_nothing(self, debate: FlaskClient):
        url = f"{TWO_MODE}?rows=organization"
        sent = f"{url}&topic=&from_date=&to_date=+&min_weight=&top=&window=&columns=position"
        assert debate.get(sent, headers=HTML).data == debate.get(url, headers=HTML).data
        assert debate.get(sent).status_code == 422

    @pytest.mark.parametrize("path", [ONE_MODE, TWO_MODE])
    def test_every_choice_is_valid(self, debate: FlaskClient, path: str):
        name = ""
        for tag, attributes in get_page(debate, path).elements:
            name = attributes["name"] if tag == "select" else name
            if tag == "option":
                query = {name: attributes["value"], "from_date": "2024"}
                response = debate.get(path, query_string=query, headers=HTML)
                # nodes are tied by other items
                clashes = query[name] in ("actor", "position") and name in ("nodes", "via")
                assert response.status_code == 200 or clashes

    # (what a form sends, link that mends it)
    CLASHES = [
        ("nodes=position&via=position", "nodes=position&via=actor"),
        ("nodes=actor&via=actor", "nodes=actor&via=position"),
        ("via=topic&method=conflict", "method=ignore&via=topic"),
    ]

    @pytest.mark.parametrize(("query", "mended"), CLASHES)
    def test_choices_that_clash_are_mended_by_a_link(
        self, debate: FlaskClient, query: str, mended: str
    ):
        page = get_page(debate, f"{ONE_MODE}?{query}", 422)
        (href,) = [
            anchor.href
            for anchor in page.anchors
            if anchor.href.startswith(f"{ONE_MODE}?") and anchor.text != "Networks"
        ]
        assert sorted(href.partition("?")[2].split("&")) == sorted(mended.split("&"))
        assert get_page(debate, href)


class TestDrawing:
    def test_nodes_and_edges_are_links_to_pages(self, debate: FlaskClient):
        for url, edge in (
            (f"{ONE_MODE}?method=conflict&actor=!nobody",
             "/networks/one-mode/edge?a=actor%3Aann&b=actor%3Abob&actor=%21nobody&method=conflict"),
            (f"{TWO_MODE}?rows=actor",
             "/networks/statements?node=actor%3Aann&item=position%3Ajoin&rows=actor&columns=position"),
        ):  # fmt: skip
            page = get_page(debate, url)
            links = [attributes for tag, attributes in page.elements if tag == "a"]
            edges = [link for link in links if "data-ends" in link]
            nodes = [link for link in links if "data-node" in link]
            network = debate.get(url).json
            assert (len(nodes), len(edges)) == (len(network["nodes"]), len(network["edges"]))
            assert edge in [link["href"] for link in edges]
            assert nodes[0]["href"] == "/actors/ann"
            for link in (*nodes, *edges):
                assert get_page(debate, link["href"])
            ids = [node["id"] for node in network["nodes"]]
            ties = [link["data-ends"].split() for link in edges]
            assert {(ids[int(a)], ids[int(b)]) for a, b in ties} == {
                (edge["source"], edge["target"]) for edge in network["edges"]
            }

    def test_a_drawing_obeys_the_policy_of_pages(self, debate: FlaskClient):
        page = get_page(debate, ONE_MODE)
        tags = {tag for tag, _ in page.elements}
        assert "svg" in tags
        assert "style" not in tags
        assert not [attributes for _, attributes in page.elements if "style" in attributes]

    def test_a_large_network_offers_its_busiest_nodes(self, load: Callable, client: FlaskClient):
        load(
            actors=[{"id": f"a{n}", "name": f"A {n}"} for n in range(61)],
            positions=[{"id": "p", "text": "P"}],
            claims=[
                {"id": f"c{n}", "text": "T", "actor": f"a{n}",
                 "positions": [{"position": "p", "stance": "support"}]}
                for n in range(61)
            ],
        )  # fmt: skip
        page = get_page(client, f"{ONE_MODE}?method=congruence")
        assert "A drawing on this page has at most 60 nodes." in page.words()
        assert "figure" not in [tag for tag, _ in page.elements]
        assert "All 1,830 edges as CSV" in page.words()
        (href,) = hrefs(page, "Keep the 60 nodes with most statements")
        assert href == f"{ONE_MODE}?method=congruence&top=60"
        drawn = get_page(client, href)
        assert len([1 for _, attributes in drawn.elements if "data-node" in attributes]) == 60
        (svg,) = hrefs(page, "open the whole drawing")
        assert client.get(svg).content_type == "image/svg+xml"

    def test_long_filters_leave_no_room_for_a_drawing(self, world: FlaskClient):
        query = "&".join(f"actor=!{'x' * 30}{n}" for n in range(40))
        response = world.get(f"{ONE_MODE}?isolates=true&{query}", headers=HTML)
        page = HTMLPage(response.text)
        assert "So many filters leave no room for a drawing on this page." in page.words()
        assert len(response.data) < 60 * len(query)


# (name of the link, path, parameters of the network besides those in OPTIONS)
FORMATS = [
    ("JSON", "application/json", "color=kind&method=subtract&step=P6M&window=P1Y"),
    ("GraphML", "application/graphml+xml", "method=subtract"),
    ("CSV of edges", "text/csv; charset=utf-8", "method=subtract&step=P6M&window=P1Y"),
    ("matrix", "text/csv; charset=utf-8", "method=subtract"),
    ("SVG", "image/svg+xml", "color=kind&method=subtract"),
]


@pytest.mark.parametrize(("name", "media_type", "kept"), FORMATS)
def test_a_link_to_a_format_has_what_the_format_takes(
    debate: FlaskClient, name: str, media_type: str, kept: str
):
    page = get_page(debate, f"{ONE_MODE}?method=subtract&window=P1Y&step=P6M&color=kind")
    (href,) = hrefs(page, name)
    assert href.startswith(f"{ONE_MODE}?{kept}&format=")
    assert debate.get(href).content_type == media_type


# (network, the network of the other mode)
OTHER_MODES = [
    (f"{ONE_MODE}?nodes=organization&method=subtract&normalization=average&topic=x&top=9",
     "Who speaks on what: the two-mode network",
     f"{TWO_MODE}?rows=organization&method=subtract&top=9&topic=x"),
    (f"{ONE_MODE}?nodes=position&via=topic", "Who speaks on what: the two-mode network", TWO_MODE),
    (f"{TWO_MODE}?columns=topic&duplicates=year", "Who is tied to whom: the one-mode network",
     f"{ONE_MODE}?nodes=actor&duplicates=year"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "text", "href"), OTHER_MODES)
def test_a_network_leads_to_that_of_the_other_mode(
    debate: FlaskClient, url: str, text: str, href: str
):
    assert hrefs(get_page(debate, url), text) == [href]
    assert get_page(debate, href)


class TestNetworksInFrames:
    def test_a_network_in_a_frame_is_its_drawing(self, debate: FlaskClient):
        url = f"{ONE_MODE}?method=subtract"
        framed = debate.get(f"{url}&embed=true", headers=HTML)
        assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
        page = HTMLPage(framed.text)
        tags = {tag for tag, _ in page.elements}
        assert "figure" in tags
        assert {"header", "nav", "form", "table", "details"}.isdisjoint(tags)
        assert hrefs(page, "Claimbase") == [f"{url}&format=html"]
        code = f'src="{url}&format=html&embed=true"'
        assert code in get_page(debate, url).text

    def test_an_empty_network_in_a_frame_says_so(self, debate: FlaskClient):
        page = get_page(debate, f"{ONE_MODE}?actor=ann&embed=true")
        assert "This network has no edge." in page.words()

    @pytest.mark.parametrize("format", ["json", "csv", "graphml", "svg"])
    def test_other_formats_of_networks_have_no_frames(self, debate: FlaskClient, format: str):
        response = debate.get(f"{ONE_MODE}?format={format}&embed=true")
        (error,) = response.json["errors"]
        assert error["message"] == f"cannot be used with format={format}"


def test_networks_of_random_datasets_have_pages(dataset_made: Made):
    queries: list[dict[str, Any]] = [
        {"nodes": nodes, "via": via, "window": "P100D"}
        for nodes in ("actor", "organization", "position")
        for via in ("position", "topic", "event", "source", "about")
        if nodes != via
    ]
    for query in queries:
        response = dataset_made.client.get(ONE_MODE, query_string=query, headers=HTML)
        assert response.status_code == 200, query
        page = HTMLPage(response.text)
        assert re.match("Actors|Organizations|Positions", page.headings[0][1])
        edges = [anchor.href for anchor in page.anchors if anchor.text.endswith("open this edge")]
        for href in edges[:3]:
            opened = get_page(dataset_made.client, href)
            assert "Sum over" in opened.text
            for link, number in numbers(opened):
                total = dataset_made.client.get(link).json["meta"]["total"]
                assert total == number, link
