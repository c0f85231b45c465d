"""Unknown, repeated, empty, long and invalid parameters."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.http.paths import PATHS, RECORD_PATHS
from tests.api.http.problems import problem_of
from tests.api.world import FULL, LISTS, NESTED

# by the first part of a path
IDS = {**FULL, "reconcile": "actor:rutte"}

NO_API = ("/healthz", "/readyz", "/static/<name>", "/robots.txt", "/sitemap.xml")


def readable_paths(app: Flask) -> list[str]:
    """Every path of the API that answers GET, with ids of the test world; without docs."""
    paths = []
    for rule in app.url_map.iter_rules():
        path = str(rule)
        if "docs" in path or path in NO_API or "GET" not in (rule.methods or ()):
            continue
        kind = path.removeprefix("/v1").strip("/").split("/")[0]
        paths.append(path.replace("<id>", IDS.get(kind, "")).replace("<code>", "not-found"))
    assert not [path for path in paths if "<" in path]
    return sorted(paths)


# OpenRefine sends an empty type for all types
WITHOUT_TYPE = ("/v1/reconcile/properties?", "type")
# of parameters that take fewer or more values than others
MAX_VALUES: dict[object, int] = {
    "id": 100, ("/v1/graph", "around"): 20,
    ("/v1/compare", "actor"): 10, ("/v1/compare", "organization"): 10,
}  # fmt: skip
# paths that answer documents take it, and the specification lacks it
FIELDS = {"name": "fields", "schema": {"type": "array", "maxItems": 50}}


def query_parameters(app: Flask) -> list[tuple[str, dict]]:
    """Every query parameter, as the specification describes it, with the beginning of a URL.

    The URL has the other parameters that its path requires.
    """
    parameters = []
    for path, operations in app.config["SPECIFICATION"]["paths"].items():
        kind = path.removeprefix("/v1").strip("/").split("/")[0]
        url = path.replace("{id}", IDS.get(kind, ""))
        specified = [
            parameter
            for parameter in operations["get"].get("parameters", ())
            if parameter["in"] == "query"
        ]
        for parameter in specified:
            required = {
                specified_parameter["name"]: specified_parameter["example"]
                for specified_parameter in specified
                if specified_parameter.get("required") and specified_parameter is not parameter
            }
            beginning = f"{urlencode(required, doseq=True)}&" if required else ""
            parameters.append((f"{url}?{beginning}", parameter))
        if "include" in {parameter["name"] for parameter in specified}:
            parameters.append((f"{url}?", FIELDS))
    return parameters


def differences(client: FlaskClient, url: str, code: str, name: str) -> list[tuple]:
    """The response to a URL, unless it is a problem of this code about this parameter."""
    response = client.get(url)
    if response.status_code != 200 and response.json["code"] == code:
        problem_of(response, code)
        if [error["parameter"] for error in response.json["errors"]] == [name]:
            return []
    return [(url, response.status_code, response.text[:200])]


class TestNames:
    def test_every_route_refuses_unknown_parameters(self, app: Flask, world: FlaskClient):
        paths = readable_paths(app)
        assert len(paths) > 2 * len(PATHS)
        failures = []
        for path in paths:
            for query in ("colour=red", "=", "Limit=1", "limit[]=1", "actor.name=x"):
                name = query.partition("=")[0]
                failures += differences(world, f"{path}?{query}", "unknown-parameter", name)
        assert failures == []

    def test_a_single_record_takes_no_parameters_of_lists(self, world: FlaskClient):
        for path in RECORD_PATHS:
            for name in ("limit", "sort", "cursor", "id", "actor"):
                problem_of(world.get(f"/v1/{path}?{name}=1"), "unknown-parameter")


class TestValues:
    def test_every_parameter_refuses_empty_values(self, app: Flask, world: FlaskClient):
        failures = []
        for url, parameter in query_parameters(app):
            name = parameter["name"]
            if (url, name) == WITHOUT_TYPE:
                continue
            for value in (f"{name}=", f"{name}=%20%09"):
                failures += differences(world, f"{url}{value}", "invalid-value", name)
        assert failures == []

    def test_an_empty_value_beside_a_valid_one_is_refused(self, world: FlaskClient):
        (error,) = problem_of(world.get("/v1/claims?actor=rutte&actor="), "invalid-value")["errors"]
        assert (error["parameter"], error["value"]) == ("actor", "")

    SINGLE_VALUED = {
        "limit",
        "cursor",
        "count",
        "sort",
        "updated_since",
        "from_date",
        "to_date",
        "as_of",
    }

    def test_a_parameter_with_one_value_is_not_repeated(self, app: Flask, world: FlaskClient):
        tested, failures = set(), []
        for url, parameter in query_parameters(app):
            name = parameter["name"]
            if parameter["schema"].get("type") == "array":
                continue
            tested.add(name)
            for query in (f"{name}=1&{name}=2", f"{name}=1&{name}=1", f"{name}=&{name}="):
                failures += differences(world, f"{url}{query}", "repeated-parameter", name)
        assert failures == []
        assert tested >= self.SINGLE_VALUED

    def test_more_values_than_the_limit_are_refused(self, app: Flask, world: FlaskClient):
        failures = []
        for url, parameter in query_parameters(app):
            name = parameter["name"]
            if parameter["schema"].get("type") != "array":
                continue
            path = url.partition("?")[0]
            limit = MAX_VALUES.get((path, name)) or MAX_VALUES.get(name, 50)
            if url == "/v1/compare" and name in ("actor", "organization"):
                limit = 10
            if parameter["schema"]["maxItems"] != limit:
                failures.append((url, name, parameter["schema"]["maxItems"]))
            query = "&".join(f"{name}={n}" for n in range(limit + 1))
            failures += differences(world, f"{url}{query}", "invalid-value", name)
        assert failures == []

    @pytest.mark.parametrize(("name", "limit"), [("actor", 50), ("about", 50), ("id", 100),
                                                ("identifier", 50), ("place", 50)])  # fmt: skip
    def test_as_many_values_as_the_limit_are_accepted(
        self, world: FlaskClient, name: str, limit: int
    ):
        query = "&".join(f"{name}=a:{n}" for n in range(limit))
        assert world.get(f"/v1/claims?{query}").status_code == 200

    def test_every_parameter_refuses_long_values(self, app: Flask, world: FlaskClient):
        failures = []
        for url, parameter in query_parameters(app):
            name = parameter["name"]
            if name not in ("cursor", "q"):
                failures += differences(world, f"{url}{name}={'x' * 403}", "invalid-value", name)
        assert failures == []

    @pytest.mark.parametrize("name", ["actor", "about", "source", "place", "coder", "id"])
    def test_201_characters_are_refused(self, world: FlaskClient, name: str):
        (error,) = problem_of(world.get(f"/v1/claims?{name}={'x' * 201}"), "invalid-value")[
            "errors"
        ]
        assert error["parameter"] == name
        assert len(error["value"]) <= 201

    @pytest.mark.parametrize("name", ["actor", "about", "source", "place", "coder", "id"])
    def test_200_characters_are_accepted(self, world: FlaskClient, name: str):
        assert world.get(f"/v1/claims?{name}={'%C3%A9' * 200}").status_code == 200

    @pytest.mark.parametrize("limit", ["0", "-1", "201", "1e9", "999999999999999999999", "%D9%A1",
                                       "1.0", "1.5", "%2B5", "0x10", "ten", "1_0", "%201", "1%0A",
                                       "9223372036854775808", "null", "-0"])  # fmt: skip
    @pytest.mark.parametrize("path", [*LISTS, *NESTED])
    def test_an_invalid_limit_is_refused(self, world: FlaskClient, path: str, limit: str):
        (error,) = problem_of(world.get(f"/v1/{path}?limit={limit}"), "invalid-value")["errors"]
        assert error["parameter"] == "limit"

    @pytest.mark.parametrize("limit", ["1", "200"])
    def test_the_smallest_and_the_largest_limit_are_accepted(self, world: FlaskClient, limit: str):
        assert world.get(f"/v1/claims?limit={limit}").status_code == 200

    @pytest.mark.parametrize(
        ("query", "name", "suggestion"),
        [
            ("count=all", "count", None),
            ("count=exactly", "count", "exact"),
            ("sort=name", "sort", None),
            ("sort=dates", "sort", "date"),
            ("sort=%2Bdate", "sort", "date"),
            ("sort=date,id", "sort", None),
            ("sort=--date", "sort", "-date"),
            ("form=speach", "form", "speech"),
        ],
    )
    def test_a_word_outside_a_closed_list_is_refused(
        self, world: FlaskClient, query: str, name: str, suggestion: str | None
    ):
        (error,) = problem_of(world.get(f"/v1/claims?{query}"), "invalid-value")["errors"]
        assert error["parameter"] == name
        if suggestion:
            assert error["suggestion"] == suggestion
