"""The same records in every format, and what the formats leave open."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.dataset import read_dataset as dataset_row
from seeds import reader
from seeds.problems import Problems
from seeds.reader import Bounded, Unreadable, files, read
from tests.seeds.build import as_lines, digest_of, everything, exported, lines_of

ALL = everything()

YAML = """\
organizations:
  - id: norway
    name: Norge
    kind: state
    country: NO
actors:
- {id: bond, name: 007, aliases: [true, 'null', 1.0], memberships: [{organization: norway, \
start_date: 1953, end_date: 1962-10}]}
events:
  - id: summit
    name: >-
      The
      Summit
    kind: summit
    start_date: 2025-06-24
sources:
  - {id: tape, title: "A \\u0074ape", kind: other, text: "Shaken, not stirred"}
claims:
  - id: stirred
    text: Shaken is better
    actor: bond
    date: 2025
    reports:
      - source: tape
        exact: Shaken
        start: 0
        end: 6
"""
RECORDS = {
    "organizations": [{"id": "norway", "name": "Norge", "kind": "state", "country": "NO"}],
    "actors": [
        {
            "id": "bond",
            "name": "007",
            "kind": "person",
            "aliases": ["true", "null", "1.0"],
            "memberships": [
                {"organization": "norway", "start_date": "1953", "end_date": "1962-10"}
            ],
        }
    ],
    "events": [
        {"id": "summit", "name": "The Summit", "kind": "summit", "start_date": "2025-06-24"}
    ],
    "sources": [{"id": "tape", "title": "A tape", "kind": "other", "text": "Shaken, not stirred"}],
    "claims": [
        {
            "id": "stirred",
            "text": "Shaken is better",
            "actor": "bond",
            "date": "2025",
            "reports": [{"source": "tape", "exact": "Shaken", "start": 0, "end": 6}],
            "status": "coded",
        }
    ],
}


FORMATS = [
    ("seeds.yaml", YAML),
    ("seeds.yml", YAML),
    ("indented.yaml", json.dumps(RECORDS, indent=1)),
    ("seeds.json", json.dumps(RECORDS)),
    ("ints.json", json.dumps(RECORDS).replace('"2025"', "2025").replace('"1953"', "1953")),
    ("seeds.jsonl", as_lines(RECORDS)),
    ("ascii.jsonl", as_lines(RECORDS).replace("Norge", "N\\u006frge")),
]


@pytest.mark.parametrize(("name", "text"), FORMATS, ids=[name for name, _ in FORMATS])
def test_every_format_gives_the_same_records(write, load_paths, name, text):
    load_paths(write(name, text))
    assert exported() == lines_of(RECORDS)
    assert dataset_row().digest == digest_of(lines_of(RECORDS))


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize(("name", "text"), FORMATS[:1] + FORMATS[3:6:2], ids=["yaml", "json", "l"])
def test_windows_text(write, load_paths, mark, name, text):
    load_paths(write(name, (mark + text).replace("\n", "\r\n")))
    assert exported() == lines_of(RECORDS)


def test_all_fields_of_all_types(write, load_paths):
    load_paths(write("all.json", ALL))
    assert exported() == lines_of(ALL)
    assert dataset_row().digest == digest_of(lines_of(ALL))


SCALARS = [
    ("007", "007"),
    ("true", "true"),
    ("No", "No"),
    ("1_000", "1_000"),
    ("0x1F", "0x1F"),
    ("1e3", "1e3"),
    (".inf", ".inf"),
    ("2025-05-14", "2025-05-14"),
    ("12:30:45", "12:30:45"),
    ("=", "="),
    ("'null'", "null"),
    ('"~"', "~"),
    ("'007'", "007"),
    ('"caf\\u0065\\u0301"', "café"),
    ("nullable", "nullable"),
    ("null", None),
    ("Null", None),
    ("NULL", None),
    ("~", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "taken"), SCALARS, ids=[one or "empty" for one, _ in SCALARS])
def test_yaml_scalars_are_text_or_absent(write, load_paths, written, taken):
    load_paths(write("a.yaml", f"actors:\n- id: a\n  name: A\n  description: {written}\n"))
    assert exported() == [
        {
            "type": "actor",
            "id": "a",
            "name": "A",
            "kind": "person",
            **({"description": taken} if taken else {}),
        }
    ]


@pytest.mark.parametrize(
    ("name", "written", "date"),
    [
        ("a.yaml", "2025", "2025"),
        ("a.yaml", "0042", "0042"),
        ("a.yaml", "2025-05", "2025-05"),
        ("a.yaml", "2025-05-14", "2025-05-14"),
        ("a.yaml", "'2025'", "2025"),
        ("a.yaml", "9999-12-31", "9999-12-31"),
        ("a.json", "2025", "2025"),
        ("a.json", "42", "0042"),
        ("a.json", '"2024-02-29"', "2024-02-29"),
    ],
)
def test_dates_need_no_quotes(write, load_paths, name, written, date):
    text = '{"sources": [{"id": "s", "title": "S", "kind": "post", "date": DATE}]}'
    load_paths(write(name, text.replace("DATE", written)))
    assert [one["date"] for one in exported()] == [date]


EMPTY = [
    ("a.yaml", ""),
    ("a.yaml", "# nothing\n"),
    ("a.yaml", "---\n"),
    ("a.yaml", "---\n---\n"),
    ("a.yaml", "null\n"),
    ("a.yaml", "{}\n"),
    ("a.yaml", "actors:\n"),
    ("a.yaml", "actors: []\ntopics: ~\n"),
    ("a.json", "{}"),
    ("a.json", '{"actors": []}'),
    ("a.json", '{"actors": null}'),
    ("a.jsonl", ""),
    ("a.jsonl", "\n  \n\n"),
]


@pytest.mark.parametrize(("name", "text"), EMPTY)
def test_files_without_records(write, load_paths, name, text):
    plan = load_paths(write(name, text))
    assert (plan.changes, plan.unchanged, exported()) == (0, 0, [])


def ids() -> list[str]:
    return [one["id"] for one in exported()]


DOCUMENTS = [
    ("two documents", "actors: [{id: a, name: A}]\n---\nactors: [{id: b, name: B}]\n", "ab"),
    ("an end mark", "actors: [{id: a, name: A}]\n...\n---\nactors: [{id: b, name: B}]\n", "ab"),
    ("a start mark", "---\nactors: [{id: a, name: A}]\n", "a"),
    ("empty ones between", "---\n---\nactors: [{id: a, name: A}]\n---\n", "a"),
    (
        "many sections",
        "topics: [{id: t, name: T}]\nactors: [{id: a, name: A}]\n---\ntopics: [{id: u, name: U}]\n",
        "tau",
    ),
    ("a section without records", "topics:\nactors: [{id: a, name: A}]\n", "a"),
]


@pytest.mark.parametrize(
    ("text", "expected"), [one[1:] for one in DOCUMENTS], ids=[one[0] for one in DOCUMENTS]
)
def test_yaml_of_many_documents_and_sections(write, load_paths, text, expected):
    load_paths(write("a.yaml", text))
    assert ids() == list(expected)


@pytest.mark.parametrize(
    "text",
    ['{"type":"actor","id":"a","name":"A"}', '\n{"name":"A","id":"a","type":"actor"}\n\n\n'],
    ids=["no last line end", "blank lines, another order"],
)
def test_json_lines_are_taken_loosely(write, load_paths, text):
    load_paths(write("a.jsonl", text))
    assert ids() == ["a"]


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
    load_paths(*(tree / one for one in arguments))
    assert ids() == list(expected)


@pytest.mark.parametrize(
    "order", [*itertools.permutations(["one", "one/z.yaml", "two.jsonl"])], ids=" ".join
)
def test_the_order_of_arguments_does_not_matter(tree, load_paths, order):
    load_paths(*(tree / one for one in order))
    assert sorted(ids()) == ["a", "b", "c", "d"]
    assert dataset_row().digest == digest_of(exported())


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


def test_a_file_whose_name_is_no_utf_8(write, tmp_path, load_paths):
    path = write("a.jsonl", '{"type": "actor", "id": "a", "name": "A"}')
    load_paths(path.rename(path.with_name("\udcff.jsonl")))
    assert ids() == ["a"]


def raws(path):
    problems = Problems()
    found = list(read(path, problems, lambda done: None))
    assert problems.count == 0
    return found


def test_yaml_knows_the_line_of_each_field(write):
    (raw,) = raws(write("a.yaml", YAML[YAML.index("claims:") :]))
    assert raw.line == 2
    assert raw.lines == {
        ("id",): 2,
        ("text",): 3,
        ("actor",): 4,
        ("date",): 5,
        ("reports",): 6,
        ("reports", 0, "source"): 7,
        ("reports", 0, "exact"): 8,
        ("reports", 0, "start"): 9,
        ("reports", 0, "end"): 10,
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("text",), 3),
        (("reports", 0, "end"), 10),
        (("reports", 0), 6),
        (("reports", 0, "prefix"), 6),
        (("event",), 2),
        ((), 2),
    ],
    ids=str,
)
def test_a_field_without_a_line_stands_where_the_next_outer_one_does(write, path, line):
    (raw,) = raws(write("a.yaml", YAML[YAML.index("claims:") :]))
    assert raw.place(path).line == line


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("a.yaml", "actors:\n- id: a\n- name: B\n", [":2: actor a", ":3: actor number 2"]),
        ("a.json", '{"actors": [{"id": "a"}, {}]}', [": actor a", ": actor number 2"]),
        ("a.jsonl", '{"type":"actor","id":"a"}\n\n{"type":"actor"}', [":1: actor a", ":3: actor"]),
    ],
)
def test_a_record_says_where_it_stands(write, name, text, places):
    path = write(name, text)
    assert [str(raw.place()) for raw in raws(path)] == [f"{path}{place}" for place in places]


@pytest.mark.parametrize(
    "name", ["seeds.yaml", "seeds.json", "seeds.jsonl"], ids=["yaml", "json", "jsonl"]
)
def test_progress_adds_up_to_the_size(write, name):
    path = write(name, dict(FORMATS)[name])
    done: list[int] = []
    assert len(list(read(path, Problems(), done.append))) == 5
    assert sum(done) == path.stat().st_size


def test_json_lines_are_read_one_by_one(write):
    path = write("a.jsonl", '{"type":"actor","id":"a"}\nbroken\n{"type":"actor","id":"b"}\n')
    problems = Problems()
    found = read(path, problems, lambda done: None)
    assert (next(found).data["id"], problems.count) == ("a", 0)
    assert (next(found).data["id"], problems.count) == ("b", 1)


def test_a_folder_gives_its_files_in_the_order_of_their_names(tree):
    found = files([tree], Problems())
    assert [str(one.relative_to(tree)) for one in found] == [
        "one/b/c.json",
        "one/b/d.yml",
        "one/z.yaml",
        "two.jsonl",
    ]


@pytest.mark.parametrize("size", [900_000, 999_800])
def test_a_line_of_nearly_a_megabyte(write, load_paths, size):
    line = json.dumps({"type": "source", "id": "s", "title": "S", "kind": "post", "text": "x"})
    text = line.replace('"x"', '"' + "x" * (size - len(line)) + '"')
    load_paths(write("a.jsonl", text))
    assert [len(one["text"]) for one in exported()] == [size - len(line)]


def test_what_has_no_size_is_bounded_as_it_is_read(monkeypatch):
    monkeypatch.setattr(reader, "FILE", 1000)
    end, start = os.pipe()
    os.write(start, b" " * 1001)
    os.close(start)
    with os.fdopen(end, "rb") as pipe, pytest.raises(Unreadable, match="is larger than"):
        Bounded(pipe, lambda done: None).read()


# what a line is read as does not depend on how it is read

LINES = [
    b'{"type":"topic","id":"a","name":"A"}',
    b' {"type": "topic", "id": "a", "name": "A"} \r',
    b'{"type":"topic","id":"a","id":"b"}',
    b'{"type":"topic","id" :"a","id":"b"}',
    b'{"type":"topic","id"\t:"a","name":"b \\":","id":"b"}',
    b'{"type":"topic","id":"a","name":"He said \\"yes\\": that is all"}',
    b'{"type":"topic","id":"a","name":"He said \\"yes\\":","id":"a"}',
    b'{"type":"topic","a\\":b":"c","id":"a"}',
    b'{"type":"topic","attributes":{"x":"1","x":"2"}}',
    b'{"type":"topic","list":[{"x":"1","x":"2"}]}',
    b'{"type":"topic","type":"actor"}',
    b'{"type":"topic","name":"\\ud800"}',
    b'{"type":"topic","name":"\\ud83d\\ude00 \\u00e9"}',
    b'{"type":"topic","number":100000000000000000000}',
    b'{"type":"topic","number":1E400}',
    b'{"type":"topic","number":NaN}',
    b'{"type":"topic","number":-0}',
    b'{"type":"topic","number":0.1e1}',
    b'{"type":"topic","deep":' + b"[" * 10 + b"]" * 10 + b"}",
    b'{"type":"topic","deep":' + b"[" * 11 + b"]" * 11 + b"}",
    b'{"type":"topic","deep":' + b'{"a":' * 11 + b"1" + b"}" * 11 + b"}",
    b'{"type":"topic","deep":' + b"[" * 2000 + b"]" * 2000 + b"}",
    b'{"type":"topic","name":"\xff"}',
    b'\xef\xbb\xbf{"type":"topic"}',
    b'{"type":"topic"',
    b'{"type":"topic"}{}',
    b"{}",
    b"[]",
    b"[" * 10 + b"]" * 10,
    b"[" * 900 + b"]" * 900,
    b"null",
    b"17",
    b"",
    b" ",
    b"\x0b{}",
]


def told(content: bytes, path: Path) -> tuple:
    path.write_bytes(content)
    problems = Problems()
    found = [(raw.type, repr(raw.data), raw.line) for raw in read(path, problems, lambda _: None)]
    return found, [str(one) for one in problems.kept], problems.lost


@pytest.mark.parametrize("line", LINES, ids=lambda line: str(line[:60]))
def test_a_line_is_read_alike_with_more_care(
    line: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "lines.jsonl"
    content = line + b"\n" + line + b"\n"
    quick = told(content, path)
    monkeypatch.setattr(reader, "plain", lambda line: None)
    assert quick == told(content, path)


@given(st.lists(st.sampled_from([b'"a"', b'"b"', b'"\\":"', b":", b",", b" ", b"{", b"}", b"1"])))
def test_no_name_that_stands_twice_is_lost(parts: list[bytes]):
    line = b'{"type":' + b"".join(parts) + b"}"
    found = reader.plain(line)
    if found is not None:
        assert found == reader.careful(line.decode())


def test_a_usual_line_takes_no_care():
    assert reader.plain(b'{"type": "topic", "id": "a", "aliases": ["x"]}') == {
        "type": "topic",
        "id": "a",
        "aliases": ["x"],
    }
