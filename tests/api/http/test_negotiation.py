"""Content negotiation by the Accept header."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from api.formats import FORMATS
from tests.api.http.problems import problem_of

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


class TestNegotiation:
    @pytest.mark.parametrize(
        "accept",
        [
            None,
            "",
            "*/*",
            BROWSER,
            "application/json",
            "application/*",
            "APPLICATION/JSON",
            "application/json;q=0.1",
            "application/json; charset=utf-8",
            "image/png, application/json;q=0.5",
            "text/html, */*;q=0.1",
            "application/problem+json, application/json",
            "image/png;q=0, */*",
        ],
    )
    def test_a_header_that_accepts_json_gets_json(self, world: FlaskClient, accept: str | None):
        headers = {} if accept is None else {"Accept": accept}
        for path in ("/v1/claims", "/v1/actors/rutte", "/v1", "/claims"):
            response = world.get(path, headers=headers)
            assert (response.status_code, response.content_type) == (200, "application/json")

    @pytest.mark.parametrize(
        "accept",
        ["image/png", "text/plain", "application/xml", "application/json;q=0", "*/*;q=0", "image/*",
         "application/jsonp", "image/png, application/json;q=0.0"],
    )  # fmt: skip
    def test_a_header_that_refuses_json_gets_406(self, world: FlaskClient, accept: str):
        for path in ("/v1/claims", "/v1/actors/rutte", "/v1", "/claims"):
            problem_of(world.get(path, headers={"Accept": accept}), "not-acceptable")

    def test_a_header_that_refuses_json_alone_gets_another_format(self, world: FlaskClient):
        response = world.get("/v1/claims", headers={"Accept": "application/json;q=0, */*"})
        assert response.status_code == (200 if len(FORMATS) > 1 else 406)
        assert response.content_type != "application/json"

    def test_a_problem_is_json_whatever_the_header_accepts(self, world: FlaskClient):
        problem_of(world.get("/v1/nothing", headers={"Accept": "image/png"}), "not-found")
        problem_of(world.post("/v1/claims", headers={"Accept": "image/png"}), "method-not-allowed")
