"""Control characters: each is told with its record, and can be replaced."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from seeds import staging
from seeds.formats.bounded_file import BoundedFile
from seeds.formats.yaml_text import YamlText
from tests.seeds.build import exported

# as a file has them, raw or by an escape; NEL and line ends are no control characters
CONTROL = [code for code in (*range(32), 127) if chr(code) not in "\t\n\r"]


def yaml_file(text: str) -> str:
    return f"actors:\n- id: a\n  name: A\n  aliases:\n  - x{text}y\n"


def quoted_yaml_file(text: str) -> str:
    return f'actors:\n- id: a\n  name: A\n  aliases:\n  - "x{text}y"\n'


def block_yaml_file(text: str) -> str:
    return f"actors:\n- id: a\n  name: A\n  aliases:\n  - |\n    x{text}y\n"


def json_file(text: str) -> str:
    return f'{{"actors": [{{"id": "a", "name": "A", "aliases": ["x{text}y"]}}]}}'


def lines_file(text: str) -> str:
    return f'{{"type": "actor", "id": "a", "name": "A", "aliases": ["x{text}y"]}}\n'


def escape(code: int) -> str:
    return f"\\u{code:04x}"


WAYS = [
    ("plain YAML", "a.yaml", ":5", yaml_file, chr),
    ("quoted YAML", "a.yaml", ":5", quoted_yaml_file, chr),
    ("an escape in YAML", "a.yaml", ":5", quoted_yaml_file, escape),
    ("raw JSON", "a.json", "", json_file, chr),
    ("an escape in JSON", "a.json", "", json_file, escape),
    ("raw JSON Lines", "a.jsonl", ":1", lines_file, chr),
    ("an escape in JSON Lines", "a.jsonl", ":1", lines_file, escape),
]
ways = pytest.mark.parametrize(
    ("name", "line", "file", "written"), [way[1:] for way in WAYS], ids=[way[0] for way in WAYS]
)


@ways
@pytest.mark.parametrize("code", [0, 7, 0x0B, 0x1B, 0x7F], ids=hex)
def test_a_control_character_is_told_with_its_record(
    write, refused, name, line, file, written, code
):
    value = f"x{chr(code)}y"
    assert refused(write(name, file(written(code)))) == [
        f"{name}{line}: actor a: aliases.0: {value!r}: has the control character U+{code:04X}:"
        " remove it, or use --replace-control"
    ]


@ways
def test_a_space_replaces_a_control_character(write, load_paths, name, line, file, written):
    text = "y x".join(map(written, CONTROL))
    load_paths(write(name, file(text)), replace_control=True)
    (record,) = exported()
    assert record["aliases"] == [" ".join(["x y"] * len(CONTROL))]


def test_every_control_character_of_a_file_is_told(write, refused):
    text = "actors:\n- id: a\n  name: A\a\n  role\x01: b\n- id: b\n  name: B\n  url: \x02\n"
    assert refused(write("a.yaml", text)) == [
        "a.yaml:3: actor a: name: 'A\\x07': has the control character U+0007:"
        " remove it, or use --replace-control",
        "a.yaml:4: actor a: role\\x01: 'b': unknown field; did you mean 'url'?",
        "a.yaml:7: actor b: url: '\\x02': has the control character U+0002:"
        " remove it, or use --replace-control",
    ]


# a file, and the names of its actors with spaces for control characters
REPLACED = [
    ("a.yaml", "actors:\n- {id: a, name: A\x01B}\n# \x02\n", ["A B"]),
    ("a.yaml", block_yaml_file("\x00").replace("  aliases:\n  - ", "  description: "), ["A"]),
    ("a.yaml", "actors:\n- {id: a, name: A\x80\x9fB\ufffe}\n", ["A\x80\x9fB\ufffe"]),
    ("a.yaml", "actors:\n- {id: a, name: A\ufdd0\U0010ffff}\n", ["A\ufdd0\U0010ffff"]),
    ("a.json", '{"actors": [{"id": "a", "name": "A\x80\x9fB"}]}', ["A\x80\x9fB"]),
    ("a.json", '{"actors": [{"id": "a", "name": "\\ud83d\\ude00\\u0000b"}]}', ["\U0001f600 b"]),
    ("a.jsonl", '{"type": "actor", "id": "a", "name": "A\\tB\\u0007C"}', ["A\tB C"]),
]


@pytest.mark.parametrize(("name", "text", "expected"), REPLACED, ids=ascii)
def test_replaced_texts(write, load_paths, name, text, expected):
    load_paths(write(name, text), replace_control=True)
    assert [record["name"] for record in exported()] == expected


def test_characters_that_the_yaml_parser_refuses_are_text(write, load_paths):
    load_paths(write("a.yaml", "actors:\n- {id: a, name: A\x80\x9fB\ufffe\uffff}\n"))
    assert [record["name"] for record in exported()] == ["A\x80\x9fB\ufffe\uffff"]


def test_names_of_attributes_are_replaced_too(write, load_paths):
    attributes = {"a\0b": "x\0y", "c": "d"}
    record = {"id": "a", "name": "A", "attributes": attributes}
    load_paths(write("a.json", {"actors": [record]}), replace_control=True)
    assert exported()[0]["attributes"] == {"a b": "x y", "c": "d"}


def test_names_that_would_become_equal_are_refused(write, refused):
    attributes = {"a\0b": "x", "a b": "y"}
    path = write("a.json", {"actors": [{"id": "a", "name": "A", "attributes": attributes}]})
    (error,) = refused(path, replace_control=True)
    assert "has the control character U+0000" in error


def test_replaced_characters_alone_are_empty(write, refused):
    path = write("a.json", {"actors": [{"id": "a", "name": "\0\a"}]})
    assert refused(path, replace_control=True) == [
        "a.json: actor a: name: '  ': is empty: leave the field out"
    ]


def test_utf_16(write, load_paths):
    load_paths(write("a.yaml", "actors:\n- {id: a, name: Şahin}\n".encode("utf-16")))
    assert [record["name"] for record in exported()] == ["Şahin"]


@pytest.mark.parametrize("size", [*range(1, 9), 100])
def test_characters_may_be_cut_between_two_reads(size: int, tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffa: é\x00€\x80\U0001f600\n".encode())
    with path.open("rb") as file:
        text = YamlText(BoundedFile(file, lambda done: None))
        parts = iter(lambda: text.read(size), "")
        assert text.original("".join(parts)) == "a: é\x00€\x80\U0001f600\n"


def test_records_before_an_invalid_byte_are_checked(write, refused):
    path = write("a.yaml", b"actors:\n- {id: a, nmae: A, name: A}\n- {id: b, name: \xff}\n")
    assert refused(path) == [
        "a.yaml:2: actor a: nmae: 'A': unknown field; did you mean 'name'?",
        "a.yaml:3: is not UTF-8 text: invalid start byte",
    ]


def test_several_processes_replace_control_characters(
    write: Callable, load_paths: Callable, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(staging, "reader_count", lambda paths: 2)
    lines = [json.dumps({"type": "actor", "id": f"a{n}", "name": f"A\0{n}"}) for n in range(50)]
    load_paths(write("a.jsonl", "\n".join(lines)), replace_control=True)
    assert [record["name"] for record in exported()] == [f"A {n}" for n in range(50)]
