"""`has` filters claims by the presence of a field; under `match=all` every value must hold."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product

import pytest
from flask.testing import FlaskClient

from models import Claim
from models.database.connection import fetch_all
from models.queries.compiled import query_shape
from models.queries.defaults import with_listed_claims
from models.queries.slots import FilterValues, Placeholder
from models.queries.totals import total_query
from tests.api.list_parameters import HAS, MATCH_ALL, Query, url
from tests.api.oracle import Made
from tests.api.world import ids_of, pages
from tests.engines import ENGINE, on_sqlite, scratch
from tests.models.compiled_lists import bound_values

# all listed claims, newest first
ALL = "vote communique spend march oppose gas letter loose"


def claims_matching(client: FlaskClient, query: str) -> str:
    """The ids of the claims that match a query, newest first."""
    response = client.get(f"/v1/claims?{query}&limit=200")
    assert response.status_code == 200, response.text
    assert response.json["meta"]["total"] == len(response.json["data"])
    return " ".join(ids_of(response.json))


# each word of `has`, and the claims that have it; all others match the word with !
WORDS = {
    # the claim's own, or the exact words of a direct report
    "quote": "communique spend oppose gas",
    "actor": "vote spend march oppose gas letter loose",
    "organization": "vote communique spend oppose gas letter",
    "event": "vote communique spend march gas",
    "date": "vote communique spend march oppose gas letter",
    "topic": "communique spend oppose gas letter",
    "position": "vote communique spend oppose gas",
    "about": "vote spend march gas",
    "addressee": "communique spend letter",
    "report": "communique spend march oppose gas letter",
    # to another claim, or from another claim
    "relation": "spend march oppose",
    "review": "spend letter",
}
HAS_TABLE = [
    *WORDS.items(),
    *(
        (f"!{word}", " ".join(id for id in ALL.split() if id not in ids.split()))
        for word, ids in WORDS.items()
    ),
    # several words must all hold
    ("review,event", "spend"),
    ("review,!event", "letter"),
    ("report,!quote", "march letter"),
    ("!report,!topic", "vote loose"),
    ("!report,!date", "loose"),
    ("about,addressee", "spend"),
    ("about,!addressee,!topic", "vote march"),
    ("topic,position,report,!about", "communique oppose"),
    ("quote,!quote", ""),
    ("!quote,quote", ""),
    ("quote,quote", "communique spend oppose gas"),
    ("organization,!actor", "communique"),
    (",".join(WORDS), "spend"),
    (",".join(f"!{word}" for word in WORDS), ""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "ids"), HAS_TABLE, ids=[value for value, _ in HAS_TABLE])
def test_has(world: FlaskClient, value: str, ids: str):
    assert claims_matching(world, f"has={value}") == ids
    repeated = "&".join(f"has={word}" for word in value.split(","))
    assert claims_matching(world, repeated) == ids
    fetched = pages(world, f"/v1/claims?has={value}", 1)
    assert " ".join(ids_of(*fetched)) == ids
    assert {page["meta"]["total"] for page in fetched} == {len(ids.split())}


def test_table_has_every_word():
    assert tuple(WORDS) == HAS, (
        "add the word and its claims to WORDS in tests/api/query/test_has_and_match.py"
    )


@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_commas_repetition_and_order_do_not_matter(world: FlaskClient, prefix: str):
    queries = ["has=report,!event", "has=!event,report", "has=report&has=!event",
               "has=!event&has=report", "has=report,!event&has=report"]  # fmt: skip
    responses = [world.get(f"{prefix}claims?{query}") for query in queries]
    assert len({response.headers["ETag"] for response in responses}) == 1
    assert len({response.data for response in responses}) == 1
    assert ids_of(responses[0].json) == ["oppose", "letter"]


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [
        ("reviews", "review"),
        ("!reviews", "!review"),
        ("quotes", "quote"),
        ("!!review", None),
        ("source", None),
        ("form", None),
        ("Review", "review"),
        ("review event", None),
    ],
)
def test_unknown_word_is_422(world: FlaskClient, value: str, suggestion: str | None):
    response = world.get("/v1/claims", query_string={"has": value})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == ("has", value)
    words = [*HAS, *(f"!{word}" for word in HAS)]
    assert error["message"] == f"must be one of {', '.join(words)}", (
        "add the word to HAS in tests/api/list_parameters.py"
    )
    if suggestion:
        assert error["suggestion"] == suggestion


@pytest.mark.parametrize("value", ["", "!", ",", "quote,", "!,quote"])
def test_empty_word_is_422(world: FlaskClient, value: str):
    response = world.get("/v1/claims", query_string={"has": value})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")


@pytest.mark.parametrize(
    "path",
    ["actors", "organizations", "events", "sources", "topics", "positions", "claims/spend",
     "actors/rutte/sources", "claims/spend/reports"],
)  # fmt: skip
def test_only_lists_of_claims_accept_has(world: FlaskClient, path: str):
    response = world.get(f"/v1/{path}?has=all")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")


@pytest.mark.parametrize("path", ["topics", "positions", "claims/spend", "claims/spend/reports"])
def test_lists_without_filters_of_many_values_refuse_match(world: FlaskClient, path: str):
    response = world.get(f"/v1/{path}?match=all")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")


# has=quote and has=relation agree with the documents

REPORTS: dict[str, list[dict]] = {
    "direct": [{"source": "s", "attribution": "direct", "exact": "W"}],
    "direct-without-words": [{"source": "s", "attribution": "direct"}],
    "indirect": [{"source": "s", "attribution": "indirect", "exact": "W"}],
    "mixed": [{"source": "s", "attribution": "mixed", "exact": "W"}],
    "unknown": [{"source": "s", "exact": "W"}],
    "second-is-direct": [
        {"source": "s", "attribution": "indirect", "exact": "V"},
        {"source": "s", "attribution": "direct", "exact": "W"},
    ],
    "indirect-words-and-direct-none": [
        {"source": "s", "attribution": "indirect", "exact": "V"},
        {"source": "s", "attribution": "direct"},
    ],
    "second-direct-has-words": [
        {"source": "s", "attribution": "direct"},
        {"source": "t", "attribution": "direct", "exact": "W"},
    ],
    "none": [],
}


def test_has_quote_agrees_with_the_document(load: Callable, client: FlaskClient):
    claim = {"text": "C", "organization": "o"}
    load(
        organizations=[{"id": "o", "name": "O", "kind": "other"}],
        sources=[{"id": id, "title": id, "kind": "other"} for id in "st"],
        claims=[
            *({**claim, "id": id, "reports": reports} for id, reports in REPORTS.items()),
            *(
                {**claim, "id": f"own-{id}", "quote": "Q", "reports": reports}
                for id, reports in REPORTS.items()
            ),
        ],
    )
    claims = client.get("/v1/claims?limit=200").json["data"]
    quoted = [claim["id"] for claim in claims if claim["quote"]]
    assert claims_matching(client, "has=quote").split() == quoted
    assert claims_matching(client, "has=!quote").split() == [
        claim["id"] for claim in claims if not claim["quote"]
    ]
    assert quoted == [
        "direct",
        "second-is-direct",
        "second-direct-has-words",
        *(f"own-{id}" for id in REPORTS),
    ]


def test_has_relation_counts_the_relation_of_a_draft(load: Callable, client: FlaskClient):
    claim = {"text": "C", "organization": "o"}
    load(
        organizations=[{"id": "o", "name": "O", "kind": "other"}],
        claims=[
            {**claim, "id": "target"},
            {**claim, "id": "alone"},
            {
                **claim,
                "id": "draft",
                "status": "draft",
                "relations": [{"kind": "repeats", "claim": "target"}],
            },
        ],
    )
    assert client.get("/v1/claims/target").json["relations"]
    assert claims_matching(client, "has=relation") == "target"
    assert claims_matching(client, "has=!relation") == "alone"
    assert claims_matching(client, "has=relation&status=draft") == "draft"


# match=all, and `has` with filters on the same links

TABLE = [
    # every value must hold, on any row
    ("match=all&topic=defence&topic=energy", "communique letter"),
    ("match=all&topic=spending&topic=energy", "letter"),
    ("match=all&topic=defence&topic=spending&topic=energy", "letter"),
    ("match=all&topic=procurement&topic=energy", ""),
    # a topic and a broader topic
    ("match=all&topic=procurement&topic=defence", "oppose"),
    ("match=all&position=five-percent&position=join", "spend oppose"),
    ("match=all&position=five-percent&position=pipelines", "communique"),
    ("match=all&position=five-percent&position=join&position=pipelines", ""),
    ("match=all&about=rutte&about=nato", "gas"),
    ("match=all&about=actor:rutte&about=organization:nato", "gas"),
    ("match=all&about=tuerkiye&about=nato", ""),
    ("match=all&addressee=tuerkiye&addressee=erdogan", "communique"),
    ("match=all&source=aa&source=reprint", "spend march"),
    ("match=all&source=aa&source=declaration", "gas"),
    ("match=all&source=aa&source=leaf", ""),
    # the other filter on the row must hold for every value
    ("match=all&position=five-percent&position=join&stance=support", ""),
    ("match=all&position=five-percent&position=pipelines&stance=support", "communique"),
    ("match=all&position=five-percent&position=join&stance=support&stance=neutral", "spend"),
    ("match=all&position=five-percent&position=join&stance=support&stance=oppose", "oppose"),
    ("match=all&position=join&position=pipelines&stance=oppose", ""),
    ("match=all&source=aa&source=reprint&attribution=direct", ""),
    ("match=all&source=aa&source=reprint&attribution=direct&attribution=mixed", "march"),
    ("match=all&source=aa&source=reprint&publisher=anadolu", ""),
    ("match=all&source=aa&source=reprint&publisher=anadolu&publisher=daily", "spend march"),
    ("match=all&source=aa&source=reprint&publisher=!herald", "spend march"),
    # one value or none
    ("match=all", ALL),
    ("match=all&topic=energy", "communique gas letter"),
    ("match=all&position=join&stance=support", "oppose"),
    ("match=all&stance=support", "communique spend oppose"),
    ("match=all&stance=support&stance=neutral", "vote communique spend oppose"),
    ("match=all&attribution=direct", "communique spend march"),
    ("match=all&publisher=anadolu&publisher=daily", "spend march gas"),
    # duplicates
    ("match=all&topic=energy&topic=energy", "communique gas letter"),
    ("match=all&topic=energy&topic=Power", "communique gas letter"),
    ("match=all&position=join&position=join&stance=support", "oppose"),
    # of a field with one value, any value may hold
    ("match=all&actor=rutte&actor=erdogan", "spend oppose gas"),
    ("match=all&organization=nato&organization=tuerkiye", "communique spend oppose gas"),
    ("match=all&event=summit&event=session", "communique march gas"),
    ("match=all&form=speech&form=vote", "vote oppose gas"),
    ("match=all&language=en&language=de", "spend oppose gas"),
    ("match=all&date=2024&date=2026", "vote letter"),
    # exclusions
    ("match=all&topic=defence&topic=energy&topic=!spending", "communique"),
    ("match=all&topic=!defence&topic=!energy", "vote march loose"),
    ("match=all&topic=defence&topic=!energy", "spend oppose"),
    ("match=all&position=five-percent&position=join&position=!pipelines", "spend oppose"),
    ("match=all&position=!five-percent&position=!pipelines&stance=oppose", ""),
    ("match=all&position=!five-percent&stance=oppose", "vote gas"),
    ("match=all&source=aa&source=reprint&source=!leaf", "spend march"),
    ("match=all&about=rutte&about=nato&about=!tuerkiye", "gas"),
    # an unknown value holds for no claim
    ("match=all&topic=defence&topic=nonsense", ""),
    ("match=all&topic=nonsense&topic=rubbish", ""),
    ("match=all&topic=nonsense", ""),
    ("match=all&source=aa&source=nobody", ""),
    ("match=all&topic=defence&topic=energy&topic=!nonsense", "communique letter"),
    ("match=all&actor=rutte&actor=nobody", "spend oppose"),
    # several filters with several values
    ("match=all&topic=defence&topic=energy&position=pipelines&position=five-percent",
     "communique"),
    ("match=all&source=aa&source=reprint&topic=spending&topic=defence", "spend"),
    ("match=all&source=aa&source=reprint&about=nato&about=protesters", ""),
    ("match=all&about=rutte&about=nato&source=aa&source=declaration&topic=energy", "gas"),
    ("match=any&topic=defence&topic=energy", "communique spend oppose gas letter"),
    # `has` with filters on the same links
    ("has=report&source=aa", "spend march gas"),
    ("has=!report&source=aa", ""),
    ("has=report&source=!aa", "communique oppose letter"),
    ("has=!report&source=!aa", "vote loose"),
    ("has=report&attribution=direct", "communique spend march"),
    ("has=quote&attribution=indirect", "spend gas"),
    ("has=!quote&source=aa", "march"),
    ("has=!quote&attribution=direct", "march"),
    ("has=quote&attribution=direct&source=reprint", ""),
    ("has=position&topic=energy", "communique gas"),
    ("has=!position&topic=energy", "letter"),
    ("has=!position&topic=defence", "letter"),
    ("has=topic&topic=energy", "communique gas letter"),
    ("has=!topic&topic=energy", ""),
    ("has=topic&topic=!energy", "spend oppose"),
    ("has=!topic&topic=!energy", "vote march loose"),
    ("has=position&position=join&stance=support", "oppose"),
    ("has=!position&stance=support", ""),
    ("has=about&about=nato", "march gas"),
    ("has=!about&addressee=tuerkiye", "communique"),
    ("has=addressee&about=nato", ""),
    ("has=!addressee&about=nato", "march gas"),
    ("has=relation&source=aa", "spend march"),
    ("has=!relation&source=aa", "gas"),
    ("has=review&publisher=daily", "spend"),
    ("has=actor&actor=rutte", "spend oppose"),
    ("has=!actor&organization=nato", "communique"),
    ("has=!actor&topic=energy", "communique"),
    ("has=event&event=summit", "communique march gas"),
    ("has=!event&topic=defence", "oppose letter"),
    ("has=date&date=2025-05", "spend march oppose"),
    ("has=!date&place=antalya", "loose"),
    ("has=quote&sort=id", "communique gas oppose spend"),
    ("has=quote&sort=date&topic=energy", "gas communique"),
    # `has` with match=all
    ("match=all&topic=defence&topic=energy&has=!position", "letter"),
    ("match=all&topic=defence&topic=energy&has=topic,position", "communique"),
    ("match=all&source=aa&source=reprint&has=report,review", "spend"),
    ("match=all&source=aa&source=reprint&has=!quote", "march"),
    ("match=all&position=five-percent&position=join&has=position&stance=support&stance=neutral",
     "spend"),
    ("match=all&about=rutte&about=nato&has=about,!addressee", "gas"),
    # with a status
    ("status=draft&has=report", "draft"),
    ("status=draft&has=!review", "draft"),
    ("status=draft&has=relation", "draft"),
    ("status=draft&has=review", ""),
    ("status=withdrawn&has=quote", ""),
    ("status=draft&match=all&topic=spending&topic=defence", "draft"),
    ("status=draft&status=coded&match=all&about=tuerkiye&position=five-percent", "spend draft"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "ids"), TABLE, ids=[query for query, _ in TABLE])
def test_match_and_has(world: FlaskClient, query: str, ids: str):
    assert claims_matching(world, query) == ids
    assert " ".join(ids_of(*pages(world, f"/claims?{query}", 1))) == ids
    by_id = claims_matching(world, f"{query}&sort=-id") if "sort=" not in query else None
    assert by_id is None or by_id.split() == sorted(ids.split(), reverse=True)


def test_nested_lists_accept_has_and_match(world: FlaskClient):
    for path, ids in {
        "actors/rutte/claims?match=all&position=five-percent&position=join&has=review": "spend",
        "topics/defence/claims?match=all&topic=x": None,
        "topics/defence/claims?match=all&position=five-percent&position=join": "spend oppose",
        "sources/aa/claims?has=!quote": "march",
        "positions/join/claims?has=event,about": "vote spend",
        "events/summit/claims?match=all&topic=defence&topic=energy": "communique",
    }.items():
        response = world.get(f"/v1/{path}")
        if ids is None:
            assert response.status_code == 400
        else:
            assert " ".join(ids_of(response.json)) == ids


@pytest.mark.parametrize("value", ["All", "every", "any,all", "!all", ""])
def test_unknown_match_is_422(world: FlaskClient, value: str):
    response = world.get("/v1/claims", query_string={"match": value})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    assert response.json["errors"][0]["parameter"] == "match"


def test_repeated_match_is_400(world: FlaskClient):
    response = world.get("/v1/claims?match=all&match=all")
    assert (response.status_code, response.json["code"]) == (400, "repeated-parameter")


def test_match_any_is_the_default(world: FlaskClient):
    url = "/v1/claims?topic=defence&topic=energy"
    default, match_any = world.get(url), world.get(f"{url}&match=any")
    assert match_any.data == default.data
    assert match_any.headers["ETag"] == default.headers["ETag"]
    match_all = world.get(f"{url}&match=all")
    assert match_all.headers["ETag"] != default.headers["ETag"]


def test_resolved_is_the_same_under_match_all(world: FlaskClient):
    url = "/v1/claims?topic=Defense&topic=enrgy&topic=!power"
    match_any, match_all = world.get(url).json, world.get(f"{url}&match=all").json
    assert match_any["meta"]["resolved"] == match_all["meta"]["resolved"]
    assert ids_of(match_any) == ["spend", "oppose"]
    assert ids_of(match_all) == []
    by_text = {value["asked"]: value for value in match_all["meta"]["resolved"]["topic"]}
    assert [record["id"] for record in by_text["enrgy"]["suggestions"]][:1] == ["energy"]


@pytest.mark.parametrize(
    ("first_query", "next_query"),
    [
        ("topic=defence&topic=energy", "topic=defence&topic=energy&match=all"),
        ("topic=defence&topic=energy&match=all", "topic=defence&topic=energy"),
        ("has=report", "has=report,topic"),
        ("has=report", "has=!report"),
        ("has=report", "source=aa"),
    ],
)
def test_cursor_is_bound_to_has_and_match(world: FlaskClient, first_query: str, next_query: str):
    cursor = world.get(f"/v1/claims?{first_query}&limit=1").json["meta"]["next_cursor"]
    response = world.get(f"/v1/claims?{next_query}&limit=1&cursor={cursor}")
    assert (response.status_code, response.json["code"]) == (400, "bad-cursor")


# an ambiguous name stands for any of its records, also under match=all

PEOPLE = {
    "kim-a": "Kim", "kim-b": "Kim", "lee": "Lee", "kim-lee": "Kim Lee",
}  # fmt: skip


@pytest.fixture
def ambiguous(load: Callable, client: FlaskClient) -> FlaskClient:
    """A client of a dataset where two actors, topics, positions and sources are named Kim."""
    ids_of_claims = {
        "one": ["kim-a", "lee"],
        "other": ["kim-b", "lee"],
        "both": ["kim-a", "kim-b"],
        "kim": ["kim-b"],
        "lee": ["lee"],
        "third": ["kim-lee", "lee"],
        "nobody": [],
    }
    load(
        organizations=[{"id": "o", "name": "O", "kind": "other"}],
        actors=[{"id": id, "name": name} for id, name in PEOPLE.items()],
        topics=[{"id": id, "name": name} for id, name in PEOPLE.items()],
        positions=[{"id": id, "text": name} for id, name in PEOPLE.items()],
        sources=[{"id": id, "title": name, "kind": "other"} for id, name in PEOPLE.items()],
        claims=[
            {
                "id": id,
                "text": "C",
                "organization": "o",
                "topics": ids,
                "positions": [{"position": position, "stance": "support"} for position in ids],
                "about": [{"actor": actor} for actor in ids],
                "addressees": [{"actor": actor} for actor in ids],
                "reports": [{"source": source} for source in ids],
            }
            for id, ids in ids_of_claims.items()
        ],
    )
    return client


@pytest.mark.parametrize("name", MATCH_ALL)
@pytest.mark.parametrize(
    ("values", "ids"),
    [
        # the whole name of both Kims, not of Kim Lee
        (["Kim"], "one other both kim"),
        (["Kim", "Lee"], "one other"),
        (["Kim", "kim-a"], "one both"),
        (["Kim", "kim-b"], "other both kim"),
        (["kim-a", "kim-b"], "both"),
        (["lee kim", "Lee"], "third"),
        (["Kim", "Lee", "!kim-b"], "one"),
        (["Kim", "!Lee"], "both kim"),
        (["Kim", "Lee", "nobody else"], ""),
        (["Kim", "kim"], "one other both kim"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_ambiguous_name_stands_for_any_of_its_records(
    ambiguous: FlaskClient, name: str, values: list[str], ids: str
):
    query: Query = [("match", "all"), *((name, value) for value in values), ("limit", "200")]
    page = ambiguous.get(url("claims", query)).json
    assert ids_of(page) == ids.split()
    assert page["meta"]["total"] == len(ids.split())


# comparison with the oracle, on a random dataset


def agreed_ids(made: Made, query: Query) -> list[str]:
    """The ids of a list of claims, on which the API and the oracle must agree."""
    expected = made.oracle.ids("claims", query)
    page = made.client.get(url("claims", [*query, ("limit", "200")])).json
    assert ids_of(page) == expected, url("claims", query)
    assert page["meta"]["total"] == len(expected), url("claims", query)
    # a page that does not hold the whole list needs a query for the total
    short_page = made.client.get(url("claims", [*query, ("limit", "1")])).json
    assert short_page["meta"]["total"] == len(expected), url("claims", query)
    return expected


@pytest.mark.parametrize("word", [*HAS, *(f"!{word}" for word in HAS)])
def test_every_word_agrees_with_the_oracle(dataset_made: Made, word: str):
    """Drafts have links, too, and claims have several: both are left out of a counted total."""
    assert agreed_ids(dataset_made, [("has", word)])


def test_every_pair_of_words_agrees_with_the_oracle(dataset_made: Made):
    words = [*HAS, *(f"!{word}" for word in HAS)]
    lists = [agreed_ids(dataset_made, [("has", f"{a},{b}")]) for a, b in combinations(words, 2)]
    assert sum(map(bool, lists)) > 200


def frequent_value(made: Made, name: str, rank: int) -> str:
    """The most frequent value of a filter of claims for rank 0, the next for rank 1."""
    return made.oracle.facet("claims", [], name)["values"][rank]["id"]


LINK_FILTERS = (
    "topic", "position", "stance", "about", "addressee", "source", "publisher", "actor", "event",
)  # fmt: skip


@pytest.mark.parametrize("sort", ["-date", "date", "id"])
@pytest.mark.parametrize("name", LINK_FILTERS)
def test_every_word_agrees_with_the_oracle_beside_every_link(
    dataset_made: Made, name: str, sort: str
):
    """A list may read along the rows of one link, while `has` looks at any other."""
    first, second = (frequent_value(dataset_made, name, rank) for rank in (0, 1))
    queries = [
        [(name, first)],
        [(name, first), (name, second)],
        [(name, first), (name, f"!{second}")],
    ]
    if name == "stance":
        queries.pop()
    divided_lists = 0
    for word, query in product(HAS, queries):
        with_word, without_word = (
            agreed_ids(dataset_made, [*query, ("has", sign + word), ("sort", sort)])
            for sign in ("", "!")
        )
        whole_list = agreed_ids(dataset_made, [*query, ("sort", sort)])
        assert sorted(with_word + without_word) == sorted(whole_list)
        divided_lists += bool(with_word and without_word)
    assert divided_lists


# words of `has` that differ from the names of their filters
HAS_WORD = {"source": "report"}


@pytest.mark.parametrize("pair", [*combinations(MATCH_ALL, 2)], ids="+".join)
def test_match_all_of_two_filters_agrees_with_the_oracle(dataset_made: Made, pair: tuple[str, str]):
    first, second = pair
    compared_claims = 0
    for claim in dataset_made.oracle.listed:
        first_ids, second_ids = (
            sorted(dataset_made.oracle.facet_values("claims", [], name, claim)) for name in pair
        )
        if len(first_ids) < 2 or not second_ids:
            continue
        query = [
            ("match", "all"),
            (first, first_ids[0]),
            (first, first_ids[-1]),
            (second, second_ids[0]),
        ]
        has = f"{HAS_WORD.get(first, first)},report"
        assert claim["id"] in agreed_ids(dataset_made, query)
        agreed_ids(dataset_made, [*query, (second, second_ids[-1]), ("sort", "id")])
        agreed_ids(dataset_made, [*query, ("has", has), ("sort", "date")])
        agreed_ids(dataset_made, [*query, (second, f"!{second_ids[-1]}")])
        compared_claims += 1
    assert compared_claims > 3


@on_sqlite
@pytest.mark.parametrize("suffix", ["", "&facet=topic,position&has=topic&sort=id"])
def test_match_all_accepts_200_values(load: Callable, client: FlaskClient, suffix: str):
    topics = [{"id": f"t{n}", "name": f"T{n}"} for n in range(50)]
    positions = [{"id": f"p{n}", "text": f"P{n}"} for n in range(50)]
    actors = [{"id": f"a{n}", "name": f"A{n}"} for n in range(50)]
    claim = {
        "id": "c",
        "text": "C",
        "actor": "a0",
        "topics": [topic["id"] for topic in topics],
        "positions": [{"position": position["id"], "stance": "support"} for position in positions],
        "about": [{"actor": actor["id"]} for actor in actors],
        "addressees": [{"actor": actor["id"]} for actor in actors],
    }
    claims = [claim, {**claim, "id": "d", "text": "D", "topics": claim["topics"][1:]}]
    load(topics=topics, positions=positions, actors=actors, claims=claims)
    values = "&".join(
        f"{name}={letter}{n}"
        for name, letter in (("topic", "t"), ("position", "p"), ("about", "a"), ("addressee", "a"))
        for n in range(50)
    )
    assert claims_matching(client, f"match=all&stance=support&{values}{suffix}") == "c"


@pytest.mark.skipif(ENGINE != "postgres", reason="tests PostgreSQL's planner")
@pytest.mark.parametrize(("count", "subplans"), [(3, 0), (20, 19)])
def test_postgres_does_not_join_the_subqueries_of_many_values(count: int, subplans: int) -> None:
    """PostgreSQL's planner needs 40 s to join the subqueries of 200 values."""
    filters = {"topic": FilterValues(None, (), tuple((number,) for number in range(1, count + 1)))}
    with scratch():
        compiled = total_query(Claim, query_shape(with_listed_claims(Claim, filters)))
        slots = bound_values(Claim, filters)
        bound = [
            slots[value] if isinstance(value, Placeholder) else value for value in compiled.params
        ]
        plan = [line for (line,) in fetch_all(f"EXPLAIN {compiled.sql}", *bound)]
    assert len([line for line in plan if line.strip().startswith("SubPlan")]) == subplans
