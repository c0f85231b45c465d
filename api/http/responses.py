"""Responses: one snapshot of the dataset, an ETag, the headers of every answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from flask import Response, current_app, g, request

from api.formats.base import render
from api.formats.page import Address, MakeAnswer, MakeAtOrigin
from api.http.at_least import at_least_of
from api.http.broken_transfer import breaking_off
from api.http.compression import negotiate_coding
from api.http.etags import etag, etag_header, etag_matches
from api.http.middleware import CACHE_CONTROL, COMMON_HEADERS
from api.http.request_cache import CachedRequest
from api.http.streams import STREAMED, MakeChunks, StreamSlots
from api.http.urls import content_location, versioned_path
from models.dataset import Dataset
from models.reading import reading

LINES_PER_CHUNK = 200
# of requests from other origins
ALLOWED_HEADERS = (
    "Authorization, Content-Type, If-Dataset-At-Least, If-None-Match, X-Request-ID, "
    "X-Requested-With"
)


def respond(make_answer: MakeAnswer, canonical: str = "") -> Response:
    """200 with an answer from one snapshot of the dataset, or 304 if the client has it.

    The middleware calls `make_answer` again for each new version of the dataset.
    """
    origin = make_answer.origin if isinstance(make_answer, MakeAtOrigin) else ""
    cached_request = CachedRequest(
        versioned_path(request),
        f"{canonical}{origin}",
        g.format,
        make_answer,
        quote(request.script_root),
        content_location(),
        request.environ.get("claimbase.route"),
    )
    middleware = request.environ["claimbase.middleware"]
    status, headers, content = middleware.respond(cached_request, request.environ)
    if isinstance(make_answer, MakeAtOrigin):
        # a request is cached without its host, and this answer depends on the host
        del request.environ["claimbase.request"]
    return Response([content], status, headers)


def respond_to_body(make_answer: MakeAnswer) -> Response:
    """200 with an answer from one snapshot of the dataset, to a request with a body: not cached."""
    path = versioned_path(request)
    with reading(at_least_of(request.environ)) as dataset:
        answer = make_answer(dataset)
    content = render(g.format, answer, Address(quote(request.script_root), path, ""))
    # no Content-Location, even of an alias: a GET of that URL would not answer so
    return Response(content, content_type=g.format.media_type)


def stream(
    make_chunks: MakeChunks, media_type: str, file_name: str, canonical: str = ""
) -> Response:
    """200 with chunks of one snapshot as they come, to be saved as a file.

    `make_chunks` raises the problems of the request. Each part of the body has the deadline of a
    request, and the client reads it as `StreamSlots` allows.
    """
    coding = negotiate_coding(request.headers.get("Accept-Encoding", ""))
    at_least = at_least_of(request.environ)
    path = quote(request.script_root) + versioned_path(request)

    def empty_response(dataset: Dataset) -> Response:
        tag = etag(dataset, path, canonical, media_type)
        response = Response(iter(()), content_type=media_type)
        response.headers.extend([CACHE_CONTROL, ("ETag", etag_header(tag, coding))])
        if location := content_location():
            response.headers["Content-Location"] = location
        if etag_matches(tag, request.headers.get("If-None-Match", "")):
            response.status_code = 304
            return response
        # browsers save it, and Swagger UI gives a link
        response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
        if coding:
            response.headers["Content-Encoding"] = coding
        return response

    if request.method == "HEAD" or request.if_none_match:
        with reading(at_least) as dataset:
            response = empty_response(dataset)
            if response.status_code == 200:
                make_chunks(dataset)
        # HEAD has no Content-Length, since GET streams without one
        if request.method == "HEAD" or response.status_code == 304:
            return response
    slots: StreamSlots = current_app.config["STREAM_SLOTS"]
    begun = slots.begin(make_chunks, coding, at_least)
    response = empty_response(begun.dataset)
    response.response = breaking_off(begun.chunks(), request.environ)
    response.call_on_close(begun.close)
    request.environ[STREAMED] = True
    return response


def join_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines, many at a time."""
    pending: list[bytes] = []
    for line in lines:
        pending.append(line)
        if len(pending) == LINES_PER_CHUNK:
            yield b"".join(pending)
            pending.clear()
    yield b"".join(pending)


def add_common_headers(response: Response) -> Response:
    for name, value in COMMON_HEADERS:
        response.headers[name] = value
    if request.method == "POST" or response.status_code >= 500:
        response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def options_response(methods: list[str]) -> Response:
    """The 204 answer to a CORS preflight, with the methods of the path."""
    response = Response(status=204)
    response.headers.remove("Content-Type")
    response.headers["Allow"] = ", ".join(sorted(methods))
    response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(methods))
    response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
    # seconds
    response.headers["Access-Control-Max-Age"] = "7200"
    return response
