"""The WSGI application."""

from __future__ import annotations

import os
import threading
from typing import Any

import peewee
from flask import Flask, Response, request
from flask.globals import request_ctx

from api import config, v1
from api.http import problems as errors
from api.http import responses
from api.http.response_cache import Front
from api.openapi import service
from api.openapi.blueprint import Api
from api.openapi.specification import specification
from models.base import database
from models.documents.refresh import open_dataset


class Claimbase(Flask):
    """Flask, with an OPTIONS that answers for all origins."""

    def make_default_options_response(self) -> Response:
        allowed = request_ctx.url_adapter.allowed_methods()  # type: ignore[union-attr]
        return responses.options(list(allowed))


def create_app(**settings: Any) -> Flask:
    """The WSGI application; settings override the environment's `CLAIMBASE_*`, and the defaults."""
    app = Claimbase(__name__, static_folder=None)
    app.config.from_object(config)
    if "DATABASE_URL" in os.environ:
        app.config["DATABASE_URL"] = os.environ["DATABASE_URL"]
    app.config.from_prefixed_env("CLAIMBASE")
    app.config.update(settings)
    app.url_map.merge_slashes = False
    opened = False
    opening = threading.Lock()

    def ensure_open() -> None:
        nonlocal opened
        if not opened:
            with opening:
                if not opened:
                    open_dataset(app.config["DATABASE_URL"])
                    database.close()
                    opened = True

    try:
        ensure_open()
    except peewee.OperationalError as error:
        errors.log.warning("the database does not answer yet: %s", error)

    @app.before_request
    def check() -> Response | None:
        responses.check_url()
        if request.url_rule is None:
            return responses.without_slash(app)
        if request.method != "OPTIONS" and not request.path.startswith("/v1/docs"):
            responses.check_accept()
            if request.path != "/healthz":
                ensure_open()
        return None

    app.after_request(responses.finish)
    errors.register(app)
    api = Api(app)
    v1.mount(app, api)
    app.register_blueprint(service.blp)
    app.config["SPECIFICATION"] = specification(api)
    app.wsgi_app = Front(app.wsgi_app, config.megabytes(app.config["CACHE_MB"]))  # type: ignore[method-assign]
    return app
