"""JSON files of others: one document, or JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from seeds.formats.json import decode_json
from seeds.raw_record import Unreadable


class JSONDocument(NamedTuple):
    """A JSON document; of JSON Lines, with its line."""

    value: Any
    line: int | None = None


def read_json_values(path: Path) -> Iterator[JSONDocument]:
    """The document of a file, or those of its lines. Raises Unreadable."""
    if not path.is_file():
        raise Unreadable("is no regular file, which is read twice: save it first")
    if is_json_lines(path):
        with path.open("rb") as file:
            for n, line in enumerate(file, 1):
                if line.strip():
                    yield JSONDocument(decoded(line.rstrip(b"\r\n"), n), n)
    else:
        yield JSONDocument(decoded(path.read_bytes()))


def is_json_lines(path: Path) -> bool:
    """Whether the first line is a document, and others follow."""
    with path.open("rb") as file:
        lines = (line for line in file if line.strip())
        first = next(lines, b"")
        if not next(lines, b""):
            return False
    try:
        decoded(first)
    except Unreadable:
        return False
    return True


def decoded(content: bytes, line: int | None = None) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content.count(b"\n", 0, error.start)
        message = "is not UTF-8 text: save it as UTF-8"
        raise Unreadable(message, line or before + 1) from None
    if not text.strip():
        raise Unreadable("is empty: give a JSON file")
    if text.lstrip().startswith("<"):
        message = "is HTML or XML, not JSON: take the JSON out of it"
        raise Unreadable(message, line or 1)
    try:
        return decode_json(text)
    except Unreadable as error:
        raise Unreadable(str(error), line or error.line) from None
