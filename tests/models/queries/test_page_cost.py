"""The cost of a page, in instructions of SQLite, does not grow with the dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.database.connection import database
from tests.api.database_queries import count_steps
from tests.engines import on_sqlite, scratch
from tests.models import synthetic

pytestmark = on_sqlite


# for a URL: the steps in a small and in a large dataset
CountBoth = Callable[[str], tuple[int, int]]


def two_datasets(app: Flask, small: int, large: int, links: bool) -> Iterator[CountBoth]:
    """Count steps in a small dataset, and in a dataset ten times as large."""
    client = app.test_client()
    with scratch():
        synthetic.fill(small, links=links)
        small_database = database.obj
        with scratch():
            synthetic.fill(large, links=links)
            large_database = database.obj

            def count_both(url: str) -> tuple[int, int]:
                database.initialize(small_database)
                small_steps = count_steps(client, url, rows=50)
                database.initialize(large_database)
                return small_steps, count_steps(client, url, rows=50)

            yield count_both
            database.initialize(large_database)


@pytest.fixture(scope="module")
def unlinked(app: Flask) -> Iterator[CountBoth]:
    """10,000 and 100,000 claims without links."""
    yield from two_datasets(app, 10_000, 100_000, links=False)


@pytest.fixture(scope="module")
def linked(app: Flask) -> Iterator[CountBoth]:
    """3,000 and 30,000 claims with a link of each kind."""
    yield from two_datasets(app, 3_000, 30_000, links=True)


def check_steps(small: int, large: int) -> None:
    assert 50 < small < 40_000
    # a second filter drops some claims of the scan: their number is chance
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
        "claimant=actor-1",
        "event=event-161",
        "event=event-161&sort=date",
        "event=event-161&to_date=1995",
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
def test_a_page_of_50_by_a_column(unlinked: CountBoth, query: str) -> None:
    check_steps(*unlinked(f"/claims?count=none&{query}"))


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
def test_a_page_of_50_by_links(linked: CountBoth, query: str) -> None:
    check_steps(*linked(f"/claims?count=none&{query}"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "actor=actor-1",
        "actor=!actor-1",
        "event=event-161",
        "event=!event-161",
        "topic=!topic-101",
        "source=!source-221",
    ],
)
def test_a_total_from_stored_counts_reads_no_claims(linked: CountBoth, query: str) -> None:
    """It takes few more steps than the total of all claims."""
    assert linked(f"/claims?{query}")[1] <= linked("/claims")[1] + 6_000


@pytest.mark.slow
@pytest.mark.parametrize("query", ["actor=actor-1", "", "form=speech"])
def test_the_next_page_takes_at_most_twice_the_steps(
    app: Flask, unlinked: CountBoth, query: str
) -> None:
    """It merges two index scans."""
    url = f"/claims?count=none&{query}"
    unlinked(url)
    first = count_steps(app.test_client(), url, rows=50)
    cursor = app.test_client().get(url).json["meta"]["next_cursor"]
    assert count_steps(app.test_client(), f"{url}&cursor={cursor}", rows=50) <= 2 * first


UNDATED = 20_000


@pytest.fixture(scope="module")
def undated(app: Flask) -> Iterator[FlaskClient]:
    """A client of a dataset with undated claims."""
    client = app.test_client()
    with scratch():
        synthetic.fill(UNDATED, dated=False)
        yield client


@pytest.mark.parametrize("query", ["", "coder=ab", "stance=oppose", "attribution=direct"])
def test_a_deep_page_among_equal_dates_costs_as_much_as_the_first(
    undated: FlaskClient, query: str
) -> None:
    url = f"/claims?count=none&{query}"
    first = count_steps(undated, f"{url}&limit=50", rows=50)
    page = undated.get(f"{url}&limit=200").json
    for _ in range(12):
        page = undated.get(f"{url}&limit=200&cursor={page['meta']['next_cursor']}").json
    cursor = page["meta"]["next_cursor"]
    assert count_steps(undated, f"{url}&limit=50&cursor={cursor}", rows=50) <= 1.5 * first
