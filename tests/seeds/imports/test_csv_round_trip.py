"""A dataset's claims as CSV, imported into the same dataset and into an empty one."""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given, settings

from models.dataset import read_dataset
from models.opening import open_dataset
from seeds.export import write_csv
from seeds.imports.csv import CSVImport, CSVOptions
from seeds.imports.report import ImportReport
from seeds.imports.run import run_import
from seeds.loader import load as load_files
from seeds.problems import Refused
from tests.engines import EXAMPLES, new_url, scratch
from tests.seeds.build import exported
from tests.seeds.strategies import datasets

# the fields of a claim that CSV carries, beside its reports' sources
CARRIED = (
    "type", "id", "text", "actor", "organization", "role", "date", "quote", "language", "form",
    "event", "place", "topics", "positions", "addressees", "about", "status", "coder",
    "attributes",
)  # fmt: skip


def import_table(table: Path) -> ImportReport:
    try:
        return run_import(CSVImport(CSVOptions()).read, table)
    except Refused as refused:
        raise AssertionError([str(problem) for problem in refused.problems]) from None


def carried(claim: dict[str, Any]) -> dict[str, Any]:
    """A claim without what CSV does not carry."""
    fields = {name: claim[name] for name in CARRIED if name in claim}
    sources = dict.fromkeys(report["source"] for report in claim.get("reports", ()))
    return fields | {"sources": list(sources)}


def claims() -> dict[str, dict]:
    return {record["id"]: carried(record) for record in exported() if record["type"] == "claim"}


def cells(table: Path) -> list[list[str]]:
    with table.open(newline="") as file:
        return sorted(csv.reader(file))


def with_dated_events(sections: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """The records, with a date for each claim at an event: new events begin at such a date."""
    for claim in sections["claims"]:
        if "event" in claim:
            claim.setdefault("date", "2025")
    return sections


@given(datasets().map(with_dated_events))
@settings(
    max_examples=int(12 * EXAMPLES),
    deadline=None,
)
def test_a_table_of_any_dataset_changes_nothing_and_makes_it_anew(sections):
    with tempfile.TemporaryDirectory() as folder:
        seeds, table, again = (Path(folder) / name for name in ("s.json", "t.csv", "again.csv"))
        seeds.write_text(json.dumps(sections))
        with scratch():
            load_files([seeds])
            before = read_dataset()
            write_csv(table)
            report = import_table(table)
            count = len(sections["claims"])
            assert report.drafted == Counter({("claim", "unchanged"): count} if count else {})
            # ids such as `0` are warned of
            assert {warning.field for warning in report.warnings.kept} <= {"id"}
            assert (read_dataset().version, read_dataset().digest) == (
                before.version,
                before.digest,
            )
            expected = claims()
        with scratch():
            import_table(table)
            assert claims() == expected
            write_csv(again)
            assert cells(again) == cells(table)


def test_the_shipped_seeds(shipped, tmp_path):
    table, again = tmp_path / "claims.csv", tmp_path / "again.csv"
    before, expected = read_dataset(), claims()
    assert write_csv(table) == len(expected) == 89
    report = import_table(table)
    assert report.drafted == {("claim", "unchanged"): 89}
    assert (read_dataset().version, read_dataset().digest) == (before.version, before.digest)
    open_dataset(new_url(tmp_path, "empty"))
    report = import_table(table)
    assert report.drafted == {("claim", "new"): 89}
    assert claims() == expected
    write_csv(again)
    assert cells(again) == cells(table)


def test_the_table_of_the_list_changes_nothing(shipped, tmp_path):
    table = tmp_path / "list.csv"
    with shipped.get("/v1/claims?format=csv&bom=true") as response:
        table.write_bytes(response.data)
    before = read_dataset()
    report = import_table(table)
    assert set(report.drafted) == {("claim", "unchanged")}
    assert read_dataset().version == before.version
