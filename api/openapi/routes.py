"""The specification as JSON, and as a page."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path

import flask_swagger_ui
import orjson
from flask import Blueprint, Response, current_app, request, send_from_directory

from api.formats.page import SingleObject
from api.http.responses import respond
from api.openapi.specification import servers
from api.query.parameters import NO_PARAMETERS
from api.query.parser import parse_query

blp = Blueprint("openapi", __name__)

SWAGGER_FILES = Path(flask_swagger_ui.__file__).parent / "dist"

# relative addresses, so that the page works under a proxy's prefix
SWAGGER_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Claimbase API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
<div id="ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script>%s</script>
</html>
"""
SWAGGER_SCRIPT = (
    'SwaggerUIBundle({url: "openapi.json", dom_id: "#ui", deepLinking: true, validatorUrl: null})'
)
SWAGGER_PAGE %= SWAGGER_SCRIPT
SCRIPT_HASH = b64encode(hashlib.sha256(SWAGGER_SCRIPT.encode()).digest()).decode()
# Swagger UI sets styles of elements
SWAGGER_POLICY = (
    f"default-src 'none'; script-src 'self' 'sha256-{SCRIPT_HASH}'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


@blp.get("/openapi.json")
@blp.get("/v1/openapi.json")
def openapi_json() -> Response:
    """The specification, as JSON."""
    parse_query(NO_PARAMETERS, request.query_string)
    document = current_app.config["SPECIFICATION"] | {"servers": servers(request.script_root)}
    content = orjson.dumps(document)
    return respond(lambda dataset: SingleObject(content))


@blp.get("/v1/docs")
def docs_page() -> Response:
    """The specification as a page (Swagger UI)."""
    headers = {"Content-Security-Policy": SWAGGER_POLICY}
    return Response(SWAGGER_PAGE, headers=headers, content_type="text/html; charset=utf-8")


docs_page.formats = ()  # type: ignore[attr-defined]


@blp.get("/v1/docs/<path:name>")
def docs_file(name: str) -> Response:
    """A file of the docs page."""
    return send_from_directory(SWAGGER_FILES, name, max_age=86400)


docs_file.formats = ()  # type: ignore[attr-defined]
