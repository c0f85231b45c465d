"""`has` asks whether claims have something at all; `match=all` wants each of several values."""

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
from tests.api.oracle import HAS, MANY, Made, Query, url
from tests.api.world import ids_of, pages
from tests.engines import ENGINE, on_sqlite, scratch
from tests.models.asking import values

ALL = "vote communique spend march oppose gas letter loose"


def found_by(client: FlaskClient, query: str) -> str:
    """The ids of the claims that a query finds, newest first."""
    response = client.get(f"/v1/claims?{query}&limit=200")
    assert response.status_code == 200, response.text
    assert response.json["meta"]["total"] == len(response.json["data"])
    return " ".join(ids_of(response.json))


# each word, and who has it; the others have not
WORDS = {
    # its own, or the exact words of a direct report
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
    # its own, or those of others to it
    "relation": "spend march oppose",
    "review": "spend",
}
HAS_TABLE = [
    *WORDS.items(),
    *(
        (f"!{word}", " ".join(id for id in ALL.split() if id not in found.split()))
        for word, found in WORDS.items()
    ),
    # all of them
    ("review,event", "spend"),
    ("review,!event", ""),
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


@pytest.mark.parametrize(("value", "found"), HAS_TABLE, ids=[value for value, _ in HAS_TABLE])
def test_has(world: FlaskClient, value: str, found: str):
    assert found_by(world, f"has={value}") == found
    repeated = "&".join(f"has={word}" for word in value.split(","))
    assert found_by(world, repeated) == found
    assert " ".join(ids_of(*pages(world, f"/v1/claims?has={value}", 1))) == found


def test_the_words_are_those_of_the_contract():
    assert tuple(WORDS) == HAS


@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_commas_repetition_and_order_do_not_matter(world: FlaskClient, prefix: str):
    queries = ["has=report,!event", "has=!event,report", "has=report&has=!event",
               "has=!event&has=report", "has=report,!event&has=report"]  # fmt: skip
    answers = [world.get(f"{prefix}claims?{query}") for query in queries]
    assert len({answer.headers["ETag"] for answer in answers}) == 1
    assert len({answer.data for answer in answers}) == 1
    assert ids_of(answers[0].json) == ["oppose", "letter"]


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
def test_an_unknown_word_is_422(world: FlaskClient, value: str, suggestion: str | None):
    response = world.get("/v1/claims", query_string={"has": value})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == ("has", value)
    assert error["message"].startswith("must be one of quote, actor, organization")
    if suggestion:
        assert error["suggestion"] == suggestion


@pytest.mark.parametrize("value", ["", "!", ",", "quote,", "!,quote"])
def test_an_empty_word_is_422(world: FlaskClient, value: str):
    response = world.get("/v1/claims", query_string={"has": value})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")


@pytest.mark.parametrize(
    "path",
    ["actors", "organizations", "events", "sources", "topics", "positions", "claims/spend",
     "actors/rutte/sources", "claims/spend/reports"],
)  # fmt: skip
@pytest.mark.parametrize("parameter", ["has", "match"])
def test_only_lists_of_claims_take_them(world: FlaskClient, path: str, parameter: str):
    response = world.get(f"/v1/{path}?{parameter}=all")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")


# what a quote is

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


def test_has_quote_is_what_the_document_shows(load: Callable, client: FlaskClient):
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
    shown = client.get("/v1/claims?limit=200").json["data"]
    quoted = [one["id"] for one in shown if one["quote"]]
    assert found_by(client, "has=quote").split() == quoted
    assert found_by(client, "has=!quote").split() == [
        one["id"] for one in shown if not one["quote"]
    ]
    assert quoted == [
        "direct",
        "second-is-direct",
        "second-direct-has-words",
        *(f"own-{id}" for id in REPORTS),
    ]


def test_a_relation_of_a_draft_counts_as_the_document_shows_it(load: Callable, client: FlaskClient):
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
    assert found_by(client, "has=relation") == "target"
    assert found_by(client, "has=!relation") == "alone"
    assert found_by(client, "has=relation&status=draft") == "draft"


# match=all, and `has` beside filters on the same links

TABLE = [
    # each value, whatever the others
    ("match=all&topic=defence&topic=energy", "communique letter"),
    ("match=all&topic=spending&topic=energy", "letter"),
    ("match=all&topic=defence&topic=spending&topic=energy", "letter"),
    ("match=all&topic=procurement&topic=energy", ""),
    # a topic and a broader one
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
    # the companion holds for each
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
    # one value, and no value
    ("match=all", ALL),
    ("match=all&topic=energy", "communique gas letter"),
    ("match=all&position=join&stance=support", "oppose"),
    ("match=all&stance=support", "communique spend oppose"),
    ("match=all&stance=support&stance=neutral", "vote communique spend oppose"),
    ("match=all&attribution=direct", "communique spend march"),
    ("match=all&publisher=anadolu&publisher=daily", "spend march gas"),
    # twice the same
    ("match=all&topic=energy&topic=energy", "communique gas letter"),
    ("match=all&topic=energy&topic=Power", "communique gas letter"),
    ("match=all&position=join&position=join&stance=support", "oppose"),
    # filters of one value are ORed still
    ("match=all&actor=rutte&actor=erdogan", "spend oppose gas"),
    ("match=all&organization=nato&organization=tuerkiye", "communique spend oppose gas"),
    ("match=all&event=summit&event=session", "communique march gas"),
    ("match=all&form=speech&form=vote", "vote oppose gas"),
    ("match=all&language=en&language=de", "spend oppose gas"),
    ("match=all&date=2024&date=2026", "vote letter"),
    # exclusions stay exclusions
    ("match=all&topic=defence&topic=energy&topic=!spending", "communique"),
    ("match=all&topic=!defence&topic=!energy", "vote march loose"),
    ("match=all&topic=defence&topic=!energy", "spend oppose"),
    ("match=all&position=five-percent&position=join&position=!pipelines", "spend oppose"),
    ("match=all&position=!five-percent&position=!pipelines&stance=oppose", ""),
    ("match=all&position=!five-percent&stance=oppose", "vote gas"),
    ("match=all&source=aa&source=reprint&source=!leaf", "spend march"),
    ("match=all&about=rutte&about=nato&about=!tuerkiye", "gas"),
    # a value that matches nothing holds for none
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
    # `has` beside filters that walk the same links
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
    ("has=event&event=summit", "communique gas"),
    ("has=!event&topic=defence", "oppose letter"),
    ("has=date&date=2025-05", "spend march oppose"),
    ("has=!date&place=antalya", "loose"),
    ("has=quote&sort=id", "communique gas oppose spend"),
    ("has=quote&sort=date&topic=energy", "gas communique"),
    # `has` and match=all at once
    ("match=all&topic=defence&topic=energy&has=!position", "letter"),
    ("match=all&topic=defence&topic=energy&has=topic,position", "communique"),
    ("match=all&source=aa&source=reprint&has=report,review", "spend"),
    ("match=all&source=aa&source=reprint&has=!quote", "march"),
    ("match=all&position=five-percent&position=join&has=position&stance=support&stance=neutral",
     "spend"),
    ("match=all&about=rutte&about=nato&has=about,!addressee", "gas"),
    # and the status
    ("status=draft&has=report", "draft"),
    ("status=draft&has=!review", "draft"),
    ("status=draft&has=relation", "draft"),
    ("status=draft&has=review", ""),
    ("status=withdrawn&has=quote", ""),
    ("status=draft&match=all&topic=spending&topic=defence", "draft"),
    ("status=draft&status=coded&match=all&about=tuerkiye&position=five-percent", "spend draft"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "found"), TABLE, ids=[query for query, _ in TABLE])
def test_match_and_has(world: FlaskClient, query: str, found: str):
    assert found_by(world, query) == found
    assert " ".join(ids_of(*pages(world, f"/claims?{query}", 1))) == found
    by_id = found_by(world, f"{query}&sort=-id") if "sort=" not in query else None
    assert by_id is None or by_id.split() == sorted(found.split(), reverse=True)


def test_a_relation_takes_both(world: FlaskClient):
    for address, found in {
        "actors/rutte/claims?match=all&position=five-percent&position=join&has=review": "spend",
        "topics/defence/claims?match=all&topic=x": None,
        "topics/defence/claims?match=all&position=five-percent&position=join": "spend oppose",
        "sources/aa/claims?has=!quote": "march",
        "positions/join/claims?has=event,about": "vote spend",
        "events/summit/claims?match=all&topic=defence&topic=energy": "communique",
    }.items():
        response = world.get(f"/v1/{address}")
        if found is None:
            assert response.status_code == 400
        else:
            assert " ".join(ids_of(response.json)) == found


@pytest.mark.parametrize("value", ["All", "every", "any,all", "!all", ""])
def test_another_match_is_422(world: FlaskClient, value: str):
    response = world.get("/v1/claims", query_string={"match": value})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    assert response.json["errors"][0]["parameter"] == "match"


def test_match_is_given_once(world: FlaskClient):
    response = world.get("/v1/claims?match=all&match=all")
    assert (response.status_code, response.json["code"]) == (400, "repeated-parameter")


def test_match_any_is_the_default(world: FlaskClient):
    plain, any_of = (
        world.get(f"/v1/claims?topic=defence&topic=energy{more}") for more in ("", "&match=any")
    )
    assert any_of.data == plain.data
    assert any_of.headers["ETag"] == plain.headers["ETag"]
    every = world.get("/v1/claims?topic=defence&topic=energy&match=all")
    assert every.headers["ETag"] != plain.headers["ETag"]


def test_resolved_is_the_same_under_match_all(world: FlaskClient):
    """What matched nothing is told with suggestions, and each value how it was understood."""
    answers = [
        world.get(f"/v1/claims?topic=Defense&topic=enrgy&topic=!power{more}").json
        for more in ("", "&match=all")
    ]
    assert answers[0]["meta"]["resolved"] == answers[1]["meta"]["resolved"]
    assert ids_of(answers[0]) == ["spend", "oppose"]
    assert ids_of(answers[1]) == []
    by_name = {one["asked"]: one for one in answers[1]["meta"]["resolved"]["topic"]}
    assert [one["id"] for one in by_name["enrgy"]["suggestions"]][:1] == ["energy"]


@pytest.mark.parametrize(
    ("made", "used"),
    [
        ("topic=defence&topic=energy", "topic=defence&topic=energy&match=all"),
        ("topic=defence&topic=energy&match=all", "topic=defence&topic=energy"),
        ("has=report", "has=report,topic"),
        ("has=report", "has=!report"),
        ("has=report", "source=aa"),
    ],
)
def test_a_cursor_is_bound_to_them(world: FlaskClient, made: str, used: str):
    cursor = world.get(f"/v1/claims?{made}&limit=1").json["meta"]["next_cursor"]
    response = world.get(f"/v1/claims?{used}&limit=1&cursor={cursor}")
    assert (response.status_code, response.json["code"]) == (400, "bad-cursor")


# ambiguous names are a union within a value

PEOPLE = {
    "kim-a": "Kim", "kim-b": "Kim", "lee": "Lee", "kim-lee": "Kim Lee",
}  # fmt: skip


@pytest.fixture
def ambiguous(load: Callable, client: FlaskClient) -> FlaskClient:
    """Two Kims, among topics, positions, sources and whom claims speak about or to."""
    about = {
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
                "positions": [{"position": one, "stance": "support"} for one in ids],
                "about": [{"actor": one} for one in ids],
                "addressees": [{"actor": one} for one in ids],
                "reports": [{"source": one} for one in ids],
            }
            for id, ids in about.items()
        ],
    )
    return client


