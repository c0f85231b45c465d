"""Hooks of Schemathesis: expected refusals, and checks that invalid requests are refused."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData, UndefinedContentType

from models.values.dates import ends_before
from models.values.folding import fold
from models.values.languages import repeats_subtag
from tests.api.openapi.operations import NEEDED_QUERIES

QUERY = ParameterLocation.QUERY
# parameters that the paths of NEEDED_QUERIES do not take together with these queries
NOT_WITH_NEEDED = {"organization", "all"}
# bytes of the longest URL that Granian accepts
GRANIAN_MAX_URL = 65_534
DATE_PARAMETERS = {"as_of", "date", "from_date", "to_date", "updated_since"}
NAME_PARAMETERS = {
    *("about", "actor", "addressee", "claimant", "country", "event", "organization", "origin"),
    *("parent", "position", "publisher", "reviewer", "source", "topic"),
}

NOT_IN_EVERY_FORMAT = {"bom", "highlight", "limit", "cursor", "include", "facet"} | {
    *("shape", "layout", "color"),
}


def is_invalid_day(value: str) -> bool:
    try:
        datetime.date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return True
    return False


# (code, parameters or None for any, a test of values that their schema accepts and the API refuses)
EXPECTED_REFUSALS: tuple[tuple[str, set[str] | None, Callable[[str, dict], bool]], ...] = (
    # a pattern knows no calendar: 2025-02-30, the year 0000
    ("invalid-value", DATE_PARAMETERS, lambda value, query: is_invalid_day(value)),
    # a schema describes each parameter by itself
    ("invalid-value", {"to_date"}, lambda value, query: ends_before(query.get("from_date"), value)),
    # more than 200 characters are valid only for an identifier with its scheme
    ("invalid-value", NAME_PARAMETERS, lambda value, query: len(value.rpartition(":")[2]) > 200),
    # an exclusion without a value
    (
        "invalid-value",
        NAME_PARAMETERS,
        lambda value, query: value.startswith("!") and not value[1:].strip(),
    ),
    # the parameters that a format does not take
    ("invalid-value", NOT_IN_EVERY_FORMAT, lambda value, query: True),
    # a pattern does not tell that a subtag stands twice
    ("invalid-value", {"language"}, lambda value, query: repeats_subtag(value.removeprefix("!"))),
    # a name or a value of white space
    (
        "invalid-value",
        {"attribute"},
        lambda value, query: not all(part.strip() for part in value.split(":", 1)),
    ),
    # punctuation without a word
    ("invalid-value", {"place", "role"}, lambda value, query: not fold(value)),
    # only a page goes into a frame
    ("invalid-value", {"embed"}, lambda value, query: query.get("format") != "html"),
    # an order by relevance needs words
    ("invalid-value", {"sort"}, lambda value, query: value == "relevance" and "q" not in query),
    # moving windows need a length, that fits the dates of the claims, and no longer step
    ("invalid-value", {"window", "step"}, lambda value, query: True),
    # nothing but positions has a stance, and nodes are no items
    ("invalid-value", {"method", "nodes", "via", "rows", "columns"}, lambda value, query: True),
    # nodes and items of a network, and records that a graph is around
    ("invalid-value", {"a", "b", "node", "item", "around"}, lambda value, query: True),
    # too many windows, for example
    ("too-broad", None, lambda value, query: {"window", "via", "columns"} & query.keys()),
    # white space
    ("invalid-value", None, lambda value, query: not value.strip()),
    # no URL may have NUL
    ("bad-encoding", None, lambda value, query: "\0" in value),
    # each value is short enough, but the URL is not
    ("uri-too-long", None, lambda value, query: len(urlencode(query, doseq=True)) > 8000),
    # no generated value is a version of the dataset
    ("resync", {"since"}, lambda value, query: True),
)


# the parameters without which a path answers nothing
REQUIRED: dict[str, dict[str, object]] = {
    "/v1/graph": {"around": ["actor:mark-rutte"]},
    "/v1/networks/one-mode/edge": {"a": "actor:mark-rutte", "b": "actor:recep-tayyip-erdogan"},
}
# parameters that are required too, and that generated values are good for
GENERATED = {"/v1/search": {"q"}, "/v1/autocomplete": {"q"}}
# the parameters of what ties the nodes of a network
ITEM_PARAMETERS = {"via", "columns"}
# what decides which nodes there are
NODE_PARAMETERS = {"nodes", "via", "method", "window", "step"}


@schemathesis.hook
def filter_case(context, case) -> bool:
    """Leave out most cases of relations, since coverage tries their parameters on the lists."""
    phase = case.meta.phase
    is_query_coverage = phase.name is TestPhase.COVERAGE and phase.data.parameter_location is QUERY
    if is_query_coverage and "{id}/" in case.path:
        return phase.data.parameter is None and len(case.query) == 1
    return True


@schemathesis.hook
def map_case(context, case):
    """Remove parameters that would hide the tested one.

    Coverage sends all parameters together with the one that it tests, so that no record matches.
    A generated cursor is refused whatever the other parameters are.
    """
    phase = case.meta.phase
    if phase.name is TestPhase.COVERAGE and phase.data.parameter in case.query:
        kept = {phase.data.parameter, *REQUIRED.get(case.path, ()), *GENERATED.get(case.path, ())}
        case.query = {name: value for name, value in case.query.items() if name in kept}
    if case.path in REQUIRED and not case.meta.generation.mode.is_negative:
        # no generated name is that of a record
        rest = {name: v for name, v in case.query.items() if name not in NODE_PARAMETERS}
        case.query = rest | REQUIRED[case.path]
    cursor = case.query.get("cursor")
    if isinstance(cursor, str) and 0 < len(cursor) <= 2000:
        case.query = {name: value for name, value in case.query.items() if name != "cursor"}
    return case


@schemathesis.hook
def before_call(context, case, kwargs) -> None:
    """Add what a path needs besides its parameters' schemas, in examples, too."""
    needed = NEEDED_QUERIES.get(case.path)
    if needed and case.meta.generation.mode.is_positive:
        query = {name: case.query[name] for name in case.query if name not in NOT_WITH_NEEDED}
        case.query = {**query, **needed}


