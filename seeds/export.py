"""The export: the dataset as seed files that load back to the same digest, or its claims as CSV."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

import orjson

from models.database.connection import database, fetch_all
from models.queries.fetch import fetch_bodies
from models.reading import reading
from models.records.changes import EXPORT_BATCH, export_with_end
from models.records.columns import column_names, rows_of
from seeds.replaced_file import replaced_file

EXPORT_FILE = "export.jsonl"
CLAIM_KEYS = (
    "SELECT seq, key FROM record WHERE type = 'claim' AND seq > {param}"
    f" ORDER BY seq LIMIT {EXPORT_BATCH}"
)


def write_export(folder: Path) -> int:
    """Write all records to a file in the folder, in order of entry; returns their number.

    Memory does not grow with the dataset. A last line tells the number, too. The file is written
    beside the final one: a failed export leaves the older one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = -1
    with replaced_file(folder / EXPORT_FILE) as file, database.unmapped(), reading() as dataset:
        for line in export_with_end(dataset):
            file.write(line)
            count += 1
    return count


def write_csv(path: Path, *, bom: bool = False) -> int:
    """Write all claims, of every status, to a table with the columns of `/v1/claims?format=csv`.

    `bom` begins the file with a byte order mark. Returns the number of claims.
    """
    names = column_names("claim")
    count = 0
    with replaced_file(path) as file, database.unmapped(), reading():
        if bom:
            file.write(codecs.BOM_UTF8)
        text = codecs.getwriter("utf-8")(file)
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(names)
        for documents in batches_of_claims():
            writer.writerows(rows_of("claim", documents, names))
            count += len(documents)
    return count


def batches_of_claims() -> Iterator[list[dict]]:
    """The documents of all claims, in the order in which they entered the dataset."""
    sql = CLAIM_KEYS.format(param=database.param)
    last = 0
    while rows := fetch_all(sql, last):
        bodies = fetch_bodies(key for _, key in rows)
        yield [orjson.loads(bodies[key]) for _, key in rows]
        last = rows[-1][0]
