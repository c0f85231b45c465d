"""Every filter, alone, in pairs and in any company, finds what a plain search finds."""

from __future__ import annotations

from itertools import combinations
from random import Random

import orjson
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.oracle import (
    FILTERS,
    HAS,
    LISTS,
    MOMENTS,
    SINGLE,
    SORTS,
    Made,
    Oracle,
    Query,
    days,
    loaded,
    queries,
    url,
)
from tests.api.world import ids_of, pages

SEEDS = (1, 2)
# `has` and `match` beside them, on claims
COMPANY = {**FILTERS, "claims": [*FILTERS["claims"], "has"]}


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"dataset {seed}")
def made_dataset(
    request: pytest.FixtureRequest, app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Oracle]:
    return loaded(app, tmp_path_factory.mktemp("made"), request.param)


def agree(made: Made, section: str, query: Query) -> list[str]:
    """Ask the API and the plain search; both say the same."""
    response = made.client.get(url(section, [*query, ("limit", "200")]))
    if ends_before_it_begins(query):
        assert response.status_code == 422, url(section, query)
        return []
    assert response.status_code == 200, response.text
    expected = made.oracle.ids(section, query)
    answer = orjson.loads(response.data)
    assert ids_of(answer) == expected, url(section, query)
    assert answer["meta"]["total"] == len(expected), url(section, query)
    # counted, where the page does not hold all
    short = made.client.get(url(section, [*query, ("limit", "1")])).json
    assert short["meta"]["total"] == len(expected), url(section, query)
    return expected


def ends_before_it_begins(query: Query) -> bool:
    asked = dict(query)
    if "from_date" not in asked or "to_date" not in asked:
        return False
    return days(asked["to_date"])[1] < days(asked["from_date"])[0]


def test_the_datasets_are_what_was_loaded(dataset_made: Made, made_dataset: tuple[str, Oracle]):
    sections = dataset_made.oracle.sections
    assert len(sections["claims"]) == 60
    statuses = [one["status"] for one in sections["claims"]]
    assert set(statuses) == {"coded", "verified", "draft", "withdrawn"}
    assert set(dataset_made.oracle.updated.values()) == set(MOMENTS)
    for section in LISTS:
        for record in sections[section]:
            document = dataset_made.client.get(f"/v1/{section}/{record['id']}").json
            ref = (section.removesuffix("s"), record["id"])
            assert document["updated_at"] == dataset_made.oracle.updated[ref]


@pytest.mark.parametrize("section", LISTS)
def test_every_filter_alone(dataset_made: Made, section: str):
    random = Random(section)
    for name in FILTERS[section]:
        values = dataset_made.oracle.values[section, name]
        found = {
            tuple(agree(dataset_made, section, [(name, value)]))
            for value in random.sample(values, min(50, len(values)))
        }
        assert len(found) > 1, f"{name} tells nothing apart"


@pytest.mark.parametrize("section", LISTS)
def test_every_two_filters(dataset_made: Made, section: str):
    random = Random(section)
    found = 0
    for names in combinations(COMPANY[section], 2):
        for _ in range(2):
            query = [one for name in names for one in some_of(random, dataset_made, section, name)]
            if section == "claims" and random.random() < 0.5:
                query.append(("match", "all"))
            found += bool(agree(dataset_made, section, query))
    assert found > 5


def some_of(random: Random, made: Made, section: str, name: str) -> Query:
    if name == "has":
        words = [*HAS, *(f"!{word}" for word in HAS)]
        return [(name, ",".join(random.sample(words, random.randint(1, 2))))]
    values = made.oracle.values[section, name]
    # values that exclude are half of them; a query of these alone finds nearly everything
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
def test_any_filters_together(dataset_made: Made, section: str, data: st.DataObject):
    query = data.draw(queries(dataset_made.oracle.values, section), label="query")
    expected = agree(dataset_made, section, query)
    sort = data.draw(
        st.sampled_from([f"{sign}{one}" for one in SORTS[section] for sign in ("", "-")])
    )
    in_order = [*query, ("sort", sort)]
    assert sorted(agree(dataset_made, section, in_order)) == sorted(expected)
    if expected:
        walked = pages(dataset_made.client, url(section, in_order), data.draw(st.integers(1, 7)))
        assert ids_of(*walked) == dataset_made.oracle.ids(section, in_order)
