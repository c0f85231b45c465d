"""The specification as JSON, and the documentation page that shows it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml
from flask.testing import FlaskClient

from tests.serving import ROOT

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def test_openapi_json_equals_the_file(world: FlaskClient):
    response = world.get("/v1/openapi.json")
    assert response.content_type == "application/json"
    assert response.json == yaml.load((ROOT / "openapi.yaml").read_text(), Loader=yaml.CSafeLoader)


# (prefix of the public URL, mount point that the application knows, path of the document)
LOCATIONS = [
    ("", "", "/v1/openapi.json"),
    ("", "", "/openapi.json"),
    ("/kb", "/kb", "/v1/openapi.json"),
    ("/kb", "/kb", "/openapi.json"),
    ("/archive/kb", "/archive/kb", "/v1/openapi.json"),
    ("/archive/kb", "/archive/kb", "/openapi.json"),
    ("/donn%C3%A9es", "/donn\xc3\xa9es", "/v1/openapi.json"),
    # a proxy removes the prefix
    ("/kb", "", "/v1/openapi.json"),
    ("/archive/kb", "", "/v1/openapi.json"),
]


@pytest.mark.parametrize(("prefix", "mount_point", "path"), LOCATIONS)
def test_the_server_is_the_root_of_the_api(
    world: FlaskClient, prefix: str, mount_point: str, path: str
):
    response = world.get(path, environ_overrides={"SCRIPT_NAME": mount_point})
    (server,) = response.json["servers"]
    # a relative URL is relative to the location of the document
    root = urljoin(f"https://claims.example{prefix}{path}", server["url"])
    assert root.removesuffix("/") == f"https://claims.example{prefix}"


@pytest.fixture
def page(world: FlaskClient) -> str:
    """The HTML of the documentation page."""
    response = world.get("/v1/docs", headers={"Accept": BROWSER})
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    return response.text


class TestDocumentationPage:
    def test_the_page_loads_nothing_from_other_hosts(self, page: str):
        assert not re.search(r"""https?:|["'(]//""", page)

    def test_the_page_runs_its_own_files_alone(self, world: FlaskClient, page: str):
        headers = world.get("/v1/docs").headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; ")
        assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == (
            "SAMEORIGIN",
            "nosniff",
        )
        assert re.findall("<script[^>]*>(.*?)</script>", page, re.DOTALL) == ["", ""]

    def test_the_server_has_every_file_of_the_page(self, world: FlaskClient, page: str):
        files = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page)
        assert {Path(file).suffix for file in files} >= {".css", ".js"}
        for file in files:
            with world.get(urljoin("http://localhost/v1/docs", file)) as response:
                assert response.status_code == 200
                assert len(response.data) > 200
                assert response.content_type.split(";")[0] in (
                    "text/css",
                    "text/javascript",
                    "application/javascript",
                    "image/png",
                )

    def test_the_page_shows_the_specification(self, world: FlaskClient, page: str):
        (script,) = re.findall(r'src="([^"]*/docs.js[^"]*)"', page)
        text = world.get(urljoin("http://localhost/v1/docs", script)).text
        (url,) = re.findall(r"""url: ?["']([^"']+)["']""", text)
        assert urljoin("http://localhost/v1/docs", url) == "http://localhost/v1/openapi.json"

    @pytest.mark.parametrize(
        "name", ["nothing.js", "..%2F__init__.py", "../__init__.py", "%2Fetc%2Fpasswd", "a%00b"]
    )
    def test_the_server_has_no_other_files(self, world: FlaskClient, name: str):
        response = world.get(f"/v1/docs/{name}")
        assert response.status_code in (400, 404)
        assert response.content_type == "application/problem+json"
