"""The OpenAPI specification of the versioned paths."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import yaml
from flask import Flask

from api.blueprint import Api

INFO = {
    "summary": "Who claimed what.",
    "description": (
        "A knowledge base of policy claims: who said what, when, on whose behalf, at which event, "
        "about whom, according to which source, and for or against which position.\n\n"
        "Every path also answers without `/v1`. Within v1 fields and parameters are only added."
    ),
    "license": {"name": "MIT", "identifier": "MIT"},
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
        "tags": found["tags"],
        "paths": found["paths"],
        "components": {
            kind: dict(sorted(found["components"][kind].items()))
            for kind in ("schemas", "responses")
        },
    }


def as_yaml(app: Flask) -> str:
    """The specification as openapi.yaml has it."""
    return yaml.safe_dump(
        app.config["SPECIFICATION"], sort_keys=False, allow_unicode=True, width=100
    )
