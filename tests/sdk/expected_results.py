"""What both clients are asked, and what plain HTTP answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import urlopen

import yaml

from tests.serving import ROOT

SPEC = yaml.safe_load((ROOT / "openapi.yaml").read_text())
ADDRESS = '"http://127.0.0.1:8000"'
# the code in the README's words on clients: an import and a call in Python, a call in TypeScript
IMPORT, CALL, CALL_IN_TYPESCRIPT = re.findall(
    r"`((?:from |list_claims\(|createClient).*?)`",
    (ROOT / "README.md").read_text().partition("## SDKs")[2].partition("## ")[0],
)


class Operation(NamedTuple):
    id: str
    tag: str
    path: str
    argument: str | None

    @property
    def url(self) -> str:
        return re.sub("{.*}", self.argument or "", self.path)

    def answer(self, server: str) -> Any:
        """The document, or the lines of the export."""
        _, headers, text = get(server, self.url)
        return json.loads(text) if headers.get_content_type() == "application/json" else text


def operations() -> Iterator[Operation]:
    """Every operation, with the example of its path."""
    for path, item in SPEC["paths"].items():
        (tag,) = item["get"]["tags"]
        (argument,) = [one["example"] for one in item.get("parameters", ())] or [None]
        yield Operation(item["get"]["operationId"], tag, path, argument)


OPERATIONS = tuple(operations())


def get(server: str, url: str) -> tuple[int, Any, Any]:
    """The status, the headers and the text of a plain answer."""
    try:
        with urlopen(server + url, timeout=30) as response:
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
    assert len(pages) > 2
    return pages


def opposed(server: str) -> list[list[str]]:
    url = "/v1/claims?position=ukraine-will-join-nato&stance=oppose"
    found = body(server, url)["data"]
    assert found
    return [[claim["date"], claim["actor"]["name"]] for claim in found]


def facet(server: str) -> dict[str, Any]:
    found = body(server, "/v1/claims?facet=topic&limit=1")["meta"]["facets"]["topic"]
    assert len(found["values"]) == 20
    return found


def included(server: str) -> dict[str, list[str]]:
    url = "/v1/claims?actor=Rutte&include=actor&include=source&limit=5"
    found = body(server, url)["included"]
    assert found.keys() == {"actors", "sources"}
    return {
        "actors": [actor["name"] for actor in found["actors"]],
        "sources": [source["title"] for source in found["sources"]],
    }


def resolved(server: str) -> list[Any]:
    (found,) = body(server, "/v1/claims?actor=NATO")["meta"]["resolved"]["actor"]
    return [found["tier"], [one["query"] for one in found["suggestions"]]]


def problem(url: str, code: str) -> Callable[[str], Any]:
    def ask(server: str) -> Any:
        found = body(server, url)
        assert found["code"] == code
        return found

    return ask


QUESTIONS: dict[str, Callable[[str], Any]] = {
    "claims by actor": lambda server: body(server, "/v1/claims?actor=Rutte&sort=date"),
    "every claim": every_claim,
    "opposed": opposed,
    "facet": facet,
    "included": included,
    "resolved": resolved,
    "not found": problem("/v1/actors/erdogan", "not-found"),
    "invalid": problem("/v1/claims?from_date=never&date=2025", "invalid-value"),
    "not modified": lambda server: [200, 304],
}
CALLS: dict[str, Callable[[str], Any]] = {
    **{one.id: one.answer for one in OPERATIONS},
    "README": lambda server: body(server, "/v1/claims?actor=Rutte&sort=-date"),
}


def expected(server: str, asked: dict[str, Callable[[str], Any]]) -> dict[str, Any]:
    return {name: ask(server) for name, ask in asked.items()}
