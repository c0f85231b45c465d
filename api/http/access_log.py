"""The access log: a line on standard output for each request."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from time import time
from typing import NamedTuple
from urllib.parse import quote, unquote_plus

import orjson

from api.config import InvalidSetting
from api.http.hosts import encoded_query
from api.http.requests import AnsweredRequest, Observer

# characters: a line below 4,096 bytes is written at once
MAX_METHOD, MAX_URL, MAX_REFERRER, MAX_USER_AGENT = 20, 1500, 500, 300
# in place of parameters that no path takes, since they may hold a secret
HIDDEN = "***"
UNSAFE = re.compile(r'["\\]|[^ -~]')
CREDENTIALS = re.compile(r"//[^/?#]*@")


class LoggedRequest(NamedTuple):
    """The members of a line of the log, in the order of JSON."""

    # seconds since 1970
    time: float
    level: str
    request_id: str
    client: str
    method: str
    # path and query
    url: str
    protocol: str
    route: str | None
    status: int
    bytes: int
    milliseconds: float
    cache: str | None
    referrer: str
    user_agent: str


class AccessLog(Observer):
    """Writes a line for each answered request."""

    def __init__(self, format: Callable[[LoggedRequest], bytes], parameters: Collection[str]):
        """`parameters` are those whose values the log may show."""
        self.format = format
        self.parameters = parameters
        self.url = lru_cache(maxsize=512)(self.shown_url)

    def observe(self, answered: AnsweredRequest) -> None:
        line = self.format(self.logged(answered))
        # the answer does not depend on whether somebody reads the log
        with suppress(OSError):
            os.write(1, line)

    def stream_began(self) -> None:
        """A stream is logged when it ends."""

    def logged(self, answered: AnsweredRequest) -> LoggedRequest:
        environ, status, seconds, size, cache = answered
        return LoggedRequest(
            time(),
            "error" if status >= 500 else "info",
            environ["claimbase.request_id"],
            environ.get("claimbase.client") or environ.get("REMOTE_ADDR", ""),
            environ["REQUEST_METHOD"][:MAX_METHOD],
            self.url(
                environ.get("SCRIPT_NAME", ""), environ["PATH_INFO"], environ.get("QUERY_STRING")
            ),
            environ.get("SERVER_PROTOCOL", ""),
            environ.get("claimbase.route"),
            status,
            size,
            round(seconds * 1000, 3),
            cache or None,
            shown_referrer(environ.get("HTTP_REFERER", "")),
            environ.get("HTTP_USER_AGENT", "")[:MAX_USER_AGENT],
        )

    def shown_url(self, mount_point: str, path: str, query: str | None) -> str:
        """The path, and the query with the parameters that paths take."""
        url = quote(f"{mount_point}{path}".encode("latin-1"))
        if query:
            pairs = encoded_query(query).split("&")
            url += f"?{'&'.join(pair if self.is_known(pair) else HIDDEN for pair in pairs)}"
        return url[:MAX_URL]

    def is_known(self, pair: str) -> bool:
        return unquote_plus(pair.partition("=")[0]) in self.parameters


def shown_referrer(url: str) -> str:
    """An address without credentials, query and fragment."""
    return CREDENTIALS.sub("//", re.split("[?#]", url, maxsplit=1)[0])[:MAX_REFERRER]


@lru_cache(maxsize=4)
def time_text(second: int, format: str) -> str:
    return datetime.fromtimestamp(second, UTC).strftime(format)


def json_line(request: LoggedRequest) -> bytes:
    second = int(request.time)
    microseconds = int((request.time - second) * 1_000_000)
    moment = f"{time_text(second, '%Y-%m-%dT%H:%M:%S')}.{microseconds:06d}Z"
    return orjson.dumps({**request._asdict(), "time": moment}, option=orjson.OPT_APPEND_NEWLINE)


def combined_line(request: LoggedRequest) -> bytes:
    """The combined format of Apache and nginx, with five members more at its end."""
    moment = time_text(int(request.time), "%d/%b/%Y:%H:%M:%S +0000")
    referrer, user_agent = (escaped(text) or "-" for text in (request.referrer, request.user_agent))
    return (
        f"{escaped(request.client) or '-'} - - [{moment}] "
        f'"{escaped(request.method)} {escaped(request.url)} {escaped(request.protocol)}" '
        f'{request.status} {request.bytes} "{referrer}" "{user_agent}" '
        f"level={request.level} request_id={request.request_id} route={request.route or '-'} "
        f"milliseconds={request.milliseconds} cache={request.cache or '-'}\n"
    ).encode()


def escaped(text: str) -> str:
    """A text without characters that could end its place in the line, as nginx writes them."""
    return UNSAFE.sub(lambda match: f"\\x{ord(match[0]):02X}", text)


LINE_FORMATS: dict[str, Callable[[LoggedRequest], bytes]] = {
    "combined": combined_line,
    "json": json_line,
}


def parse_log(setting: object) -> Callable[[LoggedRequest], bytes] | None:
    """The format of the setting LOG; None for no log. Raises InvalidSetting."""
    if setting in ("off", ""):
        return None
    if setting in LINE_FORMATS:
        return LINE_FORMATS[str(setting)]
    raise InvalidSetting(f"CLAIMBASE_LOG must be off, combined or json, not {setting!r}")
