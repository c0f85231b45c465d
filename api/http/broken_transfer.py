"""Breaking off a transfer whose response is already under way, so that it does not look whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from api.http.connections import shut_down_connections
from api.http.spool import ReaderTooSlow


def breaking_off(parts: Iterable[bytes], environ: dict[str, Any]) -> Iterator[bytes]:
    """The parts of a body; an error among them breaks the connection to the client.

    WSGI servers break it themselves if the error rises. Granian logs the error, and ends the body
    as if it were whole.
    """
    try:
        yield from parts
    except Exception as error:
        if environ.get("SERVER_SOFTWARE") == "Granian":
            behind = isinstance(error, ReaderTooSlow)
            shut_down_connections(
                int(environ["SERVER_PORT"]), environ["REMOTE_ADDR"], behind=behind
            )
        raise
