"""Records in YAML, and as every format has them."""

from __future__ import annotations

from pathlib import Path

from seeds.problems import SeedProblems
from seeds.raw_record import RawRecord
from seeds.reader import read_file

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


def raw_records(path: Path) -> list[RawRecord]:
    """The raw records of a file that has no problems."""
    problems = SeedProblems()
    records = list(read_file(path, problems, lambda done: None))
    assert problems.count == 0
    return records
