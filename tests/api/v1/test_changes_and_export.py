"""ETags, aliases, methods and media types, of the changes and of the export."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.api.database_queries import queries_of
from tests.api.v1.follower import ORGANIZATION
from tests.engines import on_sqlite

PATHS = ("export", "changes")


@pytest.mark.parametrize("path", PATHS)
def test_each_path_has_an_etag_and_an_alias(world: FlaskClient, path: str):
    response = world.get(f"/v1/{path}")
    tag = response.headers["ETag"]
    assert tag.startswith('"')
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert "Content-Location" not in response.headers
    for if_none_match in (tag, f"W/{tag}", f'"x", {tag}', f'{tag[:-1]}-gzip"'):
        again = world.get(f"/v1/{path}", headers={"If-None-Match": if_none_match})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    for if_none_match in ('"x"', "*"):
        assert world.get(f"/v1/{path}", headers={"If-None-Match": if_none_match}).status_code == 200
    alias = world.get(f"/{path}")
    assert (alias.data, alias.headers["ETag"]) == (response.data, tag)
    assert alias.headers["Content-Location"] == f"/v1/{path}"
    assert alias.content_type == response.content_type
    redirect = world.get(f"/v1/{path}/")
    assert (redirect.status_code, redirect.headers["Location"]) == (308, f"/v1/{path}")
    assert world.get("/v1/export").headers["ETag"] != world.get("/v1/changes").headers["ETag"]


@pytest.mark.parametrize("path", PATHS)
def test_the_etag_changes_with_the_dataset(load: Callable, client: FlaskClient, path: str):
    tags = set()
    for name in ("one", "two", "two"):
        load(organizations=[{**ORGANIZATION, "name": name}])
        tags.add(client.get(f"/v1/{path}").headers["ETag"])
    assert len(tags) == 2


@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_head_of_the_changes_returns_the_headers_of_get(world: FlaskClient, prefix: str):
    headers = {"X-Request-ID": "a"}
    response = world.get(f"{prefix}changes", headers=headers)
    head = world.head(f"{prefix}changes", headers=headers)
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(response.headers)


@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_head_of_the_export_returns_the_headers_of_get(world: FlaskClient, prefix: str):
    """GET streams and has no Content-Length, so HEAD must not have one either."""
    headers = {"X-Request-ID": "a"}
    response = world.get(f"{prefix}export", headers=headers)
    head = world.head(f"{prefix}export", headers=headers)
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(response.headers)
    assert world.get("/v1/claims?limit=1").status_code == 200


ACCEPT = [
    ("export", "application/jsonl", 200),
    ("export", "application/jsonl; charset=utf-8", 200),
    ("export", "*/*", 200),
    ("export", "application/*", 200),
    ("export", "text/html, */*;q=0.1", 200),
    ("export", "application/json", 406),
    ("export", "text/html", 406),
    ("export", "application/jsonl;q=0, text/plain", 406),
    ("export", "*/*, application/jsonl;q=0", 406),
    ("changes", "application/json", 200),
    ("changes", "*/*", 200),
    ("changes", "application/jsonl", 406),
    ("changes", "image/png", 406),
]


@pytest.mark.parametrize("prefix", ["/v1/", "/"])
@pytest.mark.parametrize(("path", "accept", "status"), ACCEPT)
def test_each_path_serves_only_its_media_type(
    world: FlaskClient, prefix: str, path: str, accept: str, status: int
):
    response = world.get(f"{prefix}{path}", headers={"Accept": accept})
    assert response.status_code == status
    if status == 406:
        media_type = "application/jsonl" if path == "export" else "application/json"
        # who asks for HTML gets the problem as a page
        if accept != "text/html":
            assert response.json["code"] == "not-acceptable"
        assert f"answers {media_type}" in response.text


@pytest.mark.parametrize("path", PATHS)
def test_only_methods_that_read_are_allowed(world: FlaskClient, path: str):
    response = world.options(f"/v1/{path}")
    assert (response.status_code, response.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    refused = world.post(f"/v1/{path}")
    assert (refused.status_code, refused.json["code"]) == (405, "method-not-allowed")


@on_sqlite
@pytest.mark.parametrize("path", PATHS)
def test_a_304_reads_only_the_version(world: FlaskClient, path: str):
    tag = world.get(f"/v1/{path}").headers["ETag"]
    statements = queries_of(lambda: world.get(f"/v1/{path}", headers={"If-None-Match": tag}))
    queries = [statement for statement in statements if not statement.startswith("PRAGMA")]
    assert len(queries) == 1
    assert "FROM dataset" in queries[0]
