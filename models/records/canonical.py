"""The canonical form of records, and their hashes.

A record in seed form is a plain dict with the fields of the seed format; references are ids.
Absent, null and empty are the same, so it holds no empty value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import orjson

MODULUS = 1 << 256


def record_hash(type: str, record: dict) -> bytes:
    """SHA-256 of type and record in canonical form: keys sorted, nothing empty, UTF-8."""
    form = orjson.dumps([type, record], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(form).digest()


def dataset_digest(digest: str, *, plus: Iterable[bytes] = (), minus: Iterable[bytes] = ()) -> str:
    """The digest after records came or went: the sum of all hashes mod 2²⁵⁶, in hexadecimal."""
    number = int(digest, 16) + sum(map(int.from_bytes, plus)) - sum(map(int.from_bytes, minus))
    return f"{number % MODULUS:064x}"
