"""The timeouts of statements in PostgreSQL, by the deadline of the request."""

from __future__ import annotations

from math import ceil, inf
from threading import local

import psycopg

from models.database.deadline import seconds_left

# milliseconds that a request waits for a lock
LOCK_TIMEOUT = 5_000
# the timeout is set again if less than this share of it is left
SHARE_LEFT = 0.9
# how a connection notices that its server is gone, unless the URL says otherwise; seconds, except
# the last, which is in milliseconds
TCP_OPTIONS = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


class StatementTimeout(local):
    """The timeout that this thread's transaction has set for each of its statements."""

    # 0: none
    milliseconds = 0

    def set_local(self) -> str:
        """SQL that gives each statement of the transaction the time that the request has left.

        It holds for the transaction alone, and so behind a pool of connections, too.
        """
        left = seconds_left()
        if left == inf:
            self.milliseconds = 0
            return ""
        self.milliseconds = max(1, ceil(left * 1000))
        return (
            f"SET LOCAL statement_timeout = {self.milliseconds};"
            f" SET LOCAL lock_timeout = {LOCK_TIMEOUT}"
        )

    def is_too_long(self) -> bool:
        """Whether earlier statements have used up much of the time."""
        return seconds_left() * 1000 < self.milliseconds * SHARE_LEFT


def is_timeout(error: Exception) -> bool:
    """Whether the timeout ended the statement."""
    # peewee wraps the errors of psycopg
    original = getattr(error, "orig", error)
    return isinstance(original, psycopg.errors.QueryCanceled) and seconds_left() <= 0
