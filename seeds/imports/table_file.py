"""CSV and TSV files: their encoding, their delimiter, and their rows with lines."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

from seeds.raw_record import Unreadable

DELIMITERS = (",", ";", "\t")
# characters of a line, and of a cell; a quotation mark that is not closed would take the whole file
MAX_CHARACTERS = 1_000_000
# Excel's first line, which names the delimiter
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# the surrogates that stand for bytes which the encoding lacks
UNDECODED = re.compile("[\udc80-\udcff]")
FIRST_UNDECODED = 0xDC00
SNIFFED_BYTES = 4096
SAVE_AS = "save the sheet as “CSV UTF-8”"
# the first bytes of files that are no text
SIGNATURES = {
    b"PK\x03\x04": "is a workbook or an archive (.xlsx, .ods, .zip), not CSV",
    b"\xd0\xcf\x11\xe0": "is a workbook (.xls), not CSV",
    b"%PDF": "is a PDF, not CSV",
    b"\x1f\x8b": "is compressed by gzip: unpack it",
}


class TableRow(NamedTuple):
    """The cells of a row, its number in the sheet, and its first line."""

    number: int
    line: int
    cells: list[str]

    @property
    def is_empty(self) -> bool:
        return not any(map(str.strip, self.cells))

    def undecoded_byte(self) -> int | None:
        """The first byte that the file's encoding lacks."""
        for cell in self.cells:
            if not cell.isascii() and (match := UNDECODED.search(cell)):
                return ord(match[0]) - FIRST_UNDECODED
        return None


class TableFile:
    """A table whose first row is its header.

    `is_column` tells the known headers: the delimiter is the one that gives most of them.
    """

    def __init__(self, path: Path, encoding: str | None, is_column: Callable[[str], bool]):
        self.path = path
        self.start = self.read_start()
        self.encoding = encoding or self.told_encoding()
        self.has_mark = bool(encoding) or self.start.startswith(codecs.BOM_UTF8)
        self.separator_line = ""
        self.delimiter = self.find_delimiter(is_column)
        self.header = self.find_header()

    def read_start(self) -> bytes:
        if not self.path.is_file():
            raise Unreadable("is no regular file, which is read twice: save it first")
        with self.path.open("rb") as file:
            return file.read(SNIFFED_BYTES)

    def told_encoding(self) -> str:
        """UTF-8, unless the first bytes tell otherwise, which is an error."""
        for signature, message in SIGNATURES.items():
            if self.start.startswith(signature):
                raise Unreadable(f"{message}: {SAVE_AS}")
        if self.start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Unreadable(
                "is UTF-16 text (“Unicode Text” in Excel): use --encoding utf-16, or " + SAVE_AS
            )
        if b"\0" in self.start:
            raise Unreadable(
                "has bytes of value 0, so it is no UTF-8 text: if it is UTF-16 without a byte order"
                " mark, use --encoding utf-16-le or utf-16-be"
            )
        return "utf-8"

    def find_delimiter(self, is_column: Callable[[str], bool]) -> str:
        with self.opened() as file:
            first_line = file.readline(MAX_CHARACTERS)
        if match := SEPARATOR_LINE.fullmatch(first_line):
            self.separator_line = first_line.strip()
            return match[1]

        def score(delimiter: str) -> tuple[int, int]:
            self.delimiter = delimiter
            try:
                cells = self.find_header().cells
            except Unreadable:
                return -1, 0
            return sum(map(is_column, cells)), len(cells)

        return max(DELIMITERS, key=score)

    def find_header(self) -> TableRow:
        """The first row that is not empty."""
        for row in self.rows():
            if not row.is_empty:
                return row
        raise Unreadable("has no header: the first row must name the columns")

    def rows_after_header(self) -> Iterator[TableRow]:
        return (row for row in self.rows() if row.line > self.header.line)

    @contextmanager
    def opened(self) -> Iterator[TextIO]:
        encoding = self.encoding
        if codecs.lookup(encoding).name == "utf-8":
            encoding = "utf-8-sig"
        with self.path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
            try:
                yield file
            except UnicodeDecodeError as error:
                raise Unreadable(f"is not {self.encoding} text: {error.reason}") from None

    def rows(self) -> Iterator[TableRow]:
        """All rows, the header among them."""
        with self.opened() as file:
            lines = PhysicalLines(file)
            if self.separator_line:
                next(lines)
            # a bound of the process, which nothing else depends on
            csv.field_size_limit(MAX_CHARACTERS)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            start = lines.count + 1
            try:
                # the sheet has no row for the line that names the delimiter
                for number, cells in enumerate(reader, 1):
                    yield TableRow(number, start, cells)
                    start = lines.count + 1
            except csv.Error as error:
                raise Unreadable(quotation_error(str(error), lines.count), start) from None


class PhysicalLines:
    """The lines of a file, counted, and within a bound."""

    def __init__(self, file: TextIO):
        self.file = file
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline(MAX_CHARACTERS)
        if not line:
            raise StopIteration
        self.count += 1
        if len(line) == MAX_CHARACTERS:
            raise Unreadable(f"is longer than {MAX_CHARACTERS:,} characters", self.count)
        return line


def quotation_error(message: str, line: int) -> str:
    """What is wrong with the quotation marks of a row, which csv says in other words."""
    if "expected after" in message:
        return f'quotation mark inside a quoted cell (line {line}): double it, as in "a ""b"" c"'
    return (
        "a quotation mark begins a cell of this row, and none ends it: close it, or double the"
        " marks inside the cell"
    )
