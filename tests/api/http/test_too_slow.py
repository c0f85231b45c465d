"""Requests beyond their deadline: 503 with the code too-slow, on every route."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.v1 import lists
from models.database import deadline
from models.database.connection import fetch_all
from tests.api.http.problems import problem_of
from tests.api.world import anew, forget
from tests.engines import ENGINE

ENDLESS = (
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers)"
    " SELECT COUNT(*) FROM numbers"
)
URLS = [
    "/v1", "/readyz", "/sitemap.xml",
    "/v1/claims?actor=rutte&facet=topic,year&include=actor", "/v1/claims?q=spend&highlight=true",
    "/v1/claims?q=spend&sort=relevance", "/v1/claims?format=html", "/v1/claims?format=atom",
    "/v1/actors?facet=topic", "/v1/organizations", "/v1/events", "/v1/sources?q=spend",
    "/v1/topics", "/v1/positions", "/v1/actors/rutte", "/v1/actors/rutte?format=html",
    "/v1/actors/rutte/claims", "/v1/topics/defence/claims", "/v1/changes",
    "/v1/search?q=spend", "/v1/autocomplete?q=ru", "/v1/resolve?actor=Rutte&actor=Ruttte",
    "/v1/stances", "/v1/contradictions?actor=rutte", "/v1/reversals",
    "/v1/compare?actor=rutte&actor=erdogan", "/v1/graph?around=actor:rutte",
    "/v1/networks/one-mode", "/v1/networks/two-mode?format=svg",
]  # fmt: skip


class CountingClock:
    """A clock that counts how often it is read, and jumps an hour at one reading."""

    def __init__(self, jump_at: float):
        self.jump_at = jump_at
        self.readings = 0

    def __call__(self) -> float:
        self.readings += 1
        return 3600.0 if self.readings >= self.jump_at else 0.0


@pytest.fixture
def read_by(app: Flask, world: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """A function that gets a URL by a clock, while no result is cached."""
    forget(app, monkeypatch)

    def read(url: str, clock: CountingClock) -> Any:
        with monkeypatch.context() as patch, anew():
            patch.setattr(deadline, "clock", clock)
            return world.get(url)

    return read


@pytest.mark.parametrize("url", URLS)
def test_a_route_ends_wherever_its_deadline_passes(read_by: Callable, url: str):
    clock = CountingClock(float("inf"))
    expected = read_by(url, clock)
    assert expected.status_code == 200, expected.text
    # the first reading begins the deadline; a statement of PostgreSQL may end just in time
    for jump_at in range(2, clock.readings + 1, clock.readings // 12 or 1):
        response = read_by(url, CountingClock(jump_at))
        if ENGINE == "postgres" and jump_at == clock.readings and response.status_code == 200:
            continue
        assert response.status_code == 503, jump_at
        if "html" not in url:
            problem_of(response, "too-slow")
    assert read_by(url, CountingClock(float("inf"))).data == expected.data


@pytest.fixture
def slow_world(app: Flask, world: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of a server that gives a request 50 ms, and counts claims without end."""
    forget(app, monkeypatch)
    monkeypatch.setattr(app.wsgi_app, "seconds", 0.05)
    monkeypatch.setitem(app.config, "REQUEST_SECONDS", 0.05)
    monkeypatch.setattr(lists, "count_all", lambda *_: fetch_all(ENDLESS))
    return world


QUERY = "topic=defence&topic=spending&topic=nato&limit=1"


def test_a_slow_query_says_what_to_narrow(
    slow_world: FlaskClient, caplog: pytest.LogCaptureFixture
):
    with anew():
        response = slow_world.get(f"/v1/claims?{QUERY}&facet=topic,year,month")
        problem = problem_of(response, "too-slow")
        assert problem["detail"] == (
            "The answer takes more than 0.05 s. Ask for fewer values of topic, or fewer values of "
            "facet, or fewer records by narrower filters, such as an id or a period."
        )
        assert [(error["parameter"], error["message"]) for error in problem["errors"]] == [
            ("topic", "has 3 values: ask for fewer at once"),
            ("facet", "has 3 values: ask for fewer at once"),
        ]
        assert "Retry-After" not in response.headers
        assert problem["request_id"] in caplog.text
        assert QUERY in caplog.text
        assert slow_world.get("/v1/claims/spend").status_code == 200
        assert slow_world.get("/v1/changes").status_code == 200


def test_a_browser_gets_a_page(slow_world: FlaskClient):
    with anew():
        response = slow_world.get(f"/v1/claims?{QUERY}", headers={"Accept": "text/html"})
    assert response.status_code == 503
    assert response.content_type == "text/html; charset=utf-8"
    assert "Ask for fewer values of topic" in response.text


def test_a_body_asks_for_fewer_names(
    app: Flask,
    world: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    monkeypatch.setattr(app.wsgi_app, "seconds", 1e-9)
    body = {"queries": [{"parameter": "actor", "name": "rutte"}]}
    with caplog.at_level(logging.WARNING):
        response = world.post("/v1/resolve", json=body)
    assert "Ask for fewer names at once" in problem_of(response, "too-slow")["detail"]


@pytest.mark.parametrize("url", ["/v1/export", "/v1/claims?format=csv", "/healthz"])
def test_streams_and_the_health_of_the_process_have_no_deadline(
    app: Flask, world: FlaskClient, monkeypatch: pytest.MonkeyPatch, url: str
):
    expected = world.get(url).data
    monkeypatch.setattr(app.wsgi_app, "seconds", 1e-9)
    response = world.get(url)
    assert (response.status_code, response.data) == (200, expected)
