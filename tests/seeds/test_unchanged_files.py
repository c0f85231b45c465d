"""Files that are known by their content are not read again, and nobody can tell."""

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
from tests.models.kept import tables

Load = Callable[..., Any]


def topics(*ids: str, **fields: Any) -> dict:
    return {"topics": [{"id": id, "name": id.title(), **fields} for id in ids]}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read since the list was emptied."""
    names: list[str] = []
    plain = staging.read

    def noted(path: Path, *arguments: Any) -> Any:
        names.append(path.name)
        return plain(path, *arguments)

    monkeypatch.setattr(staging, "read", noted)
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


def test_a_file_is_known_wherever_it_lies(write, load_paths: Load, read: list[str]):
    load_paths(write("a.json", topics("a")))
    read.clear()
    assert load_paths(write("other/b.json", topics("a"))).unchanged == 1
    assert read == []


def test_the_suffix_says_how_a_file_is_read(write, load_paths: Load, read: list[str]):
    content = json.dumps(topics("a"))
    load_paths(write("a.json", content))
    load_paths(write("a.yaml", content))
    assert read == ["a.json", "a.yaml"]


def test_a_file_without_records_is_known(write, load_paths: Load, read: list[str]):
    empty = write("a.jsonl", "\n")
    load_paths(empty)
    load_paths(empty)
    assert read == ["a.jsonl"]


def test_files_of_the_same_content_are_read_each_time(write, load_paths: Load, read: list[str]):
    folder = write("a.jsonl", "\n").parent
    write("b.jsonl", "\n")
    load_paths(folder)
    load_paths(folder)
    assert read == ["a.jsonl", "b.jsonl"] * 2


def test_a_file_that_someone_writes_to_meanwhile_is_read_again(
    write, load_paths: Load, read: list[str], monkeypatch: pytest.MonkeyPatch
):
    known = loaded_files()
    found = iter(["before", "after"])
    with monkeypatch.context() as patch:
        patch.setattr(staging, "content_digest", lambda path: next(found))
        first = write("a.json", topics("a", "b"))
        load_paths(first)
    assert (loaded_files(), fetch_all("SELECT * FROM seeded")) == (known, [])
    load_paths(first)
    load_paths(first)
    assert read == ["a.json", "a.json"]


def test_what_another_file_changed_is_read_again(write, load_paths: Load, read: list[str]):
    first = write("a.json", topics("a", "b"))
    load_paths(first)
    load_paths(write("b.json", topics("b", description="Another.")))
    read.clear()
    assert load_paths(first).changed.counts == {"topic": 1}
    assert read == ["a.json"]


def test_what_was_pruned_is_read_again(write, load_paths: Load, read: list[str]):
    first = write("a.json", topics("a", "b"))
    load_paths(first)
    load_paths(write("b.json", topics("b")), prune=True)
    read.clear()
    assert load_paths(first).added.counts == {"topic": 1}
    assert read == ["a.json"]


def test_the_whole_dataset_is_read(write, load_paths: Load, read: list[str]):
    first = write("a.json", topics("a"))
    load_paths(first)
    load_paths(first, prune=True)
    assert read == ["a.json", "a.json"]


def test_a_dry_run_leaves_no_file_known(write, load_paths: Load, read: list[str]):
    first = write("a.json", topics("a"))
    before = loaded_files()
    load_paths(first, dry_run=True)
    assert loaded_files() == before
    load_paths(first)
    assert read == ["a.json", "a.json"]
    assert [one.records for one in loaded_files().values() if one.records] == [1]


def test_a_file_that_grew_while_it_was_read_is_not_known(
    write, load_paths: Load, monkeypatch: pytest.MonkeyPatch
):
    first = write("a.jsonl", '{"type": "topic", "id": "a", "name": "A"}\n')
    plain = staging.read

    def slow(path: Path, *arguments: Any) -> Any:
        yield from list(plain(path, *arguments))
        write("a.jsonl", first.read_text() + '{"type": "topic", "id": "b", "name": "B"}\n')

    monkeypatch.setattr(staging, "read", slow)
    assert load_paths(first).added.count == 1
    monkeypatch.undo()
    assert load_paths(first).added.count == 1
    assert fetch_all("SELECT COUNT(*) FROM record") == [(2,)]


def test_a_file_that_ceased_to_be_known_before_the_load(
    write, load_paths: Load, read: list[str], monkeypatch: pytest.MonkeyPatch
):
    first = write("a.json", topics("a"))
    load_paths(first)
    before = loaded_files()
    load_paths(write("b.json", topics("a", description="Another.")))
    read.clear()
    now = iter([before, {}])
    monkeypatch.setattr(loader, "known_files", lambda: next(now))
    assert load_paths(first).changed.counts == {"topic": 1}
    assert read == ["a.json"]


def test_who_refers_to_what_was_renamed_no_longer_stands_as_its_file_has_it(
    write, load_paths: Load, read: list[str]
):
    load_paths(write("a.json", topics("a")))
    child = write("b.json", topics("b", parent="a"))
    load_paths(child)
    load_paths(write("c.json", topics("c", former_ids=["a"])))
    # the former id leads on, until it is dropped
    read.clear()
    assert load_paths(child).unchanged == 1
    assert read == ["b.json"]
    load_paths(write("c.json", topics("c")))
    with pytest.raises(Refused):
        load_paths(child)


def test_who_refers_to_what_is_renamed_changes(write, load_paths: Load, read: list[str]):
    child = write("b.json", topics("b", parent="a"))
    load_paths(write("a.json", topics("a")), child)
    read.clear()
    plan = load_paths(write("a.json", topics("c", former_ids=["a"])), child)
    assert read == ["a.json"]
    assert (plan.changed.counts, plan.unchanged) == ({"topic": 2}, 0)


# the files that were loaded, what came then, and what is wrong
REFUSED = {
    "the same file twice": (
        {"a.json": topics("a")},
        {"b.json": topics("a")},
        "b.json: topic a: id: 'a': has the id of the topic in a.json",
    ),
    "an id of a known file": (
        {"a.json": topics("a")},
        {"b.json": topics("a", description="Another.")},
        "b.json: topic a: id: 'a': has the id of the topic in a.json",
    ),
    "a former id that lives in a known file": (
        {"a.json": topics("a")},
        {"b.json": topics("b", former_ids=["a"])},
        "a.json: topic a: id: 'a': is a former id of topic b",
    ),
    "a circle through a known file": (
        {"a.json": topics("a", parent="b"), "b.json": topics("b")},
        {"b.json": topics("b", parent="a")},
        "a.json: topic a: parent: goes round in a circle: a → b → a",
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
    assert [str(one).replace(f"{folder}/", "") for one in refused.value.problems] == [expected]


# against loads that know no file

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
        return [str(one) for one in refused.problems]
    return plan


@pytest.mark.slow
@settings(
    max_examples=int(100 * EXAMPLES),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(step, min_size=2, max_size=6))
def test_loads_that_know_files_do_as_those_that_read_them(
    read_dataset: str, monkeypatch: pytest.MonkeyPatch, steps: list
):
    found = []
    for knows in (True, False):
        with tempfile.TemporaryDirectory() as name, scratch(), monkeypatch.context() as patch:
            if not knows:
                patch.setattr(loader, "known_files", dict)
            folder = Path(name)
            states = []
            for files, loaded, prune in steps:
                for one, records in files.items():
                    (folder / f"{one}.json").write_text(json.dumps({"topics": records}))
                told = outcome(folder, sorted(loaded), prune)
                if isinstance(told, list):
                    told = [one.replace(name, "") for one in told]
                states.append((told, state_of_dataset(), tables()))
            found.append(states)
    assert found[0] == found[1]


def state_of_dataset() -> tuple:
    now = read_dataset()
    return (
        now.version,
        now.digest,
        fetch_all("SELECT type, id, version FROM deletion ORDER BY 1, 2"),
    )
