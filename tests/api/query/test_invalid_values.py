"""Invalid values of filters: the response is 422 and lists all of them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

# filters of an enumeration: ! excludes nothing there
ENUMERATED = [
    ("claims", "form", "!speech"),
    ("claims", "stance", "!support"),
    ("claims", "attribution", "!direct"),
    ("claims", "status", "!draft"),
    ("actors", "kind", "!group"),
    ("organizations", "kind", "!state"),
    ("events", "kind", "!summit"),
    ("sources", "kind", "!article"),
]

INVALID = [
    *ENUMERATED,
    ("claims", "form", "Speech"),
    ("claims", "form", "song"),
    ("claims", "stance", "for"),
    ("claims", "status", "listed"),
    ("claims", "attribution", "free"),
    ("actors", "kind", "state"),
    ("organizations", "kind", "person"),
    ("events", "kind", "party"),
    ("sources", "kind", "book"),
    ("claims", "language", "e"),
    ("claims", "language", "en_GB"),
    ("claims", "language", "english"),
    ("claims", "language", "%"),
    ("claims", "language", "!"),
    ("claims", "country", "!"),
    ("claims", "actor", "!"),
    ("claims", "about", "! "),
    ("claims", "place", "---"),
    ("claims", "place", "!Antalya"),
    ("claims", "role", "!President"),
    ("claims", "rating", "!False"),
    ("claims", "coder", "!ann"),
    ("claims", "attribute", "!party:green"),
    ("claims", "attribute", "party"),
    ("claims", "attribute", ":green"),
    ("claims", "verdict", "!false"),
    ("actors", "role", "?!"),
    ("claims", "identifier", "Q1"),
    ("claims", "identifier", ":Q1"),
    ("claims", "identifier", "wikidata:"),
    ("claims", "facet_limit", "1001"),
    ("claims", "facet_limit", "-1"),
    ("claims", "facet_limit", "all"),
    ("claims", "updated_since", "yesterday"),
    ("claims", "updated_since", "2026-02-30"),
    ("claims", "updated_since", "2026-01-02T03:04:05"),
    ("claims", "updated_since", "2026-01-02T25:04:05Z"),
    ("claims", "updated_since", "2026-02-30T03:04:05Z"),
    ("claims", "updated_since", "2026-01-02T03:04:05+24:00"),
    ("claims", "updated_since", "2026-01-02T03:04:05+0200"),
    ("claims", "updated_since", "2026-01-02+02:00"),
    ("claims", "updated_since", "0001-01-01T00:00:00+02:00"),
    ("claims", "updated_since", "9999-12-31T23:59:59-02:00"),
    *[
        (path, name, value)
        for path, names in {
            "claims": ("date", "from_date", "to_date"),
            "sources": ("date", "from_date", "to_date"),
            "events": ("date", "from_date", "to_date"),
            "actors": ("as_of",),
        }.items()
        for name in names
        for value in ("2025-02-30", "2025-13", "25", "2025-5", "0000", "2025-05-14T00:00", "May")
    ],
]


@pytest.mark.parametrize(("path", "name", "value"), INVALID)
def test_invalid_value_is_422(world: FlaskClient, path: str, name: str, value: str):
    response = world.get(f"/v1/{path}", query_string={name: value})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == (name, value)
    assert error["message"]


@pytest.mark.parametrize("path", ["claims", "events", "sources"])
@pytest.mark.parametrize(
    "query",
    [
        "from_date=2025-05-15&to_date=2025-05-14",
        "from_date=2026&to_date=2025",
        "from_date=2025-06&to_date=2025-05-31",
        "from_date=2025-06-01&to_date=2025-05",
    ],
)
def test_from_date_after_to_date_is_422(world: FlaskClient, path: str, query: str):
    response = world.get(f"/v1/{path}?{query}")
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    assert response.json["errors"][0]["parameter"] in ("from_date", "to_date")


def test_response_lists_all_invalid_values(world: FlaskClient):
    response = world.get("/v1/claims?form=song&limit=0&date=never&stance=suport")
    errors = {error["parameter"]: error for error in response.json["errors"]}
    assert set(errors) == {"form", "limit", "date", "stance"}
    assert errors["stance"]["suggestion"] == "support"
