"""File names that say what a streamed list holds."""

from __future__ import annotations

import re
from collections.abc import Iterable

from anyascii import anyascii

MAX_FILE_NAME = 100


def file_name(path: str, filters: Iterable[tuple[str, str]], extension: str) -> str:
    """A short ASCII name: the list, the record that its path names, then the filters."""
    *parent, name = path.split("/")[2:]
    words = [name, *parent, *(word for pair in filters for word in pair)]
    text = "-".join(anyascii(word).lower().replace("!", "not-") for word in words)
    stem = re.sub("[^a-z0-9]+", "-", text)[:MAX_FILE_NAME].strip("-")
    return f"{stem}.{extension}"
