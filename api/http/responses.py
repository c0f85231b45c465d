"""What is the same for every response: one snapshot, an ETag, negotiation, headers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from urllib.parse import quote

from flask import Flask, Request, Response, request

from api.http import compression as codings
from api.http.problems import Problem
from api.http.response_cache import CACHE_CONTROL, HEADERS, JSON, Answer, Body, etag, known, quoted
from models.base import Dataset, reading

JSON_LINES = "application/jsonl"
URL_BYTES = 8192
LINES_AT_ONCE = 200


def answer(build: Callable[[Dataset], Body], canonical: str = "") -> Response:
    """200 with what `build` makes of one snapshot of the dataset, or 304 where the client has it.

    `build` knows nothing of the request: it is run again whenever the same is asked, and the path
    and the canonical query alone make the body.
    """
    one = Answer(versioned(request), canonical, build, quote(request.script_root), location())
    status, headers, content = request.environ["claimbase.front"].first(one, request.environ)
    return Response([content], status, headers)


def stream(lines: Callable[[], Iterable[bytes]], content_type: str) -> Response:
    """200 with lines of one snapshot, as they come; the snapshot ends with the response."""
    coding = codings.negotiated(request.headers.get("Accept-Encoding", ""))
    with ExitStack() as stack:
        dataset = stack.enter_context(reading())
        tag = etag(dataset, versioned(request), "", content_type)
        response = Response(content_type=content_type)
        response.headers.extend([CACHE_CONTROL, ("ETag", quoted(tag, coding))])
        if where := location():
            response.headers["Content-Location"] = where
        if known(tag, request.headers.get("If-None-Match", "")):
            response.status_code = 304
            return response
        if coding:
            response.headers["Content-Encoding"] = coding
        # a HEAD, too, has no length
        response.response = iter(())
        if request.method == "GET":
            held = stack.pop_all()
            response.response = codings.streamed(chunks(lines, held), coding)
            response.call_on_close(held.close)
    return response


def chunks(lines: Callable[[], Iterable[bytes]], snapshot: ExitStack) -> Iterator[bytes]:
    """Lines, many at a time; at the end of them the snapshot ends, too."""
    some: list[bytes] = []
    with snapshot:
        for line in lines():
            some.append(line)
            if len(some) == LINES_AT_ONCE:
                yield b"".join(some)
                some.clear()
    yield b"".join(some)


def location() -> str | None:
    """The path that has a version and the query, where the request's path has none."""
    path = versioned(request)
    if path == request.path:
        return None
    return quote(request.script_root) + quote(path) + query_of(request)


def versioned(request: Request) -> str:
    """The path with its version: `/claims` is an alias of `/v1/claims`, and `/` of `/v1`."""
    path = request.path.rstrip("/")
    return path if path == "/v1" or path.startswith("/v1/") else f"/v1{path}"


def check_url() -> None:
    """Refuse URLs that are too long or no text."""
    environ = request.environ
    url = environ.get("RAW_URI") or environ.get("REQUEST_URI") or path_and_query()
    if len(url) > URL_BYTES:
        raise Problem("uri-too-long", f"A URL has at most {URL_BYTES:,} bytes.")
    if environ.get("PATH_INFO", "").startswith("//"):
        raise Problem("not-found", "There is nothing at a path that begins with two slashes.")
    if "\x00" in request.path or "\ufffd" in request.path:
        raise Problem("bad-encoding", "The path is not percent-encoded UTF-8, or holds NUL.")


def path_and_query() -> str:
    return f"{quote(request.path)}?{request.query_string.decode('latin-1')}"


def query_of(request: Request) -> str:
    """The query as a URL has it: letters that stand there bare are encoded, all else stays."""
    query = quote(request.query_string, safe="!$%&'()*+,/:;=?@[]~")
    return f"?{query}" if query else ""


def check_accept() -> None:
    """JSON is what there is: refuse an Accept header that does not take it."""
    # parameters such as a charset do not count; of several ranges the closest one decides
    ranges = {value.partition(";")[0].strip().lower(): q for value, q in request.accept_mimetypes}
    form = JSON_LINES if versioned(request) == "/v1/export" else JSON
    closest = next((one for one in (form, "application/*", "*/*") if one in ranges), None)
    if ranges and not (closest and ranges[closest]):
        raise Problem(
            "not-acceptable", f"This path answers {form}; the Accept header does not take it."
        )


def finish(response: Response) -> Response:
    """The headers that every response has."""
    for name, value in HEADERS:
        response.headers[name] = value
    return response


def without_slash(app: Flask) -> Response | None:
    """308 to the path without its trailing slash, where there is something."""
    path = request.path
    if len(path) < 2 or not path.endswith("/"):
        return None
    shorter = path.rstrip("/")
    if not app.url_map.bind("").test(shorter):
        return None
    return moved(quote(request.script_root) + quote(shorter))


def moved(url: str) -> Response:
    """308 to another URL of ours, with the same query."""
    headers = {"Location": url + query_of(request)}
    return Response(status=308, headers=headers, content_type=JSON)


def options(allowed: list[str]) -> Response:
    """204 with what a path allows, as browsers ask before they read from another origin."""
    response = Response(status=204)
    response.headers.remove("Content-Type")
    response.headers["Allow"] = ", ".join(sorted(allowed))
    response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(allowed))
    response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response
