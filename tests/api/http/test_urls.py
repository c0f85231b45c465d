"""Aliases without a version, redirects, and limits on URLs."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from tests.api.http.paths import PATHS
from tests.api.http.problems import problem_of
from tests.api.world import LISTS, NESTED


def get_raw_path(client: FlaskClient, path: str) -> TestResponse:
    """GET a path that neither the client nor the server normalizes."""
    environ = {"PATH_INFO": path, "QUERY_STRING": "", "RAW_URI": path, "REQUEST_URI": path}
    return client.get("/", environ_overrides=environ)


class TestAliases:
    @pytest.mark.parametrize(
        "path",
        [
            *PATHS,
            *(f"{path}?limit=2&count=none&sort=id&id=a%20b" for path in (*LISTS, *NESTED)),
            "problems/not-found",
            "openapi.json",
        ],
    )
    def test_an_alias_returns_the_same_body_and_its_versioned_url(
        self, world: FlaskClient, path: str
    ):
        versioned, alias = world.get(f"/v1/{path}"), world.get(f"/{path}")
        assert alias.status_code == versioned.status_code == 200
        assert alias.data == versioned.data
        assert alias.headers["ETag"] == versioned.headers["ETag"]
        assert alias.headers["Content-Location"] == f"/v1/{path}"
        assert "Content-Location" not in versioned.headers

    def test_the_root_is_an_alias_of_v1(self, world: FlaskClient):
        versioned, alias = world.get("/v1"), world.get("/")
        assert (alias.status_code, alias.data) == (200, versioned.data)
        assert alias.headers["ETag"] == versioned.headers["ETag"]
        assert alias.headers["Content-Location"] == "/v1"

    def test_content_location_keeps_the_query_as_sent(self, world: FlaskClient):
        response = world.get("/claims?topic=a&limit=50&actor=O%27Brien+%C3%A9")
        assert response.headers["Content-Location"] == (
            "/v1/claims?topic=a&limit=50&actor=O%27Brien+%C3%A9"
        )

    def test_bare_non_ascii_letters_are_percent_encoded(self, world: FlaskClient):
        """The application and the cached request encode them alike."""

        def headers(path: str, query: str) -> Headers:
            bare = {"QUERY_STRING": query, "SCRIPT_NAME": "/donn\xc3\xa9es"}
            return world.get(path, environ_overrides=bare).headers

        name, encoded = "actor=Erdo\xc4\x9fan", "actor=Erdo%C4%9Fan"
        for _ in range(2):
            location = headers("/claims", name)["Content-Location"]
            assert location == f"/donn%C3%A9es/v1/claims?{encoded}"
            link = headers("/claims", "limit=1")["Link"]
            assert link.startswith("</donn%C3%A9es/v1/claims?")
            location = headers("/claims/", name)["Location"]
            assert location == f"/donn%C3%A9es/claims?{encoded}"

    @pytest.mark.parametrize("path", ["v2/claims", "v1/v1/claims", "v1/healthz", "v1/readyz"])
    def test_other_versions_are_not_found(self, world: FlaskClient, path: str):
        problem_of(world.get(f"/{path}"), "not-found")

    def test_urls_begin_with_the_prefix_of_a_proxy(self, world: FlaskClient):
        def get(path: str) -> TestResponse:
            return world.get(path, environ_overrides={"SCRIPT_NAME": "/kb"})

        assert get("/v1/claims?limit=1").headers["Link"].startswith("</kb/v1/claims?")
        assert get("/claims").headers["Content-Location"] == "/kb/v1/claims"
        assert get("/v1/claims/").headers["Location"] == "/kb/v1/claims"
        assert get("/v1/actors/m-rutte").headers["Location"] == "/kb/v1/actors/rutte"
        assert get("/v1/nothing").json["type"] == "/kb/v1/problems/not-found"
        root = get("/v1").json
        assert root["spec"] == "/kb/v1/openapi.json"
        assert {resource["url"] for resource in root["resources"]} == {
            f"/kb/v1/{path}" for path in LISTS
        }


class TestRedirects:
    @pytest.mark.parametrize("path", [*PATHS, "problems/not-found", "openapi.json", "docs"])
    def test_a_trailing_slash_is_removed(self, world: FlaskClient, path: str):
        for prefix in ("/v1/", "/"):
            if prefix == "/" and path == "docs":
                continue
            response = world.get(f"{prefix}{path}/")
            assert (response.status_code, response.headers["Location"]) == (308, f"{prefix}{path}")

    @pytest.mark.parametrize(
        ("url", "location"),
        [
            ("/v1/", "/v1"),
            ("/healthz/", "/healthz"),
            (
                "/v1/claims/?actor=O%27Brien&topic=%2F+b&&x",
                "/v1/claims?actor=O%27Brien&topic=%2F+b&&x",
            ),
            ("/claims/?limit=0", "/claims?limit=0"),
            ("/v1/actors/caf%C3%A9/", "/v1/actors/caf%C3%A9"),
        ],
    )
    def test_the_redirect_keeps_the_query(self, world: FlaskClient, url: str, location: str):
        for method in ("GET", "HEAD"):
            response = world.open(url, method=method)
            assert (response.status_code, response.headers["Location"]) == (308, location)
            assert response.data == b""

    @pytest.mark.parametrize("path", ["/v1/nothing/", "/v1/actors/rutte/friends/", "/nothing/"])
    def test_an_unknown_path_with_a_slash_is_not_found(self, world: FlaskClient, path: str):
        problem_of(world.get(path), "not-found")

    @pytest.mark.parametrize(
        "path",
        ["//v1/claims", "//claims", "//", "///", "/v1//claims", "//v1", "//example.org/",
         "//v1/claims/", "//example.org/v1/claims", "/v1/actors//claims", "/v1//"],
    )  # fmt: skip
    def test_two_slashes_lead_to_no_other_host(self, world: FlaskClient, path: str):
        response = get_raw_path(world, path)
        assert response.status_code in (404, 308)
        if response.status_code == 308:
            assert re.fullmatch(r"/([a-z0-9].*)?", response.headers["Location"])
        if path in ("//v1/claims", "//claims", "/v1//claims", "//v1", "//example.org/v1/claims"):
            problem_of(response, "not-found")

    FORMER = [
        ("actors/m-rutte", "actors/rutte"),
        ("actors/rutte-mark", "actors/rutte"),
        ("organizations/north-atlantic-alliance", "organizations/nato"),
        ("events/hague-summit", "events/summit"),
        ("sources/interview-aa", "sources/aa"),
        ("topics/military", "topics/defence"),
        ("positions/two-percent", "positions/five-percent"),
        ("claims/spend-more", "claims/spend"),
        ("actors/m-rutte/claims", "actors/rutte/claims"),
        ("organizations/north-atlantic-alliance/claims", "organizations/nato/claims"),
        ("events/hague-summit/claims", "events/summit/claims"),
    ]

    @pytest.mark.parametrize(("former", "current"), FORMER)
    @pytest.mark.parametrize("prefix", ["/v1/", "/"])
    def test_a_former_id_redirects_to_the_current_one(
        self, world: FlaskClient, prefix: str, former: str, current: str
    ):
        for method in ("GET", "HEAD"):
            response = world.open(prefix + former, method=method)
            assert (response.status_code, response.headers["Location"]) == (308, prefix + current)
            assert response.data == b""

    @pytest.mark.parametrize("query", ["topic=Defense+%26+x&limit=1", "cursor=AAAA&count=none"])
    @pytest.mark.parametrize("prefix", ["/v1/", "/"])
    def test_the_redirect_of_a_former_id_keeps_the_query(
        self, world: FlaskClient, prefix: str, query: str
    ):
        response = world.get(f"{prefix}actors/m-rutte/claims?{query}")
        assert response.status_code == 308
        assert response.headers["Location"] == f"{prefix}actors/rutte/claims?{query}"

    def test_a_former_id_of_another_type_is_not_found(self, world: FlaskClient):
        problem_of(world.get("/v1/organizations/m-rutte"), "not-found")

    def test_a_former_id_with_an_unknown_parameter_is_refused(self, world: FlaskClient):
        problem_of(world.get("/v1/actors/m-rutte?colour=red"), "unknown-parameter")


class TestLimits:
    @staticmethod
    def url_of(length: int) -> str:
        """A valid URL of this many bytes."""
        url = "/v1/claims?id=" + "&id=".join("a" * 200 for _ in range(39))
        url += f"&id={'b' * 100}"
        assert length - len(url) - 4 <= 200
        return f"{url}&id={'c' * (length - len(url) - 4)}"

    def test_8192_bytes_are_accepted(self, world: FlaskClient):
        url = self.url_of(8192)
        assert len(url) == 8192
        assert world.get(url).status_code == 200

    def test_8193_bytes_are_too_many(self, world: FlaskClient):
        url = self.url_of(8193)
        assert len(url) == 8193
        problem_of(world.get(url), "uri-too-long")

    @pytest.mark.parametrize(
        "url",
        [
            f"/v1/claims?actor={'a' * 10_000}",
            f"/v1/claims?{'a' * 10_000}",
            f"/v1/claims/{'a' * 10_000}",
            f"/{'a' * 10_000}",
            f"/v1/actors/rutte?{'a' * 10_000}=1",
        ],
        ids=["value", "name", "id", "path", "single"],
    )
    def test_10000_characters_are_too_many_in_any_part(self, world: FlaskClient, url: str):
        problem_of(world.get(url), "uri-too-long")

    def test_the_limit_counts_percent_encoded_bytes(self, world: FlaskClient):
        problem_of(world.get(f"/v1/claims/{'%C3%A9' * 1400}"), "uri-too-long")

    @pytest.mark.parametrize(
        "invalid_text", ["%FF", "%C3", "%ED%A0%80", "%00", "a%00b", "%C0%80", "%F8%88"]
    )
    @pytest.mark.parametrize(
        "url",
        ["/v1/claims?actor={}", "/v1/claims?{}=1", "/v1/claims?actor=a&{}", "/v1/claims?cursor={}",
         "/v1/actors/rutte?{}", "/v1?a={}", "/claims?q={}", "/v1/actors/rutte/claims?topic={}",
         "/v1/claims/{}", "/v1/actors/{}/claims", "/v1/{}", "/{}", "/claims/{}"],
    )  # fmt: skip
    def test_invalid_utf_8_and_nul_are_refused(
        self, world: FlaskClient, url: str, invalid_text: str
    ):
        problem_of(world.get(url.format(invalid_text)), "bad-encoding")
