"""How names are understood, as `meta.resolved` tells it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient

from tests.api.world import ids_of


def resolved(client: FlaskClient, url: str, name: str = "actor") -> list[dict]:
    response = client.get(url)
    assert response.status_code == 200, response.text
    return response.json["meta"]["resolved"][name]


def brief(one: dict) -> tuple[str, str]:
    """The tier, and the ids of the matches."""
    return one["tier"], " ".join(match["id"] for match in one["matches"])


@pytest.fixture
def people(load: Callable, client: FlaskClient) -> FlaskClient:
    """A client of a dataset of names."""
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
    ("asked", "tier", "found"),
    [
        # case, diacritics, script and punctuation go
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
        # all words among the words of one name, in any order
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
        # an id before a name, a name before words
        ("smith-1", "id", "smith-1"),
        ("Smith 1", "name", "blue"),
        ("red", "id", "red"),
        ("Red", "name", "red blue"),
        ("old-one", "id", "new"),
        ("wikidata:Q1:2", "id", "new"),
        ("wikidata:Q1", "none", ""),
        ("Wikidata:Q1:2", "none", ""),
        # a pin
        ("actor:isik", "id", "isik"),
        ("actor:old-one", "id", "new"),
        ("actor:Ayşe Işık", "none", ""),
        ("organization:eu", "none", ""),
        # no word at all
        ("---", "none", ""),
        ("%_", "none", ""),
        ("' OR 1=1 --", "none", ""),
    ],
)
def test_tier(people: FlaskClient, asked: str, tier: str, found: str):
    response = people.get("/v1/claims", query_string={"actor": asked})
    (one,) = response.json["meta"]["resolved"]["actor"]
    assert (one["asked"], one["exclude"]) == (asked, False)
    assert brief(one) == (tier, found)
    assert one["count"] == len(found.split())
    assert one["suggestions"] == [] or tier == "none"


def test_an_alias_is_a_name_of_its_own(people: FlaskClient):
    (union,) = resolved(people, "/v1/claims?organization=EU", "organization")
    assert brief(union) == ("name", "eu")
    (across,) = resolved(people, "/v1/claims?organization=European E.U.", "organization")
    assert brief(across) == ("none", "")
    (usa,) = resolved(people, "/v1/claims?organization=usa", "organization")
    assert brief(usa) == ("name", "us")


def test_matches_name_what_was_found(world: FlaskClient):
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
    (one,) = resolved(world, f"/v1/{url}", name)
    assert one["matches"] == [dict(zip(("type", "id", "name"), match, strict=True))]
    assert one["count"] == 1


@pytest.mark.parametrize(
    ("asked", "tier", "found"),
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
def test_countries(world: FlaskClient, asked: str, tier: str, found: str):
    for path in ("claims", "events", "organizations"):
        (one,) = resolved(world, f"/v1/{path}?country={asked}", "country")
        assert brief(one) == (tier, found)
        assert [match["type"] for match in one["matches"]] == ["country"] * len(found.split())


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
    (one,) = resolved(world, f"/v1/{url}", name)
    assert brief(one) == ("none", "")
    found = ["=".join(parse_qsl(suggestion["query"])[0]) for suggestion in one["suggestions"]]
    assert found == queries


def test_a_suggestion_says_what_it_is(world: FlaskClient):
    (one,) = resolved(world, "/v1/claims?actor=NATO")
    assert one == {
        "asked": "NATO",
        "exclude": False,
        "tier": "none",
        "count": 0,
        "matches": [],
        "suggestions": [
            {"type": "organization", "id": "nato", "name": "NATO", "query": "organization=nato"}
        ],
    }


def test_the_nearest_is_suggested_first(world: FlaskClient):
    (one,) = resolved(world, "/v1/claims?actor=Rute")
    assert one["suggestions"][0]["id"] == "rutte"
    (other,) = resolved(world, "/v1/claims?topic=defnce", "topic")
    assert other["suggestions"][0]["id"] == "defence"
    assert len(other["suggestions"]) <= 5


NAMING = {
    "claims": "actor organization event source publisher topic position about addressee country",
    "actors": "organization event topic position source",
    "organizations": "country parent actor event",
    "events": "country actor organization topic parent",
    "sources": "publisher origin actor event topic",
    "topics": "parent actor event",
    "positions": "topic actor",
    "actors/rutte/claims": "organization event topic about",
    "organizations/nato/claims": "actor event publisher about",
    "events/summit/claims": "actor organization topic about",
}


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, names in NAMING.items() for name in names.split()]
)
def test_every_suggestion_works_on_its_list(world: FlaskClient, path: str, name: str):
    for asked in ("NATOO", "NATO", "Rute", "Mark Rutte", "defence", "five percent", "Turky",
                  "Summit", "wikidata:Q7184", "!NATO", "Interview with Rute"):  # fmt: skip
        response = world.get(f"/v1/{path}", query_string={name: asked})
        (one,) = response.json["meta"]["resolved"][name]
        for suggestion in one["suggestions"]:
            again = world.get(f"/v1/{path}?{suggestion['query']}")
            assert again.status_code == 200, suggestion
            ((found,),) = again.json["meta"]["resolved"].values()
            assert (found["tier"], found["exclude"]) == ("id", one["exclude"])
            if found["matches"][0]["type"] != "country":
                assert found["matches"][0]["id"] == suggestion["id"]


def test_values_stand_in_the_canonical_order(world: FlaskClient):
    query = "topic=energy&actor=rutte&organization=b&actor=!kaya&topic=Defence&actor=Erdogan"
    for shuffled in (query, "&".join(reversed(query.split("&"))), f"{query}&actor=rutte"):
        found = world.get(f"/v1/claims?{shuffled}").json["meta"]["resolved"]
        assert list(found) == ["actor", "organization", "topic"]
        assert [(one["asked"], one["exclude"]) for one in found["actor"]] == [
            ("kaya", True),
            ("Erdogan", False),
            ("rutte", False),
        ]
        assert [one["asked"] for one in found["topic"]] == ["Defence", "energy"]


def test_only_names_are_resolved(world: FlaskClient):
    url = "/v1/claims?form=speech&language=en&place=oslo&date=2025&id=spend&status=coded&coder=x"
    assert world.get(url).json["meta"]["resolved"] == {}
    assert world.get("/v1/actors/rutte/claims").json["meta"]["resolved"] == {}
    assert list(world.get("/v1/claims?country=NL").json["meta"]["resolved"]) == ["country"]


@pytest.mark.parametrize(
    ("query", "found"),
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
def test_what_matches_nothing_adds_nothing(world: FlaskClient, query: str, found: str):
    answer = world.get(f"/v1/claims?{query}").json
    assert set(ids_of(answer)) == set(found.split())
    assert answer["meta"]["total"] == len(found.split())
    assert answer["meta"]["next_cursor"] is None


@pytest.mark.parametrize(
    ("count", "asked", "tier"),
    [
        (25, "Ann Lee", "name"),
        (25, "lee", "words"),
        (100, "Ann Lee", "name"),
        (100, "lee", "words"),
    ],
)
def test_at_most_20_matches_are_shown(
    load: Callable, client: FlaskClient, count: int, asked: str, tier: str
):
    load(
        actors=[{"id": f"a{n}", "name": "Ann Lee"} for n in range(count)],
        claims=[{"id": f"c{n}", "text": "C", "actor": f"a{n}"} for n in range(count)],
    )
    answer = client.get(f"/v1/claims?actor={asked}").json
    (one,) = answer["meta"]["resolved"]["actor"]
    assert (one["tier"], one["count"]) == (tier, count)
    assert [match["id"] for match in one["matches"]] == [f"a{n}" for n in range(20)]
    assert answer["meta"]["total"] == count


@pytest.mark.parametrize("asked", ["Ann Lee", "lee", "!lee"])
def test_more_than_100_matches_are_too_broad(load: Callable, client: FlaskClient, asked: str):
    load(actors=[{"id": f"a{n}", "name": "Ann Lee"} for n in range(101)])
    response = client.get("/v1/claims", query_string={"actor": [asked, "a7", "nobody"]})
    assert (response.status_code, response.json["code"]) == (422, "too-broad")
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == ("actor", asked.removeprefix("!"))
    assert error["message"]


def test_an_id_is_never_too_broad(load: Callable, client: FlaskClient):
    load(actors=[{"id": f"lee{n or ''}", "name": "Lee"} for n in range(150)])
    (one,) = resolved(client, "/v1/claims?actor=lee")
    assert brief(one) == ("id", "lee")


def test_a_name_in_two_values_counts_once(world: FlaskClient):
    answer = world.get("/v1/claims?actor=rutte&actor=Mark Rutte&actor=wikidata:Q57792").json
    assert [brief(one) for one in answer["meta"]["resolved"]["actor"]] == [
        ("name", "rutte"),
        ("id", "rutte"),
        ("id", "rutte"),
    ]
    assert sorted(ids_of(answer)) == ["oppose", "spend"]


def test_an_identifier_may_be_one_of_several_types(world: FlaskClient):
    topic = resolved(world, "/v1/claims?topic=wikidata:Q1", "topic")
    position = resolved(world, "/v1/claims?position=wikidata:Q1", "position")
    assert [brief(one) for one in topic + position] == [("id", "defence"), ("id", "five-percent")]


def test_parties_are_looked_for_among_actors_and_organizations(load: Callable, client: FlaskClient):
    load(
        organizations=[{"id": "twin", "name": "Twin", "kind": "other"}],
        actors=[{"id": "twin", "name": "Twin"}, {"id": "x", "name": "X"}],
        topics=[{"id": "twin", "name": "Twin"}],
        claims=[
            {"id": "person", "text": "C", "actor": "x", "about": [{"actor": "twin"}]},
            {"id": "body", "text": "C", "actor": "x", "about": [{"organization": "twin"}]},
        ],
    )
    for asked, found in {
        "twin": "person body",
        "Twin": "person body",
        "actor:twin": "person",
        "organization:twin": "body",
        "!actor:twin": "body",
        "!twin": "",
        "topic:twin": "",
    }.items():
        assert set(ids_of(client.get(f"/v1/claims?about={asked}").json)) == set(found.split())


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
def test_the_longest_id_can_be_asked_for(load: Callable, client: FlaskClient, query: str):
    load(actors=[{"id": LONG, "name": "Long"}])
    path = "actors" if query.startswith("id=") else "claims"
    assert client.get(f"/v1/{path}?{query}").status_code == 200


def test_the_longest_identifier_can_be_asked_for(load: Callable, client: FlaskClient):
    identifier = {"scheme": "scheme", "identifier": "i" * 200}
    load(actors=[{"id": "x", "name": "X", "identifiers": [identifier]}])
    url = f"/v1/actors?identifier=scheme:{'i' * 200}"
    assert ids_of(client.get(url).json) == ["x"]
    assert client.get(f"/v1/claims?actor=scheme:{'i' * 200}").status_code == 200
