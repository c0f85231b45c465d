"""Seed files → raw records, one after the other, each with where it stands."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import yaml

from models import RECORD_TYPES
from seeds.problems import Place, Problem, Problems, nearest

LINE = 1_000_000
FILE = 64_000_000
# a record's lists hold objects, and nothing lies deeper
DEPTH = 10
NULLS = ("", "~", "null", "Null", "NULL")
SECTIONS = {f"{type}s": type for type in RECORD_TYPES}

Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Unreadable(Exception):
    """A file, or a part of it, that cannot be taken: where, what, and what stands there."""

    def __init__(self, message: str, line: int | None = None, value: Any = None):
        super().__init__(message)
        self.line = line
        self.value = value


@dataclass
class Raw:
    """One record as the file has it; `lines` gives the line of each field, by its path."""

    type: str
    data: Any
    file: str
    line: int | None
    number: str = ""
    lines: dict[tuple, int] = field(default_factory=dict)

    def place(self, path: tuple = ()) -> Place:
        """Where a field stands, or the nearest thing around it that has a line."""
        line = next(
            (self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines),
            self.line,
        )
        id = self.data.get("id") if isinstance(self.data, dict) else None
        name = id if isinstance(id, str) else self.number
        return Place(self.file, line, f"{self.type} {shown_id(name)}".strip())


def shown_id(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:79]}…"


def files(paths: Iterable[str | Path], problems: Problems) -> list[Path]:
    """The seed files among these files and folders, each once, a folder's in the order of names."""
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(one for one in within(path, problems) if one.suffix in READERS)
            if not inside:
                problems.add(
                    Problem(Place(printed(path)), f"no seed file inside ({', '.join(READERS)})")
                )
        elif path.suffix not in READERS and path.exists():
            problems.add(Problem(Place(printed(path)), f"is none of {', '.join(READERS)}"))
            inside = []
        else:
            inside = [path]
        for one in inside:
            found.setdefault(one.resolve(), one)
    return list(found.values())


def within(folder: Path, problems: Problems) -> Iterator[Path]:
    """The files in a folder and in those inside, links followed, each folder once."""

    def unreadable(error: OSError) -> None:
        place = Place(printed(Path(error.filename)))
        problems.lose(Problem(place, f"cannot be read: {error.strerror}"))

    seen = set()
    for inside, folders, names in os.walk(folder, onerror=unreadable, followlinks=True):
        here = os.path.realpath(inside)
        if here in seen:
            folders.clear()
            continue
        seen.add(here)
        # a link that leads nowhere is among them, and is found not to be there
        yield from (Path(inside, name) for name in names)


def read(path: Path, problems: Problems, done: Callable[[int], Any]) -> Iterator[Raw]:
    """The records of one file; what cannot be read becomes a problem. `done` is told of bytes."""
    try:
        with path.open("rb") as file:
            yield from READERS[path.suffix](file, printed(path), problems, done)
    except Unreadable as error:
        place = Place(printed(path), error.line)
        problems.lose(Problem(place, str(error), value=error.value))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problems.lose(Problem(Place(printed(path), line), f"broken YAML: {error.problem}"))
    except (yaml.YAMLError, UnicodeError) as error:
        place = Place(printed(path), line_at(path, error))
        problems.lose(Problem(place, f"is not UTF-8 text: {reason_of(error)}"))
    except OSError as error:
        problems.lose(Problem(Place(printed(path)), f"cannot be read: {error.strerror}"))


def printed(path: Path) -> str:
    """A path as text that can be printed; names of files need not be UTF-8."""
    return os.fsencode(path).decode(errors="replace")


def line_at(path: Path, error: Any) -> int:
    """The line of a byte that is no text."""
    with path.open("rb") as file:
        before = file.read(getattr(error, "position", getattr(error, "start", 0)))
    return before.count(b"\n") + 1


def reason_of(error: Exception) -> str:
    return str(getattr(error, "reason", error))


class Bounded:
    """A file that says no beyond 64 MB, and tells how far it was read."""

    def __init__(self, file: BinaryIO, done: Callable[[int], Any]):
        self.file = file
        self.done = done
        self.size = 0
        self.refuse(os.fstat(file.fileno()).st_size)

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size if size >= 0 else FILE + 1 - self.size)
        self.size += len(data)
        self.refuse(self.size)
        self.done(len(data))
        return data

    @staticmethod
    def refuse(size: int) -> None:
        if size > FILE:
            message = f"is larger than {FILE // 1_000_000} MB: split it, or write JSON Lines"
            raise Unreadable(message)


