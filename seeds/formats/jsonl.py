"""JSON Lines: one record a line, an object whose `type` is the record's type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from models import RECORD_TYPES
from seeds.formats.json import check_nesting, decode_json
from seeds.problems import Place, SeedProblem, SeedProblems, hint
from seeds.raw_record import RawRecord, Unreadable

MAX_LINE_BYTES = 1_000_000


def read_jsonl(
    file: BinaryIO,
    name: str,
    problems: SeedProblems,
    done: Callable[[int], Any],
    lines_before: int = 0,
) -> Iterator[RawRecord]:
    """Yield the record of each line; an unreadable line is a problem.

    `lines_before` is the number of lines that come before the file's first one.
    """
    number = lines_before
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        done(len(line))
        try:
            if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
                skip_line(file, done)
                raise Unreadable(f"is longer than {MAX_LINE_BYTES:,} bytes")
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            if text:
                yield typed_record(decode_line(text), name, number)
        except Unreadable as error:
            problem = SeedProblem(Place(name, number), str(error), value=error.value)
            problems.add_unreadable(problem)
        except UnicodeDecodeError as error:
            message = f"is not UTF-8 text: {error.reason}"
            problems.add_unreadable(SeedProblem(Place(name, number), message))


def decode_line(text: str) -> Any:
    """The value of a line. Raises Unreadable for invalid JSON and duplicate names."""
    value = decode_json(text)
    if isinstance(value, dict | list):
        check_nesting(value)
    return value


def skip_line(file: BinaryIO, done: Callable[[int], Any]) -> None:
    """Read to the end of a line."""
    while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        done(len(rest))
    done(len(rest))


def typed_record(value: Any, name: str, number: int) -> RawRecord:
    """The record of a line, without its `type`. Raises Unreadable."""
    if not isinstance(value, dict):
        raise Unreadable("must be an object with a type and fields", value=value)
    types = ", ".join(RECORD_TYPES)
    if "type" not in value:
        raise Unreadable(f"missing type: use {types}")
    type = value.pop("type")
    if not isinstance(type, str) or type not in RECORD_TYPES:
        raise Unreadable(f"unknown type: use {types}{hint(str(type), RECORD_TYPES)}", value=type)
    return RawRecord(type, value, name, number)
