"""Whether the process lives, and whether the database answers."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response

from models.dataset import reading

blp = Blueprint("health", __name__)

NO_STORE = {"Cache-Control": "no-store"}


@blp.get("/healthz")
def healthz() -> Response:
    """Whether the process lives."""
    return Response(b'{"status":"ok"}', headers=NO_STORE, content_type="application/json")


@blp.get("/readyz")
def readyz() -> Response:
    """Whether the database answers."""
    with reading() as dataset:
        body = {"status": "ok", "version": dataset.version}
        return Response(orjson.dumps(body), headers=NO_STORE, content_type="application/json")
