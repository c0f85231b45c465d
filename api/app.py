"""The WSGI application."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Config, Flask, Response, g, request
from flask.ctx import RequestContext
from flask.globals import request_ctx

from api import config, v1
from api.formats import FORMATS
from api.http import error_handlers, health, sitemap, static_files
from api.http.access_log import AccessLog, parse_log
from api.http.hosts import keep_plain_http
from api.http.metrics import metrics_blueprint, parse_metrics, process_metrics
from api.http.middleware import CacheMiddleware
from api.http.negotiation import negotiate_format
from api.http.opening import Opening
from api.http.proxies import ProxyMiddleware, TrustedProxies, check_prefix, parse_prefix
from api.http.refusal import refuse_if_busy
from api.http.requests import Observer, ObservingMiddleware, RequestMiddleware
from api.http.responses import add_common_headers, options_response
from api.http.streams import StreamSlots
from api.http.urls import check_url, redirect_without_slash, route_of
from api.openapi import routes
from api.openapi.blueprint import Api
from api.openapi.page_parts import ROUTES
from api.openapi.specification import specification
from api.pages.site import site_of


class Claimbase(Flask):
    """Flask, with an OPTIONS response for all origins, and for requests of plain HTTP alone."""

    # the middleware around `wsgi_app` that only requests of servers pass
    entrance: Callable | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        return (self.entrance or self.wsgi_app)(environ, start_response)

    def make_default_options_response(self) -> Response:
        methods = request_ctx.url_adapter.allowed_methods()  # type: ignore[union-attr]
        return options_response(list(methods))

    def request_context(self, environ: dict[str, Any]) -> RequestContext:
        keep_plain_http(environ)
        return super().request_context(environ)


def build_app(**settings: Any) -> Flask:
    """The WSGI application; settings override the environment, which overrides the defaults."""
    app = Claimbase(__name__, static_folder=None)
    take_settings(app.config)
    app.config.update(settings)
    app.url_map.merge_slashes = False
    megabytes = config.cache_megabytes(app.config["CACHE_MB"])
    seconds = config.request_seconds(app.config["REQUEST_SECONDS"])
    site = site_of(app.config)
    opening = Opening(app.config["DATABASE_URL"], app.config["READ_URL"])
    opening.begin()

    @app.before_request
    def check_request() -> Response | None:
        refuse_if_busy()
        check_url()
        rule = request.url_rule
        if rule is None:
            return redirect_without_slash(app)
        is_alias = v1.is_alias(rule.endpoint)
        request.environ["claimbase.route"] = route_of(rule.rule, is_alias=is_alias)
        formats = getattr(app.view_functions[rule.endpoint], "formats", FORMATS[:1])
        # files have no formats
        if request.method != "OPTIONS" and formats:
            g.format = negotiate_format(formats).on_site(site)
            if request.path not in health.PATHS:
                opening.require()
        return None

    app.after_request(add_common_headers)
    error_handlers.register(app)
    api = Api(app)
    v1.mount(app, api)
    app.register_blueprint(routes.blp)
    app.register_blueprint(health.blp)
    app.register_blueprint(static_files.blp)
    app.register_blueprint(sitemap.blp)
    if parse_metrics(app.config["METRICS"]) == "path":
        app.register_blueprint(metrics_blueprint(opening.require))
    app.config["STREAM_SLOTS"] = stream_slots(app.config)
    app.config["SPECIFICATION"] = specification(api)
    app.wsgi_app = CacheMiddleware(app.wsgi_app, megabytes, seconds)  # type: ignore[method-assign]
    app.entrance = entrance_of(app)
    return app


def take_settings(settings: Config) -> None:
    """Take the settings of the environment, and the defaults of the others."""
    settings.from_object(config)
    if "DATABASE_URL" in os.environ:
        settings["DATABASE_URL"] = os.environ["DATABASE_URL"]
    settings.from_prefixed_env("CLAIMBASE")


def check_settings() -> str | int:
    """Check the settings of the environment before a server starts; gives that of the metrics.

    Raises InvalidSetting.
    """
    settings = Config("")
    take_settings(settings)
    config.cache_megabytes(settings["CACHE_MB"])
    stream_slots(settings)
    parse_prefix(settings["PREFIX"])
    TrustedProxies(settings["TRUSTED_PROXIES"])
    parse_log(settings["LOG"])
    return parse_metrics(settings["METRICS"])


def entrance_of(app: Flask) -> Callable:
    """The application behind proxies, logged and counted, as the settings say."""
    entrance: Callable = app.wsgi_app
    prefix = parse_prefix(app.config["PREFIX"])
    check_prefix(prefix, map(str, app.url_map.iter_rules()))
    proxies = TrustedProxies(app.config["TRUSTED_PROXIES"])
    if prefix or proxies:
        entrance = ProxyMiddleware(entrance, prefix, proxies)
    observers: list[Observer] = []
    if line_format := parse_log(app.config["LOG"]):
        observers.append(AccessLog(line_format, known_parameters()))
    if parse_metrics(app.config["METRICS"]) != "off":
        observers.append(process_metrics())
    if observers:
        entrance = ObservingMiddleware(entrance, observers)
    return RequestMiddleware(entrance)


def known_parameters() -> set[str]:
    """The parameters of all paths."""
    names = {name for _, schema in ROUTES.values() for name in schema.fields}
    return {*names, *sitemap.PARAMETERS, *static_files.PARAMETERS}


def stream_slots(settings: Mapping[str, Any]) -> StreamSlots:
    """The bound on streams by these settings. Raises InvalidSetting."""
    names = ("STREAMS", "STREAM_SECONDS", "SPOOL_MB")
    slots, seconds, megabytes = (config.positive_number(name, settings[name]) for name in names)
    return StreamSlots(
        slots, seconds, megabytes, config.request_seconds(settings["REQUEST_SECONDS"])
    )
