"""What a page costs does not grow with the dataset: counted in SQLite's steps, not in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.database.connection import database
from tests.api.world import anew
from tests.engines import on_sqlite, scratch
from tests.models import synthetic

pytestmark = on_sqlite


def steps(client: FlaskClient, url: str) -> int:
    """How many instructions SQLite's virtual machine takes for an answer, the first time."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1

    connection = database.connection()
    connection.set_progress_handler(step, 1)
    try:
        with anew():
            response = client.get(url)
    finally:
        connection.set_progress_handler(None, 1)
    assert response.status_code == 200, response.text
    assert len(response.json["data"]) == 50, url
    return count


Prices = Callable[[str], tuple[int, int]]


def prices_of(app: Flask, small: int, large: int, links: bool) -> Iterator[Prices]:
    """Gives the steps for a URL in a small dataset, and in one ten times as large."""
    client = app.test_client()
    with scratch():
        synthetic.fill(small, links=links)
        one = database.obj
        with scratch():
            synthetic.fill(large, links=links)
            two = database.obj

            def prices(url: str) -> tuple[int, int]:
                found = []
                for each in (one, two):
                    database.initialize(each)
                    found.append(steps(client, url))
                return found[0], found[1]

            yield prices
            database.initialize(two)


@pytest.fixture(scope="module")
def bare(app: Flask) -> Iterator[Prices]:
    """10,000 and 100,000 claims without links."""
    yield from prices_of(app, 10_000, 100_000, links=False)


@pytest.fixture(scope="module")
def linked(app: Flask) -> Iterator[Prices]:
    """3,000 and 30,000 claims with a link of each kind."""
    yield from prices_of(app, 3_000, 30_000, links=True)


def check(prices: tuple[int, int]) -> None:
    small, large = prices
    assert 50 < small < 40_000
    # how many claims a second filter drops on the way is chance, in either dataset
    assert large <= max(1.5 * small, 6_000)


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "actor=Actor Number 1",
        "actor=number 1",
        "actor=actor-1",
        "",
        "organization=Organization Number 61",
        "event=event-161",
        "form=speech",
        "coder=ab",
        "country=TR",
        "status=verified",
        "actor=actor-1&from_date=1995",
        "actor=actor-1&coder=ab",
        "actor=!actor-1",
        "language=en",
        "sort=id",
        "sort=-id",
        "sort=updated_at",
        "actor=actor-1&sort=date",
    ],
)
def test_a_page_of_50_by_a_column(bare: Prices, query: str) -> None:
    check(bare(f"/claims?count=none&{query}"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "topic=Topic Number 101",
        "position=position-131",
        "position=position-131&stance=oppose",
        "stance=oppose",
        "about=actor-1",
        "addressee=organization-61",
        "source=source-221",
        "publisher=organization-61",
        "attribution=direct",
        "actor=actor-1&topic=topic-101",
        "topic=topic-101&has=position",
        "topic=topic-101&has=event",
        "topic=topic-101&sort=date",
        "topic=topic-101&to_date=1995",
        "topic=topic-101&topic=topic-111&form=speech",
    ],
)
def test_a_page_of_50_by_links(linked: Prices, query: str) -> None:
    check(linked(f"/claims?count=none&{query}"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "actor=actor-1",
        "actor=!actor-1",
        "topic=!topic-101",
        "source=!source-221",
        "has=actor",
        "has=date",
    ],
)
def test_a_total_that_asks_no_claim(linked: Prices, query: str) -> None:
    """It takes little more than that of all claims, of which the few that are not listed go."""
    assert linked(f"/claims?{query}")[1] <= linked("/claims")[1] + 6_000


@pytest.mark.slow
@pytest.mark.parametrize("query", ["actor=actor-1", "", "form=speech"])
def test_a_next_page(app: Flask, bare: Prices, query: str) -> None:
    bare(f"/claims?count=none&{query}")
    url = f"/claims?count=none&{query}"
    first = steps(app.test_client(), url)
    cursor = app.test_client().get(url).json["meta"]["next_cursor"]
    # two walks along the index, merged
    assert steps(app.test_client(), f"{url}&cursor={cursor}") <= 2 * first


UNDATED = 20_000


@pytest.fixture(scope="module")
def undated(app: Flask) -> Iterator[FlaskClient]:
    """A client of a dataset of undated claims."""
    client = app.test_client()
    with scratch():
        synthetic.fill(UNDATED, dated=False)
        yield client


@pytest.mark.parametrize("query", ["", "coder=ab", "stance=oppose", "attribution=direct"])
def test_a_page_deep_among_equal_dates(undated: FlaskClient, query: str) -> None:
    """Of claims of one date, or of none, the last page costs no more than the first."""
    url = f"/claims?count=none&{query}"
    first = steps(undated, f"{url}&limit=50")
    page = undated.get(f"{url}&limit=200").json
    for _ in range(12):
        page = undated.get(f"{url}&limit=200&cursor={page['meta']['next_cursor']}").json
    assert steps(undated, f"{url}&limit=50&cursor={page['meta']['next_cursor']}") <= 1.5 * first
