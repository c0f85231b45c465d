"""Name resolution: `meta.resolved` says which records a name stands for, or suggests others."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient

from tests.api.list_parameters import FILTERS, names_records
from tests.api.world import ids_of


def resolved(client: FlaskClient, url: str, name: str = "actor") -> list[dict]:
    """The resolved values of a filter."""
    response = client.get(url)
    assert response.status_code == 200, response.text
    return response.json["meta"]["resolved"][name]


def tier_and_ids(value: dict) -> tuple[str, str]:
    """The tier of a resolved value, and the ids of its matches."""
    return value["tier"], " ".join(match["id"] for match in value["matches"])


@pytest.fixture
def people(load: Callable, client: FlaskClient) -> FlaskClient:
    """A client of a dataset with many similar names."""
    load(
        organizations=[
            {"id": "us", "name": "U.S.A.", "kind": "state", "country": "US"},
            {"id": "eu", "name": "European Union", "kind": "international", "aliases": ["E.U."]},
            {"id": "red-cross", "name": "Red Cross", "kind": "ngo"},
        ],
        actors=[
            {"id": "erdogan", "name": "Recep Tayyip Erdoğan"},
            {"id": "isik", "name": "Ayşe IŞIK"},
            {"id": "obrien", "name": "Seán O’Brien"},
            {"id": "smith-1", "name": "John Smith"},
            {"id": "smith-2", "name": "john  smith"},
            {"id": "smith-3", "name": "John Adam Smith", "aliases": ["J. A. Smith"]},
            {"id": "smith-4", "name": "Smith", "aliases": ["Adam Johnson"]},
            {"id": "zelensky", "name": "Володимир Зеленський"},
            {"id": "weiss", "name": "Jürgen Weiß-Ørsted"},
            {"id": "lukasz", "name": "Łukasz Dąbrowski"},
            {"id": "red", "name": "Red"},
            {"id": "blue", "name": "Blue", "aliases": ["smith-1", "Red"]},
            {
                "id": "new",
                "name": "New",
                "former_ids": ["old-one"],
                "identifiers": [{"scheme": "wikidata", "identifier": "Q1:2"}],
            },
        ],
    )
    return client


@pytest.mark.parametrize(
    ("name", "tier", "ids"),
    [
        # case, diacritics, width and punctuation make no difference
        ("Recep Tayyip Erdoğan", "name", "erdogan"),
        ("recep tayyip erdogan", "name", "erdogan"),
        ("RECEP TAYYIP ERDOĞAN", "name", "erdogan"),
        ("Recep-Tayyip, Erdoğan!", "name", "erdogan"),
        ("Erdogan", "words", "erdogan"),
        ("erdogan", "id", "erdogan"),
        ("Erdoğan", "words", "erdogan"),
        ("ERDOĞAN", "words", "erdogan"),
        ("ayse isik", "name", "isik"),
        ("Ayşe Işık", "name", "isik"),
        ("AYŞE IŞIK", "name", "isik"),
        ("Işık", "words", "isik"),
        ("Seán O’Brien", "name", "obrien"),
        ("Seán O'Brien", "name", "obrien"),
        ("sean obrien", "name", "obrien"),
        ("O’BRIEN", "words", "obrien"),
        ("O'Brien", "words", "obrien"),
        ("O`Brien", "words", "obrien"),
        ("OʼBrien", "words", "obrien"),
        ("Jurgen Weiss Orsted", "name", "weiss"),
        ("JÜRGEN WEISS-ØRSTED", "name", "weiss"),
        ("Lukasz Dabrowski", "name", "lukasz"),
        ("dąbrowski", "words", "lukasz"),
        ("ＬＵＫＡＳＺ", "words", "lukasz"),
        # all words must be among the words of one name, in any order
        ("smith adam", "words", "smith-3"),
        ("Smith, John Adam", "words", "smith-3"),
        ("a smith j", "words", "smith-3"),
        ("john smith", "name", "smith-1 smith-2"),
        ("John Smith", "name", "smith-1 smith-2"),
        ("smith john", "words", "smith-1 smith-2 smith-3"),
        ("smith smith", "words", "smith-1 smith-2 smith-3 smith-4 blue"),
        ("smith", "name", "smith-4"),
        ("smith johnson", "none", ""),
        ("smit", "none", ""),
        ("john smith junior", "none", ""),
        # an id goes before a name, a name before words
        ("smith-1", "id", "smith-1"),
        ("Smith 1", "name", "blue"),
        ("red", "id", "red"),
        ("Red", "name", "red blue"),
        ("old-one", "id", "new"),
        ("wikidata:Q1:2", "id", "new"),
        ("wikidata:Q1", "none", ""),
        ("Wikidata:Q1:2", "none", ""),
        # a type before the id
        ("actor:isik", "id", "isik"),
        ("actor:old-one", "id", "new"),
        ("actor:Ayşe Işık", "none", ""),
        ("organization:eu", "none", ""),
        # no words
        ("---", "none", ""),
        ("%_", "none", ""),
        ("' OR 1=1 --", "none", ""),
    ],
)
def test_tier(people: FlaskClient, name: str, tier: str, ids: str):
    response = people.get("/v1/claims", query_string={"actor": name})
    (value,) = response.json["meta"]["resolved"]["actor"]
    assert (value["asked"], value["exclude"]) == (name, False)
    assert tier_and_ids(value) == (tier, ids)
    assert value["count"] == len(ids.split())
    assert value["suggestions"] == [] or tier == "none"


def test_words_must_be_in_one_name_or_one_alias(people: FlaskClient):
    (alias,) = resolved(people, "/v1/claims?organization=EU", "organization")
    assert tier_and_ids(alias) == ("name", "eu")
    (name_and_alias,) = resolved(people, "/v1/claims?organization=European E.U.", "organization")
    assert tier_and_ids(name_and_alias) == ("none", "")
    (name,) = resolved(people, "/v1/claims?organization=usa", "organization")
    assert tier_and_ids(name) == ("name", "us")


def test_resolved_value_lists_its_matches(world: FlaskClient):
    assert resolved(world, "/v1/claims?actor=isik") == [
        {
            "asked": "isik",
            "exclude": False,
            "tier": "words",
            "count": 2,
            "matches": [
                {"type": "actor", "id": "isik-a", "name": "Ayşe Işık"},
                {"type": "actor", "id": "isik-b", "name": "Ayşe Işık"},
            ],
            "suggestions": [],
        }
    ]


@pytest.mark.parametrize(
    ("url", "name", "match"),
    [
        ("claims?source=blog", "source", ("source", "blog", "Blog")),
        ("claims?position=join", "position", ("position", "join", "Ukraine will join.")),
        ("claims?topic=power", "topic", ("topic", "energy", "Energy")),
        ("claims?event=hague-summit", "event", ("event", "summit", "The Summit")),
        ("claims?publisher=acme", "publisher", ("organization", "acme", "!Acme")),
        ("claims?about=nato", "about", ("organization", "nato", "NATO")),
        ("claims?addressee=kaya", "addressee", ("actor", "kaya", "Deniz Kaya")),
        ("claims?country=tr", "country", ("country", "TR", "Türkiye")),
        ("sources?origin=the daily", "origin", ("organization", "daily", "The Daily")),
        ("events?parent=summit", "parent", ("event", "summit", "The Summit")),
    ],
)
def test_matches_have_type_id_and_name(world: FlaskClient, url: str, name: str, match: tuple):
    (value,) = resolved(world, f"/v1/{url}", name)
    assert value["matches"] == [dict(zip(("type", "id", "name"), match, strict=True))]
    assert value["count"] == 1


@pytest.mark.parametrize(
    ("name", "tier", "codes"),
    [
        ("TR", "id", "TR"),
        ("tr", "id", "TR"),
        ("Türkiye", "name", "TR"),
        ("TURKIYE", "name", "TR"),
        ("Turkey", "name", "TR"),
        ("tuerkiye", "id", "TR"),
        ("Sweden", "name", "SE"),
        ("sweden", "name", "SE"),
        ("XK", "id", "XK"),
        ("NATO", "none", ""),
        ("Atlantis", "none", ""),
        ("XX", "none", ""),
    ],
)
def test_countries(world: FlaskClient, name: str, tier: str, codes: str):
    for path in ("claims", "events", "organizations"):
        (value,) = resolved(world, f"/v1/{path}?country={name}", "country")
        assert tier_and_ids(value) == (tier, codes)
        assert [match["type"] for match in value["matches"]] == ["country"] * len(codes.split())


@pytest.mark.parametrize(
    ("url", "name", "queries"),
    [
        ("claims?actor=NATO", "actor", ["organization=nato"]),
        ("claims?actor=Atlantic Alliance", "actor", ["organization=nato"]),
        ("claims?actor=north-atlantic-alliance", "actor", ["organization=nato"]),
        ("claims?actor=wikidata:Q7184", "actor", ["organization=nato"]),
        ("claims?actor=military", "actor", ["topic=defence"]),
        ("claims?actor=two-percent", "actor", ["position=five-percent"]),
        ("claims?actor=!NATO", "actor", ["organization=!nato"]),
        ("claims?organization=rutte", "organization", ["actor=rutte"]),
        ("claims?publisher=Mark Rutte", "publisher", ["actor=rutte"]),
        ("claims?actor=energy", "actor", ["topic=energy"]),
        ("claims?actor=Erdogann", "actor", ["actor=erdogan"]),
        ("claims?actor=Erdgan", "actor", ["actor=erdogan"]),
        ("claims?actor=!Erdogann", "actor", ["actor=!erdogan"]),
        ("claims?organization=Turky", "organization", ["organization=tuerkiye"]),
        ("claims?about=organization:rutte", "about", ["about=actor:rutte"]),
        ("claims?about=organization:natoo", "about", ["about=organization:nato"]),
        ("claims?about=actor:nato", "about", ["about=organization:nato"]),
        ("claims?addressee=!Erdogann", "addressee", ["addressee=!actor:erdogan"]),
        ("claims?country=Turky", "country", ["country=TR"]),
        ("claims?position=five percents", "position", ["position=five-percent"]),
        ("positions?actor=energy", "actor", ["topic=energy"]),
        ("topics?actor=energy", "actor", []),
        ("topics?parent=Enrgy", "parent", ["parent=energy"]),
        ("claims?actor=zzzz", "actor", []),
        ("claims?actor=---", "actor", []),
    ],
)
def test_suggestions(world: FlaskClient, url: str, name: str, queries: list[str]):
    (value,) = resolved(world, f"/v1/{url}", name)
    assert tier_and_ids(value) == ("none", "")
    suggested = ["=".join(parse_qsl(suggestion["query"])[0]) for suggestion in value["suggestions"]]
    assert suggested == queries


def test_suggestion_has_type_id_name_and_query(world: FlaskClient):
    (value,) = resolved(world, "/v1/claims?actor=NATO")
    assert value == {
        "asked": "NATO",
        "exclude": False,
        "tier": "none",
        "count": 0,
        "matches": [],
        "suggestions": [
            {"type": "organization", "id": "nato", "name": "NATO", "query": "organization=nato"}
        ],
    }


def test_nearest_name_is_suggested_first(world: FlaskClient):
    (actor,) = resolved(world, "/v1/claims?actor=Rute")
    assert actor["suggestions"][0]["id"] == "rutte"
    (topic,) = resolved(world, "/v1/claims?topic=defnce", "topic")
    assert topic["suggestions"][0]["id"] == "defence"
    assert len(topic["suggestions"]) <= 5


# the filters of each list whose values are resolved
NAME_FILTERS = {
    **{
        section: [name for name in names if names_records(name) or name == "country"]
        for section, names in FILTERS.items()
    },
    "actors/rutte/claims": ["organization", "event", "topic", "about"],
    "organizations/nato/claims": ["actor", "event", "publisher", "about"],
    "events/summit/claims": ["actor", "organization", "topic", "about"],
}


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, names in NAME_FILTERS.items() for name in names]
)
def test_query_of_every_suggestion_is_valid(world: FlaskClient, path: str, name: str):
    for text in ("NATOO", "NATO", "Rute", "Mark Rutte", "defence", "five percent", "Turky",
                 "Summit", "wikidata:Q7184", "!NATO", "Interview with Rute"):  # fmt: skip
        response = world.get(f"/v1/{path}", query_string={name: text})
        (value,) = response.json["meta"]["resolved"][name]
        for suggestion in value["suggestions"]:
            suggested = world.get(f"/v1/{path}?{suggestion['query']}")
            assert suggested.status_code == 200, suggestion
            ((suggested_value,),) = suggested.json["meta"]["resolved"].values()
            assert (suggested_value["tier"], suggested_value["exclude"]) == ("id", value["exclude"])
            if suggested_value["matches"][0]["type"] != "country":
                assert suggested_value["matches"][0]["id"] == suggestion["id"]


def test_resolved_values_have_the_canonical_order(world: FlaskClient):
    query = "topic=energy&actor=rutte&organization=b&actor=!kaya&topic=Defence&actor=Erdogan"
    for equivalent in (query, "&".join(reversed(query.split("&"))), f"{query}&actor=rutte"):
        values = world.get(f"/v1/claims?{equivalent}").json["meta"]["resolved"]
        assert list(values) == ["actor", "organization", "topic"]
        assert [(value["asked"], value["exclude"]) for value in values["actor"]] == [
            ("kaya", True),
            ("Erdogan", False),
            ("rutte", False),
        ]
        assert [value["asked"] for value in values["topic"]] == ["Defence", "energy"]


def test_only_filters_that_name_records_are_resolved(world: FlaskClient):
    url = "/v1/claims?form=speech&language=en&place=oslo&date=2025&id=spend&status=coded&coder=x"
    assert world.get(url).json["meta"]["resolved"] == {}
    assert world.get("/v1/actors/rutte/claims").json["meta"]["resolved"] == {}
    assert list(world.get("/v1/claims?country=NL").json["meta"]["resolved"]) == ["country"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("actor=nobody", ""),
        ("actor=nobody&actor=noone", ""),
        ("actor=nobody&actor=erdogan", "gas"),
        ("actor=!nobody&actor=erdogan", "gas"),
        ("actor=nobody&actor=!erdogan", ""),
        ("actor=nobody&topic=energy", ""),
        ("topic=nothing&actor=erdogan", ""),
        ("topic=!nothing&actor=erdogan", "gas"),
        ("country=Atlantis&actor=erdogan", ""),
        ("country=Atlantis&country=NL", "gas communique"),
        ("about=nobody&about=rutte", "gas"),
    ],
)
def test_unknown_name_matches_no_records(world: FlaskClient, query: str, ids: str):
    page = world.get(f"/v1/claims?{query}").json
    assert set(ids_of(page)) == set(ids.split())
    assert page["meta"]["total"] == len(ids.split())
    assert page["meta"]["next_cursor"] is None


@pytest.mark.parametrize(
    ("count", "name", "tier"),
    [
        (25, "Ann Lee", "name"),
        (25, "lee", "words"),
        (100, "Ann Lee", "name"),
        (100, "lee", "words"),
    ],
)
def test_at_most_20_matches_are_shown(
    load: Callable, client: FlaskClient, count: int, name: str, tier: str
):
    load(
        actors=[{"id": f"a{n}", "name": "Ann Lee"} for n in range(count)],
        claims=[{"id": f"c{n}", "text": "C", "actor": f"a{n}"} for n in range(count)],
    )
    page = client.get(f"/v1/claims?actor={name}").json
    (value,) = page["meta"]["resolved"]["actor"]
    assert (value["tier"], value["count"]) == (tier, count)
    assert [match["id"] for match in value["matches"]] == [f"a{n}" for n in range(20)]
    assert page["meta"]["total"] == count


@pytest.mark.parametrize("text", ["Ann Lee", "lee", "!lee"])
def test_more_than_100_matches_are_too_broad(load: Callable, client: FlaskClient, text: str):
    load(actors=[{"id": f"a{n}", "name": "Ann Lee"} for n in range(101)])
    response = client.get("/v1/claims", query_string={"actor": [text, "a7", "nobody"]})
    assert (response.status_code, response.json["code"]) == (422, "too-broad")
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == ("actor", text.removeprefix("!"))
    assert error["message"]


def test_id_is_never_too_broad(load: Callable, client: FlaskClient):
    load(actors=[{"id": f"lee{n or ''}", "name": "Lee"} for n in range(150)])
    (value,) = resolved(client, "/v1/claims?actor=lee")
    assert tier_and_ids(value) == ("id", "lee")


def test_three_names_of_one_actor_list_its_claims_once(world: FlaskClient):
    page = world.get("/v1/claims?actor=rutte&actor=Mark Rutte&actor=wikidata:Q57792").json
    assert [tier_and_ids(value) for value in page["meta"]["resolved"]["actor"]] == [
        ("name", "rutte"),
        ("id", "rutte"),
        ("id", "rutte"),
    ]
    assert sorted(ids_of(page)) == ["oppose", "spend"]


def test_records_of_several_types_may_share_an_identifier(world: FlaskClient):
    (topic,) = resolved(world, "/v1/claims?topic=wikidata:Q1", "topic")
    (position,) = resolved(world, "/v1/claims?position=wikidata:Q1", "position")
    assert tier_and_ids(topic) == ("id", "defence")
    assert tier_and_ids(position) == ("id", "five-percent")


def test_about_names_actors_and_organizations(load: Callable, client: FlaskClient):
    load(
        organizations=[{"id": "twin", "name": "Twin", "kind": "other"}],
        actors=[{"id": "twin", "name": "Twin"}, {"id": "x", "name": "X"}],
        topics=[{"id": "twin", "name": "Twin"}],
        claims=[
            {"id": "person", "text": "C", "actor": "x", "about": [{"actor": "twin"}]},
            {"id": "body", "text": "C", "actor": "x", "about": [{"organization": "twin"}]},
        ],
    )
    for text, ids in {
        "twin": "person body",
        "Twin": "person body",
        "actor:twin": "person",
        "organization:twin": "body",
        "!actor:twin": "body",
        "!twin": "",
        "topic:twin": "",
    }.items():
        assert set(ids_of(client.get(f"/v1/claims?about={text}").json)) == set(ids.split())


LONG = "a" * 200


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(f"actor={LONG}", id="id"),
        pytest.param(f"actor=!{LONG}", id="excluded"),
        pytest.param(f"about=actor:{LONG}", id="pinned"),
        pytest.param(f"about=!actor:{LONG}", id="pinned and excluded"),
        pytest.param(f"id={LONG}", id="id filter"),
    ],
)
def test_longest_id_is_a_valid_value(load: Callable, client: FlaskClient, query: str):
    load(actors=[{"id": LONG, "name": "Long"}])
    path = "actors" if query.startswith("id=") else "claims"
    assert client.get(f"/v1/{path}?{query}").status_code == 200


def test_longest_identifier_is_a_valid_value(load: Callable, client: FlaskClient):
    identifier = {"scheme": "scheme", "identifier": "i" * 200}
    load(actors=[{"id": "x", "name": "X", "identifiers": [identifier]}])
    url = f"/v1/actors?identifier=scheme:{'i' * 200}"
    assert ids_of(client.get(url).json) == ["x"]
    assert client.get(f"/v1/claims?actor=scheme:{'i' * 200}").status_code == 200
