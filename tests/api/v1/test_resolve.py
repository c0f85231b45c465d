"""`/v1/resolve`: names with the records that they may stand for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.query.parameters import CountryParameter, NameParameter
from api.v1 import resolve
from api.v1.claims import CLAIMS
from api.v1.events import EVENTS
from api.v1.organizations import ORGANIZATIONS
from api.v1.positions import POSITIONS
from api.v1.sources import SOURCES
from api.v1.topics import TOPICS
from models.database.connection import disconnect
from models.opening import open_dataset
from tests.api.http.problems import problem_of
from tests.api.v1.name_cases import MISSPELT, NAME_CASES, PEOPLE
from tests.api.world import load_sections
from tests.engines import new_url
from tests.serving import ROOT


@pytest.fixture(scope="module")
def people_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a dataset with the records of PEOPLE."""
    folder = tmp_path_factory.mktemp("people")
    url = new_url(folder, "people")
    open_dataset(url)
    load_sections(folder, PEOPLE, "2026-01-02T03:04:05.123456Z")
    disconnect()
    return url


@pytest.fixture
def people(app: Flask, people_url: str) -> Iterator[FlaskClient]:
    """A client of the dataset with the records of PEOPLE."""
    open_dataset(people_url)
    yield app.test_client()
    disconnect()


def candidates(client: FlaskClient, parameter: str, name: str) -> list[dict]:
    response = client.get("/v1/resolve", query_string={parameter: name})
    assert response.status_code == 200, response.text
    (resolved,) = response.json["data"]
    assert (resolved["parameter"], resolved["asked"]) == (parameter, name)
    return resolved["candidates"]


class TestNames:
    @pytest.mark.parametrize(("dataset_name", "parameter", "name", "tier", "ids"), NAME_CASES)
    def test_a_name_has_its_candidates_in_its_tier(
        self,
        request: pytest.FixtureRequest,
        dataset_name: str,
        parameter: str,
        name: str,
        tier: str | None,
        ids: str,
    ):
        records = candidates(request.getfixturevalue(dataset_name), parameter, name)
        assert " ".join(candidate["id"] for candidate in records) == ids
        assert {candidate["tier"] for candidate in records} == ({tier} if tier else set())

    def test_nearly_all_misspelt_names_suggest_their_record_first(self, shipped: FlaskClient):
        assert len(set(MISSPELT)) == 60
        queries = [{"parameter": parameter, "name": name} for parameter, name, _ in MISSPELT]
        data = shipped.post("/v1/resolve", json={"queries": queries}).json["data"]
        misses = []
        for (_, name, meant), resolved in zip(MISSPELT, data, strict=True):
            assert all(item["tier"] == "suggestion" for item in resolved["candidates"]), name
            ids = [candidate["id"] for candidate in resolved["candidates"]]
            if ids[:1] != [meant]:
                misses.append((name, ids))
        assert misses == [("Poutine", []), ("Lawrow", [])]