@schemathesis.hook
def filter_failure(context, failure, case, response) -> bool:
    """Whether to report a failure; expected failures are left out."""
    if response.status_code == 414 and len(response.request.url) > GRANIAN_MAX_URL:
        # Granian answers without a body before the application gets the request
        return False
    if isinstance(failure, UndefinedContentType):
        # the parameter describes the other formats in words
        return case.query.get("format") in (None, "json")
    if isinstance(failure, RejectedPositiveData) and case.query.get("format") == "html":
        # the problem is a page; other cases try the same parameters in JSON
        return False
    if isinstance(failure, RejectedPositiveData):
        problem = response.json()
        parameters = [error["parameter"] for error in problem["errors"]] or [None]
        code = problem["code"]
        if code == "invalid-body":
            return not is_expected_body_refusal(case, problem)
        return not all(is_expected_refusal(case, code, parameter) for parameter in parameters)
    return True


# errors in bodies that their schema accepts: a schema allows further members and white space
BODY_REFUSALS = ("is unknown here", "is empty", "holds the character NUL", "is a name longer")


def is_expected_body_refusal(case, problem: dict) -> bool:
    """Whether a schema cannot tell that a body is invalid; that of JSON in a form never can."""
    messages = [error["message"] for error in problem["errors"]]
    return case.path == "/v1/reconcile" or all(
        message.startswith(BODY_REFUSALS) for message in messages
    )


def is_expected_refusal(case, code: str, parameter: str | None) -> bool:
    return any(
        any(applies(value, case.query) for value in values(case, parameter))
        for refused_code, parameters, applies in EXPECTED_REFUSALS
        if refused_code == code and (parameters is None or parameter in parameters)
    )


def values(case, parameter: str | None) -> Iterator[str]:
    """The values of one parameter of a request, or of all parameters for None."""
    # nodes alone may be what a network ties them by unless the request says otherwise
    if parameter in ITEM_PARAMETERS and parameter not in case.query:
        parameter = "nodes"
    for name, value in (*case.query.items(), *case.path_parameters.items()):
        if parameter in (None, name):
            yield from value if isinstance(value, list) else [unquote(str(value))]


@schemathesis.check
def invalid_items_are_refused(context, response, case) -> None:
    """Check that invalid items of arrays are refused; Schemathesis takes any text for an array."""
    query = urlsplit(response.request.url).query if response.request.method == "GET" else ""
    for name, texts in parse_qs(query, keep_blank_values=True).items():
        parameter = case.operation.query.get(name)
        # a comma separates two items
        if parameter and "items" in parameter.definition["schema"] and "," not in "".join(texts):
            valid = parameter.get_validator().is_valid(texts)
            assert valid or response.status_code >= 400, f"an invalid {name} was accepted"


@schemathesis.check
class EveryOperationRefuses:
    """Check that each operation got and refused an invalid request."""

    def __init__(self) -> None:
        self.unrefused: set[str] | None = None

    def after_response(self, context, response, case) -> None:
        if self.unrefused is None:
            operations = case.operation.schema.get_all_operations()
            # its specification has neither parameters nor methods that it refuses
            self.unrefused = {operation.ok().label for operation in operations} - {
                "GET /v1/reconcile"
            }
        if case.meta.generation.mode.is_negative and 400 <= response.status_code < 500:
            self.unrefused.discard(case.operation.label)

    def after_run(self, context) -> None:
        assert self.unrefused == set(), self.unrefused
