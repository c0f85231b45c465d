"""Cursors: bound to path, filters and sort, signed, and valid after a load."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.query.cursor import encode_cursor
from models.database.connection import database
from models.opening import open_dataset
from tests.api.crowd import most_claims
from tests.api.world import LISTS, ids_of

ACTOR = most_claims("actor")


def cursor_of(client: FlaskClient, url: str) -> str:
    """The cursor of a list's second page."""
    cursor = client.get(url).json["meta"]["next_cursor"]
    assert cursor
    return cursor


def is_refused(client: FlaskClient, url: str) -> bool:
    """Whether the API refuses the cursor of a URL."""
    response = client.get(url)
    assert response.status_code in (200, 400), response.text
    if response.status_code == 400:
        assert response.json["code"] == "bad-cursor"
        assert response.json["errors"][0]["parameter"] == "cursor"
    return response.status_code == 400


@pytest.mark.parametrize(
    ("first_url", "other_url"),
    [
        ("claims?limit=1", "events?limit=1"),
        ("claims?limit=1", "claims?limit=1&status=coded"),
        ("claims?limit=1&status=coded", "claims?limit=1"),
        ("claims?limit=1&status=coded", "claims?limit=1&status=verified"),
        ("claims?limit=1", "claims?limit=1&sort=date"),
        ("claims?limit=1&sort=id", "claims?limit=1&sort=-id"),
        ("claims?limit=1", f"actors/{ACTOR}/claims?limit=1"),
        (f"actors/{ACTOR}/claims?limit=1", f"claims?limit=1&actor={ACTOR}"),
        (f"claims?limit=1&actor={ACTOR}", f"claims?limit=1&actor=actor:{ACTOR}"),
        ("claims?limit=1&from_date=2024", "claims?limit=1&from_date=2024-01"),
        ("actors?limit=1", "actors?limit=1&kind=person"),
        ("sources?limit=1", "sources?limit=1&updated_since=2025-01-01"),
    ],
)
def test_cursor_is_bound_to_path_filters_and_sort(
    crowded: FlaskClient, first_url: str, other_url: str
):
    cursor = cursor_of(crowded, f"/v1/{first_url}")
    assert not is_refused(crowded, f"/v1/{first_url}&cursor={cursor}")
    assert is_refused(crowded, f"/v1/{other_url}&cursor={cursor}")


@pytest.mark.parametrize(
    ("first_url", "next_url"),
    [
        ("/v1/claims?limit=1", "/v1/claims?limit=3"),
        ("/v1/claims?limit=1", "/v1/claims"),
        ("/v1/claims?limit=1", "/v1/claims?limit=2&count=none"),
        ("/v1/claims?limit=1&count=none", "/v1/claims?limit=1"),
        ("/v1/claims?limit=1", "/v1/claims?limit=1&sort=-date"),
        ("/v1/claims?limit=1", "/claims?limit=1"),
        ("/claims?limit=1", "/v1/claims?limit=1"),
        (f"/actors/{ACTOR}/claims?limit=1", f"/v1/actors/{ACTOR}/claims?limit=1"),
        (
            "/v1/claims?limit=1&status=coded&status=verified",
            "/v1/claims?status=verified&limit=1&status=coded",
        ),
        (
            "/v1/claims?limit=1&status=coded&from_date=0001",
            "/v1/claims?from_date=0001&status=coded&status=coded",
        ),
    ],
)
def test_cursor_is_valid_for_an_equivalent_url(crowded: FlaskClient, first_url: str, next_url: str):
    cursor = cursor_of(crowded, first_url)
    expected = ids_of(crowded.get("/v1/claims?limit=200").json)
    if ACTOR in first_url:
        expected = ids_of(crowded.get(f"/v1/actors/{ACTOR}/claims?limit=200").json)
    elif "status=coded" in first_url and "verified" not in first_url:
        expected = ids_of(crowded.get("/v1/claims?limit=200&status=coded&from_date=0001").json)
    separator = "&" if "?" in next_url else "?"
    ids = ids_of(crowded.get(f"{next_url}{separator}cursor={cursor}").json)
    assert ids == expected[1 : 1 + len(ids)]
    assert ids


def test_every_page_can_be_requested_again(crowded: FlaskClient):
    cursor = cursor_of(crowded, "/v1/claims?limit=5")
    page = crowded.get(f"/v1/claims?limit=5&cursor={cursor}")
    same_page = crowded.get(f"/v1/claims?cursor={cursor}&limit=5")
    assert (page.data, page.headers["ETag"]) == (same_page.data, same_page.headers["ETag"])


