"""What every answer has, whatever it is about: caching, negotiation, redirects, refusals."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urljoin

import peewee
import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest, Gone, RequestEntityTooLarge, ServiceUnavailable
from werkzeug.test import TestResponse

from api.http import problems as errors
from models.database.connection import database
from models.opening import open_dataset
from tests.api.world import FULL, LISTS, NESTED, forget
from tests.engines import new_url, on_sqlite

ROOT = Path(__file__).parents[2]

SINGLES = [f"{path}/{id}" for path, id in FULL.items()]
PATHS = [*LISTS, *SINGLES, *NESTED]

MEMBERS = ["type", "title", "status", "detail", "instance", "code", "errors"]
ERROR_MEMBERS = {"parameter", "pointer", "message", "value", "suggestion"}
CODES = {
    "unknown-parameter": 400,
    "repeated-parameter": 400,
    "bad-encoding": 400,
    "bad-cursor": 400,
    "not-found": 404,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "resync": 410,
    "uri-too-long": 414,
    "invalid-value": 422,
    "too-broad": 422,
    "internal-error": 500,
    "database-unavailable": 503,
}


def problem(response: TestResponse, code: str) -> dict:
    """The problem of an answer, which has this code and all that a problem must have."""
    assert response.content_type == "application/problem+json", response.text
    found = response.json
    own = [name for name in found if name != "request_id"]
    assert own == MEMBERS
    assert (found["code"], found["status"]) == (code, CODES[code])
    assert response.status_code == found["status"]
    assert found["type"] == f"/v1/problems/{code}"
    assert found["title"]
    assert found["detail"]
    assert found["instance"] == response.request.path
    assert all(set(one) == ERROR_MEMBERS for one in found["errors"])
    assert all(one["message"] for one in found["errors"])
    assert ("request_id" in found) == (response.status_code >= 500)
    assert ("X-Request-ID" in response.headers) == (response.status_code >= 500)
    return found


def raw(client: FlaskClient, path: str, query: str = "", method: str = "GET") -> TestResponse:
    """What a server hands on that does not tidy paths: the path as it came, decoded."""
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "RAW_URI": path, "REQUEST_URI": path}
    return client.open("/", method=method, environ_overrides=environ)


class TestETag:
    @pytest.mark.parametrize("path", [*PATHS, "", "problems/not-found", "openapi.json"])
    def test_every_answer_has_a_strong_one(self, world: FlaskClient, path: str):
        response = world.get(f"/v1/{path}".rstrip("/"))
        assert response.status_code == 200
        assert re.fullmatch(r'"[0-9a-zA-Z]{16,}"', response.headers["ETag"])
        assert response.headers["Cache-Control"] == "public, no-cache"
        assert response.headers["Vary"] == "Accept, Accept-Encoding"

    def test_all_differ(self, world: FlaskClient):
        urls = [f"/v1/{path}" for path in PATHS]
        urls += ["/v1", "/v1/claims?limit=1", "/v1/claims?limit=2", "/v1/claims?actor=rutte"]
        urls += ["/v1/claims?actor=%21rutte", "/v1/claims?sort=date", "/v1/claims?count=none"]
        urls += ["/v1/claims?actor=Rutte", "/v1/problems/not-found", "/v1/problems/too-broad"]
        assert len({world.get(url).headers["ETag"] for url in urls}) == len(urls)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("claims?actor=rutte&topic=defence", "claims?topic=defence&actor=rutte"),
            ("claims?actor=rutte&actor=erdogan", "claims?actor=erdogan&actor=rutte"),
            ("claims?actor=rutte&actor=%21kaya", "claims?actor=%21kaya&actor=rutte"),
            ("claims?actor=rutte", "claims?actor=rutte&actor=rutte"),
            ("claims?actor=Mark Rutte", "claims?actor=Mark+Rutte"),
            ("claims?actor=rutte", "claims?&actor=r%75tte&"),
            ("claims", "claims?limit=50"),
            ("claims", "claims?sort=-date"),
            ("claims", "claims?count=exact"),
            ("claims", "claims?sort=-date&limit=50&count=exact"),
            ("claims", "claims?"),
            ("actors", "actors?sort=name"),
            ("events", "events?sort=name&limit=50"),
            ("organizations", "organizations?sort=name"),
            ("sources", "sources?sort=name"),
            ("topics", "topics?sort=name"),
            ("positions", "positions?sort=name"),
            ("claims?form=vote&form=post", "claims?form=post&form=vote"),
            ("claims?date=2024&date=2025", "claims?date=2025&date=2024&date=2025"),
            ("claims?id=spend&id=gas", "claims?id=gas&id=spend"),
            ("claims?language=en&language=%21de", "claims?language=%21de&language=en"),
            ("claims?place=oslo&place=ankara", "claims?place=ankara&place=oslo"),
            ("claims?limit=1&actor=rutte", "claims?actor=rutte&limit=1"),
            ("actors/rutte/claims?topic=spending&form=interview",
             "actors/rutte/claims?form=interview&topic=spending"),
            ("actors/rutte", "actors/rutte?"),
        ],
    )  # fmt: skip
    def test_the_canonical_query_alone_makes_the_answer(
        self, world: FlaskClient, one: str, other: str
    ):
        first, second = world.get(f"/v1/{one}"), world.get(f"/v1/{other}")
        assert first.status_code == second.status_code == 200
        assert first.data == second.data
        assert first.headers["ETag"] == second.headers["ETag"]
        assert first.headers.get("Link") == second.headers.get("Link")

    def test_it_changes_with_the_version(self, load: Callable, client: FlaskClient):
        def tags() -> list[str]:
            urls = ("/v1/actors", "/v1/actors/x", "/v1", "/v1/claims", "/v1/actors/x/claims")
            return [client.get(url).headers["ETag"] for url in urls]

        load(actors=[{"id": "x", "name": "X"}])
        before = tags()
        load(actors=[{"id": "x", "name": "X"}])
        assert tags() == before
        load(actors=[{"id": "y", "name": "Y"}])
        assert not set(tags()) & set(before)

    def test_it_differs_between_databases(self, app: Flask, tmp_path: Path):
        client = app.test_client()
        found = set()
        for name in ("one", "two"):
            open_dataset(new_url(tmp_path, name))
            found.add(client.get("/v1/claims").headers["ETag"])
            database.close()
        assert len(found) == 2


CONDITIONS = {
    "as it came": "{}",
    "weak": "W/{}",
    "gzip": "{gzip}",
    "weak gzip": "W/{gzip}",
    "zstd": "{zstd}",
    "br": "{br}",
    "first of a list": '{}, "other"',
    "last of a list": '"other", W/"another",{}',
    "in a list, with suffix": '"other", W/{gzip}',
}
NO_CONDITIONS = {
    "star": "*",
    "other": '"0123456789abcdef0123456789abcdef"',
    "empty": "",
    "no tag": "yesterday",
    "part of it": "{part}",
    "more than it": "{longer}",
}


def condition(template: str, tag: str) -> str:
    suffixed = {coding: f'{tag[:-1]}-{coding}"' for coding in ("gzip", "zstd", "br")}
    return template.format(tag, part=f'{tag[:9]}"', longer=f'{tag[:-1]}0"', **suffixed)


class TestConditions:
    @pytest.mark.parametrize("template", CONDITIONS.values(), ids=CONDITIONS)
    @pytest.mark.parametrize("path", ["/v1/claims?actor=rutte", "/v1/actors/rutte", "/v1", "/"])
    def test_304(self, world: FlaskClient, path: str, template: str):
        full = world.get(path)
        tag = full.headers["ETag"]
        response = world.get(path, headers={"If-None-Match": condition(template, tag)})
        assert (response.status_code, response.data) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary", "Content-Location"):
            assert response.headers.get(name) == full.headers.get(name)

    @pytest.mark.parametrize("template", NO_CONDITIONS.values(), ids=NO_CONDITIONS)
    @pytest.mark.parametrize("path", ["/v1/claims?actor=rutte", "/v1/actors/rutte", "/v1"])
    def test_200(self, world: FlaskClient, path: str, template: str):
        full = world.get(path)
        header = condition(template, full.headers["ETag"])
        response = world.get(path, headers={"If-None-Match": header})
        assert (response.status_code, response.data) == (200, full.data)

    @pytest.mark.parametrize("path", PATHS)
    def test_every_path_and_its_alias_know_their_tag(self, world: FlaskClient, path: str):
        tag = world.get(f"/v1/{path}").headers["ETag"]
        for url in (f"/v1/{path}", f"/{path}"):
            for method in ("GET", "HEAD"):
                response = world.open(url, method=method, headers={"If-None-Match": tag})
                assert response.status_code == 304

    def test_a_tag_that_is_old_gets_the_new_answer(self, load: Callable, client: FlaskClient):
        load(actors=[{"id": "x", "name": "X"}])
        tag = client.get("/v1/actors/x").headers["ETag"]
        load(actors=[{"id": "x", "name": "Y"}])
        response = client.get("/v1/actors/x", headers={"If-None-Match": tag})
        assert (response.status_code, response.json["name"]) == (200, "Y")

    @pytest.mark.parametrize(
        ("known", "asked", "code"),
        [
            ("/v1/claims", "/v1/claims?colour=red", "unknown-parameter"),
            ("/v1/claims", "/v1/claims?limit=0", "invalid-value"),
            ("/v1/claims", "/v1/claims?limit=50&limit=50", "repeated-parameter"),
            ("/v1/claims", "/v1/claims?cursor=AAAA", "bad-cursor"),
            ("/v1/claims", "/v1/claims?actor=%FF", "bad-encoding"),
            ("/v1/actors/rutte", "/v1/actors/rutte?colour=red", "unknown-parameter"),
            ("/v1/actors/rutte", "/v1/actors/ruttee", "not-found"),
            ("/v1", "/v1?colour=red", "unknown-parameter"),
        ],
    )
    def test_a_tag_makes_no_wrong_request_right(
        self, world: FlaskClient, known: str, asked: str, code: str
    ):
        tag = world.get(known).headers["ETag"]
        problem(world.get(asked, headers={"If-None-Match": tag}), code)

    def test_a_tag_does_not_replace_negotiation(self, world: FlaskClient):
        tag = world.get("/v1/claims").headers["ETag"]
        headers = {"If-None-Match": tag, "Accept": "text/csv"}
        problem(world.get("/v1/claims", headers=headers), "not-acceptable")

    def test_what_was_valid_may_be_no_more(self, load: Callable, client: FlaskClient):
        load(actors=[{"id": f"a{n}", "name": "Ann Lee"} for n in range(100)])
        tag = client.get("/v1/claims?actor=lee").headers["ETag"]
        record = client.get("/v1/actors/a0").headers["ETag"]
        load(actors=[{"id": f"b{n}", "name": "Ann Lee"} for n in range(101)], prune=True)
        problem(client.get("/v1/claims?actor=lee", headers={"If-None-Match": tag}), "too-broad")
        problem(client.get("/v1/actors/a0", headers={"If-None-Match": record}), "not-found")


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
    def test_the_same_body_and_where_it_stands(self, world: FlaskClient, path: str):
        versioned, alias = world.get(f"/v1/{path}"), world.get(f"/{path}")
        assert alias.status_code == versioned.status_code == 200
        assert alias.data == versioned.data
        assert alias.headers["ETag"] == versioned.headers["ETag"]
        assert alias.headers["Content-Location"] == f"/v1/{path}"
        assert "Content-Location" not in versioned.headers

    def test_the_root(self, world: FlaskClient):
        versioned, alias = world.get("/v1"), world.get("/")
        assert (alias.status_code, alias.data) == (200, versioned.data)
        assert alias.headers["ETag"] == versioned.headers["ETag"]
        assert alias.headers["Content-Location"] == "/v1"

    def test_the_query_is_kept_as_it_was(self, world: FlaskClient):
        response = world.get("/claims?topic=a&limit=50&actor=O%27Brien+%C3%A9")
        assert response.headers["Content-Location"] == (
            "/v1/claims?topic=a&limit=50&actor=O%27Brien+%C3%A9"
        )

    def test_bare_letters_are_encoded(self, world: FlaskClient):
        """As any URL has them, at first and when the request is remembered."""

        def headers(path: str, query: str) -> Headers:
            bare = {"QUERY_STRING": query, "SCRIPT_NAME": "/donn\xc3\xa9es"}
            return world.get(path, environ_overrides=bare).headers

        name, encoded = "actor=Erdo\xc4\x9fan", "actor=Erdo%C4%9Fan"
        for _ in range(2):
            found = headers("/claims", name)["Content-Location"]
            assert found == f"/donn%C3%A9es/v1/claims?{encoded}"
            found = headers("/claims", "limit=1")["Link"]
            assert found.startswith("</donn%C3%A9es/v1/claims?")
            found = headers("/claims/", name)["Location"]
            assert found == f"/donn%C3%A9es/claims?{encoded}"

    @pytest.mark.parametrize("path", ["v2/claims", "v1/v1/claims", "v1/healthz", "v1/readyz"])
    def test_there_is_no_other_version(self, world: FlaskClient, path: str):
        problem(world.get(f"/{path}"), "not-found")

    def test_behind_a_prefix(self, world: FlaskClient):
        def get(path: str) -> TestResponse:
            return world.get(path, environ_overrides={"SCRIPT_NAME": "/kb"})

        assert get("/v1/claims?limit=1").headers["Link"].startswith("</kb/v1/claims?")
        assert get("/claims").headers["Content-Location"] == "/kb/v1/claims"
        assert get("/v1/claims/").headers["Location"] == "/kb/v1/claims"
        assert get("/v1/actors/m-rutte").headers["Location"] == "/kb/v1/actors/rutte"
        assert get("/v1/nothing").json["type"] == "/kb/v1/problems/not-found"
        root = get("/v1").json
        assert root["spec"] == "/kb/v1/openapi.json"
        assert {one["url"] for one in root["resources"]} == {f"/kb/v1/{path}" for path in LISTS}


class TestMethods:
    @pytest.mark.parametrize("path", [*PATHS, "", "problems/not-found", "openapi.json"])
    @pytest.mark.parametrize("prefix", ["/v1/", "/"])
    def test_head_is_get_without_a_body(self, world: FlaskClient, prefix: str, path: str):
        url = f"{prefix}{path}"
        if len(url) > 1:
            url = url.rstrip("/")
        get, head = world.get(url), world.head(url)
        assert (head.status_code, head.data) == (get.status_code, b"")
        assert dict(head.headers) == dict(get.headers)

    def test_head_names_the_next_page(self, world: FlaskClient):
        url = "/v1/claims?limit=1"
        assert world.head(url).headers["Link"] == world.get(url).headers["Link"]

    @pytest.mark.parametrize("url", ["/v1/nothing", "/v1/actors/nobody", "/v1/claims?limit=0"])
    def test_head_of_a_problem(self, world: FlaskClient, url: str):
        get, head = world.get(url), world.head(url)
        assert (head.status_code, head.data) == (get.status_code, b"")
        assert head.content_type == "application/problem+json"

    @pytest.mark.parametrize("path", [*PATHS, "", "problems/not-found", "openapi.json", "docs"])
    def test_options(self, world: FlaskClient, path: str):
        response = world.options(f"/v1/{path}".rstrip("/"))
        assert (response.status_code, response.data) == (204, b"")
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"

    @pytest.mark.parametrize("path", ["/", "/claims", "/actors/rutte", "/healthz", "/readyz"])
    def test_options_without_a_version(self, world: FlaskClient, path: str):
        response = world.options(path)
        assert (response.status_code, response.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")

    def test_options_of_nothing(self, world: FlaskClient):
        problem(world.options("/v1/nothing"), "not-found")

    def test_preflight(self, world: FlaskClient):
        headers = {
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
            "Accept": "text/csv",
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
    def test_nothing_is_written(self, world: FlaskClient, path: str, method: str):
        response = world.open(path, method=method)
        problem(response, "method-not-allowed")
        assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


class TestOrigins:
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
    def test_every_answer_may_be_read(self, world: FlaskClient, url: str, status: int):
        response = world.get(url, headers={"Origin": "https://example.org"})
        assert response.status_code == status
        self.check(response)

    def test_a_304_a_405_a_406_and_a_crash(
        self, app: Flask, world: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ):
        tag = world.get("/v1/claims").headers["ETag"]
        self.check(world.get("/v1/claims", headers={"If-None-Match": tag}))
        self.check(world.post("/v1/claims"))
        self.check(world.get("/v1/claims", headers={"Accept": "text/csv"}))
        break_view(app, monkeypatch, RuntimeError())
        self.check(world.get("/v1/claims"))

    def check(self, response: TestResponse) -> None:
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
        assert set(exposed) >= self.EXPOSED


class TestRedirects:
    @pytest.mark.parametrize("path", [*PATHS, "problems/not-found", "openapi.json", "docs"])
    def test_a_trailing_slash_goes_away(self, world: FlaskClient, path: str):
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
    def test_and_the_query_stays(self, world: FlaskClient, url: str, location: str):
        for method in ("GET", "HEAD"):
            response = world.open(url, method=method)
            assert (response.status_code, response.headers["Location"]) == (308, location)
            assert response.data == b""

    @pytest.mark.parametrize("path", ["/v1/nothing/", "/v1/actors/rutte/friends/", "/nothing/"])
    def test_nothing_with_a_slash_is_nothing(self, world: FlaskClient, path: str):
        problem(world.get(path), "not-found")

    @pytest.mark.parametrize(
        "path",
        ["//v1/claims", "//claims", "//", "///", "/v1//claims", "//v1", "//example.org/",
         "//v1/claims/", "//example.org/v1/claims", "/v1/actors//claims", "/v1//"],
    )  # fmt: skip
    def test_two_slashes_are_no_path(self, world: FlaskClient, path: str):
        response = raw(world, path)
        assert response.status_code in (404, 308)
        if response.status_code == 308:
            assert re.fullmatch(r"/([a-z0-9].*)?", response.headers["Location"])
        if path in ("//v1/claims", "//claims", "/v1//claims", "//v1", "//example.org/v1/claims"):
            problem(response, "not-found")

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

    @pytest.mark.parametrize(("former", "now"), FORMER)
    @pytest.mark.parametrize("prefix", ["/v1/", "/"])
    def test_a_former_id_leads_to_the_new_one(
        self, world: FlaskClient, prefix: str, former: str, now: str
    ):
        for method in ("GET", "HEAD"):
            response = world.open(prefix + former, method=method)
            assert (response.status_code, response.headers["Location"]) == (308, prefix + now)
            assert response.data == b""

    @pytest.mark.parametrize("query", ["topic=Defense+%26+x&limit=1", "cursor=AAAA&count=none"])
    @pytest.mark.parametrize("prefix", ["/v1/", "/"])
    def test_with_the_query(self, world: FlaskClient, prefix: str, query: str):
        response = world.get(f"{prefix}actors/m-rutte/claims?{query}")
        assert response.status_code == 308
        assert response.headers["Location"] == f"{prefix}actors/rutte/claims?{query}"

    def test_a_former_id_of_another_type_is_none(self, world: FlaskClient):
        problem(world.get("/v1/organizations/m-rutte"), "not-found")

    def test_a_former_id_with_an_unknown_parameter(self, world: FlaskClient):
        problem(world.get("/v1/actors/m-rutte?colour=red"), "unknown-parameter")


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
            # by the id's letters, where the names tell nothing
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
    def test_a_record(self, world: FlaskClient, url: str, type: str, suggestion: str | None):
        for prefix in ("/v1/", "/"):
            found = problem(world.get(prefix + url), "not-found")
            id = url.split("/")[1]
            (error,) = found["errors"]
            assert error["parameter"] == "id"
            assert (error["value"], error["suggestion"]) == (id, suggestion)
            assert id in found["detail"]
            assert type in found["detail"]
            assert suggestion is None or suggestion in found["detail"]

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
    def test_a_path(self, world: FlaskClient, path: str, suggestion: str):
        assert suggestion in problem(world.get(path), "not-found")["detail"]

    @pytest.mark.parametrize(
        "path", ["/v1/claims/spend/reports/1", "/v2", "/favicon.ico", "/v1/actors/rutte/nothing"]
    )
    def test_nothing(self, world: FlaskClient, path: str):
        problem(world.get(path), "not-found")

    def test_a_problem_code(self, world: FlaskClient):
        (error,) = problem(world.get("/v1/problems/not-fond"), "not-found")["errors"]
        assert (error["parameter"], error["value"]) == ("code", "not-fond")
        assert error["suggestion"] == "not-found"

    @pytest.mark.parametrize("id", ["a" * 5000, "%25", "a%20b", "%F0%9F%98%80", "'", "-", "*", "1"])
    def test_odd_ids(self, world: FlaskClient, id: str):
        for path in ("claims", "actors", "topics"):
            problem(world.get(f"/v1/{path}/{id}"), "not-found")


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
            "text/csv, application/json;q=0.5",
            "text/html, */*;q=0.1",
            "application/problem+json, application/json",
            "text/csv;q=0, */*",
        ],
    )
    def test_json(self, world: FlaskClient, accept: str | None):
        headers = {} if accept is None else {"Accept": accept}
        for path in ("/v1/claims", "/v1/actors/rutte", "/v1", "/claims"):
            response = world.get(path, headers=headers)
            assert (response.status_code, response.content_type) == (200, "application/json")

    @pytest.mark.parametrize(
        "accept",
        ["text/csv", "text/plain", "application/xml", "application/json;q=0", "*/*;q=0", "image/*",
         "application/json;q=0, */*", "application/jsonp", "text/csv, application/json;q=0.0"],
    )  # fmt: skip
    def test_406(self, world: FlaskClient, accept: str):
        for path in ("/v1/claims", "/v1/actors/rutte", "/v1", "/claims"):
            problem(world.get(path, headers={"Accept": accept}), "not-acceptable")

    def test_a_problem_is_json_whatever_was_asked(self, world: FlaskClient):
        problem(world.get("/v1/nothing", headers={"Accept": "text/csv"}), "not-found")
        problem(world.post("/v1/claims", headers={"Accept": "text/csv"}), "method-not-allowed")


class TestURLs:
    @staticmethod
    def url_of(length: int) -> str:
        """A right URL with so many bytes."""
        url = "/v1/claims?id=" + "&id=".join("a" * 200 for _ in range(39))
        url += f"&id={'b' * 100}"
        assert length - len(url) - 4 <= 200
        return f"{url}&id={'c' * (length - len(url) - 4)}"

    def test_8192_bytes_are_taken(self, world: FlaskClient):
        url = self.url_of(8192)
        assert len(url) == 8192
        assert world.get(url).status_code == 200

    def test_8193_bytes_are_too_many(self, world: FlaskClient):
        url = self.url_of(8193)
        assert len(url) == 8193
        problem(world.get(url), "uri-too-long")

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
    def test_10000_characters(self, world: FlaskClient, url: str):
        problem(world.get(url), "uri-too-long")

    def test_percent_encoded_bytes_count_as_they_are_sent(self, world: FlaskClient):
        problem(world.get(f"/v1/claims/{'%C3%A9' * 1400}"), "uri-too-long")

    @pytest.mark.parametrize("bad", ["%FF", "%C3", "%ED%A0%80", "%00", "a%00b", "%C0%80", "%F8%88"])
    @pytest.mark.parametrize(
        "url",
        ["/v1/claims?actor={}", "/v1/claims?{}=1", "/v1/claims?actor=a&{}", "/v1/claims?cursor={}",
         "/v1/actors/rutte?{}", "/v1?a={}", "/claims?q={}", "/v1/actors/rutte/claims?topic={}",
         "/v1/claims/{}", "/v1/actors/{}/claims", "/v1/{}", "/{}", "/claims/{}"],
    )  # fmt: skip
    def test_what_is_no_text(self, world: FlaskClient, url: str, bad: str):
        problem(world.get(url.format(bad)), "bad-encoding")


def rules(app: Flask) -> list[str]:
    """Every path that the application answers to a GET, with records of the world in it."""
    found = []
    for rule in app.url_map.iter_rules():
        path = str(rule)
        if "docs" in path or path in ("/healthz", "/readyz") or "GET" not in (rule.methods or ()):
            continue
        kind = path.removeprefix("/v1").strip("/").split("/")[0]
        found.append(path.replace("<id>", FULL.get(kind, "")).replace("<code>", "not-found"))
    assert not [path for path in found if "<" in path]
    return sorted(found)


def parameters(app: Flask) -> list[tuple[str, dict]]:
    """Every query parameter of every path, as the specification has it."""
    found = []
    for path, operations in app.config["SPECIFICATION"]["paths"].items():
        kind = path.removeprefix("/v1").strip("/").split("/")[0]
        url = path.replace("{id}", FULL.get(kind, ""))
        for parameter in operations["get"].get("parameters", ()):
            if parameter["in"] == "query":
                found.append((url, parameter))
    return found


def unlike(client: FlaskClient, url: str, code: str, name: str) -> list[tuple]:
    """What a URL answers, where it is not a problem of this code about this parameter."""
    response = client.get(url)
    if response.status_code != 200 and response.json["code"] == code:
        problem(response, code)
        if [one["parameter"] for one in response.json["errors"]] == [name]:
            return []
    return [(url, response.status_code, response.text[:200])]


class TestParameters:
    def test_unknown_ones_on_every_route(self, app: Flask, world: FlaskClient):
        paths = rules(app)
        assert len(paths) > 2 * len(PATHS)
        wrong = []
        for path in paths:
            for query in ("colour=red", "=", "Limit=1", "limit[]=1", "actor.name=x"):
                name = query.partition("=")[0]
                wrong += unlike(world, f"{path}?{query}", "unknown-parameter", name)
        assert wrong == []

    @pytest.mark.parametrize(
        ("url", "suggestion"),
        [
            ("claims?actr=x", "actor"),
            ("claims?organisation=x", "organization"),
            ("claims?from=2025", "from_date"),
            ("claims?topics=x", "topic"),
            ("claims?Actor=x", "actor"),
            ("events?places=x", "place"),
            ("claims?colour=x&limits=1", "limit"),
            ("actors/rutte/claims?topik=x", "topic"),
        ],
    )
    def test_a_near_one_is_suggested(self, world: FlaskClient, url: str, suggestion: str):
        found = problem(world.get(f"/v1/{url}"), "unknown-parameter")
        assert found["errors"][-1]["suggestion"] == suggestion
        if len(found["errors"]) == 1:
            assert repr(suggestion) in found["detail"]

    def test_a_single_one_takes_none(self, world: FlaskClient):
        for path in SINGLES:
            for name in ("limit", "sort", "cursor", "id", "actor"):
                problem(world.get(f"/v1/{path}?{name}=1"), "unknown-parameter")

    def test_empty_values_of_every_parameter(self, app: Flask, world: FlaskClient):
        wrong = []
        for url, parameter in parameters(app):
            name = parameter["name"]
            for value in (f"{name}=", f"{name}=%20%09"):
                wrong += unlike(world, f"{url}?{value}", "invalid-value", name)
        assert wrong == []

    def test_an_empty_one_among_others(self, world: FlaskClient):
        (error,) = problem(world.get("/v1/claims?actor=rutte&actor="), "invalid-value")["errors"]
        assert (error["parameter"], error["value"]) == ("actor", "")

    SINGLE = {"limit", "cursor", "count", "sort", "updated_since", "from_date", "to_date", "as_of"}

    def test_repeated_single_ones(self, app: Flask, world: FlaskClient):
        seen, wrong = set(), []
        for url, parameter in parameters(app):
            name = parameter["name"]
            if parameter["schema"].get("type") == "array":
                continue
            seen.add(name)
            for query in (f"{name}=1&{name}=2", f"{name}=1&{name}=1", f"{name}=&{name}="):
                wrong += unlike(world, f"{url}?{query}", "repeated-parameter", name)
        assert wrong == []
        assert seen >= self.SINGLE

    def test_too_many_values(self, app: Flask, world: FlaskClient):
        wrong = []
        for url, parameter in parameters(app):
            name = parameter["name"]
            if parameter["schema"].get("type") != "array":
                continue
            most = 100 if name == "id" else 50
            if parameter["schema"]["maxItems"] != most:
                wrong.append((url, name, parameter["schema"]["maxItems"]))
            query = "&".join(f"{name}={n}" for n in range(most + 1))
            wrong += unlike(world, f"{url}?{query}", "invalid-value", name)
        assert wrong == []

    @pytest.mark.parametrize(("name", "most"), [("actor", 50), ("about", 50), ("id", 100),
                                                ("identifier", 50), ("place", 50)])  # fmt: skip
    def test_just_as_many_values(self, world: FlaskClient, name: str, most: int):
        query = "&".join(f"{name}=a:{n}" for n in range(most))
        assert world.get(f"/v1/claims?{query}").status_code == 200

    def test_long_values(self, app: Flask, world: FlaskClient):
        wrong = []
        for url, parameter in parameters(app):
            name = parameter["name"]
            if name not in ("cursor", "q"):
                wrong += unlike(world, f"{url}?{name}={'x' * 403}", "invalid-value", name)
        assert wrong == []

    @pytest.mark.parametrize("name", ["actor", "about", "source", "place", "coder", "id"])
    def test_201_characters(self, world: FlaskClient, name: str):
        (error,) = problem(world.get(f"/v1/claims?{name}={'x' * 201}"), "invalid-value")["errors"]
        assert error["parameter"] == name
        assert len(error["value"]) <= 201

    @pytest.mark.parametrize("name", ["actor", "about", "source", "place", "coder", "id"])
    def test_200_characters(self, world: FlaskClient, name: str):
        assert world.get(f"/v1/claims?{name}={'%C3%A9' * 200}").status_code == 200

    @pytest.mark.parametrize("limit", ["0", "-1", "201", "1e9", "999999999999999999999", "%D9%A1",
                                       "1.0", "1.5", "%2B5", "0x10", "ten", "1_0", "%201", "1%0A",
                                       "9223372036854775808", "null", "-0"])  # fmt: skip
    @pytest.mark.parametrize("path", [*LISTS, *NESTED])
    def test_limit(self, world: FlaskClient, path: str, limit: str):
        (error,) = problem(world.get(f"/v1/{path}?limit={limit}"), "invalid-value")["errors"]
        assert error["parameter"] == "limit"

    @pytest.mark.parametrize("limit", ["1", "200"])
    def test_the_limits_of_limit(self, world: FlaskClient, limit: str):
        assert world.get(f"/v1/claims?limit={limit}").status_code == 200

    @pytest.mark.parametrize(
        ("query", "name", "suggestion"),
        [
            ("count=all", "count", None),
            ("count=exactly", "count", "exact"),
            ("sort=name", "sort", None),
            ("sort=dates", "sort", "date"),
            ("sort=%2Bdate", "sort", "date"),
            ("sort=date,id", "sort", None),
            ("sort=--date", "sort", "-date"),
            ("form=speach", "form", "speech"),
        ],
    )
    def test_closed_lists(self, world: FlaskClient, query: str, name: str, suggestion: str | None):
        (error,) = problem(world.get(f"/v1/claims?{query}"), "invalid-value")["errors"]
        assert error["parameter"] == name
        if suggestion:
            assert error["suggestion"] == suggestion


class TestProblems:
    @pytest.mark.parametrize("code", CODES)
    def test_each_code_has_its_page(self, world: FlaskClient, code: str):
        found = world.get(f"/v1/problems/{code}").json
        assert set(found) == {"code", "status", "title", "meaning"}
        assert (found["code"], found["status"]) == (code, CODES[code])
        assert found["title"]
        assert found["meaning"].endswith(".")

    def test_there_are_no_other_codes(self, app: Flask):
        assert {code: one.status for code, one in errors.CODES.items()} == CODES


def break_view(app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let the list of claims fail."""

    def view(*args: object, **kwargs: object) -> None:
        raise error

    forget(app, monkeypatch)
    for name in ("claims.list_claims", "claims-alias.list_claims"):
        monkeypatch.setitem(app.view_functions, name, view)


