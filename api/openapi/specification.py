"""The OpenAPI specification of the versioned paths."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

import yaml
from flask import Flask

from api.formats import Format
from api.openapi.blueprint import Api

INFO = {
    "summary": "Who claimed what.",
    "description": (
        "A knowledge base of policy claims: who said what, when, on whose behalf, at which event, "
        "about whom, according to which source, and for or against which position.\n\n"
        "Every path also answers without `/v1`. Within v1 fields and parameters are only added.\n\n"
        "A request with the header `If-Dataset-At-Least: <meta.dataset>` gets no answer of an "
        "older version of the dataset. While the database does not have that version, the answer "
        "is 503 `database-unavailable`; if it never had it, 410 `resync`."
    ),
    "license": {"name": "MIT", "identifier": "MIT"},
}
METHODS = ("get", "post")
SERVER = "http://127.0.0.1:8000"
OPERATION_MEMBERS = (
    "operationId",
    "summary",
    "description",
    "tags",
    "parameters",
    "requestBody",
    "responses",
)


def specification(api: Api) -> dict[str, Any]:
    """The specification as a document."""
    spec = api.spec.to_dict()
    info = {"title": "Claimbase", **INFO, "version": version("claimbase")}
    # flask-smorest adds it, and nothing refers to it
    spec["components"]["schemas"].pop("PaginationMetadata", None)
    return {
        "openapi": spec["openapi"],
        "info": info,
        "servers": servers(),
        "security": [],
        "tags": spec["tags"],
        "paths": {path: with_sample(path, item) for path, item in spec["paths"].items()},
        "components": {
            kind: dict(sorted(spec["components"][kind].items()))
            for kind in ("schemas", "responses")
        },
    }


def servers(mount_point: str = "") -> list[dict[str, str]]:
    """The root of the API.

    Its URL is relative to /v1/openapi.json, so that it holds behind a proxy that removes a prefix.
    """
    url = quote(mount_point) or ".."
    return [{"url": url, "description": "The root of the API, seen from /v1/openapi.json."}]


def with_sample(path: str, item: dict[str, Any]) -> dict[str, Any]:
    """The path with its members in reading order, and a curl example of each operation."""
    url = SERVER + path
    for parameter in item.get("parameters", ()):
        url = url.replace(f"{{{parameter['name']}}}", parameter["example"])
    operations = {
        method: described_operation(url, item[method]) for method in METHODS if method in item
    }
    return {**item, **operations}


def described_operation(url: str, operation: dict[str, Any]) -> dict[str, Any]:
    """An operation with its members in reading order, and a curl example."""
    operation = {**operation}
    query = operation.pop("x-sample", "")
    arguments = ["curl", "-s", url + (f"?{query}" if query else "")]
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        arguments += body_arguments(media_type, content["example"])
    call = {"lang": "Shell", "label": "curl", "source": shlex.join(arguments)}
    operation["x-codeSamples"] = [call]
    formats = operation.pop("x-formats", ())
    responses = dict(sorted(operation["responses"].items()))
    operation["responses"] = with_formats(responses, formats)
    names = dict.fromkeys((*OPERATION_MEMBERS, *operation))
    return {name: operation[name] for name in names if operation.get(name)}


def body_arguments(media_type: str, body: dict[str, Any]) -> list[str]:
    """The arguments by which curl sends a body."""
    if media_type == "application/json":
        return ["-H", f"Content-Type: {media_type}", "-d", json.dumps(body, ensure_ascii=False)]
    # curl sends forms unless it is told otherwise
    fields = [f"{name}={value}" for name, value in body.items()]
    return [argument for field in fields for argument in ("--data-urlencode", field)]


def with_formats(responses: dict[str, Any], formats: Sequence[Format]) -> dict[str, Any]:
    """The responses of an operation; the answer also comes in each of these formats but JSON."""
    content = responses["200"]["content"]
    for format in formats[1:]:
        content[format.media_type] = {"schema": format.schema}
    return responses


class VerboseDumper(yaml.SafeDumper):
    """YAML without anchors and aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_yaml(app: Flask) -> str:
    """The specification as openapi.yaml has it."""
    return yaml.dump(
        app.config["SPECIFICATION"],
        Dumper=VerboseDumper,
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )
