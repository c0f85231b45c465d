"""The operations of openapi.yaml, and plain HTTP requests for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import yaml

from tests.serving import ROOT

SPEC = yaml.safe_load((ROOT / "openapi.yaml").read_text())


# values by parameter, as clients pass them
Examples = dict[str, Any]
# queries of paths that answer none without a filter
NEEDED_QUERIES: dict[str, Examples] = {
    "/v1/compare": {"actor": ["mark-rutte", "volodymyr-zelenskyy"]},
    "/v1/contradictions": {"position": ["ukraine-will-join-nato"]},
}


def required_query(path: str, *names: str) -> Examples:
    """The query that a path requires besides parameters with these names."""
    if path == "/v1/compare" and "organization" in names:
        return {}
    required = {
        parameter["name"]: parameter["example"]
        for parameter in SPEC["paths"][path]["get"].get("parameters", ())
        if parameter.get("required")
    }
    return required or NEEDED_QUERIES.get(path, {})


class Operation(NamedTuple):
    id: str
    tag: str
    path: str
    argument: str | None

    @property
    def path_url(self) -> str:
        return re.sub("{.*}", self.argument or "", self.path)

    @property
    def url(self) -> str:
        """The path with the example of its parameter, and the query that it requires."""
        query = urlencode(self.required_query, doseq=True)
        return self.path_url + (f"?{query}" if query else "")

    @property
    def required_query(self) -> Examples:
        return required_query(self.path)

    def get(self, address: str) -> Any:
        """The JSON of a response, or the text of the export."""
        _, headers, text = http_get(address, self.url)
        return json.loads(text) if headers.get_content_type() == "application/json" else text


def operations() -> Iterator[Operation]:
    """Every operation, with the example of its path parameter."""
    for path, item in SPEC["paths"].items():
        (tag,) = item["get"]["tags"]
        (argument,) = [parameter["example"] for parameter in item.get("parameters", ())] or [None]
        yield Operation(item["get"]["operationId"], tag, path, argument)


class Question(NamedTuple):
    """An operation that takes a body."""

    id: str
    tag: str
    path: str
    media_type: str
    example: Any


def questions() -> Iterator[Question]:
    """Every POST, with the example of its body."""
    for path, item in SPEC["paths"].items():
        if "post" in item:
            (tag,) = item["post"]["tags"]
            ((media_type, content),) = item["post"]["requestBody"]["content"].items()
            yield Question(item["post"]["operationId"], tag, path, media_type, content["example"])


def examples_of(parameter: dict) -> list[str]:
    """The examples of a parameter: those at the end of its description, or that of a path."""
    if parameter["in"] == "path":
        return [parameter["example"]]
    (words,) = re.findall(r"Examples?: (.+)\.$", parameter["description"]) or [""]
    return re.findall("`(.+?)`", words)


OPERATIONS = tuple(operations())
QUESTIONS = tuple(questions())


def http_get(address: str, url: str) -> tuple[int, Any, str]:
    """The status, the headers and the text of a response."""
    try:
        with urlopen(address + url, timeout=30) as response:
            return response.status, response.headers, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def http_post(address: str, url: str, media_type: str, body: str) -> Any:
    """The JSON of the response to a body."""
    request = Request(address + url, body.encode(), {"Content-Type": media_type})
    with urlopen(request, timeout=30) as response:
        return json.loads(response.read())