class TestFailures:
    @pytest.mark.parametrize("url", ["/v1/claims", "/claims?actor=rutte"])
    def test_a_crash_shows_nothing_but_an_id(
        self,
        app: Flask,
        world: FlaskClient,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        url: str,
    ):
        break_view(app, monkeypatch, RuntimeError("the password is 1234"))
        with caplog.at_level(logging.ERROR):
            response = world.get(url)
        found = problem(response, "internal-error")
        assert found["request_id"] == response.headers["X-Request-ID"]
        assert len(found["request_id"]) >= 8
        for secret in ("1234", "RuntimeError", "Traceback", "File "):
            assert secret not in response.text
        (record,) = [one for one in caplog.records if found["request_id"] in one.getMessage()]
        assert record.exc_info
        assert "the password" in str(record.exc_info[1])

    def test_a_crash_below_the_view(
        self,
        world: FlaskClient,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ):
        def broken(*args: object) -> None:
            raise KeyError("secret")

        with monkeypatch.context() as patch:
            patch.setattr(type(database.obj), "execute_sql", broken)
            found = problem(world.get("/v1/claims?actor=rutte"), "internal-error")
        assert found["request_id"] in caplog.text
        assert world.get("/v1/claims?actor=rutte").status_code == 200

    def test_ids_differ(self, app: Flask, world: FlaskClient, monkeypatch: pytest.MonkeyPatch):
        break_view(app, monkeypatch, RuntimeError())
        assert world.get("/claims").json["request_id"] != world.get("/claims").json["request_id"]

    @pytest.mark.parametrize("error", [peewee.OperationalError, peewee.InterfaceError])
    def test_a_database_that_does_not_answer(
        self,
        app: Flask,
        world: FlaskClient,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        error: type[Exception],
    ):
        break_view(app, monkeypatch, error("database is locked: /secret/path"))
        with caplog.at_level(logging.ERROR):
            response = world.get("/v1/claims")
        assert int(response.headers["Retry-After"]) > 0
        found = problem(response, "database-unavailable")
        assert "secret" not in response.text
        assert found["request_id"] == response.headers["X-Request-ID"]
        assert found["request_id"] in caplog.text

    @on_sqlite
    @pytest.mark.parametrize("path", ["/v1/claims", "/v1/actors/x", "/v1", "/readyz"])
    def test_a_database_without_tables(self, app: Flask, tmp_path: Path, path: str):
        file = tmp_path / "broken.db"
        open_dataset(f"sqlite:///{file}")
        database.close()
        connection = sqlite3.connect(file)
        connection.execute("DROP TABLE dataset")
        connection.close()
        response = app.test_client().get(path)
        database.close()
        problem(response, "database-unavailable")

    @on_sqlite
    def test_a_file_that_is_no_database(self, app: Flask, tmp_path: Path):
        file = tmp_path / "broken.db"
        open_dataset(f"sqlite:///{file}")
        database.close()
        for one in tmp_path.glob("broken.db-*"):
            one.unlink()
        file.write_bytes(b"no database at all" * 1000)
        response = app.test_client().get("/v1/claims")
        database.close()
        problem(response, "database-unavailable")

    @pytest.mark.parametrize(
        "error", [BadRequest, Gone, RequestEntityTooLarge, ServiceUnavailable], ids=str
    )
    def test_what_the_framework_raises_is_a_problem_of_one_status(
        self,
        app: Flask,
        world: FlaskClient,
        monkeypatch: pytest.MonkeyPatch,
        error: type[Exception],
    ):
        break_view(app, monkeypatch, error("because"))
        response = world.get("/v1/claims")
        assert response.content_type == "application/problem+json"
        assert response.status_code == response.json["status"] == CODES[response.json["code"]]

    def test_the_next_request_is_served(
        self, app: Flask, world: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ):
        with monkeypatch.context() as patch:
            break_view(app, patch, peewee.OperationalError())
            assert world.get("/v1/claims").status_code == 503
        assert world.get("/v1/claims").status_code == 200


