"""`/v1/reconcile`: the requests of the Reconciliation Service API 0.2."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from tests.api.http.problems import problem_of


def reconcile(client: FlaskClient, **queries: dict) -> dict[str, list[dict]]:
    """The candidates of each query, asked by GET and by POST."""
    text = json.dumps(queries)
    by_post = client.post("/v1/reconcile", data={"queries": text})
    assert by_post.status_code == 200, by_post.text
    by_get = client.get(f"/v1/reconcile?{urlencode({'queries': text})}")
    assert by_get.json == by_post.json
    assert list(by_post.json) == sorted(queries) == sorted(by_post.json)
    return {id: answer["result"] for id, answer in by_post.json.items()}


def extend(client: FlaskClient, ids: list[str], *properties: Any) -> dict:
    question = {"ids": ids, "properties": [{"id": id} for id in properties]}
    by_post = client.post("/v1/reconcile", data={"extend": json.dumps(question)})
    assert by_post.status_code == 200, by_post.text
    by_get = client.get(f"/v1/reconcile?extend={quote(json.dumps(question))}")
    assert by_get.json == by_post.json
    return by_post.json


class TestManifest:
    def test_the_manifest_says_what_the_service_offers(self, world: FlaskClient):
        assert world.get("/v1/reconcile").json == {
            "versions": ["0.2"],
            "name": "Claimbase",
            "identifierSpace": "http://localhost/v1/reconcile/",
            "schemaSpace": "http://localhost/v1/openapi.json",
            "documentation": "http://localhost/v1/docs",
            "serviceVersion": version("claimbase"),
            "defaultTypes": [
                {"id": "actor", "name": "Actor"},
                {"id": "organization", "name": "Organization"},
                {"id": "event", "name": "Event"},
                {"id": "topic", "name": "Topic"},
            ],
            "view": {"url": "http://localhost/v1/reconcile/{{id}}"},
            "batchSize": 100,
            "extend": {
                "propose_properties": {
                    "service_url": "http://localhost",
                    "service_path": "/v1/reconcile/properties",
                }
            },
        }

    def test_the_addresses_of_the_manifest_answer(self, world: FlaskClient):
        manifest = world.get("/reconcile").json
        for entity in ("actor:rutte", "organization:nato", "event:summit", "topic:defence"):
            for id in (entity, quote(entity, safe="")):
                url = manifest["view"]["url"].replace("{{id}}", id)
                assert url == manifest["identifierSpace"] + id
                type, _, record_id = entity.partition(":")
                record = world.get(f"/v1/{type}s/{record_id}").json
                assert world.get(url).json == record
        properties = manifest["extend"]["propose_properties"]
        for url in (
            properties["service_url"] + properties["service_path"],
            manifest["schemaSpace"],
            manifest["documentation"],
        ):
            assert world.get(url).status_code == 200


class TestQueries:
    def test_a_candidate_has_all_members(self, world: FlaskClient):
        assert reconcile(world, q1={"query": "Mark Rutte"}) == {
            "q1": [
                {
                    "id": "actor:rutte",
                    "name": "Mark Rutte",
                    "description": "Secretary General, NATO, 2024–",
                    "type": [{"id": "actor", "name": "Actor"}],
                    "score": 100,
                    "match": True,
                    "features": [{"id": "exactness", "value": 100}],
                }
            ]
        }

    # (query, the candidates as "id score", the one that matches)
    @pytest.mark.parametrize(
        ("query", "scores", "match"),
        [
            ({"query": "Mark Rutte"}, "actor:rutte 100", "actor:rutte"),
            ({"query": "rutte, mark"}, "actor:rutte 85", None),
            ({"query": "Turkey"}, "organization:tuerkiye 100", "organization:tuerkiye"),
            ({"query": "actor:rutte"}, "actor:rutte 100", "actor:rutte"),
            ({"query": "event:summit"}, "event:summit 100", "event:summit"),
            ({"query": "topic:military"}, "topic:defence 100", "topic:defence"),
            ({"query": "wikidata:Q57792"}, "actor:rutte 100", "actor:rutte"),
            ({"query": "Power"}, "topic:energy 100", "topic:energy"),
            ({"query": "Marc Rutte"}, "actor:rutte 72", None),
            ({"query": "zzzzzz"}, "", None),
            ({"query": "  "}, "", None),
            ({"query": "a" * 201}, "", None),
            # namesakes
            ({"query": "Ayşe Işık"}, "actor:isik-a 100, actor:isik-b 100", None),
            ({"query": "Ayşe Işık", "limit": 1}, "actor:isik-a 100", None),
            ({"query": "Ayşe Işık", "limit": 1.0}, "actor:isik-a 100", None),
            ({"query": "Ayşe Işık", "limit": 10**9}, "actor:isik-a 100, actor:isik-b 100", None),
            # types
            ({"query": "nato", "type": "organization"}, "organization:nato 100",
             "organization:nato"),
            ({"query": "NATO", "type": "actor"}, "organization:nato 50", None),
            ({"query": "NATO", "type": "actor", "type_strict": "should"}, "organization:nato 50",
             None),
            ({"query": "NATO", "type": "actor", "type_strict": "any"}, "", None),
            ({"query": "NATO", "type": "actor", "type_strict": "all"}, "", None),
            ({"query": "NATO", "type": ["actor", "organization"], "type_strict": "any"},
             "organization:nato 100", "organization:nato"),
            ({"query": "NATO", "type": ["actor", "organization"], "type_strict": "all"}, "", None),
            ({"query": "NATO", "type": []}, "organization:nato 100", "organization:nato"),
            ({"query": "NATO", "type": "Person"}, "organization:nato 100", "organization:nato"),
            ({"query": "NATO", "type": "Person", "type_strict": "any"}, "", None),
            # properties
            ({"query": "Norway", "properties": [{"pid": "country", "v": "NO"}]},
             "organization:norway 100", "organization:norway"),
            ({"query": "Norway", "properties": [{"pid": "country", "v": ["SE", "norway"]}]},
             "organization:norway 100", "organization:norway"),
            ({"query": "Norway", "properties": [{"pid": "country", "v": "SE"}]},
             "organization:norway 50", None),
            ({"query": "Norway", "properties": [{"pid": "country", "v": " Norway "}]},
             "organization:norway 100", "organization:norway"),
            ({"query": "Norway", "properties": [{"pid": "country", "v": "Narnia"}]},
             "organization:norway 50", None),
            ({"query": "Turkey", "properties": [{"pid": "country", "v": "Turkey"}]},
             "organization:tuerkiye 100", "organization:tuerkiye"),
            ({"query": "Turkey", "properties": [
                {"pid": "country", "v": {"id": "organization:tuerkiye"}}]},
             "organization:tuerkiye 100", "organization:tuerkiye"),
            ({"query": "Turkey", "properties": [{"pid": "country", "v": "x" * 1000}]},
             "organization:tuerkiye 50", None),
            # blank values are no evidence
            ({"query": "Norway", "properties": [{"pid": "country", "v": ""},
                                                {"pid": "kind", "v": [None, " "]}]},
             "organization:norway 100", "organization:norway"),
            ({"query": "Norway", "properties": [{"pid": "kind", "v": None},
                                                {"pid": "country", "v": {"id": None}}]},
             "organization:norway 100", "organization:norway"),
            ({"properties": [{"pid": "wikidata", "v": ""}]}, "", None),
            ({"properties": [{"pid": "wikidata", "v": " Q57792 "}]}, "actor:rutte 100",
             "actor:rutte"),
            # nor are identifiers of a scheme that the record has not
            ({"query": "Mark Rutte", "properties": [{"pid": "identifiers", "v": "isni:5"}]},
             "actor:rutte 100", "actor:rutte"),
            ({"query": "Mark Rutte", "properties": [{"pid": "identifiers", "v": "Q57792"}]},
             "actor:rutte 100", "actor:rutte"),
            ({"query": "Mark Rutte", "properties": [{"pid": "identifiers", "v": "viaf:2"}]},
             "actor:rutte 50", None),
            ({"query": "Norway", "properties": [{"pid": "kind", "v": {"id": "State"}}]},
             "organization:norway 100", "organization:norway"),
            ({"query": "Norway", "properties": [{"pid": "nothing", "v": [1, True, 2.5, "x"]}]},
             "organization:norway 100", "organization:norway"),
            ({"query": "Mark Rutte", "properties": [{"pid": "country", "v": "NL"}]},
             "actor:rutte 100", "actor:rutte"),
            ({"properties": [{"pid": "wikidata", "v": "Q57792"}]}, "actor:rutte 100",
             "actor:rutte"),
            ({"properties": [{"pid": "identifiers", "v": "viaf:1"}]}, "actor:rutte 100",
             "actor:rutte"),
            ({"properties": [{"pid": "kind", "v": "state"}]}, "", None),
            # a position has this identifier, too, but it is no entity
            ({"properties": [{"pid": "wikidata", "v": "Q1"}]}, "topic:defence 100",
             "topic:defence"),
            # an identifier decides among the records that the name stands for
            ({"query": "Rutte, Mark", "properties": [{"pid": "wikidata", "v": "Q57792"}]},
             "actor:rutte 100", "actor:rutte"),
            # it finds what the name does not, but does not decide against the name
            ({"query": "zzzzzz", "properties": [{"pid": "wikidata", "v": "Q57792"}]},
             "actor:rutte 100", None),
            ({"query": "a" * 201, "properties": [{"pid": "wikidata", "v": "Q57792"}]},
             "actor:rutte 100", None),
            ({"query": "Marc Rutte", "properties": [{"pid": "wikidata", "v": "Q57792"}]},
             "actor:rutte 100", None),
            ({"query": " ", "properties": [{"pid": "wikidata", "v": "Q57792"}]},
             "actor:rutte 100", "actor:rutte"),
            ({"query": "Mark Rutte", "properties": [{"pid": "wikidata", "v": "Q7184"}]},
             "organization:nato 100, actor:rutte 50", None),
            ({"query": "NATO", "type": "organization",
              "properties": [{"pid": "wikidata", "v": "Q57792"}]}, "organization:nato 50", None),
        ],
        ids=lambda value: json.dumps(value, ensure_ascii=False)[:80]
        if isinstance(value, dict) else "",
    )  # fmt: skip
    def test_a_query_finds_its_entities(
        self, world: FlaskClient, query: dict, scores: str, match: str | None
    ):
        (candidates,) = reconcile(world, q=query).values()
        assert ", ".join(f"{item['id']} {item['score']}" for item in candidates) == scores
        matches = [item["id"] for item in candidates if item["match"]]
        assert matches == ([match] if match else [])

    def test_an_identifier_decides_between_namesakes(self, load: Callable, client: FlaskClient):
        identifiers = [{"scheme": "wikidata", "identifier": "Q1"}]
        actors = [{"id": f"a{n}", "name": "Ann Lee"} for n in range(3)]
        load(actors=[*actors, {"id": "b", "name": "Ann Lee", "identifiers": identifiers}])
        properties = [{"pid": "wikidata", "v": "Q1"}]
        (candidates,) = reconcile(client, q={"query": "Ann Lee", "properties": properties}).values()
        scores = [(item["id"], item["score"], item["match"]) for item in candidates]
        assert ("actor:b", 100, True) in scores
        assert sum(match for _, _, match in scores) == 1
        features = {item["id"]: item["features"] for item in candidates}
        exact = {"id": "exactness", "value": 100}
        assert features["actor:b"] == [exact, {"id": "wikidata", "value": 1}]
        assert features["actor:a0"] == [exact]

    def test_an_identifier_decides_among_many_namesakes(self, load: Callable, client: FlaskClient):
        identifiers = [{"scheme": "wikidata", "identifier": "Q1"}]
        actors = [{"id": f"a{n}", "name": "Ann Lee"} for n in range(120)]
        load(actors=[*actors, {"id": "b", "name": "Ann Lee", "identifiers": identifiers}])
        query = {"query": "ann lee", "properties": [{"pid": "wikidata", "v": "Q1"}]}
        (candidates,) = reconcile(client, q=query).values()
        assert [item["id"] for item in candidates if item["match"]] == ["actor:b"]

    # (properties, limit, the first candidate, the one that matches)
    @pytest.mark.parametrize(
        ("properties", "limit", "first", "match"),
        [
            ({"country": "NO"}, 20, "organization:mod-no", None),
            ({"country": "Norway"}, 1, "organization:mod-no", None),
            ({"country": "NO", "kind": "government"}, 20, "organization:mod-no", None),
            ({"kind": "parliament"}, 20, "organization:mod-gb", "organization:mod-gb"),
            ({}, 20, "organization:mod-0", None),
        ],
    )
    def test_properties_are_compared_with_all_namesakes(
        self,
        load: Callable,
        client: FlaskClient,
        properties: dict[str, str],
        limit: int,
        first: str,
        match: str | None,
    ):
        ministry = {"name": "Ministry of Defence", "kind": "committee"}
        ministries = [{"id": f"mod-{n}", **ministry, "country": "SE"} for n in range(20)]
        ministries += [{"id": f"mod-x{n}", **ministry} for n in range(5)]
        ministries += [{"id": "mod-no", **ministry, "kind": "government", "country": "NO"}]
        ministries += [{"id": "mod-fr", **ministry, "kind": "government"}]
        ministries += [{"id": "mod-gb", **ministry, "kind": "parliament"}]
        load(organizations=ministries)
        query = {
            "query": "Ministry of Defence",
            "limit": limit,
            "properties": [{"pid": id, "v": value} for id, value in properties.items()],
        }
        (candidates,) = reconcile(client, q=query).values()
        assert (candidates[0]["id"], len(candidates)) == (first, min(limit, 20))
        assert [item["id"] for item in candidates if item["match"]] == ([match] if match else [])

    def test_a_batch_keeps_the_ids_of_its_queries(self, world: FlaskClient):
        queries = {"": {"query": "NATO"}, "q/1": {"query": "x"}, "0": {"query": "Rutte"}}
        answer = world.post("/v1/reconcile", data={"queries": json.dumps(queries)})
        assert list(answer.json) == ["", "q/1", "0"]
        assert world.post("/v1/reconcile", data={"queries": "{}"}).json == {}

    # (queries, pointer, message)
    @pytest.mark.parametrize(
        ("queries", "pointer", "message"),
        [
            ("", "", "is not JSON in UTF-8"),
            ("[]", "", "must be an object"),
            ("[" * 2000, "", "is not JSON in UTF-8"),
            ('{"q": {"query": "x"}, "q": {"query": "y"}}', "", "two members 'q'"),
            ('{"q": "x"}', "/q", "must be an object"),
            ('{"q": {"limit": 1}}', "/q", "lacks the member 'query', and has no properties"),
            ('{"q": {"properties": []}}', "/q", "lacks the member 'query'"),
            ('{"q": {"query": 1}}', "/q/query", "must be a string"),
            ('{"q": {"query": null}}', "/q/query", "must be a string"),
            ('{"q": {"query": "a\\u0000"}}', "/q/query", "holds the character NUL"),
            ('{"q": {"query": "x", "limit": 0}}', "/q/limit", "must be at least 1"),
            ('{"q": {"query": "x", "limit": 1.5}}', "/q/limit", "must be a whole number"),
            ('{"q": {"query": "x", "limit": "5"}}', "/q/limit", "must be a whole number"),
            ('{"q": {"query": "x", "limit": true}}', "/q/limit", "must be a whole number"),
            ('{"q": {"query": "x", "type": 1}}', "/q/type", "must be a string"),
            ('{"q": {"query": "x", "type": [[]]}}', "/q/type/0", "must be a string"),
            ('{"q": {"query": "x", "type_strict": "no"}}', "/q/type_strict", "must be one of any"),
            ('{"q": {"query": "x", "props": []}}', "/q/props", "is unknown here"),
            ('{"q": {"query": "x", "properties": {}}}', "/q/properties", "must be an array"),
            ('{"q": {"query": "x", "properties": [{"pid": "kind"}]}}', "/q/properties/0",
             "lacks the member 'v'"),
            ('{"q": {"query": "x", "properties": [{"pid": "kind", "v": {}}]}}',
             "/q/properties/0/v", "lacks the member 'id'"),
            ('{"q": {"query": "x", "properties": [{"pid": "kind", "v": [[]]}]}}',
             "/q/properties/0/v/0", "must be a string"),
            (json.dumps({str(n): {"query": "x"} for n in range(101)}), "",
             "has 101 queries, and must have at most 100"),
        ],
        ids=lambda value: value[:60],
    )  # fmt: skip
    def test_an_invalid_batch_is_refused(
        self, world: FlaskClient, queries: str, pointer: str, message: str
    ):
        problem = problem_of(world.post("/v1/reconcile", data={"queries": queries}), "invalid-body")
        (error,) = problem["errors"]
        assert error["pointer"] == f"/queries{pointer}"
        assert message in error["message"]
        if queries:
            response = world.get(f"/v1/reconcile?{urlencode({'queries': queries})}")
            (error,) = problem_of(response, "invalid-value")["errors"]
            assert (error["parameter"], error["pointer"]) == ("queries", pointer)

    def test_too_many_countries_are_refused(self, world: FlaskClient):
        queries = {
            str(n): {"properties": [{"pid": "country", "v": [f"{n} {m}" for m in range(11)]}]}
            for n in range(50)
        }
        response = world.post("/v1/reconcile", data={"queries": json.dumps(queries)})
        (error,) = problem_of(response, "invalid-body")["errors"]
        assert (error["pointer"], error["message"]) == (
            "/queries", "has 550 different countries as properties, and must have at most 500",
        )  # fmt: skip

    def test_all_errors_of_a_batch_are_told(self, world: FlaskClient):
        queries = json.dumps({"a": {}, "b": {"query": "x"}, "c/d~": {"query": 3}})
        problem = problem_of(world.post("/v1/reconcile", data={"queries": queries}), "invalid-body")
        pointers = [error["pointer"] for error in problem["errors"]]
        assert pointers == ["/queries/a", "/queries/c~1d~0/query"]

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("reconcile?callback=x", "unknown-parameter"),
            ("reconcile?query=x", "unknown-parameter"),
            ("reconcile?queries={}&extend={}", "invalid-value"),
            ("reconcile?queries={}&queries={}", "repeated-parameter"),
            ("reconcile/properties?type=person", "invalid-value"),
            ("reconcile/properties?type=&type=", "repeated-parameter"),
            ("reconcile/properties?callback=x", "unknown-parameter"),
            ("reconcile/nothing", "not-found"),
            ("reconcile/claim:spend", "not-found"),
            ("reconcile/actor:", "not-found"),
            ("reconcile/actor:nobody", "not-found"),
            ("reconcile/actor:rutte?fields=id", "unknown-parameter"),
        ],
    )
    def test_an_invalid_url_is_refused(self, world: FlaskClient, url: str, code: str):
        problem_of(world.get(f"/v1/{url}"), code)


class TestExtension:
    def test_properties_of_entities(self, world: FlaskClient):
        nothing: dict[str, list] = {
            "identifiers": [],
            "wikidata": [],
            "kind": [],
            "country": [],
            "size": [],
        }
        ids = ["actor:rutte", "organization:turkish-mfa", "event:summit", "topic:energy", "x"]
        answer = extend(world, ids, "identifiers", "wikidata", "kind", "country", "size")
        assert answer == {
            "meta": [
                {"id": "identifiers", "name": "Identifiers"},
                {"id": "wikidata", "name": "wikidata"},
                {"id": "kind", "name": "Kind"},
                {"id": "country", "name": "Country"},
                {"id": "size", "name": "size"},
            ],
            "rows": {
                "actor:rutte": {
                    "identifiers": [{"str": "wikidata:Q57792"}, {"str": "viaf:1"}],
                    "wikidata": [{"str": "Q57792"}],
                    "kind": [{"str": "person"}],
                    "country": [],
                    "size": [],
                },
                "organization:turkish-mfa": {
                    "identifiers": [],
                    "wikidata": [],
                    "kind": [{"str": "government"}],
                    "country": [{"str": "TR"}],
                    "size": [],
                },
                "event:summit": {
                    "identifiers": [{"str": "wikidata:Q2"}],
                    "wikidata": [{"str": "Q2"}],
                    "kind": [{"str": "summit"}],
                    "country": [{"str": "NL"}],
                    "size": [],
                },
                "topic:energy": nothing,
                "x": nothing,
            },
        }

    def test_a_former_id_has_the_properties_of_its_record(self, world: FlaskClient):
        answer = extend(world, ["actor:m-rutte", "organization:m-rutte"], "viaf")
        assert answer["rows"] == {
            "actor:m-rutte": {"viaf": [{"str": "1"}]},
            "organization:m-rutte": {"viaf": []},
        }
        response = world.get("/v1/reconcile/actor:m-rutte")
        assert (response.status_code, response.headers["Location"]) == (
            308, "/v1/reconcile/actor:rutte",
        )  # fmt: skip

    def test_settings_of_properties_do_not_count(self, world: FlaskClient):
        question = {"ids": ["actor:rutte"], "properties": [{"id": "viaf", "settings": {"n": 1}}]}
        response = world.post("/v1/reconcile", data={"extend": json.dumps(question)})
        assert response.json["rows"] == {"actor:rutte": {"viaf": [{"str": "1"}]}}

    @pytest.mark.parametrize(
        ("question", "pointer"),
        [
            ({}, ""),
            ({"ids": []}, ""),
            ({"ids": {}, "properties": []}, "/ids"),
            ({"ids": [1], "properties": []}, "/ids/0"),
            ({"ids": ["a\0"], "properties": []}, "/ids/0"),
            ({"ids": ["a"] * 1001, "properties": []}, "/ids"),
            ({"ids": [], "properties": ["kind"]}, "/properties/0"),
            ({"ids": [], "properties": [{"name": "kind"}]}, "/properties/0"),
        ],
        ids=lambda value: json.dumps(value)[:60],
    )
    def test_an_invalid_extension_is_refused(
        self, world: FlaskClient, question: dict, pointer: str
    ):
        response = world.post("/v1/reconcile", data={"extend": json.dumps(question)})
        (error,) = problem_of(response, "invalid-body")["errors"]
        assert error["pointer"] == f"/extend{pointer}"

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            ("", "identifiers kind country viaf wikidata"),
            ("?type=", "identifiers kind country viaf wikidata"),
            ("?type=&limit=50", "identifiers kind country viaf wikidata"),
            ("?type=actor", "identifiers kind viaf wikidata"),
            ("?type=organization", "identifiers kind country wikidata"),
            ("?type=event", "identifiers kind country wikidata"),
            ("?type=topic", "identifiers wikidata"),
            ("?type=topic&limit=1", "identifiers"),
        ],
    )
    def test_properties_are_proposed_for_a_type(self, world: FlaskClient, query: str, ids: str):
        answer = world.get(f"/v1/reconcile/properties{query}").json
        assert [property["id"] for property in answer["properties"]] == ids.split()
        type = query.partition("=")[2].partition("&")[0] or None
        assert (answer["type"], answer["limit"]) == (type, 1 if "limit=1" in query else 50)


def test_an_identifier_matches_nobody_of_another_name(shipped: FlaskClient):
    properties = [{"pid": "wikidata", "v": "Q57792"}]
    query = {"query": "Angela Merkel", "type": "actor", "properties": properties}
    (candidates,) = reconcile(shipped, q=query).values()
    assert [(item["id"], item["match"]) for item in candidates] == [("actor:mark-rutte", False)]


@pytest.mark.parametrize("country", ["Russia", "Russian Federation", "RU", "ru", " russia "])
def test_a_country_has_the_names_of_its_state(shipped: FlaskClient, country: str):
    query = {
        "query": "Russia",
        "type": "organization",
        "properties": [{"pid": "country", "v": country}],
    }
    (candidates,) = reconcile(shipped, q=query).values()
    first = candidates[0]
    assert (first["id"], first["score"], first["match"]) == ("organization:russia", 100, True)
    assert first["features"][1:] == [{"id": "country", "value": 1}]


def test_the_shipped_names_are_reconciled(shipped: FlaskClient):
    names = ["Rutte", "Erdogan", "Turkey", "NATO", "defense spending", "The Hague Summit", "Putn"]
    answers = reconcile(shipped, **{str(n): {"query": name} for n, name in enumerate(names)})
    assert [(candidates[0]["id"], candidates[0]["match"]) for candidates in answers.values()] == [
        ("actor:mark-rutte", True),
        ("actor:recep-tayyip-erdogan", True),
        ("organization:turkiye", True),
        ("organization:nato", True),
        ("topic:defence-spending", True),
        ("event:hague-summit-2025", True),
        ("actor:vladimir-putin", False),
    ]
