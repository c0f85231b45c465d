"""The export: seed files that load back to the same dataset."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from models.database.connection import database
from models.dataset import read_dataset as dataset_row
from models.opening import open_dataset
from seeds import export as exporter
from seeds.loader import load as load_files
from seeds.reader import SECTIONS
from tests.engines import EXAMPLES, new_url, on_sqlite
from tests.seeds.build import (
    actor,
    as_lines,
    claim,
    digest_of,
    everything,
    exported,
    kept,
    lines_of,
    signed,
    small,
    timeless,
)
from tests.seeds.strategies import datasets, plain

ALL = everything()


class Plain(yaml.SafeDumper):
    """YAML without anchors and aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def canonical(value: Any, name: str = "", type: str = "") -> Any:
    """A record as the dataset has it."""
    if isinstance(value, dict):
        found = {plain(key): canonical(inner, key, type) for key, inner in value.items()}
        return {key: inner for key, inner in found.items() if inner not in (None, [], {})}
    if isinstance(value, list):
        return [canonical(inner, name, type) for inner in value]
    if (
        isinstance(value, str)
        and name not in ("prefix", "suffix")
        and (name, type) != ("text", "source")
    ):
        return plain(value)
    if isinstance(value, str):
        return plain(f"x{value}x")[1:-1]
    return value


KEYS = [("document", "key"), ("actor", "key"), ("handle", "record"), ("record", "key")]
DEFAULTS = {"actor": {"kind": "person"}, "claim": {"status": "coded"}}


def expected(sections: dict[str, list[dict]]) -> list[dict]:
    return [
        {"type": type, **DEFAULTS.get(type, {}), **canonical(record, type=type)}
        for section, records in sections.items()
        for type in [SECTIONS[section]]
        for record in records
    ]


def loaded(folder: Path, *paths: Path) -> tuple:
    """The digest, the records in order, and the documents of a fresh load."""
    open_dataset(new_url(folder, str(len(list(folder.iterdir())))))
    try:
        load_files(paths)
        assert signed()
        exporter.export(folder / "export")
        return (dataset_row().digest, exported(), timeless())
    finally:
        database.close()


@given(datasets())
@settings(
    max_examples=int(20 * EXAMPLES),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_what_is_loaded_comes_back(sections):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.jsonl").write_text(as_lines(sections))
        digest, records, documents = loaded(folder, folder / "a.jsonl")
        assert records == expected(sections)
        assert digest == digest_of(records)
        assert loaded(folder, folder / "export") == (digest, records, documents)

        text = yaml.dump(sections, Dumper=Plain, allow_unicode=True, sort_keys=False)
        (folder / "b.yaml").write_text(text)
        assert loaded(folder, folder / "b.yaml") == (digest, records, documents)


def test_all_fields_come_back(load, tmp_path, fresh_load):
    load(**ALL)
    before = (dataset_row().digest, exported(), timeless())
    assert exporter.export(tmp_path / "out") == len(lines_of(ALL))
    assert fresh_load(tmp_path / "out") == before


def test_an_export_is_json_lines_with_the_type_first(load, tmp_path):
    load(actors=[actor("a", name="Şahin")])
    exporter.export(tmp_path)
    written = (tmp_path / "export.jsonl").read_bytes()
    assert written == '{"type":"actor","id":"a","name":"Şahin","kind":"person"}\n'.encode()


def test_an_export_loads_onto_itself(load, load_paths, tmp_path):
    load(**ALL)
    exporter.export(tmp_path / "out")
    before = kept()
    plan = load_paths(tmp_path / "out", prune=True)
    assert (plan.changes, plan.unchanged) == (0, len(lines_of(ALL)))
    assert kept() == before


def test_an_export_keeps_the_order_of_entry(load, tmp_path, fresh_load):
    for records in ([actor("m"), actor("z")], [actor("a")], [actor("z", name="Z"), actor("b")]):
        load(actors=records)
    load(topics=[{"id": "t", "name": "T"}], actors=[actor("c")])
    exporter.export(tmp_path / "out")
    assert [one["id"] for one in exported()] == ["m", "z", "a", "b", "t", "c"]
    assert fresh_load(tmp_path / "out")[1] == exported()


def test_an_export_after_renames_and_removals(load, tmp_path, fresh_load):
    load(**small())
    load(actors=[actor("bob", former_ids=["ann"])])
    left = small() | {"actors": [actor("bob", former_ids=["ann"])], "positions": []}
    load(prune=True, **left)
    exporter.export(tmp_path / "out")
    before = (dataset_row().digest, exported(), timeless())
    assert fresh_load(tmp_path / "out") == before
    assert {one["actor"] for one in exported() if one["type"] == "claim"} == {"bob"}


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1001])
def test_an_export_of_many_records(load, tmp_path, count):
    records = [actor("ann"), *(actor(f"a{n}") for n in range(count - 1))][:count]
    load(actors=records)
    assert exporter.export(tmp_path / "out") == count
    written = (tmp_path / "out" / "export.jsonl").read_bytes()
    found = [json.loads(one) for one in written.splitlines()]
    assert [one["id"] for one in found] == [one["id"] for one in records]


def test_an_export_over_an_older_one(load, tmp_path):
    for records in ([claim("c"), claim("d")], [claim("c")]):
        load(prune=True, actors=[actor("ann")], claims=records)
        exporter.export(tmp_path / "deep" / "out")
    assert [one.name for one in (tmp_path / "deep" / "out").iterdir()] == ["export.jsonl"]
    assert (tmp_path / "deep" / "out" / "export.jsonl").read_text().count("\n") == 2


@on_sqlite
def test_an_export_sees_one_version(load, tmp_path, url, monkeypatch):
    load(actors=[actor(f"a{n}") for n in range(600)])
    lines = exporter.lines

    def with_a_writer_between():
        for n, line in enumerate(lines()):
            if n == 0:
                other = sqlite3.connect(url.removeprefix("sqlite:///"))
                for table, key in KEYS:
                    other.execute(f"DELETE FROM {table} WHERE {key} = 600")
                other.commit()
                other.close()
            yield line

    monkeypatch.setattr(exporter, "lines", with_a_writer_between)
    assert exporter.export(tmp_path / "out") == 600
    assert len(kept()) == 599


def test_a_failed_export_leaves_the_older_one(load, tmp_path, monkeypatch):
    load(actors=[actor("a")])
    exporter.export(tmp_path / "out")
    before = (tmp_path / "out" / "export.jsonl").read_bytes()

    def break_off():
        yield b"half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporter, "lines", break_off)
    with pytest.raises(OSError, match="No space left"):
        exporter.export(tmp_path / "out")
    assert (tmp_path / "out" / "export.jsonl").read_bytes() == before
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["export.jsonl"]
