"""The results that both clients must give, from plain HTTP responses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from tests.api.openapi.operations import OPERATIONS, http_get, http_post
from tests.serving import ROOT

ADDRESS = '"http://127.0.0.1:8000"'
# the code in the README's section on clients: import and call in Python, call in TypeScript
IMPORT, CALL, CALL_IN_TYPESCRIPT = re.findall(
    r"`((?:from |list_claims\(|createClient).*?)`",
    (ROOT / "README.md").read_text().partition("## SDKs")[2].partition("## ")[0],
)


def get_json(address: str, url: str) -> Any:
    return json.loads(http_get(address, url)[2])


def every_claim(address: str) -> list[list[str]]:
    """The ids of all claims, page by page, by the Link header."""
    pages = []
    url = "/v1/claims?limit=20&sort=-date"
    while url:
        _, headers, text = http_get(address, url)
        pages.append([claim["id"] for claim in json.loads(text)["data"]])
        url = headers.get("Link", "").partition(">")[0].lstrip("<")
    assert len(pages) > 2
    return pages


def opposed(address: str) -> list[list[str]]:
    url = "/v1/claims?position=ukraine-will-join-nato&stance=oppose"
    claims = get_json(address, url)["data"]
    assert claims
    return [[claim["date"], claim["actor"]["name"]] for claim in claims]


def facet(address: str) -> dict[str, Any]:
    topics = get_json(address, "/v1/claims?facet=topic&limit=1")["meta"]["facets"]["topic"]
    assert len(topics["values"]) == 20
    return topics


def included(address: str) -> dict[str, list[str]]:
    url = "/v1/claims?actor=Rutte&include=actor&include=source&limit=5"
    related = get_json(address, url)["included"]
    assert related.keys() == {"actors", "sources"}
    return {
        "actors": [actor["name"] for actor in related["actors"]],
        "sources": [source["title"] for source in related["sources"]],
    }


def resolved(address: str) -> list[Any]:
    (resolution,) = get_json(address, "/v1/claims?actor=NATO")["meta"]["resolved"]["actor"]
    return [
        resolution["tier"],
        [suggestion["query"] for suggestion in resolution["suggestions"]],
    ]


def problem(url: str, code: str) -> Callable[[str], Any]:
    def get_problem(address: str) -> Any:
        response = get_json(address, url)
        assert response["code"] == code
        return response

    return get_problem


def candidates(address: str) -> list[Any]:
    queries = [
        {"parameter": "actor", "name": "Rutte"},
        {"parameter": "organization", "name": "Nato alliance"},
    ]
    body = json.dumps({"queries": queries})
    return http_post(address, "/v1/resolve", "application/json", body)["data"]


def entities(address: str) -> dict[str, Any]:
    queries = {"q1": {"query": "Erdogan", "type": "actor"}, "q2": {"query": "nothing at all"}}
    form = urlencode({"queries": json.dumps(queries)})
    return http_post(address, "/v1/reconcile", "application/x-www-form-urlencoded", form)


# by the names under which the programs print them
PROGRAM_RESULTS: dict[str, Callable[[str], Any]] = {
    "claims by actor": lambda address: get_json(address, "/v1/claims?actor=Rutte&sort=date"),
    "every claim": every_claim,
    "opposed": opposed,
    "facet": facet,
    "included": included,
    "resolved": resolved,
    "not found": problem("/v1/actors/erdogan", "not-found"),
    "invalid": problem("/v1/claims?from_date=never&date=2025", "invalid-value"),
    "not modified": lambda address: [200, 304],
    "candidates": candidates,
    "entities": entities,
    "export": lambda address: http_get(address, "/v1/export")[2].splitlines(keepends=True),
}
OPERATION_RESULTS: dict[str, Callable[[str], Any]] = {
    **{operation.id: operation.get for operation in OPERATIONS},
    "README": lambda address: get_json(address, "/v1/claims?actor=Rutte&sort=-date"),
}


def expected_results(address: str, functions: dict[str, Callable[[str], Any]]) -> dict[str, Any]:
    return {name: function(address) for name, function in functions.items()}
