"""Hosts, and what WSGI servers let through that werkzeug cannot take."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(
    rf"(?:{LABEL}(?:\.{LABEL})*\.?|\[[a-f0-9]*:[a-f0-9.:]+\])(?::[0-9]{{1,5}})?",
    re.ASCII | re.IGNORECASE,
)
# ASCII as a query has it
PRINTABLE = "".join(map(chr, range(33, 127)))


def is_host(text: str) -> bool:
    """Whether a text may be the host of a URL, with or without a port."""
    return len(text) <= 255 and HOST.fullmatch(text) is not None


def keep_plain_http(environ: dict[str, Any]) -> None:
    """Make a request one that werkzeug takes.

    A host that is none is left out, and so is the wish for another protocol. Bare bytes of the
    query are percent-encoded.
    """
    if not is_host(environ.get("HTTP_HOST", "")):
        environ["HTTP_HOST"] = ""
    environ.pop("HTTP_UPGRADE", None)
    environ["QUERY_STRING"] = encoded_query(environ.get("QUERY_STRING", ""))


def encoded_query(query: str) -> str:
    """The query of an environment, with its bare bytes percent-encoded."""
    return query if query.isascii() else quote(query.encode("latin-1"), safe=PRINTABLE)
