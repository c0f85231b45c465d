"""The specification as JSON, and as a page."""

from __future__ import annotations

from pathlib import Path

import flask_swagger_ui
import orjson
from flask import Blueprint, Response, current_app, request

from api.formats.page import SingleObject
from api.http.problems import HTTPProblem
from api.http.responses import respond
from api.http.static_files import MEDIA_TYPES, file_response
from api.openapi.specification import servers
from api.pages.assets import static_path
from api.pages.headers import FRAME_OPTIONS, REFERRER_POLICY
from api.query.parameters import NO_PARAMETERS
from api.query.parser import parse_query

blp = Blueprint("openapi", __name__)

DAY = 86400

SWAGGER_FILES = Path(flask_swagger_ui.__file__).parent / "dist"

DOCS_FILES = frozenset(path.name for path in SWAGGER_FILES.iterdir() if path.suffix in MEDIA_TYPES)

# relative addresses, so that the page works under a proxy's prefix
SWAGGER_PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Claimbase API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
<div id="ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="..{static_path("docs.js")}"></script>
</html>
"""
# Swagger UI sets styles of elements
SWAGGER_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
SWAGGER_HEADERS = (("Content-Security-Policy", SWAGGER_POLICY), REFERRER_POLICY, FRAME_OPTIONS)


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
    response = Response(SWAGGER_PAGE, content_type="text/html; charset=utf-8")
    response.headers.extend(SWAGGER_HEADERS)
    return response


docs_page.formats = ()  # type: ignore[attr-defined]


@blp.get("/v1/docs/<path:name>")
def docs_file(name: str) -> Response:
    """A file of the docs page."""
    if name not in DOCS_FILES:
        raise HTTPProblem("not-found", f"There is no file {name[:200]!r}.")
    return file_response(SWAGGER_FILES / name, f"public, max-age={DAY}")


docs_file.formats = ()  # type: ignore[attr-defined]
