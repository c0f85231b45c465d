"""The interface of formats."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.formats.page import Address, Answer, NetworkAnswer, Page, RecordStream, SingleObject
from api.pages.site import Site


class Format(ABC):
    """One media type of lists, of single objects, or of both."""

    # the word of the parameter `format`
    name: str
    # the Content-Type; only its part before a `;` is negotiated
    media_type: str
    # further media types by which Accept asks for it
    also_accepted: tuple[str, ...] = ()
    # follows an ETag that does not depend on the media type
    etag_suffix = ""
    # of answers in the specification, where a route documents its formats
    schema: Mapping[str, Any] = {}
    # the parameters of lists that it does not take
    refused: frozenset[str] = frozenset({"bom", "embed", "highlight"})
    # parameters that are valid and change nothing
    ignored: frozenset[str] = frozenset()
    # values of parameters that are not given, where they are not those of the path
    defaults: Mapping[str, str] = {}
    # whether it precedes all formats of the same quality if Accept names its media type
    first_if_named = False
    # whether a parameter with an empty value is as one that is not given
    skips_empty = False
    # headers of its answers
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def version(self) -> str:
        """The media type, and whatever else changes the bytes of the same answer."""
        return self.media_type

    def on_site(self, site: Site) -> Format:
        """The format with the operator's settings."""
        return self

    def in_frames(self) -> Format:
        """The format of answers that other sites show in a frame."""
        return self


class PageFormat(Format):
    """A format of one page of a list, which is cached."""

    @abstractmethod
    def render_page(self, page: Page, address: Address) -> bytes:
        """One page of a list."""


class ObjectFormat(Format):
    """A format of single objects, such as records, which are cached."""

    @abstractmethod
    def render_object(self, answer: SingleObject, address: Address) -> bytes:
        """A single object."""


class StreamFormat(Format):
    """A format of a whole list, which is streamed and saved as a file."""

    refused = frozenset({"bom", "highlight", "limit", "cursor", "include", "facet"})

    def field_names(self, type: str) -> Sequence[str] | None:
        """The words of `fields` for one type of record; None: the fields of its document."""
        return None

    @abstractmethod
    def chunks(self, stream: RecordStream) -> Iterator[bytes]:
        """All records of a list, a batch at a time."""


class NetworkFormat(Format):
    """A format of networks, which are cached."""

    @abstractmethod
    def render_network(self, answer: NetworkAnswer, address: Address) -> bytes:
        """A whole network."""


def render(format: Format, answer: Answer, address: Address) -> bytes:
    """An answer in a format. A route negotiates only formats of its answers."""
    if isinstance(answer, NetworkAnswer) and isinstance(format, NetworkFormat):
        return format.render_network(answer, address)
    if isinstance(answer, SingleObject) and isinstance(format, ObjectFormat):
        return format.render_object(answer, address)
    if isinstance(answer, Page) and isinstance(format, PageFormat):
        return format.render_page(answer, address)
    raise TypeError(f"{format.name} has no form of a {type(answer).__name__}")
