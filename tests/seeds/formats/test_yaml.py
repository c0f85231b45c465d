"""YAML: plain scalars, documents, sections and line numbers."""

from __future__ import annotations

import pytest

from tests.seeds.build import exported
from tests.seeds.formats.examples import YAML, raw_records

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


@pytest.mark.parametrize(
    ("written", "value"), SCALARS, ids=[written or "empty" for written, _ in SCALARS]
)
def test_scalars_are_text_or_absent(write, load_paths, written, value):
    load_paths(write("a.yaml", f"actors:\n- id: a\n  name: A\n  description: {written}\n"))
    assert exported() == [
        {
            "type": "actor",
            "id": "a",
            "name": "A",
            "kind": "person",
            **({"description": value} if value else {}),
        }
    ]


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
    ("text", "expected"), [case[1:] for case in DOCUMENTS], ids=[case[0] for case in DOCUMENTS]
)
def test_documents_and_sections(write, load_paths, text, expected):
    load_paths(write("a.yaml", text))
    assert [line["id"] for line in exported()] == list(expected)


def test_each_field_has_its_line(write):
    (raw,) = raw_records(write("a.yaml", YAML[YAML.index("claims:") :]))
    assert raw.line == 2
    assert raw.lines == {
        ("id",): 2,
        ("text",): 3,
        ("actor",): 4,
        ("date",): 5,
        ("reports",): 6,
        ("reports", 0): 7,
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
        (("reports", 0), 7),
        (("reports", 0, "prefix"), 7),
        (("reports", 1), 6),
        (("event",), 2),
        ((), 2),
    ],
    ids=str,
)
def test_a_field_without_a_line_has_that_of_the_next_outer_field(write, path, line):
    (raw,) = raw_records(write("a.yaml", YAML[YAML.index("claims:") :]))
    assert raw.place(path).line == line
