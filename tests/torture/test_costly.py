"""The attack of costly queries: its questions, and what it takes for a fault."""

from __future__ import annotations

import random
from typing import Any

import pytest
from flask.testing import FlaskClient

from torture.costly import FACETS, QUESTIONS, costly_path, faults_of

VALUES = {name: [f"{name}-{n}" for n in range(60)] for name in (*FACETS, "place")}
VALUES["date"] = [f"{year}-{month:02d}" for year in range(2020, 2025) for month in range(1, 13)]
QUIET: dict[str, Any] = {"slowest": 0.5, "errors": {}}


@pytest.mark.parametrize(
    ("question", "name", "count"),
    [
        ("months", "date", 50),
        ("places", "place", 50),
        ("topics", "topic", 50),
        ("exclusions", "event", 50),
    ],
)
def test_a_question_has_fifty_values(question: str, name: str, count: int):
    assert costly_path(question, VALUES, random.Random(1)).count(f"{name}=") == count


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_well_formed(client: FlaskClient, question: str):
    # the dataset has none of its topics and places
    known = {name: values if name in ("date", "place") else [] for name, values in VALUES.items()}
    assert client.get(costly_path(question, known, random.Random(1))).status_code == 200


@pytest.mark.parametrize(
    ("kinds", "faults"),
    [
        ({"healthz": QUIET, "pages": {**QUIET, "slowest": 9.0}}, []),
        ({"healthz": {**QUIET, "slowest": 1.5}, "pages": QUIET}, ["topics: /healthz took 1.5 s"]),
        ({"healthz": QUIET, "pages": {**QUIET, "errors": {"503": 2}}}, ["topics, pages: 2 × 503"]),
    ],
)
def test_faults(kinds: dict, faults: list[str]):
    assert faults_of({"topics": kinds}) == faults
