"""The export: seed files that load back to the same dataset."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from models.database.connection import database
from models.dataset import dataset_name, read_dataset
from models.opening import open_dataset
from models.records import changes
from seeds.export import write_export
from seeds.loader import load as load_files
from seeds.raw_record import SECTIONS
from tests.engines import EXAMPLES, new_url, on_sqlite
from tests.seeds.build import (
    actor,
    as_lines,
    claim,
    digest_of,
    documents_without_times,
    everything,
    exported,
    hashes_match,
    lines_of,
    record_rows,
    small,
)
from tests.seeds.strategies import datasets, plain

ALL = everything()


class Plain(yaml.SafeDumper):
    """YAML without anchors and aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def canonical(value: Any, name: str = "", type: str = "") -> Any:
    """A record in canonical form."""
    if isinstance(value, dict):
        members = {plain(key): canonical(inner, key, type) for key, inner in value.items()}
        return {key: inner for key, inner in members.items() if inner not in (None, [], {})}
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


KEYS = [("document", "key"), ("actor", "key"), ("name_key", "record"), ("record", "key")]
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
        assert hashes_match()
        write_export(folder / "export")
        return (read_dataset().digest, exported(), documents_without_times())
    finally:
        database.close()


@given(datasets())
@settings(
    max_examples=int(20 * EXAMPLES),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_an_export_loads_back_to_the_same_dataset(sections):
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


def test_an_export_has_all_fields(load, tmp_path, fresh_load):
    load(**ALL)
    before = (read_dataset().digest, exported(), documents_without_times())
    assert write_export(tmp_path / "out") == len(lines_of(ALL))
    assert fresh_load(tmp_path / "out") == before


def test_an_export_is_json_lines_with_the_type_first(load, tmp_path):
    load(actors=[actor("a", name="Şahin")])
    write_export(tmp_path)
    written = (tmp_path / "export.jsonl").read_bytes()
    end = {"type": "end", "records": 1, "dataset": dataset_name(read_dataset())}
    assert written.splitlines() == [
        '{"type":"actor","id":"a","name":"Şahin","kind":"person"}'.encode(),
        json.dumps(end, separators=(",", ":")).encode(),
    ]
    assert written.endswith(b"}\n")


def test_an_export_loads_onto_itself(load, load_paths, tmp_path):
    load(**ALL)
    write_export(tmp_path / "out")
    before = record_rows()
    plan = load_paths(tmp_path / "out", prune=True)
    assert (plan.changes, plan.unchanged) == (0, len(lines_of(ALL)))
    assert record_rows() == before


def test_an_export_keeps_the_order_of_entry(load, tmp_path, fresh_load):
    for records in ([actor("m"), actor("z")], [actor("a")], [actor("z", name="Z"), actor("b")]):
        load(actors=records)
    load(topics=[{"id": "t", "name": "T"}], actors=[actor("c")])
    write_export(tmp_path / "out")
    assert [line["id"] for line in exported()] == ["m", "z", "a", "b", "t", "c"]
    assert fresh_load(tmp_path / "out")[1] == exported()


def test_an_export_after_renames_and_removals(load, tmp_path, fresh_load):
    load(**small())
    load(actors=[actor("bob", former_ids=["ann"])])
    left = small() | {"actors": [actor("bob", former_ids=["ann"])], "positions": []}
    load(prune=True, **left)
    write_export(tmp_path / "out")
    before = (read_dataset().digest, exported(), documents_without_times())
    assert fresh_load(tmp_path / "out") == before
    assert {line["actor"] for line in exported() if line["type"] == "claim"} == {"bob"}


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1001])
def test_an_export_of_many_records(load, tmp_path, count):
    records = [actor("ann"), *(actor(f"a{n}") for n in range(count - 1))][:count]
    load(actors=records)
    assert write_export(tmp_path / "out") == count
    written = (tmp_path / "out" / "export.jsonl").read_bytes()
    *lines, end = map(json.loads, written.splitlines())
    assert [line["id"] for line in lines] == [record["id"] for record in records]
    assert (end["type"], end["records"]) == ("end", count)


def test_an_export_over_an_older_one(load, tmp_path):
    for records in ([claim("c"), claim("d")], [claim("c")]):
        load(prune=True, actors=[actor("ann")], claims=records)
        write_export(tmp_path / "deep" / "out")
    assert [file.name for file in (tmp_path / "deep" / "out").iterdir()] == ["export.jsonl"]
    assert (tmp_path / "deep" / "out" / "export.jsonl").read_text().count("\n") == 3


@on_sqlite
def test_an_export_reads_one_version(load, tmp_path, url, monkeypatch):
    load(actors=[actor(f"a{n}") for n in range(600)])
    lines = changes.export_lines

    def with_a_writer_between():
        for n, line in enumerate(lines()):
            if n == 0:
                other = sqlite3.connect(url.removeprefix("sqlite:///"))
                for table, key in KEYS:
                    other.execute(f"DELETE FROM {table} WHERE {key} = 600")
                other.commit()
                other.close()
            yield line

    monkeypatch.setattr(changes, "export_lines", with_a_writer_between)
    assert write_export(tmp_path / "out") == 600
    assert len(record_rows()) == 599


@on_sqlite
def test_an_export_maps_no_file_into_memory(load, tmp_path, url, monkeypatch):
    load(actors=[actor("a")])
    database_file = url.removeprefix("sqlite:///")
    lines = changes.export_lines
    mapped = []

    def note_maps():
        for line in lines():
            maps = Path("/proc/self/maps").read_text().splitlines()
            mapped.append(any(entry.endswith(database_file) for entry in maps))
            yield line

    monkeypatch.setattr(changes, "export_lines", note_maps)
    write_export(tmp_path / "out")
    assert mapped == [False]
    assert database.pragma("mmap_size") > 0


def peak_of_export(folder: Path) -> int:
    """The most bytes that Python has at a time while it exports."""
    tracemalloc.start()
    try:
        write_export(folder)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_an_export_of_four_times_the_records_takes_no_more_memory(load, tmp_path):
    records = [claim(f"c{n}", text=f"{n} " + "x" * 500) for n in range(8000)]
    load(actors=[actor("ann")], claims=records[:2000])
    few = peak_of_export(tmp_path / "few")
    load(claims=records[2000:])
    assert peak_of_export(tmp_path / "many") < 1.25 * few


def test_a_failed_export_leaves_the_older_one(load, tmp_path, monkeypatch):
    load(actors=[actor("a")])
    write_export(tmp_path / "out")
    before = (tmp_path / "out" / "export.jsonl").read_bytes()

    def break_off():
        yield b"half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(changes, "export_lines", break_off)
    with pytest.raises(OSError, match="No space left"):
        write_export(tmp_path / "out")
    assert (tmp_path / "out" / "export.jsonl").read_bytes() == before
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["export.jsonl"]
