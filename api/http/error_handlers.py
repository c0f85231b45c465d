"""Handlers that answer every failure as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import orjson
import peewee
from flask import Flask, Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from api.http.at_least import problem_of
from api.http.negotiation import prefers_html
from api.http.problems import CODES, HTTPProblem, RecordMoved, path_not_found, too_slow
from api.http.urls import permanent_redirect
from api.pages.headers import EMBEDDED_HEADERS, PAGE_HEADERS
from api.pages.links import page_address
from api.pages.render import render_problem
from api.pages.site import site_of
from models.database.connection import UnsupportedDatabase
from models.database.deadline import DeadlineExceeded, end_deadline
from models.reading import VersionAbsent

log = logging.getLogger("claimbase")

# seconds
RETRY_AFTER = 5
# characters of a path with its query in the log
MAX_LOGGED = 1_000

CODE_OF_STATUS = {
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    414: "uri-too-long",
}


def problem_response(
    code: str,
    detail: str,
    errors: Sequence[Mapping] = (),
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """A response whose body is a problem; `members` are added to it."""
    status, title, _ = CODES[code]
    root = quote(request.script_root)
    problem = {
        "type": f"{root}/v1/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"{root}{request.path}",
        "code": code,
        "errors": list(errors),
        **members,
    }
    if prefers_html():
        return problem_page(problem, status, headers)
    return Response(orjson.dumps(problem), status, headers, content_type="application/problem+json")


def problem_page(problem: Mapping, status: int, headers: Mapping[str, str] | None) -> Response:
    """The problem as a page."""
    query = request.query_string.decode("utf-8", "replace")
    page = page_address(quote(request.script_root), request.path, query)
    embedded = request.args.get("embed") == "true"
    content = render_problem(page, problem, site_of(current_app.config), embedded)
    response = Response(content, status, headers, content_type="text/html; charset=utf-8")
    response.headers.extend(EMBEDDED_HEADERS if embedded else PAGE_HEADERS)
    return response


def handle_http_exception(error: HTTPException) -> Response | HTTPException:
    """A problem, for our own failures and those of the framework."""
    if isinstance(error, RequestRedirect):
        return error
    if error.code == 404 and not isinstance(error, HTTPProblem):
        error = path_not_found()
    if isinstance(error, HTTPProblem) and CODES[error.problem_code].status >= 500:
        return handle_refusal(error)
    if isinstance(error, HTTPProblem):
        return problem_response(
            error.problem_code, error.description or "", error.errors, error.headers
        )
    if error.code in CODE_OF_STATUS:
        code = CODE_OF_STATUS[error.code]
        headers = {name: value for name, value in error.get_headers() if name == "Allow"}
        return problem_response(code, CODES[code].meaning, headers=headers)
    return handle_crash(error)


def handle_moved(error: RecordMoved) -> Response:
    """308 to the same route with the record's present id."""
    return permanent_redirect(url_for(request.endpoint or "", id=error.id))


def handle_version_absent(error: VersionAbsent) -> Response:
    """410 or 503: the database does not have the version that the client knows."""
    problem = problem_of(error)
    code, detail, headers = problem.problem_code, problem.description or "", problem.headers
    if problem.code == 410:
        return problem_response(code, detail, problem.errors, headers)
    id = request.environ["claimbase.request_id"]
    return server_error(code, id, headers, detail, problem.errors)


def server_error(
    code: str,
    request_id: str,
    headers: Mapping[str, str],
    detail: str = "",
    errors: Sequence[Mapping] = (),
) -> Response:
    """A 5xx response with its request id; the log has the error under that id."""
    detail = detail or CODES[code].meaning
    return problem_response(code, detail, errors, headers, request_id=request_id)


def handle_refusal(problem: HTTPProblem) -> Response:
    """503: the server has too much to do."""
    id, code = request.environ["claimbase.request_id"], problem.problem_code
    # a client that asks too much must not fill the log, too
    log.info("request %s: %s: %s %s", id, code, request.method, request.path)
    return server_error(code, id, problem.headers, problem.description or "")


def handle_unavailable(error: Exception) -> Response:
    """503: the database is gone, locked or broken."""
    id = request.environ["claimbase.request_id"]
    log.error("request %s: %s %s: the database: %s", id, request.method, request.path, error)
    return server_error("database-unavailable", id, {"Retry-After": str(RETRY_AFTER)})


def handle_too_slow(error: Exception) -> Response:
    """503: the request has taken as long as it may."""
    # the problem may be a page
    end_deadline()
    id = request.environ["claimbase.request_id"]
    seconds = current_app.config["REQUEST_SECONDS"]
    path = request.full_path[:MAX_LOGGED]
    log.warning("request %s took more than %s s: %s %r", id, seconds, request.method, path)
    problem = too_slow(seconds)
    return server_error("too-slow", id, {}, problem.description or "", problem.errors)


def handle_crash(error: Exception) -> Response:
    """500: a bug, whose trace goes to the log alone."""
    id = request.environ["claimbase.request_id"]
    log.error("request %s failed: %s %s", id, request.method, request.path, exc_info=error)
    return server_error("internal-error", id, {})


def register(app: Flask) -> None:
    """Have the application answer all failures as problems."""
    app.register_error_handler(HTTPException, handle_http_exception)
    app.register_error_handler(RecordMoved, handle_moved)
    app.register_error_handler(VersionAbsent, handle_version_absent)
    app.register_error_handler(Exception, handle_crash)
    app.register_error_handler(peewee.DatabaseError, handle_unavailable)
    app.register_error_handler(peewee.InterfaceError, handle_unavailable)
    app.register_error_handler(UnsupportedDatabase, handle_unavailable)
    app.register_error_handler(DeadlineExceeded, handle_too_slow)
    # these DatabaseErrors are bugs of ours, not failures of the database
    for bug in (peewee.ProgrammingError, peewee.IntegrityError, peewee.DataError):
        app.register_error_handler(bug, handle_crash)
