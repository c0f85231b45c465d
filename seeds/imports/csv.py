"""CSV and TSV: one row is one claim, in the columns of Claimbase's own CSV."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from seeds.imports.csv_columns import ColumnOptions, ColumnPlaces, column_of, plain_header
from seeds.imports.csv_rows import COLUMNS_OF_FIELDS, RowReader
from seeds.imports.drafts import DraftStore
from seeds.imports.table_file import TableFile, TableRow
from seeds.raw_record import Unreadable

# sources of one title that seem to be those of one publisher
MANY_SOURCES = 5


class CSVOptions(NamedTuple):
    """What the user says of the file."""

    columns: ColumnOptions = ColumnOptions()
    dates: str = "iso"
    encoding: str | None = None


class CSVImport:
    """One file to be imported; after `read`, it knows how many claims have no id of their own."""

    def __init__(self, options: CSVOptions):
        self.options = options
        self.unidentified = 0
        self.table: TableFile
        self.places: ColumnPlaces

    def read(self, path: Path, store: DraftStore) -> None:
        """Tell the store of the claims of all rows."""
        store.columns = COLUMNS_OF_FIELDS
        try:
            self.table = TableFile(path, self.options.encoding, self.is_column)
            self.check_decoded(self.table.header, store)
            header = self.table.header
            self.places = ColumnPlaces(header.cells, header.line, self.options.columns, store)
            store.problems.refuse_if_any()
            for row in self.table.rows_after_header():
                store.note_row(row.line, row.number)
                if self.check_decoded(row, store):
                    self.read_row(row, store)
            warn_of_publishers(store)
        except Unreadable as error:
            store.error(error.line, "", str(error))
            store.problems.refuse_if_any()

    def is_column(self, header: str) -> bool:
        mapped = map(plain_header, self.options.columns.mapped.values())
        return bool(column_of(header)) or plain_header(header) in mapped

    def check_decoded(self, row: TableRow, store: DraftStore) -> bool:
        """Whether all bytes of a row are text; otherwise that is told."""
        byte = row.undecoded_byte()
        if byte is None:
            return True
        message = f"is not {self.table.encoding} text: it has the byte 0x{byte:02X}"
        if not self.options.encoding:
            character = bytes([byte]).decode("cp1252", "replace")
            message += (
                f", which is {character!r} in Windows-1252: use --encoding cp1252 if that is"
                " right, or save the sheet as “CSV UTF-8”"
            )
        store.error(row.line, "", message)
        return False

    def read_row(self, row: TableRow, store: DraftStore) -> None:
        if row.is_empty:
            store.tell("empty rows left out")
            return
        if row.cells == self.table.header.cells:
            store.tell("rows left out that repeat the header")
            return
        store.tell("rows")
        reader = RowReader(row, self.places, store, self.options.dates)
        if draft := reader.draft():
            self.unidentified += "id" not in draft.fields
            store.add(draft)


def warn_of_publishers(store: DraftStore) -> None:
    """Warn of titles that many sources have: they may be the names of newspapers."""
    for title, line, count in store.select(
        "SELECT text, MIN(line), COUNT(DISTINCT variant) FROM name"
        " WHERE types = 'source' AND text <> '' AND id = '' GROUP BY folded"
        f" HAVING COUNT(DISTINCT variant) >= {MANY_SOURCES} ORDER BY 3 DESC, 2 LIMIT 1000"
    ):
        message = (
            f"is the title of {count:,} sources, which differ in their URLs: if it is a newspaper"
            " or the like, use --map publisher=HEADER in place of source"
        )
        store.warn(line, "source", message, title)
