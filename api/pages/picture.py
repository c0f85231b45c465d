"""A drawing of a document, made by a format of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Picture(NamedTuple):
    """An SVG, the colours of the values that it shows, and how many edges it has."""

    # safe as a part of a page
    svg: str
    colors: Mapping[str, str]
    edges: int
