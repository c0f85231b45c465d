"""The answers of routes, before a format turns them into bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from models.dataset import Dataset


class Records:
    """Prepared JSON documents, joined by commas; iterating parses them."""

    def __init__(self, content: bytes = b""):
        self.content = content

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(orjson.loads(b"[%b]" % self.content))


# the documents of related records, each once, by the name of their list: `actors` …
Included = Mapping[str, Sequence[Any]]


class Page(NamedTuple):
    """One page of a list."""

    records: Records
    meta: Mapping[str, Any]
    # None: the list has no such member
    included: Included | None = None
    # the query of the next page
    next_query: str | None = None


class SingleObject(NamedTuple):
    """A single JSON object."""

    content: bytes
    # None: not asked for
    included: Included | None = None
    # its own ETag; None: that of the dataset's version
    etag: str | None = None


# makes an answer from one snapshot of the dataset; it must not use the request: the middleware
# calls it again for each new version
MakeAnswer = Callable[[Dataset], Page | SingleObject]
