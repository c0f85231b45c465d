"""Content negotiation: the format that an Accept header prefers."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from api.formats import FORMATS, Format
from api.http.problems import HTTPProblem

JSON_LINES = "application/jsonl"


def negotiate_format(formats: Sequence[Format] = FORMATS) -> Format:
    """The format with the highest quality; the first among equals.

    Raises HTTPProblem where Accept takes none of them.
    """
    ranges = accepted_ranges()
    best = max(formats, key=lambda format: quality(ranges, format.media_type))
    if not quality(ranges, best.media_type):
        raise not_acceptable([format.media_type for format in formats])
    return best


def chosen_format(formats: Sequence[Format], name: str | None) -> Format:
    """The format that the parameter `format` names; without it, that of the Accept header."""
    if name is None:
        return negotiate_format(formats)
    return next(format for format in formats if format.name == name)


def check_accepted(media_type: str) -> None:
    """Refuse an Accept header that does not take a media type. Raises HTTPProblem."""
    if not quality(accepted_ranges(), media_type):
        raise not_acceptable([media_type])


def accepted_ranges() -> dict[str, float]:
    """The media ranges of the Accept header, without parameters such as a charset."""
    return {
        value.partition(";")[0].strip().lower(): quality
        for value, quality in request.accept_mimetypes
    }


def quality(ranges: dict[str, float], media_type: str) -> float:
    """The quality that Accept gives a media type; its most specific range decides (RFC 9110)."""
    if not ranges:
        return 1
    media_type = media_type.partition(";")[0]
    for media_range in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if media_range in ranges:
            return ranges[media_range]
    return 0


def not_acceptable(media_types: list[str]) -> HTTPProblem:
    return HTTPProblem(
        "not-acceptable",
        f"This path answers {', '.join(media_types)}; the Accept header does not take it.",
    )
