"""How long a writer waits for another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from peewee import OperationalError


def tell_nobody() -> None:
    """Wait silently."""


class Patience(NamedTuple):
    """For how long a writer waits, and what is called once when it begins to wait."""

    seconds: float
    tell: Callable[[], Any] = tell_nobody

    def run_out(self) -> OperationalError:
        return OperationalError(
            f"another process still writes to the database after {self.seconds:g} s"
        )


DEFAULT_PATIENCE = Patience(30)
