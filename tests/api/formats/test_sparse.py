"""How documents are shown: `include` puts related ones beside them, `fields` leaves some out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import orjson
import pytest
from flask.testing import FlaskClient

from tests.api.test_cost import price
from tests.api.world import FULL, LISTS, ids_of, pages
from tests.engines import on_sqlite

# list: {name: the lists under `included` that it fills}
INCLUDES: dict[str, dict[str, tuple[str, ...]]] = {
    "claims": {
        "actor": ("actors",),
        "organization": ("organizations",),
        "event": ("events",),
        "source": ("sources",),
        "publisher": ("organizations",),
        "topic": ("topics",),
        "position": ("positions",),
        "about": ("actors", "organizations"),
        "addressee": ("actors", "organizations"),
    },
    "actors": {"organization": ("organizations",)},
    "organizations": {"parent": ("organizations",)},
    "events": {
        "parent": ("events",),
        "organizer": ("organizations",),
        "participant": ("actors", "organizations"),
    },
    "sources": {"publisher": ("organizations",), "origin": ("organizations",)},
    "topics": {"parent": ("topics",)},
    "positions": {"topic": ("topics",)},
}
EVERY = [(section, name) for section, names in INCLUDES.items() for name in names]
EVERY_INCLUDE = pytest.mark.parametrize(
    ("section", "name"), EVERY, ids=[f"{section} {name}" for section, name in EVERY]
)

# (address, what is included, ids by list)
TABLE = [
    ("claims", "actor", {"actors": "obrien rutte protesters erdogan isik-b isik-a"}),
    ("claims", "organization", {"organizations": "unity-party nato tuerkiye turkish-mfa"}),
    ("claims", "event", {"events": "campaign summit interview session"}),
    ("claims", "source", {"sources": "declaration reprint aa herald-report leaf"}),
    ("claims", "publisher", {"organizations": "nato daily anadolu herald"}),
    ("claims", "topic", {"topics": "defence energy spending procurement"}),
    ("claims", "position", {"positions": "join pipelines five-percent"}),
    ("claims", "about", {"actors": "protesters rutte", "organizations": "tuerkiye nato"}),
    ("claims", "addressee", {"actors": "erdogan rutte", "organizations": "tuerkiye nato"}),
    ("claims", "organization,publisher", {
        "organizations": "unity-party nato tuerkiye turkish-mfa daily anadolu herald"}),
    ("claims", "actor,about", {
        "actors": "obrien rutte protesters erdogan isik-b isik-a",
        "organizations": "tuerkiye nato"}),
    ("actors", "organization", {"organizations": "nato tuerkiye unity-party"}),
    ("organizations", "parent", {"organizations": "tuerkiye norway"}),
    ("events", "parent", {"events": "summit"}),
    ("events", "organizer", {"organizations": "anadolu nato"}),
    ("events", "participant", {"actors": "erdogan rutte", "organizations": "unity-party tuerkiye"}),
    ("events", "organizer,participant,parent", {
        "actors": "erdogan rutte", "events": "summit",
        "organizations": "anadolu nato unity-party tuerkiye"}),
    ("sources", "publisher", {"organizations": "herald anadolu daily nato"}),
    ("sources", "origin", {"organizations": "anadolu"}),
    ("sources", "origin,publisher", {"organizations": "anadolu herald daily nato"}),
    # one level: the parent's parent is not there
    ("topics", "parent", {"topics": "spending defence"}),
    ("topics?id=procurement", "parent", {"topics": "spending"}),
    ("positions", "topic", {"topics": "spending energy procurement"}),
    # the page's, not the list's
    ("claims?limit=1", "actor", {"actors": "obrien"}),
    ("claims?id=spend", "source", {"sources": "reprint aa"}),
    ("claims?id=spend", "publisher", {"organizations": "daily anadolu"}),
    ("claims?status=withdrawn", "source,about", {
        "sources": "blog", "actors": "isik-a", "organizations": ""}),
    # what was asked for is there, where there is nothing
    ("claims?id=loose", "organization", {"organizations": ""}),
    ("claims?id=loose", "event,source,topic,position", {
        "events": "", "sources": "", "topics": "", "positions": ""}),
    ("claims?id=loose", "about", {"actors": "", "organizations": ""}),
    ("claims?id=vote", "about", {"actors": "protesters", "organizations": ""}),
    ("claims?id=loose", "addressee,actor", {"actors": "isik-a", "organizations": ""}),
    ("claims?actor=nobody", "actor,publisher", {"actors": "", "organizations": ""}),
    ("claims?actor=nobody", "addressee", {"actors": "", "organizations": ""}),
    ("actors?id=isik-a", "organization", {"organizations": ""}),
    ("organizations?id=nato", "parent", {"organizations": ""}),
    ("events?id=quiet", "parent,organizer,participant", {
        "actors": "", "events": "", "organizations": ""}),
    ("sources?id=blog", "publisher", {"organizations": ""}),
    ("sources?id=aa", "origin", {"organizations": ""}),
    ("topics?id=energy", "parent", {"topics": ""}),
    ("positions?id=join", "topic", {"topics": ""}),
    # relations show alike
    ("actors/rutte/claims", "event", {"events": "interview"}),
    ("organizations/nato/actors?role=deputy", "organization", {
        "organizations": "nato unity-party"}),
    ("topics/defence/subtopics", "parent", {"topics": "defence"}),
]  # fmt: skip


def included_in(answer: dict) -> dict[str, set[str]]:
    return {name: {one["id"] for one in some} for name, some in answer["included"].items()}


def with_query(address: str, query: str) -> str:
    return f"/v1/{address}{'&' if '?' in address else '?'}{query}"


@pytest.mark.parametrize(
    ("address", "include", "found"),
    TABLE,
    ids=[f"{address} {include}" for address, include, _ in TABLE],
)
def test_include(world: FlaskClient, address: str, include: str, found: dict[str, str]):
    answer = world.get(with_query(address, f"include={include}")).json
    assert included_in(answer) == {name: {*ids.split()} for name, ids in found.items()}
    plain = world.get(f"/v1/{address}").json
    assert answer["data"] == plain["data"]
    assert answer["meta"] == {
        **plain["meta"],
        # a cursor does not name what is shown, but it stands in the query of this page
        "next_cursor": answer["meta"]["next_cursor"],
    }


def whole(client: FlaskClient) -> dict[tuple[str, str], dict]:
    """Every document, by list and id."""
    return {
        (section, one["id"]): one
        for section in LISTS
        for one in client.get(f"/v1/{section}?limit=200").json["data"]
    }


@EVERY_INCLUDE
def test_what_is_included_is_whole_and_there_once(world: FlaskClient, section: str, name: str):
    documents = whole(world)
    answer = world.get(f"/v1/{section}?limit=200&include={name}").json
    assert [*answer["included"]] == [*INCLUDES[section][name]]
    for of, some in answer["included"].items():
        assert some
        assert len(some) == len({one["id"] for one in some})
        for one in some:
            assert one == documents[of, one["id"]]
            assert "included" not in one


@EVERY_INCLUDE
def test_a_single_resource_includes_alike(world: FlaskClient, section: str, name: str):
    documents = whole(world)
    for id in [one for of, one in documents if of == section]:
        listed = world.get(f"/v1/{section}?id={id}&include={name}").json
        response = world.get(f"/v1/{section}/{id}?include={name}")
        assert response.json == {**documents[section, id], "included": listed["included"]}
        assert [*response.json][-1] == "included"


@pytest.mark.parametrize("section", LISTS)
def test_included_is_always_in_a_list_and_in_a_resource_where_it_is_asked_for(
    world: FlaskClient, section: str
):
    assert world.get(f"/v1/{section}").json["included"] == {}
    id = FULL[section]
    plain = world.get(f"/v1/{section}/{id}").json
    assert "included" not in plain
    name = next(iter(INCLUDES[section]))
    assert "included" in world.get(f"/v1/{section}/{id}?include={name}").json
    assert "included" not in world.get(f"/v1/{section}/{id}?fields=id").json


def test_single_resources_show_every_status(world: FlaskClient):
    answer = world.get("/v1/claims/gone?include=actor,source,about").json
    assert included_in(answer) == {
        "actors": {"official", "isik-a"},
        "organizations": set(),
        "sources": {"blog"},
    }


def test_two_records_of_different_types_with_one_id(load: Callable, client: FlaskClient):
    load(
        organizations=[{"id": "same", "name": "An organization", "kind": "other"}],
        actors=[{"id": "same", "name": "An actor"}],
        topics=[{"id": "same", "name": "A topic"}],
        claims=[
            {
                "id": "same",
                "text": "C",
                "actor": "same",
                "organization": "same",
                "topics": ["same"],
                "about": [{"organization": "same"}, {"actor": "same"}],
            }
        ],
    )
    answer = client.get("/v1/claims/same?include=actor,organization,topic,about").json
    assert {name: [one["name"] for one in some] for name, some in answer["included"].items()} == {
        "actors": ["An actor"],
        "organizations": ["An organization"],
        "topics": ["A topic"],
    }


def test_each_page_includes_its_own(world: FlaskClient):
    walked = pages(world, "/v1/claims?include=actor,about", 1)
    assert ids_of(*walked) == ids_of(world.get("/v1/claims").json)
    for page in walked:
        (claim,) = page["data"]
        parties = [(f"{one['type']}s", one["id"]) for one in claim["about"]]
        parties += [("actors", claim["actor"]["id"])] if claim["actor"] else []
        found = [(name, id) for name, ids in included_in(page).items() for id in ids]
        assert sorted(found) == sorted(set(parties))


def test_a_cursor_goes_on_with_other_parts_shown(world: FlaskClient):
    first = world.get("/v1/claims?limit=3&include=actor&fields=text").json
    rest = world.get(
        f"/v1/claims?limit=200&include=event&cursor={first['meta']['next_cursor']}"
    ).json
    assert [*ids_of(first), *ids_of(rest)] == ids_of(world.get("/v1/claims").json)
    assert [*rest["included"]] == ["events"]
    assert "text" in rest["data"][0]


# fields

ALL_FIELDS = {
    "claims": "id text quote date role status coder form language place attributes actor"
    " organization event topics positions about addressees reports independent_publishers"
    " relations reviews identifiers former_ids created_at updated_at",
    "actors": "id name kind aliases description url attributes memberships claim_count identifiers"
    " former_ids created_at updated_at",
    "organizations": "id name kind aliases description country parent url attributes claim_count"
    " identifiers former_ids created_at updated_at",
    "events": "id name kind aliases start_date end_date place country parent organizers"
    " participants description url claim_count identifiers former_ids created_at updated_at",
    "sources": "id title kind publisher origin authors date language url claim_count identifiers"
    " former_ids created_at updated_at",
    "topics": "id name aliases description parent claim_count identifiers former_ids created_at"
    " updated_at",
    "positions": "id text topics stances claim_count identifiers former_ids created_at updated_at",
}
EVERY_FIELD = [(section, name) for section, names in ALL_FIELDS.items() for name in names.split()]


@pytest.mark.parametrize("section", LISTS)
def test_the_fields_are_all(world: FlaskClient, section: str):
    names = ALL_FIELDS[section].split()
    document = world.get(f"/v1/{section}/{FULL[section]}").json
    assert [*document] == names
    query = f"fields={','.join(names)}"
    assert world.get(f"/v1/{section}/{FULL[section]}?{query}").json == document
    plain = world.get(f"/v1/{section}")
    assert world.get(f"/v1/{section}?{query}").json == plain.json


@pytest.mark.parametrize(
    ("section", "name"), EVERY_FIELD, ids=[f"{section} {name}" for section, name in EVERY_FIELD]
)
def test_one_field_and_always_id(world: FlaskClient, section: str, name: str):
    plain = world.get(f"/v1/{section}?limit=200").json["data"]
    shown = world.get(f"/v1/{section}?limit=200&fields={name}").json["data"]
    assert shown == [{"id": one["id"], name: one[name]} for one in plain]
    one = world.get(f"/v1/{section}/{FULL[section]}?fields={name}").json
    assert [*one] == list(dict.fromkeys(["id", name]))


@pytest.mark.parametrize("section", LISTS)
def test_fields_stand_in_the_order_of_the_document(world: FlaskClient, section: str):
    names = ALL_FIELDS[section].split()
    asked = [names[-1], names[2], names[-3], names[1]]
    in_order = [name for name in names if name in {"id", *asked}]
    for query in (f"fields={','.join(asked)}", "&".join(f"fields={name}" for name in asked)):
        assert [*world.get(f"/v1/{section}/{FULL[section]}?{query}").json] == in_order
        for one in world.get(f"/v1/{section}?{query}").json["data"]:
            assert [*one] == in_order


FIELDS_SHOWN = {
    "claims/spend?fields=text,date": {
        "id": "spend",
        "text": "Rutte asks for five percent.",
        "date": "2025-05-14",
    },
    # absent values are null, absent lists []
    "claims/loose?fields=date,topics,quote": {
        "id": "loose",
        "quote": None,
        "date": None,
        "topics": [],
    },
    # root-level names: what is under them stays whole
    "claims/letter?fields=actor": {
        "id": "letter",
        "actor": {"id": "isik-b", "name": "Ayşe Işık", "kind": "person", "role": None},
    },
    "topics/spending?fields=parent,parent": {
        "id": "spending",
        "parent": {"id": "defence", "name": "Defence"},
    },
    "positions/join?fields=id": {"id": "join"},
}


@pytest.mark.parametrize("address", FIELDS_SHOWN)
def test_fields(world: FlaskClient, address: str):
    response = world.get(f"/v1/{address}")
    assert response.data == orjson.dumps(FIELDS_SHOWN[address])


def test_fields_leave_what_is_included_whole(world: FlaskClient):
    documents = whole(world)
    for address in (
        "claims?fields=text&include=actor,topic",
        "claims/spend?include=topic&fields=id",
    ):
        answer = world.get(f"/v1/{address}").json
        for section, some in answer["included"].items():
            assert some
            for one in some:
                assert one == documents[section, one["id"]]
    # and what is not shown can be included
    shown = world.get("/v1/claims/spend?include=topic&fields=id").json
    assert [*shown] == ["id", "included"]
    assert included_in(shown) == {"topics": {"spending"}}


@pytest.mark.parametrize("section", LISTS)
def test_fields_change_nothing_else(world: FlaskClient, section: str):
    plain = world.get(f"/v1/{section}?limit=2").json
    shown = world.get(f"/v1/{section}?limit=2&fields=id").json
    assert shown["included"] == plain["included"]
    assert shown["meta"] == plain["meta"]
    assert ids_of(shown) == ids_of(plain)


# what both have


@pytest.mark.parametrize(
    ("address", "parameter", "value", "suggestion"),
    [
        ("claims", "include", "actors", "actor"),
        ("claims", "include", "review", None),
        ("claims", "include", "reports", None),
        ("claims", "include", "relation", None),
        ("claims", "include", "Actor", "actor"),
        ("claims/spend", "include", "topics", "topic"),
        ("actors", "include", "claims", None),
        ("actors", "include", "membership", None),
        ("organizations", "include", "organization", None),
        ("events", "include", "participants", "participant"),
        ("events/summit", "include", "organiser", "organizer"),
        ("sources", "include", "author", None),
        ("topics", "include", "topic", None),
        ("positions", "include", "parent", None),
        ("claims", "fields", "txt", "text"),
        ("claims", "fields", "included", None),
        ("claims", "fields", "actor.name", None),
        ("claims", "fields", "claim_count", None),
        ("claims", "fields", "ID", None),
        ("claims/spend", "fields", "tittle", None),
        ("sources", "fields", "text", None),
        ("sources", "fields", "name", None),
        ("positions", "fields", "stance", "stances"),
        ("actors/rutte", "fields", "*", None),
        ("actors/rutte/claims", "fields", "name", None),
        ("topics/defence/subtopics", "include", "actor", None),
    ],
)
def test_an_unknown_name_is_422(
    world: FlaskClient, address: str, parameter: str, value: str, suggestion: str | None
):
    response = world.get(f"/v1/{address}", query_string={parameter: f"{value}"})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == (parameter, value)
    section = address.split("/")[-1] if address.count("/") != 1 else address.split("/")[0]
    section = {"subtopics": "topics"}.get(section, section)
    names = INCLUDES[section] if parameter == "include" else ALL_FIELDS[section].split()
    assert error["message"] == f"must be one of {', '.join(names)}"
    if suggestion:
        assert error["suggestion"] == suggestion


@pytest.mark.parametrize("path", ["claims", "claims/spend", "actors/rutte/claims"])
@pytest.mark.parametrize("parameter", ["include", "fields"])
@pytest.mark.parametrize("value", ["", ",", "actor,", ",actor", "actor,,event", " "])
def test_an_empty_name_is_422(world: FlaskClient, path: str, parameter: str, value: str):
    response = world.get(f"/v1/{path}", query_string={parameter: value})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    assert response.json["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize("section", LISTS)
def test_a_single_resource_takes_include_and_fields_alone(world: FlaskClient, section: str):
    response = world.get(f"/v1/{section}/{FULL[section]}?colour=red")
    assert response.json["detail"].endswith("It takes: fields, include.")


ALIKE = [
    ("claims", "include", ("publisher", "organization")),
    ("claims", "include", ("actor", "about", "addressee")),
    ("claims/spend", "include", ("topic", "source", "publisher")),
    ("events", "include", ("participant", "organizer", "parent")),
    ("events/summit", "include", ("participant", "organizer")),
    ("sources", "include", ("publisher", "origin")),
    ("sources/reprint", "include", ("publisher", "origin")),
    ("actors/rutte/claims", "include", ("publisher", "organization")),
    ("claims", "fields", ("text", "date", "actor")),
    ("actors/rutte", "fields", ("url", "name")),
]


@pytest.mark.parametrize(
    ("address", "parameter", "names"), ALIKE, ids=[f"{one[0]} {','.join(one[2])}" for one in ALIKE]
)
def test_commas_repetition_and_order_do_not_matter(
    world: FlaskClient, address: str, parameter: str, names: tuple[str, ...]
):
    queries = []
    for some in permutations(names):
        queries.append(f"{parameter}={','.join(some)}")
        queries.append("&".join(f"{parameter}={name}" for name in some))
        queries.append(f"{parameter}={','.join(some)}&{parameter}={some[0]}")
    answers = [world.get(f"/v1/{address}?{query}") for query in queries]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.headers["ETag"] for answer in answers}) == 1
    assert len({answer.data for answer in answers}) == 1
    assert answers[0].headers["ETag"] != world.get(f"/v1/{address}").headers["ETag"]


@pytest.mark.parametrize("section", LISTS)
def test_the_alias_shows_alike(world: FlaskClient, section: str):
    include = ",".join(INCLUDES[section])
    for path in (section, f"{section}/{FULL[section]}"):
        query = f"include={include}&fields=id"
        alias, versioned = world.get(f"/{path}?{query}"), world.get(f"/v1/{path}?{query}")
        assert alias.data == versioned.data
        assert alias.headers["ETag"] == versioned.headers["ETag"]
        assert alias.headers["Content-Location"] == f"/v1/{path}?{query}"
        head = world.head(f"/v1/{path}?{query}")
        assert (head.data, head.headers["ETag"]) == (b"", versioned.headers["ETag"])
        tag = {"If-None-Match": versioned.headers["ETag"]}
        assert world.get(f"/v1/{path}?{query}", headers=tag).status_code == 304


@pytest.mark.parametrize("section", LISTS)
def test_a_former_id_moves_with_what_is_asked(world: FlaskClient, section: str):
    former = world.get(f"/v1/{section}/{FULL[section]}").json["former_ids"][0]
    response = world.get(f"/v1/{section}/{former}?fields=id")
    assert response.status_code == 308
    assert response.headers["Location"] == f"/v1/{section}/{FULL[section]}?fields=id"


@on_sqlite
@pytest.mark.parametrize("section", LISTS)
def test_all_that_is_included_takes_one_statement(world: FlaskClient, section: str):
    every = f"include={','.join(INCLUDES[section])}"
    one = f"/v1/{section}/{FULL[section]}"
    assert price(world, f"{one}?{every}") <= price(world, one) + 1
    assert price(world, f"{one}?fields=id") == price(world, one)
    for limit in (2, 200):
        many = f"/v1/{section}?limit={limit}"
        assert price(world, f"{many}&{every}") <= price(world, many) + 1
        assert price(world, f"{many}&{every}&fields=id") <= price(world, many) + 1
        assert price(world, f"{many}&fields=id") == price(world, many)


def test_what_is_included_follows_a_load(load: Callable, client: FlaskClient):
    load(
        organizations=[{"id": "o", "name": "Before", "kind": "other"}],
        claims=[{"id": "c", "text": "C", "organization": "o"}],
    )
    before = client.get("/v1/claims?include=organization")
    load(organizations=[{"id": "o", "name": "After", "kind": "other", "url": "https://x.example"}])
    after = client.get("/v1/claims?include=organization")
    (organization,) = after.json["included"]["organizations"]
    assert (organization["name"], organization["url"]) == ("After", "https://x.example")
    assert after.headers["ETag"] != before.headers["ETag"]
