"""Strong ETags; a suffix names the content encoding."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from api.http.compression import CODINGS
from models.dataset import Dataset
from models.documents.render import RENDER_VERSION

RELEASE = version("claimbase")


def etag(dataset: Dataset, path: str, canonical: str, format_version: str) -> str:
    """The ETag of a canonical query, for one dataset version and one version of a format."""
    parts = (dataset.version_token, RENDER_VERSION, RELEASE, path, canonical, format_version)
    return hashlib.blake2b("\n".join(map(str, parts)).encode(), digest_size=16).hexdigest()


def etag_header(etag: str, coding: str) -> str:
    return f'"{etag}-{coding}"' if coding else f'"{etag}"'


def etag_matches(etag: str, if_none_match: str) -> bool:
    """Whether If-None-Match has the ETag, compared weakly, whatever its content encoding."""
    if etag not in if_none_match:
        return False
    for entry in if_none_match.split(","):
        opaque = entry.strip().removeprefix("W/").strip('"')
        if opaque in (etag, *(f"{etag}-{coding}" for coding in CODINGS)):
            return True
    return False
