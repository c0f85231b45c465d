"""Methods, and the headers that let browsers on other origins read every response."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.http.paths import PATHS
from tests.api.http.problems import make_claims_fail, problem_of


class TestMethods:
    @pytest.mark.parametrize("path", [*PATHS, "", "problems/not-found", "openapi.json"])
    @pytest.mark.parametrize("prefix", ["/v1/", "/"])
    def test_head_returns_the_headers_of_get_without_a_body(
        self, world: FlaskClient, prefix: str, path: str
    ):
        url = f"{prefix}{path}"
        if len(url) > 1:
            url = url.rstrip("/")
        headers = {"X-Request-ID": "a"}
        get, head = world.get(url, headers=headers), world.head(url, headers=headers)
        assert (head.status_code, head.data) == (get.status_code, b"")
        assert dict(head.headers) == dict(get.headers)

    def test_head_links_the_next_page(self, world: FlaskClient):
        url = "/v1/claims?limit=1"
        assert world.head(url).headers["Link"] == world.get(url).headers["Link"]

    @pytest.mark.parametrize("url", ["/v1/nothing", "/v1/actors/nobody", "/v1/claims?limit=0"])
    def test_head_of_a_problem_has_its_status_and_type(self, world: FlaskClient, url: str):
        get, head = world.get(url), world.head(url)
        assert (head.status_code, head.data) == (get.status_code, b"")
        assert head.content_type == "application/problem+json"

    @pytest.mark.parametrize("path", [*PATHS, "", "problems/not-found", "openapi.json", "docs"])
    def test_options_lists_the_methods(self, world: FlaskClient, path: str):
        response = world.options(f"/v1/{path}".rstrip("/"))
        assert (response.status_code, response.data) == (204, b"")
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"

    @pytest.mark.parametrize("path", ["/", "/claims", "/actors/rutte", "/healthz", "/readyz"])
    def test_options_of_an_alias_lists_the_methods(self, world: FlaskClient, path: str):
        response = world.options(path)
        assert (response.status_code, response.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")

    def test_options_of_an_unknown_path_is_not_found(self, world: FlaskClient):
        problem_of(world.options("/v1/nothing"), "not-found")

    def test_a_preflight_request_is_allowed(self, world: FlaskClient):
        headers = {
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
            "Accept": "image/png",
        }
        response = world.options("/v1/claims", headers=headers)
        assert response.status_code == 204
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]
        assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
    @pytest.mark.parametrize("path", ["/v1/claims", "/claims", "/v1/actors/rutte", "/v1", "/",
                                      "/v1/events/summit/claims", "/healthz", "/v1/openapi.json",
                                      "/v1/docs", "/v1/problems/not-found"])  # fmt: skip
    def test_methods_that_write_are_not_allowed(self, world: FlaskClient, path: str, method: str):
        response = world.open(path, method=method)
        problem_of(response, "method-not-allowed")
        assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


class TestCrossOriginHeaders:
    EXPOSED = {"ETag", "Link", "Content-Location", "Retry-After", "X-Request-ID"}

    @pytest.mark.parametrize(
        ("url", "status"),
        [
            ("/v1/claims", 200),
            ("/claims", 200),
            ("/v1/claims/", 308),
            ("/v1/actors/m-rutte", 308),
            ("/v1/claims?colour=red", 400),
            ("/v1/nothing", 404),
            ("/v1/claims?limit=0", 422),
            ("/healthz", 200),
            (f"/v1/claims?actor={'a' * 10_000}", 414),
        ],
    )
    def test_every_status_has_the_headers(self, world: FlaskClient, url: str, status: int):
        response = world.get(url, headers={"Origin": "https://example.org"})
        assert response.status_code == status
        self.check(response)

    def test_304_405_406_and_500_have_the_headers(
        self, app: Flask, world: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ):
        tag = world.get("/v1/claims").headers["ETag"]
        self.check(world.get("/v1/claims", headers={"If-None-Match": tag}))
        self.check(world.post("/v1/claims"))
        self.check(world.get("/v1/claims", headers={"Accept": "image/png"}))
        make_claims_fail(app, monkeypatch, RuntimeError())
        self.check(world.get("/v1/claims"))

    def check(self, response: TestResponse) -> None:
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
        assert set(exposed) >= self.EXPOSED
