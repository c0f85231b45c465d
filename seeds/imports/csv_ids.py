"""The imported table with the ids of its claims filled in, to be edited and imported again."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from models.records.columns import guard, unguard
from seeds.imports.csv import CSVImport
from seeds.imports.drafts import DraftStore
from seeds.imports.report import ImportReport
from seeds.problems import Place, SeedProblem
from seeds.reader import printable_path
from seeds.replaced_file import replaced_file

BYTE_ORDER_MARK = "\ufeff"


def ids_path(path: Path) -> Path:
    """`claims.csv` → `claims.ids.csv`"""
    return path.with_name(f"{path.stem}.ids{path.suffix}")


def write_ids(csv_import: CSVImport, store: DraftStore, report: ImportReport) -> None:
    """Write the file beside the imported one, if any claim of that has no id."""
    if not csv_import.unidentified:
        return
    target, table = ids_path(csv_import.table.path), csv_import.table
    try:
        with replaced_file(target) as file:
            text = codecs.getwriter("utf-8")(file)
            text.write(BYTE_ORDER_MARK if table.has_mark else "")
            text.write(f"{table.separator_line}\r\n" if table.separator_line else "")
            writer = csv.writer(text, delimiter=table.delimiter, lineterminator="\r\n")
            writer.writerows(rows_with_ids(csv_import, store))
    except OSError as error:
        # the records are written or loaded already
        message = f"the table with ids cannot be written: {error.strerror}"
        store.problems.warnings.add(SeedProblem(Place(printable_path(target)), message))
        return
    report.written.append(target)


def rows_with_ids(csv_import: CSVImport, store: DraftStore) -> Iterator[list[str]]:
    """The rows of the table; a last column has the ids, unless the table has one."""
    table, place = csv_import.table, csv_import.places.places.get("id")
    header = table.header.cells
    if place is None:
        place = len(header)
        header = [*header, "id"]
    yield header
    drafts = store.scratch.execute("SELECT line, record FROM draft ORDER BY n")
    draft = next(drafts, None)
    for row in table.rows_after_header():
        cells = [guard(unguard(cell)) for cell in row.cells]
        if draft and draft[0] == row.line:
            cells += [""] * (place + 1 - len(cells))
            cells[place] = draft[1]
            draft = next(drafts, None)
        yield cells
