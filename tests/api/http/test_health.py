"""Health checks of the process and of the database."""

from __future__ import annotations

import peewee
import pytest
from flask.testing import FlaskClient

from models.database.connection import database
from tests.api.http.problems import problem_of


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_healthy_process_answers_ok(world: FlaskClient, path: str):
    response = world.get(path)
    assert (response.status_code, response.json["status"]) == (200, "ok")
    assert world.head(path).status_code == 200


def test_a_process_without_a_database_is_healthy_but_not_ready(
    world: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def fail(*args: object) -> None:
        raise peewee.OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(type(database.obj), "peek", fail)
        assert world.get("/healthz").status_code == 200
        problem_of(world.get("/readyz"), "database-unavailable")
