"""Unchanged files are not read, with the same result as if they were."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.database.connection import fetch_all
from models.dataset import read_dataset
from models.seed_file import loaded_files
from seeds import loader, staging
from seeds.loader import load
from seeds.problems import Refused
from tests.engines import EXAMPLES, scratch
from tests.models.stored_rows import all_rows

Load = Callable[..., Any]


def topics(*ids: str, **fields: Any) -> dict:
    return {"topics": [{"id": id, "name": id.title(), **fields} for id in ids]}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read since the list was emptied."""
    names: list[str] = []
    read_file = staging.read_file

    def recording_read_file(path: Path, *arguments: Any) -> Any:
        names.append(path.name)
        return read_file(path, *arguments)

    monkeypatch.setattr(staging, "read_file", recording_read_file)
    return names


def test_only_the_file_that_changed_is_read(write, load_paths: Load, read: list[str]):
    folder = write("a.json", topics("a")).parent
    write("b.json", topics("b", "c"))
    write("c.yaml", "topics: [{id: d, name: D}]\n")
    assert load_paths(folder).added.count == 4
    assert read == ["a.json", "b.json", "c.yaml"]
    read.clear()
    plan = load_paths(folder)
    assert (plan.unchanged, plan.changes, read) == (4, 0, [])
    write("b.json", topics("b", "c", description="What c is."))
    plan = load_paths(folder)
    assert (plan.unchanged, plan.changed.counts, read) == (2, {"topic": 2}, ["b.json"])
    read.clear()
    assert load_paths(folder).unchanged == 4
    assert read == []


def test_a_file_is_unchanged_at_any_path(write, load_paths: Load, read: list[str]):
    load_paths(write("a.json", topics("a")))
    read.clear()
    assert load_paths(write("other/b.json", topics("a"))).unchanged == 1
    assert read == []


def test_another_suffix_is_another_file(write, load_paths: Load, read: list[str]):
    content = json.dumps(topics("a"))
    load_paths(write("a.json", content))
    load_paths(write("a.yaml", content))
    assert read == ["a.json", "a.yaml"]


def test_a_file_without_records_is_unchanged(write, load_paths: Load, read: list[str]):
    empty = write("a.jsonl", "\n")
    load_paths(empty)
    load_paths(empty)
    assert read == ["a.jsonl"]


def test_files_of_equal_content_are_always_read(write, load_paths: Load, read: list[str]):
    folder = write("a.jsonl", "\n").parent
    write("b.jsonl", "\n")
    load_paths(folder)
    load_paths(folder)
    assert read == ["a.jsonl", "b.jsonl"] * 2


def test_a_file_is_read_if_another_changed_its_record(write, load_paths: Load, read: list[str]):
    first = write("a.json", topics("a", "b"))
    load_paths(first)
    load_paths(write("b.json", topics("b", description="Another.")))
    read.clear()
    assert load_paths(first).changed.counts == {"topic": 1}
    assert read == ["a.json"]


def test_a_file_is_read_if_its_record_was_pruned(write, load_paths: Load, read: list[str]):
    first = write("a.json", topics("a", "b"))
    load_paths(first)
    load_paths(write("b.json", topics("b")), prune=True)
    read.clear()
    assert load_paths(first).added.counts == {"topic": 1}
    assert read == ["a.json"]


def test_prune_reads_all_files(write, load_paths: Load, read: list[str]):
    first = write("a.json", topics("a"))
    load_paths(first)
    load_paths(first, prune=True)
    assert read == ["a.json", "a.json"]


def test_a_dry_run_stores_no_file(write, load_paths: Load, read: list[str]):
    first = write("a.json", topics("a"))
    before = loaded_files()
    load_paths(first, dry_run=True)
    assert loaded_files() == before
    load_paths(first)
    assert read == ["a.json", "a.json"]
    assert [file.records for file in loaded_files().values() if file.records] == [1]


def test_a_file_whose_record_changes_before_the_transaction(
    write, load_paths: Load, read: list[str], monkeypatch: pytest.MonkeyPatch
):
    first = write("a.json", topics("a"))
    load_paths(first)
    before = loaded_files()
    load_paths(write("b.json", topics("a", description="Another.")))
    read.clear()
    now = iter([before, {}])
    monkeypatch.setattr(loader, "loaded_files", lambda: next(now))
    assert load_paths(first).changed.counts == {"topic": 1}
    assert read == ["a.json"]


