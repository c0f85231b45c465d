"""The service itself: whether it lives, its specification, and that as a page."""

from __future__ import annotations

from pathlib import Path

import flask_swagger_ui
import orjson
from flask import Blueprint, Response, current_app, request, send_from_directory

from api.http.response_cache import JSON, Body
from api.http.responses import answer
from api.openapi.blueprint import NO_QUERY
from api.query.parser import parse
from models.base import reading

blp = Blueprint("service", __name__)

SWAGGER = Path(flask_swagger_ui.__file__).parent / "dist"

# addresses are relative, so that the page also works behind a proxy's prefix
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Claimbase API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
<div id="ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script>
SwaggerUIBundle({url: "openapi.json", dom_id: "#ui", deepLinking: true, validatorUrl: null})
</script>
</html>
"""


@blp.get("/openapi.json")
@blp.get("/v1/openapi.json")
def openapi() -> Response:
    """The specification, as JSON."""
    parse(NO_QUERY, request.query_string)

    content = orjson.dumps(current_app.config["SPECIFICATION"])
    return answer(lambda dataset: Body(content))


@blp.get("/v1/docs")
def docs() -> Response:
    """The specification as a page (Swagger UI)."""
    return Response(PAGE, content_type="text/html; charset=utf-8")


@blp.get("/v1/docs/<path:name>")
def asset(name: str) -> Response:
    """A file of that page."""
    return send_from_directory(SWAGGER, name, max_age=86400)


@blp.get("/healthz")
def healthz() -> Response:
    """Whether the process lives."""
    return Response(b'{"status":"ok"}', content_type=JSON)


@blp.get("/readyz")
def readyz() -> Response:
    """Whether the database answers."""
    with reading() as dataset:
        ready = {"status": "ok", "version": dataset.version}
        return Response(orjson.dumps(ready), content_type=JSON)
