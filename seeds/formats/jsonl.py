"""JSON Lines: one record a line, an object whose `type` is the record's type.

An end line, of the type `end`, tells how many records come before it, since the last end line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple

from models import RECORD_TYPES
from models.records.changes import END
from seeds.formats.json import check_nesting, decode_json
from seeds.problems import Place, SeedProblem, SeedProblems, hint
from seeds.raw_record import RawRecord, Unreadable

MAX_LINE_BYTES = 1_000_000


class EndLine(NamedTuple):
    """A line that tells the number of records before it."""

    line: int
    declared: int
    # the records that were read since the end line before
    records: int


@dataclass
class EndLines:
    """The end lines of a file, or of a chunk of it."""

    seen: list[EndLine] = field(default_factory=list)
    # the records that were read since the last end line
    records: int = 0

    def add(self, line: int, value: dict) -> None:
        """Note an end line. Raises Unreadable."""
        declared = value.get("records")
        if not value.keys() <= {"type", "records", "dataset"} or type(declared) is not int:
            raise Unreadable('an end line is {"type": "end", "records": number, "dataset": name}')
        self.seen.append(EndLine(line, declared, self.records))
        self.records = 0

    def check(self, name: str, problems: SeedProblems, records_before: int = 0) -> int:
        """Compare the numbers; returns the records since the last end line.

        `records_before` is the number of records between the last end line and the chunk.
        """
        for end in self.seen:
            records = records_before + end.records
            records_before = 0
            if records != end.declared:
                message = (
                    f"number of records before this end line: {records}, but it says"
                    f" {end.declared}: the file was cut or edited; export it again, or remove the"
                    " end line"
                )
                problems.add_unreadable(SeedProblem(Place(name, end.line), message))
        return records_before + self.records


def read_jsonl(
    file: BinaryIO, name: str, problems: SeedProblems, done: Callable[[int], Any]
) -> Iterator[RawRecord]:
    """Yield the record of each line; an unreadable line is a problem."""
    end_lines = EndLines()
    yield from read_lines(file, name, problems, done, 0, end_lines)
    end_lines.check(name, problems)


def read_lines(
    file: BinaryIO,
    name: str,
    problems: SeedProblems,
    done: Callable[[int], Any],
    lines_before: int,
    end_lines: EndLines,
) -> Iterator[RawRecord]:
    """Yield the record of each line of a chunk, and note its end lines.

    `lines_before` is the number of lines that come before the chunk.
    """
    number = lines_before
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        done(len(line))
        record = None
        try:
            if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
                skip_line(file, done)
                raise Unreadable(f"is longer than {MAX_LINE_BYTES:,} bytes")
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            if not text:
                continue
            value = decode_line(text)
            if isinstance(value, dict) and value.get("type") == END:
                end_lines.add(number, value)
                continue
            record = typed_record(value, name, number)
        except Unreadable as error:
            problem = SeedProblem(Place(name, number), str(error), value=error.value)
            problems.add_unreadable(problem)
        except UnicodeDecodeError as error:
            message = f"is not UTF-8 text: {error.reason}"
            problems.add_unreadable(SeedProblem(Place(name, number), message))
        end_lines.records += 1
        if record:
            yield record


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
