"""Facets that are counted together equal those that are counted one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.v1 import lists
from models.database.connection import fetch_all
from tests.api.list_parameters import FACETS, LISTS
from tests.api.oracle import Made
from tests.api.world import anew
from tests.engines import on_sqlite

# the filters that exclude several values; two of them have the keys kept before the page
EXCLUSIONS = ["topic", "position", "event", "source", "about", "publisher"]
QUERIES = [
    "", "form=speech", "date=2024&date=2025-01&date=2026", "topic={topic}&topic={topic2}",
    "topic={topic}&topic={topic2}&match=all", "position={position}&stance=support",
    "source={source}&source={source2}&attribution=direct", "actor=!{actor}", "has=quote,!review",
    "status=draft", "q=a*", "sort=-independent_publishers&topic=!{topic}",
]  # fmt: skip


@pytest.fixture
def compared(dataset_made: Made, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """A function that gets a URL with kept keys and without: the answers must be equal."""
    ids = {
        f"{section[:-1]}{n}": record["id"]
        for section, records in dataset_made.oracle.sections.items()
        for n, record in zip(("", 2, 3), records, strict=False)
    }

    def get(url: str) -> Any:
        with anew():
            answers = [dataset_made.client.get(url.format(**ids)).json]
        with monkeypatch.context() as patch, anew():
            for name in ("shares_keys", "is_kept_first"):
                patch.setattr(lists, name, lambda *_: False)
            answers.append(dataset_made.client.get(url.format(**ids)).json)
        assert answers[0] == answers[1], url
        return answers[0]

    return get


@pytest.mark.parametrize("query", QUERIES)
def test_facets_of_claims(compared: Callable, query: str):
    answer = compared(f"/v1/claims?{query}&limit=2&facet={','.join(FACETS['claims'])}")
    assert len(answer["meta"]["facets"]) == len(FACETS["claims"])


@pytest.mark.parametrize("section", [section for section in LISTS if section != "claims"])
@pytest.mark.parametrize("query", ["", "topic={topic}&topic={topic2}", "actor={actor}"])
def test_facets_of_other_lists(compared: Callable, section: str, query: str):
    if query.partition("=")[0] != section[:-1]:
        compared(f"/v1/{section}?{query}&limit=1&facet={','.join(FACETS[section])}")


@pytest.mark.parametrize(
    "suffix",
    ["", "&facet=topic,form", "&sort=id", "&sort=date", "&count=none", "&q=a*&sort=relevance"],
)
@pytest.mark.parametrize("status", ["", "&status=draft", "&status=draft&status=coded"])
def test_long_exclusions(compared: Callable, status: str, suffix: str):
    excluded = "&".join(
        f"{name}=!{{{type}}}&{name}=!{{{type}2}}"
        for name, type in zip(
            EXCLUSIONS, (*EXCLUSIONS[:4], "organization", "organization"), strict=True
        )
    )
    answer = compared(f"/v1/claims?{excluded}{status}{suffix}&limit=3")
    assert answer["data"] or answer["meta"]["total"] == 0


@on_sqlite
def test_what_is_kept_ends_with_the_request(world: FlaskClient):
    with anew():
        assert world.get("/v1/claims?form=speech&facet=topic,year&limit=1").status_code == 200
        assert fetch_all("SELECT COUNT(*) FROM kept_key") == [(0,)]
