"""Responses by version token. Nobody asks for the key of an older version."""

from __future__ import annotations

from typing import NamedTuple

from api.http.request_cache import CachedRequest
from models.cache import LRUCache
from models.dataset import Dataset

Headers = list[tuple[str, str]]

# approximate bytes of a response besides its body and key: headers, ETag, version token
RESPONSE_OVERHEAD_BYTES = 1_200


class CachedResponse(NamedTuple):
    """A response in one content encoding, without the headers that depend on the request."""

    status: int
    etag: str
    headers: Headers
    content: bytes = b""
    next_query: str | None = None


class ResponseCache(LRUCache[CachedResponse]):
    """Responses within a bound in megabytes."""

    def __init__(self, megabytes: int):
        super().__init__(megabytes << 20, response_size)


def response_key(dataset: Dataset, request: CachedRequest, coding: str) -> tuple[str, ...]:
    return (
        dataset.version_token,
        coding,
        request.format.media_type,
        request.root,
        request.path,
        request.canonical,
    )


def response_size(key: tuple[str, ...], response: CachedResponse) -> int:
    """The bytes of a response and its key; the version token is part of the overhead."""
    _, *texts = key
    return sum(map(len, texts)) + len(response.content) + RESPONSE_OVERHEAD_BYTES
