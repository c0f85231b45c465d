"""The OpenAPI specification of the versioned paths."""

from __future__ import annotations

import shlex
from importlib.metadata import version
from typing import Any

import yaml
from flask import Flask

from api.openapi.blueprint import Api

INFO = {
    "summary": "Who claimed what.",
    "description": (
        "A knowledge base of policy claims: who said what, when, on whose behalf, at which event, "
        "about whom, according to which source, and for or against which position.\n\n"
        "Every path also answers without `/v1`. Within v1 fields and parameters are only added."
    ),
    "license": {"name": "MIT", "identifier": "MIT"},
}
SERVER = "http://127.0.0.1:8000"
OPERATION = ("operationId", "summary", "description", "tags", "parameters", "responses")
# queries that are worth a try; what is not here is tried without one
SAMPLES = {
    "list_changes": "limit=10",
    "list_actors": "organization=NATO&as_of=2025-05-14",
    "list_organizations": "kind=state&sort=-claim_count",
    "list_events": "country=Turkey&sort=-date",
    "list_sources": "actor=Rutte&date=2025-05",
    "list_topics": "actor=Rutte&sort=-claim_count",
    "list_positions": "topic=enlargement&include=topic",
    "list_claims": "actor=Rutte&position=ukraine-will-join-nato&stance=support",
    "get_claim": "include=actor&include=source",
}


def specification(api: Api) -> dict[str, Any]:
    """The specification as a document."""
    found = api.spec.to_dict()
    info = {"title": "Claimbase", **INFO, "version": version("claimbase")}
    # flask-smorest's own, which nothing refers to
    found["components"]["schemas"].pop("PaginationMetadata", None)
    return {
        "openapi": found["openapi"],
        "info": info,
        "servers": [{"url": "/", "description": "Where this specification is served."}],
        "security": [],
        "tags": found["tags"],
        "paths": {path: tried(path, item) for path, item in found["paths"].items()},
        "components": {
            kind: dict(sorted(found["components"][kind].items()))
            for kind in ("schemas", "responses")
        },
    }


def tried(path: str, item: dict[str, Any]) -> dict[str, Any]:
    """A path whose operation reads from its name to its answers, and shows a call of it."""
    operation = {**item["get"]}
    query = SAMPLES.get(operation["operationId"])
    address = SERVER + path + (f"?{query}" if query else "")
    for parameter in item.get("parameters", ()):
        address = address.replace(f"{{{parameter['name']}}}", parameter["example"])
    call = {"lang": "Shell", "label": "curl", "source": f"curl -s {shlex.quote(address)}"}
    operation["x-codeSamples"] = [call]
    operation["responses"] = dict(sorted(operation["responses"].items()))
    names = dict.fromkeys((*OPERATION, *operation))
    return {**item, "get": {name: operation[name] for name in names if operation.get(name)}}


class Whole(yaml.SafeDumper):
    """YAML that says everything where it stands, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_yaml(app: Flask) -> str:
    """The specification as openapi.yaml has it."""
    return yaml.dump(
        app.config["SPECIFICATION"], Dumper=Whole, sort_keys=False, allow_unicode=True, width=100
    )
