"""JSON-LD of schema.org as people publish it: nodes whose values may be objects, texts or lists."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

# in front of the names of types and properties
SCHEMA_PREFIX = re.compile(r"(?:https?://schema\.org/|schema:)")
KEYWORDS = {"type": "@type", "id": "@id"}
LISTS = ("@list", "@set")
# elements whose content nobody reads
HIDDEN = ("script", "style")
# elements that may stand within a word
INLINE = frozenset(
    {"a", "abbr", "b", "em", "font", "i", "mark", "s", "small", "span", "strong", "u"}
)


class TextOfHTML(HTMLParser):
    """Collects the text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = ""

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        if tag not in INLINE:
            self.parts.append(" ")
        if tag in HIDDEN:
            self.hidden = tag

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.parts.append(" ")
        if tag == self.hidden:
            self.hidden = ""

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def without_html(text: str) -> str:
    """A text without HTML, and with single spaces."""
    if "<" in text or "&" in text:
        parser = TextOfHTML()
        parser.feed(text)
        parser.close()
        # entities that were escaped twice
        text = html.unescape("".join(parser.parts))
    return " ".join(text.split())


class LinkedNode:
    """An object of JSON-LD; a reference to a node of the same document has that node's values."""

    def __init__(self, data: dict[str, Any], nodes: dict[str, dict[str, Any]]):
        self.nodes = nodes
        data = plain_names(data)
        id = data.get("@id")
        if isinstance(id, str) and id in nodes:
            data = plain_names(nodes[id]) | data
        self.data = data

    @property
    def types(self) -> set[str]:
        return {
            SCHEMA_PREFIX.sub("", type)
            for type in as_list(self.data.get("@type"))
            if isinstance(type, str)
        }

    @property
    def id(self) -> str:
        id = self.data.get("@id")
        return id if isinstance(id, str) else ""

    def values(self, name: str) -> list[Any]:
        """The values of a property, without empty ones: texts, numbers and nodes."""
        values = (self.value(item) for item in as_list(self.data.get(name)))
        return [value for value in values if value not in (None, "")]

    def value(self, item: Any) -> Any:
        if isinstance(item, dict):
            if "@value" not in item:
                return LinkedNode(item, self.nodes)
            item = item["@value"]
        if isinstance(item, str):
            return item.strip()
        # a truth value, or a list within a list, is no text
        return item if type(item) in (int, float) else None

    def plain_values(self, name: str) -> list[Any]:
        """The values of a property that are no nodes."""
        return [value for value in self.values(name) if not isinstance(value, LinkedNode)]

    @property
    def name(self) -> str:
        """The name of a node, else its address."""
        names = (*self.plain_values("name"), *self.plain_values("url"))
        return str(next(iter(names), ""))

    def texts(self, *names: str) -> list[str]:
        """The texts of the first of some properties that has any; a node's text is its name."""
        for name in names:
            texts = [
                without_html(value.name if isinstance(value, LinkedNode) else str(value))
                for value in self.values(name)
            ]
            if texts := [text for text in texts if text]:
                return texts
        return []

    def text(self, *names: str) -> str:
        return next(iter(self.texts(*names)), "")

    def url(self, *names: str) -> str:
        """The first address among the values of some properties."""
        for name in names:
            for value in self.values(name):
                urls = [value]
                if isinstance(value, LinkedNode):
                    urls = [*value.plain_values("url"), value.id]
                for url in urls:
                    if isinstance(url, str) and url.lower().startswith(("http://", "https://")):
                        return url
        return ""


def plain_names(data: dict[str, Any]) -> dict[str, Any]:
    """The members of an object by the short names of schema.org."""
    plain = {}
    for name, value in data.items():
        name = SCHEMA_PREFIX.sub("", name)
        plain[KEYWORDS.get(name, name)] = value
    return plain


def as_list(value: Any) -> list[Any]:
    """A value that may be a list, or an object around one."""
    if isinstance(value, dict) and (name := next((name for name in LISTS if name in value), "")):
        value = value[name]
    return value if isinstance(value, list) else [value]


def objects_in(document: Any) -> Iterator[dict[str, Any]]:
    """All objects of a document, in its order; no depth is too deep."""
    stack = [document]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            yield value
            stack += reversed(value.values())
        elif isinstance(value, list):
            stack += reversed(value)


def nodes_of_type(document: Any, type: str) -> Iterator[LinkedNode]:
    """The nodes of a type, wherever they stand in a document."""
    nodes: dict[str, dict[str, Any]] = {}
    objects = list(objects_in(document))
    for data in objects:
        id = data.get("@id", data.get("id"))
        # of several objects of one id, that with the most members describes it
        if isinstance(id, str) and len(data) > len(nodes.get(id, {"@id": id})):
            nodes[id] = data
    for data in objects:
        node = LinkedNode(data, nodes)
        # a reference to a node is no further node
        if type in node.types and not plain_names(data).keys() <= {"@id", "@type"}:
            yield node
