"""Every relation has a route: a list that is tied to one record, or an array of its document."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.oracle import GROUPS, Made, Oracle, loaded
from tests.api.test_cost import price
from tests.api.world import FULL, ids_of, pages
from tests.engines import on_sqlite

# route: (the list that it is of, the filter that the path fixes)
RELATIONS = {
    "actors/claims": ("claims", "actor"),
    "actors/events": ("events", "actor"),
    "actors/organizations": ("organizations", "actor"),
    "actors/sources": ("sources", "actor"),
    "actors/topics": ("topics", "actor"),
    "actors/positions": ("positions", "actor"),
    "organizations/claims": ("claims", "organization"),
    "organizations/actors": ("actors", "organization"),
    "organizations/events": ("events", "organization"),
    "organizations/sources": ("sources", "publisher"),
    "organizations/suborganizations": ("organizations", "parent"),
    "events/claims": ("claims", "event"),
    "events/actors": ("actors", "event"),
    "events/organizations": ("organizations", "event"),
    "events/sources": ("sources", "event"),
    "events/topics": ("topics", "event"),
    "events/subevents": ("events", "parent"),
    "sources/claims": ("claims", "source"),
    "sources/actors": ("actors", "source"),
    "topics/claims": ("claims", "topic"),
    "topics/positions": ("positions", "topic"),
    "topics/subtopics": ("topics", "parent"),
    "positions/claims": ("claims", "position"),
    "positions/actors": ("actors", "position"),
}
ARRAYS = ("actors/memberships", "claims/relations", "claims/reports", "claims/reviews")


def path(route: str, id: str | None = None) -> str:
    """The path of a route for one record."""
    parent, _, child = route.partition("/")
    return f"/v1/{parent}/{id or FULL[parent]}/{child}"


def test_these_are_all_routes(app: Flask):
    rules = {str(rule) for rule in app.url_map.iter_rules()}
    nested = {rule for rule in rules if rule.startswith("/v1/") and rule.count("/") == 4}
    assert nested == {path(route, "<id>") for route in (*RELATIONS, *ARRAYS)}
    assert {rule.removeprefix("/v1") for rule in nested} <= rules


# each route and what it finds, in its order
TABLE = [
    ("actors/rutte/claims", "spend oppose"),
    ("actors/obrien/claims", "vote"),
    ("actors/kaya/claims", ""),
    ("actors/official/claims", ""),
    ("actors/rutte/events", "interview summit"),
    ("actors/erdogan/events", "session summit"),
    ("actors/kaya/events", ""),
    # a withdrawn claim was made there
    ("actors/official/events", ""),
    ("actors/rutte/organizations", "nato unity-party"),
    ("actors/kaya/organizations", "nato"),
    ("actors/isik-a/organizations", ""),
    ("actors/rutte/sources", "herald-report aa reprint"),
    ("actors/protesters/sources", "aa reprint"),
    ("actors/official/sources", ""),
    ("actors/rutte/topics", "procurement defence spending"),
    ("actors/isik-b/topics", "defence spending energy"),
    ("actors/isik-a/topics", ""),
    ("actors/rutte/positions", "five-percent join"),
    ("actors/obrien/positions", "pipelines join"),
    ("actors/kaya/positions", ""),
    ("organizations/nato/claims", "communique spend oppose"),
    ("organizations/turkish-mfa/claims", "letter"),
    # nothing rolls up to the state
    ("organizations/norway/claims", ""),
    ("organizations/nato/actors", "kaya rutte obrien"),
    ("organizations/unity-party/actors", "rutte obrien"),
    ("organizations/norway/actors", ""),
    ("organizations/nato/events", "interview summit"),
    ("organizations/anadolu/events", "interview"),
    ("organizations/tuerkiye/events", "summit"),
    ("organizations/daily/events", ""),
    ("organizations/daily/sources", "reprint"),
    # the origin is not the publisher
    ("organizations/anadolu/sources", "aa"),
    ("organizations/norway/sources", ""),
    ("organizations/tuerkiye/suborganizations", "turkish-mfa"),
    ("organizations/norway/suborganizations", "unity-party"),
    ("organizations/nato/suborganizations", ""),
    ("events/summit/claims", "communique gas"),
    ("events/session/claims", "march"),
    ("events/quiet/claims", ""),
    ("events/summit/actors", "rutte erdogan"),
    ("events/session/actors", "protesters erdogan"),
    ("events/interview/actors", "rutte"),
    ("events/quiet/actors", ""),
    ("events/summit/organizations", "nato tuerkiye"),
    ("events/interview/organizations", "anadolu nato"),
    ("events/session/organizations", ""),
    ("events/summit/sources", "aa declaration"),
    ("events/session/sources", "aa reprint"),
    ("events/quiet/sources", ""),
    ("events/summit/topics", "defence energy"),
    ("events/interview/topics", "defence spending"),
    ("events/campaign/topics", ""),
    ("events/summit/subevents", "session"),
    ("events/session/subevents", ""),
    ("sources/aa/claims", "spend march gas"),
    ("sources/leaf/claims", "letter"),
    ("sources/blog/claims", ""),
    ("sources/aa/actors", "protesters rutte erdogan"),
    ("sources/reprint/actors", "protesters rutte"),
    ("sources/declaration/actors", "erdogan"),
    ("sources/blog/actors", ""),
    # a topic's claims and positions are those of narrower ones, too; subtopics are direct children
    ("topics/defence/claims", "communique spend oppose letter"),
    ("topics/procurement/claims", "oppose"),
    ("topics/energy/claims", "communique gas letter"),
    ("topics/defence/positions", "five-percent pipelines"),
    ("topics/procurement/positions", "pipelines"),
    ("topics/energy/positions", "pipelines"),
    ("topics/defence/subtopics", "spending"),
    ("topics/spending/subtopics", "procurement"),
    ("topics/energy/subtopics", ""),
    ("positions/five-percent/claims", "communique spend oppose"),
    ("positions/join/claims", "vote spend oppose"),
    ("positions/five-percent/actors", "rutte"),
    ("positions/join/actors", "rutte obrien"),
    ("positions/pipelines/actors", "erdogan obrien"),
    # the list's other parameters; what holds of the same row still does
    ("positions/five-percent/claims?stance=support", "communique spend"),
    ("positions/join/claims?stance=support", "oppose"),
    ("positions/join/claims?stance=support&stance=oppose", "vote oppose"),
    ("positions/pipelines/claims?stance=neutral&actor=obrien", "vote"),
    ("organizations/nato/actors?role=deputy", "kaya obrien"),
    ("organizations/unity-party/actors?role=secretary", ""),
    ("organizations/nato/actors?as_of=2019", "obrien"),
    ("organizations/nato/actors?as_of=2025-05-14", "kaya rutte"),
    ("organizations/nato/actors?role=deputy&as_of=2025", "kaya"),
    ("organizations/nato/actors?role=secretary general&as_of=2025", "rutte"),
    ("sources/aa/claims?attribution=direct", "spend"),
    ("sources/aa/claims?attribution=mixed", "march"),
    ("sources/reprint/claims?publisher=anadolu", ""),
    ("sources/reprint/claims?publisher=daily&attribution=direct", "march"),
    ("actors/rutte/claims?topic=Defense&position=join&stance=support", "oppose"),
    ("actors/rutte/claims?has=quote,!review", "oppose"),
    ("topics/energy/claims?match=all&position=pipelines&position=five-percent", "communique"),
    ("organizations/nato/claims?status=draft", "draft"),
    ("actors/official/claims?status=withdrawn", "gone"),
    ("events/summit/claims?organization=!nato", "gas"),
    ("organizations/anadolu/sources?kind=article&actor=Erdogan", "aa"),
    ("events/summit/subevents?actor=erdogan", "session"),
    ("events/summit/subevents?kind=summit", ""),
    ("topics/defence/subtopics?actor=erdogan", ""),
    ("topics/defence/positions?actor=erdogan", "pipelines"),
    ("actors/rutte/organizations?kind=party", "unity-party"),
    ("actors/rutte/sources?origin=anadolu", "reprint"),
    ("actors/rutte/topics?parent=defence", "spending"),
    ("actors/rutte/events?kind=summit&organization=tuerkiye", "summit"),
    ("organizations/nato/claims?id=spend&id=gas", "spend"),
    ("organizations/nato/claims?sort=date", "oppose spend communique"),
    ("actors/rutte/topics?sort=-id", "spending procurement defence"),
    ("organizations/nato/actors?sort=-claim_count", "rutte obrien kaya"),
]


@pytest.mark.parametrize(("address", "found"), TABLE, ids=[address for address, _ in TABLE])
def test_relation(world: FlaskClient, address: str, found: str):
    response = world.get(f"/v1/{address}")
    assert response.status_code == 200, response.text
    assert ids_of(response.json) == found.split()
    assert response.json["meta"]["total"] == len(found.split())
    assert [*response.json] == ["data", "included", "meta"]
    assert [*response.json["meta"]] == ["total", "next_cursor", "dataset", "resolved", "facets"]


@pytest.mark.parametrize(("address", "found"), TABLE, ids=[address for address, _ in TABLE])
def test_the_same_in_pages_and_under_the_alias(world: FlaskClient, address: str, found: str):
    for limit in (1, 2):
        walked = pages(world, f"/{address}", limit)
        assert ids_of(*walked) == found.split()
        assert {page["meta"]["total"] for page in walked} == {len(found.split())}


@pytest.mark.parametrize("route", RELATIONS)
def test_the_table_has_every_relation(route: str):
    parent, _, child = route.partition("/")
    rows = [
        found
        for address, found in TABLE
        if address.startswith(f"{parent}/") and address.endswith(f"/{child}")
    ]
    assert any(rows)
    assert len(rows) > 1


@pytest.mark.parametrize("route", RELATIONS)
def test_a_relation_shows_the_documents_of_its_list(world: FlaskClient, route: str):
    section, _ = RELATIONS[route]
    whole = {one["id"]: one for one in world.get(f"/v1/{section}?limit=200").json["data"]}
    data = world.get(path(route)).json["data"]
    assert data == [whole[one["id"]] for one in data]
    assert data or route == "organizations/suborganizations"


def taken(client: FlaskClient, address: str) -> set[str]:
    """The parameters that a path says it takes."""
    detail = client.get(f"{address}?colour=red").json["detail"]
    return {name.strip(" .") for name in detail.partition("It takes:")[2].split(",")}


@pytest.mark.parametrize("route", RELATIONS)
def test_a_relation_takes_its_lists_parameters_but_the_fixed_one(world: FlaskClient, route: str):
    section, fixed = RELATIONS[route]
    assert taken(world, path(route)) == taken(world, f"/v1/{section}") - {fixed}


@pytest.mark.parametrize("route", RELATIONS)
def test_the_fixed_parameter_is_unknown(world: FlaskClient, route: str):
    _, fixed = RELATIONS[route]
    response = world.get(f"{path(route)}?{fixed}=nato")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")
    (error,) = response.json["errors"]
    assert error["parameter"] == fixed


@pytest.mark.parametrize("route", RELATIONS)
def test_a_relation_shows_as_its_list_does(world: FlaskClient, route: str):
    section, _ = RELATIONS[route]
    facet = {"positions": "topic", "topics": "parent", "claims": "form"}.get(section, "kind")
    include = {"actors": "organization", "claims": "actor", "positions": "topic",
               "sources": "publisher"}.get(section, "parent")  # fmt: skip
    answer = world.get(f"{path(route)}?fields=id&facet={facet}&include={include}&limit=1").json
    assert all([*one] == ["id"] for one in answer["data"])
    assert [*answer["meta"]["facets"]] == [facet]
    assert len(answer["included"]) == 1


def test_suggestions_do_not_name_the_fixed_parameter(world: FlaskClient):
    """`organization=nato` cannot be asked for where the path fixes the organization."""
    address = "/v1/organizations/tuerkiye/claims?actor=NATO"
    (one,) = world.get(address).json["meta"]["resolved"]["actor"]
    queries = [suggestion["query"] for suggestion in one["suggestions"]]
    assert "organization=nato" not in queries
    for query in queries:
        assert world.get(f"/v1/organizations/tuerkiye/claims?{query}").status_code == 200


def test_resolved_is_of_the_query_alone(world: FlaskClient):
    answer = world.get("/v1/actors/rutte/claims?topic=Defense").json
    assert [*answer["meta"]["resolved"]] == ["topic"]
    assert world.get("/v1/actors/rutte/claims").json["meta"]["resolved"] == {}


# arrays of documents

SECTIONS = [
    ("actors", "rutte", "memberships", 2),
    ("actors", "kaya", "memberships", 3),
    ("actors", "isik-a", "memberships", 0),
    ("claims", "spend", "relations", 4),
    ("claims", "vote", "relations", 0),
    ("claims", "spend", "reports", 2),
    ("claims", "loose", "reports", 0),
    ("claims", "spend", "reviews", 1),
    ("claims", "gas", "reviews", 0),
    # single resources show every status, and so do their arrays
    ("claims", "draft", "relations", 2),
    ("claims", "gone", "reports", 1),
]
EVERY_SECTION = pytest.mark.parametrize(
    ("parent", "id", "name", "size"), SECTIONS, ids=[f"{one[1]} {one[2]}" for one in SECTIONS]
)


@EVERY_SECTION
def test_an_array_is_that_of_the_document(
    world: FlaskClient, parent: str, id: str, name: str, size: int
):
    document = world.get(f"/v1/{parent}/{id}").json
    answer = world.get(f"/v1/{parent}/{id}/{name}").json
    assert answer["data"] == document[name]
    assert len(answer["data"]) == size
    assert answer["included"] == {}
    meta = answer["meta"]
    dataset = meta.pop("dataset")
    assert meta == {"total": size, "next_cursor": None, "resolved": {}, "facets": {}}
    assert dataset == world.get("/v1").json["dataset"]


@EVERY_SECTION
@pytest.mark.parametrize("limit", [1, 2])
@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_an_array_in_pages(
    world: FlaskClient, prefix: str, limit: int, parent: str, id: str, name: str, size: int
):
    walked = pages(world, f"{prefix}{parent}/{id}/{name}", limit)
    assert [one for page in walked for one in page["data"]] == (
        world.get(f"/v1/{parent}/{id}").json[name]
    )
    assert {page["meta"]["total"] for page in walked} == {size}
    assert len(walked) == max(1, -(-size // limit))


def test_the_order_of_an_array_is_the_documents(world: FlaskClient):
    relations = world.get("/v1/claims/spend/relations").json["data"]
    assert [(one["direction"], one["kind"], one["claim"]["id"]) for one in relations] == [
        ("out", "responds-to", "march"),
        ("out", "repeats", "draft"),
        ("in", "qualifies", "draft"),
        ("in", "contradicts", "oppose"),
    ]
    reports = world.get("/v1/claims/spend/reports").json["data"]
    assert [one["source"]["id"] for one in reports] == ["reprint", "aa"]
    memberships = world.get("/v1/actors/kaya/memberships").json["data"]
    assert [one["role"] for one in memberships] == ["Adviser", "Deputy", "Envoy"]


@pytest.mark.parametrize("route", ARRAYS)
def test_an_array_takes_limit_and_cursor_alone(world: FlaskClient, route: str):
    assert taken(world, path(route)) == {"limit", "cursor"}


@pytest.mark.parametrize(
    "query",
    ["count=none", "sort=id", "include=actor", "fields=id", "facet=kind", "id=x", "actor=rutte",
     "status=draft", "organization=nato", "role=leader", "format=json"],
)  # fmt: skip
@pytest.mark.parametrize("route", ARRAYS)
def test_other_parameters_of_an_array_are_unknown(world: FlaskClient, route: str, query: str):
    response = world.get(f"{path(route)}?{query}")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=", "cursor="])
@pytest.mark.parametrize("route", ARRAYS)
def test_wrong_values_of_an_array_are_422(world: FlaskClient, route: str, query: str):
    response = world.get(f"{path(route)}?{query}")
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")


# what every route has

EVERY = (*RELATIONS, *ARRAYS)


def cursor_of(client: FlaskClient, address: str) -> str:
    cursor = client.get(address).json["meta"]["next_cursor"]
    assert cursor
    return cursor


BOUND = [
    ("actors/rutte/claims", "actors/erdogan/claims"),
    ("actors/rutte/claims", "claims"),
    ("actors/rutte/claims", "actors/rutte/sources"),
    ("actors/rutte/claims", "organizations/nato/claims"),
    ("actors/rutte/memberships", "actors/kaya/memberships"),
    ("claims/spend/reports", "claims/spend/relations"),
    ("claims/spend/relations", "claims/oppose/relations"),
    ("actors/rutte/memberships", "actors/rutte/claims"),
    ("actors/rutte/claims", "actors/rutte/memberships"),
]


@pytest.mark.parametrize(("made", "used"), BOUND, ids=[f"{one} on {two}" for one, two in BOUND])
def test_a_cursor_is_bound_to_its_path(world: FlaskClient, made: str, used: str):
    cursor = cursor_of(world, f"/v1/{made}?limit=1")
    response = world.get(f"/v1/{used}?limit=1&cursor={cursor}")
    assert (response.status_code, response.json["code"]) == (400, "bad-cursor")


@pytest.mark.parametrize("route", ["actors/claims", "claims/relations"])
def test_a_cursor_serves_the_alias_and_another_limit(world: FlaskClient, route: str):
    cursor = cursor_of(world, f"{path(route)}?limit=1")
    whole = world.get(path(route)).json["data"]
    alias = path(route).removeprefix("/v1")
    assert world.get(f"{alias}?limit=200&cursor={cursor}").json["data"] == whole[1:]


@pytest.mark.parametrize("prefix", ["/v1", ""])
@pytest.mark.parametrize("route", ["actors/claims", "organizations/actors", "claims/reports"])
def test_link_is_the_next_page(world: FlaskClient, route: str, prefix: str):
    address = prefix + path(route).removeprefix("/v1")
    first = world.get(f"{address}?limit=1")
    link = first.headers["Link"]
    assert link.endswith('>; rel="next"')
    target = link.removeprefix("<").partition(">")[0]
    assert target.startswith(f"{path(route)}?")
    assert world.get(target).json["data"] == world.get(f"{address}?limit=2").json["data"][1:]
    assert "Link" not in world.get(address).headers


@pytest.mark.parametrize("route", EVERY)
def test_etag_head_and_304(world: FlaskClient, route: str):
    response = world.get(path(route))
    tag = response.headers["ETag"]
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert response.content_type == "application/json"
    head = world.head(path(route))
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Vary", "Cache-Control"):
        assert head.headers[name] == response.headers[name], name
    again = world.get(path(route), headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert world.get(f"{path(route)}?limit=1").headers["ETag"] != tag


@pytest.mark.parametrize("route", EVERY)
def test_the_alias_answers_the_same(world: FlaskClient, route: str):
    versioned = path(route)
    response = world.get(versioned)
    alias = world.get(versioned.removeprefix("/v1"))
    assert (alias.status_code, alias.data) == (200, response.data)
    assert alias.headers["ETag"] == response.headers["ETag"]
    assert alias.headers["Content-Location"] == versioned
    assert "Content-Location" not in response.headers
    asked = world.get(f"{versioned.removeprefix('/v1')}?limit=1")
    assert asked.headers["Content-Location"] == f"{versioned}?limit=1"


FORMER = {
    "actors": "m-rutte",
    "organizations": "north-atlantic-alliance",
    "events": "hague-summit",
    "sources": "interview-aa",
    "topics": "military",
    "positions": "two-percent",
    "claims": "spend-more",
}


@pytest.mark.parametrize("prefix", ["/v1", ""])
@pytest.mark.parametrize("route", EVERY)
def test_a_former_id_moves_to_the_new_one(world: FlaskClient, route: str, prefix: str):
    former = FORMER[route.partition("/")[0]]
    address = prefix + path(route, former).removeprefix("/v1")
    response = world.get(f"{address}?limit=1")
    assert response.status_code == 308
    there = prefix + path(route).removeprefix("/v1")
    assert response.headers["Location"] == f"{there}?limit=1"
    assert world.get(response.headers["Location"]).status_code == 200
    assert world.head(address).status_code == 308


UNKNOWN = {
    "actors": ("ruttes", "rutte"),
    "organizations": ("nat", None),
    "events": ("sumit", "summit"),
    "sources": ("aaa", None),
    "topics": ("defense", "defence"),
    "positions": ("five-percents", "five-percent"),
    "claims": ("spendd", "spend"),
}


@pytest.mark.parametrize("prefix", ["/v1", ""])
@pytest.mark.parametrize("route", EVERY)
def test_an_unknown_record_is_404_with_a_suggestion(world: FlaskClient, route: str, prefix: str):
    parent = route.partition("/")[0]
    unknown, suggestion = UNKNOWN[parent]
    response = world.get(prefix + path(route, unknown).removeprefix("/v1"))
    assert (response.status_code, response.json["code"]) == (404, "not-found")
    assert response.content_type == "application/problem+json"
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == ("id", unknown)
    if suggestion:
        assert error["suggestion"] == suggestion
        assert suggestion in response.json["detail"]


@pytest.mark.parametrize("route", EVERY)
def test_a_name_is_no_id(world: FlaskClient, route: str):
    """In the path stands an id; names, aliases and external identifiers are for filters."""
    for name in ("NATO", "wikidata:Q1", "Mark Rutte", "actor:rutte", "RUTTE"):
        assert world.get(path(route, name)).status_code == 404


@pytest.mark.parametrize("route", EVERY)
def test_an_id_of_another_type_is_none_of_this(world: FlaskClient, route: str):
    parent = route.partition("/")[0]
    other = "rutte" if parent != "actors" else "nato"
    assert world.get(path(route, other)).status_code == 404


@pytest.mark.parametrize("route", EVERY)
def test_a_trailing_slash_moves_away(world: FlaskClient, route: str):
    response = world.get(f"{path(route)}/")
    assert (response.status_code, response.headers["Location"]) == (308, path(route))


@pytest.mark.parametrize("route", EVERY)
def test_options_and_other_methods(world: FlaskClient, route: str):
    response = world.options(path(route))
    assert (response.status_code, response.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    refused = world.post(path(route))
    assert (refused.status_code, refused.json["code"]) == (405, "method-not-allowed")
    unacceptable = world.get(path(route), headers={"Accept": "text/csv"})
    assert (unacceptable.status_code, unacceptable.json["code"]) == (406, "not-acceptable")


# counts

COUNTED = ("actors", "organizations", "events", "sources", "topics", "positions")


@pytest.fixture(scope="module")
def made_dataset(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Oracle]:
    return loaded(app, tmp_path_factory.mktemp("made"), 4)


def counts_agree(client: FlaskClient, section: str) -> None:
    things = client.get(f"/v1/{section}?limit=200").json["data"]
    assert things
    for thing in things:
        claims = client.get(f"/v1/{section}/{thing['id']}/claims?limit=200").json
        assert claims["meta"]["total"] == thing["claim_count"] == len(claims["data"])


@pytest.mark.parametrize("section", COUNTED)
def test_claim_count_is_the_total_of_the_claims(world: FlaskClient, section: str):
    counts_agree(world, section)


@pytest.mark.parametrize("section", COUNTED)
def test_claim_count_is_the_total_in_a_random_dataset(dataset_made: Made, section: str):
    counts_agree(dataset_made.client, section)


def test_stances_are_the_totals_by_stance(dataset_made: Made):
    for position in dataset_made.client.get("/v1/positions").json["data"]:
        totals = {
            stance: dataset_made.client.get(
                f"/v1/positions/{position['id']}/claims?stance={stance}"
            ).json["meta"]["total"]
            for stance in ("support", "oppose", "neutral")
        }
        assert totals == position["stances"]


@pytest.mark.parametrize("route", RELATIONS)
def test_a_relation_is_the_list_with_the_filter(dataset_made: Made, route: str):
    """For every record: the same rows as when the filter is asked for, and as a plain search."""
    section, fixed = RELATIONS[route]
    parent = route.partition("/")[0]
    found = 0
    for record in dataset_made.oracle.sections[parent]:
        nested = dataset_made.client.get(f"{path(route, record['id'])}?limit=200").json
        expected = dataset_made.oracle.ids(section, [(fixed, record["id"])])
        assert ids_of(nested) == expected
        found += len(expected)
    assert found
    assert any(fixed in group for group in GROUPS[section])


# what they cost


@on_sqlite
@pytest.mark.parametrize("route", RELATIONS)
def test_a_relation_takes_at_most_four_statements(world: FlaskClient, route: str):
    # what names mean takes one statement, and what those that matched nothing may mean, another
    names = [("actor", "nix"), ("event", "nix"), ("topic", "Defense"), ("parent", "nix")]
    known = taken(world, path(route))
    asked = urlencode([(name, text) for name, text in names if name in known])
    address = path(route)
    for query in ("", "limit=1", "limit=200", "count=none", asked):
        assert price(world, f"{address}?{query}") <= 4, query
    for limit in (1, 50, 200):
        assert price(world, f"{address}?count=none&limit={limit}") == 3, limit


@on_sqlite
@pytest.mark.parametrize("route", ARRAYS)
def test_an_array_takes_at_most_three_statements(world: FlaskClient, route: str):
    prices = {price(world, f"{path(route)}?limit={limit}") for limit in (1, 2, 200)}
    assert len(prices) == 1
    assert prices.pop() <= 3


@on_sqlite
@pytest.mark.parametrize("route", EVERY)
def test_a_304_reads_only_the_version(world: FlaskClient, route: str):
    tag = world.get(path(route)).headers["ETag"]
    assert price(world, path(route), **{"If-None-Match": tag}) == 1


# datasets that change

CLAIM = {"id": "c", "text": "C", "organization": "o"}
ORGANIZATION = {"id": "o", "name": "O", "kind": "other"}


def test_a_page_of_an_array_beyond_its_end_is_empty(load: Callable, client: FlaskClient):
    sources = [{"id": id, "title": id, "kind": "other"} for id in "stu"]
    reports = [{"source": id} for id in "stu"]
    load(organizations=[ORGANIZATION], sources=sources, claims=[{**CLAIM, "reports": reports}])
    cursor = cursor_of(client, "/v1/claims/c/reports?limit=2")
    load(claims=[{**CLAIM, "reports": reports[:1]}])
    answer = client.get(f"/v1/claims/c/reports?limit=2&cursor={cursor}").json
    assert (answer["data"], answer["meta"]["total"]) == ([], 1)
    assert answer["meta"]["next_cursor"] is None


def test_a_record_without_anything(load: Callable, client: FlaskClient):
    load(
        organizations=[ORGANIZATION],
        actors=[{"id": "a", "name": "A"}],
        topics=[{"id": "t", "name": "T"}],
        positions=[{"id": "p", "text": "P"}],
        events=[{"id": "e", "name": "E", "kind": "other", "start_date": "2025"}],
        sources=[{"id": "s", "title": "S", "kind": "other"}],
        claims=[{**CLAIM, "status": "draft"}],
    )
    ids = dict(zip(FULL, "oatpesc", strict=True))
    for route in EVERY:
        answer = client.get(path(route, ids[route.partition("/")[0]]))
        assert answer.status_code == 200, answer.text
        assert answer.json["data"] == []
        assert answer.json["meta"]["total"] == 0


def test_a_thing_that_is_its_own_participant_twice(load: Callable, client: FlaskClient):
    """Who organized, took part and claimed there is listed once."""
    load(
        organizations=[{**ORGANIZATION}],
        actors=[{"id": "a", "name": "A", "memberships": [{"organization": "o"}] * 2}],
        events=[
            {
                "id": "e", "name": "E", "kind": "other", "start_date": "2025", "organizers": ["o"],
                "participants": [{"organization": "o"}, {"actor": "a", "role": "x"},
                                 {"actor": "a", "role": "y"}],
            }
        ],
        claims=[{**CLAIM, "actor": "a", "event": "e"}, {**CLAIM, "id": "d", "actor": "a",
                                                        "event": "e"}],
    )  # fmt: skip
    for address, expected in (
        ("events/e/organizations", ["o"]),
        ("events/e/actors", ["a"]),
        ("actors/a/events", ["e"]),
        ("organizations/o/events", ["e"]),
        ("organizations/o/actors", ["a"]),
        ("actors/a/organizations", ["o"]),
    ):
        answer = client.get(f"/v1/{address}").json
        assert (ids_of(answer), answer["meta"]["total"]) == (expected, 1), address
