"""JSON Lines: how each line is decoded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.formats.jsonl import decode_line
from seeds.problems import SeedProblems
from seeds.raw_record import Unreadable
from seeds.reader import read_file
from tests.seeds.build import exported


@pytest.mark.parametrize(
    "text",
    ['{"type":"actor","id":"a","name":"A"}', '\n{"name":"A","id":"a","type":"actor"}\n\n\n'],
    ids=["no last line end", "blank lines, another order"],
)
def test_blank_lines_and_order_of_fields(write, load_paths, text):
    load_paths(write("a.jsonl", text))
    assert [line["id"] for line in exported()] == ["a"]


def test_lines_are_read_one_by_one(write):
    path = write("a.jsonl", '{"type":"actor","id":"a"}\nbroken\n{"type":"actor","id":"b"}\n')
    problems = SeedProblems()
    records = read_file(path, problems, lambda done: None)
    assert (next(records).data["id"], problems.count) == ("a", 0)
    assert (next(records).data["id"], problems.count) == ("b", 1)


@pytest.mark.parametrize("size", [900_000, 999_800])
def test_a_line_of_nearly_a_megabyte(write, load_paths, size):
    line = json.dumps({"type": "source", "id": "s", "title": "S", "kind": "post", "text": "x"})
    text = line.replace('"x"', '"' + "x" * (size - len(line)) + '"')
    load_paths(write("a.jsonl", text))
    assert [len(record["text"]) for record in exported()] == [size - len(line)]


RECORD = {"id": "a", "name": "A"}
DUPLICATE_ID = "'id': duplicate"
DUPLICATE_X = "'x': duplicate"
DEEP = "nested too deeply"
NO_TYPE = "missing type: use organization, actor, topic, position, event, source, claim"
NO_OBJECT = "must be an object with a type and fields"
# the record that a line gives, or its problem
LINES = [
    (b'{"type":"topic","id":"a","name":"A"}', RECORD),
    (b' {"type": "topic", "id": "a", "name": "A"} \r', RECORD),
    (b'{"type":"topic","id":"a","id":"b"}', DUPLICATE_ID),
    (b'{"type":"topic","id" :"a","id":"b"}', DUPLICATE_ID),
    (b'{"type":"topic","id"\t:"a","name":"b \\":","id":"b"}', DUPLICATE_ID),
    (b'{"type":"topic","id":"a","name":"He said \\"yes\\": that is all"}',
     {"id": "a", "name": 'He said "yes": that is all'}),
    (b'{"type":"topic","id":"a","name":"He said \\"yes\\":","id":"a"}', DUPLICATE_ID),
    (b'{"type":"topic","a\\":b":"c","id":"a"}', {'a":b': "c", "id": "a"}),
    (b'{"type":"topic","attributes":{"x":"1","x":"2"}}', DUPLICATE_X),
    (b'{"type":"topic","list":[{"x":"1","x":"2"}]}', DUPLICATE_X),
    (b'{"type":"topic","type":"actor"}', "'type': duplicate"),
    (b'{"type":"topic","name":"\\ud800"}', {"name": "\ud800"}),
    (b'{"type":"topic","name":"\\ud83d\\ude00 \\u00e9"}', {"name": "😀 é"}),
    (b'{"type":"topic","number":100000000000000000000}', {"number": 10**20}),
    (b'{"type":"topic","number":1E400}', {"number": float("inf")}),
    (b'{"type":"topic","number":NaN}', {"number": float("nan")}),
    (b'{"type":"topic","number":-0}', {"number": 0}),
    (b'{"type":"topic","number":0.1e1}', {"number": 1.0}),
    (b'{"type":"topic","deep":' + b"[" * 10 + b"]" * 10 + b"}",
     {"deep": [[[[[[[[[[]]]]]]]]]]}),
    (b'{"type":"topic","deep":' + b"[" * 11 + b"]" * 11 + b"}", DEEP),
    (b'{"type":"topic","deep":' + b'{"a":' * 11 + b"1" + b"}" * 11 + b"}", DEEP),
    (b'{"type":"topic","deep":' + b"[" * 2000 + b"]" * 2000 + b"}", DEEP),
    (b'{"type":"topic","name":"\xff"}', "is not UTF-8 text: invalid start byte"),
    (b'{"type":"topic"', "invalid JSON: Expecting ',' delimiter, column 16"),
    (b'{"type":"topic"}{}', "invalid JSON: Extra data, column 17"),
    (b"{}", NO_TYPE),
    (b"[]", f"[]: {NO_OBJECT}"),
    (b"[" * 10 + b"]" * 10, f"[[[[[[[[[[]]]]]]]]]]: {NO_OBJECT}"),
    (b"[" * 900 + b"]" * 900, DEEP),
    (b"null", NO_OBJECT),
    (b"17", f"17: {NO_OBJECT}"),
    (b"", None),
    (b" ", None),
    (b"\x0b{}", NO_TYPE),
]  # fmt: skip


def read_bytes(content: bytes, path: Path) -> tuple[list, list[str]]:
    """The records of a file, each with its type and line, and its problems."""
    path.write_bytes(content)
    problems = SeedProblems()
    raw_records = [*read_file(path, problems, lambda done: None)]
    assert problems.records_lost == bool(problems.kept)
    # as text: NaN does not equal itself
    records = [(raw.type, repr(raw.data), raw.line) for raw in raw_records]
    return records, [str(problem).removeprefix(f"{path}:") for problem in problems.kept]


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[str(line[:60]) for line, _ in LINES])
def test_line(line: bytes, expected: dict | str | None, tmp_path: Path):
    records, problems = read_bytes(line + b"\n" + line + b"\n", tmp_path / "lines.jsonl")
    if isinstance(expected, dict):
        assert (records, problems) == ([("topic", repr(expected), n) for n in (1, 2)], [])
    else:
        assert (records, problems) == ([], [f"{n}: {expected}" for n in (1, 2) if expected])


def test_byte_order_mark_only_in_first_line(tmp_path: Path):
    line = b'\xef\xbb\xbf{"type":"topic"}\n'
    assert read_bytes(line + line, tmp_path / "lines.jsonl") == (
        [("topic", "{}", 1)],
        ["2: invalid JSON: Expecting value, column 1"],
    )


def unique_names(pairs: list[tuple]) -> dict:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("duplicate")
    return dict(pairs)


@given(st.lists(st.sampled_from(['"a"', '"b"', '"\\":"', ":", ",", " ", "{", "}", "1"])))
def test_duplicate_names_are_refused_anywhere(parts: list[str]):
    line = f'{{"type":{"".join(parts)}}}'
    try:
        expected = json.loads(line, object_pairs_hook=unique_names)
    except ValueError:
        with pytest.raises(Unreadable):
            decode_line(line)
    else:
        assert decode_line(line) == expected


def test_usual_line():
    assert decode_line('{"type": "topic", "id": "a", "aliases": ["x"]}') == {
        "type": "topic",
        "id": "a",
        "aliases": ["x"],
    }
