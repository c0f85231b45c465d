"""openapi.yaml describes every response, in a form from which clients can be generated."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from api.formats import FORMATS
from api.formats.base import ObjectFormat
from api.http.problems import CODES
from api.openapi.specification import as_yaml
from models.database.connection import fetch_all
from tests.api.openapi.operations import examples_of, required_query
from tests.api.world import FULL, LISTS, NESTED, forget
from tests.serving import ROOT

SPEC = yaml.load((ROOT / "openapi.yaml").read_text(), Loader=yaml.CSafeLoader)
OPERATIONS = {
    f"{method} {path}": operation
    for path, item in SPEC["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
}
# parameters of queries
REQUIRED = {
    ("/v1/search", "q"), ("/v1/autocomplete", "q"), ("/v1/graph", "around"),
    ("/v1/networks/one-mode/edge", "a"), ("/v1/networks/one-mode/edge", "b"),
}  # fmt: skip
LIST_PATHS = [f"/v1/{path}" for path in LISTS] + [
    f"/v1/{path}/{{id}}/claims" for path in ("actors", "organizations", "events")
]
POST_PATHS = ["/v1/resolve", "/v1/reconcile"]
# parameters that the specification leaves out
WITH_HIDDEN_PARAMETERS = {"/v1/reconcile"}
SINGLE_PATHS = [f"/v1/{path}/{{id}}" for path in LISTS]
SCHEMAS = {
    "actors": "Actor",
    "organizations": "Organization",
    "events": "Event",
    "sources": "Source",
    "topics": "Topic",
    "positions": "Position",
    "claims": "Claim",
}


def nodes(tree: Any, path: str = "") -> Iterator[tuple[str, dict]]:
    """Every object of a document, with its path."""
    if isinstance(tree, dict):
        yield path, tree
        for name, value in tree.items():
            yield from nodes(value, f"{path}/{name}")
    elif isinstance(tree, list):
        for n, value in enumerate(tree):
            yield from nodes(value, f"{path}/{n}")


def parameters_of(path: str) -> list[dict]:
    """All parameters of a path's GET."""
    item = SPEC["paths"][path]
    return [*item.get("parameters", ()), *item["get"].get("parameters", ())]


def named_parameter(path: str, name: str) -> list[dict]:
    """The parameter of a path's GET with this name; none where it has none."""
    return [parameter for parameter in parameters_of(path) if parameter["name"] == name]


def url_of(path: str) -> str:
    """A path of the specification, with the examples of its parameters."""
    for parameter in parameters_of(path):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
    return path


# what a parameter needs beside it
COMPANIONS = {"step": {"window": "P30D"}}


def closed(spec: dict) -> dict:
    """The specification, with objects that have no further members."""
    strict = copy.deepcopy(spec)
    for _, node in nodes(strict["components"]["schemas"]):
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            node["additionalProperties"] = False
    return strict


def with_absolute_references(schema: Any) -> Any:
    """A schema that refers to the specification by its URN."""
    if isinstance(schema, dict):
        return {
            name: f"urn:spec{value}" if name == "$ref" else with_absolute_references(value)
            for name, value in schema.items()
        }
    return (
        [with_absolute_references(item) for item in schema] if isinstance(schema, list) else schema
    )


def registry_of(spec: dict) -> Registry:
    return Registry().with_resource("urn:spec", Resource(contents=spec, specification=DRAFT202012))


OPEN, STRICT = registry_of(SPEC), registry_of(closed(SPEC))


def validator(schema: dict) -> Draft202012Validator:
    return Draft202012Validator(with_absolute_references(schema), registry=OPEN)


@cache
def component(name: str, *, strict: bool = False) -> Draft202012Validator:
    reference = {"$ref": f"urn:spec#/components/schemas/{name}"}
    return Draft202012Validator(reference, registry=STRICT if strict else OPEN)


def check(name: str, document: Any) -> None:
    """Check that a document is valid, and that its schema names all members."""
    for strict in (False, True):
        errors = [
            f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
            for error in component(name, strict=strict).iter_errors(document)
        ]
        assert errors == []


