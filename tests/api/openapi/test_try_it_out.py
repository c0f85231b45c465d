"""What Swagger UI sends for "Try it out" and "Execute" gives an answer with records."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.openapi.operations import OPERATIONS, SPEC, Operation

# the shipped claims have no reviews, and nobody in them changes
EMPTY = {"list_claim_reviews", "list_candidates", "list_reversals"}


def prefilled(parameter: dict) -> Any:
    """The value that Swagger UI puts into the form, None for an empty field."""
    if named_examples := parameter.get("examples"):
        return next(iter(named_examples.values()))["value"]
    schema = parameter["schema"]
    if "$ref" in schema:
        schema = SPEC["components"]["schemas"][schema["$ref"].split("/")[-1]]
    for value in (parameter.get("example"), schema.get("example"), schema.get("default")):
        if value is not None:
            return value
    return None


def prefilled_query(operation: Operation) -> dict[str, Any]:
    parameters = SPEC["paths"][operation.path]["get"].get("parameters", ())
    query = {parameter["name"]: prefilled(parameter) for parameter in parameters}
    return {name: value for name, value in query.items() if value is not None}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_the_prefilled_request_gets_records(shipped: FlaskClient, operation: Operation):
    query = {**prefilled_query(operation), **operation.required_query}
    with shipped.get(operation.path_url, query_string=query) as response:
        assert response.status_code == 200, response.text
        body = response.json if response.is_json else {"data": response.text.splitlines()}
    assert bool(body.get("data", body)) == (operation.id not in EMPTY)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_only_sizes_and_required_parameters_are_prefilled(operation: Operation):
    required = {
        parameter["name"]
        for parameter in SPEC["paths"][operation.path]["get"].get("parameters", ())
        if parameter.get("required")
    }
    assert set(prefilled_query(operation)) - {"limit", "facet_limit"} == required
