"""Content encodings of cached responses and of streams."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import pytest
import zstandard
from flask.testing import FlaskClient

from api.http.compression import compress_stream

DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda content: zstandard.ZstdDecompressor().decompressobj().decompress(content),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "": lambda content: content,
}


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("GZIP", "gzip"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("zstd;q=0, *", "br"),
        ("*", "zstd"),
        ("*;q=0", ""),
        ("identity", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip", "gzip"),
        ("compress", ""),
        (";;;,q", ""),
    ],
)
@pytest.mark.parametrize("url", ["/v1/claims?limit=3", "/v1/claims/spend", "/v1/export"])
def test_accept_encoding_chooses_the_content_encoding(
    world: FlaskClient, caching_world: FlaskClient, url: str, accept_encoding: str, coding: str
) -> None:
    plain = world.get(url)
    for _ in range(2):
        response = caching_world.get(url, headers={"Accept-Encoding": accept_encoding})
        assert response.headers.get("Content-Encoding", "") == coding
        assert DECODERS[coding](response.data) == plain.data
        suffix = f"-{coding}" if coding else ""
        assert response.headers["ETag"] == f'{plain.headers["ETag"][:-1]}{suffix}"'
        assert response.headers["Vary"] == "Accept, Accept-Encoding"
        for tag in (response.headers["ETag"], plain.headers["ETag"]):
            headers = {"Accept-Encoding": accept_encoding, "If-None-Match": f"W/{tag}"}
            assert caching_world.get(url, headers=headers).status_code == 304


def test_a_compressed_stream_decodes_to_its_parts() -> None:
    parts = [b"a" * 1000, b"", b"b" * 100_000]
    for coding, decode in DECODERS.items():
        compressed = b"".join(compress_stream(parts, coding))
        assert decode(compressed) == b"".join(parts)