class TestFile:
    def test_the_file_is_what_the_application_generates(self, app: Flask):
        assert app.config["SPECIFICATION"] == SPEC
        assert (ROOT / "openapi.yaml").read_text() == as_yaml(app)

    def test_the_version_is_openapi_3_1(self):
        assert re.fullmatch(r"3\.1\.\d", SPEC["openapi"])

    def test_the_file_has_every_versioned_path_and_no_other(self, app: Flask):
        served = {
            re.sub("<(?:[a-z]+:)?([a-z]+)>", r"{\1}", str(rule))
            for rule in app.url_map.iter_rules()
            if str(rule).startswith("/v1")
        }
        unspecified = {path for path in served if re.match("/v1/(docs|openapi)", path)}
        assert set(SPEC["paths"]) == served - unspecified
        assert set(SPEC["paths"]) >= {"/v1", "/v1/problems/{code}", *LIST_PATHS, *SINGLE_PATHS}
        assert all(set(item) <= {"get", "post", "parameters"} for item in SPEC["paths"].values())
        assert [path for path, item in SPEC["paths"].items() if "post" in item] == POST_PATHS

    def test_every_reference_has_a_target(self):
        for path, node in nodes(SPEC):
            if "$ref" in node:
                target: Any = SPEC
                for part in node["$ref"].removeprefix("#/").split("/"):
                    assert part in target, (path, node["$ref"])
                    target = target[part]

    def test_every_schema_is_used(self):
        used = {node["$ref"].split("/")[-1] for _, node in nodes(SPEC) if "$ref" in node}
        assert set(SPEC["components"]["schemas"]) <= used

    def test_every_schema_is_valid(self):
        for name in SPEC["components"]["schemas"]:
            Draft202012Validator.check_schema(SPEC["components"]["schemas"][name])


