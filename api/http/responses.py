"""Responses: one snapshot of the dataset, an ETag, the headers of every answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from urllib.parse import quote

from flask import Response, g, request

from api.formats import Format
from api.formats.page import MakeAnswer
from api.http.broken_transfer import breaking_off
from api.http.compression import compress_stream, negotiate_coding
from api.http.etags import etag, etag_header, etag_matches
from api.http.middleware import CACHE_CONTROL, COMMON_HEADERS
from api.http.request_cache import CachedRequest
from api.http.urls import content_location, versioned_path
from models.dataset import Dataset, reading

LINES_PER_CHUNK = 200


def respond(make_answer: MakeAnswer, canonical: str = "", format: Format | None = None) -> Response:
    """200 with an answer from one snapshot of the dataset, or 304 if the client has it.

    The middleware calls `make_answer` again for each new version of the dataset.
    """
    cached_request = CachedRequest(
        versioned_path(request),
        canonical,
        format or g.format,
        make_answer,
        quote(request.script_root),
        content_location(),
    )
    middleware = request.environ["claimbase.middleware"]
    status, headers, content = middleware.respond(cached_request, request.environ)
    return Response([content], status, headers)


def stream(lines: Callable[[Dataset], Iterable[bytes]], media_type: str) -> Response:
    """200 with lines of one snapshot as they come; the snapshot ends with the response."""
    coding = negotiate_coding(request.headers.get("Accept-Encoding", ""))
    with ExitStack() as stack:
        dataset = stack.enter_context(reading())
        tag = etag(dataset, request.script_root + versioned_path(request), "", media_type)
        response = Response(content_type=media_type)
        response.headers.extend([CACHE_CONTROL, ("ETag", etag_header(tag, coding))])
        if location := content_location():
            response.headers["Content-Location"] = location
        if etag_matches(tag, request.headers.get("If-None-Match", "")):
            response.status_code = 304
            return response
        if coding:
            response.headers["Content-Encoding"] = coding
        # HEAD has no Content-Length, since GET streams without one
        response.response = iter(())
        if request.method == "GET":
            snapshot = stack.pop_all()
            response.response = breaking_off(
                compress_stream(chunks(lines(dataset), snapshot), coding), request.environ
            )
            response.call_on_close(snapshot.close)
    return response


def chunks(lines: Iterable[bytes], snapshot: ExitStack) -> Iterator[bytes]:
    """Lines, many at a time; the snapshot ends after the last."""
    pending: list[bytes] = []
    with snapshot:
        for line in lines:
            pending.append(line)
            if len(pending) == LINES_PER_CHUNK:
                yield b"".join(pending)
                pending.clear()
    yield b"".join(pending)


def add_common_headers(response: Response) -> Response:
    for name, value in COMMON_HEADERS:
        response.headers[name] = value
    return response


def options_response(methods: list[str]) -> Response:
    """The 204 answer to a CORS preflight, with the methods of the path."""
    response = Response(status=204)
    response.headers.remove("Content-Type")
    response.headers["Allow"] = ", ".join(sorted(methods))
    response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(methods))
    response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response
