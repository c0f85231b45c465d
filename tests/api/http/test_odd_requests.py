"""Requests that are odd, but legal or nearly so: none of them is the server's failure."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.http.problems import problem_of

# hosts that name no server: a label is empty or above 63 letters, or the port is none
UNUSABLE_HOSTS = [
    *("a..b", ".", "..", ".a", f"{'a' * 64}.example", f"x.{'b' * 64}", "", "a b", "a:x", "a:0"),
    *("a:99999", "[::1", "user:word@a", "\u00ff\u00fe", "a,b"),
]


@pytest.mark.parametrize("host", UNUSABLE_HOSTS)
@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/v1/claims?limit=1", 200),
        ("/claims?format=html", 200),
        ("/v1/actors/m-rutte", 308),
        ("/v1/claims/", 308),
        ("/v1/nothing", 404),
        ("/v1/claims?limit=0&format=html", 422),
        ("/v1/docs", 200),
        ("/static/claimbase.css", 200),
        ("/healthz", 200),
    ],
)
def test_a_host_that_is_none_changes_no_answer(
    world: FlaskClient, url: str, status: int, host: str
):
    with world.get(url, headers={"Host": host}) as response:
        assert response.status_code == status


@pytest.mark.parametrize("host", UNUSABLE_HOSTS)
@pytest.mark.parametrize("url", ["/robots.txt", "/sitemap.xml", "/v1/reconcile"])
def test_a_host_that_is_none_is_in_no_address(world: FlaskClient, url: str, host: str):
    text = world.get(url, headers={"Host": host}).text
    assert "http" not in text.replace("http://www.sitemaps.org", "")


@pytest.mark.parametrize(
    "host",
    [
        "a.example",
        "a.example.",
        f"{'a' * 63}.example",
        "xn--bcher-kva.example",
        "127.0.0.1",
        "[::1]",
        "a:8000",
    ],
)
def test_a_host_is_in_absolute_addresses(world: FlaskClient, host: str):
    last_line = world.get("/robots.txt", headers={"Host": host}).text.splitlines()[-1]
    assert last_line == f"Sitemap: http://{host}/sitemap.xml"


@pytest.mark.parametrize("upgrade", ["websocket", "WebSocket", "h2c", "TLS/1.0, websocket"])
@pytest.mark.parametrize("url", ["/v1/claims", "/v1/docs", "/claims/"])
def test_no_connection_is_upgraded(world: FlaskClient, url: str, upgrade: str):
    headers = {"Connection": "Upgrade", "Upgrade": upgrade, "Sec-WebSocket-Key": "eA=="}
    assert world.get(url, headers=headers).status_code == world.get(url).status_code


CACHE_CONTROL = [
    ("GET", "/v1/claims", 200, "public, no-cache"),
    ("GET", "/claims?format=html", 200, "public, no-cache"),
    ("GET", "/v1/export", 200, "public, no-cache"),
    ("GET", "/v1/openapi.json", 200, "public, no-cache"),
    ("GET", "/sitemap.xml", 200, "public, no-cache"),
    ("GET", "/robots.txt", 200, "no-cache"),
    ("GET", "/v1/docs", 200, "no-cache"),
    ("GET", "/healthz", 200, "no-store"),
    ("GET", "/readyz", 200, "no-store"),
    ("GET", "/v1/claims/", 308, "no-cache"),
    ("GET", "/v1/actors/m-rutte", 308, "no-cache"),
    ("GET", "/v1/nothing", 404, "no-cache"),
    ("GET", "/v1/claims?limit=0", 422, "no-cache"),
    ("GET", "/v1/claims?limit=0&format=html", 422, "no-cache"),
    ("DELETE", "/v1/claims", 405, "no-cache"),
    ("POST", "/v1/resolve", 415, "no-store"),
    ("OPTIONS", "/v1/claims", 204, "no-cache"),
]


@pytest.mark.parametrize(("method", "url", "status", "cache_control"), CACHE_CONTROL)
def test_every_answer_tells_caches_what_to_keep(
    world: FlaskClient, method: str, url: str, status: int, cache_control: str
):
    with world.open(url, method=method) as response:
        assert response.status_code == status
        assert response.headers.getlist("Cache-Control") == [cache_control]


@pytest.mark.parametrize("path", ["/v1/claims", "/v1/resolve", "/v1/docs", "/healthz"])
def test_a_preflight_allows_the_headers_of_clients(world: FlaskClient, path: str):
    headers = world.options(path).headers
    assert headers["Access-Control-Allow-Headers"] == (
        "Authorization, Content-Type, If-Dataset-At-Least, If-None-Match, X-Request-ID, "
        "X-Requested-With"
    )
    assert headers["Access-Control-Max-Age"] == "7200"


@pytest.mark.parametrize("byte", ["\xff", "\xc3\x28", "\xed\xa0\x80", "\xf0\x9f"])
@pytest.mark.parametrize("place", ["path", "query"])
def test_a_raw_byte_that_is_no_text_is_refused(world: FlaskClient, place: str, byte: str):
    environ = {
        "path": {"PATH_INFO": f"/v1/claims{byte}"},
        "query": {"QUERY_STRING": f"actor={byte}"},
    }[place]
    response = world.get("/v1/claims", environ_overrides=environ)
    assert problem_of(response, "bad-encoding")["status"] == 400
