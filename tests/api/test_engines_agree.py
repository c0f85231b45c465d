"""SQLite and PostgreSQL give the same responses, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.formats import FORMATS
from models.database.connection import database
from models.documents.includes import INCLUDES
from models.opening import open_dataset
from models.queries.lists import LISTS
from tests.api.query import test_filters
from tests.api.world import FIRST, FULL, LATER, LOADED, WORLD, load_sections
from tests.engines import new_postgres

pytestmark = pytest.mark.engines


def urls() -> Iterator[str]:
    """The URLs of all filter tests, every list in every order, single records, and names."""
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
        yield from (f"{path}?format={format.name}&sort=-updated_at" for format in FORMATS)
        yield f"{path}/{FULL[f'{type}s']}"
    yield from ("/v1", "/v1/export", "/v1/changes?limit=3", "/v1/changes?limit=200")
    for name in ("NATO", "Ruttte", "mark", "wikidata:Q57792", "nobody at all", "İŞIK"):
        for parameter in ("actor", "about", "topic", "!actor", "place"):
            sign, _, parameter = parameter.rpartition("!")
            yield f"/v1/claims?{parameter}={sign}{name}&facet=actor,topic,language,year,month"


def relation_urls(app: Flask) -> Iterator[str]:
    for rule in map(str, app.url_map.iter_rules()):
        if rule.startswith("/v1/") and rule.count("/") == 4 and "<id>" in rule:
            yield rule.replace("<id>", FULL[rule.split("/")[2]])


def responses(
    client: FlaskClient, database_url: str, folder: Path, urls: list[str]
) -> dict[str, tuple]:
    """The responses of a new dataset with a fixed id and secret, by URL."""
    open_dataset(database_url)
    load_sections(folder, FIRST, LOADED)
    load_sections(folder, WORLD, LATER)
    database.execute_sql(
        "UPDATE dataset SET id = 'the-world', secret = 'none', version_token = 'one'"
    )
    by_url = {}
    for url in urls:
        response = client.get(url, headers={"X-Request-ID": "a"})
        by_url[url] = (response.status_code, response.data, sorted(response.headers))
    database.close()
    return by_url


@pytest.fixture(scope="module")
def both_responses(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, dict]:
    folder = tmp_path_factory.mktemp("engines")
    all_urls = [*urls(), *relation_urls(app)]
    client = app.test_client()
    sqlite = responses(client, f"sqlite:///{folder / 'world.db'}", folder, all_urls)
    return sqlite, responses(client, new_postgres(), folder, all_urls)


def test_responses_are_equal(both_responses: tuple[dict, dict]):
    sqlite, postgres = both_responses
    assert len(sqlite) > 400
    assert {url: response[0] for url, response in sqlite.items() if response[0] >= 500} == {}
    assert [url for url in sqlite if sqlite[url] != postgres[url]] == []