class TestReasons:
    @pytest.mark.parametrize(
        ("parameter", "name", "id", "score", "why"),
        [
            ("actor", "rutte", "rutte", 100, "“rutte” is its id."),
            ("claimant", "actor:rutte", "rutte", 100, "“rutte” is its id."),
            ("actor", "m-rutte", "rutte", 100, "“m-rutte” is a former id of this record."),
            ("actor", "wikidata:Q57792", "rutte", 100,
             "“wikidata:Q57792” is an identifier of this record."),
            ("organization", "Turkey", "turkiye", 100, "Its alias “Turkey” is spelt exactly so."),
            ("actor", "mark rutte", "rutte", 100,
             "Its name “Mark Rutte” differs only in case, accents, script or punctuation."),
            ("source", "Ally urges unity", "post", 100,
             "Its title “Ally urges unity” is spelt exactly so."),
            ("position", "The 5% goal", "spend", 100,
             "Its label “The 5% goal” is spelt exactly so."),
            ("actor", "AA Milne", "milne", 90,
             "“AA Milne” is another spelling of its name “A. A. Milne”."),
            ("organization", "TR", "turkiye", 90, "“TR” is the country code of this state."),
            ("actor", "Rutte, Mark", "rutte", 85,
             "Its name “Mark Rutte” has the same words in another order."),
            ("actor", "Rutte Rutte Mark", "rutte", 85,
             "All words of the query stand in its name “Mark Rutte”."),
            ("actor", "smith adam", "smith-3", 73,
             "All words of the query stand in its name “John Adam Smith”."),
            ("actor", "Işık", "isik", 68, "The word “Işık” stands in its name “Ayşe Işık”."),
            ("actor", "Marc Rutte", "rutte", 72,
             "The query is one letter apart from its name “Mark Rutte”."),
            ("actor", "Mrak Rutte", "rutte", 72,
             "The query swaps two letters of its name “Mark Rutte”."),
            ("position", "The 6% goal", "spend", 72,
             "The query is one character apart from its label “The 5% goal”."),
            ("actor", "smith-9", "smith-1", 69,
             "The query is one character apart from its id “smith-1”."),
            ("actor", "Recep Erdogann", "erdogan", 77,
             "Words of the query are like those of its name “Recep Tayyip Erdoğan”: 97 of 100."),
            ("actor", "European Union", "eu", 50,
             "Its name “European Union” is the same, but it is an organization."),
            ("organization", "Mark Rutte", "rutte", 50,
             "Its name “Mark Rutte” is the same, but it is an actor."),
            ("actor", "mod-no", "mod-no", 50, "“mod-no” is its id."),
            ("actor", "turkiye.", "turkiye", 50,
             "Its name “Türkiye” is the same, but it is an organization."),
            ("actor", "Mod No", "mod-no", 50, "Its id “mod-no” has the same words."),
            ("claimant", "actor:Mark Rutte", "rutte", 80,
             "Its name “Mark Rutte” is the same, but a query with a type takes an id."),
            ("actor", "M. Rutte!", "rutte", 80, "Its former id “m-rutte” has the same words."),
            ("organization", "M Rutte", "rutte", 50, "Its former id “m-rutte” has the same words."),
            ("claimant", "organization:Mark Rutte", "rutte", 50,
             "Its name “Mark Rutte” is the same, but it is an actor."),
            ("claimant", "organization:rutte", "rutte", 50, "“rutte” is its id."),
        ],
    )  # fmt: skip
    def test_a_candidate_has_a_score_and_a_true_reason(
        self, people: FlaskClient, parameter: str, name: str, id: str, score: int, why: str
    ):
        first = candidates(people, parameter, name)[0]
        assert (first["id"], first["score"], first["why"]) == (id, score, why)

    def test_a_long_name_is_cut_in_the_reason(self, load: Callable, client: FlaskClient):
        load(sources=[{"id": "s", "title": "word " * 40, "kind": "other"}])
        (candidate,) = candidates(client, "source", "s")
        assert candidate["why"] == "“s” is its id."
        (candidate,) = candidates(client, "source", "word")
        assert candidate["why"] == f"The word “word” stands in its title “{'word ' * 16}…”."

    def test_the_best_candidates_come_first(self, people: FlaskClient):
        scores = [item["score"] for item in candidates(people, "actor", "smith j")]
        assert scores == sorted(scores, reverse=True)
        assert candidates(people, "actor", "a smith j")[0]["id"] == "smith-3"


class TestManyMatches:
    def test_a_word_of_many_names_gives_the_first_candidates(
        self, load: Callable, client: FlaskClient
    ):
        actors = [{"id": f"a{n}", "name": f"Smith Anna {n}"} for n in range(130)]
        load(actors=actors, organizations=[{"id": "o", "name": "Smith & Co", "kind": "company"}])
        records = candidates(client, "actor", "anna smith")
        assert [item["id"] for item in records] == [f"a{n}" for n in range(20)]
        assert {item["tier"] for item in records} == {"words"}
        # a broad name takes no candidates from the other names
        names = ["smith", "anna 129", "o", "Smith & Co"]
        parameters = ["about", "actor", "claimant", "organization"]
        answer = client.get("/v1/resolve", query_string=list(zip(parameters, names, strict=True)))
        first, *rest = [resolved["candidates"] for resolved in answer.json["data"]]
        # of the two words of its name, one was asked for
        assert (first[0]["id"], first[0]["score"]) == ("o", 68)
        assert len(first) == 20
        assert [[item["id"] for item in items] for items in rest] == [["a129"], ["o"], ["o"]]

    # the same letters as the last records, or the same sounds as all
    @pytest.mark.parametrize(
        ("name", "tier", "ids"),
        [
            ("Ann Lee", "name", [f"lee-{n}" for n in range(20)]),
            ("AnnLee", "spelling", [f"lee-{n}" for n in range(20)]),
            ("刘丽", "name", [f"li-{n}" for n in range(20)]),
        ],
    )
    def test_the_first_of_many_namesakes_of_two_types_are_candidates(
        self, load: Callable, client: FlaskClient, name: str, tier: str, ids: list[str]
    ):
        load(organizations=[{"id": f"lee-{n}", "name": "Ann-Lee", "kind": "other"}
                            for n in range(120)])  # fmt: skip
        load(actors=[{"id": f"lee-{n}", "name": "Ann Lee"} for n in range(120)])
        load(actors=[{"id": f"liu-{n}", "name": "刘莉"} for n in range(120)])
        load(actors=[{"id": f"li-{n}", "name": "刘丽"} for n in range(120)])
        records = candidates(client, "about", name)
        assert [item["id"] for item in records] == ids
        assert {item["tier"] for item in records} == {tier}
        if name != "刘丽":
            assert {item["type"] for item in records} == {"organization"}

    def test_more_than_twenty_namesakes_are_cut(self, load: Callable, client: FlaskClient):
        load(actors=[{"id": f"a{n}", "name": "Ann Lee"} for n in range(150)])
        records = candidates(client, "actor", "Ann Lee")
        assert [item["id"] for item in records] == [f"a{n}" for n in range(20)]


