"""Claimbase's HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(**settings: Any) -> Flask:
    """The WSGI application; settings override the environment, which overrides the defaults."""
    # imported late, since the command line needs Flask only to serve
    from api import app

    return app.build_app(**settings)
