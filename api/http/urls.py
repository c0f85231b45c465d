"""URLs: their version, their bounds, and where they moved."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

from flask import Flask, Request, Response, current_app, request

from api.http.problems import HTTPProblem

MAX_URL_BYTES = 8192


def versioned_path(request: Request) -> str:
    """The path with its version: `/claims` is an alias of `/v1/claims`, and `/` of `/v1`."""
    path = request.path.rstrip("/")
    return path if path == "/v1" or path.startswith("/v1/") else f"/v1{path}"


@cache
def route_of(rule: str, *, is_alias: bool) -> str:
    """A route as logs name it, with its version: /v1/actors/{id}."""
    route = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)
    return f"/v1{route}".rstrip("/") if is_alias else route


def content_location() -> str | None:
    """The URL with its version; None if the request has it."""
    path = versioned_path(request)
    if path == request.path:
        return None
    return quote(request.script_root) + quote(path) + query_part(request)


def public_url() -> str:
    """The address of the application for absolute URLs, without a slash at its end."""
    if current_app.config["PUBLIC_URL"]:
        return str(current_app.config["PUBLIC_URL"]).rstrip("/")
    origin = f"{request.scheme}://{request.host}" if request.host else ""
    return origin + quote(request.script_root)


def query_part(request: Request) -> str:
    """The query as a URL has it, with bare non-ASCII letters encoded."""
    query = quote(request.query_string, safe="!$%&'()*+,/:;=?@[]~")
    return f"?{query}" if query else ""


def check_url() -> None:
    """Refuse a URL that is too long or not text. Raises HTTPProblem."""
    environ = request.environ
    url = environ.get("RAW_URI") or environ.get("REQUEST_URI") or path_and_query()
    if len(url) > MAX_URL_BYTES:
        raise HTTPProblem("uri-too-long", f"A URL has at most {MAX_URL_BYTES:,} bytes.")
    if environ.get("PATH_INFO", "").startswith("//"):
        raise HTTPProblem("not-found", "There is nothing at a path that begins with two slashes.")
    if "\x00" in request.path or "\ufffd" in request.path:
        raise HTTPProblem("bad-encoding", "The path is not percent-encoded UTF-8, or it holds NUL.")


def path_and_query() -> str:
    return f"{quote(request.path)}?{request.query_string.decode('latin-1')}"


def redirect_without_slash(app: Flask) -> Response | None:
    """308 to the path without its trailing slash, if a route has that path."""
    path = request.path
    if len(path) < 2 or not path.endswith("/"):
        return None
    shorter = path.rstrip("/")
    if not app.url_map.bind("").test(shorter):
        return None
    return permanent_redirect(quote(request.script_root) + quote(shorter))


def permanent_redirect(url: str) -> Response:
    """308 to another URL of this application, with the same query."""
    headers = {"Location": url + query_part(request)}
    return Response(status=308, headers=headers, content_type="application/json")
