"""Content encodings: zstd, br and gzip."""

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

# in the order of preference: zstd compresses a page fastest
CODINGS = ("zstd", "br", "gzip")
BROTLI_QUALITY = 4
GZIP_LEVEL = 1
ZSTD_LEVEL = 3
# of files, which are compressed once: 0.3 s for the largest, 1.7 MB
FILE_BROTLI_QUALITY = 9
FILE_GZIP_LEVEL = 9
FILE_ZSTD_LEVEL = 10


@lru_cache(maxsize=256)
def negotiate_coding(accept_encoding: str) -> str:
    """The content encoding that an Accept-Encoding header prefers; empty for none."""
    accepted = parse_accept_header(accept_encoding, Accept)
    quality = {coding: accepted.quality(coding) for coding in CODINGS}
    best = max(CODINGS, key=lambda coding: quality[coding])
    identity = accepted.quality("identity") if "identity" in accepted else 0
    return best if quality[best] > 0 and quality[best] >= identity else ""


def compress(content: bytes, coding: str) -> bytes:
    """The content in a content encoding; without one it stays as it is."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(ZSTD_LEVEL).compress(content)
    if coding == "br":
        return brotli.compress(content, quality=BROTLI_QUALITY)
    if coding == "gzip":
        return gzip.compress(content, GZIP_LEVEL, mtime=0)
    return content


def compress_thoroughly(content: bytes, coding: str) -> bytes:
    """The content in a content encoding, smaller than `compress` makes it, and slower."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(FILE_ZSTD_LEVEL).compress(content)
    if coding == "br":
        return brotli.compress(content, quality=FILE_BROTLI_QUALITY)
    return gzip.compress(content, FILE_GZIP_LEVEL, mtime=0)


def stream_compressor(coding: str) -> tuple[Any, Any]:
    """Two functions: one compresses a part of a stream, the other ends the stream."""
    if coding == "zstd":
        zstd = zstandard.ZstdCompressor(ZSTD_LEVEL).compressobj()
        return zstd.compress, zstd.flush
    if coding == "br":
        br = brotli.Compressor(quality=BROTLI_QUALITY)
        return br.process, br.finish
    deflate = zlib.compressobj(GZIP_LEVEL, wbits=31)
    return deflate.compress, deflate.flush


def compress_stream(parts: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The parts of a stream in a content encoding."""
    if not coding:
        yield from parts
        return
    compress_part, finish = stream_compressor(coding)
    for part in parts:
        compressed = compress_part(part)
        if compressed:
            yield compressed
    yield finish()
