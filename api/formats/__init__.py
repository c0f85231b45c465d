"""Formats: each turns a page or a document into bytes of one media type.

A new format is a module with a class like JSONFormat, and its line in FORMATS.
"""

from __future__ import annotations

from typing import Any, Protocol

from api.formats.json import JSONFormat
from api.formats.page import Page, SingleObject
from api.formats.yaml import YAMLFormat


class Format(Protocol):
    """A media type, and its name in the parameter `format`.

    `media_type` is sent as the Content-Type; only its part before a `;` is negotiated.
    `etag_suffix` follows an ETag that does not depend on the media type. `schema` describes the
    answers in the specification; JSON has the schema of each route instead.
    """

    name: str
    media_type: str
    etag_suffix: str
    schema: dict[str, Any]

    def render(self, answer: Page | SingleObject) -> bytes: ...


# `*/*` gets the first, which also wins among formats of the same quality
FORMATS: tuple[Format, ...] = (JSONFormat(),)
# of a record in seed form
RECORD_FORMATS: tuple[Format, ...] = (JSONFormat(), YAMLFormat())