class TestQuestions:
    def test_the_answer_has_the_order_of_the_question(self, people: FlaskClient):
        pairs = [("topic", "defence"), ("actor", "Rutte"), ("event", "x"), ("actor", "Anna Rutte")]
        by_get = people.get(f"/v1/resolve?{urlencode(pairs)}")
        queries = [{"parameter": parameter, "name": name} for parameter, name in pairs]
        by_post = people.post("/v1/resolve", json={"queries": queries})
        assert [(item["parameter"], item["asked"]) for item in by_get.json["data"]] == pairs
        assert by_get.json == by_post.json
        assert by_get.json["meta"] == {"dataset": people.get("/v1").json["dataset"]}

    def test_another_order_is_another_answer(self, people: FlaskClient):
        one_way = people.get("/v1/resolve?actor=Rutte&topic=defence")
        other_way = people.get("/v1/resolve?topic=defence&actor=Rutte")
        assert one_way.json["data"] == other_way.json["data"][::-1]
        assert one_way.headers["ETag"] != other_way.headers["ETag"]

    def test_a_question_without_names_has_no_answers(self, people: FlaskClient):
        assert people.get("/v1/resolve").json["data"] == []

    def test_a_name_twice_is_answered_twice_in_a_body_and_once_in_a_url(self, people: FlaskClient):
        query = {"parameter": "actor", "name": "Rutte"}
        data = people.post("/v1/resolve", json={"queries": [query, query]}).json["data"]
        assert data[0] == data[1]
        assert people.get("/v1/resolve?actor=Rutte&actor=Rutte").json["data"] == data[:1]

    def test_an_exclamation_mark_belongs_to_the_name(self, world: FlaskClient):
        assert candidates(world, "organization", "!Acme")[0]["id"] == "acme"
        assert candidates(world, "actor", "!Mark Rutte")[0]["id"] == "rutte"

    @pytest.mark.parametrize("parameter", resolve.TYPES_OF_PARAMETER)
    def test_each_filter_resolves_records_of_its_types(self, world: FlaskClient, parameter: str):
        for type in ("actor", "organization", "event", "source", "topic", "position"):
            id = {"actor": "rutte", "organization": "nato", "event": "summit", "source": "aa",
                  "topic": "defence", "position": "join"}[type]  # fmt: skip
            tiers = {item["tier"] for item in candidates(world, parameter, id) if item["id"] == id}
            takes = type in resolve.TYPES_OF_PARAMETER[parameter]
            assert ("id" in tiers) == takes, type

    def test_the_parameters_are_the_filters_that_name_records_of_fixed_types(self):
        resources = (CLAIMS, EVENTS, ORGANIZATIONS, POSITIONS, SOURCES, TOPICS)
        types: dict[str, tuple[str, ...]] = {}
        for resource in resources:
            for name, field in resource.query._declared_fields.items():
                if isinstance(field, NameParameter) and not isinstance(field, CountryParameter):
                    types[name] = field.types
        del types["parent"]
        assert types == resolve.TYPES_OF_PARAMETER

    @pytest.mark.parametrize(
        ("query", "parameter", "message"),
        [
            ("actor=", "actor", "is empty"),
            (f"actor={'a' * 201}", "actor", "is a name longer than 200 characters"),
            (f"actor={'a' * 402}", "actor", "is longer than 401 characters"),
            ("&".join(["actor=a"] * 51), "actor", "has 51 values, at most 50 are taken"),
            (
                "&".join(f"{name}={n}" for name in ("actor", "event", "topic") for n in range(34)),
                "topic",
                "is one name too many: at most 100 are taken",
            ),
        ],
    )
    def test_an_invalid_name_is_refused(
        self, people: FlaskClient, query: str, parameter: str, message: str
    ):
        problem = problem_of(people.get(f"/v1/resolve?{query}"), "invalid-value")
        (error,) = problem["errors"]
        assert (error["parameter"], error["message"]) == (parameter, message)

    def test_unknown_parameters_are_refused_in_get_and_post(self, people: FlaskClient):
        problem_of(people.get("/v1/resolve?actr=Rutte"), "unknown-parameter")
        body = {"queries": [{"parameter": "actor", "name": "Rutte"}]}
        problem_of(people.post("/v1/resolve?actor=Rutte", json=body), "unknown-parameter")
        problem_of(people.get("/v1/resolve?country=TR"), "unknown-parameter")

    def test_a_hundred_names_are_answered(self, people: FlaskClient):
        queries = [{"parameter": "actor", "name": f"John Smith {n}"} for n in range(100)]
        data = people.post("/v1/resolve", json={"queries": queries}).json["data"]
        assert [item["asked"] for item in data] == [query["name"] for query in queries]
        assert all(item["candidates"] for item in data)


def test_the_example_of_the_docs_is_answered_so(shipped: FlaskClient):
    page = (ROOT / "docs" / "resolving.md").read_text()
    (body,) = re.findall("^  -d '(.*)'$", page, re.MULTILINE)
    (example,) = re.findall("```json\n(.*?)```", page, re.DOTALL)
    answer = shipped.post("/v1/resolve", data=body, content_type="application/json")
    assert answer.json["data"] == json.loads(example)["data"]
