"""Claimbase's HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(**settings: Any) -> Flask:
    """The WSGI application; settings override the environment's `CLAIMBASE_*`, and the defaults."""
    # the command line does without Flask until it serves
    from api.app import create_app

    return create_app(**settings)
