"""Both engines have every method of the engine interface, with its parameters."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from models.database.engine import Engine
from models.database.postgres import Postgres
from models.database.sqlite import Sqlite

METHODS = [name for name in vars(Engine) if not name.startswith("_")]


def parameters(engine: Any, name: str) -> list[str] | None:
    member = inspect.getattr_static(engine, name)
    member = getattr(member, "__func__", member)
    return [*inspect.signature(member).parameters] if callable(member) else None


@pytest.mark.parametrize("engine", [Sqlite, Postgres])
@pytest.mark.parametrize("name", METHODS)
def test_an_engine_has_the_method(engine: type, name: str):
    assert parameters(engine, name) == parameters(Engine, name)


def test_the_interface_names_the_sql_function():
    assert {engine: engine.position for engine in (Sqlite, Postgres)} == {
        Sqlite: "instr",
        Postgres: "strpos",
    }