def test_a_file_is_read_if_it_refers_by_a_former_id(
    write, load_paths: Load, read: list[str], tmp_path: Path
):
    load_paths(write("a.json", topics("a")))
    child = write("b.json", topics("b", parent="a"))
    load_paths(child)
    load_paths(write("c.json", topics("c", former_ids=["a"])))
    read.clear()
    assert load_paths(child).unchanged == 1
    assert read == ["b.json"]
    # only a load with prune drops the former id
    load_paths(write("c.json", topics("c")))
    assert load_paths(child).unchanged == 1
    with pytest.raises(Refused):
        load_paths(tmp_path / "files" / "c.json", child, prune=True)


def test_a_record_in_an_unchanged_file_refers_to_a_renamed_one(
    write, load_paths: Load, read: list[str]
):
    child = write("b.json", topics("b", parent="a"))
    load_paths(write("a.json", topics("a")), child)
    read.clear()
    plan = load_paths(write("a.json", topics("c", former_ids=["a"])), child)
    assert read == ["a.json"]
    assert (plan.changed.counts, plan.unchanged) == ({"topic": 2}, 0)


# the loaded files, the files that change, and the problem
REFUSED = {
    "the same file twice": (
        {"a.json": topics("a")},
        {"b.json": topics("a")},
        "b.json: topic a: id: 'a': duplicate of the topic in a.json",
    ),
    "an id of a known file": (
        {"a.json": topics("a")},
        {"b.json": topics("a", description="Another.")},
        "b.json: topic a: id: 'a': duplicate of the topic in a.json",
    ),
    "a former id that lives in a known file": (
        {"a.json": topics("a")},
        {"b.json": topics("b", former_ids=["a"])},
        "a.json: topic a: id: 'a': is a former id of topic b",
    ),
    "a circle through a known file": (
        {"a.json": topics("a", parent="b"), "b.json": topics("b")},
        {"b.json": topics("b", parent="a")},
        "a.json: topic a: parent: circular parents: a → b → a",
    ),
    "a parent that is nowhere": (
        {"a.json": topics("a")},
        {"b.json": topics("b", parent="ccc")},
        "b.json: topic b: parent: 'ccc': there is no topic with this id",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_problems_are_those_of_all_files(write, load_paths: Load, tmp_path: Path, case: str):
    files, then, expected = REFUSED[case]
    for name, content in files.items():
        write(name, content)
    folder = tmp_path / "files"
    load_paths(folder)
    for name, content in then.items():
        write(name, content)
    with pytest.raises(Refused) as refused:
        load_paths(folder)
    assert [str(problem).replace(f"{folder}/", "") for problem in refused.value.problems] == [
        expected
    ]


# the same loads with and without unchanged files

ids = st.sampled_from("abcde")
record = st.fixed_dictionaries(
    {"id": ids, "name": st.sampled_from(["One", "Two"])},
    optional={"parent": ids, "former_ids": st.lists(ids, min_size=1, max_size=2, unique=True)},
)
content = st.lists(record, max_size=3)
step = st.tuples(
    st.dictionaries(st.sampled_from(["x", "y", "z"]), content, min_size=1, max_size=2),
    st.sets(st.sampled_from(["x", "y", "z"]), min_size=1),
    st.booleans(),
)


def outcome(folder: Path, names: list[str], prune: bool) -> Any:
    paths = [folder / f"{name}.json" for name in names if (folder / f"{name}.json").exists()]
    if not paths:
        return None
    try:
        plan = load(paths, prune=prune, confirmed=True, clock=lambda: "2026-01-02T03:04:05.000000Z")
    except Refused as refused:
        return [str(problem) for problem in refused.problems]
    return plan


@pytest.mark.slow
@settings(
    max_examples=int(100 * EXAMPLES),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(step, min_size=2, max_size=6))
def test_loads_have_the_same_result_if_they_read_all_files(
    dataset: str, monkeypatch: pytest.MonkeyPatch, steps: list
):
    results = []
    for skips_files in (True, False):
        with tempfile.TemporaryDirectory() as name, scratch(), monkeypatch.context() as patch:
            if not skips_files:
                patch.setattr(loader, "loaded_files", dict)
            folder = Path(name)
            states = []
            for files, loaded, prune in steps:
                for file, records in files.items():
                    (folder / f"{file}.json").write_text(json.dumps({"topics": records}))
                result = outcome(folder, sorted(loaded), prune)
                if isinstance(result, list):
                    result = [problem.replace(name, "") for problem in result]
                states.append((result, state_of_dataset(), all_rows()))
            results.append(states)
    assert results[0] == results[1]


def state_of_dataset() -> tuple:
    now = read_dataset()
    return (
        now.version,
        now.digest,
        fetch_all("SELECT type, id, version FROM deletion ORDER BY 1, 2"),
    )
