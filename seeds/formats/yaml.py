"""YAML: each document is a mapping of sections; plain scalars stay text.

The parser's events are read one by one: a record needs no tree, and each field has a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import yaml

from seeds.formats.bounded_file import BoundedFile
from seeds.formats.yaml_text import YamlText
from seeds.problems import Place, SeedProblem, SeedProblems, short_value
from seeds.raw_record import MAX_DEPTH, SECTIONS, RawRecord, Unreadable, section_type

NULLS = ("", "~", "null", "Null", "NULL")
# the parser in C, where PyYAML was built with it
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_yaml(
    file: BinaryIO, name: str, problems: SeedProblems, done: Callable[[int], Any]
) -> Iterator[RawRecord]:
    reader = YamlReader(YamlText(BoundedFile(file, done)), name, problems)
    try:
        yield from reader.read_documents()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Unreadable(f"invalid YAML: {error.problem}", line) from None


class YamlReader:
    """Reads the records of a file from the parser's events."""

    def __init__(self, text: YamlText, name: str, problems: SeedProblems):
        self.text = text
        self.name = name
        self.problems = problems
        self.events = refuse_node_properties(yaml.parse(text, Loader=LOADER))
        # of the present record: the lines of its fields, and the values that seem cut, by path
        self.lines: dict[tuple, int] = {}
        self.cuts: dict[tuple, tuple[str, str]] = {}

    def read_documents(self) -> Iterator[RawRecord]:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                yield from self.read_document()

    def read_document(self) -> Iterator[RawRecord]:
        event = next(self.events)
        if is_null(event):
            return
        if not isinstance(event, yaml.MappingStartEvent):
            message = f"must be a mapping of sections: {', '.join(SECTIONS)}"
            raise Unreadable(message, line_of(event))
        seen: set[str] = set()
        for key in self.events_until(yaml.MappingEndEvent):
            section = self.field_name(key, seen)
            seen.add(section)
            type = section_type(section, Place(self.name, line_of(key)), self.problems)
            yield from self.read_section(section, type)

    def read_section(self, section: str, type: str | None) -> Iterator[RawRecord]:
        event = next(self.events)
        if is_null(event):
            return
        if not isinstance(event, yaml.SequenceStartEvent):
            raise Unreadable("must be a list of records", line_of(event), section)
        for n, item in enumerate(self.events_until(yaml.SequenceEndEvent)):
            self.lines, self.cuts = {}, {}
            data = self.read_value(item, ())
            if self.text.has_placeholders:
                data, self.lines = self.text.original(data), self.text.original(self.lines)
            if type:
                raw = RawRecord(type, data, self.name, line_of(item), f"number {n + 1}", self.lines)
                self.warn_of_cuts(raw)
                yield raw

    def warn_of_cuts(self, raw: RawRecord) -> None:
        for path, (value, comment) in self.cuts.items():
            warning = SeedProblem(
                raw.place(path),
                "YAML takes the rest for a comment: put the text in quotes to keep",
                ".".join(map(str, path)),
                value or None,
                detail=short_value(comment),
            )
            self.problems.warnings.add(warning)

    def events_until(self, end: type) -> Iterator[Any]:
        for event in self.events:
            if isinstance(event, end):
                return
            yield event

    def read_value(self, event: Any, path: tuple) -> Any:
        """The value that begins with an event."""
        if isinstance(event, yaml.ScalarEvent):
            if not event.style:
                space, comment = self.text.comment_after(event.end_mark.index)  # type: ignore[union-attr]
                if comment and seems_cut(event.value, space, comment):
                    self.cuts[path] = event.value, comment
            return None if is_null(event) else event.value
        if len(path) == MAX_DEPTH:
            raise Unreadable("nested too deeply", line_of(event))
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            for n, item in enumerate(self.events_until(yaml.SequenceEndEvent)):
                self.lines[*path, n] = line_of(item)
                items.append(self.read_value(item, (*path, n)))
            return items
        fields: dict[str, Any] = {}
        for key in self.events_until(yaml.MappingEndEvent):
            name = self.field_name(key, fields)
            self.lines[*path, name] = line_of(key)
            fields[name] = self.read_value(next(self.events), (*path, name))
        return fields

    def field_name(self, event: Any, seen: set | dict) -> str:
        """The text of a key. Raises Unreadable if it is no text, or was seen in this mapping."""
        if not isinstance(event, yaml.ScalarEvent):
            raise Unreadable("a field's name must be text", line_of(event))
        if event.value in seen:
            raise Unreadable("duplicate", line_of(event), self.text.original(event.value))
        return event.value


def refuse_node_properties(events: Iterator[Any]) -> Iterator[Any]:
    """The events without anchors, aliases and tags, wherever they stand. Raises Unreadable."""
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            if event.anchor is not None:
                noun = "aliases" if isinstance(event, yaml.AliasEvent) else "anchors"
                message = f"YAML {noun} are not supported: write the value out"
                raise Unreadable(message, line_of(event), event.anchor)
            tag = getattr(event, "tag", None)
            if tag is not None:
                raise Unreadable("YAML tags are not supported", line_of(event), tag)
        yield event


def seems_cut(value: str, space: str, comment: str) -> bool:
    """Whether a `#` after an unquoted value seems to belong to it, and not to begin a comment."""
    content = comment.lstrip("#")
    if not content or content.isspace():
        return False
    return not content[0].isspace() or (len(space) == 1 and " " in value)


def is_null(event: Any) -> bool:
    # a plain scalar: the parser in C gives an empty style, the one in Python none
    return isinstance(event, yaml.ScalarEvent) and not event.style and event.value in NULLS


def line_of(event: Any) -> int:
    return event.start_mark.line + 1
