"""The number of queries that a request sends to the database."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from models.database.connection import database
from tests.api.database_queries import (
    TRANSACTION_BOUNDS,
    queries_of,
    queries_with_cache_of,
    query_count,
    trace,
)
from tests.api.world import FULL, LISTS, NESTED
from tests.engines import on_sqlite

pytestmark = on_sqlite

MAX_QUERIES = 4

QUERY_STRINGS = {
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
CASES = [(path, query) for path, queries in QUERY_STRINGS.items() for query in queries]


def test_every_list_has_cases():
    assert set(QUERY_STRINGS) == {*LISTS, *NESTED}


@pytest.mark.parametrize(("path", "query"), CASES)
@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_a_list_sends_at_most_four_queries(world: FlaskClient, prefix: str, path: str, query: str):
    assert query_count(world, f"{prefix}{path}?{query}") <= MAX_QUERIES


@pytest.mark.parametrize("path", [*LISTS, *NESTED])
def test_the_number_of_queries_does_not_depend_on_the_page_size(world: FlaskClient, path: str):
    for limit in (1, 50, 200):
        url = f"/v1/{path}?count=none&limit={limit}"
        assert query_count(world, url) == 2 + path.endswith("/claims"), limit


@pytest.mark.parametrize(
    ("url", "count"),
    [
        # the version, the resolved names, suggestions for unresolved names, the places that there
        # are, the page
        ("/v1/claims", 2),
        ("/v1/claims?form=speech&place=oslo", 3),
        ("/v1/claims?actor=rutte", 3),
        ("/v1/claims?actor=rutte&topic=defence&country=NL", 3),
        ("/v1/claims?actor=rutte&actor=nobody", 4),
        ("/v1/claims?actor=nobody", 3),
        ("/v1/claims?actor=nobody&topic=nothing", 3),
    ],
)
def test_a_list_sends_one_query_for_each_step(world: FlaskClient, url: str, count: int):
    assert query_count(world, url) == count


@pytest.mark.parametrize("path", [*LISTS, *NESTED])
def test_the_next_page_sends_as_many_queries_as_the_first(world: FlaskClient, path: str):
    url = f"/v1/{path}?limit=1"
    cursor = world.get(url).json["meta"]["next_cursor"]
    assert query_count(world, f"{url}&cursor={cursor}") == query_count(world, url)


@pytest.mark.parametrize("path", [*LISTS, *NESTED])
def test_a_repeated_request_reads_only_the_version_and_the_page(world: FlaskClient, path: str):
    url = f"/v1/{path}?limit=1"
    first = world.get(url).data
    queries = queries_with_cache_of(lambda: world.get(url))
    assert len(queries) == 2
    assert "FROM dataset" in queries[0]
    assert "document" in queries[1]
    assert world.get(url).data == first


@pytest.mark.parametrize("path", FULL)
def test_a_single_record_sends_two_queries(world: FlaskClient, path: str):
    assert query_count(world, f"/v1/{path}/{FULL[path]}") == 2


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
    queries = queries_of(lambda: world.get(url, headers={"If-None-Match": tag}))
    assert len(queries) == 1
    assert "FROM dataset" in queries[0]


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
def test_a_request_that_needs_no_data_sends_no_queries(world: FlaskClient, url: str):
    assert queries_of(lambda: world.get(url)) == []


def test_head_sends_as_many_queries_as_get(world: FlaskClient):
    assert len(queries_of(lambda: world.head("/v1/claims?actor=rutte"))) == 3


def test_all_queries_of_a_request_are_in_one_transaction(world: FlaskClient):
    sent = trace(lambda: world.get("/v1/claims?actor=rutte&actor=nobody"))
    bounds = [sql for sql in sent if sql.startswith(TRANSACTION_BOUNDS)]
    assert bounds == [sent[0], sent[-1]]
    assert bounds[0].startswith("BEGIN")
    assert not database.connection().in_transaction
