"""Memberships on pages: their dates, the latest first, and many of them."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.api.pages.html import get_page

SECRETARIES = [
    {"organization": "nato", "role": "Envoy", "start_date": "1999", "end_date": "2001"},
    {"organization": "nato", "role": "Secretary", "start_date": "2014-10-01",
     "end_date": "2024-10-01"},
    {"organization": "norway", "role": "Minister", "start_date": "2025-02-04"},
    {"organization": "nato", "role": "Adviser", "end_date": "1998"},
]  # fmt: skip
ORGANIZATIONS = [
    {"id": "nato", "name": "NATO", "kind": "alliance"},
    {"id": "norway", "name": "Norway", "kind": "state"},
]


def shown(client: FlaskClient, path: str) -> str:
    return " ".join(get_page(client, path).text.split())


def test_rows_and_members_have_the_dates_of_their_latest_roles(load: Callable, client: FlaskClient):
    load(
        organizations=ORGANIZATIONS,
        actors=[{"id": "a", "name": "Jens Stoltenberg", "memberships": SECRETARIES}],
    )
    row = (
        "Jens Stoltenberg Minister, Norway, since 4 February 2025 · "
        "Secretary, NATO, 1 October 2014 to 1 October 2024 · no claims"
    )
    assert row in shown(client, "/actors")
    member = "Members Jens Stoltenberg Secretary, 1 October 2014 to 1 October 2024 Cite"
    assert member in shown(client, "/organizations/nato")
    roles = (
        "Minister Norway, since 4 February 2025 Secretary NATO, 1 October 2014 to 1 October 2024 "
        "Envoy NATO, 1999 to 2001 Adviser NATO, until 1998"
    )
    assert roles in shown(client, "/actors/a")


def test_many_roles_are_folded(load: Callable, client: FlaskClient):
    roles = [
        {"organization": "nato", "role": f"Role {year}", "start_date": str(year)}
        for year in range(1901, 2021)
    ]
    load(organizations=ORGANIZATIONS, actors=[{"id": "a", "name": "A", "memberships": roles}])
    text = shown(client, "/actors/a")
    assert "Role 2011 NATO, since 2011 110 more roles Role 2010 NATO, since 2010 " in text
    details = [tag for tag, _ in get_page(client, "/actors/a").elements].count("details")
    assert details == 2