class TestOperations:
    def test_operation_ids_are_unique_words(self):
        ids = Counter(operation.get("operationId") for operation in OPERATIONS.values())
        assert None not in ids
        assert set(ids.values()) == {1}
        assert all(re.fullmatch("[a-z]+(_[a-z]+)+", id) for id in ids)

    @pytest.mark.parametrize("name", OPERATIONS)
    def test_every_operation_has_a_summary_and_a_tag(self, name: str):
        operation = OPERATIONS[name]
        assert operation["summary"].endswith(".")
        (tag,) = operation["tags"]
        assert tag in {spec_tag["name"] for spec_tag in SPEC["tags"]}

    def test_every_tag_is_described(self):
        assert all(tag["description"] for tag in SPEC["tags"])

    @pytest.mark.parametrize("path", SPEC["paths"])
    def test_every_parameter_is_described(self, path: str):
        for parameter in parameters_of(path):
            name = parameter["name"]
            assert parameter.get("description", "").endswith("."), name
            assert parameter["schema"], name
            required = parameter["in"] == "path" or (path, name) in REQUIRED
            assert parameter.get("required", False) == required, name

    @pytest.mark.parametrize("path", SPEC["paths"])
    def test_every_filter_has_a_valid_example(self, path: str):
        problems = []
        for parameter in parameters_of(path):
            name = parameter["name"]
            value_schema = parameter["schema"].get("items", parameter["schema"])
            examples: list = examples_of(parameter)
            if value_schema.get("type") in ("integer", "number"):
                examples = [int(example) for example in examples]
            # a component lists or shows the values itself
            if parameter["in"] == "query" and "$ref" not in value_schema:
                assert value_schema.get("examples", []) == examples, name
            for example in examples:
                errors = validator(value_schema).iter_errors(example)
                problems += [f"{name}: {error.message}" for error in errors]
            if not examples and name not in ("cursor", "since"):
                problems.append(f"{name}: no example")
        assert problems == []

    @pytest.mark.parametrize("path", SPEC["paths"])
    def test_a_parameter_is_a_string_a_number_or_a_list(self, path: str):
        for parameter in parameters_of(path):
            name, schema = parameter["name"], parameter["schema"]
            if schema.get("type") == "array":
                assert (parameter["style"], parameter["explode"]) == ("form", True), name
                assert schema["maxItems"], name
                schema = schema["items"]
            if "$ref" in schema:
                schema = SPEC["components"]["schemas"][schema["$ref"].split("/")[-1]]
            assert schema["type"] in ("string", "integer", "number"), name

    def test_no_path_specifies_fields(self):
        # typed clients rely on whole documents
        specified = [path for path in SPEC["paths"] if named_parameter(path, "fields")]
        assert specified == []
        assert [name for name in SPEC["components"]["schemas"] if name.endswith("Field")] == []

    @pytest.mark.parametrize(
        "path", [path for path in SPEC["paths"] if named_parameter(path, "include")]
    )
    def test_every_list_and_record_takes_fields(self, shipped: FlaskClient, path: str):
        whole = shipped.get(url_of(path)).json
        sparse = shipped.get(url_of(path), query_string={"fields": "updated_at"}).json
        whole, sparse = (answer.get("data", [answer]) for answer in (whole, sparse))
        assert whole
        assert sparse == [
            {"id": document["id"], "updated_at": document["updated_at"]} for document in whole
        ]
        response = shipped.get(url_of(path), query_string={"fields": "colour"})
        assert (response.status_code, response.json["code"]) == (422, "invalid-value")

    # (parameter, valid values, invalid values)
    PATTERNS = [
        ("identifier", ["wikidata:Q57792", "a:b:c"], ["wikidata", ":Q1", "wikidata:"]),
        ("language", ["en", "!en-GB", "zh-Hant", "!deu"], ["e", "english", "en_GB", "!!en", "!"]),
        (
            "updated_since",
            ["2026-01-02", "2026-01-02T03:04:05.1Z", "2026-01-02T03:04:05+05:30"],
            ["2026", "2026-1-2", "2026-13-01", "2026-01-02T24:00:00Z", "2026-01-02T03:04:05+0000"],
        ),
        ("date", ["2025", "2025-05", "2025-05-14"], ["25", "2025-13", "2025-5", "2025-05-32"]),
    ]  # fmt: skip

    @pytest.mark.parametrize(
        ("name", "valid", "invalid"), PATTERNS, ids=lambda value: str(value)[:20]
    )
    def test_a_pattern_accepts_the_values_that_the_api_accepts(
        self, world: FlaskClient, name: str, valid: list[str], invalid: list[str]
    ):
        (parameter,) = named_parameter("/v1/claims", name)
        schema = validator(parameter["schema"].get("items", parameter["schema"]))
        for value in (*valid, *invalid):
            assert schema.is_valid(value) == (value in valid), value
            status = world.get("/v1/claims", query_string={name: value}).status_code
            assert status == (200 if value in valid else 422), value

    @pytest.mark.parametrize("path", SPEC["paths"])
    def test_every_path_names_its_statuses(self, path: str):
        responses = SPEC["paths"][path]["get"]["responses"]
        expected = {"200", "304", "400", "406", "414", "500", "503"}
        queries = [parameter for parameter in parameters_of(path) if parameter["in"] == "query"]
        if queries or path in WITH_HIDDEN_PARAMETERS:
            expected.add("422")
        if "{" in path:
            expected |= {"404"}
        if "{id}" in path:
            expected |= {"308"}
        if path == "/v1/changes":
            expected |= {"410"}
        assert set(responses) - {"308"} == expected - {"308"}
        assert set(responses) >= expected
        for status, response in responses.items():
            if int(status) >= 400:
                assert response == {"$ref": f"#/components/responses/Problem{status}"}

    @pytest.mark.parametrize("path", POST_PATHS)
    def test_a_post_names_its_statuses_and_its_body(self, path: str):
        operation = SPEC["paths"][path]["post"]
        failures = {"400", "406", "413", "414", "415", "422", "500", "503"}
        assert set(operation["responses"]) == {"200"} | failures
        assert "headers" not in operation["responses"]["200"]
        assert operation["requestBody"]["required"]
        (content,) = operation["requestBody"]["content"].values()
        assert set(content["schema"]) == {"$ref"}
        assert validator(content["schema"]).is_valid(content["example"])

    def test_problem_responses_refer_to_the_problem_schema(self):
        for name, response in SPEC["components"]["responses"].items():
            assert response["description"]
            if name.startswith("Problem"):
                assert response["content"] == {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }

    @pytest.mark.parametrize("path", [*LIST_PATHS, *SINGLE_PATHS])
    def test_responses_refer_to_named_schemas(self, path: str):
        response = SPEC["paths"][path]["get"]["responses"]["200"]
        kind = "claims" if path.endswith("/claims") else path.split("/")[2]
        name = SCHEMAS[kind] + ("Page" if path in LIST_PATHS else "Record")
        assert response["content"] == {
            "application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}
        }
        headers = {"ETag", "Content-Location"} | ({"Link"} if path in LIST_PATHS else set())
        assert set(response["headers"]) == headers

    @pytest.mark.parametrize("path", [*LIST_PATHS, *SINGLE_PATHS])
    def test_the_parameter_format_describes_the_other_formats(self, path: str):
        (parameter,) = named_parameter(path, "format")
        component = "ListFormat" if path in LIST_PATHS else "DocumentFormat"
        assert parameter["schema"] == {"$ref": f"#/components/schemas/{component}"}
        names = SPEC["components"]["schemas"][component]["enum"]
        formats = [
            format for format in FORMATS if path in LIST_PATHS or isinstance(format, ObjectFormat)
        ]
        assert names == [format.name for format in formats]
        for format in formats:
            media_type = format.media_type.partition(";")[0]
            assert f"`{format.name}` {media_type}" in parameter["description"]

    def test_the_export_is_binary(self):
        content = SPEC["paths"]["/v1/export"]["get"]["responses"]["200"]["content"]
        assert content == {
            "application/jsonl": {
                "schema": {
                    "type": "string",
                    "format": "binary",
                    "description": "One record a line, as the seed files have it; "
                    "then the end line.",
                }
            }
        }


