"""JSON: prepared documents are joined, not parsed."""

from __future__ import annotations

import orjson

from api.formats.base import NetworkFormat, ObjectFormat, PageFormat
from api.formats.page import Address, NetworkAnswer, Page, SingleObject


class JSONFormat(PageFormat, ObjectFormat, NetworkFormat):
    """`application/json`."""

    name = "json"
    media_type = "application/json"
    refused = frozenset({"bom", "embed"})

    def render_page(self, page: Page, address: Address) -> bytes:
        return page_json(page)

    def render_object(self, answer: SingleObject, address: Address) -> bytes:
        return object_json(answer)

    def render_network(self, answer: NetworkAnswer, address: Address) -> bytes:
        return orjson.dumps(answer.network)


def page_json(page: Page) -> bytes:
    """The JSON of a page of a list."""
    parts = [b'{"data":[', page.records.content]
    if page.included is not None:
        parts += [b'],"included":', orjson.dumps(page.included), b',"meta":']
    else:
        parts.append(b'],"meta":')
    # join, where % would take four times as long
    return b"".join([*parts, orjson.dumps(page.meta), b"}"])


def object_json(answer: SingleObject) -> bytes:
    """The JSON of a single object."""
    if answer.included is None:
        return answer.content
    return answer.content[:-1] + b',"included":' + orjson.dumps(answer.included) + b"}"
