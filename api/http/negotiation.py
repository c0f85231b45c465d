"""Content negotiation: the format that a request asks for."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from api.formats import Format
from api.http.problems import HTTPProblem


def negotiate_format(formats: Sequence[Format]) -> Format:
    """The format of a path that `format=` names, else the one that the Accept header prefers.

    The first wins among formats of the same quality. An unknown name gives the first, since the
    query parser refuses the name. Raises HTTPProblem where Accept takes none of the formats.
    """
    if "format" in request.args:
        name = request.args["format"]
        return next((format for format in formats if format.name == name), formats[0])
    ranges = accepted_ranges()
    best = max(formats, key=lambda format: format_quality(ranges, format))
    if not format_quality(ranges, best):
        raise not_acceptable(formats)
    return best


def accepted_ranges() -> dict[str, float]:
    """The media ranges of the Accept header, without parameters such as a charset."""
    return {
        value.partition(";")[0].strip().lower(): quality
        for value, quality in request.accept_mimetypes
    }


def format_quality(ranges: dict[str, float], format: Format) -> float:
    """The quality that Accept gives a format; its other media types count only by their names."""
    named = [ranges[media_type] for media_type in format.also_accepted if media_type in ranges]
    return max([quality(ranges, format.media_type), *named])


def quality(ranges: dict[str, float], media_type: str) -> float:
    """The quality that Accept gives a media type; its most specific range decides (RFC 9110)."""
    if not ranges:
        return 1
    media_type = media_type.partition(";")[0]
    for media_range in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if media_range in ranges:
            return ranges[media_range]
    return 0


def not_acceptable(formats: Sequence[Format]) -> HTTPProblem:
    media_types = ", ".join(format.media_type.partition(";")[0] for format in formats)
    return HTTPProblem(
        "not-acceptable",
        f"This path answers {media_types}; the Accept header does not take it.",
    )
