"""The same records in every format."""

from __future__ import annotations

import json

import pytest

from models.dataset import read_dataset
from seeds.problems import SeedProblems
from seeds.reader import read_file
from tests.seeds.build import as_lines, digest_of, everything, exported, lines_of
from tests.seeds.formats.examples import RECORDS, YAML, raw_records

ALL = everything()

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
    assert read_dataset().digest == digest_of(lines_of(RECORDS))


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize(("name", "text"), FORMATS[:1] + FORMATS[3:6:2], ids=["yaml", "json", "l"])
def test_windows_text(write, load_paths, mark, name, text):
    load_paths(write(name, (mark + text).replace("\n", "\r\n")))
    assert exported() == lines_of(RECORDS)


def test_all_fields_of_all_types(write, load_paths):
    load_paths(write("all.json", ALL))
    assert exported() == lines_of(ALL)
    assert read_dataset().digest == digest_of(lines_of(ALL))


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
    assert [line["date"] for line in exported()] == [date]


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


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("a.yaml", "actors:\n- id: a\n- name: B\n", [":2: actor a", ":3: actor number 2"]),
        ("a.json", '{"actors": [{"id": "a"}, {}]}', [": actor a", ": actor number 2"]),
        ("a.jsonl", '{"type":"actor","id":"a"}\n\n{"type":"actor"}', [":1: actor a", ":3: actor"]),
    ],
)
def test_a_record_has_its_place(write, name, text, places):
    path = write(name, text)
    assert [str(raw.place()) for raw in raw_records(path)] == [f"{path}{place}" for place in places]


@pytest.mark.parametrize(
    "name", ["seeds.yaml", "seeds.json", "seeds.jsonl"], ids=["yaml", "json", "jsonl"]
)
def test_progress_adds_up_to_the_size(write, name):
    path = write(name, dict(FORMATS)[name])
    done: list[int] = []
    assert len(list(read_file(path, SeedProblems(), done.append))) == 5
    assert sum(done) == path.stat().st_size
