"""The export: the dataset as seed files that load back to the same digest."""

from __future__ import annotations

from pathlib import Path

from models.database.connection import database
from models.dataset import reading
from models.records.changes import export_with_end

EXPORT_FILE = "export.jsonl"


def write_export(folder: Path) -> int:
    """Write all records to a file in the folder, in order of entry; returns their number.

    Memory does not grow with the dataset. A last line tells the number, too. The file is written
    beside the final one: a failed export leaves the older one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{EXPORT_FILE}.part"
    try:
        count = -1
        with database.unmapped(), reading() as dataset, part.open("wb") as file:
            for line in export_with_end(dataset):
                file.write(line)
                count += 1
        part.replace(folder / EXPORT_FILE)
    except OSError as error:
        # a full disk names no file
        error.filename = error.filename or str(part)
        raise
    finally:
        part.unlink(missing_ok=True)
    return count
