"""The specification describes everything in sentences, and its examples are real."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.openapi.operations import (
    OPERATIONS,
    QUESTIONS,
    SPEC,
    Operation,
    Question,
    examples_of,
)

PARAMETERS = {
    f"{path} {parameter['name']}": parameter
    for path, item in SPEC["paths"].items()
    for parameter in (*item.get("parameters", ()), *item["get"].get("parameters", ()))
}
PAGED = [operation for operation in OPERATIONS if f"{operation.path} cursor" in PARAMETERS]
# the shipped claims have no reviews, and nobody in them changes
EMPTY = {"list_claim_reviews", "list_reversals"}


def example_in_description(parameter: dict) -> str:
    """The example in a description, which tools do not send."""
    assert "examples" not in parameter["schema"]
    (example,) = re.findall("such as `(.+?)`", parameter["description"])
    return example


def is_sentences(description: str) -> bool:
    """Whether a description consists of whole sentences."""
    return bool(re.fullmatch(r"[A-Z`].*[.…]", description, re.DOTALL))


def fields() -> Iterator[tuple[str, dict]]:
    for name, schema in SPEC["components"]["schemas"].items():
        for field, field_schema in schema.get("properties", {}).items():
            yield f"{name}.{field}", field_schema


def test_every_operation_is_described():
    for path, item in SPEC["paths"].items():
        for operation in (item[method] for method in ("get", "post") if method in item):
            summary, description = operation["summary"], operation["description"]
            assert is_sentences(summary), path
            assert is_sentences(description), path
            assert summary not in description, path


def test_every_parameter_is_described():
    assert [
        name for name, parameter in PARAMETERS.items() if not is_sentences(parameter["description"])
    ] == []


def test_every_schema_and_field_is_described():
    schemas = SPEC["components"]["schemas"].items()
    objects = [(name, schema) for name, schema in schemas if schema["type"] == "object"]
    described = [*objects, *fields()]
    assert [name for name, schema in described if not is_sentences(schema["description"])] == []


def test_every_response_and_header_is_described():
    for path, item in SPEC["paths"].items():
        for name, header in item["get"]["responses"]["200"]["headers"].items():
            assert is_sentences(header["description"]), (path, name)
    for name, response in SPEC["components"]["responses"].items():
        assert is_sentences(response["description"]), name


def test_every_parameter_has_an_example():
    without = [name for name, parameter in PARAMETERS.items() if not examples_of(parameter)]
    assert {name.split()[1] for name in without} == {"cursor", "since"}
    assert all(example_in_description(PARAMETERS[name]) for name in without)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_the_sample_call_of_every_operation_gets_records(
    shipped: FlaskClient, operation: Operation
):
    (call,) = SPEC["paths"][operation.path]["get"]["x-codeSamples"]
    curl, silent, url = shlex.split(call["source"])
    assert (curl, silent) == ("curl", "-s")
    with shipped.get(url.removeprefix("http://127.0.0.1:8000")) as response:
        assert response.status_code == 200, response.text
        body = response.json if response.is_json else {"data": response.text.splitlines()}
    assert body.get("data", body) or operation.id in EMPTY


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_the_sample_call_of_every_question_gets_candidates(
    shipped: FlaskClient, question: Question
):
    (call,) = SPEC["paths"][question.path]["post"]["x-codeSamples"]
    curl, silent, url, *options = shlex.split(call["source"])
    assert (curl, silent, url) == ("curl", "-s", f"http://127.0.0.1:8000{question.path}")
    if question.media_type == "application/json":
        header, value, data, body = options
        assert (header, value, data) == ("-H", f"Content-Type: {question.media_type}", "-d")
        content: Any = body
    else:
        data, field = options
        assert data == "--data-urlencode"
        name, _, value = field.partition("=")
        content = {name: value}
    response = shipped.post(question.path, data=content, content_type=question.media_type)
    assert response.status_code == 200, response.text
    assert '"score":100' in response.text


@pytest.mark.parametrize("operation", PAGED, ids=lambda operation: operation.id)
def test_the_example_of_a_cursor_looks_like_a_cursor_and_is_refused(
    shipped: FlaskClient, operation: Operation
):
    example = example_in_description(PARAMETERS[f"{operation.path} cursor"])
    query = {**operation.required_query, "limit": 1}
    response = shipped.get(operation.path_url, query_string={**query, "cursor": example})
    assert response.json["code"] == "bad-cursor"
    cursor = shipped.get(operation.path_url, query_string=query).json["meta"]["next_cursor"]
    if cursor:
        pattern = re.compile("[A-Za-z0-9_-]{12,}")
        assert pattern.fullmatch(example)
        assert pattern.fullmatch(cursor)
        response = shipped.get(operation.path_url, query_string={**query, "cursor": cursor})
        assert response.status_code == 200


def test_since_takes_the_dataset_of_a_response_and_refuses_the_example(shipped: FlaskClient):
    example = example_in_description(PARAMETERS["/v1/changes since"])
    assert shipped.get("/v1/changes", query_string={"since": example}).json["code"] == "resync"
    dataset = shipped.get("/v1").json["dataset"]
    assert shipped.get("/v1/changes", query_string={"since": dataset}).json["data"] == []
    assert all(
        re.fullmatch("[0-9a-f]{16}-[0-9]+-[0-9a-f]{16}", version) for version in (example, dataset)
    )
