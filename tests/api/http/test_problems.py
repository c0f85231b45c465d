"""Problems for unknown ids and paths, and the page of each problem code."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from api.http import problems
from tests.api.http.problems import CODES, problem_of


class TestNotFound:
    @pytest.mark.parametrize(
        ("url", "type", "suggestion"),
        [
            ("actors/ruttte", "actor", "rutte"),
            ("actors/mark-rutte", "actor", "rutte"),
            ("actors/recep-erdogan", "actor", "erdogan"),
            ("actors/Rutte", "actor", "rutte"),
            ("organizations/natoo", "organization", "nato"),
            ("organizations/turkey", "organization", "tuerkiye"),
            ("events/sumit", "event", "summit"),
            ("sources/blogg", "source", "blog"),
            ("topics/defense", "topic", "defence"),
            ("topics/spendings", "topic", "spending"),
            ("positions/five-percents", "position", "five-percent"),
            ("claims/spent", "claim", "spend"),
            ("claims/comunique", "claim", "communique"),
            # no name is similar, but an id is
            ("sources/AA", "source", "aa"),
            ("organizations/turkish-mfo", "organization", "turkish-mfa"),
            ("claims/SPEND", "claim", "spend"),
            ("actors/ruttte/claims", "actor", "rutte"),
            ("organizations/natoo/claims", "organization", "nato"),
            ("events/sumit/claims", "event", "summit"),
            ("actors/zzzzzz", "actor", None),
            ("claims/zzzzzz", "claim", None),
            ("actors/nato", "actor", None),
        ],
    )
    def test_an_unknown_id_suggests_the_nearest_record(
        self, world: FlaskClient, url: str, type: str, suggestion: str | None
    ):
        for prefix in ("/v1/", "/"):
            problem = problem_of(world.get(prefix + url), "not-found")
            id = url.split("/")[1]
            (error,) = problem["errors"]
            assert error["parameter"] == "id"
            assert (error["value"], error["suggestion"]) == (id, suggestion)
            assert id in problem["detail"]
            assert type in problem["detail"]
            assert suggestion is None or suggestion in problem["detail"]

    @pytest.mark.parametrize(
        ("path", "suggestion"),
        [
            ("/v1/claim", "/v1/claims"),
            ("/v1/actor", "/v1/actors"),
            ("/organisations", "/v1/organizations"),
            ("/v1/claimss", "/v1/claims"),
            ("/openapi.yaml", "/v1/openapi.json"),
        ],
    )
    def test_an_unknown_path_suggests_the_nearest_route(
        self, world: FlaskClient, path: str, suggestion: str
    ):
        assert suggestion in problem_of(world.get(path), "not-found")["detail"]

    @pytest.mark.parametrize(
        "path", ["/v1/claims/spend/reports/1", "/v2", "/favicon.ico", "/v1/actors/rutte/nothing"]
    )
    def test_a_path_without_a_near_route_is_not_found(self, world: FlaskClient, path: str):
        problem_of(world.get(path), "not-found")

    def test_an_unknown_problem_code_suggests_the_nearest(self, world: FlaskClient):
        (error,) = problem_of(world.get("/v1/problems/not-fond"), "not-found")["errors"]
        assert (error["parameter"], error["value"]) == ("code", "not-fond")
        assert error["suggestion"] == "not-found"

    @pytest.mark.parametrize("id", ["a" * 5000, "%25", "a%20b", "%F0%9F%98%80", "'", "-", "*", "1"])
    def test_unusual_ids_are_not_found(self, world: FlaskClient, id: str):
        for path in ("claims", "actors", "topics"):
            problem_of(world.get(f"/v1/{path}/{id}"), "not-found")


class TestProblemCodes:
    @pytest.mark.parametrize("code", CODES)
    def test_each_code_has_a_page(self, world: FlaskClient, code: str):
        page = world.get(f"/v1/problems/{code}").json
        assert set(page) == {"code", "status", "title", "meaning"}
        assert (page["code"], page["status"]) == (code, CODES[code])
        assert page["title"]
        assert page["meaning"].endswith(".")

    def test_there_are_no_other_codes(self):
        assert {code: problem.status for code, problem in problems.CODES.items()} == CODES