class TestSchemas:
    def test_no_schema_forbids_further_members(self):
        for path, node in nodes(SPEC):
            assert node.get("additionalProperties") is not False, path
            assert "unevaluatedProperties" not in node, path

    def test_enums_are_components_whose_values_have_names(self):
        enums = {}
        for path, node in nodes(SPEC):
            if isinstance(node.get("enum"), list):
                assert re.fullmatch("/components/schemas/[A-Za-z]+", path), path
                enums[path.split("/")[-1]] = node
        for name, node in enums.items():
            names = node["x-enum-varnames"]
            assert node["type"] == "string", name
            assert len(names) == len(node["enum"]) == len(set(names)), name
            assert all(re.fullmatch("[A-Z][A-Z0-9_]*", varname) for varname in names), name
        assert {"ClaimSort", "Status", "Stance", "Form", "ActorKind", "EventKind"} <= set(enums)

    def test_descending_orders_have_names(self):
        sort = SPEC["components"]["schemas"]["ClaimSort"]
        names = dict(zip(sort["enum"], sort["x-enum-varnames"], strict=True))
        assert names == {
            "date": "DATE",
            "-date": "DATE_DESC",
            "independent_publishers": "INDEPENDENT_PUBLISHERS",
            "-independent_publishers": "INDEPENDENT_PUBLISHERS_DESC",
            "updated_at": "UPDATED_AT",
            "-updated_at": "UPDATED_AT_DESC",
            "id": "ID",
            "-id": "ID_DESC",
            "relevance": "RELEVANCE",
        }

    ENUMS = {
        "ActorKind": "person group unnamed",
        "OrganizationKind": "alliance state company media party government parliament court ngo"
        " committee international other",
        "EventKind": "summit meeting interview speech press-conference hearing debate conference"
        " vote election treaty conflict other",
        "SourceKind": "article transcript declaration post report broadcast dataset other",
        "Form": "interview speech debate declaration written-statement press-conference post vote"
        " protest legal-action other",
        "Status": "draft coded verified withdrawn",
        "Stance": "support oppose neutral",
        "Attribution": "direct indirect mixed",
        "RelationKind": "repeats supports contradicts qualifies responds-to retracts",
        "Direction": "out in",
        "Tier": "id name spelling words none",
        "PartyType": "actor organization",
        "Count": "exact none",
    }

    @pytest.mark.parametrize("name", ENUMS)
    def test_an_enum_has_exactly_its_words(self, name: str):
        assert set(SPEC["components"]["schemas"][name]["enum"]) == set(self.ENUMS[name].split())

    def test_dates_are_strings_of_reduced_precision(self):
        for path, node in nodes(SPEC):
            assert node.get("format") not in ("date", "date-time"), path
        schema = component("PartialDate")
        for valid in ("2025", "2025-05", "2025-05-14", "0001", "9999-12-31"):
            assert schema.is_valid(valid)
        for invalid in ("25", "2025-13", "2025-5", "2025-05-32", "2025-05-14T00:00", "x2025", None):
            assert not schema.is_valid(invalid)

    def test_a_nullable_object_is_a_union_of_a_reference_and_null(self):
        for path, node in nodes(SPEC["components"]["schemas"]):
            for union in ("anyOf", "oneOf"):
                if union in node:
                    reference, null = node[union]
                    assert set(reference) == {"$ref"}, path
                    assert null == {"type": "null"}, path
            assert "allOf" not in node, path

    def test_every_object_names_its_members(self):
        for path, node in nodes(SPEC):
            if node.get("type") == "object" or node.get("type") == ["object", "null"]:
                assert node.get("properties") or node.get("additionalProperties"), path

    def test_included_has_one_list_for_each_type(self):
        included = SPEC["components"]["schemas"]["Included"].get("properties", {})
        assert set(included) <= set(LISTS)
        for name, schema in included.items():
            assert schema["type"] == "array"
            assert schema["items"] == {"$ref": f"#/components/schemas/{SCHEMAS[name]}"}
        assert not SPEC["components"]["schemas"]["Included"].get("required")

    @pytest.mark.parametrize("name", SCHEMAS.values())
    def test_all_members_of_a_document_are_required_and_described(self, name: str):
        schema = SPEC["components"]["schemas"][name]
        optional = {"included"}
        assert set(schema["required"]) == set(schema["properties"]) - optional
        for member in schema["properties"].values():
            assert member["description"].endswith(".")


