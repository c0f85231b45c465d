"""Checks of problem responses (RFC 9457), and a way to cause a failure."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.api.world import forget

MEMBERS = ["type", "title", "status", "detail", "instance", "code", "errors"]
ERROR_MEMBERS = {"parameter", "pointer", "message", "value", "suggestion"}
CODES = {
    "unknown-parameter": 400,
    "repeated-parameter": 400,
    "bad-encoding": 400,
    "bad-cursor": 400,
    "not-found": 404,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "resync": 410,
    "too-large": 413,
    "uri-too-long": 414,
    "unsupported-media-type": 415,
    "invalid-value": 422,
    "invalid-body": 422,
    "too-broad": 422,
    "internal-error": 500,
    "too-slow": 503,
    "too-many-streams": 503,
    "too-busy": 503,
    "database-unavailable": 503,
}


def problem_of(response: TestResponse, code: str) -> dict:
    """The problem of a response, after a check of its code, its status and its members."""
    assert response.content_type == "application/problem+json", response.text
    problem = response.json
    names = [name for name in problem if name != "request_id"]
    assert names == MEMBERS
    assert (problem["code"], problem["status"]) == (code, CODES[code])
    assert response.status_code == problem["status"]
    assert problem["type"] == f"/v1/problems/{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == response.request.path
    assert all(set(error) == ERROR_MEMBERS for error in problem["errors"])
    assert all(error["message"] for error in problem["errors"])
    assert ("request_id" in problem) == (response.status_code >= 500)
    return problem


def make_claims_fail(app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Make the list of claims raise an error."""

    def view(*args: object, **kwargs: object) -> None:
        raise error

    forget(app, monkeypatch)
    for name in ("claims.list_claims", "claims-alias.list_claims"):
        monkeypatch.setitem(app.view_functions, name, view)
