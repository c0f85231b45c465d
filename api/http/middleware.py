"""WSGI middleware with two caches: validated requests, and responses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from api.formats.base import Format, render
from api.formats.page import Address, SingleObject
from api.http.at_least import at_least_of
from api.http.compression import compress, negotiate_coding
from api.http.etags import etag, etag_header, etag_matches
from api.http.refusal import REFUSED
from api.http.request_cache import CachedRequest, RequestCache, request_key
from api.http.response_cache import CachedResponse, Headers, ResponseCache, response_key
from models.database.deadline import begin_deadline, check_deadline, end_deadline
from models.reading import AtLeast, peek_dataset, reading

# of every response
COMMON_HEADERS = (
    ("Vary", "Accept, Accept-Encoding"),
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "ETag, Link, Content-Location, Retry-After, X-Request-ID, Cache-Status",
    ),
    ("X-Content-Type-Options", "nosniff"),
)
CACHE_CONTROL = ("Cache-Control", "public, no-cache")
STATUS_LINES = {200: "200 OK", 304: "304 Not Modified"}

# status, headers, body
WSGIResponse = tuple[int, Headers, bytes]


class CacheMiddleware:
    """Answers known requests itself; the application validates new ones and calls `respond`."""

    def __init__(self, app: Callable, megabytes: int, seconds: float):
        """`megabytes` bounds the response cache; with 0 there is none. `seconds`: the deadline."""
        self.app = app
        self.seconds = seconds
        self.requests = RequestCache()
        self.responses = ResponseCache(megabytes) if megabytes else None

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        begin_deadline(self.seconds)
        try:
            return self.answer(environ, start_response)
        finally:
            # the body of a stream follows
            end_deadline()

    def answer(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        """The body of a response, whose head goes to `start_response`."""
        key = request_key(environ)
        if environ["REQUEST_METHOD"] in ("GET", "HEAD") and REFUSED not in environ:
            request = self.requests.get(key)
            if request:
                try:
                    status, headers, content = self.respond(request, environ)
                except Exception:
                    # the application fails in the same way, and reports how
                    self.requests.remove(key)
                else:
                    start_response(STATUS_LINES[status], headers)
                    return [content]
        environ["claimbase.middleware"] = self
        response = self.app(environ, start_response)
        if "claimbase.request" in environ:
            self.requests.put(key, environ["claimbase.request"])
        return response

    def respond(self, request: CachedRequest, environ: dict[str, Any]) -> WSGIResponse:
        """200 with an answer from one snapshot of the dataset, or 304 if the client has it."""
        coding = ""
        if self.responses is not None:
            coding = negotiate_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if_none_match = environ.get("HTTP_IF_NONE_MATCH", "")
        response, cache_status = self.find_or_make_response(
            request, coding, if_none_match, at_least_of(environ)
        )
        environ["claimbase.request"] = request
        environ["claimbase.route"] = request.route
        headers = [*response.headers]
        if request.location:
            headers.append(("Content-Location", request.location))
        if cache_status:
            headers.append(("Cache-Status", cache_status))
        if response.next_query:
            url = f"{request.root}{request.path}?{response.next_query}"
            headers.append(("Link", f'<{url}>; rel="next"'))
        content = b"" if environ["REQUEST_METHOD"] == "HEAD" else response.content
        return response.status, headers, content

    def find_or_make_response(
        self,
        request: CachedRequest,
        coding: str,
        if_none_match: str,
        at_least: AtLeast | None,
    ) -> tuple[CachedResponse, str | None]:
        """The response, from the cache or new, and its Cache-Status (RFC 9211)."""
        version = request.format.version
        if self.responses is not None or if_none_match:
            dataset = peek_dataset(at_least)
            cached = None
            if self.responses is not None:
                cached = self.responses.get(response_key(dataset, request, coding))
            tag = (
                cached.etag if cached
                else etag(dataset, request.root + request.path, request.canonical, version)
            )  # fmt: skip
            if etag_matches(tag, if_none_match):
                return not_modified(tag, coding), None
            if cached:
                return cached, "claimbase; hit"
        with reading(at_least) as dataset:
            # a load may have come in between
            tag = etag(dataset, request.root + request.path, request.canonical, version)
            answer = request.make_answer(dataset)
        if isinstance(answer, SingleObject) and answer.etag:
            tag = answer.etag + request.format.etag_suffix
        check_deadline()
        address = Address(request.root, request.path, request.canonical)
        content = render(request.format, answer, address)
        next_query = getattr(answer, "next_query", None)
        cache_status = None
        if self.responses is not None:
            content = compress(content, coding)
        response = ok_response(tag, request.format, content, coding, next_query)
        if self.responses is not None:
            stored = self.responses.put(response_key(dataset, request, coding), response)
            cache_status = "claimbase; fwd=miss" + "; stored" * stored
        # the ETag of an answer itself is known only now
        if etag_matches(tag, if_none_match):
            return not_modified(tag, coding), None
        return response, cache_status


def not_modified(tag: str, coding: str) -> CachedResponse:
    """A 304 response: the client has the answer."""
    headers = [*COMMON_HEADERS, CACHE_CONTROL, ("ETag", etag_header(tag, coding))]
    return CachedResponse(304, tag, headers)


def ok_response(
    tag: str, format: Format, content: bytes, coding: str, next_query: str | None
) -> CachedResponse:
    """A 200 response with a body that is already in its content encoding."""
    headers = [
        *COMMON_HEADERS,
        CACHE_CONTROL,
        ("ETag", etag_header(tag, coding)),
        ("Content-Type", format.media_type),
        ("Content-Length", str(len(content))),
        *format.headers,
    ]
    if coding:
        headers.append(("Content-Encoding", coding))
    return CachedResponse(200, tag, headers, content, next_query)
