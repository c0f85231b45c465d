"""Files that stay the same while the server runs: those of pages and of the documentation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request

from api.http.compression import compress_thoroughly, negotiate_coding
from api.http.etags import etag_header, etag_matches
from api.http.problems import HTTPProblem
from api.pages.assets import STATIC, STATIC_HASHES, content_hash

YEAR = 365 * 86400
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
# their format compresses them
COMPRESSED_SUFFIXES = frozenset({".png"})

PARAMETERS = ("v",)

blp = Blueprint("static_files", __name__)

file_hash = cache(content_hash)


@cache
def compressed_file(path: Path, coding: str) -> bytes:
    """The content of a file in a content encoding, made once."""
    return compress_thoroughly(path.read_bytes(), coding)


def file_response(path: Path, cache_control: str) -> Response:
    """A file, or 304 if the client has it. A request for a range gets the whole file."""
    coding = ""
    if path.suffix not in COMPRESSED_SUFFIXES:
        coding = negotiate_coding(request.headers.get("Accept-Encoding", ""))
    tag = file_hash(path)
    headers = {
        "ETag": etag_header(tag, coding),
        "Cache-Control": cache_control,
        "Accept-Ranges": "none",
    }
    if etag_matches(tag, request.headers.get("If-None-Match", "")):
        return Response(status=304, headers=headers)
    if coding:
        headers["Content-Encoding"] = coding
    content = compressed_file(path, coding) if coding else path.read_bytes()
    return Response(content, headers=headers, content_type=MEDIA_TYPES[path.suffix])


@blp.get("/static/<name>")
def static_file(name: str) -> Response:
    """A static file; under the address that has its hash, it never changes."""
    if name not in STATIC_HASHES:
        raise HTTPProblem("not-found", f"There is no file {name[:200]!r}.")
    is_current = request.args.get("v") == STATIC_HASHES[name]
    cache_control = f"public, max-age={YEAR}, immutable" if is_current else "no-cache"
    return file_response(STATIC / name, cache_control)


static_file.formats = ()  # type: ignore[attr-defined]
