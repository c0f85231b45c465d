"""If-Dataset-At-Least: no answer is of an older version than the client names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app

HEADER = "If-Dataset-At-Least"
ACTOR = {"id": "a", "name": "Ada Lund"}
PATHS = ["/v1", "/v1/actors?name=x", "/v1/actors/a", "/v1/changes", "/v1/export", "/v1/resolve"]


@pytest.fixture(scope="module")
def caching_app(app: Flask) -> Flask:
    return create_app(DATABASE_URL=app.config["DATABASE_URL"], CACHE_MB=8)


@pytest.fixture(params=["cached", "not cached"])
def names(
    request: pytest.FixtureRequest, app: Flask, caching_app: Flask, load: Callable
) -> tuple[FlaskClient, list[str]]:
    """A client, and the names of the versions of the dataset."""
    client = (caching_app if request.param == "cached" else app).test_client()
    versions = []
    for name in ("Ada Lund", "Ada Lind"):
        load(actors=[{**ACTOR, "name": name}])
        versions.append(client.get("/v1").json["dataset"])
    return client, versions


def changed(name: str, **parts: str) -> str:
    """A version's name with other parts."""
    id, version, token = name.split("-")
    return "-".join({"id": id, "version": version, "token": token, **parts}.values())


def send(client: FlaskClient, path: str, **headers: str):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if path == "/v1/resolve":
        queries = [{"parameter": "actor", "name": "Ada Lind"}]
        return client.post(path, json={"queries": queries}, headers=headers)
    return client.get(path.replace("?name=x", "?id=a"), headers=headers)


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_is_of_the_named_version_or_a_later_one(
    names: tuple[FlaskClient, list[str]], path: str
) -> None:
    client, (first, second) = names
    later, other_token = changed(second, version="3"), changed(second, token="0" * 16)
    for _ in range(2):
        for known, status, code in [
            (second, 200, None),
            (first, 200, None),
            (f" {first} ", 200, None),
            (later, 503, "database-unavailable"),
            (changed(second, id="0" * 16), 410, "resync"),
            (changed(later, id="0" * 16), 410, "resync"),
            (other_token, 410, "resync"),
            (changed(first, token="0" * 16), 410, "resync"),
        ]:
            response = send(client, path, If_Dataset_At_Least=known)
            assert response.status_code == status, known
            if code:
                assert response.json["code"] == code
                (error,) = response.json["errors"]
                assert (error["parameter"], error["value"]) == (HEADER, known)
            assert response.headers.get("Retry-After") == ("1" if status == 503 else None)


@pytest.mark.parametrize(
    "known",
    ["", "x", "1-2-3", "0" * 16, f"{'0' * 16}-1-{'0' * 15}", f"{'0' * 16}--{'0' * 16}",
     f"{'0' * 16}-1234567890-{'0' * 16}", f"{'0' * 16}-١-{'0' * 16}", "é" * 300],
)  # fmt: skip
def test_a_malformed_version_is_refused(names: tuple[FlaskClient, list[str]], known: str) -> None:
    client, _ = names
    for path in ("/v1/actors?id=a", "/v1/export"):
        for _ in range(2):
            response = client.get(path, headers={HEADER: known.encode().decode("latin-1")})
            assert (response.status_code, response.json["code"]) == (422, "invalid-value")
            assert response.json["errors"][0]["parameter"] == HEADER


def test_a_client_that_has_the_answer_is_told_so_only_of_a_version_that_is_there(
    names: tuple[FlaskClient, list[str]],
) -> None:
    client, (first, second) = names
    tag = client.get("/v1/actors").headers["ETag"]
    headers = {"If-None-Match": tag, HEADER: first}
    assert client.get("/v1/actors", headers=headers).status_code == 304
    headers[HEADER] = changed(second, version="9")
    assert client.get("/v1/actors", headers=headers).status_code == 503
