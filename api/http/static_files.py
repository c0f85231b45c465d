"""The static files of pages."""

from __future__ import annotations

from flask import Blueprint, Response, request, send_from_directory

from api.http.problems import HTTPProblem
from api.pages.assets import STATIC, STATIC_HASHES

YEAR = 365 * 86400

blp = Blueprint("static_files", __name__)


@blp.get("/static/<name>")
def static_file(name: str) -> Response:
    """A static file; under the address that has its hash, it never changes."""
    if name not in STATIC_HASHES:
        raise HTTPProblem("not-found", f"There is no file {name[:200]!r}.")
    is_current = request.args.get("v") == STATIC_HASHES[name]
    response = send_from_directory(STATIC, name, max_age=YEAR if is_current else 0)
    if is_current:
        response.cache_control.immutable = True
    return response


static_file.formats = ()  # type: ignore[attr-defined]