@pytest.mark.parametrize("name", MANY)
@pytest.mark.parametrize(
    ("values", "found"),
    [
        # by its whole name: either Kim, and not Kim Lee
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
def test_ambiguous_names_are_a_union_within_a_value(
    ambiguous: FlaskClient, name: str, values: list[str], found: str
):
    query: Query = [("match", "all"), *((name, value) for value in values), ("limit", "200")]
    answer = ambiguous.get(url("claims", query)).json
    assert ids_of(answer) == found.split()
    assert answer["meta"]["total"] == len(found.split())


# all of it against a plain search, over a dataset where everything occurs


def agree(made: Made, query: Query) -> list[str]:
    expected = made.oracle.ids("claims", query)
    answer = made.client.get(url("claims", [*query, ("limit", "200")])).json
    assert ids_of(answer) == expected, url("claims", query)
    assert answer["meta"]["total"] == len(expected), url("claims", query)
    # counted, where the page does not hold all
    short = made.client.get(url("claims", [*query, ("limit", "1")])).json
    assert short["meta"]["total"] == len(expected), url("claims", query)
    return expected


def test_every_two_words(dataset_made: Made):
    words = [*HAS, *(f"!{word}" for word in HAS)]
    found = [agree(dataset_made, [("has", f"{a},{b}")]) for a, b in combinations(words, 2)]
    assert sum(map(bool, found)) > 200


def first(made: Made, name: str, n: int) -> str:
    """The n-th of the values that most claims have."""
    return made.oracle.facet("claims", [], name)["values"][n]["id"]


LEADS = (
    "topic", "position", "stance", "about", "addressee", "source", "publisher", "actor", "event",
)  # fmt: skip


@pytest.mark.parametrize("sort", ["-date", "date", "id"])
@pytest.mark.parametrize("lead", LEADS)
def test_every_word_beside_every_link(dataset_made: Made, lead: str, sort: str):
    """Whichever link a list walks along, what `has` looks at is another one."""
    one, two = first(dataset_made, lead, 0), first(dataset_made, lead, 1)
    asked = [[(lead, one)], [(lead, one), (lead, two)], [(lead, one), (lead, f"!{two}")]]
    if lead == "stance":
        asked.pop()
    found = 0
    for word, query in product(HAS, asked):
        both = [
            agree(dataset_made, [*query, ("has", sign + word), ("sort", sort)])
            for sign in ("", "!")
        ]
        whole = agree(dataset_made, [*query, ("sort", sort)])
        assert sorted(both[0] + both[1]) == sorted(whole)
        found += bool(both[0] and both[1])
    assert found


# what `has` calls the filter's links
HAS_OF = {"source": "report"}


@pytest.mark.parametrize("pair", [*combinations(MANY, 2)], ids="+".join)
def test_match_all_of_two_filters(dataset_made: Made, pair: tuple[str, str]):
    one, other = pair
    found = 0
    for claim in dataset_made.oracle.listed:
        ids = {name: sorted(dataset_made.oracle.facet_values("claims", [], name, claim))
               for name in pair}  # fmt: skip
        if len(ids[one]) < 2 or not ids[other]:
            continue
        query = [("match", "all"), (one, ids[one][0]), (one, ids[one][-1]), (other, ids[other][0])]
        assert claim["id"] in agree(dataset_made, query)
        agree(dataset_made, [*query, (other, ids[other][-1]), ("sort", "id")])
        agree(dataset_made, [*query, ("has", f"{HAS_OF.get(one, one)},report"), ("sort", "date")])
        agree(dataset_made, [*query, (other, f"!{ids[other][-1]}")])
        found += 1
    assert found > 3


@on_sqlite
@pytest.mark.parametrize("more", ["", "&facet=topic,position&has=topic&sort=id"])
def test_as_many_values_as_there_may_be(load: Callable, client: FlaskClient, more: str):
    topics = [{"id": f"t{n}", "name": f"T{n}"} for n in range(50)]
    positions = [{"id": f"p{n}", "text": f"P{n}"} for n in range(50)]
    actors = [{"id": f"a{n}", "name": f"A{n}"} for n in range(50)]
    every = {
        "topics": [one["id"] for one in topics],
        "positions": [{"position": one["id"], "stance": "support"} for one in positions],
        "about": [{"actor": one["id"]} for one in actors],
        "addressees": [{"actor": one["id"]} for one in actors],
    }
    claims = [{"id": "c", "text": "C", "actor": "a0", **every}, {"id": "d", "text": "D"}]
    claims[1] |= {"actor": "a0", **every, "topics": every["topics"][1:]}
    load(topics=topics, positions=positions, actors=actors, claims=claims)
    values = "&".join(
        f"{name}={letter}{n}"
        for name, letter in (("topic", "t"), ("position", "p"), ("about", "a"), ("addressee", "a"))
        for n in range(50)
    )
    assert found_by(client, f"match=all&stance=support&{values}{more}") == "c"


@pytest.mark.skipif(ENGINE != "postgres", reason="SQLite's planner joins none of them")
@pytest.mark.parametrize(("count", "apart"), [(3, 0), (20, 19)])
def test_many_values_are_looked_for_apart(count: int, apart: int) -> None:
    """Joined to each other, 200 of them take PostgreSQL's planner 40 s."""
    choices = {"topic": FilterValues(None, (), tuple((number,) for number in range(1, count + 1)))}
    with scratch():
        compiled = total_query(Claim, query_shape(with_listed_claims(Claim, choices)))
        slots = values(Claim, choices)
        bound = [slots[one] if isinstance(one, Placeholder) else one for one in compiled.params]
        plan = [line for (line,) in fetch_all(f"EXPLAIN {compiled.sql}", *bound)]
    assert len([line for line in plan if line.strip().startswith("SubPlan")]) == apart
