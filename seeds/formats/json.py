"""JSON: a file is one object of sections."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from seeds.fields import CONTROL_CHARACTER
from seeds.formats.bounded_file import BoundedFile
from seeds.problems import Place, SeedProblem, SeedProblems
from seeds.raw_record import MAX_DEPTH, SECTIONS, RawRecord, Unreadable, section_type


def read_json(
    file: BinaryIO, name: str, problems: SeedProblems, done: Callable[[int], Any]
) -> Iterator[RawRecord]:
    try:
        text = BoundedFile(file, done).read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not UTF-8 text: {error.reason}", offset=error.start) from None
    sections = decode_json(text)
    if not isinstance(sections, dict):
        raise Unreadable(f"must be an object with sections: {', '.join(SECTIONS)}")
    if isinstance(sections, DuplicateNames):
        raise Unreadable("duplicate", value=sections.duplicate)
    for section, records in sections.items():
        type = section_type(section, Place(name), problems)
        if not isinstance(records, list | None):
            raise Unreadable("must be a list of records", value=section)
        for n, data in enumerate(records or ()):
            record = RawRecord(type or "", data, name, None, f"number {n + 1}")
            try:
                if isinstance(data, dict):
                    check_nesting(data)
            except Unreadable as error:
                problems.add_unreadable(SeedProblem(record.place(), str(error), value=error.value))
                continue
            if type:
                yield record


class DuplicateNames(dict):
    """An object in which a name is duplicate: JSON does not say which value counts."""

    duplicate = ""


def object_of(pairs: list[tuple[str, Any]]) -> dict:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    members = DuplicateNames(members)
    names = [name for name, _ in pairs]
    members.duplicate = next(name for name in names if names.count(name) > 1)
    return members


DECODER = json.JSONDecoder(object_pairs_hook=object_of)
# takes control characters in texts, which JSON wants escaped
LENIENT_DECODER = json.JSONDecoder(object_pairs_hook=object_of, strict=False)
RAW_CHARACTER = "Invalid control character at"


def decode_json(text: str, decoder: json.JSONDecoder = DECODER) -> Any:
    """The value of a JSON text; objects with duplicate names are DuplicateNames.

    If the text has control characters, they stay in the values: a field refuses them, which names
    the record.
    """
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        message = f"{error.msg}, column {error.colno}"
        if error.msg == RAW_CHARACTER:
            if CONTROL_CHARACTER.search(text):
                return decode_json(text, LENIENT_DECODER)
            # a tab or a line end: fields take these
            code = ord(text[error.pos])
            message = f"U+{code:04X} in a text, column {error.colno}: write \\u{code:04x}"
        raise Unreadable(f"invalid JSON: {message}", error.lineno) from None
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    except ValueError as error:
        # a number of more digits than Python converts
        raise Unreadable(f"invalid JSON: {error}") from None


def check_nesting(value: dict | list, depth: int = 0) -> None:
    """Refuse duplicate names and too deep nesting anywhere in a decoded value."""
    if depth > MAX_DEPTH:
        raise Unreadable("nested too deeply")
    if type(value) is DuplicateNames:
        raise Unreadable("duplicate", value=value.duplicate)
    for inner in reversed(value.values() if isinstance(value, dict) else value):
        # a tuple takes half the time of a union
        if isinstance(inner, (dict, list)):
            check_nesting(inner, depth + 1)
