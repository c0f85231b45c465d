"""The service itself: whether it lives, its specification, and that as a page."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, current_app
from flask_swagger_ui import get_swaggerui_blueprint

from api.responses import JSON, Body, answer
from models.base import Dataset, reading

blp = Blueprint("service", __name__)

docs = get_swaggerui_blueprint(
    "/v1/docs", "/v1/openapi.json", config={"app_name": "Claimbase", "validatorUrl": None}
)


@blp.get("/v1/openapi.json")
def openapi() -> Response:
    """The specification, as JSON."""

    def build(dataset: Dataset) -> Body:
        return Body(orjson.dumps(current_app.config["SPECIFICATION"]))

    return answer(build)


@blp.get("/healthz")
def healthz() -> Response:
    """Whether the process lives."""
    return Response(b'{"status":"ok"}', content_type=JSON)


@blp.get("/readyz")
def readyz() -> Response:
    """Whether the database answers."""
    with reading() as dataset:
        return Response(
            orjson.dumps({"status": "ok", "version": dataset.version}), content_type=JSON
        )
