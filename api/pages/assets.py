"""The static files, each under an address that changes with its content."""

from __future__ import annotations

import hashlib
from pathlib import Path

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
SUFFIXES = (".py", ".html", ".css", ".js", ".svg")


def content_hash(*paths: Path) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


STATIC_HASHES = {path.name: content_hash(path) for path in sorted(STATIC.iterdir())}
# changes with any template, static file or module of the pages
PAGES_VERSION = content_hash(
    *sorted(path for suffix in SUFFIXES for path in FOLDER.rglob(f"*{suffix}"))
)


def static_path(name: str) -> str:
    """The path of a static file, without the mount point."""
    return f"/static/{name}?v={STATIC_HASHES[name]}"
