"""JSON-LD, read by rdflib."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from tests.api.formats.lists_in_formats import list_paths
from tests.api.http.problems import problem_of
from tests.api.world import FULL, LATER, LISTS

# rdflib's own parser uses it
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

SCHEMA = Namespace("https://schema.org/")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
HOST = "http://example.org"
V1 = Namespace(f"{HOST}/v1/")
TYPES = {
    "claims": {"Claim"},
    "actors": {"Person", "Organization"},
    "organizations": {"Organization"},
    "events": {"Event"},
    "sources": {"CreativeWork"},
    "topics": {"DefinedTerm"},
    "positions": {"DefinedTerm"},
}


def graph_of(client: FlaskClient, url: str) -> Graph:
    response = client.get(url)
    assert (response.status_code, response.content_type) == (200, "application/ld+json")
    return Graph().parse(data=response.data, format="json-ld", publicID=HOST + url)


def items_of(graph: Graph) -> set[str]:
    """The IRIs of a list's records, without host."""
    return {str(item).removeprefix(HOST) for item in graph.objects(None, SCHEMA.itemListElement)}


def test_every_list_has_the_records_of_the_json(app: Flask, world: FlaskClient):
    for path in list_paths(app):
        page = world.get(path).json
        document = world.get(f"{path}?format=jsonld").json
        graph = graph_of(world, f"{path}?format=jsonld")
        items = document.get("itemListElement", [])
        assert [item["@id"].rpartition("/")[2] for item in items] == [
            record["id"] for record in page["data"]
        ], path
        assert document["numberOfItems"] == page["meta"]["total"]
        assert items_of(graph) == {item["@id"] for item in items}
        for item in items:
            section = item["@id"].split("/")[2]
            assert item["@type"] in TYPES[section]
            assert world.get(item["@id"]).status_code == 200


@pytest.mark.parametrize("section", LISTS)
def test_a_single_record_is_the_item_of_the_list(world: FlaskClient, section: str):
    id = FULL[section]
    single = world.get(f"/v1/{section}/{id}?format=jsonld")
    (item,) = world.get(f"/v1/{section}?id={id}&format=jsonld").json["itemListElement"]
    assert single.json == {
        "@context": {
            "@vocab": "https://schema.org/",
            "skos": "http://www.w3.org/2004/02/skos/core#",
        },
        **item,
    }
    by_accept = world.get(f"/v1/{section}/{id}", headers={"Accept": "application/ld+json"})
    assert by_accept.data == single.data
    assert by_accept.headers["ETag"] == single.headers["ETag"]
    assert single.headers["ETag"] != world.get(f"/v1/{section}/{id}").headers["ETag"]


def test_a_claim_with_its_review(world: FlaskClient):
    graph = graph_of(world, "/v1/claims/spend?format=jsonld")
    expected = Graph().parse(
        format="turtle",
        data=f"""
        @prefix : <https://schema.org/> .
        @base <{HOST}/v1/claims/> .
        <spend> a :Claim ;
            :text "Rutte asks for five percent." ;
            :author </v1/actors/rutte> ;
            :sourceOrganization </v1/organizations/nato> ;
            :datePublished "2025-05-14" ;
            :creativeWorkStatus "coded" ;
            :hasPart [ a :Quotation ; :text "five percent, now - or never & ever" ;
                       :inLanguage "en" ] ;
            :recordedAt </v1/events/interview> ;
            :about </v1/topics/spending>, </v1/positions/five-percent>, </v1/positions/join>,
                </v1/organizations/tuerkiye> ;
            :appearance </v1/sources/reprint>, </v1/sources/aa> ;
            :identifier [ a :PropertyValue ; :propertyID "coding" ; :value "17" ] ;
            :sdDatePublished "{LATER}" ;
            :review [ a :ClaimReview ;
                :itemReviewed <spend> ;
                :claimReviewed "Rutte asks for five percent." ;
                :author [ a :Person ; :name "C. Hecker" ] ;
                :publisher </v1/organizations/factcheck> ;
                :reviewRating [ a :Rating ; :alternateName "Half true!" ; :ratingValue 3 ;
                    :bestRating 5 ; :worstRating 1 ] ;
                :name "What do they spend?" ;
                :url "https://example.org/check" ;
                :datePublished "2025-06" ;
                :reviewBody "Some do." ] .
        </v1/actors/rutte> a :Person ; :name "Mark Rutte" .
        </v1/organizations/nato> a :Organization ; :name "NATO" .
        </v1/organizations/tuerkiye> a :Organization ; :name "Türkiye" .
        </v1/organizations/factcheck> a :Organization ; :name "Fact Check" .
        </v1/organizations/daily> a :Organization ; :name "The Daily" .
        </v1/organizations/anadolu> a :Organization ; :name "Anadolu Agency" .
        </v1/events/interview> a :Event ; :name "Antalya Interview" .
        </v1/topics/spending> a :DefinedTerm ; :name "Defence Spending" .
        </v1/positions/five-percent> a :DefinedTerm ;
            :name "Allies should spend five percent of GDP on defence." .
        </v1/positions/join> a :DefinedTerm ; :name "Ukraine will join." .
        </v1/sources/reprint> a :CreativeWork ; :name "Reprint of the talk" ;
            :url "https://example.org/daily#top" ; :datePublished "2025-05-15" ;
            :publisher </v1/organizations/daily> .
        </v1/sources/aa> a :CreativeWork ; :name "Interview with Rutte" ;
            :url "https://example.org/aa" ; :datePublished "2025-05-14" ;
            :publisher </v1/organizations/anadolu> .
        """,
    )
    assert isomorphic(graph, expected), sorted(graph - expected)


