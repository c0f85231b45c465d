"""The dataset → seed files, which load back to the same digest."""

from __future__ import annotations

from pathlib import Path

from models.dataset import reading
from models.records.changes import export_lines


def export(folder: Path) -> int:
    """Write `export.jsonl` into the folder: one record a line, in the order in which they came."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    part = folder / "export.jsonl.part"
    try:
        with reading(), part.open("wb") as file:
            for line in export_lines():
                file.write(line)
                count += 1
        part.replace(folder / "export.jsonl")
    finally:
        part.unlink(missing_ok=True)
    return count
