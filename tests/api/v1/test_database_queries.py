"""The price of an answer: how many statements it takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from models.database.connection import database
from tests.api.world import FULL, LISTS, NESTED, anew
from tests.engines import on_sqlite

pytestmark = on_sqlite

FREE = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
AT_MOST = 4


def statements(call: Callable[[], object]) -> list[str]:
    """What the database is asked, the first time; the bounds of transactions are not counted."""
    with anew():
        return asked_again(call)


def asked_again(call: Callable[[], object]) -> list[str]:
    """What it is asked where the same may have been asked before."""
    asked: list[str] = []
    connection = database.connection()
    connection.set_trace_callback(asked.append)
    try:
        call()
    finally:
        connection.set_trace_callback(None)
    # SQLite also tells of the statements inside its own statements, as comments
    return [one for one in asked if not one.startswith((*FREE, "--"))]


def price(client: FlaskClient, url: str, **headers: str) -> int:
    def call() -> None:
        response = client.get(url, headers=headers)
        assert response.status_code in (200, 304), response.text

    return len(statements(call))


QUERIES = {
    "claims": [
        "",
        "limit=1",
        "limit=200",
        "count=none",
        "sort=date&limit=2",
        "actor=rutte",
        "actor=Mark Rutte",
        "actor=rutte&actor=nobody",
        "actor=!nobody",
        "actor=nobody",
        "about=NATO&addressee=Turkiye",
        "country=Turkey&country=Atlantis",
        "form=speech&language=en&place=oslo&status=coded&date=2025&id=oppose",
        "actor=rutte&organization=nato&event=interview&source=aa&publisher=anadolu&topic=defence"
        "&position=join&about=tuerkiye&addressee=nato&country=TR",
        "actor=rutte&organization=nato&event=nix&event=interview&source=nix&source=aa&publisher=nix"
        "&publisher=daily&topic=nix&topic=defence&position=join&about=nix&about=tuerkiye",
    ],
    "actors": [
        "",
        "limit=1",
        "limit=200",
        "organization=nato&role=general&as_of=2025",
        "organization=NATO&event=Hague Summit&topic=defence&position=join&source=aa",
        "organization=nato&organization=nobody",
        "kind=person&sort=-claim_count",
    ],
    "organizations": [
        "",
        "limit=1",
        "limit=200",
        "country=Turkey&parent=tuerkiye",
        "actor=rutte&actor=nobody&event=summit",
    ],
    "events": [
        "",
        "limit=1",
        "limit=200",
        "country=TR&organization=Anadolu Agency&topic=defence",
        "actor=rutte&actor=nobody&parent=summit",
        "date=2025&from_date=2025&to_date=2026",
    ],
    "sources": [
        "",
        "limit=1",
        "limit=200",
        "publisher=anadolu&topic=power&actor=Erdogan",
        "origin=nobody&origin=anadolu&event=session",
    ],
    "topics": ["", "limit=1", "limit=200", "parent=Defense&actor=rutte", "event=nix&event=summit"],
    "positions": ["", "limit=1", "limit=200", "topic=power&actor=erdogan", "actor=nix&actor=rutte"],
    "actors/rutte/claims": ["", "limit=1", "limit=200", "topic=Defense", "topic=nix&topic=defence"],
    "organizations/nato/claims": ["", "limit=1", "limit=200", "actor=nix&actor=rutte"],
    "events/summit/claims": ["", "limit=1", "limit=200", "about=nix&about=NATO"],
}
ROWS = [(path, query) for path, queries in QUERIES.items() for query in queries]


def test_every_list_has_its_price():
    assert set(QUERIES) == {*LISTS, *NESTED}


@pytest.mark.parametrize(("path", "query"), ROWS)
@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_a_list_takes_at_most_four_statements(
    world: FlaskClient, prefix: str, path: str, query: str
):
    assert price(world, f"{prefix}{path}?{query}") <= AT_MOST


@pytest.mark.parametrize("path", [*LISTS, *NESTED])
def test_the_price_does_not_depend_on_the_size_of_the_page(world: FlaskClient, path: str):
    for limit in (1, 50, 200):
        url = f"/v1/{path}?count=none&limit={limit}"
        assert price(world, url) == 2 + path.endswith("/claims"), limit


@pytest.mark.parametrize(
    ("url", "statements"),
    [
        # the version, what names mean, what unmatched ones may mean, the page
        ("/v1/claims", 2),
        ("/v1/claims?form=speech&place=oslo", 2),
        ("/v1/claims?actor=rutte", 3),
        ("/v1/claims?actor=rutte&topic=defence&country=NL", 3),
        ("/v1/claims?actor=rutte&actor=nobody", 4),
        ("/v1/claims?actor=nobody", 3),
        ("/v1/claims?actor=nobody&topic=nothing", 3),
    ],
)
def test_what_a_list_asks(world: FlaskClient, url: str, statements: int):
    assert price(world, url) == statements


@pytest.mark.parametrize("path", [*LISTS, *NESTED])
def test_the_next_page_costs_the_same(world: FlaskClient, path: str):
    url = f"/v1/{path}?limit=1"
    cursor = world.get(url).json["meta"]["next_cursor"]
    assert price(world, f"{url}&cursor={cursor}") == price(world, url)


@pytest.mark.parametrize("path", [*LISTS, *NESTED])
def test_asked_again_a_list_takes_its_version_and_its_page(world: FlaskClient, path: str):
    url = f"/v1/{path}?limit=1"
    first = world.get(url).data
    again = asked_again(lambda: world.get(url))
    assert len(again) == 2
    assert "FROM dataset" in again[0]
    assert "document" in again[1]
    assert world.get(url).data == first


@pytest.mark.parametrize("path", FULL)
def test_one_record_takes_two_statements(world: FlaskClient, path: str):
    assert price(world, f"/v1/{path}/{FULL[path]}") == 2


@pytest.mark.parametrize(
    "url",
    [
        *(f"/v1/{path}" for path in (*LISTS, *NESTED)),
        *(f"/v1/{path}/{id}" for path, id in FULL.items()),
        "/v1",
        "/",
        "/claims?actor=Mark Rutte&topic=Defense",
        "/v1/claims?limit=1&sort=date",
        "/actors/rutte",
        "/v1/openapi.json",
        "/v1/problems/not-found",
    ],
)
def test_a_304_reads_only_the_version(world: FlaskClient, url: str):
    tag = world.get(url).headers["ETag"]
    asked = statements(lambda: world.get(url, headers={"If-None-Match": tag}))
    assert len(asked) == 1
    assert "FROM dataset" in asked[0]


@pytest.mark.parametrize(
    "url",
    [
        "/v1/claims?colour=red",
        "/v1/claims?limit=0",
        "/v1/claims?limit=1&limit=2",
        "/v1/claims?cursor=",
        "/v1/actors/rutte?colour=red",
        "/v1/nothing",
        "/v1/claims/",
        "/healthz",
    ],
)
def test_what_is_wrong_in_itself_asks_nothing(world: FlaskClient, url: str):
    assert statements(lambda: world.get(url)) == []


def test_head_costs_what_get_costs(world: FlaskClient):
    assert len(statements(lambda: world.head("/v1/claims?actor=rutte"))) == 3


def test_all_statements_of_a_request_are_in_one_transaction(world: FlaskClient):
    asked: list[str] = []
    connection = database.connection()
    connection.set_trace_callback(asked.append)
    world.get("/v1/claims?actor=rutte&actor=nobody")
    connection.set_trace_callback(None)
    bounds = [one for one in asked if one.startswith(FREE)]
    assert bounds == [asked[0], asked[-1]]
    assert bounds[0].startswith("BEGIN")
    assert not connection.in_transaction
