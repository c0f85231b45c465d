"""Sparse documents (`fields`), and the related documents beside them (`include`)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import orjson
import pytest
from flask.testing import FlaskClient

from tests.api.database_queries import query_count
from tests.api.world import FULL, LISTS, ids_of, pages
from tests.engines import on_sqlite

# list: {a word of `include`: its lists under `included`}
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
ALL_INCLUDES = [(section, name) for section, names in INCLUDES.items() for name in names]
EVERY_INCLUDE = pytest.mark.parametrize(
    ("section", "name"), ALL_INCLUDES, ids=[f"{section} {name}" for section, name in ALL_INCLUDES]
)

# (path and query, include, ids by list)
INCLUDE_CASES = [
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
    # one level: a parent's parent is not included
    ("topics", "parent", {"topics": "spending defence"}),
    ("topics?id=procurement", "parent", {"topics": "spending"}),
    ("positions", "topic", {"topics": "spending energy procurement"}),
    # related records of the page, not of the whole list
    ("claims?limit=1", "actor", {"actors": "obrien"}),
    ("claims?id=spend", "source", {"sources": "reprint aa"}),
    ("claims?id=spend", "publisher", {"organizations": "daily anadolu"}),
    ("claims?status=withdrawn", "source,about", {
        "sources": "blog", "actors": "isik-a", "organizations": ""}),
    # a requested list is present even if it is empty
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
    # lists of one record
    ("actors/rutte/claims", "event", {"events": "interview"}),
    ("organizations/nato/actors?role=deputy", "organization", {
        "organizations": "nato unity-party"}),
    ("topics/defence/subtopics", "parent", {"topics": "defence"}),
]  # fmt: skip


def included_ids(response: dict) -> dict[str, set[str]]:
    return {
        section: {document["id"] for document in documents}
        for section, documents in response["included"].items()
    }


def with_query(url: str, query: str) -> str:
    return f"/v1/{url}{'&' if '?' in url else '?'}{query}"


@pytest.mark.parametrize(
    ("url", "include", "ids_by_list"),
    INCLUDE_CASES,
    ids=[f"{url} {include}" for url, include, _ in INCLUDE_CASES],
)
def test_a_page_includes_the_related_documents(
    world: FlaskClient, url: str, include: str, ids_by_list: dict[str, str]
):
    page = world.get(with_query(url, f"include={include}")).json
    assert included_ids(page) == {name: {*ids.split()} for name, ids in ids_by_list.items()}
    plain = world.get(f"/v1/{url}").json
    assert page["data"] == plain["data"]
    assert page["meta"] == {
        **plain["meta"],
        # the contract does not say that the cursors are equal
        "next_cursor": page["meta"]["next_cursor"],
    }


def documents_by_id(client: FlaskClient) -> dict[tuple[str, str], dict]:
    """Every document, by list and id."""
    return {
        (section, document["id"]): document
        for section in LISTS
        for document in client.get(f"/v1/{section}?limit=200").json["data"]
    }


@EVERY_INCLUDE
def test_an_included_document_is_complete_and_unique(world: FlaskClient, section: str, name: str):
    documents = documents_by_id(world)
    page = world.get(f"/v1/{section}?limit=200&include={name}").json
    assert [*page["included"]] == [*INCLUDES[section][name]]
    for related_section, related in page["included"].items():
        assert related
        assert len(related) == len({document["id"] for document in related})
        for document in related:
            assert document == documents[related_section, document["id"]]
            assert "included" not in document


@EVERY_INCLUDE
def test_a_single_record_includes_the_same_documents_as_its_list(
    world: FlaskClient, section: str, name: str
):
    documents = documents_by_id(world)
    for id in [id for document_section, id in documents if document_section == section]:
        listed = world.get(f"/v1/{section}?id={id}&include={name}").json
        response = world.get(f"/v1/{section}/{id}?include={name}")
        assert response.json == {**documents[section, id], "included": listed["included"]}
        assert [*response.json][-1] == "included"


@pytest.mark.parametrize("section", LISTS)
def test_lists_always_have_included_and_single_records_only_with_include(
    world: FlaskClient, section: str
):
    assert world.get(f"/v1/{section}").json["included"] == {}
    id = FULL[section]
    plain = world.get(f"/v1/{section}/{id}").json
    assert "included" not in plain
    name = next(iter(INCLUDES[section]))
    assert "included" in world.get(f"/v1/{section}/{id}?include={name}").json
    assert "included" not in world.get(f"/v1/{section}/{id}?fields=id").json


def test_a_withdrawn_claim_includes_its_documents(world: FlaskClient):
    claim = world.get("/v1/claims/gone?include=actor,source,about").json
    assert included_ids(claim) == {
        "actors": {"official", "isik-a"},
        "organizations": set(),
        "sources": {"blog"},
    }


def test_records_of_different_types_with_the_same_id_are_all_included(
    load: Callable, client: FlaskClient
):
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
    claim = client.get("/v1/claims/same?include=actor,organization,topic,about").json
    assert {
        section: [document["name"] for document in documents]
        for section, documents in claim["included"].items()
    } == {
        "actors": ["An actor"],
        "organizations": ["An organization"],
        "topics": ["A topic"],
    }


def test_each_page_includes_only_its_own_related_documents(world: FlaskClient):
    all_pages = pages(world, "/v1/claims?include=actor,about", 1)
    assert ids_of(*all_pages) == ids_of(world.get("/v1/claims").json)
    for page in all_pages:
        (claim,) = page["data"]
        parties = [(f"{party['type']}s", party["id"]) for party in claim["about"]]
        parties += [("actors", claim["actor"]["id"])] if claim["actor"] else []
        included = [(name, id) for name, ids in included_ids(page).items() for id in ids]
        assert sorted(included) == sorted(set(parties))


def test_a_cursor_is_valid_with_other_fields_and_includes(world: FlaskClient):
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
    " participants description url attributes claim_count identifiers former_ids created_at"
    " updated_at",
    "sources": "id title kind publisher origin authors date language url archive_url accessed"
    " attributes claim_count identifiers former_ids created_at updated_at",
    "topics": "id name aliases description parent attributes claim_count identifiers former_ids"
    " created_at updated_at",
    "positions": "id label text attributes topics stances claim_count identifiers former_ids"
    " created_at updated_at",
}
FIELD_CASES = [(section, name) for section, names in ALL_FIELDS.items() for name in names.split()]


@pytest.mark.parametrize("section", LISTS)
def test_naming_every_field_gives_the_complete_document(world: FlaskClient, section: str):
    names = ALL_FIELDS[section].split()
    document = world.get(f"/v1/{section}/{FULL[section]}").json
    assert [*document] == names
    query = f"fields={','.join(names)}"
    assert world.get(f"/v1/{section}/{FULL[section]}?{query}").json == document
    plain = world.get(f"/v1/{section}")
    assert world.get(f"/v1/{section}?{query}").json == plain.json


@pytest.mark.parametrize(
    ("section", "name"), FIELD_CASES, ids=[f"{section} {name}" for section, name in FIELD_CASES]
)
def test_a_sparse_document_has_the_field_and_id(world: FlaskClient, section: str, name: str):
    documents = world.get(f"/v1/{section}?limit=200").json["data"]
    sparse = world.get(f"/v1/{section}?limit=200&fields={name}").json["data"]
    assert sparse == [{"id": document["id"], name: document[name]} for document in documents]
    single = world.get(f"/v1/{section}/{FULL[section]}?fields={name}").json
    assert [*single] == list(dict.fromkeys(["id", name]))


@pytest.mark.parametrize("section", LISTS)
def test_fields_keep_the_order_of_the_document(world: FlaskClient, section: str):
    names = ALL_FIELDS[section].split()
    fields = [names[-1], names[2], names[-3], names[1]]
    in_order = [name for name in names if name in {"id", *fields}]
    for query in (f"fields={','.join(fields)}", "&".join(f"fields={name}" for name in fields)):
        assert [*world.get(f"/v1/{section}/{FULL[section]}?{query}").json] == in_order
        for document in world.get(f"/v1/{section}?{query}").json["data"]:
            assert [*document] == in_order


SPARSE_DOCUMENTS = {
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
    # names of the top level: nested objects stay complete
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


@pytest.mark.parametrize("url", SPARSE_DOCUMENTS)
def test_a_sparse_document_has_exactly_these_bytes(world: FlaskClient, url: str):
    response = world.get(f"/v1/{url}")
    assert response.data == orjson.dumps(SPARSE_DOCUMENTS[url])


def test_included_documents_keep_all_fields(world: FlaskClient):
    documents = documents_by_id(world)
    for url in (
        "claims?fields=text&include=actor,topic",
        "claims/spend?include=topic&fields=id",
    ):
        response = world.get(f"/v1/{url}").json
        for section, related in response["included"].items():
            assert related
            for document in related:
                assert document == documents[section, document["id"]]
    # `include` does not need the field of the same name
    claim = world.get("/v1/claims/spend?include=topic&fields=id").json
    assert [*claim] == ["id", "included"]
    assert included_ids(claim) == {"topics": {"spending"}}


@pytest.mark.parametrize("section", LISTS)
def test_fields_change_neither_included_nor_meta(world: FlaskClient, section: str):
    plain = world.get(f"/v1/{section}?limit=2").json
    sparse = world.get(f"/v1/{section}?limit=2&fields=id").json
    assert sparse["included"] == plain["included"]
    assert sparse["meta"] == plain["meta"]
    assert ids_of(sparse) == ids_of(plain)


# both parameters


@pytest.mark.parametrize(
    ("path", "parameter", "value", "suggestion"),
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
    world: FlaskClient, path: str, parameter: str, value: str, suggestion: str | None
):
    response = world.get(f"/v1/{path}", query_string={parameter: f"{value}"})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == (parameter, value)
    section = path.split("/")[-1] if path.count("/") != 1 else path.split("/")[0]
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
def test_a_single_record_takes_only_include_fields_and_format(world: FlaskClient, section: str):
    response = world.get(f"/v1/{section}/{FULL[section]}?colour=red")
    # a claim goes into frames
    embed = "embed, " if section == "claims" else ""
    assert response.json["detail"].endswith(f"It takes: {embed}fields, format, include.")


# (path, parameter, words in any order)
WORD_CASES = [
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
    ("path", "parameter", "words"),
    WORD_CASES,
    ids=[f"{path} {','.join(words)}" for path, _, words in WORD_CASES],
)
def test_commas_repetition_and_order_of_words_do_not_change_the_response(
    world: FlaskClient, path: str, parameter: str, words: tuple[str, ...]
):
    queries = []
    for ordered in permutations(words):
        queries.append(f"{parameter}={','.join(ordered)}")
        queries.append("&".join(f"{parameter}={word}" for word in ordered))
        queries.append(f"{parameter}={','.join(ordered)}&{parameter}={ordered[0]}")
    responses = [world.get(f"/v1/{path}?{query}") for query in queries]
    assert {response.status_code for response in responses} == {200}
    assert len({response.headers["ETag"] for response in responses}) == 1
    assert len({response.data for response in responses}) == 1
    assert responses[0].headers["ETag"] != world.get(f"/v1/{path}").headers["ETag"]


@pytest.mark.parametrize("section", LISTS)
def test_the_alias_returns_the_same_response(world: FlaskClient, section: str):
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
def test_the_redirect_of_a_former_id_keeps_fields(world: FlaskClient, section: str):
    former = world.get(f"/v1/{section}/{FULL[section]}").json["former_ids"][0]
    response = world.get(f"/v1/{section}/{former}?fields=id")
    assert response.status_code == 308
    assert response.headers["Location"] == f"/v1/{section}/{FULL[section]}?fields=id"


@on_sqlite
@pytest.mark.parametrize("section", LISTS)
def test_include_sends_one_more_query_and_fields_none(world: FlaskClient, section: str):
    include = f"include={','.join(INCLUDES[section])}"
    record_url = f"/v1/{section}/{FULL[section]}"
    assert query_count(world, f"{record_url}?{include}") <= query_count(world, record_url) + 1
    assert query_count(world, f"{record_url}?fields=id") == query_count(world, record_url)
    for limit in (2, 200):
        list_url = f"/v1/{section}?limit={limit}"
        list_count = query_count(world, list_url)
        assert query_count(world, f"{list_url}&{include}") <= list_count + 1
        assert query_count(world, f"{list_url}&{include}&fields=id") <= list_count + 1
        assert query_count(world, f"{list_url}&fields=id") == list_count


def test_a_load_changes_included_documents_and_the_etag(load: Callable, client: FlaskClient):
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
