"""Raw records: records as seed files have them, before validation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from models import RECORD_TYPES
from seeds.fields import CONTROL_CHARACTER
from seeds.problems import Place, SeedProblem, SeedProblems, nearest_word

SECTIONS = {f"{type}s": type for type in RECORD_TYPES}
# a record's lists hold objects; nothing in the format is nested deeper
MAX_DEPTH = 10


class Unreadable(Exception):
    """A file, or a part of it, cannot be read.

    Its line is given by number, or by the offset of a byte.
    """

    def __init__(
        self, message: str, line: int | None = None, value: Any = None, offset: int | None = None
    ):
        super().__init__(message)
        self.line = line
        self.value = value
        self.offset = offset


@dataclass
class RawRecord:
    """One record as its file has it; `lines` gives the line of each field, by its path."""

    type: str
    data: Any
    file: str
    line: int | None
    # names a record that has no id
    label: str = ""
    lines: dict[tuple, int] = field(default_factory=dict)

    def replace_control(self) -> RawRecord:
        """The record with a space in place of each control character."""
        return replace(self, data=without_control(self.data))

    def place(self, path: tuple = ()) -> Place:
        """The line of a field, else of the nearest field around it, else of the record."""
        around = (path[:length] for length in range(len(path), 0, -1))
        line = next((self.lines[outer] for outer in around if outer in self.lines), self.line)
        id = self.data.get("id") if isinstance(self.data, dict) else None
        name = id if isinstance(id, str) else self.label
        if len(name) > 80:
            name = f"{name[:79]}…"
        return Place(self.file, line, f"{self.type} {name}".strip())


def without_control(value: Any) -> Any:
    """A value with a space in place of each control character in its texts and names."""
    if isinstance(value, str):
        return CONTROL_CHARACTER.sub(" ", value)
    if isinstance(value, list):
        return [without_control(item) for item in value]
    if isinstance(value, dict):
        fields = {without_control(name): without_control(item) for name, item in value.items()}
        # names that become equal stay as they are, and are refused
        return fields if len(fields) == len(value) else value
    return value


def section_type(section: str, place: Place, problems: SeedProblems) -> str | None:
    """The record type of a section; an unknown section is a problem."""
    if section not in SECTIONS:
        message = f"unknown section: use {', '.join(SECTIONS)}"
        problems.add_unreadable(
            SeedProblem(place, message, value=section, suggestion=nearest_word(section, SECTIONS))
        )
    return SECTIONS.get(section)