class TestService:
    def test_what_there_is(self, world: FlaskClient):
        found = world.get("/v1").json
        assert set(found) == {"resources", "dataset", "digest", "version", "spec"}
        assert {one["name"]: one for one in found["resources"]} == {
            "actors": {"name": "actors", "url": "/v1/actors", "count": 8},
            "organizations": {"name": "organizations", "url": "/v1/organizations", "count": 10},
            "events": {"name": "events", "url": "/v1/events", "count": 5},
            "sources": {"name": "sources", "url": "/v1/sources", "count": 6},
            "topics": {"name": "topics", "url": "/v1/topics", "count": 4},
            "positions": {"name": "positions", "url": "/v1/positions", "count": 3},
            "claims": {"name": "claims", "url": "/v1/claims", "count": 8},
        }
        assert found["dataset"] == world.get("/v1/claims").json["meta"]["dataset"]
        assert re.fullmatch("[0-9a-f]{64}", found["digest"])
        assert found["version"] == version("claimbase")
        assert found["spec"] == "/v1/openapi.json"

    def test_the_counts_are_those_of_the_lists(self, shipped: FlaskClient):
        for one in shipped.get("/").json["resources"]:
            assert shipped.get(one["url"]).json["meta"]["total"] == one["count"] > 0

    def test_an_empty_dataset(self, client: FlaskClient):
        found = client.get("/v1").json
        assert {one["count"] for one in found["resources"]} == {0}
        assert found["digest"] == "0" * 64
        for path in LISTS:
            assert client.get(f"/v1/{path}").json["data"] == []

    def test_dataset_and_digest_follow_a_load(self, load: Callable, client: FlaskClient):
        first = client.get("/v1").json
        load(actors=[{"id": "x", "name": "X"}])
        second = client.get("/v1").json
        load(actors=[{"id": "x", "name": "X"}])
        assert client.get("/v1").json == second
        assert first["dataset"] != second["dataset"]
        assert first["digest"] != second["digest"]
        load(actors=[], prune=True)
        third = client.get("/v1").json
        assert third["digest"] == first["digest"]
        assert third["dataset"] not in (first["dataset"], second["dataset"])

    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_it_lives(self, world: FlaskClient, path: str):
        response = world.get(path)
        assert (response.status_code, response.json["status"]) == (200, "ok")
        assert world.head(path).status_code == 200

    def test_it_lives_without_a_database(self, app: Flask, world: FlaskClient,
                                         monkeypatch: pytest.MonkeyPatch):  # fmt: skip
        def gone(*args: object) -> None:
            raise peewee.OperationalError("gone")

        with monkeypatch.context() as patch:
            patch.setattr(type(database.obj), "execute_sql", gone)
            assert world.get("/healthz").status_code == 200
            problem(world.get("/readyz"), "database-unavailable")

    def test_the_specification(self, world: FlaskClient):
        response = world.get("/v1/openapi.json")
        assert response.content_type == "application/json"
        assert response.json == yaml.load(
            (ROOT / "openapi.yaml").read_text(), Loader=yaml.CSafeLoader
        )


