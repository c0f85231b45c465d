"""ETags and conditional requests."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.database.connection import database
from models.opening import open_dataset
from tests.api.http.paths import PATHS
from tests.api.http.problems import problem_of
from tests.engines import new_url


class TestETags:
    @pytest.mark.parametrize("path", [*PATHS, "", "problems/not-found", "openapi.json"])
    def test_every_response_has_a_strong_etag(self, world: FlaskClient, path: str):
        response = world.get(f"/v1/{path}".rstrip("/"))
        assert response.status_code == 200
        assert re.fullmatch(r'"[0-9a-zA-Z]{16,}"', response.headers["ETag"])
        assert response.headers["Cache-Control"] == "public, no-cache"
        assert response.headers["Vary"] == "Accept, Accept-Encoding"

    def test_different_urls_have_different_etags(self, world: FlaskClient):
        urls = [f"/v1/{path}" for path in PATHS]
        urls += ["/v1", "/v1/claims?limit=1", "/v1/claims?limit=2", "/v1/claims?actor=rutte"]
        urls += ["/v1/claims?actor=%21rutte", "/v1/claims?sort=date", "/v1/claims?count=none"]
        urls += ["/v1/claims?actor=Rutte", "/v1/problems/not-found", "/v1/problems/too-broad"]
        assert len({world.get(url).headers["ETag"] for url in urls}) == len(urls)

    @pytest.mark.parametrize(
        ("first_url", "second_url"),
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
    def test_queries_with_the_same_canonical_form_get_the_same_response(
        self, world: FlaskClient, first_url: str, second_url: str
    ):
        first, second = world.get(f"/v1/{first_url}"), world.get(f"/v1/{second_url}")
        assert first.status_code == second.status_code == 200
        assert first.data == second.data
        assert first.headers["ETag"] == second.headers["ETag"]
        assert first.headers.get("Link") == second.headers.get("Link")

    def test_etags_change_with_the_version_of_the_dataset(
        self, load: Callable, client: FlaskClient
    ):
        def tags() -> list[str]:
            urls = ("/v1/actors", "/v1/actors/x", "/v1", "/v1/claims", "/v1/actors/x/claims")
            return [client.get(url).headers["ETag"] for url in urls]

        load(actors=[{"id": "x", "name": "X"}])
        before = tags()
        load(actors=[{"id": "x", "name": "X"}])
        assert tags() == before
        load(actors=[{"id": "y", "name": "Y"}])
        assert not set(tags()) & set(before)

    def test_databases_have_different_etags(self, app: Flask, tmp_path: Path):
        client = app.test_client()
        tags = set()
        for name in ("one", "two"):
            open_dataset(new_url(tmp_path, name))
            tags.add(client.get("/v1/claims").headers["ETag"])
            database.close()
        assert len(tags) == 2


MATCHING_HEADERS = {
    "as sent": "{}",
    "weak": "W/{}",
    "gzip": "{gzip}",
    "weak gzip": "W/{gzip}",
    "zstd": "{zstd}",
    "br": "{br}",
    "first of a list": '{}, "other"',
    "last of a list": '"other", W/"another",{}',
    "in a list, with suffix": '"other", W/{gzip}',
}
OTHER_HEADERS = {
    "star": "*",
    "other": '"0123456789abcdef0123456789abcdef"',
    "empty": "",
    "no tag": "yesterday",
    "prefix": "{part}",
    "longer": "{longer}",
}


def if_none_match(template: str, tag: str) -> str:
    """The value of an If-None-Match header; `template` refers to the parts of an ETag."""
    suffixed = {coding: f'{tag[:-1]}-{coding}"' for coding in ("gzip", "zstd", "br")}
    return template.format(tag, part=f'{tag[:9]}"', longer=f'{tag[:-1]}0"', **suffixed)


class TestIfNoneMatch:
    @pytest.mark.parametrize("template", MATCHING_HEADERS.values(), ids=MATCHING_HEADERS)
    @pytest.mark.parametrize("path", ["/v1/claims?actor=rutte", "/v1/actors/rutte", "/v1", "/"])
    def test_a_matching_etag_gets_304(self, world: FlaskClient, path: str, template: str):
        full = world.get(path)
        tag = full.headers["ETag"]
        response = world.get(path, headers={"If-None-Match": if_none_match(template, tag)})
        assert (response.status_code, response.data) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary", "Content-Location"):
            assert response.headers.get(name) == full.headers.get(name)

    @pytest.mark.parametrize("template", OTHER_HEADERS.values(), ids=OTHER_HEADERS)
    @pytest.mark.parametrize("path", ["/v1/claims?actor=rutte", "/v1/actors/rutte", "/v1"])
    def test_another_etag_gets_200(self, world: FlaskClient, path: str, template: str):
        full = world.get(path)
        header = if_none_match(template, full.headers["ETag"])
        response = world.get(path, headers={"If-None-Match": header})
        assert (response.status_code, response.data) == (200, full.data)

    @pytest.mark.parametrize("path", PATHS)
    def test_every_path_and_its_alias_answer_304(self, world: FlaskClient, path: str):
        tag = world.get(f"/v1/{path}").headers["ETag"]
        for url in (f"/v1/{path}", f"/{path}"):
            for method in ("GET", "HEAD"):
                response = world.open(url, method=method, headers={"If-None-Match": tag})
                assert response.status_code == 304

    def test_an_old_etag_gets_the_new_response(self, load: Callable, client: FlaskClient):
        load(actors=[{"id": "x", "name": "X"}])
        tag = client.get("/v1/actors/x").headers["ETag"]
        load(actors=[{"id": "x", "name": "Y"}])
        response = client.get("/v1/actors/x", headers={"If-None-Match": tag})
        assert (response.status_code, response.json["name"]) == (200, "Y")

    @pytest.mark.parametrize(
        ("valid_url", "invalid_url", "code"),
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
    def test_an_etag_does_not_make_an_invalid_request_valid(
        self, world: FlaskClient, valid_url: str, invalid_url: str, code: str
    ):
        tag = world.get(valid_url).headers["ETag"]
        problem_of(world.get(invalid_url, headers={"If-None-Match": tag}), code)

    def test_an_etag_does_not_replace_negotiation(self, world: FlaskClient):
        tag = world.get("/v1/claims").headers["ETag"]
        headers = {"If-None-Match": tag, "Accept": "image/png"}
        problem_of(world.get("/v1/claims", headers=headers), "not-acceptable")

    def test_a_request_that_a_load_makes_invalid_is_refused_despite_its_etag(
        self, load: Callable, client: FlaskClient
    ):
        load(actors=[{"id": f"a{n}", "name": "Ann Lee"} for n in range(100)])
        tag = client.get("/v1/claims?actor=lee").headers["ETag"]
        record_tag = client.get("/v1/actors/a0").headers["ETag"]
        load(actors=[{"id": f"b{n}", "name": "Ann Lee"} for n in range(101)], prune=True)
        problem_of(client.get("/v1/claims?actor=lee", headers={"If-None-Match": tag}), "too-broad")
        problem_of(client.get("/v1/actors/a0", headers={"If-None-Match": record_tag}), "not-found")
