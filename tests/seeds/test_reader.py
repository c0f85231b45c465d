"""Which seed files are found among files and folders."""

from __future__ import annotations

import itertools

import pytest

from models.dataset import read_dataset
from seeds.problems import SeedProblems
from seeds.reader import find_files
from tests.seeds.build import digest_of, exported


def ids() -> list[str]:
    return [line["id"] for line in exported()]


TREE = {
    "one/z.yaml": "actors: [{id: a, name: A}]",
    "one/b/c.json": '{"actors": [{"id": "b", "name": "B"}]}',
    "one/b/d.yml": "actors: [{id: c, name: C}]",
    "one/b/readme.md": "no seeds",
    "two.jsonl": '{"type": "actor", "id": "d", "name": "D"}',
}


@pytest.fixture
def tree(write, tmp_path):
    for name, text in TREE.items():
        write(name, text)
    return tmp_path / "files"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([""], "bcad"),
        (["one"], "bca"),
        (["one", "two.jsonl"], "bcad"),
        (["two.jsonl", "one"], "dbca"),
        (["one/z.yaml", "one/b/c.json"], "ab"),
        (["one/z.yaml", "one", "one/z.yaml"], "abc"),
        (["one", ""], "bcad"),
        (["one/b/../z.yaml", "one/z.yaml"], "a"),
    ],
)
def test_files_and_folders(tree, load_paths, arguments, expected):
    load_paths(*(tree / argument for argument in arguments))
    assert ids() == list(expected)


@pytest.mark.parametrize(
    "order", [*itertools.permutations(["one", "one/z.yaml", "two.jsonl"])], ids=" ".join
)
def test_the_order_of_arguments_does_not_matter(tree, load_paths, order):
    load_paths(*(tree / name for name in order))
    assert sorted(ids()) == ["a", "b", "c", "d"]
    assert read_dataset().digest == digest_of(exported())


def test_a_link_to_a_file_is_that_file(tree, load_paths):
    (tree / "link.jsonl").symlink_to(tree / "two.jsonl")
    load_paths(tree / "link.jsonl", tree / "two.jsonl")
    assert ids() == ["d"]


def test_a_link_to_a_folder_is_that_folder(tree, tmp_path, load_paths):
    (tmp_path / "elsewhere").mkdir()
    (tree / "two.jsonl").rename(tmp_path / "elsewhere" / "two.jsonl")
    (tree / "link").symlink_to(tmp_path / "elsewhere")
    (tree / "round").symlink_to(tree)
    load_paths(tree)
    assert sorted(ids()) == ["a", "b", "c", "d"]


def test_a_file_name_that_is_not_utf_8(write, tmp_path, load_paths):
    path = write("a.jsonl", '{"type": "actor", "id": "a", "name": "A"}')
    load_paths(path.rename(path.with_name("\udcff.jsonl")))
    assert ids() == ["a"]


def test_hidden_files_and_folders_of_a_folder_are_skipped(tree, write, load_paths):
    hidden = write(".hidden.jsonl", '{"type": "actor", "id": "h", "name": "H"}')
    write("one/.git/x.jsonl", '{"type": "actor", "id": "x", "name": "X"}')
    load_paths(tree)
    assert sorted(ids()) == ["a", "b", "c", "d"]
    load_paths(hidden)
    assert sorted(ids()) == ["a", "b", "c", "d", "h"]


@pytest.mark.parametrize(
    "name",
    [
        "a.yaml.bak",
        "a.YAML.BAK",
        "a.yml~",
        "a.json5",
        "a.jsonc",
        "a.jsonl.gz",
        "a.ndjson.zst",
        "a.json.old.1",
        "one/b/export.jsonl.part",
    ],
)
def test_skipped_files_that_look_like_seeds_are_told(tree, write, name):
    path, problems = write(name, "no seeds"), SeedProblems()
    assert len(find_files([tree], problems)) == 4
    assert [str(warning) for warning in problems.warnings.kept] == [
        f"{path}: is skipped: its suffix is not .yaml, .yml, .json, .jsonl, .ndjson"
    ]


@pytest.mark.parametrize(
    "name", ["a.txt", "a.md", "README", "json", "a.csv", "a.toml", ".a.yaml.bak", ".git/a.yaml.bak"]
)
def test_other_files_are_skipped_silently(tree, write, name):
    write(name, "no seeds")
    problems = SeedProblems()
    assert len(find_files([tree], problems)) == 4
    assert (problems.warnings.count, problems.count) == (0, 0)


def test_a_folder_with_skipped_files_alone(tmp_path, write):
    folder = write("folder/a.yaml.bak", "no seeds").parent
    problems = SeedProblems()
    assert find_files([folder], problems) == []
    assert (problems.warnings.count, problems.count) == (1, 1)


@pytest.mark.parametrize("name", ["x.ndjson", "x.NDJSON", "x.JSONL", "x.JsonL"])
def test_json_lines_have_two_suffixes_in_any_case(tree, write, load_paths, name):
    write(name, '{"type": "actor", "id": "x", "name": "X"}\n')
    load_paths(tree)
    assert sorted(ids()) == ["a", "b", "c", "d", "x"]


def test_the_files_of_a_folder_are_sorted_by_name(tree):
    files = find_files([tree], SeedProblems())
    assert [str(file.relative_to(tree)) for file in files] == [
        "one/b/c.json",
        "one/b/d.yml",
        "one/z.yaml",
        "two.jsonl",
    ]