def read_yaml(
    file: BinaryIO, name: str, problems: Problems, done: Callable[[int], Any]
) -> Iterator[Raw]:
    events = yaml.parse(Bounded(file, done), Loader=Loader)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            yield from sections(events, name, problems)


def sections(events: Iterator, name: str, problems: Problems) -> Iterator[Raw]:
    event = next(events)
    if isinstance(event, yaml.ScalarEvent) and plain_null(event):
        return
    if not isinstance(event, yaml.MappingStartEvent):
        raise Unreadable(f"must be sections: {', '.join(SECTIONS)}", line_of(event))
    seen: set[str] = set()
    for key in until(events, yaml.MappingEndEvent):
        section = key_of(key, seen)
        type = section_type(section, Place(name, line_of(key)), problems)
        event = next(events)
        if isinstance(event, yaml.ScalarEvent) and plain_null(event):
            continue
        if not isinstance(event, yaml.SequenceStartEvent):
            raise Unreadable("must be a list of records", line_of(event), section)
        for n, item in enumerate(until(events, yaml.SequenceEndEvent)):
            lines: dict[tuple, int] = {}
            data = node(item, events, (), lines)
            if type:
                yield Raw(type, data, name, line_of(item), f"number {n + 1}", lines)


def until(events: Iterator, end: type) -> Iterator[Any]:
    for event in events:
        if isinstance(event, end):
            return
        yield event


def node(event: Any, events: Iterator, path: tuple, lines: dict[tuple, int]) -> Any:
    """The value that begins with an event; a plain scalar stays text."""
    if isinstance(event, yaml.AliasEvent):
        raise Unreadable("aliases are not taken: write the value out", line_of(event), event.anchor)
    if event.tag not in (None, "!"):
        raise Unreadable("tags are not taken", line_of(event), event.tag)
    if isinstance(event, yaml.ScalarEvent):
        return None if plain_null(event) else event.value
    if len(path) == DEPTH:
        raise Unreadable("nested too deeply", line_of(event))
    if isinstance(event, yaml.SequenceStartEvent):
        return [
            node(item, events, (*path, n), lines)
            for n, item in enumerate(until(events, yaml.SequenceEndEvent))
        ]
    found: dict[str, Any] = {}
    for key in until(events, yaml.MappingEndEvent):
        inner = key_of(key, found)
        lines[*path, inner] = line_of(key)
        found[inner] = node(next(events), events, (*path, inner), lines)
    return found


def key_of(event: Any, seen: set | dict) -> str:
    if not isinstance(event, yaml.ScalarEvent):
        raise Unreadable("a field's name must be text", line_of(event))
    if event.value in seen:
        raise Unreadable("stands there twice", line_of(event), event.value)
    if isinstance(seen, set):
        seen.add(event.value)
    return event.value


def plain_null(event: Any) -> bool:
    # the parser in C has an empty style where the one in Python has none
    return not event.style and event.value in NULLS


def line_of(event: Any) -> int:
    return event.start_mark.line + 1


def section_type(section: str, place: Place, problems: Problems) -> str | None:
    if section not in SECTIONS:
        message = f"is no section: {', '.join(SECTIONS)}"
        problems.lose(Problem(place, message, value=section, suggestion=nearest(section, SECTIONS)))
    return SECTIONS.get(section)


class Doubled(dict):
    """An object with a name that stands there twice; JSON leaves open what that means."""

    name = ""


def once(pairs: list[tuple[str, Any]]) -> dict:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = Doubled(found)
    names = [name for name, _ in pairs]
    doubled.name = next(name for name in names if names.count(name) > 1)
    return doubled


def doubled(record: Any) -> str | None:
    """A name that stands twice in an object anywhere inside; refuses what is too deep."""
    inside = [(record, 0)]
    while inside:
        value, depth = inside.pop()
        if depth > DEPTH:
            raise Unreadable("nested too deeply")
        if isinstance(value, Doubled):
            return value.name
        inner = value.values() if isinstance(value, dict) else value
        inside += [(one, depth + 1) for one in inner if isinstance(one, dict | list)]
    return None


DECODER = json.JSONDecoder(object_pairs_hook=once)


