"""Cursors: the beginning of a page, signed for one list of one database."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import orjson

from api.http.problems import HTTPProblem, parameter_error
from api.query.parser import Query
from models.dataset import Dataset, had_version
from models.queries.sorting import RELEVANCE

SIGNATURE_BYTES = 8


def version_named(name: str, dataset: Dataset) -> int | None:
    """The version that a name stands for, if the dataset had it."""
    id, _, version_and_token = name.partition("-")
    version, _, token = version_and_token.partition("-")
    # a longer number would not fit into a column
    is_number = version.isascii() and version.isdecimal() and len(version) < 10
    known = id == dataset.id and is_number and had_version(int(version), token)
    return int(version) if known else None


def cursor_binding(query: Query, dataset: Dataset) -> bytes:
    """The database, path, filters and sort that a cursor is bound to; for relevance its version."""
    binding = f"{dataset.secret}\n{query.path}\n{query.row_parameters}"
    if query.sort == RELEVANCE:
        # another version ranks differently
        binding += f"\n{dataset.version_token}"
    return binding.encode()


def encode_cursor(position: tuple[Any, int], binding: bytes) -> str:
    """A cursor that continues after a sort value and tiebreaker."""
    content = orjson.dumps(position)
    return base64.urlsafe_b64encode(signature(content, binding) + content).decode().rstrip("=")


def decode_cursor(cursor: str, binding: bytes) -> tuple[Any, int]:
    """The position that a cursor names. Raises HTTPProblem: bad-cursor."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except ValueError:
        raw = b""
    content = raw[SIGNATURE_BYTES:]
    if not hmac.compare_digest(raw[:SIGNATURE_BYTES], signature(content, binding)):
        raise HTTPProblem(
            "bad-cursor",
            "This cursor does not belong to this path, filters and sort, or sort=relevance ranks "
            "another version of the dataset: take it as it stands from meta.next_cursor, or start "
            "again without one.",
            [parameter_error("cursor", "invalid cursor", cursor[:200])],
        )
    value, tiebreaker = orjson.loads(content)
    return value, tiebreaker


def signature(content: bytes, binding: bytes) -> bytes:
    key = hashlib.blake2b(binding).digest()
    return hashlib.blake2b(content, key=key, digest_size=SIGNATURE_BYTES).digest()