def stored_documents() -> list[tuple[str, bytes]]:
    """The type and the JSON of every document of the open dataset, including drafts."""
    return fetch_all("SELECT type, body FROM document JOIN record ON record.key = document.key")


class TestDocuments:
    @pytest.mark.parametrize("client_fixture", ["world", "shipped"])
    def test_every_stored_document_is_valid(
        self, request: pytest.FixtureRequest, client_fixture: str
    ):
        request.getfixturevalue(client_fixture)
        strict = {path: component(name, strict=True) for path, name in SCHEMAS.items()}
        counts = Counter()
        for type, body in stored_documents():
            errors = strict[f"{type}s"].iter_errors(orjson.loads(body))
            assert [error.message for error in errors] == []
            counts[f"{type}s"] += 1
        assert set(counts) == set(SCHEMAS)

    @pytest.mark.parametrize("path", FULL)
    def test_a_single_record_is_valid(self, world: FlaskClient, path: str):
        check(f"{SCHEMAS[path]}Record", world.get(f"/v1/{path}/{FULL[path]}").json)

    def test_a_single_record_with_related_ones_is_valid(self, world: FlaskClient):
        document = world.get("/v1/claims/spend?include=actor,source").json
        assert {*document["included"]} == {"actors", "sources"}
        check("ClaimRecord", document)

    QUERIES = ("", "limit=1", "limit=200", "count=none", "id=nothing", "limit=2&sort=-id")

    @pytest.mark.parametrize("path", [*LISTS, *NESTED])
    @pytest.mark.parametrize("client_fixture", ["world", "shipped"])
    def test_every_page_is_valid(
        self, request: pytest.FixtureRequest, client_fixture: str, path: str
    ):
        client = request.getfixturevalue(client_fixture)
        if client_fixture == "shipped" and path in NESTED:
            kind = path.partition("/")[0]
            (busiest,) = client.get(f"/v1/{kind}?sort=-claim_count&limit=1").json["data"]
            path = f"{kind}/{busiest['id']}/claims"
        kind = "claims" if path.endswith("claims") else path
        for query in self.QUERIES:
            page = client.get(f"/v1/{path}?{query}").json
            assert page["data"] or query == "id=nothing"
            check(f"{SCHEMAS[kind]}Page", page)

    @pytest.mark.parametrize(
        "url",
        [
            "claims?actor=isik&actor=nobody&actor=!rutte&topic=defence",
            "claims?actor=NATO&about=organization:natoo&country=Turkey&country=Turky",
            "claims?source=aa&publisher=anadolu&position=join&event=summit&addressee=erdogan",
        ],
    )
    def test_a_page_with_resolved_names_is_valid(self, world: FlaskClient, url: str):
        check("ClaimPage", world.get(f"/v1/{url}").json)

    def test_candidates_are_valid(self, world: FlaskClient):
        names = [("actor", "isik"), ("organization", "Turky"), ("about", "actor:rutte")]
        asked = [{"parameter": parameter, "name": name} for parameter, name in names]
        check("AskedNames", {"queries": asked})
        for answer in (
            world.get("/v1/resolve", query_string=names),
            world.post("/v1/resolve", json={"queries": asked}),
        ):
            assert all(resolved["candidates"] for resolved in answer.json["data"])
            check("ResolvedNames", answer.json)

    def test_answers_of_reconciliation_are_valid(self, world: FlaskClient):
        check("ReconciliationManifest", world.get("/v1/reconcile").json)
        check("EntityProperties", world.get("/v1/reconcile/properties?type=event").json)
        check("EntityProperties", world.get("/v1/reconcile/properties").json)
        check("ReconciledRecord", {"id": world.get("/v1/reconcile/topic:defence").json["id"]})
        queries = '{"a": {"query": "isik"}, "b": {"query": "Norway", "properties": [%s]}}'
        form = {"queries": queries % '{"pid": "country", "v": "NO"}'}
        results = world.post("/v1/reconcile", data=form).json
        assert all(result["result"] for result in results.values())
        check("ReconciliationResults", results)

    def test_the_root_is_valid(self, world: FlaskClient):
        check("Dataset", world.get("/v1").json)

    def test_the_pages_of_problem_codes_are_valid(self, world: FlaskClient):
        for code in CODES:
            check("ProblemCode", world.get(f"/v1/problems/{code}").json)

    @pytest.mark.parametrize(
        "url",
        [
            "claims?colour=red",
            "claims?actr=x&limt=1",
            "claims?limit=0&form=speach&date=never&actor=",
            "claims?limit=1&limit=2",
            "claims?actor=%FF",
            "claims?cursor=x",
            "claims/spent",
            "claim",
            "problems/nothing",
            f"claims?actor={'a' * 10_000}",
        ],
    )
    def test_problems_of_invalid_urls_are_valid(self, world: FlaskClient, url: str):
        response = world.get(f"/v1/{url}")
        assert response.status_code >= 400
        check("Problem", response.json)

    def test_problems_405_406_and_500_are_valid(
        self, app: Flask, world: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ):
        check("Problem", world.post("/v1/claims").json)
        check("Problem", world.get("/v1/claims", headers={"Accept": "image/png"}).json)

        def crash(**kwargs: object) -> None:
            raise RuntimeError

        forget(app, monkeypatch)
        monkeypatch.setitem(app.view_functions, "claims.get_claim", crash)
        check("Problem", world.get("/v1/claims/spend").json)


