"""Applications that cache responses."""

from tests.api.http.conftest import caching_app, caching_world

__all__ = ["caching_app", "caching_world"]