def forgeries(cursor: str) -> dict[str, str]:
    """Forged cursors, by the kind of forgery."""
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    other_letter = "B" if cursor[0] == "A" else "A"
    return {
        "first character": other_letter + cursor[1:],
        "middle character": cursor[:5] + ("B" if cursor[5] == "A" else "A") + cursor[6:],
        "truncated": cursor[:-4],
        "one character": cursor[:1],
        "longer": cursor + "AAAA",
        "doubled": cursor * 2,
        "other position": base64.urlsafe_b64encode(raw[:8] + b"[null,1]").decode().rstrip("="),
        "no position": base64.urlsafe_b64encode(raw[:8]).decode().rstrip("="),
        "no signature": base64.urlsafe_b64encode(raw[8:]).decode().rstrip("="),
        "no base64": "%21%21",
        "not ascii": "%C3%A9" * 8,
        "arabic digits": "%D9%A1" * 12,
        "page number": "2",
        "too long": "A" * 2001,
        "a url": "https://example.org/?cursor=x".replace("?", "%3F"),
    }


@pytest.mark.parametrize("kind", list(forgeries("A" * 40)))
@pytest.mark.parametrize("url", ["/v1/claims?limit=1", "/v1/actors?limit=1&sort=id"])
def test_forged_cursor_is_refused(crowded: FlaskClient, url: str, kind: str):
    forged = forgeries(cursor_of(crowded, url))[kind]
    assert is_refused(crowded, f"{url}&cursor={forged}")


@pytest.mark.parametrize("cursor", ["", "%20"])
def test_empty_cursor_is_an_invalid_value(crowded: FlaskClient, cursor: str):
    response = crowded.get(f"/v1/claims?limit=1&cursor={cursor}")
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    assert [error["parameter"] for error in response.json["errors"]] == ["cursor"]


@pytest.mark.parametrize(
    "position",
    [[1], [1, 2, 3], {}, 7, "x", None, [{}, 1], [[], 1], [2**63, 1], [1, None]],
    ids=str,
)
def test_forged_position_is_refused_though_its_signature_is_right(
    crowded: FlaskClient, position: object
):
    dataset_id = crowded.get("/v1").json["dataset"].rpartition("-")[0]
    binding = f"{dataset_id}\n/v1/claims\n".encode()
    forged = encode_cursor(position, binding)
    assert is_refused(crowded, f"/v1/claims?limit=1&cursor={forged}")


def test_cursor_of_another_database_is_refused(app: Flask, crowd_url: str, world_url: str):
    client = app.test_client()
    open_dataset(crowd_url)
    cursors = {path: cursor_of(client, f"/v1/{path}?limit=1") for path in LISTS}
    database.close()
    open_dataset(world_url)
    assert all(
        is_refused(client, f"/v1/{path}?limit=1&cursor={cursor}")
        for path, cursor in cursors.items()
    )
    database.close()


@pytest.mark.parametrize("sort", ["id", "-id", "-date", "date", "updated_at"])
def test_cursor_is_valid_after_a_load(load: Callable, client: FlaskClient, sort: str):
    def claims(*ids: str) -> list[dict]:
        return [{"id": id, "text": "C", "actor": "x", "date": f"20{id}"} for id in ids]

    load(actors=[{"id": "x", "name": "X"}], claims=claims("10", "20", "30", "40", "50"))
    ids_before = ids_of(client.get(f"/v1/claims?sort={sort}").json)
    cursor = cursor_of(client, f"/v1/claims?sort={sort}&limit=2")
    load(claims=claims("05", "25", "35", "60"))
    load(actors=[{"id": "y", "name": "Y"}])
    next_ids: list[str] = []
    while cursor:
        response = client.get(f"/v1/claims?sort={sort}&limit=2&cursor={cursor}")
        assert response.status_code == 200
        assert response.json["meta"]["total"] == 9
        next_ids += ids_of(response.json)
        cursor = response.json["meta"]["next_cursor"]
    assert len(next_ids) == len(set(next_ids))
    assert [id for id in next_ids if id in ids_before] == ids_before[2:]
    ids_after = ids_of(client.get(f"/v1/claims?sort={sort}").json)
    assert next_ids == ids_after[ids_after.index(next_ids[0]) :]


def test_cursor_is_valid_after_its_record_was_deleted(load: Callable, client: FlaskClient):
    actors = [{"id": id, "name": id} for id in "abcde"]
    load(actors=actors)
    cursor = cursor_of(client, "/v1/actors?limit=2")
    load(actors=[actor for actor in actors if actor["id"] != "b"], prune=True)
    page = client.get(f"/v1/actors?limit=2&cursor={cursor}").json
    assert ids_of(page) == ["c", "d"]
    assert page["meta"]["total"] == 4


def test_page_beyond_the_end_is_empty(load: Callable, client: FlaskClient):
    actors = [{"id": id, "name": id} for id in "abcde"]
    load(actors=actors)
    cursor = cursor_of(client, "/v1/actors?limit=2")
    load(actors=actors[:2], prune=True)
    page = client.get(f"/v1/actors?limit=2&cursor={cursor}").json
    assert (ids_of(page), page["meta"]["total"]) == ([], 2)
    assert page["meta"]["next_cursor"] is None
    uncounted = client.get(f"/v1/actors?limit=2&count=none&cursor={cursor}").json
    assert (ids_of(uncounted), uncounted["meta"]["total"]) == ([], None)
