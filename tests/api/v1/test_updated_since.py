"""`updated_since` shows every change, even after the clock was set back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from seeds.removal import remove
from tests.conftest import Load

EARLY, LATE = "2026-01-02T03:04:05.123456Z", "2030-01-02T03:04:05.123456Z"
ANN, BOB = {"id": "ann", "name": "Ann"}, {"id": "bob", "name": "Bob"}
TOPIC = {"id": "peace", "name": "Peace"}


def add(load: Load) -> None:
    load(actors=[{"id": "new", "name": "New"}], time=EARLY)


def change(load: Load) -> None:
    load(actors=[{"id": "ann", "name": "Ann Other"}], time=EARLY)


def rename(load: Load) -> None:
    load(actors=[{"id": "anna", "name": "Ann", "former_ids": ["ann"]}], time=EARLY)


def remove_then_change(load: Load) -> None:
    remove("actor", ["bob"], clock=lambda: EARLY)
    change(load)


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (add, {"new": LATE}),
        (change, {"ann": LATE}),
        (rename, {"anna": LATE}),
        (remove_then_change, {"ann": LATE}),
    ],
)
def test_a_change_after_the_clock_was_set_back(
    client: FlaskClient, load: Load, write: Callable[[Load], None], expected: dict[str, str]
):
    load(actors=[ANN, BOB], time=EARLY)
    # the last change is of another type
    load(topics=[TOPIC], time=LATE)
    write(load)
    data = client.get(f"/v1/actors?updated_since={LATE}").json["data"]
    assert {record["id"]: record["updated_at"] for record in data} == expected


def test_time_goes_on_when_the_clock_is_right_again(client: FlaskClient, load: Load):
    load(actors=[ANN], time=EARLY)
    load(actors=[BOB], time=LATE)
    data = client.get("/v1/actors?sort=id").json["data"]
    assert [record["updated_at"] for record in data] == [EARLY, LATE]
