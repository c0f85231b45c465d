"""Atom: one page of a list as a feed, the last changed records first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from api.formats.base import PageFormat
from api.formats.page import Address, Page

# of a feed without entries
EPOCH = "1970-01-01T00:00:00Z"
# characters that XML 1.0 cannot hold
NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class AtomFormat(PageFormat):
    """`application/atom+xml` (RFC 4287)."""

    name = "atom"
    media_type = "application/atom+xml"
    refused = frozenset({"bom", "embed", "highlight", "include", "facet", "fields"})
    defaults: Mapping[str, str] = {"sort": "-updated_at"}

    def render_page(self, page: Page, address: Address) -> bytes:
        documents = list(page.records)
        lines = [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<feed xmlns="http://www.w3.org/2005/Atom">',
            *feed_head(page, address, documents),
        ]
        for document in documents:
            lines += entry(page, address.root, document)
        return "\n".join([*lines, "</feed>", ""]).encode()


def feed_head(page: Page, address: Address, documents: list[dict[str, Any]]) -> Iterator[str]:
    """The elements before the entries."""
    path = address.root + address.path
    query = [pair for pair in parse_qsl(address.query) if pair[0] not in ("cursor", "format")]
    yield element("title", page.meta["query"])
    yield element("id", permanent_id(page, f"{address.path}?{urlencode(query)}"))
    yield element("updated", max((item["updated_at"] for item in documents), default=EPOCH))
    yield "<author><name>Claimbase</name></author>"
    yield link("self", f"{path}?{address.query}", "application/atom+xml")
    yield link("alternate", f"{path}?{urlencode(query)}", "application/json")
    if page.next_query:
        yield link("next", f"{path}?{page.next_query}", "application/atom+xml")


def entry(page: Page, root: str, document: dict[str, Any]) -> Iterator[str]:
    """One record."""
    url = record_url(root, page.type, document["id"])
    yield "<entry>"
    yield element("title", document.get("name") or document.get("title") or document["text"])
    yield element("id", permanent_id(page, f"{page.type}/{document['id']}"))
    yield element("published", document["created_at"])
    yield element("updated", document["updated_at"])
    yield link("alternate", url, "application/json")
    for party in claimants(document):
        yield f"<author>{element('name', party['name'])}</author>"
    for via in dict.fromkeys(source_urls(document)):
        yield link("via", uri(via))
    for topic in document.get("topics", ()):
        label, term = quoteattr(clean(topic["name"])), quoteattr(topic["id"])
        yield f"<category term={term} scheme={quoteattr(f'{root}/v1/topics')} label={label}/>"
    if summary := summary_of(document):
        yield element("summary", summary)
    yield "</entry>"


def claimants(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Who makes a claim: the actor, else the organization."""
    claimant = document.get("actor") or document.get("organization")
    return [claimant] if claimant else []


def source_urls(document: dict[str, Any]) -> Iterable[str]:
    """The addresses of a claim's sources, or of the record itself."""
    sources = [report["source"] for report in document.get("reports", ())]
    return [source["url"] for source in (document, *sources) if source.get("url")]


def summary_of(document: dict[str, Any]) -> str:
    """When and where it was, and what was said, each in a line."""
    place = document.get("place")
    organization, event = document.get("organization"), document.get("event")
    date = document.get("date") or document.get("start_date")
    named = [related["name"] for related in (*claimants(document)[:1], organization, event)
             if related]  # fmt: skip
    circumstances = ", ".join(filter(None, (date, *dict.fromkeys(named), place)))
    quote = document.get("quote")
    lines = (circumstances, quote and f"“{quote}”", document.get("description"))
    return "\n".join(filter(None, lines))


def permanent_id(page: Page, name: str) -> str:
    """An IRI that stays the same wherever the dataset is served."""
    dataset, _, _ = page.meta["dataset"].partition("-")
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'claimbase:{dataset}/{name}')}"


def record_url(root: str, type: str, id: str) -> str:
    return f"{root}/v1/{type}s/{id}"


def element(name: str, text: str) -> str:
    return f"<{name}>{escape(clean(text), {chr(13): '&#13;'})}</{name}>"


def link(relation: str, href: str, media_type: str = "") -> str:
    type = f" type={quoteattr(media_type)}" if media_type else ""
    return f"<link rel={quoteattr(relation)} href={quoteattr(href.rstrip('?'))}{type}/>"


def clean(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return NO_XML.sub("\ufffd", text)


def uri(url: str) -> str:
    """An address of seeds, with characters encoded that no URI may hold."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")
