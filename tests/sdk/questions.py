"""What both clients are asked, and what plain HTTP answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import yaml

SPEC = yaml.safe_load((Path(__file__).parents[2] / "openapi.yaml").read_text())


class Operation(NamedTuple):
    id: str
    tag: str
    path: str
    argument: str | None

    @property
    def url(self) -> str:
        return self.path.replace("{id}", self.argument or "").replace("{code}", self.argument or "")


def operations() -> Iterator[Operation]:
    """Every operation, with the example of its path."""
    for path, item in SPEC["paths"].items():
        (tag,) = item["get"]["tags"]
        (argument,) = [one["example"] for one in item.get("parameters", ())] or [None]
        yield Operation(item["get"]["operationId"], tag, path, argument)


OPERATIONS = tuple(operations())


def get(server: str, url: str, headers: dict[str, str] | None = None) -> tuple[int, Any, Any]:
    """The status, the headers and the text of a plain answer."""
    try:
        with urlopen(Request(server + url, headers=headers or {}), timeout=30) as response:
            return response.status, response.headers, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def body(server: str, url: str) -> Any:
    return json.loads(get(server, url)[2])


def every_claim(server: str) -> list[list[str]]:
    """The ids of all claims, page by page, by the Link header."""
    pages = []
    url = "/v1/claims?limit=20&sort=-date"
    while url:
        _, headers, text = get(server, url)
        pages.append([claim["id"] for claim in json.loads(text)["data"]])
        url = headers.get("Link", "").partition(">")[0].lstrip("<")
    return pages


def opposed(server: str) -> list[list[str]]:
    url = "/v1/claims?position=ukraine-will-join-nato&stance=oppose"
    return [[claim["date"], claim["actor"]["name"]] for claim in body(server, url)["data"]]


def facet(server: str) -> dict[str, Any]:
    return body(server, "/v1/claims?facet=topic&limit=1")["meta"]["facets"]["topic"]


def included(server: str) -> dict[str, list[str]]:
    url = "/v1/claims?actor=Rutte&include=actor&include=source&limit=5"
    found = body(server, url)["included"]
    return {
        "actors": [actor["name"] for actor in found["actors"]],
        "sources": [source["title"] for source in found["sources"]],
    }


def resolved(server: str) -> list[Any]:
    (found,) = body(server, "/v1/claims?actor=NATO")["meta"]["resolved"]["actor"]
    return [found["tier"], [one["query"] for one in found["suggestions"]]]


def problem(url: str) -> Callable[[str], Any]:
    return lambda server: body(server, url)


def not_modified(server: str) -> list[int]:
    status, headers, _ = get(server, "/v1/claims?actor=Rutte")
    again, _, _ = get(server, "/v1/claims?actor=Rutte", {"If-None-Match": headers["ETag"]})
    return [status, again]


QUESTIONS: dict[str, Callable[[str], Any]] = {
    "claims by actor": lambda server: body(server, "/v1/claims?actor=Rutte&sort=date"),
    "every claim": every_claim,
    "opposed": opposed,
    "facet": facet,
    "included": included,
    "resolved": resolved,
    "not found": problem("/v1/actors/erdogan"),
    "invalid": problem("/v1/claims?from_date=never&date=2025"),
    "not modified": not_modified,
}
