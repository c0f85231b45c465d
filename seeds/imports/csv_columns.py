"""The columns of an imported table: their names, and the cells that hold them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from models.records.columns import column_names, unguard
from seeds.imports.drafts import DraftStore
from seeds.problems import nearest_word

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
        for place, text in enumerate(self.header):
            column = mapped.get(plain_header(text)) or column_of(text)
            if not text or (plain_header(text) in ignored and plain_header(text) not in mapped):
                continue
            if column:
                self.add(column, place)
            elif ALL_OTHERS not in ignored:
                self.report_unknown(text)
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
            " or remove one, or name it by --ignore"
        )
        self.store.error(self.line, f"column {place + 1}", message, self.header[place])

    def report_unknown(self, text: str) -> None:
        message = (
            "unknown column: name the column that it is by --map, as in --map actor='Speaker',"
            " leave it out by --ignore, or leave out all that are unknown by --ignore '*'"
        )
        suggestion = nearest_word(plain_header(text), COLUMNS)
        self.store.error(self.line, "header", message, text, suggestion)

    def check_needed(self) -> None:
        if "claim" not in self.places:
            message = "no column claim: name the column of the claims' texts by --map claim=HEADER"
            self.store.error(self.line, "header", message)
        if not any(column in self.places for column in CLAIMANT_COLUMNS):
            message = "no column actor or organization: name one by --map actor=HEADER"
            self.store.error(self.line, "header", message)
        for column, needed in NEEDED.items():
            if column in self.places and not any(name in self.places for name in needed):
                message = f"says nothing without a column {needed[0]}: add it, or use --ignore"
                self.store.error(self.line, "header", message, column)

    def __contains__(self, column: str) -> bool:
        return column in self.places
