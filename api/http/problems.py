"""Every failure becomes one `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
import peewee
from flask import Flask, Response, current_app, request
from rapidfuzz import process
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from models.base import UnsupportedDatabase

log = logging.getLogger("claimbase")

RETRY_AFTER = 5


class Code(NamedTuple):
    status: int
    title: str
    meaning: str


CODES = {
    "unknown-parameter": Code(
        400,
        "Unknown parameter",
        "The query has a parameter that this path does not take. A misspelt filter must not pass "
        "for no filter, so it is refused; the problem names the nearest parameter there is.",
    ),
    "repeated-parameter": Code(
        400,
        "Repeated parameter",
        "A parameter that takes one value was given more than once.",
    ),
    "bad-encoding": Code(
        400,
        "Bad encoding",
        "The URL is not percent-encoded UTF-8, or holds the character NUL.",
    ),
    "bad-cursor": Code(
        400,
        "Bad cursor",
        "A cursor continues one list: the same path, filters and sort that it came from. Take it "
        "as it stands from meta.next_cursor, or start again without one.",
    ),
    "not-found": Code(
        404,
        "Not found",
        "There is nothing at this path, or no record with this id. The problem suggests the "
        "nearest one there is.",
    ),
    "method-not-allowed": Code(
        405,
        "Method not allowed",
        "Claimbase is read over HTTP and written by loads: GET, HEAD and OPTIONS are all there is.",
    ),
    "not-acceptable": Code(
        406,
        "Not acceptable",
        "The Accept header asks for a form that this path does not have; application/json always "
        "is one.",
    ),
    "resync": Code(
        410,
        "Resync",
        "The changes that were asked for are of another database, or of a version that this one "
        "does not have. Read /v1/export, and follow from meta.dataset of /v1/changes.",
    ),
    "uri-too-long": Code(
        414,
        "URI too long",
        "A URL has at most 8,192 bytes.",
    ),
    "invalid-value": Code(
        422,
        "Invalid value",
        "A parameter has a value that it cannot take. The problem says which, and why.",
    ),
    "too-broad": Code(
        422,
        "Too broad",
        "A name matches more than 100 records. Use more of its words, or an id.",
    ),
    "internal-error": Code(
        500,
        "Internal error",
        "Claimbase failed. It is our fault; the request id finds it in the server's log.",
    ),
    "database-unavailable": Code(
        503,
        "Database unavailable",
        "The database does not answer right now. Try again after the seconds in Retry-After.",
    ),
}

BY_STATUS = {
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    414: "uri-too-long",
}


class Problem(HTTPException):
    """A failure with a code of `CODES`."""

    def __init__(
        self,
        code: str,
        detail: str,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(detail)
        self.problem = code
        self.code = CODES[code].status
        self.errors = [
            {"parameter": None, "pointer": None, "value": None, "suggestion": None, **error}
            for error in errors
        ]
        self.headers = headers or {}


def at(parameter: str, message: str, value: Any = None, suggestion: str | None = None) -> dict:
    """What is wrong with one parameter, for the `errors` of a problem."""
    return {"parameter": parameter, "message": message, "value": value, "suggestion": suggestion}


def not_found(type: str, id: str, suggestion: str | None) -> Problem:
    """There is no such record; the nearest one is suggested."""
    message = f"there is no {type} with the id {id!r}"
    hint = f"; did you mean {suggestion!r}?" if suggestion else ""
    return Problem(
        "not-found",
        f"There is no {type} with the id {id!r}{hint}",
        [at("id", message, id, suggestion)],
    )


def nothing_here() -> Problem:
    """No route has the path; the nearest list is suggested."""
    rules = [str(rule) for rule in current_app.url_map.iter_rules() if "<" not in str(rule)]
    versioned = [rule for rule in rules if rule.startswith("/v1")]
    near = process.extractOne(request.path[:200], versioned, score_cutoff=60)
    hint = f"; did you mean {near[0]!r}?" if near else "; GET /v1 lists what there is"
    shown = request.path[:200]
    return Problem("not-found", f"There is nothing at {shown!r}{hint}")


def no_code(code: str) -> Problem:
    """There is no such code of a problem; the nearest one is suggested."""
    near = process.extractOne(code[:200], list(CODES), score_cutoff=50)
    message = f"there is no code {code[:200]!r}"
    hint = f"; did you mean {near[0]!r}?" if near else ""
    found = at("code", message, code[:200], near and near[0])
    return Problem("not-found", f"T{message[1:]}{hint}", [found])


def body(code: str, detail: str, errors: Sequence[Mapping] = (), **more: Any) -> bytes:
    problem = {
        "type": f"{request.script_root}/v1/problems/{code}",
        "title": CODES[code].title,
        "status": CODES[code].status,
        "detail": detail,
        "instance": request.path,
        "code": code,
        "errors": list(errors),
        **more,
    }
    return orjson.dumps(problem)


def handle_http_exception(error: HTTPException) -> Response | HTTPException:
    """A problem, or what the framework raised, as JSON."""
    if isinstance(error, RequestRedirect):
        return error
    if error.code == 404 and not isinstance(error, Problem):
        error = nothing_here()
    if isinstance(error, Problem):
        code, headers = error.problem, error.headers
        content = body(code, error.description or "", error.errors)
    elif error.code in BY_STATUS:
        code = BY_STATUS[error.code]
        headers = {name: value for name, value in error.get_headers() if name == "Allow"}
        content = body(code, CODES[code].meaning)
    else:
        return handle_crash(error)
    return Response(content, CODES[code].status, headers, content_type="application/problem+json")


def failed(code: str, request_id: str, headers: dict[str, str]) -> Response:
    """A 5xx, with the id that finds it in the log."""
    content = body(code, CODES[code].meaning, request_id=request_id)
    headers = {"X-Request-ID": request_id, **headers}
    return Response(content, CODES[code].status, headers, content_type="application/problem+json")


def handle_unavailable(error: Exception) -> Response:
    """The database is gone, locked or broken."""
    id = secrets.token_hex(8)
    log.error("request %s: %s %s: the database: %s", id, request.method, request.path, error)
    return failed("database-unavailable", id, {"Retry-After": str(RETRY_AFTER)})


def handle_crash(error: Exception) -> Response:
    """Our own fault: the log has the trace."""
    id = secrets.token_hex(8)
    log.error("request %s failed: %s %s", id, request.method, request.path, exc_info=error)
    return failed("internal-error", id, {})


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, handle_http_exception)
    app.register_error_handler(Exception, handle_crash)
    app.register_error_handler(peewee.DatabaseError, handle_unavailable)
    app.register_error_handler(peewee.InterfaceError, handle_unavailable)
    app.register_error_handler(UnsupportedDatabase, handle_unavailable)
    # kinds of DatabaseError that are ours, not the database's
    for ours in (peewee.ProgrammingError, peewee.IntegrityError, peewee.DataError):
        app.register_error_handler(ours, handle_crash)