def decode(text: str) -> Any:
    try:
        return DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"broken JSON: {error.msg}, column {error.colno}", error.lineno) from None
    except (RecursionError, ValueError) as error:
        deep = isinstance(error, RecursionError)
        raise Unreadable("nested too deeply" if deep else f"broken JSON: {error}") from None


def read_json(
    file: BinaryIO, name: str, problems: Problems, done: Callable[[int], Any]
) -> Iterator[Raw]:
    data = decode(Bounded(file, done).read().decode("utf-8-sig"))
    if not isinstance(data, dict):
        raise Unreadable(f"must be an object with sections: {', '.join(SECTIONS)}")
    if isinstance(data, Doubled):
        raise Unreadable("stands there twice", value=data.name)
    for section, records in data.items():
        type = section_type(section, Place(name), problems)
        if not isinstance(records, list | None):
            raise Unreadable("must be a list of records", value=section)
        for n, record in enumerate(records or ()):
            raw = Raw(type or "", record, name, None, f"number {n + 1}")
            try:
                if twice := doubled(record) if isinstance(record, dict) else None:
                    raise Unreadable("stands there twice", value=twice)
                if type:
                    yield raw
            except Unreadable as error:
                problems.lose(Problem(raw.place(), str(error), value=error.value))


def read_lines(
    file: BinaryIO, name: str, problems: Problems, done: Callable[[int], Any], number: int = 0
) -> Iterator[Raw]:
    """The records of JSON Lines, of which so many come before."""
    while line := file.readline(LINE + 1):
        number += 1
        done(len(line))
        try:
            if len(line) > LINE and not line.endswith(b"\n"):
                skip_line(file, done)
                raise Unreadable(f"is longer than {LINE:,} bytes")
            record = plain(line)
            if record is not None:
                yield typed(record, name, number)
                continue
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            if text:
                yield typed(careful(text), name, number)
        except Unreadable as error:
            problems.lose(Problem(Place(name, number), str(error), value=error.value))
        except UnicodeError as error:
            problems.lose(Problem(Place(name, number), f"is not UTF-8 text: {reason_of(error)}"))


# a name that stands away from its colon
APART = re.compile(rb'"\s+:')
# what makes digits and white space alike; a number of so many digits is one that no double holds
ALIKE = bytes.maketrans(b"123456789\t\r\n", b"000000000   ")
LONG = b"0" * 16


def plain(line: bytes) -> dict | None:
    """The object of a line in which nothing can stand twice; None where that takes more care.

    Each name ends with a quotation mark and a colon, and so may words in a text: where they are as
    many as the object has names, none is lost.
    """
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    alike = line.translate(ALIKE)
    if not isinstance(record, dict) or LONG in alike or (b" :" in alike and APART.search(line)):
        return None
    return record if names(record) == line.count(b'":') else None


def names(value: Any, depth: int = 0) -> float:
    """How many names there are in all objects inside; NaN where they lie too deep."""
    if depth > DEPTH:
        return math.nan
    count: float = 0
    inner = value
    if type(value) is dict:
        count = len(value)
        inner = value.values()
    for one in inner:
        if type(one) is list or type(one) is dict:
            count += names(one, depth + 1)
    return count


def careful(text: str) -> Any:
    """The value of a line, in which no name stands twice."""
    record = decode(text)
    if isinstance(record, dict | list) and (twice := doubled(record)):
        raise Unreadable("stands there twice", value=twice)
    return record


def skip_line(file: BinaryIO, done: Callable[[int], Any]) -> None:
    while (rest := file.readline(LINE)) and not rest.endswith(b"\n"):
        done(len(rest))
    done(len(rest))


def typed(record: Any, name: str, number: int) -> Raw:
    """A line's record; its field `type` says what it is."""
    if not isinstance(record, dict):
        raise Unreadable("must be an object with a type and fields", value=record)
    if "type" not in record:
        raise Unreadable(f"has no type: {', '.join(RECORD_TYPES)}")
    type = record.pop("type")
    if not isinstance(type, str) or type not in RECORD_TYPES:
        near = nearest(str(type), RECORD_TYPES)
        hint = f"; did you mean {near!r}?" if near else ""
        raise Unreadable(f"is no type: {', '.join(RECORD_TYPES)}{hint}", value=type)
    return Raw(type, record, name, number)


READERS: dict[str, Any] = {
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".json": read_json,
    ".jsonl": read_lines,
}
