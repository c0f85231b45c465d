"""Content codings: zstd, br and gzip."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import brotli
import zstandard
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

# in the order in which they are preferred: fast ones first
CODINGS = ("zstd", "br", "gzip")
BROTLI = 4
GZIP = 1
ZSTD = 3


@lru_cache(maxsize=256)
def negotiated(accept_encoding: str) -> str:
    """The coding that an Accept-Encoding header likes best; empty where it takes none of ours."""
    accepted = parse_accept_header(accept_encoding, Accept)
    quality = {coding: accepted.quality(coding) for coding in CODINGS}
    best = max(CODINGS, key=lambda coding: quality[coding])
    identity = accepted.quality("identity") if "identity" in accepted else 0
    return best if quality[best] > 0 and quality[best] >= identity else ""


def encoded(content: bytes, coding: str) -> bytes:
    """The content in a coding."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(ZSTD).compress(content)
    if coding == "br":
        return brotli.compress(content, quality=BROTLI)
    if coding == "gzip":
        return gzip.compress(content, GZIP, mtime=0)
    return content


def encoder(coding: str) -> tuple[Any, Any]:
    """What encodes a part of a stream, and what ends it."""
    if coding == "zstd":
        zstd = zstandard.ZstdCompressor(ZSTD).compressobj()
        return zstd.compress, zstd.flush
    if coding == "br":
        br = brotli.Compressor(quality=BROTLI)
        return br.process, br.finish
    deflate = zlib.compressobj(GZIP, wbits=31)
    return deflate.compress, deflate.flush


def streamed(parts: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The parts of a stream in a coding."""
    if not coding:
        yield from parts
        return
    encode, finish = encoder(coding)
    for part in parts:
        encoded = encode(part)
        if encoded:
            yield encoded
    yield finish()
