"""YAML: each document is a mapping of sections; plain scalars stay text.

The parser's events are read one by one: a record needs no tree, and each field has a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import yaml

from seeds.formats.bounded_file import BoundedFile
from seeds.problems import Place, SeedProblems
from seeds.raw_record import MAX_DEPTH, SECTIONS, RawRecord, Unreadable, section_type

NULLS = ("", "~", "null", "Null", "NULL")
# the parser in C, where PyYAML was built with it
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_yaml(
    file: BinaryIO, name: str, problems: SeedProblems, done: Callable[[int], Any]
) -> Iterator[RawRecord]:
    events = yaml.parse(BoundedFile(file, done), Loader=LOADER)
    try:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                yield from read_document(events, name, problems)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Unreadable(f"invalid YAML: {error.problem}", line) from None
    except (yaml.YAMLError, UnicodeError) as error:
        reason = getattr(error, "reason", error)
        offset = getattr(error, "position", getattr(error, "start", 0))
        raise Unreadable(f"is not UTF-8 text: {reason}", offset=offset) from None


def read_document(events: Iterator, name: str, problems: SeedProblems) -> Iterator[RawRecord]:
    event = next(events)
    if is_null(event):
        return
    if not isinstance(event, yaml.MappingStartEvent):
        raise Unreadable(f"must be a mapping of sections: {', '.join(SECTIONS)}", line_of(event))
    seen: set[str] = set()
    for key in events_until(events, yaml.MappingEndEvent):
        section = field_name(key, seen)
        seen.add(section)
        type = section_type(section, Place(name, line_of(key)), problems)
        event = next(events)
        if is_null(event):
            continue
        if not isinstance(event, yaml.SequenceStartEvent):
            raise Unreadable("must be a list of records", line_of(event), section)
        for n, item in enumerate(events_until(events, yaml.SequenceEndEvent)):
            lines: dict[tuple, int] = {}
            data = read_value(item, events, (), lines)
            if type:
                yield RawRecord(type, data, name, line_of(item), f"number {n + 1}", lines)


def events_until(events: Iterator, end: type) -> Iterator[Any]:
    for event in events:
        if isinstance(event, end):
            return
        yield event


def read_value(event: Any, events: Iterator, path: tuple, lines: dict[tuple, int]) -> Any:
    """The value that begins with an event; the lines of the fields inside go into `lines`."""
    if isinstance(event, yaml.AliasEvent):
        message = "YAML aliases are not supported: write the value out"
        raise Unreadable(message, line_of(event), event.anchor)
    if event.tag not in (None, "!"):
        raise Unreadable("YAML tags are not supported", line_of(event), event.tag)
    if isinstance(event, yaml.ScalarEvent):
        return None if is_null(event) else event.value
    if len(path) == MAX_DEPTH:
        raise Unreadable("nested too deeply", line_of(event))
    if isinstance(event, yaml.SequenceStartEvent):
        return [
            read_value(item, events, (*path, n), lines)
            for n, item in enumerate(events_until(events, yaml.SequenceEndEvent))
        ]
    fields: dict[str, Any] = {}
    for key in events_until(events, yaml.MappingEndEvent):
        name = field_name(key, fields)
        lines[*path, name] = line_of(key)
        fields[name] = read_value(next(events), events, (*path, name), lines)
    return fields


def field_name(event: Any, seen: set | dict) -> str:
    """The text of a key. Raises Unreadable if it is no text, or was seen in this mapping."""
    if not isinstance(event, yaml.ScalarEvent):
        raise Unreadable("a field's name must be text", line_of(event))
    if event.value in seen:
        raise Unreadable("duplicate", line_of(event), event.value)
    return event.value


def is_null(event: Any) -> bool:
    # a plain scalar: the parser in C gives an empty style, the one in Python none
    return isinstance(event, yaml.ScalarEvent) and not event.style and event.value in NULLS


def line_of(event: Any) -> int:
    return event.start_mark.line + 1
