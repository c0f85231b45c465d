"""The operator's settings of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Site(NamedTuple):
    """The settings of the pages."""

    title: str = "Claimbase"
    # where readers report errors
    feedback_url: str = ""
    license_url: str = ""
    # the public address of the root, without a slash at its end
    url: str = ""


DEFAULT_SITE = Site()


def site_of(config: Mapping[str, Any]) -> Site:
    """The settings in the configuration of the application."""
    return Site(
        str(config["TITLE"]),
        str(config["FEEDBACK_URL"] or ""),
        str(config["LICENSE_URL"] or ""),
        str(config["PUBLIC_URL"] or "").rstrip("/"),
    )
