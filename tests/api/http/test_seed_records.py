"""A record in seed form: what an editor starts from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from models.dataset import read_dataset
from models.opening import open_dataset
from models.records.canonical import record_hash
from models.records.changes import export_lines
from seeds.loader import load as load_files
from seeds.schemas import SCHEMAS
from tests.api.http.problems import problem_of
from tests.api.world import FULL
from tests.engines import new_url
from tests.seeds.build import everything, hash_of

RECORDS = [(section.removesuffix("s"), id) for section, id in FULL.items()]
YAML = {"Accept": "application/yaml"}
ANN = {"id": "ann", "name": "Ann", "former_ids": ["an"]}
CLAIM = {
    "status": "verified",
    "reports": [{"exact": "No.", "source": "letter"}],
    "attributes": {"code": "007"},
    "date": "2025-05",
    "actor": "ann",
    "text": "Ann: no #1\nand no #2",
    "id": "no",
}
SOURCE = {"id": "letter", "title": "NO", "kind": "other", "text": "She wrote: No."}


def exported_lines() -> list[dict]:
    return [json.loads(line) for line in export_lines()]


class TestForm:
    def test_json_is_the_record_with_its_type_in_the_order_of_the_format(
        self, load: Callable, client: FlaskClient
    ):
        load(actors=[ANN], sources=[SOURCE], claims=[CLAIM])
        response = client.get("/v1/claims/no/record")
        assert (response.status_code, response.content_type) == (200, "application/json")
        assert response.text == (
            '{"type":"claim","id":"no","text":"Ann: no #1\\nand no #2","actor":"ann",'
            '"date":"2025-05","reports":[{"source":"letter","exact":"No."}],"status":"verified",'
            '"attributes":{"code":"007"}}'
        )

    def test_yaml_is_a_seed_file(self, load: Callable, client: FlaskClient):
        load(actors=[ANN], sources=[SOURCE], claims=[CLAIM])
        response = client.get("/v1/claims/no/record?format=yaml")
        assert (response.status_code, response.content_type) == (200, "application/yaml")
        assert response.text == (
            "claims:\n"
            "  - id: no\n"
            "    text: |-\n"
            "      Ann: no #1\n"
            "      and no #2\n"
            "    actor: ann\n"
            "    date: 2025-05\n"
            "    reports:\n"
            "      - source: letter\n"
            "        exact: No.\n"
            "    status: verified\n"
            "    attributes:\n"
            "      code: '007'\n"
        ).replace("id: no", "id: 'no'")

    def test_the_text_of_a_source_is_in_its_record(self, load: Callable, client: FlaskClient):
        load(sources=[SOURCE])
        assert client.get("/v1/sources/letter/record").json["text"] == "She wrote: No."

    @pytest.mark.parametrize(("type", "id"), RECORDS)
    def test_it_is_the_record_of_the_export(self, world: FlaskClient, type: str, id: str):
        (exported,) = [
            line for line in exported_lines() if (line["type"], line["id"]) == (type, id)
        ]
        response = world.get(f"/v1/{type}s/{id}/record")
        assert response.json == exported
        assert response.headers["ETag"] == f'"{hash_of(exported).hex()}"'

    @pytest.mark.parametrize(("suffix", "format"), [("jsonl", "json"), ("yaml", "yaml")])
    def test_loading_all_records_again_changes_nothing(
        self, load: Callable, client: FlaskClient, tmp_path: Path, suffix: str, format: str
    ):
        load(**everything())
        before = read_dataset().version, read_dataset().digest
        folder = tmp_path / "records"
        folder.mkdir()
        lines = exported_lines()
        for line in lines:
            type, id = line["type"], line["id"]
            response = client.get(f"/v1/{type}s/{id}/record?format={format}")
            (folder / f"{type}-{id}.{suffix}").write_bytes(response.data)
        load_files([folder], prune=True)
        assert (read_dataset().version, read_dataset().digest) == before
        # and into an empty dataset
        open_dataset(new_url(tmp_path, "second"))
        load_files([folder])
        assert read_dataset().digest == before[1]


class TestETags:
    def test_the_etag_is_the_hash_of_the_record(self, load: Callable, client: FlaskClient):
        load(actors=[ANN])
        hash = record_hash("actor", SCHEMAS["actor"].load(ANN)).hex()
        url = "/v1/actors/ann/record"
        assert client.get(url).headers["ETag"] == f'"{hash}"'
        assert client.get(url, headers=YAML).headers["ETag"] == f'"{hash}-yaml"'
        assert client.get(f"{url}?format=yaml").headers["ETag"] == f'"{hash}-yaml"'

    @pytest.mark.parametrize("cache", [0, 8])
    @pytest.mark.parametrize("format", ["json", "yaml"])
    def test_it_changes_only_with_the_record(
        self, load: Callable, client_with_cache: Callable, cache: int, format: str
    ):
        client = client_with_cache(cache)
        url = f"/v1/actors/ann/record?format={format}"
        load(actors=[ANN])
        first = client.get(url)
        tag = first.headers["ETag"]
        load(actors=[{"id": "bob", "name": "Bob"}])
        for _ in range(2):
            assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
            again = client.get(url)
            assert (again.data, again.headers["ETag"]) == (first.data, tag)
        load(actors=[ANN | {"name": "Anne"}])
        for _ in range(2):
            changed = client.get(url, headers={"If-None-Match": tag})
            assert changed.status_code == 200
            assert b"Anne" in changed.data
            assert changed.headers["ETag"] != tag
        load(actors=[ANN])
        assert client.get(url).headers["ETag"] == tag

    def test_the_etag_of_one_format_is_not_that_of_the_other(self, world: FlaskClient):
        url = "/v1/claims/spend/record"
        tags = {accept: world.get(url, headers={"Accept": accept}).headers["ETag"]
                for accept in ("application/json", "application/yaml")}  # fmt: skip
        for accept in tags:
            for tag_of, tag in tags.items():
                headers = {"Accept": accept, "If-None-Match": tag}
                status = world.get(url, headers=headers).status_code
                assert status == (304 if tag_of == accept else 200)

    @pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
    def test_the_content_coding_comes_last(self, caching_world: FlaskClient, coding: str):
        url = "/v1/claims/spend/record"
        plain = caching_world.get(url, headers=YAML).headers["ETag"].strip('"')
        headers = {**YAML, "Accept-Encoding": coding}
        for _ in range(2):
            tag = caching_world.get(url, headers=headers).headers["ETag"]
            assert tag == f'"{plain}-{coding}"'
        response = caching_world.get(url, headers={**headers, "If-None-Match": tag})
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["ETag"] == tag

    def test_a_new_answer_that_the_client_has_is_304(self, caching_world: FlaskClient):
        url = "/v1/claims/spend/record"
        tag = f'"{hash_of(caching_world.get(url).json).hex()}"'
        caching_world.application.wsgi_app.responses._entries.clear()  # type: ignore[attr-defined]
        response = caching_world.get(url, headers={"If-None-Match": tag})
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["Cache-Control"] == "public, no-cache"


class TestHTTP:
    @pytest.mark.parametrize(("type", "id"), RECORDS)
    def test_every_type_has_the_route_and_its_alias(self, world: FlaskClient, type: str, id: str):
        path = f"/{type}s/{id}/record"
        versioned, alias = world.get(f"/v1{path}"), world.get(path)
        assert versioned.status_code == alias.status_code == 200
        assert alias.data == versioned.data
        assert alias.headers["ETag"] == versioned.headers["ETag"]
        assert alias.headers["Content-Location"] == f"/v1{path}"
        assert "Content-Location" not in versioned.headers
        assert versioned.headers["Cache-Control"] == "public, no-cache"
        assert versioned.headers["Access-Control-Allow-Origin"] == "*"
        head = world.head(f"/v1{path}")
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == str(len(versioned.data))
        options = world.options(f"/v1{path}")
        assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")

    def test_a_former_id_redirects(self, load: Callable, client: FlaskClient):
        load(actors=[ANN])
        for prefix in ("", "/v1"):
            response = client.get(f"{prefix}/actors/an/record?format=yaml")
            assert response.status_code == 308
            assert response.headers["Location"] == f"{prefix}/actors/ann/record?format=yaml"

    def test_an_unknown_id_is_404_with_a_suggestion(self, world: FlaskClient):
        problem = problem_of(world.get("/v1/actors/ruttee/record"), "not-found")
        assert problem["errors"][0]["suggestion"] == "rutte"

    # (query, Accept, media type of the answer)
    FORMATS = [
        ("", None, "application/json"),
        ("", "*/*", "application/json"),
        ("", "application/yaml", "application/yaml"),
        ("", "application/json;q=0.5, application/yaml", "application/yaml"),
        ("", "text/html, application/*;q=0.1", "application/json"),
        ("?format=json", "application/yaml", "application/json"),
        ("?format=yaml", "application/json", "application/yaml"),
        ("?format=yaml", "text/html", "application/yaml"),
    ]

    @pytest.mark.parametrize(("query", "accept", "media_type"), FORMATS)
    def test_the_parameter_takes_precedence_over_accept(
        self, caching_world: FlaskClient, query: str, accept: str | None, media_type: str
    ):
        headers = {"Accept": accept} if accept else {}
        for _ in range(2):
            response = caching_world.get(f"/v1/actors/rutte/record{query}", headers=headers)
            assert (response.status_code, response.content_type) == (200, media_type)

    @pytest.mark.parametrize(
        ("query", "accept", "code"),
        [
            ("", "text/csv", "not-acceptable"),
            ("?format=xml", None, "invalid-value"),
            ("?format=", None, "invalid-value"),
            ("?format=yaml&format=json", None, "repeated-parameter"),
            ("?fields=id", None, "unknown-parameter"),
        ],
    )
    def test_another_format_is_refused(
        self, world: FlaskClient, query: str, accept: str | None, code: str
    ):
        headers = {"Accept": accept} if accept else {}
        problem = problem_of(world.get(f"/v1/actors/rutte/record{query}", headers=headers), code)
        if code == "invalid-value" and query == "?format=xml":
            assert problem["errors"][0]["message"] == "must be one of json, yaml"

    def test_lists_and_documents_have_no_yaml(self, world: FlaskClient):
        for path in ("/v1/actors", "/v1/actors/rutte"):
            problem_of(world.get(path, headers=YAML), "not-acceptable")
