"""JSON Lines: how each line is decoded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.dataset import read_dataset
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


def topics(*ids: str) -> str:
    return "".join(f'{{"type":"topic","id":"{id}","name":"{id}"}}\n' for id in ids)


def end(records: object) -> str:
    return json.dumps({"type": "end", "records": records, "dataset": "0912581c9c4cf0b3-1"}) + "\n"


# files that are whole
WHOLE = {
    "at the end": topics("a", "b") + end(2),
    "no record": end(0),
    "after no record": end(0) + topics("a", "b"),
    "in the middle": topics("a") + end(1) + topics("b"),
    "twice": topics("a", "b") + end(2) + end(0),
    "two exports": topics("a") + end(1) + topics("b") + end(1),
    "blank lines": "\n" + topics("a") + "\n\n" + end(1) + "\n",
    "other fields, another order": topics("a") + '{"records": 1, "type": "end"}',
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_end_lines_are_no_records(write, load_paths, text):
    without = "".join(line for line in text.splitlines(True) if '"end"' not in line)
    plan = load_paths(write("a.jsonl", text))
    assert plan.added.count == text.count('"topic"')
    digest = read_dataset().digest
    for content in (without, text):
        plan = load_paths(write("a.jsonl", content), prune=True)
        assert (plan.changes, read_dataset().digest) == (0, digest)


CUT = "the file was cut or edited; export it again, or remove the end line"
NO_END_LINE = 'an end line is {"type": "end", "records": number, "dataset": name}'
# files that are not whole, and their problems
NOT_WHOLE = {
    "one record less": (
        topics("a", "b", "c") + end(4),
        [f"a.jsonl:4: number of records before this end line: 3, but it says 4: {CUT}"],
    ),
    "one record more": (
        topics("a") + end(0),
        [f"a.jsonl:2: number of records before this end line: 1, but it says 0: {CUT}"],
    ),
    "cut at the start": (
        end(1),
        [f"a.jsonl:1: number of records before this end line: 0, but it says 1: {CUT}"],
    ),
    "since the last end line": (
        topics("a") + end(1) + topics("b") + end(2) + end(0),
        [f"a.jsonl:4: number of records before this end line: 1, but it says 2: {CUT}"],
    ),
    "both": (
        topics("a") + end(2) + topics("b") + end(3),
        [
            f"a.jsonl:2: number of records before this end line: 1, but it says 2: {CUT}",
            f"a.jsonl:4: number of records before this end line: 1, but it says 3: {CUT}",
        ],
    ),
    "no number": (topics("a") + end("1"), [f"a.jsonl:2: {NO_END_LINE}"]),
    "true": (topics("a") + end(True), [f"a.jsonl:2: {NO_END_LINE}"]),
    "an id": (topics("a") + '{"type":"end","records":1,"id":"a"}', [f"a.jsonl:2: {NO_END_LINE}"]),
    "an unreadable record counts": (
        topics("a") + '{"type":"topic"\n' + end(2),
        ["a.jsonl:2: invalid JSON: Expecting ',' delimiter, column 16"],
    ),
    "an invalid record counts": (
        topics("a") + '{"type":"topic","id":"b"}\n' + end(2),
        ["a.jsonl:2: topic b: name: is missing"],
    ),
}


@pytest.mark.parametrize(("text", "problems"), NOT_WHOLE.values(), ids=NOT_WHOLE)
def test_a_file_that_was_cut_is_refused(write, refused, text, problems):
    assert refused(write("a.jsonl", text)) == problems


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
