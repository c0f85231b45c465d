"""The rows of an imported table: one is one claim, its cells are fields and names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from marshmallow import ValidationError

from models.records.columns import SEPARATOR, split_values, unguard
from seeds.fast_validation import field_validator
from seeds.fields import CONTROL_CHARACTER
from seeds.imports.csv_columns import ATTRIBUTE, CLAIMANT_COLUMNS, COLUMNS, ColumnPlaces
from seeds.imports.dates import read_written_date
from seeds.imports.drafts import Draft, DraftStore, Reference, without_prefix
from seeds.imports.table_file import TableRow
from seeds.schemas import SCHEMAS

# texts of a spreadsheet in place of a value
SHEET_ERRORS = frozenset(
    {"#N/A", "#N/A N/A", "#NA", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!",
     "#SPILL!", "#CALC!", "#GETTING_DATA", "#ERROR!", "#####"}
)  # fmt: skip
STANCES = {
    **dict.fromkeys(("support", "for", "yes", "agree", "1"), "support"),
    **dict.fromkeys(("oppose", "against", "no", "disagree", "0"), "oppose"),
    "neutral": "neutral",
}
# columns of one text, and the fields of a claim that they are
TEXT_FIELDS = {
    "claim": "text", "quote": "quote", "role": "role", "place": "place", "form": "form",
    "status": "status", "coder": "coder", "language": "language",
}  # fmt: skip
# fields whose words may have capitals and spaces
WORD_FIELDS = ("form", "status")
# columns of one name
NAME_FIELDS = {"actor": "actor", "organization": "organization", "event": "event"}
# columns of many names, and the fields that they are
PARTY_FIELDS = {"about": "about", "addressee": "addressees"}
# the columns of fields, for errors that only the whole record shows
COLUMNS_OF_FIELDS = {
    **{field: column for column, field in TEXT_FIELDS.items()},
    **{field: column for column, field in PARTY_FIELDS.items()},
    "topics": "topic", "positions": "position", "reports": "source", "attributes": "attributes",
}  # fmt: skip
SOURCE_COLUMNS = ("source", "url", "source_ids")
LIST_COLUMNS = {"topic", "position", "stance", "about", "addressee", "source", "url", "publisher"}
LIST_COLUMNS |= {column for column in COLUMNS if column.endswith("_ids")}
# what people write between names
OTHER_SEPARATOR = re.compile(r"[;|\n]")
NAME_OF_TYPE = {"source": "title", "position": "text"}

VALIDATE: dict[str, Callable[[Any], str]] = {
    **{
        column: field_validator(SCHEMAS["claim"].fields[field])
        for column, field in TEXT_FIELDS.items()
    },
    **{
        type: field_validator(SCHEMAS[type].fields[NAME_OF_TYPE.get(type, "name")])
        for type in SCHEMAS
        if type != "claim"
    },
    "id": field_validator(SCHEMAS["claim"].fields["id"]),
    "url": field_validator(SCHEMAS["source"].fields["url"]),
}


class RowReader:
    """Reads one row; what is wrong with a cell is told with its line, column and value."""

    def __init__(self, row: TableRow, places: ColumnPlaces, store: DraftStore, dates: str):
        self.line = row.line
        self.places = places
        self.store = store
        self.dates = dates
        self.errors = 0
        # the columns that hold an error of the spreadsheet
        self.faulty: set[str] = set()
        self.cells: dict[str, str] = {}
        for column, place in places.places.items():
            cell = unguard(row.cells[place]) if place < len(row.cells) else ""
            if store.replace_control:
                cell = CONTROL_CHARACTER.sub(" ", cell)
            # an empty first value of many begins with a space
            if column not in LIST_COLUMNS or not cell.strip():
                cell = cell.strip()
            if cell[:1] == "#" and cell.strip() in SHEET_ERRORS:
                message = "is an error of the spreadsheet: correct or empty the cell"
                self.error(column, message, cell)
                self.faulty.add(column)
                cell = ""
            self.cells[column] = cell
        for place, cell in enumerate(row.cells):
            if cell.strip() and (place >= len(places.header) or not places.header[place]):
                self.error(
                    f"column {place + 1}",
                    "has no header: name the column, or put cells that hold the delimiter in"
                    " quotation marks",
                    cell,
                )

    def error(self, column: str, message: str, value: str | None = None) -> None:
        self.errors += 1
        self.store.error(self.line, column, message, value)

    def valid(self, kind: str, column: str, value: str) -> str:
        """A value in canonical form; empty, and told, if it is invalid."""
        try:
            return VALIDATE[kind](value)
        except ValidationError as error:
            self.error(column, "; ".join(map(str, error.messages)), value)
            return ""

    def draft(self) -> Draft | None:
        """The claim of the row; None if something is wrong."""
        fields: dict[str, Any] = {}
        if id := self.cells.get("id"):
            fields["id"] = self.valid("id", "id", id)
            if id.isdigit():
                message = (
                    "is a bare number, which the rows of another table may have too: use --ignore"
                    " for this column unless it has ids of the dataset"
                )
                self.store.warn(self.line, "id", message, id)
        date_is_valid = self.add_date(fields)
        for column, field in TEXT_FIELDS.items():
            if column in self.cells:
                fields[field] = self.text(column)
        self.check_required()
        for column in NAME_FIELDS:
            # an event begins at the dates of its rows
            is_known = column != "event" or date_is_valid
            if is_known and (column in self.cells or f"{column}_id" in self.cells):
                fields[column] = self.single_name(column, fields.get("date"))
        self.add_lists(fields)
        attributes = self.add_attributes(fields)
        return None if self.errors else Draft("claim", self.line, fields, attributes)

    def check_required(self) -> None:
        if not self.cells["claim"] and "claim" not in self.faulty:
            self.error("claim", "is empty: give the claim's text, or remove the row")
        complete = {"actor", "organization"} <= self.cells.keys() or not self.cells.get("id")
        is_missing = not any(map(self.cells.get, CLAIMANT_COLUMNS))
        if complete and is_missing and self.faulty.isdisjoint(CLAIMANT_COLUMNS):
            self.error(
                "actor" if "actor" in self.cells else "organization",
                "is empty: give an actor or an organization in each row, also where the cell was"
                " merged with the one above",
            )

    def add_date(self, fields: dict[str, Any]) -> bool:
        """Add the date; False if it is invalid."""
        text = self.cells.get("date")
        if text is None:
            return True
        fields["date"] = None
        if not text:
            return True
        try:
            date, had_time = read_written_date(text, self.dates)
        except ValueError as error:
            self.error("date", str(error), text)
            return False
        if had_time:
            self.store.tell("dates whose time of day is left out")
        fields["date"] = date
        return True

    def text(self, column: str) -> str | None:
        value = self.cells[column]
        if not value:
            return None
        if column in WORD_FIELDS:
            value = value.casefold().replace(" ", "-")
        return self.valid(column, column, value)

    def single_name(self, column: str, date: str | None) -> Reference | None:
        """The reference to the record that a cell, or the id beside it, names."""
        text, id = self.cells.get(column, ""), self.cells.get(f"{column}_id", "")
        if not text and not id:
            return None
        if SEPARATOR in text and not id:
            self.error(column, "names several records: give one, and a row for each claim", text)
            return None
        fields = {"start_date": date} if column == "event" and date else None
        return self.name(column, column, text, id, fields=fields)

    def name(
        self,
        type: str,
        column: str,
        text: str,
        id: str = "",
        *,
        variant: str = "",
        fields: dict[str, Any] | None = None,
    ) -> Reference | None:
        """The reference to a record; None if its name or id is invalid."""
        errors = self.errors
        text = text and self.valid(type, column, text)
        id = id and self.valid("id", column, id)
        if self.errors > errors:
            return None
        return self.store.name(
            (type,), text, id=id, variant=variant, line=self.line, column=column, fields=fields
        )

    def add_lists(self, fields: dict[str, Any]) -> None:
        if "topic" in self.cells or "topic_ids" in self.cells:
            fields["topics"] = [
                self.name("topic", "topic", text, id) for text, id in self.names("topic")
            ]
        if "position" in self.cells or "position_ids" in self.cells:
            fields["positions"] = self.positions()
        for column, field in PARTY_FIELDS.items():
            if column in self.cells or f"{column}_ids" in self.cells:
                fields[field] = [self.party(column, *pair) for pair in self.names(column)]
        if any(column in self.cells for column in SOURCE_COLUMNS):
            fields["reports"] = self.reports()

    def values(self, column: str) -> list[str]:
        return [value.strip() for value in split_values(self.cells.get(column, ""))]

    def parallel(self, *columns: str) -> list[tuple[str, ...]]:
        """The values of columns of one order, together; empty columns have empty values."""
        lists = {column: values for column in columns if (values := self.values(column))}
        if not lists:
            return []
        counts = {column: len(values) for column, values in lists.items()}
        if len(set(counts.values())) > 1:
            numbers = ", ".join(f"{count} in {column}" for column, count in counts.items())
            self.error(
                next(iter(counts)),
                f"has another number of values ({numbers}): give as many, joined by ' | ', where an"
                " empty value keeps its place",
                self.cells[next(iter(counts))],
            )
            return []
        empty = [""] * next(iter(counts.values()))
        return list(zip(*(lists.get(column, empty) for column in columns), strict=True))

    def names(self, column: str) -> list[tuple[str, str]]:
        """The names of a column of many, and the ids beside them."""
        pairs = self.parallel(column, f"{column}_ids")
        if not all(map(any, pairs)):
            self.error(column, "has an empty value", self.cells.get(column))
        if len(pairs) == 1 and OTHER_SEPARATOR.search(pairs[0][0]) and not pairs[0][1]:
            message = "is taken as one name: ' | ' separates several"
            self.store.warn(self.line, column, message, pairs[0][0])
        return [(text, id) for text, id in pairs if text or id]

    def positions(self) -> list[dict[str, Any]]:
        triples = self.parallel("position", "stance", "position_ids")
        if self.cells.get("stance") and not (
            self.cells.get("position") or self.cells.get("position_ids")
        ):
            self.error("stance", "has no position: give one", self.cells["stance"])
            return []
        return [
            {"position": self.name("position", "position", text, id), "stance": self.stance(stance)}
            for text, stance, id in triples
            if self.is_named("position", text, id)
        ]

    def is_named(self, column: str, text: str, id: str) -> bool:
        if not text and not id:
            self.error(column, "has an empty value", self.cells.get(column))
        return bool(text or id)

    def stance(self, word: str) -> str | None:
        stance = STANCES.get(word.casefold())
        if not stance:
            message = "must be one of" if word else "is empty: give, for the position, one of"
            self.error("stance", f"{message} {', '.join(STANCES)}", word or None)
        return stance

    def party(self, column: str, text: str, id: str) -> Reference | None:
        errors = self.errors
        plain_id, name = without_prefix(id), without_prefix(text)
        if plain_id:
            self.valid("id", column, plain_id)
        if name:
            self.valid("actor", column, name)
        if self.errors > errors:
            return None
        return self.store.party(text, id=id, line=self.line, column=column)

    def reports(self) -> list[dict[str, Any]]:
        """A report of each source, with its URL and its publisher."""
        return [
            {"source": self.source(*values)}
            for values in self.parallel("source", "url", "source_ids", "publisher", "publisher_ids")
        ]

    def source(
        self, title: str, url: str, id: str, publisher: str, publisher_id: str
    ) -> Reference | None:
        if not (title or url or id):
            self.error("source", "is empty: give a title or a url", self.cells.get("source"))
            return None
        fields: dict[str, Any] = {}
        if url:
            fields["url"] = self.valid("url", "url", url)
            if not fields["url"]:
                return None
        if publisher or publisher_id:
            fields["publisher"] = self.name(
                "organization", "publisher", publisher, publisher_id
            )  # fmt: skip
        return self.name("source", "source", title, id, variant=url, fields=fields)

    def add_attributes(self, fields: dict[str, Any]) -> dict[str, str | None]:
        """Add the attributes of the JSON cell; gives those that have columns of their own."""
        if "attributes" in self.cells:
            fields["attributes"] = self.json_attributes(self.cells["attributes"])
        return {
            column[len(ATTRIBUTE) :]: cell or None
            for column, cell in self.cells.items()
            if column.startswith(ATTRIBUTE)
        }

    def json_attributes(self, cell: str) -> dict[str, str] | None:
        if not cell:
            return None
        try:
            attributes = json.loads(cell)
        except ValueError as error:
            self.error("attributes", f'is no JSON ({error}): write {{"name": "text"}}', cell)
            return None
        if not isinstance(attributes, dict):
            self.error("attributes", 'must be an object: write {"name": "text"}', cell)
            return None
        return attributes
