"""Suggestions for a name that resolves to nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.database.connection import database, fetch_all
from models.search.names import NameQuery
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
            }
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
