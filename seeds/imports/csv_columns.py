"""The columns of an imported table: their names, and the cells that hold them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from models.records.columns import column_names, unguard
from seeds.imports.drafts import DraftStore
from seeds.problems import nearest_word, short_value

COLUMNS = column_names("claim")
CLAIMANT_COLUMNS = ("actor", "actor_id", "organization", "organization_id")
ATTRIBUTE = "attribute:"
# in place of the headers that --ignore names: all that are no columns
ALL_OTHERS = "*"
# a column that says nothing without another one
NEEDED = {
    "stance": ("position", "position_ids"),
    "position": ("stance",),
    "position_ids": ("stance",),
    "publisher": ("source", "url", "source_ids"),
    "publisher_ids": ("source", "url", "source_ids"),
}
# unknown headers that an error lists, and the least similarity of a suggested column
MAX_LISTED_HEADERS = 30
MIN_HEADER_SIMILARITY = 75


class ColumnOptions(NamedTuple):
    """What the user says of the columns."""

    # headers by column
    mapped: Mapping[str, str] = {}
    ignored: Collection[str] = ()


def column_of(header: str) -> str | None:
    """The column that a header names; case, spaces and hyphens do not count."""
    header = header.strip()
    if header[: len(ATTRIBUTE)].casefold() == ATTRIBUTE:
        name = header[len(ATTRIBUTE) :].strip()
        return ATTRIBUTE + name if name else None
    name = plain_header(header)
    return name if name in COLUMNS else None


def plain_header(header: str) -> str:
    return re.sub(r"[\s_-]+", "_", header.strip().casefold())


def with_suggestion(header: str) -> str:
    """A header in quotes, and the column of nearly this name."""
    column = process.extractOne(
        plain_header(header), COLUMNS, scorer=fuzz.ratio, score_cutoff=MIN_HEADER_SIMILARITY
    )
    return f"{short_value(header)} ({column[0]}?)" if column else short_value(header)


class ColumnPlaces:
    """The place of each column in the rows of a table; what is wrong with its header is told."""

    def __init__(self, header: Sequence[str], line: int, options: ColumnOptions, store: DraftStore):
        self.store = store
        self.line = line
        self.header = [unguard(cell).strip() for cell in header]
        self.options = options
        self.places: dict[str, int] = {}
        mapped = self.mapped_headers()
        ignored = set(map(plain_header, options.ignored))
        unknown: list[str] = []
        for place, text in enumerate(self.header):
            column = mapped.get(plain_header(text)) or column_of(text)
            if not text or (plain_header(text) in ignored and plain_header(text) not in mapped):
                continue
            if column:
                self.add(column, place)
            elif ALL_OTHERS not in ignored:
                unknown.append(text)
        if unknown:
            self.report_unknown(unknown)
        self.check_needed()

    def mapped_headers(self) -> dict[str, str]:
        """The columns by the plain headers that --map gives them."""
        headers = set(map(plain_header, self.header))
        mapped = {}
        for column, header in self.options.mapped.items():
            if plain_header(header) in headers:
                mapped[plain_header(header)] = column
            else:
                names = [text for text in self.header if text]
                self.store.error(
                    self.line, "--map", "no column has this header", header,
                    nearest_word(header, names),
                )  # fmt: skip
        return mapped

    def add(self, column: str, place: int) -> None:
        if column not in self.places:
            self.places[column] = place
            return
        first = self.header[self.places[column]]
        message = (
            f"is the column {column}, as {first!r} in column {self.places[column] + 1} is: rename"
            " or remove one"
        )
        self.store.error(self.line, f"column {place + 1}", message, self.header[place])

    def report_unknown(self, headers: list[str]) -> None:
        listed = ", ".join(map(with_suggestion, headers[:MAX_LISTED_HEADERS]))
        if more := len(headers) - MAX_LISTED_HEADERS:
            listed += f" … and {more} more" if more > 0 else ""
        message = (
            f"unknown columns: {listed}. Say which column each is by --map, as in --map"
            " actor='Speaker'; leave it out by --ignore, or all of them by --ignore '*'. The"
            f" columns are {', '.join(COLUMNS)} and attribute:NAME"
        )
        self.store.error(self.line, "header", message)

    def check_needed(self) -> None:
        if "claim" not in self.places:
            message = "no column claim: name the column of the claims' texts by --map claim=HEADER"
            self.store.error(self.line, "header", message)
        if not any(column in self.places for column in CLAIMANT_COLUMNS):
            message = "no column actor or organization: name one by --map actor=HEADER"
            self.store.error(self.line, "header", message)
        for column, needed in NEEDED.items():
            if column in self.places and not any(name in self.places for name in needed):
                message = (
                    f"says nothing without a column {needed[0]}: name one by --map"
                    f" {needed[0]}=HEADER, or use --ignore"
                )
                self.store.error(self.line, "header", message, column)

    def __contains__(self, column: str) -> bool:
        return column in self.places
