"""Request ids, and the access log."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.http.access_log import parse_log

URLS = ["/v1/claims", "/claims?format=html", "/v1/nothing", "/v1/claims/", "/v1/export", "/healthz",
        "/static/claimbase.css", "/v1/claims?limit=0"]  # fmt: skip


class TestRequestIds:
    @pytest.mark.parametrize("url", URLS)
    def test_every_answer_has_a_new_id(self, caching_world: FlaskClient, url: str):
        ids = [caching_world.get(url).headers.getlist("X-Request-ID") for _ in range(3)]
        assert all(len(values) == 1 for values in ids)
        assert all(re.fullmatch("[0-9a-f]{16}", value) for (value,) in ids)
        assert len({value for (value,) in ids}) == 3

    @pytest.mark.parametrize("url", URLS)
    @pytest.mark.parametrize(
        "given",
        ["a", "0d3c9f4e-1b1c-4b4e-9d53-6b1f3f0a2c11", "Root=1-67891233-abcdef012345678912345678",
         "a" * 64, "x/y+z=="],
    )  # fmt: skip
    def test_a_sane_id_comes_back(self, caching_world: FlaskClient, url: str, given: str):
        for _ in range(2):
            response = caching_world.get(url, headers={"X-Request-ID": given})
            assert response.headers.getlist("X-Request-ID") == [given]

    @pytest.mark.parametrize(
        "given", ["", "a" * 65, "a b", "a\tb", '"a"', "a,b", "é", "<a>", "a;b", "a\x7f", "a\\n"]
    )
    def test_any_other_id_is_replaced(self, caching_world: FlaskClient, given: str):
        response = caching_world.get("/v1/claims", environ_overrides={"HTTP_X_REQUEST_ID": given})
        assert re.fullmatch("[0-9a-f]{16}", response.headers["X-Request-ID"])


class Log:
    """A client whose requests are logged."""

    def __init__(self, client: FlaskClient, capfd: pytest.CaptureFixture):
        self.client = client
        self.capfd = capfd

    def lines(self, url: str, method: str = "GET", **options: Any) -> list[str]:
        self.capfd.readouterr()
        with self.client.open(url, method=method, **options) as response:
            response.get_data()
        return self.capfd.readouterr().out.splitlines()

    def entry(self, url: str, **options: Any) -> dict[str, Any]:
        (line,) = self.lines(url, **options)
        entry: dict[str, Any] = json.loads(line)
        return entry


@pytest.fixture
def json_log(behind: Callable, capfd: pytest.CaptureFixture) -> Log:
    return Log(behind(LOG="json", TRUSTED_PROXIES="127.0.0.1"), capfd)


@pytest.fixture
def combined_log(behind: Callable, capfd: pytest.CaptureFixture) -> Log:
    return Log(behind(LOG="combined"), capfd)


def test_a_line_of_json_has_every_member(json_log: Log):
    headers = {
        "X-Request-ID": "abc",
        "Referer": "https://user:word@a.example/x?token=secret#y",
        "User-Agent": "test/1",
        "X-Forwarded-For": "198.51.100.1",
        "Authorization": "Bearer secret",
        "Cookie": "session=secret",
    }
    entry = json_log.entry("/claims?limit=1&topic=a%20b&token=secret", headers=headers)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", entry.pop("time"))
    assert 0 < entry.pop("milliseconds") < 60_000
    assert entry.pop("bytes") > 0
    assert entry == {
        "level": "info",
        "request_id": "abc",
        "client": "198.51.100.1",
        "method": "GET",
        "url": "/claims?limit=1&topic=a%20b&***",
        "protocol": "HTTP/1.1",
        "route": "/v1/claims",
        "status": 400,
        "cache": None,
        "referrer": "https://a.example/x",
        "user_agent": "test/1",
    }


# (method, URL, route, status, cache of the first and of the second answer)
ENTRIES = [
    ("GET", "/v1/claims?limit=2", "/v1/claims", 200, ("miss", "hit")),
    ("GET", "/claims?limit=2", "/v1/claims", 200, ("hit", "hit")),
    ("HEAD", "/v1/claims?limit=2", "/v1/claims", 200, ("hit", "hit")),
    ("GET", "/claims/spend", "/v1/claims/{id}", 200, ("miss", "hit")),
    ("GET", "/v1/actors/rutte/claims", "/v1/actors/{id}/claims", 200, ("miss", "hit")),
    ("GET", "/", "/v1", 200, ("miss", "hit")),
    ("GET", "/v1/reconcile", "/v1/reconcile", 200, ("miss", "hit")),
    ("GET", "/v1/export", "/v1/export", 200, (None, None)),
    ("GET", "/claims?format=csv", "/v1/claims", 200, (None, None)),
    ("GET", "/healthz", "/healthz", 200, (None, None)),
    ("GET", "/static/icon.svg", "/static/{name}", 200, (None, None)),
    ("GET", "/v1/docs/swagger-ui.css", "/v1/docs/{name}", 200, (None, None)),
    ("GET", "/v1/nothing", None, 404, (None, None)),
    ("GET", "/v1/actors/nobody", "/v1/actors/{id}", 404, (None, None)),
    ("GET", "/v1/actors/m-rutte", "/v1/actors/{id}", 308, (None, None)),
    ("DELETE", "/v1/claims", None, 405, (None, None)),
    ("POST", "/v1/resolve", "/v1/resolve", 415, (None, None)),
]


def test_the_route_and_the_cache_of_each_request_are_logged(json_log: Log):
    for method, url, route, status, caches in ENTRIES:
        for cache in caches:
            entry = json_log.entry(url, method=method)
            logged = (
                entry["method"],
                entry["url"],
                entry["route"],
                entry["status"],
                entry["cache"],
            )
            assert logged == (method, url, route, status, cache)
            assert (entry["bytes"] > 0) == (method != "HEAD" and status != 308)


def test_a_failure_has_its_level_and_its_id(json_log: Log, monkeypatch: pytest.MonkeyPatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    app = json_log.client.application
    monkeypatch.setitem(app.view_functions, "health.healthz", fail)
    entry = json_log.entry("/healthz", headers={"X-Request-ID": "abc"})
    assert (entry["level"], entry["status"], entry["request_id"]) == ("error", 500, "abc")


COMBINED = re.compile(
    r"127\.0\.0\.1 - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] (.*) "
    r"level=info request_id=abc route=(\S+) milliseconds=\d+\.\d+ cache=(\S+)"
)


@pytest.mark.parametrize(
    ("url", "environ", "request_line", "route", "cache"),
    [
        ("/v1/topics", {}, '"GET /v1/topics HTTP/1.1" 200', "/v1/topics", "miss"),
        ("/topics", {}, '"GET /topics HTTP/1.1" 200', "/v1/topics", "miss"),
        ("/nothing", {}, '"GET /nothing HTTP/1.1" 404', "-", "-"),
        ("/", {"PATH_INFO": '/"\n\xff'}, '"GET /%22%0A%FF HTTP/1.1" 400', "-", "-"),
        ("/healthz", {"QUERY_STRING": 'q="\xff'}, '"GET /healthz?q=\\x22%FF HTTP/1.1" 200',
         "/healthz", "-"),
        ("/nothing", {"REQUEST_METHOD": 'A"B'}, '"A\\x22B /nothing HTTP/1.1" 404', "-", "-"),
    ],
)  # fmt: skip
def test_a_line_of_the_combined_format(
    combined_log: Log, url: str, environ: dict, request_line: str, route: str, cache: str
):
    headers = {"X-Request-ID": "abc", "User-Agent": 'a"\\\x1bé'}
    (line,) = combined_log.lines(url, headers=headers, environ_overrides=environ)
    match = COMBINED.fullmatch(line)
    assert match, line
    request, agent = match[1][: len(request_line)], match[1].partition(' "-" ')[2]
    assert (request, match[2], match[3]) == (request_line, route, cache)
    assert agent == '"a\\x22\\x5C\\x1B\\xE9"'


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("actor=a&topic=b", "?actor=a&topic=b"),
        ("%61ctor=a", "?%61ctor=a"),
        ("api_key=secret", "?***"),
        ("secret", "?***"),
        ("actor=a&&secret=1&=2", "?actor=a&***&***&***"),
        ("v=1&part=2&from_date=3&format=4&embed=5", "?v=1&part=2&from_date=3&format=4&embed=5"),
        ("actor=" + "a" * 9000, "?actor=" + "a" * (1500 - len("/v1/claims?actor="))),
    ],
)
def test_values_of_parameters_that_no_path_takes_are_hidden(json_log: Log, query: str, shown: str):
    assert json_log.entry(f"/v1/claims?{query}")["url"] == f"/v1/claims{shown}"


def test_no_log_is_the_default(caching_world: FlaskClient, capfd: pytest.CaptureFixture):
    assert Log(caching_world, capfd).lines("/v1/claims") == []


@pytest.mark.parametrize("setting", ["", "off"])
def test_the_log_can_be_off(setting: str):
    assert parse_log(setting) is None


@pytest.mark.parametrize("setting", ["on", "JSON", True, 1, None])
def test_other_formats_of_the_log_are_refused(setting: Any):
    with pytest.raises(ValueError, match="CLAIMBASE_LOG must be off, combined or json"):
        parse_log(setting)
