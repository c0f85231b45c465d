"""Applications that cache responses."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from models.database.connection import disconnect
from models.opening import open_dataset


@pytest.fixture(scope="session")
def caching_app(world_url: str) -> Flask:
    """An application that caches responses."""
    app = create_app(DATABASE_URL=world_url, CACHE_MB=8)
    disconnect()
    return app


def empty_caches(app: Flask) -> None:
    middleware: Any = app.wsgi_app
    for cache in (middleware.requests, middleware.responses):
        cache._entries.clear()
        cache.bytes = 0


@pytest.fixture
def caching_world(caching_app: Flask, world_url: str) -> Iterator[FlaskClient]:
    """A client of the dataset with the records of world.py; the caches are empty."""
    open_dataset(world_url)
    empty_caches(caching_app)
    yield caching_app.test_client()
    disconnect()


@pytest.fixture
def client_with_cache(url: str, dataset: str) -> Callable[[int], FlaskClient]:
    """A function that makes a client of the test's dataset, given the megabytes of the cache."""

    def client(megabytes: int) -> FlaskClient:
        app = create_app(DATABASE_URL=url, CACHE_MB=megabytes)
        open_dataset(url)
        return app.test_client()

    return client


@pytest.fixture(scope="session")
def app_with(world_url: str) -> Callable[..., Flask]:
    """A function that gives the application with settings, built once."""

    @functools.cache
    def app(**settings: Any) -> Flask:
        return create_app(DATABASE_URL=world_url, CACHE_MB=8, **settings)

    return app


@pytest.fixture
def behind(app_with: Callable[..., Flask], world_url: str) -> Iterator[Callable[..., FlaskClient]]:
    """A function that makes a client of an application with settings; the caches are empty."""

    def client(**settings: Any) -> FlaskClient:
        app = app_with(**settings)
        empty_caches(app)
        open_dataset(world_url)
        return app.test_client()

    yield client
    disconnect()
