"""Suggestions for a name that resolves to nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rapidfuzz.distance import OSA

from models.database.connection import database, fetch_all
from models.search.misspellings import neighbours
from models.search.names import NameQuery
from models.search.nearest_id import nearest_id
from models.search.resolution import resolve_names
from tests.engines import ENGINE

ACTOR, PARTY = ("actor",), ("actor", "organization")


@pytest.mark.parametrize(
    ("text", "types", "suggested"),
    [
        ("Erdgan", ACTOR, ["actor:erdogan"]),
        ("Recep Erdoğna", ACTOR, ["actor:erdogan"]),
        ("NATO", ACTOR, ["organization:nato"]),
        ("nato", ACTOR, ["organization:nato"]),
        ("erdogan", ("topic",), ["actor:erdogan"]),
        ("Natto", PARTY, ["organization:nato"]),
        ("wikidata:Q7", ACTOR, ["organization:nato"]),
        ("actor:erdogn", PARTY, ["actor:erdogan"]),
        # each word of a long text may have a slip; a word of over 40 letters must begin right
        ("Comission for the Safety of Navigation on the Rivers", PARTY, ["organization:rivers"]),
        ("Commission for the Safety of Navigation on the Rivrs", PARTY, ["organization:rivers"]),
        ("Llanfairpwllgwyngyllgogerychwyrndrobwllantysiliogogogoc", PARTY, ["organization:llan"]),
        ("Lanfairpwllgwyngyllgogerychwyrndrobwllantysiliogogogoch", PARTY, []),
        ("zzz", ACTOR, []),
        ("...", ACTOR, []),
    ],
)
def test_similar_names_are_suggested(
    load: Callable, text: str, types: tuple, suggested: list[str]
) -> None:
    load(
        organizations=[
            {
                "id": "nato",
                "name": "NATO",
                "kind": "alliance",
                "identifiers": [{"scheme": "wikidata", "identifier": "Q7"}],
            },
            {
                "id": "rivers",
                "name": "Commission for the Safety of Navigation on the Rivers",
                "kind": "other",
            },
            {
                "id": "llan",
                "name": "Llanfairpwllgwyngyllgogerychwyrndrobwllantysiliogogogoch",
                "kind": "other",
            },
        ],
        actors=[{"id": "erdogan", "name": "Recep Tayyip Erdoğan"}, {"id": "x", "name": "Xi"}],
    )
    (resolved,) = resolve_names([NameQuery(text, types)])
    assert resolved.tier == "none"
    assert [f"{match.type}:{match.id}" for match in resolved.suggestions] == suggested


def test_suggestions_do_not_depend_on_the_order_of_rows(load: Callable) -> None:
    """Of equally similar names, the records that entered first are suggested."""
    load(actors=[{"id": f"a{n}", "name": "Jon Smyth", "aliases": ["Jon Smith"]} for n in range(9)])
    (before,) = resolve_names([NameQuery("Jon Smithe", ACTOR)])
    assert [match.id for match in before.suggestions] == ["a0", "a1", "a2", "a3", "a4"]
    load(organizations=[{"id": "zz", "name": "Zz", "kind": "other"}])
    database.execute_sql("REINDEX TABLE name_key" if ENGINE == "postgres" else "REINDEX name_key")
    database.execute_sql("ANALYZE")
    assert resolve_names([NameQuery("Jon Smithe", ACTOR)]) == [before]
    assert fetch_all("SELECT COUNT(*) FROM actor") == [(9,)]


CROWD = {
    "actors": [{"id": f"a{n}", "name": f"Anna Smith {n}"} for n in range(400)]
    + [{"id": "anna", "name": "Anna Zelensky"}, {"id": "smithe", "name": "Smithe"}]
    + [{"id": "liu", "name": "刘浩"}, {"id": "vladimir", "name": "Владимир Иванов"}],
    "organizations": [
        {"id": "nato", "name": "NATO", "kind": "alliance"},
        {"id": "zelen", "name": "Zelensky Fund", "kind": "ngo"},
        {"id": "mueller", "name": "Müller & Söhne", "kind": "company"},
    ],
    "topics": [{"id": "anna-topic", "name": "Anna"}],
    "positions": [
        {"id": f"p{n}", "text": f"Anna Zelenski and NATO should {n}."} for n in range(400)
    ],
    "sources": [{"id": f"s{n}", "title": "Anna Zelenski", "kind": "other"} for n in range(400)],
}


@pytest.mark.parametrize(
    ("text", "types", "first"),
    [
        # one wrong, missing, doubled or swapped letter, the first one included
        ("Anna Zelenzky", ACTOR, ["actor:anna"]),
        ("Enna Zelensky", ACTOR, ["actor:anna"]),
        ("nna Zelensky", ACTOR, ["actor:anna"]),
        ("Aanna Zelensky", ACTOR, ["actor:anna"]),
        ("Anan Zelensky", ACTOR, ["actor:anna"]),
        ("Anna Zelensyk", ACTOR, ["actor:anna"]),
        ("AnnaZelenssky", ACTOR, ["actor:anna"]),
        # one word of a name, and two slips in it
        ("Selensky", ACTOR, ["actor:anna", "organization:zelen"]),
        ("Zelinskiy", ACTOR, ["actor:anna", "organization:zelen"]),
        # a whole name of another type comes first, then names of the type asked
        ("NATO", ACTOR, ["organization:nato"]),
        ("Zelensky Fund", ACTOR, ["organization:zelen"]),
        ("Anna Zelensky", ("topic",), ["actor:anna"]),
        ("Mueller und Soehne", ACTOR, ["organization:mueller"]),
        ("Mueler und Soehne", ("organization",), ["organization:mueller"]),
        ("Anna", ("event",), ["actor:anna", "topic:anna-topic"]),
        # many names of the type asked leave a place to one slip in another type
        ("Anna Zelenskj", ("source",), ["source:s0", "source:s1", "source:s2", "source:s3",
                                        "actor:anna"]),
        # letters of another script
        ("刘刘浩", ACTOR, ["actor:liu"]),
        ("浩刘", ACTOR, ["actor:liu"]),
        ("Владимер", ACTOR, ["actor:vladimir"]),
        # a common word
        ("Smihte", ACTOR, ["actor:smithe"]),
        ("actor:smithf", PARTY, ["actor:smithe"]),
    ],
)  # fmt: skip
def test_suggestions_among_many_names(
    load: Callable, text: str, types: tuple, first: list[str]
) -> None:
    load(**CROWD)
    (resolved,) = resolve_names([NameQuery(text, types)])
    assert resolved.tier == "none"
    suggested = [f"{match.type}:{match.id}" for match in resolved.suggestions]
    assert suggested[: len(first)] == first
    assert len(suggested) == len(set(suggested)) <= 5


@pytest.mark.parametrize(
    ("type", "id", "nearest"),
    [
        ("actor", "anna-zelenzky", "anna"),
        ("actor", "enna", "anna"),
        ("actor", "a 39x", "a39"),
        ("actor", "a4000", "a400"),
        ("position", "p39-", "p39"),
        ("organization", "nat0", "nato"),
        ("claim", "xeventh-claim-of-anna", "seventh-claim-of-anna"),
        ("claim", "seventh-claim-anna", "seventh-claim-of-anna"),
        ("claim", "zzz", None),
        ("event", "anna", None),
    ],
)
def test_nearest_id(load: Callable, type: str, id: str, nearest: str | None) -> None:
    claims = [{"id": f"b{n}", "text": "C", "actor": "anna"} for n in range(1500)]
    claims.append({"id": "seventh-claim-of-anna", "text": "C", "actor": "anna"})
    load(actors=[*CROWD["actors"], {"id": "a400", "name": "X"}], claims=claims,
         positions=CROWD["positions"], organizations=CROWD["organizations"])  # fmt: skip
    assert nearest_id(type, id) == nearest


@pytest.mark.parametrize(
    ("text", "count"), [("a", 77), ("ab", 130), ("a1", 180), ("x" * 40, 2028), ("x" * 41, 1)]
)
def test_neighbours(text: str, count: int) -> None:
    texts = neighbours(text)
    assert len(texts) == count
    assert all(OSA.distance(text, neighbour) <= 1 for neighbour in texts)
