"""Failures of a view, of the framework and of the database, as problems."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import peewee
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import BadRequest, Gone, RequestEntityTooLarge, ServiceUnavailable

from models.database.connection import database
from models.opening import open_dataset
from tests.api.http.problems import CODES, make_claims_fail, problem_of
from tests.engines import on_sqlite


class TestErrors:
    @pytest.mark.parametrize("url", ["/v1/claims", "/claims?actor=rutte"])
    def test_a_crash_shows_only_a_request_id(
        self,
        app: Flask,
        world: FlaskClient,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        url: str,
    ):
        make_claims_fail(app, monkeypatch, RuntimeError("the password is 1234"))
        with caplog.at_level(logging.ERROR):
            response = world.get(url)
        problem = problem_of(response, "internal-error")
        assert problem["request_id"] == response.headers["X-Request-ID"]
        assert len(problem["request_id"]) >= 8
        for secret in ("1234", "RuntimeError", "Traceback", "File "):
            assert secret not in response.text
        (record,) = [
            record for record in caplog.records if problem["request_id"] in record.getMessage()
        ]
        assert record.exc_info
        assert "the password" in str(record.exc_info[1])

    def test_a_crash_of_a_database_query_is_an_internal_error(
        self,
        world: FlaskClient,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ):
        def fail(*args: object) -> None:
            raise KeyError("secret")

        with monkeypatch.context() as patch:
            patch.setattr(type(database.obj), "execute_sql", fail)
            problem = problem_of(world.get("/v1/claims?actor=rutte"), "internal-error")
        assert problem["request_id"] in caplog.text
        assert world.get("/v1/claims?actor=rutte").status_code == 200

    def test_each_crash_has_its_own_request_id(
        self, app: Flask, world: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ):
        make_claims_fail(app, monkeypatch, RuntimeError())
        assert world.get("/claims").json["request_id"] != world.get("/claims").json["request_id"]

    @pytest.mark.parametrize(
        "error", [BadRequest, Gone, RequestEntityTooLarge, ServiceUnavailable], ids=str
    )
    def test_an_error_of_the_framework_is_a_problem_with_a_consistent_status(
        self,
        app: Flask,
        world: FlaskClient,
        monkeypatch: pytest.MonkeyPatch,
        error: type[Exception],
    ):
        make_claims_fail(app, monkeypatch, error("because"))
        response = world.get("/v1/claims")
        assert response.content_type == "application/problem+json"
        assert response.status_code == response.json["status"] == CODES[response.json["code"]]

    def test_the_request_after_a_failure_succeeds(
        self, app: Flask, world: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ):
        with monkeypatch.context() as patch:
            make_claims_fail(app, patch, peewee.OperationalError())
            assert world.get("/v1/claims").status_code == 503
        assert world.get("/v1/claims").status_code == 200


class TestUnavailableDatabase:
    @pytest.mark.parametrize("error", [peewee.OperationalError, peewee.InterfaceError])
    def test_a_database_error_is_503_with_retry_after(
        self,
        app: Flask,
        world: FlaskClient,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        error: type[Exception],
    ):
        make_claims_fail(app, monkeypatch, error("database is locked: /secret/path"))
        with caplog.at_level(logging.ERROR):
            response = world.get("/v1/claims")
        assert int(response.headers["Retry-After"]) > 0
        problem = problem_of(response, "database-unavailable")
        assert "secret" not in response.text
        assert problem["request_id"] == response.headers["X-Request-ID"]
        assert problem["request_id"] in caplog.text

    @on_sqlite
    @pytest.mark.parametrize("path", ["/v1/claims", "/v1/actors/x", "/v1", "/readyz"])
    def test_a_database_without_tables_is_unavailable(self, app: Flask, tmp_path: Path, path: str):
        file = tmp_path / "broken.db"
        open_dataset(f"sqlite:///{file}")
        database.close()
        connection = sqlite3.connect(file)
        connection.execute("DROP TABLE dataset")
        connection.close()
        response = app.test_client().get(path)
        database.close()
        problem_of(response, "database-unavailable")

    @on_sqlite
    def test_a_file_that_is_no_database_is_unavailable(self, app: Flask, tmp_path: Path):
        file = tmp_path / "broken.db"
        open_dataset(f"sqlite:///{file}")
        database.close()
        for companion in tmp_path.glob("broken.db-*"):
            companion.unlink()
        file.write_bytes(b"no database at all" * 1000)
        response = app.test_client().get("/v1/claims")
        database.close()
        problem_of(response, "database-unavailable")
