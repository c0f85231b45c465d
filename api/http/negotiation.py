"""Content negotiation: the format that a request asks for."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from api.formats import Format
from api.http.problems import HTTPProblem


def negotiate_format(formats: Sequence[Format]) -> Format:
    """The format of a path that `format=` names, else the one that the Accept header prefers.

    Among formats of the same quality, HTML wins if Accept names it, else the first. An unknown
    name gives the first, since the query parser refuses the name. Raises HTTPProblem where Accept
    takes none of the formats.
    """
    if "format" in request.args:
        name = request.args["format"]
        return next((format for format in formats if format.name == name), formats[0])
    ranges = accepted_ranges()

    def preference(format: Format) -> tuple[float, bool]:
        return format_quality(ranges, format), format.first_if_named and is_named(ranges, format)

    best = max(formats, key=preference)
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


def is_named(ranges: dict[str, float], format: Format) -> bool:
    return format.media_type.partition(";")[0] in ranges


def prefers_html() -> bool:
    """Whether a failure is to be a page: `format=` or the Accept header asks for HTML."""
    if request.args.get("format") in ("html", "json"):
        return request.args["format"] == "html"
    ranges = accepted_ranges()
    html = ranges.get("text/html", 0)
    return html > 0 and html >= quality(ranges, "application/json")


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
