"""Addresses of pages, of lists with other filters, and of other sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

Pair = tuple[str, str]
# parameters that choose no rows
DISPLAY = (
    *("bom", "count", "cursor", "facet", "facet_limit", "fields", "format", "highlight"),
    *("include", "limit", "match", "sort"),
)
# parameters that belong to one page or one format of a list
PAGE_ALONE = ("cursor", "embed", "facet", "facet_limit", "format", "highlight")

# characters of the filters that many links of a page repeat
MAX_FILTERS = 1000


def web_address(url: str | None) -> str:
    """A URL of the data if it is one of the web, which is safe to link to; else nothing."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return url or "" if parts.scheme in ("http", "https") and parts.netloc else ""


def page_path(path: str) -> str:
    """The path of a page: without version."""
    return path[3:] or "/" if path == "/v1" or path.startswith("/v1/") else path


def replaced(text: str, part: str, replacement: str, separator: str) -> str:
    """A text in which a whole part between separators is replaced, or the whole text."""
    if text == part:
        return replacement
    parts = text.split(separator)
    return separator.join(replacement if item == part else item for item in parts)


class PageAddress(NamedTuple):
    """The address of a page: mount point, path without version, parameters without format."""

    root: str
    path: str
    pairs: tuple[Pair, ...]

    def href(self, path: str, *pairs: Pair, **parameters: str) -> str:
        """The address of another page."""
        query = urlencode([*pairs, *parameters.items()])
        return f"{self.root}{quote(path)}" + (f"?{query}" if query else "")

    def record(self, type: str, id: str) -> str:
        """The address of a record's page."""
        return f"{self.root}/{type}s/{id}"

    def changed(self, add: Iterable[Pair] = (), drop: Iterable[str | Pair] = ()) -> str:
        """The address of this list with parameters, or without them, from its first page on."""
        dropped = {*PAGE_ALONE, *drop}
        kept = [pair for pair in self.pairs if pair[0] not in dropped and pair not in dropped]
        return self.href(self.path, *kept, *add)

    def extensible(self, add: Iterable[Pair] = ()) -> str:
        """The address of this list from its first page on, for one parameter more."""
        href = self.changed(add)
        return f"{href}&" if "?" in href else f"{href}?"

    def in_format(self, format: str) -> str:
        """The address of this page in another format."""
        # the others hold the whole list, or another order of it
        is_same_page = format in ("json", "html")
        dropped = {*PAGE_ALONE, "limit"} - ({"cursor", "limit"} if is_same_page else set())
        kept = [pair for pair in self.pairs if pair[0] not in dropped]
        return self.href(self.path, *kept, ("format", format))

    def mended(self, errors: Iterable[Mapping[str, Any]]) -> str:
        """The address with the suggestions of a problem; empty if they change nothing."""
        mended = self
        for error in errors:
            if error["suggestion"]:
                mended = mended.with_suggestion(
                    error["parameter"], error["value"], error["suggestion"]
                )
        return "" if mended == self else mended.href(mended.path, *mended.pairs)

    def with_suggestion(self, name: str | None, value: str | None, suggestion: str) -> PageAddress:
        """The address with a suggestion in place of a parameter's name, its value or the path."""
        if value is None:
            pairs = [(suggestion if pair[0] == name else pair[0], pair[1]) for pair in self.pairs]
        else:
            pairs = [(key, replaced(text, value, suggestion, ",") if key == name else text)
                     for key, text in self.pairs]  # fmt: skip
        if tuple(pairs) != self.pairs or value is None:
            return self._replace(pairs=tuple(pairs))
        if value == self.path:
            return self._replace(path=page_path(suggestion))
        return self._replace(path=replaced(self.path, value, suggestion, "/"))

    def filters(self) -> list[Pair]:
        """The parameters that choose rows."""
        return [pair for pair in self.pairs if pair[0] not in DISPLAY]

    def has_long_filters(self) -> bool:
        """Whether a page would be too large with a link for each of many filters and values."""
        return len(urlencode(self.filters())) > MAX_FILTERS

    def values(self, name: str) -> list[str]:
        return [value for parameter, value in self.pairs if parameter == name]


def page_address(root: str, path: str, query: str) -> PageAddress:
    """The address of a page; the path has its version, and the query is canonical."""
    pairs = tuple(pair for pair in parse_qsl(query) if pair[0] != "format")
    return PageAddress(root, page_path(path), pairs)
