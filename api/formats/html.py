"""HTML: a page for people."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

import orjson

from api.formats.base import Format, NetworkFormat, ObjectFormat, PageFormat
from api.formats.json import object_json, page_json
from api.formats.page import Address, Answer, NetworkAnswer, Page, SingleObject
from api.formats.svg import draw_picture
from api.pages.assets import PAGES_VERSION
from api.pages.headers import EMBEDDED_HEADERS, PAGE_HEADERS
from api.pages.links import page_address
from api.pages.networks import MAX_INLINE_NODES
from api.pages.picture import Picture
from api.pages.render import Further, Shown, render_page
from api.pages.site import DEFAULT_SITE, Site


class HTMLFormat(PageFormat, ObjectFormat, NetworkFormat):
    """`text/html`, rendered from the JSON of the answer and of its further answers."""

    name = "html"
    media_type = "text/html; charset=utf-8"
    refused: frozenset[str] = frozenset()
    # a page shows what it shows
    ignored = frozenset({"bom", "fields", "include"})
    defaults: Mapping[str, str] = {"highlight": "true"}
    first_if_named = True
    # of forms
    skips_empty = True

    def __init__(self, site: Site = DEFAULT_SITE, embedded: bool = False):
        self.site = site
        # whether the page stands in a frame of any other site
        self.embedded = embedded
        self.headers = EMBEDDED_HEADERS if embedded else PAGE_HEADERS

    @cached_property
    def version(self) -> str:
        return f"{self.media_type} {PAGES_VERSION} {self.site}"

    def on_site(self, site: Site) -> Format:
        return html_format(site)

    def in_frames(self) -> Format:
        return html_format(self.site, embedded=True)

    def render_page(self, page: Page, address: Address) -> bytes:
        return self.render(page, address)

    def render_object(self, answer: SingleObject, address: Address) -> bytes:
        return self.render(answer, address)

    def render_network(self, answer: NetworkAnswer, address: Address) -> bytes:
        is_drawn = 0 < len(answer.network["nodes"]) <= MAX_INLINE_NODES
        # each edge repeats the filters
        if is_drawn and not page_address(*address).has_long_filters():
            return self.render(answer, address, draw_picture(answer, address.root, inline=True))
        return self.render(answer, address)

    def render(self, answer: Answer, address: Address, picture: Picture | None = None) -> bytes:
        """The page of an answer with its parts."""
        if answer.parts is None:
            raise TypeError(f"{address.path} has no page")
        further = {
            name: Further(part.url, document_of(part.answer))
            for name, part in answer.parts.further.items()
        }
        page = page_address(*address)
        document = document_of(answer)
        shown = Shown(document, further, answer.type, answer.parts.parameters, picture)
        return render_page(answer.parts.template, page, shown, self.site, self.embedded)


@lru_cache(maxsize=8)
def html_format(site: Site, embedded: bool = False) -> HTMLFormat:
    return HTMLFormat(site, embedded)


def document_of(answer: Answer) -> dict[str, Any]:
    """The JSON document of an answer."""
    if isinstance(answer, NetworkAnswer):
        # the rest holds plain values, and may be large
        return {**answer.network, "meta": orjson.loads(orjson.dumps(answer.network["meta"]))}
    return orjson.loads(page_json(answer) if isinstance(answer, Page) else object_json(answer))
