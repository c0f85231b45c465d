"""The deadline of the request that a thread answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from threading import local
from time import monotonic as clock


class DeadlineExceeded(Exception):
    """The request has taken as long as it may."""


class Deadline(local):
    """The deadline of this thread; without one, work may take any time."""

    # from the beginning of the request on
    seconds = inf
    # by `clock`
    end = inf


_deadline = Deadline()


def begin_deadline(seconds: float) -> None:
    """Give this thread so many seconds."""
    _deadline.seconds = seconds
    _deadline.end = clock() + seconds


def end_deadline() -> None:
    """Give this thread any time."""
    _deadline.seconds = _deadline.end = inf


@contextmanager
def outside_deadline() -> Iterator[None]:
    """Work that takes no time of the request."""
    left = seconds_left()
    _deadline.end = inf
    try:
        yield
    finally:
        _deadline.end = clock() + left


def seconds_left() -> float:
    """The seconds before the deadline; `inf` if there is none."""
    return _deadline.end - clock()


def is_past_deadline() -> bool:
    return clock() > _deadline.end


def check_deadline() -> None:
    """Raise DeadlineExceeded if the deadline has passed."""
    if clock() > _deadline.end:
        raise DeadlineExceeded
