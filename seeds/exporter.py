"""The dataset → seed files, which load back to the same digest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from models import RESOURCES
from models.base import database, reading, rows
from models.records import from_rows


def export(folder: Path) -> int:
    """Write `export.jsonl` into the folder: one record a line, in the order in which they came."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    part = folder / "export.jsonl.part"
    try:
        with reading(), part.open("wb") as file:
            for line in lines():
                file.write(line)
                count += 1
        part.replace(folder / "export.jsonl")
    finally:
        part.unlink(missing_ok=True)
    return count


def lines() -> Iterator[bytes]:
    """All records as JSON Lines, in the order in which they entered the dataset."""
    sql = f"SELECT key, type FROM record WHERE key > {database.param} ORDER BY key LIMIT 500"
    last = 0
    while found := rows(sql, last):
        records: dict[int, dict] = {}
        for type in RESOURCES:
            keys = [key for key, of in found if of == type]
            if keys:
                records |= from_rows(type, keys)
        for key, type in found:
            yield orjson.dumps({"type": type, **records[key]}) + b"\n"
        last = found[-1][0]