NAME_FILTERS = {
    *("actor", "organization", "event", "source", "publisher", "origin", "topic", "position"),
    *("about", "addressee", "claimant", "country", "parent"),
}


WITHOUT_RECORDS = ("identifier", "coder", "attribute", "reviewer", "rating", "verdict")


class TestExamples:
    @pytest.mark.parametrize("path", SPEC["paths"])
    def test_the_example_of_a_path_is_found(self, shipped: FlaskClient, path: str):
        response = shipped.get(url_of(path), query_string=required_query(path))
        assert response.status_code == 200, response.text

    @pytest.mark.parametrize("path", SPEC["paths"])
    def test_the_examples_of_parameters_are_accepted(self, shipped: FlaskClient, path: str):
        problems = []
        for parameter in parameters_of(path):
            if parameter["in"] == "path":
                continue
            name = parameter["name"]
            query = required_query(path, name) | COMPANIONS.get(name, {})
            query[name] = examples_of(parameter)
            response = shipped.get(url_of(path), query_string=query)
            if response.status_code != 200:
                problems.append(f"{name}: {response.json['detail']}")
            elif path == "/v1/resolve":
                tiers = {
                    candidate["tier"]
                    for resolved in response.json["data"]
                    for candidate in resolved["candidates"]
                }
                problems += [name for tier in {*tiers} or {None} if tier in ("suggestion", None)]
            elif name in NAME_FILTERS:
                resolutions = response.json["meta"]["resolved"][name]
                problems += [
                    f"{name}: {resolution['asked']}"
                    for resolution in resolutions
                    if resolution["tier"] == "none"
                ]
        assert problems == []

    @pytest.mark.parametrize("path", LISTS)
    def test_the_examples_of_filters_match_records(self, shipped: FlaskClient, path: str):
        without_records = []
        for parameter in parameters_of(f"/v1/{path}"):
            # the shipped records have neither external identifiers, coders, attributes nor reviews
            if parameter["name"] in WITHOUT_RECORDS:
                continue
            query = {parameter["name"]: examples_of(parameter)}
            if not shipped.get(f"/v1/{path}", query_string=query).json["data"]:
                without_records.append(parameter["name"])
        assert without_records == []
