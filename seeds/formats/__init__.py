"""Seed file formats: each reader yields the raw records of a file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from seeds.formats.json import read_json
from seeds.formats.jsonl import read_jsonl
from seeds.formats.yaml import read_yaml
from seeds.problems import SeedProblems
from seeds.raw_record import RawRecord

# reads a file: (file, its name, problems, function that is told of bytes read)
FormatReader = Callable[[BinaryIO, str, SeedProblems, Callable[[int], Any]], Iterator[RawRecord]]

READERS: dict[str, FormatReader] = {
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
}


def format_reader(path: Path) -> FormatReader | None:
    """The reader for a file's suffix in any case; None for a suffix that has none."""
    return READERS.get(path.suffix.lower())


def has_json_lines(path: Path) -> bool:
    return format_reader(path) is read_jsonl
