"""Random requests that are no HTTP, or nearly so, from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

# each list: first values that HTTP allows, which the application must answer; then others
METHODS = (
    (b"GET", b"HEAD", b"POST", b"OPTIONS", b"PUT", b"TRACE", b"CONNECT", b"get", b"BREW"),
    (b"G\xc3\x89T", b"", b"A" * 300, b"GET\x00"),
)
PATHS = (
    *(b"/v1/claims?limit=1", b"/claims?actor=Rutte&facet=topic", b"/v1", b"/", b"/v1/resolve"),
    *(b"/v1/reconcile", b"/v1/export", b"/v1/claims?format=csv", b"/v1/actors/mark-rutte"),
    *(b"/v1/docs", b"/v1/docs/swagger-ui.css", b"/static/claimbase.css", b"/robots.txt"),
    *(b"/sitemap.xml?part=0", b"/healthz", b"/readyz", b"/v1/networks/one-mode?top=3"),
    *(b"/search?q=a", b"/v1/nothing", b"/v1/claims/", b"/v1/autocomplete?q=a", b"/metrics"),
)
# what stands somewhere in a path or query
TARGET_PARTS = (
    (
        *(b"%00", b"%", b"%zz", b"%ff", b"%C3", b"\xc4\x9f", b"//", b"/../", b"/./", b"\\"),
        *(b"?", b"&&", b"=", b";", b"%2F", b"%0d%0aX: y", b"{}", b'"', b"&a=" * 3_000, b"#x"),
        *(b"a" * 9_000, b"/a" * 5_000, b"&actor=%F0%9F%98%80", b"&actor=a" * 60),
    ),
    (b"\xff", b"\x00", b" ", b"\t", b"\r", b"\n", b"<>", b"a" * 70_000),
)
# in place of a path and query
TARGETS = (
    (
        *(b"*", b"http://a.example/v1/claims", b"ftp://a/v1", b"a.example:443", b"http://a..b/v1"),
        *(b"//a.example/v1", b"https://u:p@a/v1", b"/v1/claims?cursor=" + b"A" * 4_000),
    ),
    (b"", b"v1/claims", b"http://u:p@[::1]:99999/v1", b"http://", b"https:///v1/claims"),
)
VERSIONS = (
    (b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0"),
    (b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.10", b"HTTP/", b"", b"http/1.1", b"HTTP/1.1 x"),
)
HOSTS = (
    (
        *(
            b"a.example",
            b"a..b",
            b".",
            b"",
            b"a" * 64 + b".example",
            b"[::1",
            b"[::1]:1",
            b"a:99999",
        ),
        *(b"u:p@a", b"\xff\xfe", b"a b", b"a,b", b"xn--", b"*", b"a/b", b'a"><b', b"xn--nato-1a"),
    ),
    (b"a\x00b", b"a\rb"),
)
LINES = (
    (
        *(b"Range: bytes=0-1,4-5", b"Range: bytes=99999999-", b"Range: bytes=5-2", b"Range: x=1"),
        *(b"If-Range: x", b"Expect: 100-continue", b"Expect: x", b"TE: trailers"),
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13",
        b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk",
        *(b"Accept: ;;,q=;/", b"Accept: \xff", b"Accept: text/html", b"Accept: image/png"),
        *(b"Accept: */*;q=nan", b"Accept: text/html;q=1e999", b"Accept: " + b"a/b," * 4_000),
        *(b"Accept-Encoding: \xff, gzip;q=x", b"Accept-Encoding: zstd;q=-1", b"If-None-Match: *"),
        *(b'If-None-Match: "' + b"a" * 5_000, b"If-None-Match: \xff", b"Cookie: \xff=\xfe; =;;"),
        *(b"If-Modified-Since: Sun, 99 Foo 99999", b"Authorization: Basic \xff"),
        *(b"X-Request-ID: \xff", b"X-Request-ID: " + b"a" * 500, b"X-Forwarded-For: \xff, a, ::"),
        *(b"X-Forwarded-Prefix: //evil", b"X-Forwarded-Host: a..b", b"X-Forwarded-Proto: \xff"),
        *(b"Access-Control-Request-Method: \xff", b"Origin: \xff", b"Content-Encoding: gzip"),
        *(b"Content-Type: application/json", b"Content-Type: \xff; charset=\xff"),
        b"Content-Type: application/x-www-form-urlencoded",
        *(b"Content-Type: multipart/form-data", b"If-Dataset-At-Least: \xff", b"Host: b.example"),
        *(b"X-A: " + b"a" * 65_536, b"\r\n".join([b"X-A: b"] * 80), b"Proxy-Connection: x"),
    ),
    (
        *(b"X-A : b", b" folded: b", b"X-A", b": b", b"X-A: a\x00b", b"X-A: a\rb", b"X-\xff: b"),
        *(b"X-A: " + b"a" * 500_000, b"\r\n".join([b"X-A: b"] * 2_000)),
    ),
)
# headers that frame a body, and the body
BODIES = (
    (
        *((b"", b""), (b"Content-Length: 0", b""), (b"Content-Length: 2", b"{}")),
        *((b"Content-Length: 9999999", b"{}"), (b"Content-Length: 8", b'{"a": \xff}')),
        (b"Content-Length: 100000", b"[" * 100_000),
        (b"Content-Length: 23", b"queries=%7B%22a%22%3A1}"),
        (b"Transfer-Encoding: chunked", b"2\r\n{}\r\n0\r\n\r\n"),
        (b"Transfer-Encoding: chunked", b"zz\r\n{}\r\n"),
        (b"Transfer-Encoding: chunked", b"-1\r\n"),
        (b"Transfer-Encoding: chunked", b"ffffffffffffffffff\r\n{}"),
        (b"Transfer-Encoding: chunked", b"2;" + b"x" * 20_000 + b"\r\n{}\r\n0\r\n\r\n"),
        (b"Transfer-Encoding: chunked", b"2\r\n{}\r\n0\r\nX: y\r\n\r\n"),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 2", b"2\r\n{}\r\n0\r\n\r\n"),
    ),
    (
        *((b"Content-Length: -1", b""), (b"Content-Length: x", b"{}"), (b"Content-Length: ", b"")),
        *((b"Content-Length: +2", b"{}"), (b"Content-Length: 0x2", b"{}")),
        *((b"Content-Length: 2, 2", b"{}"), (b"Content-Length: " + b"9" * 23, b"{}")),
        (b"Content-Length: 2\r\nContent-Length: 3", b"{}x"),
        *((b"Transfer-Encoding: gzip", b"x"), (b"Transfer-Encoding: \x0bchunked", b"0\r\n\r\n")),
        (b"Transfer-Encoding: chunked, chunked", b"0\r\n\r\n"),
        (b"Transfer-Encoding: identity", b"{}"),
    ),
)
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
# no requests at all
NO_REQUESTS = (
    *(b"", b"\r\n\r\n", b"\x00" * 100, b"\xff" * 100, b"GET /v1/claims\r\n\r\n", b"GET\r\n\r\n"),
    *(PREFACE, PREFACE + b"\xff" * 100, (PREFACE + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00") * 20),
    *(b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"GET / HTTP/1.1\r\n" * 50),
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
)
# how often a request is no HTTP, has a part that HTTP does not allow, or is mutated
NO_REQUEST_SHARE, BROKEN_SHARE, MUTATED_SHARE = 0.03, 0.15, 0.15


def malformed_requests(count: int, seed: int) -> Iterator[bytes]:
    """The same requests for the same seed."""
    random = Random(seed)
    for _ in range(count):
        if random.random() < NO_REQUEST_SHARE:
            yield random.choice(NO_REQUESTS)
            continue
        broken = random.random() < BROKEN_SHARE
        request = composed_request(random, broken=broken)
        yield mutated(request, random) if random.random() < MUTATED_SHARE else request


def composed_request(random: Random, *, broken: bool) -> bytes:
    """A request whose parts are odd; if broken, some of them are not allowed in HTTP."""

    def choose(lists: tuple[Sequence[Any], Sequence[Any]]) -> Any:
        return random.choice(lists[broken and random.random() < 0.4])

    method = b"GET" if random.random() < 0.6 else choose(METHODS)
    target = odd_target(random, choose)
    lines = [choose(LINES) for _ in range(random.choice((0, 1, 1, 2, 4)))]
    host = b"a.example" if random.random() < 0.4 else choose(HOSTS)
    framing, body = choose(BODIES) if random.random() < 0.3 else (b"", b"")
    head = [
        b" ".join((method, target, choose(VERSIONS))),
        *([b"Host: " + host] if random.random() < 0.95 else []),
        *lines,
        *([framing] if framing else []),
        b"Connection: close",
    ]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def odd_target(random: Random, choose: Callable) -> bytes:
    if random.random() < 0.1:
        return bytes(choose(TARGETS))
    path = random.choice(PATHS)
    return path if random.random() < 0.5 else inserted(path, choose(TARGET_PARTS), random)


def mutated(request: bytes, random: Random) -> bytes:
    """A request with some bytes changed, removed, doubled or cut off."""
    for _ in range(random.choice((1, 1, 2, 5))):
        start = random.randrange(len(request) + 1)
        end = min(len(request), start + random.choice((1, 1, 4, 40)))
        change: Sequence[bytes] = (
            request[:start] + bytes([random.randrange(256)]) + request[end:],
            request[:start] + request[end:],
            request[:end] + request[start:],
            request[:start],
            inserted(request, random.randbytes(3), random),
        )
        request = random.choice(change)
    return request


def inserted(text: bytes, part: bytes, random: Random) -> bytes:
    place = random.randrange(1, len(text) + 1) if text else 0
    return text[:place] + part + text[place:]
