"""The hint in the problem of an unknown parameter."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from api.query.hints import SYNONYMS, letters
from tests.api.http.problems import problem_of

# (path, unknown parameter, hint)
CASES = [
    # near by letters
    ("claims", "actr", "actor"),
    ("claims", "acotr", "actor"),
    ("claims", "xactor", "actor"),
    ("claims", "actors", "actor"),
    ("claims", "limt", "limit"),
    ("claims", "topik", "topic"),
    ("claims", "organisation", "organization"),
    ("claims", "organisations", "organization"),
    ("claims", "adressee", "addressee"),
    ("claims", "updated_sinse", "updated_since"),
    ("claims", "stanse", "stance"),
    ("claims", "hass", "has"),
    ("actors", "roles", "role"),
    ("actors/rutte", "field", "fields"),
    ("actors/rutte", "includes", "include"),
    ("actors/rutte/claims", "topik", "topic"),
    ("actors/rutte/memberships", "limits", "limit"),
    ("events", "places", "place"),
    ("sources", "orgin", "origin"),
    ("changes", "sinse", "since"),
    # without case and punctuation
    ("claims", "Actor", "actor"),
    ("claims", "ID", "id"),
    ("claims", "fromDate", "from_date"),
    ("claims", "from-date", "from_date"),
    ("claims", "topic[]", "topic"),
    # names that other APIs use
    ("claims", "per_page", "limit"),
    ("claims", "perPage", "limit"),
    ("claims", "pageSize", "limit"),
    ("claims/spend/reports", "per_page", "limit"),
    ("claims", "page", "cursor"),
    ("claims", "offset", "cursor"),
    ("changes", "offset", "cursor"),
    ("claims", "order", "sort"),
    ("claims", "order_by", "sort"),
    ("claims", "sortBy", "sort"),
    ("claims", "from", "from_date"),
    ("claims", "since", "from_date"),
    ("events", "since", "from_date"),
    ("actors", "since", "updated_since"),
    ("claims", "to", "to_date"),
    ("claims", "until", "to_date"),
    ("claims", "year", "date"),
    ("claims", "lang", "language"),
    ("claims", "speaker", "actor"),
    ("claims", "search", "q"),
    ("claims", "query", "q"),
    ("claims", "text", "q"),
    ("actors", "search", "q"),
    ("positions", "text", "q"),
    ("actors", "type", "kind"),
    ("actors", "ids", "id"),
    ("actors/rutte", "expand", "include"),
    ("topics", "select", "fields"),
    # neither
    ("claims", "xyz", None),
    ("claims", "colour", None),
    ("claims", "", None),
    ("claims", "[]", None),
    ("claims", "is", None),
    ("claims", "as", None),
    ("claims", "hat", None),
    ("claims", "axtorx", None),
    ("claims", "state", None),
    ("claims", "actor.name", None),
    ("claims", "x" * 300, None),
    ("claims", "organization" * 20, None),
    # no parameter is for the list's own names
    ("claims", "name", None),
    ("actors", "name", None),
    ("sources", "title", None),
    # the path takes no such parameter
    ("actors", "from", None),
    ("actors", "to", None),
    ("actors", "year", None),
    ("actors", "form", None),
    ("actors", "actor", None),
    ("topics", "type", None),
    ("events", "form", None),
    ("sources", "coder", None),
    ("actors/rutte", "per_page", None),
    ("actors/rutte", "search", None),
    ("actors/rutte/memberships", "query", None),
    ("actors/rutte", "limit", None),
    ("actors/rutte/claims", "actor", None),
    ("actors/rutte/memberships", "order", None),
    ("export", "limit", None),
    ("problems/not-found", "field", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "name", "hint"), CASES, ids=[f"{path} {name:.20}" for path, name, _ in CASES]
)
def test_a_hint_is_near_or_absent(world: FlaskClient, path: str, name: str, hint: str | None):
    response = world.get(f"/v1/{path}", query_string={name: "x"})
    problem = problem_of(response, "unknown-parameter")
    (error,) = problem["errors"]
    assert (error["parameter"], error["suggestion"]) == (name[:200], hint)
    sentence = f"did you mean {hint!r}?" if hint else f"has no parameter {name[:200]!r}. It takes"
    assert sentence in problem["detail"]


def test_each_unknown_parameter_has_its_own_hint(world: FlaskClient):
    problem = problem_of(world.get("/v1/claims?colour=x&limits=1&page=2"), "unknown-parameter")
    assert [(error["parameter"], error["suggestion"]) for error in problem["errors"]] == [
        ("colour", None),
        ("limits", "limit"),
        ("page", "cursor"),
    ]


def test_synonyms_have_neither_case_nor_punctuation():
    assert [name for name in SYNONYMS if name != letters(name)] == []
