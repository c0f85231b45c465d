"""HTML pages, read back strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient

VOID = {"base", "meta", "link", "input", "rect", "br"}
# numbers that are links: `11`, `89 claims`, `All 1,234 claims`
NUMBER = re.compile(r"^(?:All |all )?([0-9][0-9,]*)(?: [a-z]+| on its behalf)*$")


@dataclass
class Anchor:
    href: str
    rel: str = ""
    text: str = ""
    # the text of the element for a number
    number: str = ""


@dataclass
class HTMLPage(HTMLParser):
    """The parts of a page; asserts that each element is closed where it should be."""

    source: str
    anchors: list[Anchor] = field(default_factory=list)
    # the elements, each with its attributes
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    text: str = ""
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.feed(self.source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append((tag, attributes))
        if tag == "a":
            self.anchors.append(Anchor(attributes["href"], attributes.get("rel", "")))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open[-1][0] == tag, f"{tag} ends in {self.open[-1]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        self.texts.append(data)
        tags = [tag for tag, _ in self.open]
        classes = [attributes.get("class", "") for _, attributes in self.open]
        if "a" in tags:
            self.anchors[-1].text += data
            inside = classes[tags.index("a") :]
            if {"number", "more"} & set(inside) and "hidden" not in inside:
                self.anchors[-1].number += data
        if any(re.fullmatch("h[1-6]", tag) for tag in tags):
            level, text = self.headings[-1]
            self.headings[-1] = level, text + data

    def words(self) -> str:
        """The text, with a space between the texts of elements."""
        return re.sub(r" +([,.:?×])", r"\1", " ".join(" ".join(self.texts).split()))


def get_page(client: FlaskClient, url: str, status: int = 200) -> HTMLPage:
    """The page at a URL."""
    response = client.get(url, headers={"Accept": "text/html"})
    assert (response.status_code, response.content_type) == (status, "text/html; charset=utf-8"), (
        url
    )
    return HTMLPage(response.text)


def numbers(page: HTMLPage) -> list[tuple[str, int]]:
    """The links of a page whose text has a number, each with the number."""
    matches = [(anchor.href, NUMBER.match(anchor.number.strip())) for anchor in page.anchors]
    return [(href, int(match[1].replace(",", ""))) for href, match in matches if match]
