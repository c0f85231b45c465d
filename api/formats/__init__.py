"""Formats: each turns a page or a document into bytes of one media type.

A new format is a module with a class like JSONFormat, and its line in FORMATS.
"""

from __future__ import annotations

from typing import Protocol

from api.formats.json import JSONFormat
from api.formats.page import Page, SingleObject


class Format(Protocol):
    """`media_type` is sent as the Content-Type; only its part before a `;` is negotiated."""

    media_type: str

    def render(self, answer: Page | SingleObject) -> bytes: ...


# `*/*` gets the first, which also wins among formats of the same quality
FORMATS: tuple[Format, ...] = (JSONFormat(),)
