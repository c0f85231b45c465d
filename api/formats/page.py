"""The answers of routes, before a format turns them into bytes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import orjson

from models.dataset import Dataset


class Records:
    """Prepared JSON documents, joined by commas; iterating parses them.

    `sizes` has the bytes of each document, where they are known.
    """

    def __init__(self, content: bytes = b"", sizes: Sequence[int] = ()):
        self.content = content
        self.sizes = sizes

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(orjson.loads(b"[%b]" % self.content))

    def documents(self) -> Iterator[bytes]:
        """Each document, unparsed; the sizes must be known."""
        start = 0
        for size in self.sizes:
            yield self.content[start : start + size]
            start += size + 1

    def parsed(self, count: int) -> Iterator[list[dict[str, Any]]]:
        """Documents, parsed some at a time; the sizes must be known."""
        documents = list(self.documents())
        for start in range(0, len(documents), count):
            yield list(map(orjson.loads, documents[start : start + count]))


# the documents of related records, each once, by the name of their list: `actors` …
Included = Mapping[str, Sequence[Any]]


class FurtherAnswer(NamedTuple):
    """The answer of another URL, which an HTML page shows, too."""

    # without the mount point
    url: str
    answer: Answer


class PageParts(NamedTuple):
    """The template of an HTML page, and its further answers by name, from the same snapshot."""

    template: str
    further: Mapping[str, FurtherAnswer]
    # the parameters of the route
    parameters: Collection[str]


class Page(NamedTuple):
    """One page of a list."""

    records: Records
    meta: Mapping[str, Any]
    # None: the list has no such member
    included: Included | None = None
    # the query of the next page
    next_query: str | None = None
    # the type of the records; empty: they have none of their own
    type: str = ""
    # of HTML alone
    parts: PageParts | None = None


class SingleObject(NamedTuple):
    """A single JSON object."""

    content: bytes
    # None: not asked for
    included: Included | None = None
    # the type of the record; empty: it is none
    type: str = ""
    # its own ETag; None: that of the dataset's version
    etag: str | None = None
    # the query of the next page, if the object has pages
    next_query: str | None = None
    # of HTML alone
    parts: PageParts | None = None


class NetworkAnswer(NamedTuple):
    """A network in node-link form, and how it is to be shown."""

    network: Mapping[str, Any]
    # one-mode or two-mode
    mode: str
    # the values of the query's parameters
    options: Mapping[str, Any]
    # the names and values of the query that decide which statements enter
    filters: Sequence[tuple[str, str]]
    # the type of the record; empty: it is none
    type: str = ""
    # of HTML alone
    parts: PageParts | None = None


# each has one JSON document
Answer = Page | SingleObject | NetworkAnswer


class RecordStream(NamedTuple):
    """All records of a list, in batches from one snapshot."""

    type: str
    batches: Iterator[Records]
    # the fields or columns to show; none: all
    fields: Sequence[str] = ()
    # whether text begins with a byte order mark
    bom: bool = False


class Address(NamedTuple):
    """The URL of an answer, without host: mount point, versioned path, canonical query."""

    root: str
    path: str
    query: str


# makes an answer from one snapshot of the dataset; it must not use the request: the middleware
# calls it again for each new version
MakeAnswer = Callable[[Dataset], Answer]


@dataclass(frozen=True)
class MakeAtOrigin:
    """Makes an answer with absolute URLs, which begin with the origin."""

    make_answer: MakeAnswer
    origin: str

    def __call__(self, dataset: Dataset) -> Answer:
        return self.make_answer(dataset)


class MakeList(Protocol):
    """Makes a page of a list, or streams the whole list."""

    def __call__(self, dataset: Dataset) -> Page: ...

    def stream(self, dataset: Dataset) -> RecordStream: ...
