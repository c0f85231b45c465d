"""Files that cannot be read: their problems, and the dataset stays as it was."""

from __future__ import annotations

import errno
import json
import os
import socket
from contextlib import chdir
from pathlib import Path

import pytest

from seeds.formats import READERS
from seeds.formats.jsonl import read_jsonl
from seeds.problems import SeedProblems
from seeds.reader import find_files
from tests.seeds.build import Sections, actor, claim, small

SECTIONS = "organizations, actors, topics, positions, events, sources, claims"
TYPES = "organization, actor, topic, position, event, source, claim"
SUFFIXES = ".yaml, .yml, .json, .jsonl, .ndjson"
NO_ANCHORS = "YAML anchors are not supported: write the value out"
NO_ALIASES = "YAML aliases are not supported: write the value out"
TOO_LARGE = "is larger than 64 MB: split it, or write JSON Lines"


@pytest.fixture
def initial() -> Sections:
    return small()


def lines(*records: dict) -> str:
    return "\n".join(map(json.dumps, records))


BROKEN = [
    (
        "broken YAML",
        {"a.yaml": "actors:\n- id: a\n  name: A\n  url: [\n"},
        ["a.yaml:5: invalid YAML: "],
    ),
    (
        "a tab in YAML",
        {"a.yaml": "actors:\n\t- id: a\n"},
        ["a.yaml:2: invalid YAML: "],
    ),
    (
        "an unknown escape in YAML",
        {"a.yaml": 'actors:\n- id: a\n  name: "\\q"\n'},
        ["a.yaml:3: invalid YAML: "],
    ),
    (
        "half a pair of surrogates in YAML",
        {"a.yaml": 'actors:\n- id: a\n  name: "\\ud83d"\n'},
        ["a.yaml:3: invalid YAML: "],
    ),
    (
        "broken JSON",
        {"a.json": '{"actors": [\n{"id": "a",}\n]}'},
        ["a.json:2: invalid JSON: "],
    ),
    (
        "an empty JSON file",
        {"a.json": ""},
        ["a.json:1: invalid JSON: Expecting value, column 1"],
    ),
    (
        "broken lines",
        {"a.jsonl": '{"type": "actor", \n\n{"type": "actor", "id": "a", "name": "A"}\n{]'},
        [
            "a.jsonl:1: invalid JSON: ",
            "a.jsonl:4: invalid JSON: ",
        ],
    ),
    (
        "bytes that are not UTF-8 in YAML",
        {"a.yaml": b"actors:\n- id: a\n  name: \xff\n"},
        ["a.yaml:3: is not UTF-8 text: invalid start byte"],
    ),
    (
        "bytes that are not UTF-8 in JSON",
        {"a.json": b'{"actors": [\n{"id": "a", "name": "\xff"}]}'},
        ["a.json:2: is not UTF-8 text: invalid start byte"],
    ),
    (
        "bytes that are not UTF-8 in JSON Lines",
        {"a.jsonl": b'\n{"type": "actor", "id": "a", "name": "\xff"}\n'},
        ["a.jsonl:2: is not UTF-8 text: invalid start byte"],
    ),
    (
        "a picture as YAML",
        {"a.yaml": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"},
        ["a.yaml:1: is not UTF-8 text: invalid start byte"],
    ),
    (
        "a picture as JSON",
        {"a.json": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"},
        ["a.json:1: is not UTF-8 text: invalid start byte"],
    ),
    (
        "a picture as JSON Lines",
        {"a.jsonl": b"\x89PNG\n\xff\x00"},
        [
            "a.jsonl:1: is not UTF-8 text: invalid start byte",
            "a.jsonl:2: is not UTF-8 text: invalid start byte",
        ],
    ),
    (
        "a raw tab in JSON",
        {"a.json": '{"actors": [\n{"id": "a", "name": "\t"}]}'},
        ["a.json:2: invalid JSON: U+0009 in a text, column 22: write \\u0009"],
    ),
    (
        "a raw line end in JSON",
        {"a.json": '{"actors": [\n{"id": "a", "name": "\n"}]}'},
        ["a.json:2: invalid JSON: U+000A in a text, column 22: write \\u000a"],
    ),
    (
        "a YAML list",
        {"a.yaml": "- id: a\n"},
        [f"a.yaml:1: must be a mapping of sections: {SECTIONS}"],
    ),
    (
        "a YAML text in the second document",
        {"a.yaml": "actors: []\n---\nactors\n"},
        [f"a.yaml:3: must be a mapping of sections: {SECTIONS}"],
    ),
    (
        "a JSON list",
        {"a.json": "[]"},
        [f"a.json: must be an object with sections: {SECTIONS}"],
    ),
    (
        "a section that is not a list",
        {"a.yaml": "topics: []\nactors: {id: a}\n"},
        ["a.yaml:2: 'actors': must be a list of records"],
    ),
    (
        "a section of JSON that is not a list",
        {"a.json": '{"actors": {"id": "a"}}'},
        ["a.json: 'actors': must be a list of records"],
    ),
    (
        "an unknown section",
        {"a.yaml": "\nactor:\n- id: a\n  name: A\n"},
        [f"a.yaml:2: 'actor': unknown section: use {SECTIONS}; did you mean 'actors'?"],
    ),
    (
        "an unknown section of JSON",
        {"a.json": '{"claims ": [], "foo": []}'},
        [
            f"a.json: 'claims ': unknown section: use {SECTIONS}; did you mean 'claims'?",
            f"a.json: 'foo': unknown section: use {SECTIONS}",
        ],
    ),
    (
        "an unknown type",
        {"a.jsonl": lines({"type": "actors", "id": "a"}, {"type": 5}, {"type": None})},
        [
            f"a.jsonl:1: 'actors': unknown type: use {TYPES}; did you mean 'actor'?",
            f"a.jsonl:2: 5: unknown type: use {TYPES}",
            f"a.jsonl:3: unknown type: use {TYPES}",
        ],
    ),
    (
        "no type",
        {"a.jsonl": lines({"id": "a"})},
        [f"a.jsonl:1: missing type: use {TYPES}"],
    ),
    (
        "lines that are not objects",
        {"a.jsonl": '[1]\n"x"\n7\n'},
        [
            "a.jsonl:1: [1]: must be an object with a type and fields",
            "a.jsonl:2: 'x': must be an object with a type and fields",
            "a.jsonl:3: 7: must be an object with a type and fields",
        ],
    ),
    (
        "records that are not objects",
        {"a.yaml": "actors:\n- a\n- [b]\n-\n"},
        [
            "a.yaml:2: actor number 1: must be an object with fields",
            "a.yaml:3: actor number 2: must be an object with fields",
            "a.yaml:4: actor number 3: must be an object with fields",
        ],
    ),
    (
        "claims that are not objects",
        {"a.json": '{"claims": ["x", 5, null]}'},
        [
            "a.json: claim number 1: must be an object with fields",
            "a.json: claim number 2: must be an object with fields",
            "a.json: claim number 3: must be an object with fields",
        ],
    ),
    (
        "a duplicate key in YAML",
        {"a.yaml": "actors:\n- id: a\n  name: A\n  name: B\n"},
        ["a.yaml:4: 'name': duplicate"],
    ),
    (
        "a duplicate section in YAML",
        {"a.yaml": "actors: []\ntopics: []\nactors: []\n"},
        ["a.yaml:3: 'actors': duplicate"],
    ),
    (
        "a duplicate key inside, in YAML",
        {"a.yaml": "actors:\n- id: a\n  name: A\n  attributes:\n    x: a\n    'x': b\n"},
        ["a.yaml:6: 'x': duplicate"],
    ),
    (
        "a duplicate key in JSON",
        {"a.json": '{"actors": [{"id": "a", "name": "A", "name": "B"}]}'},
        ["a.json: actor a: 'name': duplicate"],
    ),
    (
        "a duplicate section in JSON",
        {"a.json": '{"actors": [], "actors": []}'},
        ["a.json: 'actors': duplicate"],
    ),
    (
        "a duplicate key inside, in JSON Lines",
        {
            "a.jsonl": '\n{"type":"claim","id":"a","text":"t","actor":"ann",'
            '"reports":[{"source":"news","source":"news"}]}'
        },
        ["a.jsonl:2: 'source': duplicate"],
    ),
    (
        "a key that is not text",
        {"a.yaml": "actors:\n- id: a\n  ? [x]\n  : y\n"},
        ["a.yaml:3: a field's name must be text"],
    ),
    (
        "a tag",
        {"a.yaml": "actors:\n- id: a\n  name: !!python/object/apply:os.system [ls]\n"},
        [
            "a.yaml:3: 'tag:yaml.org,2002:python/object/apply:os.system':"
            " YAML tags are not supported",
        ],
    ),
    (
        "a tag without a name",
        {"a.yaml": "actors:\n- id: a\n  name: ! A\n"},
        ["a.yaml:3: '!': YAML tags are not supported"],
    ),
    (
        "a tag of the file",
        {"a.yaml": "--- !!map\nactors: []\n"},
        ["a.yaml:1: 'tag:yaml.org,2002:map': YAML tags are not supported"],
    ),
    (
        "a tag of a section, after a good record",
        {"a.yaml": "actors: [{id: a, name: A}]\ntopics: !mine\n- id: a\n"},
        ["a.yaml:2: '!mine': YAML tags are not supported"],
    ),
    (
        "a tag of a section's name",
        {"a.yaml": "!!str actors: []\n"},
        ["a.yaml:1: 'tag:yaml.org,2002:str': YAML tags are not supported"],
    ),
    (
        "a tag of a field's name",
        {"a.yaml": "actors:\n- id: a\n  !!str name: A\n"},
        ["a.yaml:3: 'tag:yaml.org,2002:str': YAML tags are not supported"],
    ),
    (
        "a tag of a handle",
        {"a.yaml": "%TAG !e! tag:example.org,2025:\n---\nactors:\n- !e!a {id: a, name: A}\n"},
        ["a.yaml:4: 'tag:example.org,2025:a': YAML tags are not supported"],
    ),
    (
        "an anchor",
        {"a.yaml": "actors:\n- &x {id: a, name: A}\n"},
        ["a.yaml:2: 'x': " + NO_ANCHORS],
    ),
    (
        "an anchor of a file, in the second document",
        {"a.yaml": "actors: []\n--- &x\nactors: []\n"},
        ["a.yaml:2: 'x': " + NO_ANCHORS],
    ),
    (
        "an anchor of a section's name",
        {"a.yaml": "&x actors: []\n"},
        ["a.yaml:1: 'x': " + NO_ANCHORS],
    ),
    (
        "an anchor of a section",
        {"a.yaml": "actors: &x\n- {id: a, name: A}\n"},
        ["a.yaml:1: 'x': " + NO_ANCHORS],
    ),
    (
        "an anchor of a field's name",
        {"a.yaml": "actors:\n- id: a\n  &x name: A\n"},
        ["a.yaml:3: 'x': " + NO_ANCHORS],
    ),
    (
        "an anchor of an empty value",
        {"a.yaml": "actors:\n- id: a\n  name: &x\n"},
        ["a.yaml:3: 'x': " + NO_ANCHORS],
    ),
    (
        "an alias",
        {"a.yaml": "actors:\n- id: a\n  name: *x\n"},
        ["a.yaml:3: 'x': " + NO_ALIASES],
    ),
    (
        "an alias of a field's name",
        {"a.yaml": "actors:\n- id: a\n  *x : A\n"},
        ["a.yaml:3: 'x': " + NO_ALIASES],
    ),
    (
        "an alias of a section",
        {"a.yaml": "actors: *x\n"},
        ["a.yaml:1: 'x': " + NO_ALIASES],
    ),
    (
        "an alias alone",
        {"a.yaml": "*x\n"},
        ["a.yaml:1: 'x': " + NO_ALIASES],
    ),
    (
        "a merge key",
        {"a.yaml": "actors:\n- <<: {id: a, name: A}\n"},
        [
            "a.yaml:2: actor number 1: <<: unknown field",
            "a.yaml:2: actor number 1: id: is missing",
            "a.yaml:2: actor number 1: name: is missing",
        ],
    ),
    (
        "a YAML bomb",
        {
            "a.yaml": "actors:\n- id: a\n  name: A\n  aliases:\n  - &a0 [x, x]\n"
            + "".join(f"  - &a{n + 1} [*a{n}, *a{n}]\n" for n in range(60))
        },
        ["a.yaml:5: 'a0': " + NO_ANCHORS],
    ),
    (
        "50,000 brackets in YAML",
        {"a.yaml": "actors:\n- name: " + "[" * 50_000},
        ["a.yaml:2: nested too deeply"],
    ),
    (
        "50,000 braces in YAML",
        {"a.yaml": "actors:\n- " + "{a: " * 50_000},
        ["a.yaml:2: nested too deeply"],
    ),
    (
        "50,000 brackets alone in YAML",
        {"a.yaml": "[" * 50_000},
        [f"a.yaml:1: must be a mapping of sections: {SECTIONS}"],
    ),
    (
        "50,000 brackets in JSON",
        {"a.json": '{"actors": [{"name": ' + "[" * 50_000},
        ["a.json: nested too deeply"],
    ),
    (
        "50,000 brackets in JSON Lines",
        {"a.jsonl": lines(actor("a", type="actor"), {}) + "\n" + "[" * 50_000},
        [f"a.jsonl:2: missing type: use {TYPES}", "a.jsonl:3: nested too deeply"],
    ),
    (
        "a huge number",
        {"a.jsonl": '{"type": "claim", "id": ' + "9" * 5000 + "}"},
        ["a.jsonl:1: invalid JSON: Exceeds the limit (4300 digits)"],
    ),
    (
        "a line of 2 MB",
        {"a.jsonl": "x" * 2_000_000 + "\n" + lines({"type": "actr"}) + "\n" + "y" * 2_000_000},
        [
            "a.jsonl:1: is longer than 1,000,000 bytes",
            f"a.jsonl:2: 'actr': unknown type: use {TYPES}; did you mean 'actor'?",
            "a.jsonl:3: is longer than 1,000,000 bytes",
        ],
    ),
    (
        "a record of more than 1 MB",
        {"a.yaml": "sources:\n- {id: s, title: S, kind: post, text: " + "ü" * 600_000 + "}\n"},
        ["a.yaml:2: source s: is larger than 1,000,000 bytes"],
    ),
    (
        "another kind of file",
        {"a.txt": "actors: []"},
        [f"a.txt: unknown suffix: use {SUFFIXES}"],
    ),
    (
        "broken YAML with a suffix in capitals",
        {"a.YAML": "actors:\n- id: a\n  name: A\n  url: [\n"},
        ["a.YAML:5: invalid YAML: "],
    ),
    (
        "no suffix",
        {"actors": "actors: []"},
        [f"actors: unknown suffix: use {SUFFIXES}"],
    ),
]


@pytest.mark.parametrize(
    ("files", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_files_that_cannot_be_read(write, refused, files, expected):
    errors = refused(*(write(name, content) for name, content in files.items()))
    starts = [error[: len(start)] for error, start in zip(errors, expected, strict=True)]
    assert starts == expected


@pytest.mark.parametrize("depth", [12, 300, 900, 5_000])
@pytest.mark.parametrize("suffix", ["yaml", "json", "jsonl"])
def test_too_deep_nesting_is_an_error_at_any_depth(write, refused, suffix, depth):
    deep = "[" * depth + "]" * depth
    text = {
        "yaml": f"actors: [{{id: a, name: {deep}}}]",
        "json": f'{{"actors": [{{"id": "a", "name": {deep}}}]}}',
        "jsonl": f'{{"type": "actor", "id": "a", "name": {deep}}}',
    }[suffix]
    (error,) = refused(write(f"a.{suffix}", text))
    assert error.endswith(("nested too deeply", "actor a: name: must be text"))


def test_references_into_an_unreadable_file_are_no_errors(write, refused):
    broken = write("actors.yaml", "actors:\n- {id: x, name: X\n")
    claims = write("claims.json", {"claims": [claim("one", actor="x")]})
    (error,) = refused(claims, broken)
    assert error.startswith("actors.yaml:3: invalid YAML: ")


def test_missing_files_and_folders(tmp_path, refused):
    (tmp_path / "files" / "empty" / "deeper").mkdir(parents=True)
    (tmp_path / "files" / "empty" / "readme.md").write_text("no seeds")
    folder = tmp_path / "files"
    errors = refused(folder / "none.yaml", folder / "none.txt", folder / "none", folder / "empty")
    assert set(errors) == {
        f"empty: no seed file in this folder ({SUFFIXES})",
        "none: cannot be read: No such file or directory",
        "none.txt: cannot be read: No such file or directory",
        "none.yaml: cannot be read: No such file or directory",
    }


def test_a_broken_link_in_a_folder(write, refused):
    folder = write("folder/a.jsonl", lines(actor("x", type="actor"))).parent
    (folder / "b.jsonl").symlink_to(folder / "none.jsonl")
    assert refused(folder) == ["folder/b.jsonl: cannot be read: No such file or directory"]


def test_a_link_to_itself(write, refused):
    folder = write("folder/a.jsonl", lines(actor("x", type="actor"))).parent
    link = folder / "b.jsonl"
    link.symlink_to(link)
    reason = "cannot be read: Too many levels of symbolic links"
    assert refused(folder) == [f"folder/b.jsonl: {reason}"]
    assert refused(link) == [f"folder/b.jsonl: {reason}"]


def test_folders_that_link_to_each_other(write, tmp_path, load_paths):
    folder = write("folder/a.jsonl", lines(actor("x", type="actor"))).parent
    write("other/b.jsonl", lines(actor("y", type="actor")))
    (folder / "to-other").symlink_to(tmp_path / "files" / "other")
    (tmp_path / "files" / "other" / "to-folder").symlink_to(folder)
    (folder / "to-itself").symlink_to(folder)
    (folder / "loop").symlink_to(folder / "loop")
    assert load_paths(folder).added.count == 2


def test_a_folder_with_the_suffix_of_a_seed_file(write, refused, load_paths):
    folder = write("a.yaml/b.jsonl", lines(actor("x", type="actor"))).parent
    empty = folder.with_name("empty.json")
    empty.mkdir()
    assert refused(empty) == [f"empty.json: no seed file in this folder ({SUFFIXES})"]
    assert load_paths(folder.parent / "a.yaml").added.count == 1


def make_socket(path: Path) -> None:
    # a socket's path has at most 107 bytes
    with socket.socket(socket.AF_UNIX) as listener, chdir(path.parent):
        listener.bind(path.name)


SPECIAL_FILES = [
    (os.mkfifo, "a pipe"),
    (make_socket, "a socket"),
    (lambda path: path.symlink_to("/dev/zero"), "a device"),
    (lambda path: path.symlink_to("/dev/full"), "a device"),
]
special_files = pytest.mark.parametrize(
    ("make", "kind"), SPECIAL_FILES, ids=["pipe", "socket", "zero", "full"]
)


@special_files
@pytest.mark.parametrize("suffix", ["yaml", "json", "jsonl"])
def test_pipes_devices_and_sockets_are_not_opened(write, make, kind, suffix):
    """Reading them may never end."""
    regular = write(f"b.{suffix}", "")
    path = regular.with_name(f"a.{suffix}")
    make(path)
    for paths in ([regular.parent], [path, regular]):
        problems = SeedProblems()
        assert find_files(paths, problems) == [regular]
        assert [str(problem) for problem in problems.kept] == [
            f"{path}: is {kind}: write its content to a file, and load that"
        ]


@special_files
def test_a_load_of_a_pipe_device_or_socket(write, refused, make, kind):
    path = write("b.json", {"claims": [claim("c", actor="only-in-the-pipe")]})
    make(path.with_name("a.jsonl"))
    assert refused(path.parent) == [
        f"a.jsonl: is {kind}: write its content to a file, and load that"
    ]


def test_a_folder_that_cannot_be_read(write, refused, monkeypatch):
    write("folder/a.json", {"actors": [actor("x")]})
    inside = write("folder/inside/b.json", {"actors": [actor("y")]}).parent
    listed = os.scandir

    def scandir(path: str) -> object:
        if str(path) == str(inside):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return listed(path)

    # root could read it
    monkeypatch.setattr(os, "scandir", scandir)
    (error,) = refused(inside.parent)
    assert error.endswith("inside: cannot be read: Permission denied")


def test_a_file_that_vanishes_between_listing_and_reading(write, refused):
    first = write("a.jsonl", lines(actor("x", type="actor")))
    second = write("b.jsonl", lines(actor("y", type="actor")))

    def vanish(phase: str, done: int, total: int) -> None:
        second.unlink(missing_ok=True)

    assert refused(first, second, progress=vanish) == [
        "b.jsonl: cannot be read: No such file or directory"
    ]


def test_a_file_that_fails_halfway(write, refused, monkeypatch):
    path = write("a.jsonl", lines(actor("x", type="actor")))

    def failing(file, name, problems, done):
        yield from read_jsonl(file, name, problems, done)
        raise OSError(5, "Input/output error")

    monkeypatch.setitem(READERS, ".jsonl", failing)
    assert refused(path) == ["a.jsonl: cannot be read: Input/output error"]


def comments(size: int) -> bytes:
    return (b"# " + b"x" * 1021 + b"\n") * (size // 1024)


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_file_of_65_mb(write, refused, name):
    assert refused(write(name, comments(65_100_000))) == [f"{name}: {TOO_LARGE}"]


def test_a_file_of_64_gb_is_refused_before_it_is_read(write, refused):
    path = write("a.yaml", "")
    # without blocks on the disk
    os.truncate(path, 64 << 30)
    assert refused(path) == [f"a.yaml: {TOO_LARGE}"]


def test_a_file_of_65_mb_is_refused_before_it_is_read(write, refused):
    done: list[int] = []
    path = write("a.yaml", comments(65_100_000))
    refused(path, progress=lambda phase, now, total: done.append(now))
    assert sum(done) == 0
