"""Hooks of schemathesis: what it may find and is right, and that it has tried everything."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import JsonSchemaError, RejectedPositiveData

from models.values.dates import ends_before
from models.values.folding import fold

QUERY = ParameterLocation.QUERY
# bytes of a URL
GRANIAN_TAKES = 65_534
DATES = {"as_of", "date", "from_date", "to_date", "updated_since"}
NAMES = {
    *("about", "actor", "addressee", "country", "event", "organization", "origin", "parent"),
    *("position", "publisher", "source", "topic"),
}


def is_no_day(value: str) -> bool:
    try:
        datetime.date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return True
    return False


# code, parameters (None: any), and which values may be refused so although their schema takes them
RIGHTFUL: tuple[tuple[str, set[str] | None, Callable[[str, dict], bool]], ...] = (
    # a pattern knows no calendar: 2025-02-30, the year 0000
    ("invalid-value", DATES, lambda value, query: is_no_day(value)),
    # a schema sees one parameter alone
    ("invalid-value", {"to_date"}, lambda value, query: ends_before(query.get("from_date"), value)),
    # more than 200 characters are for an identifier with its scheme
    ("invalid-value", NAMES, lambda value, query: len(value.rpartition(":")[2]) > 200),
    # it excludes nothing
    ("invalid-value", NAMES, lambda value, query: value.startswith("!") and not value[1:].strip()),
    # punctuation alone is no word
    ("invalid-value", {"place", "role"}, lambda value, query: not fold(value)),
    # white space alone is no value
    ("invalid-value", None, lambda value, query: not value.strip()),
    # NUL stands in no URL
    ("bad-encoding", None, lambda value, query: "\0" in value),
    # each value is short enough, all of them are not
    ("uri-too-long", None, lambda value, query: len(urlencode(query, doseq=True)) > 8000),
    # only an answer knows a version of the dataset
    ("resync", {"since"}, lambda value, query: True),
)


@schemathesis.hook
def filter_case(context, case) -> bool:
    """Relations take the parameters of the lists: coverage tries each of them there, here once."""
    phase = case.meta.phase
    of_query = phase.name is TestPhase.COVERAGE and phase.data.parameter_location is QUERY
    if of_query and "{id}/" in case.path:
        return phase.data.parameter is None and len(case.query) == 1
    return True


@schemathesis.hook
def map_case(context, case):
    """Leave what is worth an answer.

    Coverage sends all parameters with the one that it tries, which finds nothing. A made-up cursor
    is refused, whatever else is asked for.
    """
    phase = case.meta.phase
    if phase.name is TestPhase.COVERAGE and phase.data.parameter in case.query:
        case.query = {phase.data.parameter: case.query[phase.data.parameter]}
    cursor = case.query.get("cursor")
    if isinstance(cursor, str) and 0 < len(cursor) <= 2000:
        case.query = {name: value for name, value in case.query.items() if name != "cursor"}
    return case


@schemathesis.hook
def filter_failure(context, failure, case, response) -> bool:
    """Whether it is a failure indeed."""
    if response.status_code == 414 and len(response.request.url) > GRANIAN_TAKES:
        return False  # without a body, and the application has not seen it
    if isinstance(failure, JsonSchemaError) and "fields" in case.query:
        # of a document, or of each on a page, only these fields were asked for
        missing = failure.schema_path[-1] == "required" and len(failure.instance_path) in (0, 2)
        return not (missing and response.status_code == 200)
    if isinstance(failure, RejectedPositiveData):
        problem = response.json()
        refused = [error["parameter"] for error in problem["errors"]] or [None]
        return not all(is_rightful(case, problem["code"], parameter) for parameter in refused)
    return True


def is_rightful(case, code: str, parameter: str | None) -> bool:
    return any(
        any(holds(value, case.query) for value in values(case, parameter))
        for refusal, parameters, holds in RIGHTFUL
        if refusal == code and (parameters is None or parameter in parameters)
    )


def values(case, parameter: str | None) -> Iterator[str]:
    """What a request gave for a parameter, or for all of them."""
    for name, value in (*case.query.items(), *case.path_parameters.items()):
        if parameter in (None, name):
            yield from value if isinstance(value, list) else [unquote(str(value))]


@schemathesis.check
def wrong_items_are_refused(context, response, case) -> None:
    """Of arrays, too: schemathesis does not ask that, as any text makes an array of one."""
    given = urlsplit(response.request.url).query if response.request.method == "GET" else ""
    for name, texts in parse_qs(given, keep_blank_values=True).items():
        parameter = case.operation.query.get(name)
        # a comma stands between two
        if parameter and "items" in parameter.definition["schema"] and "," not in "".join(texts):
            right = parameter.get_validator().is_valid(texts)
            assert right or response.status_code >= 400, f"{name} is wrong, and was taken"


@schemathesis.check
class EveryOperationRefuses:
    """Something wrong was tried on each operation, and refused."""

    def __init__(self) -> None:
        self.left: set[str] | None = None

    def after_response(self, context, response, case) -> None:
        if self.left is None:
            operations = case.operation.schema.get_all_operations()
            self.left = {operation.ok().label for operation in operations}
        if case.meta.generation.mode.is_negative and 400 <= response.status_code < 500:
            self.left.discard(case.operation.label)

    def after_run(self, context) -> None:
        assert self.left == set(), self.left
