"""SQLite and PostgreSQL give the same answers, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.database.connection import database
from models.documents.includes import INCLUDES
from models.opening import open_dataset
from models.queries.lists import LISTS
from tests.api import test_filters
from tests.api.world import FIRST, FULL, LATER, LOADED, WORLD, load_sections
from tests.engines import new_postgres

pytestmark = pytest.mark.engines


def urls() -> Iterator[str]:
    """Every URL of the tables, every list in every order, every relation, and what is around."""
    for row in test_filters.ROWS:
        yield row.values[0]
    for model, (_, sorts, facets) in LISTS.items():
        type = model._meta.table_name
        path = f"/v1/{type}s"
        for sort in sorts:
            yield f"{path}?sort={sort}&limit=200"
            yield f"{path}?sort={sort}&limit=2"
        yield f"{path}?facet={','.join(facets)}&limit=1"
        yield f"{path}?include={','.join(INCLUDES[type])}"
        yield f"{path}/{FULL[f'{type}s']}"
    yield from ("/v1", "/v1/export", "/v1/changes?limit=3", "/v1/changes?limit=200")
    for name in ("NATO", "Ruttte", "mark", "wikidata:Q57792", "nobody at all", "İŞIK"):
        for parameter in ("actor", "about", "topic", "!actor", "place"):
            sign, _, parameter = parameter.rpartition("!")
            yield f"/v1/claims?{parameter}={sign}{name}&facet=actor,topic,language,year,month"


def relations(app: Flask) -> Iterator[str]:
    for rule in map(str, app.url_map.iter_rules()):
        if rule.startswith("/v1/") and rule.count("/") == 4 and "<id>" in rule:
            yield rule.replace("<id>", FULL[rule.split("/")[2]])


def answers(client: FlaskClient, url: str, folder: Path, asked: list[str]) -> dict[str, tuple]:
    """What a new dataset with the world answers; its id and its secret are given."""
    open_dataset(url)
    load_sections(folder, FIRST, LOADED)
    load_sections(folder, WORLD, LATER)
    database.execute_sql("UPDATE dataset SET id = 'the-world', secret = 'none', state = 'one'")
    found = {}
    for one in asked:
        response = client.get(one)
        found[one] = (response.status_code, response.data, sorted(response.headers))
    database.close()
    return found


@pytest.fixture(scope="module")
def both(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, dict]:
    folder = tmp_path_factory.mktemp("engines")
    asked = [*urls(), *relations(app)]
    client = app.test_client()
    sqlite = answers(client, f"sqlite:///{folder / 'world.db'}", folder, asked)
    return sqlite, answers(client, new_postgres(), folder, asked)


def test_byte_for_byte(both: tuple[dict, dict]):
    sqlite, postgres = both
    assert len(sqlite) > 400
    assert {one: found[0] for one, found in sqlite.items() if found[0] >= 500} == {}
    assert [one for one in sqlite if sqlite[one] != postgres[one]] == []
