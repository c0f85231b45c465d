"""What is the same for every response: one snapshot, an ETag, negotiation, headers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import NamedTuple
from urllib.parse import quote

from flask import Flask, Request, Response, request

from api.errors import Problem
from models.base import Dataset, reading
from models.documents import RENDER_VERSION

JSON = "application/json"
JSON_LINES = "application/jsonl"
URL_BYTES = 8192
LINES_AT_ONCE = 200
EXPOSED = "ETag, Link, Content-Location, Retry-After, X-Request-ID"


class Body(NamedTuple):
    """The bytes of an answer, and where the next page is."""

    content: bytes
    next_query: str | None = None


def stream(lines: Callable[[], Iterable[bytes]], content_type: str) -> Response:
    """200 with lines of one snapshot, as they come; the snapshot ends with the response."""
    with ExitStack() as stack:
        dataset = stack.enter_context(reading())
        tag = etag(dataset, versioned(request), "", content_type)
        if known(tag):
            return tagged(Response(status=304), tag)
        if request.method == "HEAD":
            # without a length: the GET has none
            return tagged(Response(iter(()), content_type=content_type), tag)
        held = stack.pop_all()
    response = Response(chunks(lines, held), content_type=content_type)
    response.call_on_close(held.close)
    return tagged(response, tag)


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


def answer(build: Callable[[Dataset], Body], canonical: str = "") -> Response:
    """200 with what `build` makes of one snapshot of the dataset, or 304 where the client has it.

    The path and the canonical query alone make the body, so they and the dataset's version make
    the ETag; where it matches, nothing but the version is read.
    """
    path = versioned(request)
    with reading() as dataset:
        tag = etag(dataset, path, canonical)
        if known(tag):
            return tagged(Response(status=304), tag)
        body = build(dataset)
    response = Response(body.content, content_type=JSON)
    if body.next_query:
        url = f"{request.script_root}{path}?{body.next_query}"
        response.headers["Link"] = f'<{url}>; rel="next"'
    return tagged(response, tag)


def tagged(response: Response, tag: str) -> Response:
    """The response with its ETag, and where the path has no version, the path that has."""
    path = versioned(request)
    response.headers["ETag"] = f'"{tag}"'
    response.headers["Cache-Control"] = "public, no-cache"
    if path != request.path:
        query = request.query_string.decode("latin-1")
        location = request.script_root + quote(path) + (f"?{query}" if query else "")
        response.headers["Content-Location"] = location
    return response


def versioned(request: Request) -> str:
    """The path with its version: `/claims` is an alias of `/v1/claims`, and `/` of `/v1`."""
    path = request.path.rstrip("/")
    return path if path == "/v1" or path.startswith("/v1/") else f"/v1{path}"


def etag(dataset: Dataset, path: str, canonical: str, form: str = JSON) -> str:
    parts = (dataset.id, dataset.version, RENDER_VERSION, path, canonical, form)
    text = "\n".join(map(str, parts)).encode()
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def known(tag: str) -> bool:
    """Whether If-None-Match has the tag, compared weakly, whatever content coding it names."""
    given = request.headers.get("If-None-Match", "")
    if tag not in given:
        return False
    for one in given.split(","):
        plain = one.strip().removeprefix("W/").strip('"')
        if plain.partition("-")[0] == tag:
            return True
    return False


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
    query = request.query_string.decode("latin-1")
    return quote(request.path) + (f"?{query}" if query else "")


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
    response.headers["Vary"] = "Accept, Accept-Encoding"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def without_slash(app: Flask) -> Response | None:
    """308 to the path without its trailing slash, where there is something."""
    path = request.path
    if len(path) < 2 or not path.endswith("/"):
        return None
    shorter = path.rstrip("/")
    if not app.url_map.bind("").test(shorter):
        return None
    return moved(request.script_root + quote(shorter))


def moved(url: str) -> Response:
    """308 to another URL of ours, with the same query."""
    query = request.query_string.decode("latin-1")
    location = url + (f"?{query}" if query else "")
    return Response(status=308, headers={"Location": location}, content_type=JSON)


def options(allowed: list[str]) -> Response:
    """204 with what a path allows, as browsers ask before they read from another origin."""
    response = Response(status=204)
    response.headers.remove("Content-Type")
    response.headers["Allow"] = ", ".join(sorted(allowed))
    response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(allowed))
    response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response
