"""Answers with absolute URLs: each host gets its own, also from the cache."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from api import create_app
from models.database.connection import disconnect


@pytest.mark.parametrize(
    ("host", "scheme", "mount_point", "base"),
    [
        ("claims.example", "http", "", "http://claims.example"),
        ("claims.example:8443", "https", "/kb", "https://claims.example:8443/kb"),
        ("[::1]:8000", "http", "", "http://[::1]:8000"),
        ("a<b>", "http", "", ""),
    ],
)
def test_each_host_gets_its_own_addresses(
    caching_world: FlaskClient, host: str, scheme: str, mount_point: str, base: str
):
    environ = {"SCRIPT_NAME": mount_point, "wsgi.url_scheme": scheme}
    url = "http://localhost/v1/reconcile"
    before = caching_world.get("/v1/reconcile")
    answers = [
        caching_world.get(url, headers={"Host": host}, environ_overrides=environ) for _ in range(2)
    ]
    for answer in answers:
        assert answer.json["view"]["url"] == f"{base}/v1/reconcile/{{{{id}}}}"
        assert answer.headers["ETag"] != before.headers["ETag"]
    assert answers[1].headers["Cache-Status"] == "claimbase; hit"
    assert caching_world.get("/v1/reconcile").json == before.json


def test_the_setting_of_the_public_url_wins(world_url: str):
    app = create_app(DATABASE_URL=world_url, PUBLIC_URL="https://claims.example/kb/")
    manifest = app.test_client().get("/v1/reconcile").json
    disconnect()
    assert manifest["identifierSpace"] == "https://claims.example/kb/v1/reconcile/"
