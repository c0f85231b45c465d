"""Failures as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import current_app, request
from rapidfuzz import process
from werkzeug.exceptions import HTTPException


class ProblemCode(NamedTuple):
    status: int
    title: str
    meaning: str


CODES = {
    "unknown-parameter": ProblemCode(
        400,
        "Unknown parameter",
        "This path does not take the parameter. A misspelt filter is refused, since an answer "
        "without it would be false; the problem names the nearest parameter.",
    ),
    "repeated-parameter": ProblemCode(
        400,
        "Repeated parameter",
        "A parameter that takes one value was given more than once.",
    ),
    "bad-encoding": ProblemCode(
        400,
        "Bad encoding",
        "The URL is not percent-encoded UTF-8, or holds the character NUL.",
    ),
    "bad-cursor": ProblemCode(
        400,
        "Bad cursor",
        "A cursor continues one list: the same path, filters and sort that it came from. Take it "
        "as it stands from meta.next_cursor, or start again without one.",
    ),
    "not-found": ProblemCode(
        404,
        "Not found",
        "No route has this path, or no record has this id. The problem suggests the nearest.",
    ),
    "method-not-allowed": ProblemCode(
        405,
        "Method not allowed",
        "HTTP only reads Claimbase, and loads write it: the methods are GET, HEAD and OPTIONS. "
        "/v1/resolve and /v1/reconcile also take POST, for questions that are too long for a URL.",
    ),
    "not-acceptable": ProblemCode(
        406,
        "Not acceptable",
        "The Accept header takes none of the media types of this path, one of which is "
        "application/json.",
    ),
    "resync": ProblemCode(
        410,
        "Resync",
        "The request names a version of the dataset that this database never had: of another "
        "database, or from before a restore. Read /v1/export, and follow from meta.dataset of "
        "/v1/changes.",
    ),
    "too-large": ProblemCode(
        413,
        "Too large",
        "The body of a request has at most 1,000,000 bytes. Ask for fewer names at once.",
    ),
    "uri-too-long": ProblemCode(
        414,
        "URI too long",
        "A URL has at most 8,192 bytes.",
    ),
    "unsupported-media-type": ProblemCode(
        415,
        "Unsupported media type",
        "The body of the request has another media type than the path takes, or is compressed. "
        "The problem says which type the path takes.",
    ),
    "invalid-value": ProblemCode(
        422,
        "Invalid value",
        "A parameter has an invalid value. The problem says which, and why.",
    ),
    "invalid-body": ProblemCode(
        422,
        "Invalid body",
        "The body of the request is no valid question. Each error names its place by a JSON "
        "pointer.",
    ),
    "too-broad": ProblemCode(
        422,
        "Too broad",
        "A name matches more than 100 records, or a network is too large. Use more words of the "
        "name, or an id; narrow the network as the problem says.",
    ),
    "internal-error": ProblemCode(
        500,
        "Internal error",
        "Claimbase failed, which is a bug. The server's log has the failure under the request id.",
    ),
    "too-slow": ProblemCode(
        503,
        "Too slow",
        "The answer takes longer than the server gives a request: 10 seconds, unless its operator "
        "chose another time. The problem says what to narrow. Fewer values, facets and windows "
        "take less time, and so do filters that leave fewer records.",
    ),
    "too-many-streams": ProblemCode(
        503,
        "Too many streams",
        "The server already sends as many exports and whole lists as it may at once. Try again "
        "after the seconds in Retry-After, or read pages.",
    ),
    "too-busy": ProblemCode(
        503,
        "Too busy",
        "More requests wait for an answer than the server can give soon. Try again after the "
        "seconds in Retry-After.",
    ),
    "database-unavailable": ProblemCode(
        503,
        "Database unavailable",
        "The database does not answer at the moment. Try again after the seconds in Retry-After.",
    ),
}


# from so many values of one parameter on, a problem asks for fewer
MANY_VALUES = 3


class HTTPProblem(HTTPException):
    """A failure with a code of CODES."""

    def __init__(
        self,
        code: str,
        detail: str,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(detail)
        self.problem_code = code
        self.code = CODES[code].status
        self.errors = [
            {"parameter": None, "pointer": None, "value": None, "suggestion": None, **error}
            for error in errors
        ]
        self.headers = headers or {}


def invalid_body(errors: Sequence[Mapping[str, Any]]) -> HTTPProblem:
    """The problem of a body with these errors, each with its pointer, message and value."""
    first = errors[0]
    place = f"the value at {first['pointer']}" if first["pointer"] else "the body"
    return HTTPProblem("invalid-body", f"{place[0].upper()}{place[1:]} {first['message']}.", errors)


class RecordMoved(Exception):
    """The path names a record by a former id."""

    def __init__(self, id: str):
        super().__init__(id)
        self.id = id


def parameter_error(
    parameter: str, message: str, value: Any = None, suggestion: str | None = None
) -> dict:
    """An error in one parameter, for the `errors` of a problem."""
    return {"parameter": parameter, "message": message, "value": value, "suggestion": suggestion}


def invalid_value(
    parameter: str, message: str, value: Any = None, suggestion: str | None = None
) -> HTTPProblem:
    """An invalid-value problem of one parameter."""
    error = parameter_error(parameter, message, value, suggestion)
    hint = f"; did you mean {suggestion!r}?" if suggestion else "."
    return HTTPProblem("invalid-value", f"{parameter} {message}{hint}", [error])


def record_not_found(type: str, id: str, suggestion: str | None) -> HTTPProblem:
    message = f"there is no {type} with the id {id!r}"
    hint = f"; did you mean {suggestion!r}?" if suggestion else ""
    return HTTPProblem(
        "not-found",
        f"There is no {type} with the id {id!r}{hint}",
        [parameter_error("id", message, id, suggestion)],
    )


def path_not_found() -> HTTPProblem:
    """A not-found problem that suggests the nearest list."""
    rules = [str(rule) for rule in current_app.url_map.iter_rules() if "<" not in str(rule)]
    versioned = [rule for rule in rules if rule.startswith("/v1")]
    path = request.path[:200]
    nearest = process.extractOne(path, versioned, score_cutoff=60)
    if not nearest:
        return HTTPProblem(
            "not-found", f"There is nothing at {path!r}; GET /v1 lists what there is"
        )
    error = {"message": f"there is nothing at {path!r}", "value": path, "suggestion": nearest[0]}
    return HTTPProblem(
        "not-found", f"There is nothing at {path!r}; did you mean {nearest[0]!r}?", [error]
    )


def code_not_found(code: str) -> HTTPProblem:
    """A not-found problem that suggests the nearest code."""
    nearest = process.extractOne(code[:200], list(CODES), score_cutoff=50)
    message = f"there is no code {code[:200]!r}"
    hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
    error = parameter_error("code", message, code[:200], nearest and nearest[0])
    return HTTPProblem("not-found", f"T{message[1:]}{hint}", [error])


def too_slow(seconds: float) -> HTTPProblem:
    """A too-slow problem; its errors are the parameters that ask for much."""
    counts = {
        name: len(",".join(values).split(",") if name == "facet" else values)
        for name, values in request.args.lists()
    }
    errors = [
        parameter_error(name, f"has {count} values: ask for fewer at once")
        for name, count in counts.items()
        if count >= MANY_VALUES
    ]
    narrow = [f"fewer values of {error['parameter']}" for error in errors]
    if request.method == "POST":
        narrow.append("fewer names at once")
    narrow.append("fewer records by narrower filters, such as an id or a period")
    detail = f"The answer takes more than {seconds:g} s. Ask for {', or '.join(narrow)}."
    return HTTPProblem("too-slow", detail, errors)
