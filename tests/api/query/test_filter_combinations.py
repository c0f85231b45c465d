"""Every filter agrees with the oracle: alone, in pairs and in random combinations."""

from __future__ import annotations

from itertools import combinations
from random import Random

import orjson
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.list_parameters import FILTERS, HAS, LISTS, SINGLE, SORTS, Query, url
from tests.api.oracle import Made, Oracle, loaded
from tests.api.plain_records import days
from tests.api.random_dataset import MOMENTS
from tests.api.random_queries import queries
from tests.api.world import ids_of, pages

SEEDS = (1, 2)
# the parameters that are tried in pairs
PAIRED = {**FILTERS, "claims": [*FILTERS["claims"], "has"]}


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"dataset {seed}")
def made_dataset(
    request: pytest.FixtureRequest, app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Oracle]:
    return loaded(app, tmp_path_factory.mktemp("made"), request.param)


def agreed_ids(made: Made, section: str, query: Query) -> list[str]:
    """The ids of a list, on which the API and the oracle must agree."""
    response = made.client.get(url(section, [*query, ("limit", "200")]))
    if to_date_before_from_date(query):
        assert response.status_code == 422, url(section, query)
        return []
    assert response.status_code == 200, response.text
    expected = made.oracle.ids(section, query)
    page = orjson.loads(response.data)
    assert ids_of(page) == expected, url(section, query)
    assert page["meta"]["total"] == len(expected), url(section, query)
    # a page that does not hold the whole list needs a query for the total
    short_page = made.client.get(url(section, [*query, ("limit", "1")])).json
    assert short_page["meta"]["total"] == len(expected), url(section, query)
    return expected


def to_date_before_from_date(query: Query) -> bool:
    parameters = dict(query)
    if "from_date" not in parameters or "to_date" not in parameters:
        return False
    return days(parameters["to_date"])[1] < days(parameters["from_date"])[0]


def test_random_dataset_has_all_statuses_and_moments(
    dataset_made: Made, made_dataset: tuple[str, Oracle]
):
    sections = dataset_made.oracle.sections
    assert len(sections["claims"]) == 70
    statuses = [claim["status"] for claim in sections["claims"]]
    assert set(statuses) == {"coded", "verified", "draft", "withdrawn"}
    assert set(dataset_made.oracle.updated.values()) == set(MOMENTS)
    for section in LISTS:
        for record in sections[section]:
            document = dataset_made.client.get(f"/v1/{section}/{record['id']}").json
            ref = (section.removesuffix("s"), record["id"])
            assert document["updated_at"] == dataset_made.oracle.updated[ref]


@pytest.mark.parametrize("section", LISTS)
def test_every_filter_agrees_with_the_oracle(dataset_made: Made, section: str):
    random = Random(section)
    for name in FILTERS[section]:
        values = dataset_made.oracle.values[section, name]
        lists = {
            tuple(agreed_ids(dataset_made, section, [(name, value)]))
            for value in random.sample(values, min(50, len(values)))
        }
        lists.add(tuple(agreed_ids(dataset_made, section, [])))
        # each of the three stances may be in every source
        assert len(lists) > 1 or len(values) == 3, (
            f"all values of {name} give the same list: add values to VALUES in"
            " tests/api/random_queries.py, or records to tests/api/random_dataset.py"
        )


@pytest.mark.parametrize("section", LISTS)
def test_every_pair_of_filters_agrees_with_the_oracle(dataset_made: Made, section: str):
    random = Random(section)
    lists_with_records = 0
    for names in combinations(PAIRED[section], 2):
        for _ in range(2):
            query = [
                pair for name in names for pair in random_query(random, dataset_made, section, name)
            ]
            if section == "claims" and random.random() < 0.5:
                query.append(("match", "all"))
            lists_with_records += bool(agreed_ids(dataset_made, section, query))
    assert lists_with_records > 5


def random_query(random: Random, made: Made, section: str, name: str) -> Query:
    """A query for some values of one filter."""
    if name == "has":
        words = [*HAS, *(f"!{word}" for word in HAS)]
        return [(name, ",".join(random.sample(words, random.randint(1, 2))))]
    values = made.oracle.values[section, name]
    count = 1 if name in SINGLE else random.randint(1, min(3, len(values)))
    return [(name, value) for value in random.sample(values, count)]


@pytest.mark.parametrize("section", LISTS)
@settings(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_random_combinations_agree_with_the_oracle(
    dataset_made: Made, section: str, data: st.DataObject
):
    query = data.draw(queries(dataset_made.oracle.values, section), label="query")
    expected = agreed_ids(dataset_made, section, query)
    sort = data.draw(
        st.sampled_from([f"{sign}{sort}" for sort in SORTS[section] for sign in ("", "-")])
    )
    sorted_query = [*query, ("sort", sort)]
    assert sorted(agreed_ids(dataset_made, section, sorted_query)) == sorted(expected)
    if expected:
        limit = data.draw(st.integers(1, 7))
        fetched = pages(dataset_made.client, url(section, sorted_query), limit)
        assert ids_of(*fetched) == dataset_made.oracle.ids(section, sorted_query)
