"""In front of the application: what was understood once is answered without it, and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any, NamedTuple

from api.http import compression as codings
from models.base import Dataset, peek_dataset, reading
from models.cache import Remembered
from models.documents.refresh import RENDER_VERSION

RELEASE = version("claimbase")
JSON = "application/json"
# of every response
HEADERS = (
    ("Vary", "Accept, Accept-Encoding"),
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "ETag, Link, Content-Location, Retry-After, X-Request-ID, Cache-Status",
    ),
    ("X-Content-Type-Options", "nosniff"),
)
STATUS = {200: "200 OK", 304: "304 Not Modified"}
CACHE_CONTROL = ("Cache-Control", "public, no-cache")
# bytes of requests that are remembered; what one takes, and for each of its own bytes
UNDERSTOOD = 16 << 20
ANSWER = 600
FOLD = 12
# bytes of what is kept with a body: its headers, and the dataset's state
AROUND = 1_200

Headers = list[tuple[str, str]]
Reply = tuple[int, Headers, bytes]


class Body(NamedTuple):
    """The bytes of an answer, and where the next page is."""

    content: bytes
    next_query: str | None = None


class Sent(NamedTuple):
    """What is sent in a content coding, but for what depends on the request."""

    status: int
    tag: str
    headers: Headers
    content: bytes = b""
    next_query: str | None = None


class Answer(NamedTuple):
    """A request that was understood: what makes its answer, whatever the dataset's version.

    The path and the canonical query alone make the body; `root` is where the application is
    mounted, and `location` the path that has a version, where the request's has none.
    """

    path: str
    canonical: str
    build: Callable[[Dataset], Body]
    root: str = ""
    location: str | None = None


class Front:
    """A WSGI application that knows the answers to what was asked before.

    It keeps answers as they are sent, by the version of the dataset that they are of: an old one is
    never served. Nothing is kept where `megabytes` is 0.
    """

    def __init__(self, app: Callable, megabytes: int):
        self.app = app
        self.understood: Remembered[Answer] = Remembered(
            UNDERSTOOD, lambda asked, answer: ANSWER + FOLD * sum(map(len, asked))
        )
        self.kept: Remembered[Sent] | None = None
        if megabytes:
            self.kept = Remembered(megabytes << 20, size)

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        asked = (
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_ACCEPT", ""),
        )
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            answer = self.understood.get(asked)
            if answer:
                try:
                    status, headers, content = self.reply(answer, environ)
                except Exception:
                    # the application fails likewise, and says how
                    self.understood.forget(asked)
                else:
                    start_response(STATUS[status], headers)
                    return [content]
        environ["claimbase.front"] = self
        response = self.app(environ, start_response)
        if "claimbase.answer" in environ:
            self.understood.put(asked, environ["claimbase.answer"])
        return response

    def first(self, answer: Answer, environ: dict[str, Any]) -> Reply:
        """The reply to a request that the application has understood; it is remembered."""
        reply = self.reply(answer, environ)
        environ["claimbase.answer"] = answer
        return reply

    def reply(self, answer: Answer, environ: dict[str, Any]) -> Reply:
        """200 with the answer from one snapshot of the dataset, or 304 where the client has it."""
        coding = ""
        if self.kept is not None:
            coding = codings.negotiated(environ.get("HTTP_ACCEPT_ENCODING", ""))
        asked = environ.get("HTTP_IF_NONE_MATCH", "")
        sent, cached = self.look(answer, coding, asked)
        headers = [*HEADERS, CACHE_CONTROL, *sent.headers]
        if answer.location:
            headers.append(("Content-Location", answer.location))
        if cached:
            headers.append(("Cache-Status", cached))
        if sent.next_query:
            url = f"{answer.root}{answer.path}?{sent.next_query}"
            headers.append(("Link", f'<{url}>; rel="next"'))
        return sent.status, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else sent.content

    def look(self, answer: Answer, coding: str, if_none_match: str) -> tuple[Sent, str | None]:
        """What is sent, and what the cache says to it (RFC 9211)."""
        if self.kept is not None or if_none_match:
            # the dataset's row is all that this takes of it
            dataset = peek_dataset()
            kept = self.kept.get(key(dataset, answer, coding)) if self.kept is not None else None
            tag = kept.tag if kept else etag(dataset, answer.path, answer.canonical)
            if known(tag, if_none_match):
                return Sent(304, tag, [("ETag", quoted(tag, coding))]), None
            if kept:
                return kept, "claimbase; hit"
        with reading() as dataset:
            # there may be another dataset by now
            tag = etag(dataset, answer.path, answer.canonical)
            body = answer.build(dataset)
        if self.kept is None:
            return whole(tag, body, coding), None
        sent = whole(tag, body._replace(content=codings.encoded(body.content, coding)), coding)
        stored = self.kept.put(key(dataset, answer, coding), sent)
        return sent, "claimbase; fwd=miss" + "; stored" * stored


def whole(tag: str, body: Body, coding: str) -> Sent:
    """200 with a body, which has its coding."""
    headers = [
        ("ETag", quoted(tag, coding)),
        ("Content-Type", JSON),
        ("Content-Length", str(len(body.content))),
    ]
    if coding:
        headers.append(("Content-Encoding", coding))
    return Sent(200, tag, headers, *body)


def key(dataset: Dataset, answer: Answer, coding: str) -> tuple:
    """What an answer in a coding is kept by."""
    return dataset.state, coding, answer.path, answer.canonical


def size(key: tuple, sent: Sent) -> int:
    """The bytes of what is kept: the key, the body, and what stands around it."""
    _, *texts = key
    return sum(map(len, texts)) + len(sent.content) + AROUND


def etag(dataset: Dataset, path: str, canonical: str, form: str = JSON) -> str:
    parts = f"{dataset.state}\n{RENDER_VERSION}\n{RELEASE}\n{path}\n{canonical}\n{form}"
    return hashlib.blake2b(parts.encode(), digest_size=16).hexdigest()


def quoted(tag: str, coding: str) -> str:
    """The ETag header: bytes in another coding have another one."""
    return f'"{tag}-{coding}"' if coding else f'"{tag}"'


def known(tag: str, if_none_match: str) -> bool:
    """Whether If-None-Match has the tag, compared weakly, whatever content coding it names."""
    if tag not in if_none_match:
        return False
    for one in if_none_match.split(","):
        plain = one.strip().removeprefix("W/").strip('"')
        if plain.partition("-")[0] == tag:
            return True
    return False
