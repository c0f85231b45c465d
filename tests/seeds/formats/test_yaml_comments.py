"""YAML's comments: a warning where one seems to be a part of the text."""

from __future__ import annotations

import json

import pytest
import yaml

from seeds.formats import yaml as yaml_format
from seeds.formats import yaml_text
from seeds.problems import SeedProblems
from seeds.reader import read_file

CUT = "YAML takes the rest for a comment: put the text in quotes to keep"

# what follows `description: `, its value and what a warning says is cut off
VALUES = [
    ("We are #1", "We are", "#1"),
    ("We are #1 in the world", "We are", "#1 in the world"),
    ("#MeToo", None, "#MeToo"),
    ("  #MeToo", None, "#MeToo"),
    ("Vote   #1", "Vote", "#1"),
    ("We are # 1", "We are", "# 1"),
    ("state #note", "state", "#note"),
    ("We are ##1", "We are", "##1"),
    ("We are #", "We are", None),
    ("We are ####", "We are", None),
    ("state # a note", "state", None),
    ("state  # a note", "state", None),
    ("We are  # a note", "We are", None),
    ("# a note", None, None),
    ("C#", "C#", None),
    ("a#1 b", "a#1 b", None),
    ("'We are #1'", "We are #1", None),
    ('"We are" #1', "We are", None),
    ("|\n    We are #1", "We are #1\n", None),
    (">- #1\n    We are #1", "We are #1", None),
    ("We\n    are #1", "We are", "#1"),
    ("We\n    are\n  # a note", "We are", None),
    ("We are #1 of " + "x" * 300, "We are", "#1 of " + "x" * 300),
]


@pytest.fixture(params=["C", "Python"])
def parser(request, monkeypatch):
    if request.param == "Python":
        monkeypatch.setattr(yaml_format, "LOADER", yaml.BaseLoader)


def warned(problems: SeedProblems) -> list[str]:
    assert problems.count == 0
    return [str(warning) for warning in problems.warnings.kept]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("before", ["", "\ufeff# ü 🕊\r\n---\n"], ids=["", "other characters"])
@pytest.mark.parametrize(("written", "value", "cut"), VALUES, ids=[case[0][:40] for case in VALUES])
def test_values(write, written, value, cut, before):
    text = f"{before}actors:\n- id: a\n  description: {written}\n  name: A  # a note\n"
    path = write("a.yaml", text)
    problems = SeedProblems()
    (raw,) = read_file(path, problems, lambda done: None)
    assert raw.data == {"id": "a", "description": value, "name": "A"}
    line = 3 + 2 * bool(before)
    shown = "" if value is None else f"{value!r}: "
    rest = repr(cut) if cut is None or len(cut) < 78 else f"{cut!r}"[:77] + "…"
    expected = [f"{path}:{line}: actor a: description: {shown}{CUT} {rest}"] if cut else []
    assert warned(problems) == expected


def test_a_warning_names_the_field_of_a_list(write):
    text = "claims:\n- reports:\n  - {source: s}\n  - source: t\n    exact: We are #1\n  id: c\n"
    path = write("a.yaml", text)
    problems = SeedProblems()
    list(read_file(path, problems, lambda done: None))
    assert warned(problems) == [f"{path}:5: claim c: reports.1.exact: 'We are': {CUT} '#1'"]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("part", [1, 2, 7, 64, 1000])
def test_a_comment_may_be_cut_between_two_reads(write, monkeypatch, part):
    monkeypatch.setattr(yaml_text, "PART_BYTES", part)
    records = "".join(f"- id: a{n}\n  name: Ünal {n} #{n}\n  url: x  # y\n" for n in range(50))
    problems = SeedProblems()
    read_part = yaml_text.YamlText.read_part
    monkeypatch.setattr(
        yaml_text.YamlText, "read_part", lambda self, size: read_part(self, min(size, part))
    )
    problems.warnings.max_of_kind = 100
    list(read_file(write("a.yaml", f"actors:\n{records}"), problems, lambda done: None))
    details = [warning.detail for warning in problems.warnings.kept]
    assert details == [f"'#{n}'" for n in range(50)]


def test_a_long_file_without_plain_scalars_has_a_comment_at_its_end(write):
    actors = [{"id": f"a{n}", "name": "x" * 100} for n in range(2000)]
    text = json.dumps({"actors": actors}, indent=0)[:-1] + ',\n"topics": [{name: We are #1\n}]}'
    problems = SeedProblems()
    list(read_file(write("a.yaml", text), problems, lambda done: None))
    assert [warning.detail for warning in problems.warnings.kept] == ["'#1'"]


def test_an_invalid_byte_soon_after_a_value(write, refused):
    text = b"actors:\n- {id: a, nmae: A}\n- id: b\n  name: We are #1\n# \xff\n"
    assert refused(write("a.yaml", text)) == [
        "a.yaml:2: actor a: nmae: 'A': unknown field; did you mean 'name'?",
        "a.yaml:2: actor a: name: is missing",
        "a.yaml:5: is not UTF-8 text: invalid start byte",
    ]
