"""Small datasets with questions that each try one rule of filters by claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from models.database.connection import database
from models.opening import open_dataset
from tests.api.world import LOADED, ids_of, load_sections
from tests.engines import new_url


def claim(id: str, **fields: Any) -> dict:
    return {"id": id, "text": id, **fields}


def named(*ids: str, **fields: Any) -> list[dict]:
    return [{"id": id, "name": id.title(), **fields} for id in ids]


def on(position: str, stance: str) -> dict:
    return {"position": position, "stance": stance}


REPORTED = {"event": "fair", "reports": [{"source": "daily"}]}
# Ann speaks at the fair, and elsewhere about fish; Bob speaks at the fair about fish
ONE_CLAIM = {
    "actors": named("ann", "bob"),
    "topics": named("bread", "fish"),
    "positions": [{"id": "cheap", "text": "Cheap."}, {"id": "dear", "text": "Dear."}],
    "events": named("fair", kind="meeting", start_date="2020"),
    "sources": [{"id": "daily", "title": "Daily", "kind": "article"}],
    "claims": [
        claim("a", actor="ann", topics=["bread"], positions=[on("cheap", "support")], **REPORTED),
        claim("b", actor="bob", topics=["fish"], positions=[on("cheap", "oppose")], **REPORTED),
        claim("c", actor="ann", topics=["fish"]),
    ],
}
# a vote has no actors, and is a part of a session
VOTES = {
    "organizations": named("north", "south", kind="state"),
    "topics": named("whales"),
    "positions": [{"id": "ban", "text": "Ban it.", "topics": ["whales"]}],
    "events": [
        *named("session", kind="meeting", start_date="2015"),
        *named("roll-call", kind="vote", start_date="2015-10-01", parent="session"),
    ],
    "claims": [
        claim("n", organization="north", event="roll-call", topics=["whales"],
              positions=[on("ban", "oppose")]),
        claim("s", organization="south", event="session", positions=[on("ban", "support")]),
    ],
}  # fmt: skip
# Ann speaks about bread, and elsewhere about fish
TWO_TOPICS = {
    "actors": named("ann"),
    "topics": named("bread", "fish"),
    "claims": [
        claim("a", actor="ann", topics=["bread"]),
        claim("b", actor="ann", topics=["fish"]),
        claim("c", actor="ann", role="★", topics=["fish"], status="draft",
              reviews=[{"organization": "checker", "rating": "FALSE!"}]),
        claim("d", actor="ann", role="★", reviews=[{"organization": "checker", "rating": "False"}]),
    ],
    "organizations": named("checker", kind="media"),
}  # fmt: skip
REVIEWS = {
    "organizations": named("checker", "daily", kind="media"),
    "actors": named("ann"),
    "claims": [
        claim("a", actor="ann", reviews=[{"organization": "checker", "rating": "False"}]),
        claim("b", actor="ann", reviews=[{"organization": "checker", "rating": "True"},
                                         {"organization": "daily", "verdict": "false"}]),
    ],
}  # fmt: skip

# dataset, path and query, ids
QUESTIONS = [
    (ONE_CLAIM, "sources/daily/actors?topic=fish", "bob"),
    (ONE_CLAIM, "sources/daily/actors?position=dear", ""),
    (ONE_CLAIM, "actors/ann/events?topic=fish", ""),
    (ONE_CLAIM, "actors?event=fair&topic=fish", "bob"),
    (ONE_CLAIM, "actors?event=fair&topic=!fish", ""),
    (ONE_CLAIM, "actors?event=fair&topic=!bread", "bob"),
    (ONE_CLAIM, "positions/cheap/actors?stance=oppose", "bob"),
    (ONE_CLAIM, "topics/fish/actors?position=cheap", "bob"),
    (VOTES, "organizations/north/positions", "ban"),
    (VOTES, "positions?organization=north", "ban"),
    (VOTES, "positions/ban/organizations", "north south"),
    (VOTES, "positions/ban/organizations?stance=oppose", "north"),
    (VOTES, "topics/whales/organizations", "north"),
    (VOTES, "organizations/south/topics", ""),
    (VOTES, "claims?claimant=North", "n"),
    (VOTES, "events/session/claims", "n s"),
    (VOTES, "events/roll-call/claims", "n"),
    (VOTES, "claims?event=!roll-call", "s"),
    (VOTES, "organizations?event=session&topic=whales", "north"),
    (TWO_TOPICS, "actors?topic=bread&topic=fish&match=all", ""),
    (TWO_TOPICS, "actors?topic=bread&match=all", "ann"),
    (TWO_TOPICS, "claims?role=★", "d"),
    (REVIEWS, "claims?rating=false", "a"),
    (REVIEWS, "claims?verdict=false", "b"),
    (REVIEWS, "claims?reviewer=checker&verdict=false", ""),
    (REVIEWS, "claims?reviewer=!daily", "a"),
]


@pytest.mark.parametrize(
    ("records", "question", "ids"), QUESTIONS, ids=[question for _, question, _ in QUESTIONS]
)
def test_a_question(app: Flask, tmp_path: Path, records: dict, question: str, ids: str) -> None:
    open_dataset(new_url(tmp_path, "small"))
    load_sections(tmp_path, records, LOADED)
    answer = app.test_client().get(f"/v1/{question}").json
    assert sorted(ids_of(answer)) == ids.split()
    assert answer["meta"]["total"] == len(ids.split())
    database.close()


def test_a_part_of_an_event_counts_for_the_event(app: Flask, tmp_path: Path) -> None:
    open_dataset(new_url(tmp_path, "small"))
    load_sections(tmp_path, VOTES, LOADED)
    client = app.test_client()
    counts = {
        id: client.get(f"/v1/events/{id}").json["claim_count"] for id in ("session", "roll-call")
    }
    assert counts == {"session": 2, "roll-call": 1}
    facet = client.get("/v1/claims?facet=event").json["meta"]["facets"]["event"]
    assert {value["id"]: value["count"] for value in facet["values"]} == counts
    database.close()


# path and query, facet, values
FACETS = [
    ("actors?topic=bread&match=all", "topic", [("bread", "Bread", 1)]),
    ("actors?topic=bread", "topic", [("bread", "Bread", 1), ("fish", "Fish", 1)]),
    ("claims", "role", [("★", "★", 1)]),
    # the spelling of a listed claim
    ("claims", "rating", [("false", "False", 1)]),
]


@pytest.mark.parametrize(("question", "facet", "values"), FACETS)
def test_a_facet(
    app: Flask, tmp_path: Path, question: str, facet: str, values: list[tuple[str, str, int]]
) -> None:
    open_dataset(new_url(tmp_path, "small"))
    load_sections(tmp_path, TWO_TOPICS, LOADED)
    sign = "&" if "?" in question else "?"
    facets = app.test_client().get(f"/v1/{question}{sign}facet={facet}").json["meta"]["facets"]
    assert [tuple(value.values()) for value in facets[facet]["values"]] == values
    database.close()


def test_a_facet_of_ratings(app: Flask, tmp_path: Path) -> None:
    open_dataset(new_url(tmp_path, "small"))
    load_sections(tmp_path, REVIEWS, LOADED)
    facets = app.test_client().get("/v1/claims?facet=rating").json["meta"]["facets"]
    assert facets["rating"] == {
        "groups": 2,
        "missing": 0,
        "values": [
            {"id": "false", "name": "False", "count": 1},
            {"id": "true", "name": "True", "count": 1},
        ],
    }
    database.close()
