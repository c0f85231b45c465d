"""Relations of one record: filtered lists, and arrays of its document."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.database_queries import query_count
from tests.api.list_parameters import FILTERS
from tests.api.oracle import Made, Oracle, loaded
from tests.api.world import FULL, META_MEMBERS, ids_of, pages
from tests.engines import on_sqlite

# route: (its list, the filter that the path fixes)
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
    "organizations/topics": ("topics", "organization"),
    "organizations/positions": ("positions", "organization"),
    "organizations/suborganizations": ("organizations", "parent"),
    "events/claims": ("claims", "event"),
    "events/actors": ("actors", "event"),
    "events/organizations": ("organizations", "event"),
    "events/sources": ("sources", "event"),
    "events/topics": ("topics", "event"),
    "events/subevents": ("events", "parent"),
    "sources/claims": ("claims", "source"),
    "sources/actors": ("actors", "source"),
    "sources/organizations": ("organizations", "source"),
    "topics/claims": ("claims", "topic"),
    "topics/actors": ("actors", "topic"),
    "topics/organizations": ("organizations", "topic"),
    "topics/positions": ("positions", "topic"),
    "topics/subtopics": ("topics", "parent"),
    "positions/claims": ("claims", "position"),
    "positions/actors": ("actors", "position"),
    "positions/organizations": ("organizations", "position"),
}
ARRAYS = ("actors/memberships", "claims/relations", "claims/reports", "claims/reviews")


def path_of(route: str, id: str | None = None) -> str:
    """The path of a route for one record."""
    parent, _, child = route.partition("/")
    return f"/v1/{parent}/{id or FULL[parent]}/{child}"


def test_the_tables_name_every_route(app: Flask):
    rules = {str(rule) for rule in app.url_map.iter_rules() if not str(rule).endswith("/record")}
    nested = {rule for rule in rules if "v1" in rule and "<id>/" in rule and "stances" not in rule}
    assert nested == {path_of(route, "<id>") for route in (*RELATIONS, *ARRAYS)}
    assert {rule.removeprefix("/v1") for rule in nested} <= rules


# (path, ids of the records in order)
CASES = [
    ("actors/rutte/claims", "spend oppose"),
    ("actors/obrien/claims", "vote"),
    ("actors/kaya/claims", ""),
    ("actors/official/claims", ""),
    ("actors/rutte/events", "interview summit"),
    ("actors/erdogan/events", "session summit"),
    ("actors/kaya/events", ""),
    # only a withdrawn claim was made there
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
    # claims of the Unity Party are not claims of its parent, Norway
    ("organizations/norway/claims", ""),
    ("organizations/nato/actors", "kaya rutte obrien"),
    ("organizations/unity-party/actors", "rutte obrien"),
    ("organizations/norway/actors", ""),
    ("organizations/nato/events", "interview summit"),
    ("organizations/anadolu/events", "interview"),
    ("organizations/tuerkiye/events", "summit"),
    ("organizations/daily/events", ""),
    ("organizations/daily/sources", "reprint"),
    # a source's origin is not its publisher
    ("organizations/anadolu/sources", "aa"),
    ("organizations/norway/sources", ""),
    ("organizations/tuerkiye/suborganizations", "turkish-mfa"),
    ("organizations/norway/suborganizations", "unity-party"),
    ("organizations/nato/suborganizations", ""),
    # a claim at a part of an event is a claim at the event
    ("events/summit/claims", "communique march gas"),
    ("events/session/claims", "march"),
    ("events/quiet/claims", ""),
    ("events/summit/actors", "protesters rutte erdogan"),
    ("events/session/actors", "protesters erdogan"),
    ("events/interview/actors", "rutte"),
    ("events/quiet/actors", ""),
    ("events/summit/organizations", "nato tuerkiye"),
    ("events/interview/organizations", "anadolu nato"),
    ("events/session/organizations", ""),
    ("events/summit/sources", "aa reprint declaration"),
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
    # claims and positions include those of narrower topics; subtopics are direct children
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
    ("organizations/nato/topics", "procurement defence spending energy"),
    ("organizations/tuerkiye/topics", "energy"),
    ("organizations/daily/topics", ""),
    ("organizations/nato/positions", "five-percent pipelines join"),
    ("organizations/tuerkiye/positions", "pipelines"),
    ("organizations/daily/positions", ""),
    ("sources/aa/organizations", "nato tuerkiye"),
    ("sources/leaf/organizations", "turkish-mfa"),
    ("sources/blog/organizations", ""),
    ("topics/defence/actors", "isik-b rutte"),
    ("topics/procurement/actors", "rutte"),
    ("topics/energy/actors", "isik-b erdogan"),
    ("topics/defence/organizations", "turkish-mfa nato"),
    ("topics/procurement/organizations", "nato"),
    ("topics/energy/organizations", "turkish-mfa nato tuerkiye"),
    ("positions/five-percent/organizations", "nato"),
    ("positions/join/organizations", "nato unity-party"),
    ("positions/pipelines/organizations", "nato tuerkiye unity-party"),
    # other parameters of the list: several filters apply to the same row of a link
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
    ("events/summit/claims?organization=!nato", "march gas"),
    ("organizations/anadolu/sources?kind=article&actor=Erdogan", "aa"),
    ("events/summit/subevents?actor=erdogan", "session"),
    ("events/summit/subevents?kind=summit", ""),
    ("topics/defence/subtopics?actor=erdogan", ""),
    ("topics/defence/positions?actor=erdogan", "pipelines"),
    ("actors/rutte/organizations?kind=party", "unity-party"),
    ("actors/rutte/sources?origin=anadolu", "reprint"),
    ("actors/rutte/topics?parent=defence", "spending"),
    # Rutte took part in the summit, but claimed nothing on behalf of Türkiye
    ("actors/rutte/events?organization=tuerkiye", ""),
    ("actors/rutte/events?kind=interview&organization=nato", "interview"),
    ("organizations/nato/claims?id=spend&id=gas", "spend"),
    ("organizations/nato/claims?sort=date", "oppose spend communique"),
    ("actors/rutte/topics?sort=-id", "spending procurement defence"),
    ("organizations/nato/actors?sort=-claim_count", "rutte obrien kaya"),
]


@pytest.mark.parametrize(("path", "ids"), CASES, ids=[path for path, _ in CASES])
def test_a_relation_lists_its_records(world: FlaskClient, path: str, ids: str):
    response = world.get(f"/v1/{path}")
    assert response.status_code == 200, response.text
    assert ids_of(response.json) == ids.split()
    assert response.json["meta"]["total"] == len(ids.split())
    assert [*response.json] == ["data", "included", "meta"]
    assert [*response.json["meta"]] == META_MEMBERS


@pytest.mark.parametrize(("path", "ids"), CASES, ids=[path for path, _ in CASES])
def test_pages_of_the_alias_have_the_same_records(world: FlaskClient, path: str, ids: str):
    for limit in (1, 2):
        all_pages = pages(world, f"/{path}", limit)
        assert ids_of(*all_pages) == ids.split()
        assert {page["meta"]["total"] for page in all_pages} == {len(ids.split())}


@pytest.mark.parametrize("route", RELATIONS)
def test_every_relation_has_cases(route: str):
    parent, _, child = route.partition("/")
    ids_of_cases = [
        ids for path, ids in CASES if path.startswith(f"{parent}/") and path.endswith(f"/{child}")
    ]
    assert any(ids_of_cases)
    assert len(ids_of_cases) > 1


@pytest.mark.parametrize("route", RELATIONS)
def test_a_relation_has_the_documents_of_its_list(world: FlaskClient, route: str):
    section, _ = RELATIONS[route]
    documents = world.get(f"/v1/{section}?limit=200").json["data"]
    by_id = {document["id"]: document for document in documents}
    data = world.get(path_of(route)).json["data"]
    assert data == [by_id[document["id"]] for document in data]
    assert data or route == "organizations/suborganizations"


def accepted_parameters(client: FlaskClient, path: str) -> set[str]:
    """The parameters of a path, as its problem for an unknown parameter lists them."""
    detail = client.get(f"{path}?colour=red").json["detail"]
    return {name.strip(" .") for name in detail.partition("It takes:")[2].split(",")}


@pytest.mark.parametrize("route", RELATIONS)
def test_a_relation_takes_the_parameters_of_its_list_except_the_fixed_filter(
    world: FlaskClient, route: str
):
    section, fixed_filter = RELATIONS[route]
    list_parameters = accepted_parameters(world, f"/v1/{section}")
    assert accepted_parameters(world, path_of(route)) == list_parameters - {fixed_filter}


@pytest.mark.parametrize("route", RELATIONS)
def test_the_fixed_filter_is_an_unknown_parameter(world: FlaskClient, route: str):
    _, fixed_filter = RELATIONS[route]
    response = world.get(f"{path_of(route)}?{fixed_filter}=nato")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")
    (error,) = response.json["errors"]
    assert error["parameter"] == fixed_filter


@pytest.mark.parametrize("route", RELATIONS)
def test_a_relation_takes_fields_facets_and_includes(world: FlaskClient, route: str):
    section, _ = RELATIONS[route]
    facet = {"positions": "topic", "topics": "parent", "claims": "form"}.get(section, "kind")
    include = {"actors": "organization", "claims": "actor", "positions": "topic",
               "sources": "publisher"}.get(section, "parent")  # fmt: skip
    page = world.get(f"{path_of(route)}?fields=id&facet={facet}&include={include}&limit=1").json
    assert all([*document] == ["id"] for document in page["data"])
    assert [*page["meta"]["facets"]] == [facet]
    assert len(page["included"]) == 1


def test_suggestions_do_not_use_the_fixed_filter(world: FlaskClient):
    """The path fixes the organization, so it takes no `organization=nato`."""
    url = "/v1/organizations/tuerkiye/claims?actor=NATO"
    (resolution,) = world.get(url).json["meta"]["resolved"]["actor"]
    queries = [suggestion["query"] for suggestion in resolution["suggestions"]]
    assert "organization=nato" not in queries
    for query in queries:
        assert world.get(f"/v1/organizations/tuerkiye/claims?{query}").status_code == 200


def test_resolved_has_only_the_names_of_the_query(world: FlaskClient):
    page = world.get("/v1/actors/rutte/claims?topic=Defense").json
    assert [*page["meta"]["resolved"]] == ["topic"]
    assert world.get("/v1/actors/rutte/claims").json["meta"]["resolved"] == {}


# arrays of documents

# (list, id, array, number of items)
ARRAY_CASES = [
    ("actors", "rutte", "memberships", 2),
    ("actors", "kaya", "memberships", 3),
    ("actors", "isik-a", "memberships", 0),
    ("claims", "spend", "relations", 4),
    ("claims", "vote", "relations", 0),
    ("claims", "spend", "reports", 2),
    ("claims", "loose", "reports", 0),
    ("claims", "spend", "reviews", 1),
    ("claims", "gas", "reviews", 0),
    # a single claim has any status, and so do its arrays
    ("claims", "draft", "relations", 2),
    ("claims", "gone", "reports", 1),
]
EVERY_ARRAY_CASE = pytest.mark.parametrize(
    ("parent", "id", "name", "size"),
    ARRAY_CASES,
    ids=[f"{case[1]} {case[2]}" for case in ARRAY_CASES],
)


@EVERY_ARRAY_CASE
def test_an_array_is_a_field_of_the_document(
    world: FlaskClient, parent: str, id: str, name: str, size: int
):
    document = world.get(f"/v1/{parent}/{id}").json
    page = world.get(f"/v1/{parent}/{id}/{name}").json
    assert page["data"] == document[name]
    assert len(page["data"]) == size
    assert page["included"] == {}
    meta, dataset = page["meta"], page["meta"].pop("dataset")
    assert meta.pop("query").startswith(f"{name.capitalize()} of ")
    assert meta == {"total": size, "next_cursor": None, "ranked": None, "highlights": [],
                    "resolved": {}, "facets": {}}  # fmt: skip
    assert dataset == world.get("/v1").json["dataset"]


@EVERY_ARRAY_CASE
@pytest.mark.parametrize("limit", [1, 2])
@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_pages_of_an_array_have_every_item_once(
    world: FlaskClient, prefix: str, limit: int, parent: str, id: str, name: str, size: int
):
    all_pages = pages(world, f"{prefix}{parent}/{id}/{name}", limit)
    assert [item for page in all_pages for item in page["data"]] == (
        world.get(f"/v1/{parent}/{id}").json[name]
    )
    assert {page["meta"]["total"] for page in all_pages} == {size}
    assert len(all_pages) == max(1, -(-size // limit))


def test_an_array_keeps_the_order_of_the_document(world: FlaskClient):
    relations = world.get("/v1/claims/spend/relations").json["data"]
    assert [
        (relation["direction"], relation["kind"], relation["claim"]["id"]) for relation in relations
    ] == [
        ("out", "responds-to", "march"),
        ("out", "repeats", "draft"),
        ("in", "qualifies", "draft"),
        ("in", "contradicts", "oppose"),
    ]
    reports = world.get("/v1/claims/spend/reports").json["data"]
    assert [report["source"]["id"] for report in reports] == ["reprint", "aa"]
    memberships = world.get("/v1/actors/kaya/memberships").json["data"]
    assert [membership["role"] for membership in memberships] == ["Adviser", "Deputy", "Envoy"]


@pytest.mark.parametrize("route", ARRAYS)
def test_an_array_takes_only_limit_and_cursor(world: FlaskClient, route: str):
    assert accepted_parameters(world, path_of(route)) == {"limit", "cursor"}


@pytest.mark.parametrize(
    "query",
    ["count=none", "sort=id", "include=actor", "fields=id", "facet=kind", "id=x", "actor=rutte",
     "status=draft", "organization=nato", "role=leader", "format=json"],
)  # fmt: skip
@pytest.mark.parametrize("route", ARRAYS)
def test_an_array_refuses_the_parameters_of_lists(world: FlaskClient, route: str, query: str):
    response = world.get(f"{path_of(route)}?{query}")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=", "cursor="])
@pytest.mark.parametrize("route", ARRAYS)
def test_an_array_refuses_invalid_values(world: FlaskClient, route: str, query: str):
    response = world.get(f"{path_of(route)}?{query}")
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")


# lists and arrays

ROUTES = (*RELATIONS, *ARRAYS)


def next_cursor(client: FlaskClient, url: str) -> str:
    cursor = client.get(url).json["meta"]["next_cursor"]
    assert cursor
    return cursor


# (path of a cursor, another path)
OTHER_PATHS = [
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


@pytest.mark.parametrize(
    ("path", "other_path"), OTHER_PATHS, ids=[f"{path} on {other}" for path, other in OTHER_PATHS]
)
def test_a_cursor_is_bound_to_its_path(world: FlaskClient, path: str, other_path: str):
    cursor = next_cursor(world, f"/v1/{path}?limit=1")
    response = world.get(f"/v1/{other_path}?limit=1&cursor={cursor}")
    assert (response.status_code, response.json["code"]) == (400, "bad-cursor")


@pytest.mark.parametrize("route", ["actors/claims", "claims/relations"])
def test_a_cursor_is_valid_for_the_alias_and_for_another_limit(world: FlaskClient, route: str):
    cursor = next_cursor(world, f"{path_of(route)}?limit=1")
    items = world.get(path_of(route)).json["data"]
    alias = path_of(route).removeprefix("/v1")
    assert world.get(f"{alias}?limit=200&cursor={cursor}").json["data"] == items[1:]


@pytest.mark.parametrize("prefix", ["/v1", ""])
@pytest.mark.parametrize("route", ["actors/claims", "organizations/actors", "claims/reports"])
def test_the_link_header_leads_to_the_next_page(world: FlaskClient, route: str, prefix: str):
    path = prefix + path_of(route).removeprefix("/v1")
    first = world.get(f"{path}?limit=1")
    link = first.headers["Link"]
    assert link.endswith('>; rel="next"')
    target = link.removeprefix("<").partition(">")[0]
    assert target.startswith(f"{path_of(route)}?")
    assert world.get(target).json["data"] == world.get(f"{path}?limit=2").json["data"][1:]
    assert "Link" not in world.get(path).headers


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_answers_head_and_304(world: FlaskClient, route: str):
    response = world.get(path_of(route))
    tag = response.headers["ETag"]
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert response.content_type == "application/json"
    head = world.head(path_of(route))
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Vary", "Cache-Control"):
        assert head.headers[name] == response.headers[name], name
    unchanged = world.get(path_of(route), headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.data, unchanged.headers["ETag"]) == (304, b"", tag)
    assert world.get(f"{path_of(route)}?limit=1").headers["ETag"] != tag


@pytest.mark.parametrize("route", ROUTES)
def test_the_alias_returns_the_same_response(world: FlaskClient, route: str):
    versioned = path_of(route)
    response = world.get(versioned)
    alias = world.get(versioned.removeprefix("/v1"))
    assert (alias.status_code, alias.data) == (200, response.data)
    assert alias.headers["ETag"] == response.headers["ETag"]
    assert alias.headers["Content-Location"] == versioned
    assert "Content-Location" not in response.headers
    with_query = world.get(f"{versioned.removeprefix('/v1')}?limit=1")
    assert with_query.headers["Content-Location"] == f"{versioned}?limit=1"


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
@pytest.mark.parametrize("route", ROUTES)
def test_a_former_id_redirects_to_the_current_one(world: FlaskClient, route: str, prefix: str):
    former = FORMER[route.partition("/")[0]]
    former_path = prefix + path_of(route, former).removeprefix("/v1")
    response = world.get(f"{former_path}?limit=1")
    assert response.status_code == 308
    current_path = prefix + path_of(route).removeprefix("/v1")
    assert response.headers["Location"] == f"{current_path}?limit=1"
    assert world.get(response.headers["Location"]).status_code == 200
    assert world.head(former_path).status_code == 308


# list: (an unknown id, the suggestion)
UNKNOWN_IDS = {
    "actors": ("ruttes", "rutte"),
    "organizations": ("nat", None),
    "events": ("sumit", "summit"),
    "sources": ("aaa", None),
    "topics": ("defense", "defence"),
    "positions": ("five-percents", "five-percent"),
    "claims": ("spendd", "spend"),
}


@pytest.mark.parametrize("prefix", ["/v1", ""])
@pytest.mark.parametrize("route", ROUTES)
def test_an_unknown_id_is_404_with_a_suggestion(world: FlaskClient, route: str, prefix: str):
    parent = route.partition("/")[0]
    unknown, suggestion = UNKNOWN_IDS[parent]
    response = world.get(prefix + path_of(route, unknown).removeprefix("/v1"))
    assert (response.status_code, response.json["code"]) == (404, "not-found")
    assert response.content_type == "application/problem+json"
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == ("id", unknown)
    if suggestion:
        assert error["suggestion"] == suggestion
        assert suggestion in response.json["detail"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_path_takes_no_names(world: FlaskClient, route: str):
    """Only filters take names, aliases and external identifiers."""
    for name in ("NATO", "wikidata:Q1", "Mark Rutte", "actor:rutte", "RUTTE"):
        assert world.get(path_of(route, name)).status_code == 404


@pytest.mark.parametrize("route", ROUTES)
def test_an_id_of_another_type_is_not_found(world: FlaskClient, route: str):
    parent = route.partition("/")[0]
    other_id = "rutte" if parent != "actors" else "nato"
    assert world.get(path_of(route, other_id)).status_code == 404


@pytest.mark.parametrize("route", ROUTES)
def test_a_trailing_slash_is_removed(world: FlaskClient, route: str):
    response = world.get(f"{path_of(route)}/")
    assert (response.status_code, response.headers["Location"]) == (308, path_of(route))


@pytest.mark.parametrize("route", ROUTES)
def test_only_methods_that_read_are_allowed(world: FlaskClient, route: str):
    response = world.options(path_of(route))
    assert (response.status_code, response.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    refused = world.post(path_of(route))
    assert (refused.status_code, refused.json["code"]) == (405, "method-not-allowed")
    unacceptable = world.get(path_of(route), headers={"Accept": "image/png"})
    assert (unacceptable.status_code, unacceptable.json["code"]) == (406, "not-acceptable")


# claim counts

SECTIONS_WITH_COUNTS = ("actors", "organizations", "events", "sources", "topics", "positions")


@pytest.fixture(scope="module")
def made_dataset(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Oracle]:
    return loaded(app, tmp_path_factory.mktemp("made"), 4)


def check_claim_counts(client: FlaskClient, section: str) -> None:
    records = client.get(f"/v1/{section}?limit=200").json["data"]
    assert records
    for record in records:
        claims = client.get(f"/v1/{section}/{record['id']}/claims?limit=200").json
        assert claims["meta"]["total"] == record["claim_count"] == len(claims["data"])


@pytest.mark.parametrize("section", SECTIONS_WITH_COUNTS)
def test_claim_count_is_the_total_of_claims(world: FlaskClient, section: str):
    check_claim_counts(world, section)


@pytest.mark.parametrize("section", SECTIONS_WITH_COUNTS)
def test_claim_count_is_the_total_of_claims_in_a_random_dataset(dataset_made: Made, section: str):
    check_claim_counts(dataset_made.client, section)


def test_stances_are_the_totals_of_claims_by_stance(dataset_made: Made):
    for position in dataset_made.client.get("/v1/positions").json["data"]:
        totals = {
            stance: dataset_made.client.get(
                f"/v1/positions/{position['id']}/claims?stance={stance}"
            ).json["meta"]["total"]
            for stance in ("support", "oppose", "neutral")
        }
        assert totals == position["stances"]


@pytest.mark.parametrize("route", RELATIONS)
def test_a_relation_is_its_list_with_the_fixed_filter(dataset_made: Made, route: str):
    """The oracle filters the list; each record of the random dataset has the same rows."""
    section, fixed_filter = RELATIONS[route]
    parent = route.partition("/")[0]
    row_count = 0
    for record in dataset_made.oracle.sections[parent]:
        page = dataset_made.client.get(f"{path_of(route, record['id'])}?limit=200").json
        expected = dataset_made.oracle.ids(section, [(fixed_filter, record["id"])])
        assert ids_of(page) == expected
        row_count += len(expected)
    assert row_count
    assert fixed_filter in FILTERS[section]


# database queries


@on_sqlite
@pytest.mark.parametrize("route", RELATIONS)
def test_a_relation_sends_at_most_four_queries(world: FlaskClient, route: str):
    # one query resolves the names, another finds suggestions for the unresolved ones
    names = [("actor", "nix"), ("event", "nix"), ("topic", "Defense"), ("parent", "nix")]
    path = path_of(route)
    accepted = accepted_parameters(world, path)
    name_filters = urlencode([(name, text) for name, text in names if name in accepted])
    for query in ("", "limit=1", "limit=200", "count=none", name_filters):
        assert query_count(world, f"{path}?{query}") <= 4, query
    for limit in (1, 50, 200):
        assert query_count(world, f"{path}?count=none&limit={limit}") == 3, limit


@on_sqlite
@pytest.mark.parametrize("route", ARRAYS)
def test_an_array_sends_at_most_three_queries(world: FlaskClient, route: str):
    counts = {query_count(world, f"{path_of(route)}?limit={limit}") for limit in (1, 2, 200)}
    assert len(counts) == 1
    assert counts.pop() <= 3


@on_sqlite
@pytest.mark.parametrize("route", ROUTES)
def test_a_304_reads_only_the_version(world: FlaskClient, route: str):
    tag = world.get(path_of(route)).headers["ETag"]
    assert query_count(world, path_of(route), **{"If-None-Match": tag}) == 1


# other datasets

CLAIM = {"id": "c", "text": "C", "organization": "o"}
ORGANIZATION = {"id": "o", "name": "O", "kind": "other"}


def test_a_cursor_beyond_the_end_of_a_shortened_array_gets_an_empty_page(
    load: Callable, client: FlaskClient
):
    sources = [{"id": id, "title": id, "kind": "other"} for id in "stu"]
    reports = [{"source": id} for id in "stu"]
    load(organizations=[ORGANIZATION], sources=sources, claims=[{**CLAIM, "reports": reports}])
    cursor = next_cursor(client, "/v1/claims/c/reports?limit=2")
    load(claims=[{**CLAIM, "reports": reports[:1]}])
    page = client.get(f"/v1/claims/c/reports?limit=2&cursor={cursor}").json
    assert (page["data"], page["meta"]["total"]) == ([], 1)
    assert page["meta"]["next_cursor"] is None


def test_a_record_without_related_records_has_empty_relations(load: Callable, client: FlaskClient):
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
    for route in ROUTES:
        response = client.get(path_of(route, ids[route.partition("/")[0]]))
        assert response.status_code == 200, response.text
        assert response.json["data"] == []
        assert response.json["meta"]["total"] == 0


def test_a_record_related_in_several_ways_is_listed_once(load: Callable, client: FlaskClient):
    """The organization organized the event and took part; the actor took part twice and claimed."""
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
    for path, expected in (
        ("events/e/organizations", ["o"]),
        ("events/e/actors", ["a"]),
        ("actors/a/events", ["e"]),
        ("organizations/o/events", ["e"]),
        ("organizations/o/actors", ["a"]),
        ("actors/a/organizations", ["o"]),
    ):
        page = client.get(f"/v1/{path}").json
        assert (ids_of(page), page["meta"]["total"]) == (expected, 1), path