@pytest.mark.parametrize(
    ("path", "triples"),
    [
        (
            "actors/rutte",
            [
                (RDF.type, SCHEMA.Person),
                (SCHEMA.alternateName, Literal("The Secretary")),
                (SCHEMA.sameAs, URIRef("http://www.wikidata.org/entity/Q57792")),
                (SCHEMA.url, Literal("https://example.org/rutte")),
                (SCHEMA.sdDatePublished, Literal(LATER)),
            ],
        ),
        ("actors/protesters", [(RDF.type, SCHEMA.Organization)]),
        ("actors/official", [(RDF.type, SCHEMA.Person)]),
        (
            "organizations/turkish-mfa",
            [
                (RDF.type, SCHEMA.Organization),
                (SCHEMA.parentOrganization, V1["organizations/tuerkiye"]),
            ],
        ),
        (
            "events/session",
            [
                (RDF.type, SCHEMA.Event),
                (SCHEMA.startDate, Literal("2025-06-24")),
                (SCHEMA.superEvent, V1["events/summit"]),
                (SCHEMA.attendee, V1["actors/erdogan"]),
            ],
        ),
        ("events/summit", [(SCHEMA.organizer, V1["organizations/nato"])]),
        (
            "sources/aa",
            [
                (RDF.type, SCHEMA.CreativeWork),
                (SCHEMA.publisher, V1["organizations/anadolu"]),
                (SCHEMA.archivedAt, Literal("https://archive.example.org/aa")),
                (SCHEMA.inLanguage, Literal("en")),
            ],
        ),
        (
            "topics/spending",
            [(RDF.type, SCHEMA.DefinedTerm), (SKOS.broader, V1["topics/defence"])],
        ),
        (
            "positions/five-percent",
            [
                (RDF.type, SCHEMA.DefinedTerm),
                (SCHEMA.termCode, Literal("The 5% goal")),
                (SKOS.related, V1["topics/spending"]),
            ],
        ),
        (
            "claims/communique",
            [
                (SCHEMA.author, V1["organizations/nato"]),
                (SCHEMA.recordedAt, V1["events/summit"]),
            ],
        ),
    ],
)  # fmt: skip
def test_triples(world: FlaskClient, path: str, triples: list[tuple]):
    graph = graph_of(world, f"/v1/{path}?format=jsonld")
    assert [pair for pair in triples if (V1[path], *pair) not in graph] == []


def test_a_membership_is_a_role(world: FlaskClient):
    graph = graph_of(world, "/v1/actors/rutte?format=jsonld")
    roles = [
        (graph.value(role, SCHEMA.roleName), graph.value(role, SCHEMA.startDate))
        for role in graph.objects(V1["actors/rutte"], SCHEMA.memberOf)
    ]
    assert sorted(map(tuple, ((str(name), str(start)) for name, start in roles))) == [
        ("Leader", "2006-05-31"),
        ("Secretary General", "2024-10-01"),
    ]


@pytest.mark.parametrize(
    ("review", "rating"),
    [
        ({"rating": "HALF-TRUE", "verdict": "mostly-true"},
         {"alternateName": "HALF-TRUE", "ratingValue": 4, "bestRating": 5, "worstRating": 1}),
        ({"rating": "★★", "verdict": "false"},
         {"alternateName": "★★", "ratingValue": 1, "bestRating": 5, "worstRating": 1}),
        ({"url": "https://example.org/daily-check"}, None),
    ],
)  # fmt: skip
def test_ratings(world: FlaskClient, review: dict, rating: dict | None):
    documents = world.get("/v1/claims/letter").json["reviews"]
    nodes = world.get("/v1/claims/letter?format=jsonld").json["review"]
    (place,) = [
        n for n, document in enumerate(documents)
        if all(document[name] == value for name, value in review.items())
    ]  # fmt: skip
    assert nodes[place]["@type"] == "ClaimReview"
    assert nodes[place].get("reviewRating") == (rating and {"@type": "Rating", **rating})


def test_pages_follow_each_other(world: FlaskClient):
    url, items = "/v1/claims?format=jsonld&limit=3", []
    while url:
        response = world.get(url)
        items += [item["@id"] for item in response.json["itemListElement"]]
        assert response.json["@id"].startswith("/v1/claims?")
        url = response.headers.get("Link", "").partition(">")[0].lstrip("<")
        assert not url or "format=jsonld" in url
    page = world.get("/v1/claims?limit=200").json["data"]
    assert items == [f"/v1/claims/{record['id']}" for record in page]


@pytest.mark.parametrize("path", ["claims", "claims/spend"])
@pytest.mark.parametrize("query", ["include=actor", "facet=topic", "fields=text", "bom=true"])
def test_parameters_that_it_does_not_take(world: FlaskClient, path: str, query: str):
    if path == "claims/spend" and query.startswith(("facet", "bom")):
        return
    problem = problem_of(world.get(f"/v1/{path}?format=jsonld&{query}"), "invalid-value")
    (error,) = problem["errors"]
    assert error["parameter"] == query.partition("=")[0]
    assert error["message"] == "cannot be used with format=jsonld"


def test_a_mount_point_is_part_of_the_iris(world: FlaskClient):
    response = world.get(
        "/v1/topics/spending?format=jsonld", environ_overrides={"SCRIPT_NAME": "/api"}
    )
    assert response.json["@id"] == "/api/v1/topics/spending"
    assert response.json["skos:broader"]["@id"] == "/api/v1/topics/defence"