@pytest.fixture
def page(world: FlaskClient) -> str:
    """The HTML of the docs."""
    response = world.get("/v1/docs", headers={"Accept": BROWSER})
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    return response.text


class TestDocs:
    def test_nothing_comes_from_elsewhere(self, page: str):
        assert not re.search(r"""https?:|["'(]//""", page)

    def test_its_parts_come_from_the_package(self, world: FlaskClient, page: str):
        parts = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page)
        assert {Path(part).suffix for part in parts} >= {".css", ".js"}
        for part in parts:
            with world.get(urljoin("http://localhost/v1/docs", part)) as response:
                assert response.status_code == 200
                assert len(response.data) > 500
                assert response.content_type.split(";")[0] in (
                    "text/css",
                    "text/javascript",
                    "application/javascript",
                    "image/png",
                )

    def test_it_shows_the_specification(self, world: FlaskClient, page: str):
        (url,) = re.findall(r"""url: ?["']([^"']+)["']""", page)
        assert urljoin("http://localhost/v1/docs", url) == "http://localhost/v1/openapi.json"

    @pytest.mark.parametrize(
        "name", ["nothing.js", "..%2F__init__.py", "../__init__.py", "%2Fetc%2Fpasswd", "a%00b"]
    )
    def test_it_shows_no_other_files(self, world: FlaskClient, name: str):
        response = world.get(f"/v1/docs/{name}")
        assert response.status_code in (400, 404)
        assert response.content_type == "application/problem+json"
