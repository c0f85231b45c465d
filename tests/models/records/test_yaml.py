"""Records as YAML: our reader reads the same records back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from models.records.yaml import records_as_yaml
from seeds.problems import SeedProblems
from seeds.reader import read_file
from seeds.schemas import SCHEMAS
from tests.seeds.strategies import datasets


def read_back(text: str) -> tuple[dict[str, list[dict]], SeedProblems]:
    """The records that a seed file holds, before validation, and the problems of reading it."""
    problems = SeedProblems()
    sections: dict[str, list[dict]] = {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records.yaml"
        path.write_text(text, newline="")
        for raw in read_file(path, problems, lambda done: None):
            sections.setdefault(f"{raw.type}s", []).append(raw.data)
    return sections, problems


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(datasets())
def test_records_are_read_back_as_they_were(dataset: dict[str, list[dict]]):
    sections: dict[str, list[dict]] = {}
    for section, records in dataset.items():
        schema = SCHEMAS[section.removesuffix("s")]
        sections[section] = [
            schema.load(record) for record in records if not schema.validate(record)
        ]
    written, problems = read_back(records_as_yaml(sections))
    assert (problems.count, problems.warnings.count) == (0, 0)
    loaded = {
        section: [SCHEMAS[section.removesuffix("s")].load(record) for record in records]
        for section, records in written.items()
    }
    assert loaded == {section: records for section, records in sections.items() if records}


# (text, the line that holds it)
TEXTS = [
    ("plain words", "name: plain words"),
    ("Türkiye — 北", "name: Türkiye — 北"),
    ("NO", "name: 'NO'"),
    ("007", "name: '007'"),
    ("null", "name: 'null'"),
    ("~", "name: '~'"),
    ("true", "name: 'true'"),
    ("1e3", "name: 1e3"),
    ("1_000", "name: '1_000'"),
    ("2025-05-14", "name: '2025-05-14'"),
    ("=", "name: '='"),
    ("We are #1", "name: 'We are #1'"),
    ("a: b", "name: 'a: b'"),
    ("a:b", "name: a:b"),
    ("- a", "name: '- a'"),
    ("'quoted'", "name: '''quoted'''"),
    ('"quoted"', "name: '\"quoted\"'"),
    ("@home", "name: '@home'"),
    ("*star", "name: '*star'"),
    ("[a]", "name: '[a]'"),
    ("a\tb", 'name: "a\\tb"'),
    ("a\u2028b", 'name: "a\\Lb"'),
    ("a\u0085b", 'name: "a\\Nb"'),
    ("two\nlines", "name: |-\n      two\n      lines"),
    ("two\nlines\n", "name: |\n      two\n      lines"),
]


@pytest.mark.parametrize(("text", "line"), TEXTS, ids=[repr(text) for text, _ in TEXTS])
def test_a_text_is_quoted_where_a_reader_needs_it(text: str, line: str):
    records = [{"id": "a", "name": text}]
    written = records_as_yaml({"actors": records})
    assert written == f"actors:\n  - id: a\n    {line}\n"
    assert read_back(written)[0] == {"actors": records}
    assert yaml.safe_load(written) == {"actors": records}


def test_records_look_like_those_of_a_seed_file():
    claim: dict[str, Any] = {
        "id": "a",
        "text": "A claim of several words that is longer than one line of a hundred characters, "
        "and so it is folded.",
        "date": "2025-05-14",
        "topics": ["defence", "007"],
        "reports": [{"source": "s", "start": 3}, {"source": "t"}],
        "reviews": [{"organization": "o", "date": "2025", "rating": "2025"}],
        "attributes": {"party": "NO"},
    }
    assert records_as_yaml({"claims": [claim]}) == (
        "claims:\n"
        "  - id: a\n"
        "    text: A claim of several words that is longer than one line of a hundred characters,"
        " and so it is\n"
        "      folded.\n"
        "    date: 2025-05-14\n"
        "    topics:\n"
        "      - defence\n"
        "      - '007'\n"
        "    reports:\n"
        "      - source: s\n"
        "        start: 3\n"
        "      - source: t\n"
        "    reviews:\n"
        "      - organization: o\n"
        "        date: 2025\n"
        "        rating: '2025'\n"
        "    attributes:\n"
        "      party: 'NO'\n"
    )
