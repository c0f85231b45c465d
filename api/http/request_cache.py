"""Validated requests by their raw form: a known request needs neither Flask nor parsing."""

from __future__ import annotations

from typing import Any, NamedTuple

from api.formats.base import Format
from api.formats.page import MakeAnswer
from models.cache import LRUCache

REQUEST_CACHE_BYTES = 16 << 20
# approximate bytes of a cached request, and of each character of its key
CACHED_REQUEST_BYTES = 600
# of one with the further answers of a page
CACHED_PAGE_REQUEST_BYTES = 14_000
BYTES_PER_CHARACTER = 12

# mount point, path, query string, Accept
RequestKey = tuple[str, str, str, str]


class CachedRequest(NamedTuple):
    """A validated request; root, path, canonical query and format alone make the body.

    `root` is the mount point. `location` is the Content-Location of a request without a version.
    `route` is that of logs.
    """

    path: str
    canonical: str
    format: Format
    make_answer: MakeAnswer
    root: str = ""
    location: str | None = None
    route: str | None = None


class RequestCache(LRUCache[CachedRequest]):
    """Cached requests by RequestKey; they do not depend on the dataset's version."""

    def __init__(self) -> None:
        super().__init__(
            REQUEST_CACHE_BYTES,
            lambda key, request: (
                (
                    CACHED_PAGE_REQUEST_BYTES
                    if request.format.name == "html"
                    else CACHED_REQUEST_BYTES
                )
                + BYTES_PER_CHARACTER * sum(map(len, key))
            ),
        )


def request_key(environ: dict[str, Any]) -> RequestKey:
    return (
        environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_ACCEPT", ""),
    )
