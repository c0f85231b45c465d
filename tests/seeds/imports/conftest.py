"""Fixtures that import tables into the test's dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seeds.imports.csv import CSVImport, CSVOptions
from seeds.imports.csv_columns import ColumnOptions
from seeds.imports.csv_ids import write_ids
from seeds.imports.run import run_import
from seeds.problems import Refused
from tests.engines import ENGINE

same_on_both_engines = pytest.mark.skipif(
    ENGINE != "sqlite", reason="reads files, which the engine does not change"
)


@pytest.fixture
def import_csv(dataset, tmp_path):
    """Load a table, as text or bytes; gives the report."""

    def import_csv(
        content: str | bytes,
        *,
        mapped: dict | None = None,
        ignored: tuple = (),
        dates: str = "iso",
        encoding: str | None = None,
        name: str = "f.csv",
        **options: Any,
    ):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        csv_import = CSVImport(CSVOptions(ColumnOptions(mapped or {}, ignored), dates, encoding))

        def after(store, report):
            write_ids(csv_import, store, report)

        return run_import(csv_import.read, path, after=after, **options)

    return import_csv


@pytest.fixture
def csv_errors(import_csv, tmp_path):
    """Import a table that must be refused; gives the errors as text."""

    def csv_errors(content: str | bytes, **options: Any) -> list[str]:
        before = sorted(Path(tmp_path).iterdir())
        with pytest.raises(Refused) as refused:
            import_csv(content, **options)
        written = set(Path(tmp_path).iterdir()) - {*before, tmp_path / options.get("name", "f.csv")}
        assert {path for path in written if ".db" not in path.name} == set()
        return [
            str(problem).replace(f"{tmp_path}/", "")
            for group in refused.value.groups
            for problem in group.problems
        ]

    return csv_errors
