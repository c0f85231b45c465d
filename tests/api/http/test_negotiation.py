"""Content negotiation by the Accept header."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from api.formats import FORMATS
from tests.api.http.problems import problem_of

FEED_READER = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/html;q=0.2"
# Firefox, then Chromium
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;"
    "q=0.8,application/signed-exchange;v=b3;q=0.7"
)


class TestNegotiation:
    @pytest.mark.parametrize(
        "accept",
        [
            None,
            "",
            "*/*",
            "application/json",
            "application/*",
            "APPLICATION/JSON",
            "application/json;q=0.1",
            "application/json; charset=utf-8",
            "image/png, application/json;q=0.5",
            "text/html;q=0.9, application/json",
            "text/html;q=0, */*",
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
        assert (response.status_code, response.content_type) == (200, FORMATS[1].media_type)

    def test_a_problem_is_json_whatever_the_header_accepts(self, world: FlaskClient):
        problem_of(world.get("/v1/nothing", headers={"Accept": "image/png"}), "not-found")
        problem_of(world.post("/v1/claims", headers={"Accept": "image/png"}), "method-not-allowed")


MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "jsonl": "application/jsonl",
    "jsonld": "application/ld+json",
    "atom": "application/atom+xml",
    "html": "text/html; charset=utf-8",
}
ONLY_JSON = ("/v1/changes", "/v1/actors/rutte/memberships", "/v1/autocomplete?q=rutte",
             "/v1/claims/spend/relations", "/v1/claims/spend/reports",
             "/v1/claims/spend/reviews", "/v1/openapi.json")  # fmt: skip
ONLY_JSON_OR_HTML = ("/v1", "/v1/problems/not-found", "/v1/search?q=rutte")


class TestFormats:
    def test_the_table_has_every_format(self):
        assert {format.name: format.media_type for format in FORMATS} == MEDIA_TYPES

    @pytest.mark.parametrize(
        ("accept", "format"),
        [
            ("text/csv", "csv"),
            ("TEXT/CSV; charset=utf-8; header=present", "csv"),
            ("text/tab-separated-values", "tsv"),
            ("application/jsonl", "jsonl"),
            ("application/x-ndjson", "jsonl"),
            ("application/ld+json", "jsonld"),
            ("application/atom+xml", "atom"),
            ("application/atom+xml, application/xml;q=0.9, */*;q=0.1", "atom"),
            ("text/csv, application/json;q=0.9", "csv"),
            ("text/csv;q=0.9, application/json", "json"),
            ("text/csv, application/json", "json"),
            ("text/csv, */*", "json"),
            ("text/*, */*;q=0.5", "csv"),
            ("text/*, text/csv;q=0.1", "tsv"),
            ("application/*", "json"),
            (BROWSER, "html"),
            (CHROME, "html"),
            ("text/html", "html"),
            ("TEXT/HTML; charset=utf-8", "html"),
            ("text/html, */*", "html"),
            ("text/html, */*;q=0.1", "html"),
            ("application/json, text/html", "html"),
            ("text/html;q=0.5, application/json;q=0.5", "html"),
            ("text/html;q=0.4, application/json;q=0.5", "json"),
            ("text/html;q=0.9, text/csv", "csv"),
            ("text/html;q=0.9, text/csv;q=0.9", "html"),
            ("application/xhtml+xml, */*;q=0.8", "json"),
            (FEED_READER, "atom"),
            ("application/atom+xml, application/rss+xml;q=0.9, text/html;q=0.8", "atom"),
        ],
    )
    def test_a_list_has_the_format_that_the_header_prefers(
        self, world: FlaskClient, accept: str, format: str
    ):
        for path in ("/v1/claims", "/topics", "/v1/actors/rutte/events"):
            with world.get(path, headers={"Accept": accept}) as response:
                assert (response.status_code, response.content_type) == (200, MEDIA_TYPES[format])

    @pytest.mark.parametrize("format", MEDIA_TYPES)
    @pytest.mark.parametrize("accept", [None, "*/*", "image/png", "application/json", "text/csv"])
    def test_the_parameter_wins_over_the_header(
        self, world: FlaskClient, accept: str | None, format: str
    ):
        headers = {} if accept is None else {"Accept": accept}
        with world.get(f"/v1/claims?format={format}", headers=headers) as response:
            assert (response.status_code, response.content_type) == (200, MEDIA_TYPES[format])

    @pytest.mark.parametrize(
        ("path", "names"),
        [("claims", ", ".join(MEDIA_TYPES)), ("actors/rutte/topics", ", ".join(MEDIA_TYPES)),
         ("claims/spend", "json, jsonld, html")],
    )  # fmt: skip
    @pytest.mark.parametrize("value", ["xlsx", "CSV", "text/csv", "json,csv", "xhtml", " csv"])
    @pytest.mark.parametrize("accept", ["*/*", "image/png", "text/csv"])
    def test_an_unknown_format_is_refused(
        self, world: FlaskClient, path: str, names: str, value: str, accept: str
    ):
        query = {"format": value}
        response = world.get(f"/v1/{path}", query_string=query, headers={"Accept": accept})
        (error,) = problem_of(response, "invalid-value")["errors"]
        assert (error["parameter"], error["value"]) == ("format", value)
        assert error["message"] == f"must be one of {names}"

    def test_an_empty_or_repeated_format_is_refused(self, world: FlaskClient):
        problem_of(world.get("/v1/claims?format="), "invalid-value")
        problem_of(world.get("/v1/claims?format=csv&format=csv"), "repeated-parameter")
        problem_of(world.get("/v1/claims?format=%FF"), "bad-encoding")
        problem_of(world.get("/v1/claims?format=csv%00"), "bad-encoding")

    @pytest.mark.parametrize("path", ["/v1/claims", "/v1/actors/rutte/claims"])
    def test_a_refused_header_names_the_media_types(self, world: FlaskClient, path: str):
        problem = problem_of(world.get(path, headers={"Accept": "image/png"}), "not-acceptable")
        for media_type in MEDIA_TYPES.values():
            assert media_type.partition(";")[0] in problem["detail"]

    @pytest.mark.parametrize("path", ONLY_JSON)
    def test_other_paths_are_json_only(self, world: FlaskClient, path: str):
        problem_of(world.get(path, headers={"Accept": "text/csv"}), "not-acceptable")
        separator = "&" if "?" in path else "?"
        problem_of(world.get(f"{path}{separator}format=csv"), "unknown-parameter")
        assert world.get(path, headers={"Accept": "*/*"}).content_type == "application/json"

    @pytest.mark.parametrize("path", ONLY_JSON_OR_HTML)
    def test_objects_that_are_no_records_are_json_or_html(self, world: FlaskClient, path: str):
        problem_of(world.get(path, headers={"Accept": "text/csv"}), "not-acceptable")
        for accept in ("*/*", "application/json", "application/*"):
            assert world.get(path, headers={"Accept": accept}).content_type == "application/json"
        for accept in (BROWSER, CHROME, "text/html", "text/*"):
            response = world.get(path, headers={"Accept": accept})
            assert (response.status_code, response.content_type) == (200, MEDIA_TYPES["html"])

    def test_the_export_is_json_lines_only(self, world: FlaskClient):
        for accept in ("application/jsonl", "application/x-ndjson", "*/*"):
            with world.get("/v1/export", headers={"Accept": accept}) as response:
                assert response.content_type == "application/jsonl"
        problem_of(world.get("/v1/export", headers={"Accept": "text/csv"}), "not-acceptable")

    @pytest.mark.parametrize("format", ["json", "jsonl", "jsonld", "atom"])
    def test_a_byte_order_mark_is_refused(self, world: FlaskClient, format: str):
        problem = problem_of(world.get(f"/v1/claims?format={format}&bom=true"), "invalid-value")
        (error,) = problem["errors"]
        assert (error["parameter"], error["value"]) == ("bom", "true")
        assert error["message"] == f"cannot be used with format={format}"
        with world.get(f"/v1/claims?format={format}&bom=false") as response:
            assert response.status_code == 200

    def test_the_next_page_keeps_the_format_of_the_query(self, world: FlaskClient):
        link = world.get("/v1/claims?format=json&limit=1").headers["Link"]
        assert "&format=json&limit=1>" in link
        assert "format" not in world.get("/v1/claims?limit=1").headers["Link"]
