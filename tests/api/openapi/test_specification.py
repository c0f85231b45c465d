"""The specification tells everything in words, and its examples are real."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.sdk.questions import OPERATIONS, SPEC, Operation

PARAMETERS = {
    f"{path} {parameter['name']}": parameter
    for path, item in SPEC["paths"].items()
    for parameter in (*item.get("parameters", ()), *item["get"].get("parameters", ()))
}
PAGED = [one for one in OPERATIONS if f"{one.path} cursor" in PARAMETERS]
# the shipped claims have no reviews
EMPTY = {"list_claim_reviews"}


def in_words(parameter: dict) -> str:
    """The example in a description, for people alone: tools send what stands elsewhere."""
    assert "examples" not in parameter["schema"]
    (example,) = re.findall("such as `(.+?)`", parameter["description"])
    return example


def told(description: str) -> bool:
    """Whether a description is a text of whole sentences."""
    return bool(re.fullmatch(r"[A-Z`].*[.…]", description, re.DOTALL))


def fields() -> Iterator[tuple[str, dict]]:
    for name, schema in SPEC["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            yield f"{name}.{field}", described


def test_every_operation_is_described():
    for path, item in SPEC["paths"].items():
        summary, description = item["get"]["summary"], item["get"]["description"]
        assert told(summary), path
        assert told(description), path
        assert summary not in description, path


def test_every_parameter_is_described():
    assert [name for name, one in PARAMETERS.items() if not told(one["description"])] == []


def test_every_schema_and_field_is_described():
    schemas = SPEC["components"]["schemas"].items()
    objects = [(name, one) for name, one in schemas if one["type"] == "object"]
    assert [name for name, one in objects if not told(one["description"])] == []
    assert [name for name, one in fields() if not told(one["description"])] == []


def test_every_answer_and_header_is_described():
    for path, item in SPEC["paths"].items():
        for header, described in item["get"]["responses"]["200"]["headers"].items():
            assert told(described["description"]), (path, header)
    for name, response in SPEC["components"]["responses"].items():
        assert told(response["description"]), name


def test_every_parameter_has_an_example():
    without = [name for name, one in PARAMETERS.items() if "example" not in one]
    assert {name.split()[1] for name in without} == {"cursor", "since"}
    assert all(in_words(PARAMETERS[name]) for name in without)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_operation_has_a_call_that_finds_something(
    shipped: FlaskClient, operation: Operation
):
    (call,) = SPEC["paths"][operation.path]["get"]["x-codeSamples"]
    curl, silent, url = shlex.split(call["source"])
    assert (curl, silent) == ("curl", "-s")
    with shipped.get(url.removeprefix("http://127.0.0.1:8000")) as response:
        assert response.status_code == 200, response.text
        found = response.json if response.is_json else {"data": response.text.splitlines()}
    assert found.get("data", found) or operation.id in EMPTY


@pytest.mark.parametrize("operation", PAGED, ids=lambda operation: operation.id)
def test_a_cursor_is_what_the_page_before_gave(shipped: FlaskClient, operation: Operation):
    example = in_words(PARAMETERS[f"{operation.path} cursor"])
    answer = shipped.get(operation.url, query_string={"limit": 1, "cursor": example})
    assert answer.json["code"] == "bad-cursor"
    cursor = shipped.get(operation.url, query_string={"limit": 1}).json["meta"]["next_cursor"]
    if cursor:
        form = re.compile("[A-Za-z0-9_-]{12,}")
        assert form.fullmatch(example)
        assert form.fullmatch(cursor)
        answer = shipped.get(operation.url, query_string={"limit": 1, "cursor": cursor})
        assert answer.status_code == 200


def test_a_version_of_the_dataset_is_what_an_answer_named(shipped: FlaskClient):
    example = in_words(PARAMETERS["/v1/changes since"])
    assert shipped.get("/v1/changes", query_string={"since": example}).json["code"] == "resync"
    named = shipped.get("/v1").json["dataset"]
    assert shipped.get("/v1/changes", query_string={"since": named}).json["data"] == []
    assert all(re.fullmatch("[0-9a-f]{16}-[0-9]+", one) for one in (example, named))
