"""Seed files that must be refused: what is said of them, and that nothing changes."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable

import peewee
import pytest

from models.database.connection import database
from seeds import reader
from seeds.problems import Refused
from tests.engines import on_sqlite
from tests.seeds.build import (
    Sections,
    actor,
    claim,
    event,
    organization,
    small,
    source,
    state,
    topic,
)

SECTIONS = "organizations, actors, topics, positions, events, sources, claims"
TYPES = "organization, actor, topic, position, event, source, claim"
SUFFIXES = ".yaml, .yml, .json, .jsonl"
TOO_LARGE = "is larger than 64 MB: split it, or write JSON Lines"


@pytest.fixture
def held() -> Sections:
    return small()


def lines(*records: dict) -> str:
    return "\n".join(map(json.dumps, records))


BROKEN = [
    (
        "broken YAML",
        {"a.yaml": "actors:\n- id: a\n  name: A\n  url: [\n"},
        ["a.yaml:5: broken YAML: "],
    ),
    (
        "a tab in YAML",
        {"a.yaml": "actors:\n\t- id: a\n"},
        ["a.yaml:2: broken YAML: "],
    ),
    (
        "an unknown escape in YAML",
        {"a.yaml": 'actors:\n- id: a\n  name: "\\q"\n'},
        ["a.yaml:3: broken YAML: "],
    ),
    (
        "half a pair of surrogates in YAML",
        {"a.yaml": 'actors:\n- id: a\n  name: "\\ud83d"\n'},
        ["a.yaml:3: broken YAML: "],
    ),
    (
        "broken JSON",
        {"a.json": '{"actors": [\n{"id": "a",}\n]}'},
        ["a.json:2: broken JSON: "],
    ),
    (
        "no JSON at all",
        {"a.json": ""},
        ["a.json:1: broken JSON: Expecting value, column 1"],
    ),
    (
        "broken lines",
        {"a.jsonl": '{"type": "actor", \n\n{"type": "actor", "id": "a", "name": "A"}\n{]'},
        [
            "a.jsonl:1: broken JSON: ",
            "a.jsonl:4: broken JSON: ",
        ],
    ),
    (
        "bytes that are no UTF-8 in YAML",
        {"a.yaml": b"actors:\n- id: a\n  name: \xff\n"},
        ["a.yaml:3: is not UTF-8 text: invalid leading UTF-8 octet"],
    ),
    (
        "bytes that are no UTF-8 in JSON",
        {"a.json": b'{"actors": [\n{"id": "a", "name": "\xff"}]}'},
        ["a.json:2: is not UTF-8 text: invalid start byte"],
    ),
    (
        "bytes that are no UTF-8 in JSON Lines",
        {"a.jsonl": b'\n{"type": "actor", "id": "a", "name": "\xff"}\n'},
        ["a.jsonl:2: is not UTF-8 text: invalid start byte"],
    ),
    (
        "a picture as YAML",
        {"a.yaml": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"},
        ["a.yaml:1: is not UTF-8 text: invalid leading UTF-8 octet"],
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
        "a raw NUL in YAML",
        {"a.yaml": b"actors:\n- id: a\n  name: \x00\n"},
        ["a.yaml:3: is not UTF-8 text: control characters are not allowed"],
    ),
    (
        "a YAML list",
        {"a.yaml": "- id: a\n"},
        [f"a.yaml:1: must be sections: {SECTIONS}"],
    ),
    (
        "a YAML text in the second document",
        {"a.yaml": "actors: []\n---\nactors\n"},
        [f"a.yaml:3: must be sections: {SECTIONS}"],
    ),
    (
        "a JSON list",
        {"a.json": "[]"},
        [f"a.json: must be an object with sections: {SECTIONS}"],
    ),
    (
        "a section that is no list",
        {"a.yaml": "topics: []\nactors: {id: a}\n"},
        ["a.yaml:2: 'actors': must be a list of records"],
    ),
    (
        "a section of JSON that is no list",
        {"a.json": '{"actors": {"id": "a"}}'},
        ["a.json: 'actors': must be a list of records"],
    ),
    (
        "an unknown section",
        {"a.yaml": "\nactor:\n- id: a\n  name: A\n"},
        [f"a.yaml:2: 'actor': is no section: {SECTIONS}; did you mean 'actors'?"],
    ),
    (
        "an unknown section of JSON",
        {"a.json": '{"claims ": [], "foo": []}'},
        [
            f"a.json: 'claims ': is no section: {SECTIONS}; did you mean 'claims'?",
            f"a.json: 'foo': is no section: {SECTIONS}",
        ],
    ),
    (
        "an unknown type",
        {"a.jsonl": lines({"type": "actors", "id": "a"}, {"type": 5}, {"type": None})},
        [
            f"a.jsonl:1: 'actors': is no type: {TYPES}; did you mean 'actor'?",
            f"a.jsonl:2: 5: is no type: {TYPES}",
            f"a.jsonl:3: is no type: {TYPES}",
        ],
    ),
    (
        "no type",
        {"a.jsonl": lines({"id": "a"})},
        [f"a.jsonl:1: has no type: {TYPES}"],
    ),
    (
        "lines that are no objects",
        {"a.jsonl": '[1]\n"x"\n7\n'},
        [
            "a.jsonl:1: [1]: must be an object with a type and fields",
            "a.jsonl:2: 'x': must be an object with a type and fields",
            "a.jsonl:3: 7: must be an object with a type and fields",
        ],
    ),
    (
        "records that are no objects",
        {"a.yaml": "actors:\n- a\n- [b]\n-\n"},
        [
            "a.yaml:2: actor number 1: must be an object with fields",
            "a.yaml:3: actor number 2: must be an object with fields",
            "a.yaml:4: actor number 3: must be an object with fields",
        ],
    ),
    (
        "claims that are no objects",
        {"a.json": '{"claims": ["x", 5, null]}'},
        [
            "a.json: claim number 1: must be an object with fields",
            "a.json: claim number 2: must be an object with fields",
            "a.json: claim number 3: must be an object with fields",
        ],
    ),
    (
        "a doubled key in YAML",
        {"a.yaml": "actors:\n- id: a\n  name: A\n  name: B\n"},
        ["a.yaml:4: 'name': stands there twice"],
    ),
    (
        "a doubled section in YAML",
        {"a.yaml": "actors: []\ntopics: []\nactors: []\n"},
        ["a.yaml:3: 'actors': stands there twice"],
    ),
    (
        "a doubled key inside, in YAML",
        {"a.yaml": "actors:\n- id: a\n  name: A\n  attributes:\n    x: a\n    'x': b\n"},
        ["a.yaml:6: 'x': stands there twice"],
    ),
    (
        "a doubled key in JSON",
        {"a.json": '{"actors": [{"id": "a", "name": "A", "name": "B"}]}'},
        ["a.json: actor a: 'name': stands there twice"],
    ),
    (
        "a doubled section in JSON",
        {"a.json": '{"actors": [], "actors": []}'},
        ["a.json: 'actors': stands there twice"],
    ),
    (
        "a doubled key inside, in JSON Lines",
        {
            "a.jsonl": '\n{"type":"claim","id":"a","text":"t","actor":"ann",'
            '"reports":[{"source":"news","source":"news"}]}'
        },
        ["a.jsonl:2: 'source': stands there twice"],
    ),
    (
        "a key that is no text",
        {"a.yaml": "actors:\n- id: a\n  ? [x]\n  : y\n"},
        ["a.yaml:3: a field's name must be text"],
    ),
    (
        "a tag",
        {"a.yaml": "actors:\n- id: a\n  name: !!python/object/apply:os.system [ls]\n"},
        [
            "a.yaml:3: 'tag:yaml.org,2002:python/object/apply:os.system': tags are not taken",
        ],
    ),
    (
        "an alias",
        {"a.yaml": "actors:\n- &x {id: a, name: A}\n- *x\n"},
        ["a.yaml:3: 'x': aliases are not taken: write the value out"],
    ),
    (
        "a merge key",
        {"a.yaml": "actors:\n- &x {id: a, name: A}\n- <<: *x\n  id: b\n"},
        ["a.yaml:3: 'x': aliases are not taken: write the value out"],
    ),
    (
        "a YAML bomb",
        {
            "a.yaml": "actors:\n- id: a\n  name: A\n  aliases:\n  - &a0 [x, x]\n"
            + "".join(f"  - &a{n + 1} [*a{n}, *a{n}]\n" for n in range(60))
        },
        ["a.yaml:6: 'a0': aliases are not taken: write the value out"],
    ),
    (
        "a YAML value that holds itself",
        {"a.yaml": "actors:\n- &x\n  id: a\n  name: *x\n"},
        ["a.yaml:4: 'x': aliases are not taken: write the value out"],
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
        [f"a.yaml:1: must be sections: {SECTIONS}"],
    ),
    (
        "50,000 brackets in JSON",
        {"a.json": '{"actors": [{"name": ' + "[" * 50_000},
        ["a.json: nested too deeply"],
    ),
    (
        "50,000 brackets in JSON Lines",
        {"a.jsonl": lines(actor("a", type="actor"), {}) + "\n" + "[" * 50_000},
        [f"a.jsonl:2: has no type: {TYPES}", "a.jsonl:3: nested too deeply"],
    ),
    (
        "a huge number",
        {"a.jsonl": '{"type": "claim", "id": ' + "9" * 5000 + "}"},
        ["a.jsonl:1: broken JSON: Exceeds the limit (4300 digits)"],
    ),
    (
        "a line of 2 MB",
        {"a.jsonl": "x" * 2_000_000 + "\n" + lines({"type": "actr"}) + "\n" + "y" * 2_000_000},
        [
            "a.jsonl:1: is longer than 1,000,000 bytes",
            f"a.jsonl:2: 'actr': is no type: {TYPES}; did you mean 'actor'?",
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
        [f"a.txt: is none of {SUFFIXES}"],
    ),
    (
        "a suffix in capitals",
        {"a.YAML": "actors: []"},
        [f"a.YAML: is none of {SUFFIXES}"],
    ),
    (
        "no suffix",
        {"actors": "actors: []"},
        [f"actors: is none of {SUFFIXES}"],
    ),
]


@pytest.mark.parametrize(
    ("files", "expected"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN]
)
def test_files_that_cannot_be_read(write, refused, files, expected):
    errors = refused(*(write(name, content) for name, content in files.items()))
    assert [error[: len(one)] for error, one in zip(errors, expected, strict=True)] == expected


@pytest.mark.parametrize("depth", [12, 300, 900, 5_000])
@pytest.mark.parametrize("suffix", ["yaml", "json", "jsonl"])
def test_any_depth_is_an_error_and_no_crash(write, refused, suffix, depth):
    deep = "[" * depth + "]" * depth
    text = {
        "yaml": f"actors: [{{id: a, name: {deep}}}]",
        "json": f'{{"actors": [{{"id": "a", "name": {deep}}}]}}',
        "jsonl": f'{{"type": "actor", "id": "a", "name": {deep}}}',
    }[suffix]
    (error,) = refused(write(f"a.{suffix}", text))
    assert error.endswith(("nested too deeply", "actor a: name: must be text"))


YAML = """\
actors:
- id: bob
  name: Bob
claims:
- id: one
  text: One
  actor: %(actor)s
  date: %(date)s
  reports:
  - source: news
    exact: >-
      %(exact)s
    start: %(start)s
    %(extra)s
"""
RIGHT = {
    "actor": "bob",
    "date": "2025-05-14",
    "exact": "we must act",
    "start": "10",
    "extra": "attribution: direct",
}
DANGLING = "there is no actor with this id"
NOT_IN_TEXT = "does not stand in the source's text"

IN_YAML = [
    (
        {"actor": "boob"},
        f"a.yaml:7: claim one: actor: 'boob': {DANGLING}; did you mean 'bob'?",
    ),
    ({"actor": "zzzz-9"}, f"a.yaml:7: claim one: actor: 'zzzz-9': {DANGLING}"),
    (
        {"actor": "an-n"},
        f"a.yaml:7: claim one: actor: 'an-n': {DANGLING}; did you mean 'ann'?",
    ),
    (
        {"actor": "null"},
        "a.yaml:5: claim one: has no claimant: give an actor, an organization, or both",
    ),
    (
        {"date": "2025-02-30"},
        "a.yaml:8: claim one: date: '2025-02-30': no such day in the calendar",
    ),
    (
        {"date": "yesterday"},
        "a.yaml:8: claim one: date: 'yesterday': not a date: write 2025, 2025-05 or 2025-05-14",
    ),
    (
        {"exact": "we must wait", "start": ""},
        f"a.yaml:11: claim one: reports.0.exact: 'we must wait': {NOT_IN_TEXT}",
    ),
    (
        {"start": "9"},
        "a.yaml:11: claim one: reports.0.exact: 'we must act':"
        " does not stand at 9 in the source's text; it stands at 10",
    ),
    (
        {"start": "0", "exact": "we must wait"},
        "a.yaml:11: claim one: reports.0.exact: 'we must wait':"
        " does not stand at 0 in the source's text",
    ),
    (
        {"start": "4000000"},
        "a.yaml:11: claim one: reports.0.exact: 'we must act':"
        " does not stand at 4000000 in the source's text; it stands at 10",
    ),
    (
        {"start": "-1"},
        "a.yaml:13: claim one: reports.0.start: '-1': is no whole number from 0 on",
    ),
    (
        {"extra": "end: 20"},
        "a.yaml:14: claim one: reports.0.end: '20': is not start 10 plus the 11 characters",
    ),
    (
        {"extra": "extact: x"},
        "a.yaml:14: claim one: reports.0.extact: 'x': is no field here; did you mean 'exact'?",
    ),
    (
        {"extra": "attribution: direkt"},
        "a.yaml:14: claim one: reports.0.attribution: 'direkt':"
        " is none of direct, indirect, mixed; did you mean 'direct'?",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    IN_YAML,
    ids=[" ".join(map("=".join, one[0].items())) for one in IN_YAML],
)
def test_an_error_names_file_line_field_and_value(write, refused, fields, expected):
    assert refused(write("a.yaml", YAML % (RIGHT | fields))) == [expected]


def test_the_right_record_is_loaded(write, load_paths):
    assert load_paths(write("a.yaml", YAML % RIGHT)).added.first == ["actor bob", "claim one"]


REPORT = {"source": "news"}
WRONG = [
    ("a doubled id", {"actors": [actor("x"), actor("x")]}, [
        "a.json: actor x: id: 'x': has the id of the actor in a.json"]),
    ("an id three times", {"actors": [actor("x"), actor("x", name="X"), actor("x")]}, [
        "a.json: actor x: id: 'x': has the id of the actor in a.json",
        "a.json: actor x: id: 'x': has the id of the actor in a.json"]),
    ("a field too many", {"actors": [actor("x", nmae="y")]}, [
        "a.json: actor x: nmae: 'y': is no field here; did you mean 'name'?"]),
    ("a field of another type", {"topics": [topic("x", country="NO")]}, [
        "a.json: topic x: country: 'NO': is no field here"]),
    ("an unknown field inside", {"events": [event("x", participants=[{"actr": "ann"}])]}, [
        "a.json: event x: participants.0.actr: 'ann': is no field here; did you mean 'actor'?",
        "a.json: event x: participants.0: must name either an actor or an organization"]),
    ("an end before its start", {"events": [event("x", end_date="2024-12-31")]}, [
        "a.json: event x: end_date: '2024-12-31': is before start_date 2025"]),
    ("a membership's end before its start", {"actors": [actor("x", memberships=[
        {"organization": "nato", "start_date": "2025-05", "end_date": "2025-04-30"}])]}, [
        "a.json: actor x: memberships.0.end_date: '2025-04-30': is before start_date 2025-05"]),
    ("a country by name", {"organizations": [organization("x", country="Norway")]}, [
        "a.json: organization x: country: 'Norway':"
        " is no ISO 3166-1 alpha-2 code, such as TR or NO"]),
    ("an id of another form", {"actors": [actor("Ann Şahin")]}, [
        "a.json: actor Ann Şahin: id: 'Ann Şahin':"
        " is no id: small letters a-z and digits, with single hyphens"]),
    ("no id", {"actors": [{"name": "x"}]}, ["a.json: actor number 1: id: is missing"]),
    ("a lone surrogate", {"actors": [actor("x", name="\ud83d")]}, [
        "a.json: actor x: name: '\\ud83d': holds the character U+D83D, which is no text"]),
    ("a NUL", {"actors": [actor("x", name="a\0b")]}, [
        "a.json: actor x: name: 'a\\x00b': holds the character U+0000, which is no text"]),
    ("a NUL in an attribute", {"actors": [actor("x", attributes={"a": "\0"})]}, [
        "a.json: actor x: attributes.a: '\\x00': holds the character U+0000, which is no text"]),
    ("what marshmallow calls a whole object", {"actors": [actor("x", _schema=1)]}, [
        "a.json: actor x: _schema: 1: is no field here"]),
    ("the same inside", {"claims": [claim("x", reports=[{"source": "said", "_schema": 1}])]}, [
        "a.json: claim x: reports.0._schema: 1: is no field here"]),
    ("an attribute of that name", {"actors": [actor("x", attributes={"_schema": 5})]}, [
        "a.json: actor x: attributes._schema: 5: must be text"]),
    ("fields that are none", {"actors": [actor("x", url="x", ww=1, zz=2, qq=3)]}, [
        "a.json: actor x: qq: 3: is no field here",
        "a.json: actor x: ww: 1: is no field here",
        "a.json: actor x: zz: 2: is no field here",
        "a.json: actor x: url: 'x': is no web address: it starts with http:// or https://"]),
    ("a former id that is no text", {"actors": [actor("x", former_ids=["\ud800", "a\0"])]}, [
        "a.json: actor x: former_ids.0: '\\ud800': holds the character U+D800, which is no text",
        "a.json: actor x: former_ids.1: 'a\\x00': holds the character U+0000, which is no text"]),
    ("a wrong one among aliases", {"actors": [actor("x", aliases=["a", 5, "a"])]}, [
        "a.json: actor x: aliases.1: 5: must be text"]),
    ("two that are wrong in what tells them apart", {"actors": [actor("x", identifiers=[
        {"scheme": "a", "identifier": 5}, {"scheme": "a", "identifier": 6}])]}, [
        "a.json: actor x: identifiers.0.identifier: 5: must be text",
        "a.json: actor x: identifiers.1.identifier: 6: must be text"]),
    ("a long value", {"actors": [actor("x", url="y" * 400)]}, [
        "a.json: actor x: url: '" + "y" * 76 + "…: is no web address:"
        " it starts with http:// or https://"]),
    ("no claimant", {"claims": [{"id": "x", "text": "x"}]}, [
        "a.json: claim x: has no claimant: give an actor, an organization, or both"]),
    ("no claimant but null", {"claims": [{"id": "x", "text": "x", "actor": None}]}, [
        "a.json: claim x: has no claimant: give an actor, an organization, or both"]),
    ("a circle of one", {"topics": [topic("x", parent="x")]}, [
        "a.json: topic x: parent: goes round in a circle: x → x"]),
    ("a circle of three", {"topics": [
        topic("x", parent="y"), topic("y", parent="z"), topic("z", parent="x"),
        topic("w", parent="x")]}, [
        "a.json: topic x: parent: goes round in a circle: x → y → z → x"]),
    ("a circle of organizations", {"organizations": [
        organization("x", parent="y"), organization("y", parent="x")]}, [
        "a.json: organization x: parent: goes round in a circle: x → y → x"]),
    ("a circle of events", {"events": [event("x", parent="y"), event("y", parent="x")]}, [
        "a.json: event x: parent: goes round in a circle: x → y → x"]),
    ("a circle through the dataset", {"topics": [topic("defence", parent="spending")]}, [
        "a.json: topic defence: parent: goes round in a circle: defence → spending → defence"]),
    ("two circles", {"topics": [
        topic("a", parent="b"), topic("b", parent="a"), topic("c", parent="c")]}, [
        "a.json: topic a: parent: goes round in a circle: a → b → a",
        "a.json: topic c: parent: goes round in a circle: c → c"]),
    ("an id of another type", {"claims": [claim("x", about=[{"actor": "nato"}])]}, [
        "a.json: claim x: about.0.actor: 'nato': there is no actor with this id"]),
    ("an event's country in small letters", {"events": [event("x", country="no")]}, [
        "a.json: event x: country: 'no': is no ISO 3166-1 alpha-2 code, such as TR or NO"]),
    ("a quote that does not stand", {"claims": [claim("x", quote="We act", reports=[REPORT])]}, [
        "a.json: claim x: quote: 'We act': stands in the text of none of the claim's sources"]),
    ("a source whose text lost the words", {
        "sources": [source("news", text="She said nothing.")]}, [
        "in the dataset: claim act: reports.0.exact: 'we must act':"
        " does not stand at 10 in the source's text"]),
    ("a source whose text moved the words", {
        "sources": [source("news", text="Then Ann said: we must act.")]}, [
        "in the dataset: claim act: reports.0.exact: 'we must act':"
        " does not stand at 10 in the source's text; it stands at 15"]),
    ("words in another source", {
        "sources": [source("x", text="Silence.")],
        "claims": [claim("x", reports=[{"source": "news", "exact": "we must act"},
                                       {"source": "x", "exact": "we must act"}])]}, [
        "a.json: claim x: reports.1.exact: 'we must act': does not stand in the source's text"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sections", "expected"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG]
)
def test_records_that_are_wrong(write, refused, sections, expected):
    assert refused(write("a.json", sections)) == expected


REFERENCES = [
    ("organizations", organization("x", parent="nat"), "parent", "nat", "nato"),
    ("actors", actor("x", memberships=[{"organization": "natto"}]), "memberships.0.organization",
     "natto", "nato"),
    ("topics", topic("x", parent="defense"), "parent", "defense", "defence"),
    ("positions", {"id": "x", "text": "x", "topics": ["defence", "spendings"]}, "topics.1",
     "spendings", "spending"),
    ("events", event("x", parent="sumit"), "parent", "sumit", "summit"),
    ("events", event("x", organizers=["nato-1"]), "organizers.0", "nato-1", "nato"),
    ("events", event("x", participants=[{"actor": "anne"}]), "participants.0.actor", "anne", "ann"),
    ("events", event("x", participants=[{"organization": "papers"}]), "participants.0.organization",
     "papers", "paper"),
    ("sources", source("x", publisher="papper"), "publisher", "papper", "paper"),
    ("sources", source("x", origin="papper"), "origin", "papper", "paper"),
    ("claims", claim("x", actor="annn"), "actor", "annn", "ann"),
    ("claims", claim("x", organization="natoo"), "organization", "natoo", "nato"),
    ("claims", claim("x", event="dinners"), "event", "dinners", "dinner"),
    ("claims", claim("x", topics=["spend"]), "topics.0", "spend", "spending"),
    ("claims", claim("x", positions=[{"position": "mores", "stance": "support"}]),
     "positions.0.position", "mores", "more"),
    ("claims", claim("x", addressees=[{"actor": "ann"}, {"organization": "pape"}]),
     "addressees.1.organization", "pape", "paper"),
    ("claims", claim("x", about=[{"actor": "anna"}]), "about.0.actor", "anna", "ann"),
    ("claims", claim("x", reports=[{"source": "newss"}]), "reports.0.source", "newss", "news"),
    ("claims", claim("x", relations=[{"kind": "repeats", "claim": "waits"}]), "relations.0.claim",
     "waits", "wait"),
    ("claims", claim("x", reviews=[{"organization": "papre", "rating": "r"}]),
     "reviews.0.organization", "papre", "paper"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("section", "record", "field", "value", "near"),
    REFERENCES,
    ids=[f"{one[0]} {one[2]}" for one in REFERENCES],
)
def test_a_dangling_reference_suggests_the_nearest_id(
    write, refused, section, record, field, value, near
):
    (error,) = refused(write("a.json", {section: [record]}))
    start = f"a.json: {section.removesuffix('s')} x: {field}: {value!r}: there is no "
    assert error.startswith(start)
    assert error.endswith(f" with this id; did you mean {near!r}?")


def test_a_doubled_id_across_files(write, refused):
    first = write("a.yaml", "actors:\n- {id: x, name: X}\n")
    second = write("b.jsonl", "\n" + lines(actor("x", type="actor")))
    third = write("c.json", {"actors": [actor("x")]})
    errors = refused(third, second, first)
    assert errors == [
        "a.yaml:2: actor x: id: 'x': has the id of the actor in c.json",
        "b.jsonl:2: actor x: id: 'x': has the id of the actor in c.json",
    ]


def test_errors_come_in_the_order_of_the_files_whoever_claims(write, refused):
    first = [claim(f"c{n}", actor=who, event="nowhere") for n, who in enumerate(("bob", "ann"))]
    last = [claim("d", actor="ann", form="song")]
    people = [actor("ann", type="actor"), actor("bob", type="actor")]
    files = [
        write(name, lines(*people, *({**one, "type": "claim"} for one in claims)))
        for name, claims, people in (("a.jsonl", first, people), ("b.jsonl", last, []))
    ]
    assert [error.split(": ")[:2] for error in refused(*files)] == [
        ["a.jsonl:3", "claim c0"],
        ["a.jsonl:4", "claim c1"],
        ["b.jsonl:1", "claim d"],
    ]


def test_what_two_claims_have_is_wrong_at_the_later_one(write, refused):
    same = {"identifiers": [{"scheme": "x", "identifier": "1"}], "former_ids": ["was"]}
    file = write(
        "a.json",
        {
            "actors": [actor("ann"), actor("bob")],
            "claims": [claim("one", actor="bob", **same), claim("two", actor="ann", **same)],
        },
    )
    assert refused(file) == [
        "a.json: claim two: former_ids: 'was': is that of claim one, too",
        "a.json: claim two: identifiers: 'x:1': is that of claim one, too",
    ]


def test_a_line_is_named_on_both_sides_of_a_doubled_id(write, refused):
    text = "actors:\n- {id: x, name: X}\n- {id: y, name: Y}\n- {id: x, name: X}\n"
    assert refused(write("a.yaml", text)) == [
        "a.yaml:4: actor x: id: 'x': has the id of the actor in a.yaml:2"
    ]


def test_all_errors_are_listed(write, refused):
    mixed = {
        "a.yaml": "actors:\n- {id: x, nmae: X}\n- {id: y, name: Y, url: z}\n",
        "b.jsonl": lines(
            claim("one", type="claim", event="nowhere", date="2025-13"),
            claim(
                "two", type="claim", event="nowhere", reports=[{"source": "news", "exact": "nay"}]
            ),
            topic("t", type="topic", parent="t"),
            actor("y", type="actor"),
        ),
        "c.txt": "",
    }
    errors = refused(*(write(name, text) for name, text in mixed.items()))
    assert sorted(errors) == sorted(
        [
            f"c.txt: is none of {SUFFIXES}",
            "a.yaml:2: actor x: name: is missing",
            "a.yaml:2: actor x: nmae: 'X': is no field here; did you mean 'name'?",
            "a.yaml:3: actor y: url: 'z': is no web address: it starts with http:// or https://",
            "b.jsonl:1: claim one: date: '2025-13': not a date: write 2025, 2025-05 or 2025-05-14",
            "b.jsonl:4: actor y: id: 'y': has the id of the actor in a.yaml:3",
            "b.jsonl:2: claim two: event: 'nowhere': there is no event with this id",
            "b.jsonl:2: claim two: reports.0.exact: 'nay': does not stand in the source's text",
            "b.jsonl:3: topic t: parent: goes round in a circle: t → t",
        ]
    )


def test_a_reference_to_a_wrong_record_is_no_second_error(write, refused):
    sections = {"actors": [actor("x", bogus="y")], "claims": [claim("one", actor="x")]}
    assert refused(write("a.json", sections)) == ["a.json: actor x: bogus: 'y': is no field here"]


def test_a_file_that_cannot_be_read_makes_no_false_alarm(write, refused):
    broken = write("actors.yaml", "actors:\n- {id: x, name: X\n")
    claims = write("claims.json", {"claims": [claim("one", actor="x")]})
    (error,) = refused(claims, broken)
    assert error.startswith("actors.yaml:3: broken YAML: ")


@pytest.mark.parametrize(
    ("count", "make"),
    [
        (150, lambda n: actor(f"a{n}", type="actor", bogus="x")),
        (101, lambda n: claim(f"c{n}", type="claim", event="nowhere")),
        (100, lambda n: claim(f"c{n}", type="claim", date="x")),
        (2500, lambda n: actor(f"a{n}", type="actor", bogus="x")),
    ],
    ids=["150 fields", "101 references", "100 dates", "2500 fields"],
)
def test_a_hundred_problems_are_listed_and_all_counted(write, load_paths, count, make):
    before = state()
    path = write("a.jsonl", lines(*map(make, range(count))))
    with pytest.raises(Refused) as caught:
        load_paths(path)
    assert str(caught.value) == f"{count} problems"
    assert (caught.value.count, len(caught.value.problems)) == (count, 100)
    assert [one.place.line for one in caught.value.problems] == list(range(1, 101))
    assert state() == before


# files


def test_files_and_folders_that_are_not_there(tmp_path, refused):
    (tmp_path / "files" / "empty" / "deeper").mkdir(parents=True)
    (tmp_path / "files" / "empty" / "readme.md").write_text("no seeds")
    folder = tmp_path / "files"
    errors = refused(folder / "none.yaml", folder / "none.txt", folder / "none", folder / "empty")
    assert set(errors) == {
        f"empty: no seed file inside ({SUFFIXES})",
        "none: cannot be read: No such file or directory",
        "none.txt: cannot be read: No such file or directory",
        "none.yaml: cannot be read: No such file or directory",
    }


def test_a_link_in_a_folder_to_a_file_that_is_not_there(write, refused):
    folder = write("folder/a.jsonl", lines(actor("x", type="actor"))).parent
    (folder / "b.jsonl").symlink_to(folder / "none.jsonl")
    assert refused(folder) == ["folder/b.jsonl: cannot be read: No such file or directory"]


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
    (found,) = refused(inside.parent)
    assert found.endswith("inside: cannot be read: Permission denied")


def test_a_file_that_vanishes_between_listing_and_reading(write, refused):
    first = write("a.jsonl", lines(actor("x", type="actor")))
    second = write("b.jsonl", lines(actor("y", type="actor")))

    def vanish(phase: str, done: int, total: int) -> None:
        second.unlink(missing_ok=True)

    assert refused(first, second, progress=vanish) == [
        "b.jsonl: cannot be read: No such file or directory"
    ]


def test_a_file_that_is_no_longer_readable_halfway(write, refused, monkeypatch):
    path = write("a.jsonl", lines(actor("x", type="actor")))

    def failing(file, name, problems, done):
        yield from reader.read_lines(file, name, problems, done)
        raise OSError(5, "Input/output error")

    monkeypatch.setitem(reader.READERS, ".jsonl", failing)
    assert refused(path) == ["a.jsonl: cannot be read: Input/output error"]


def comments(size: int) -> bytes:
    return (b"# " + b"x" * 1021 + b"\n") * (size // 1024)


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_file_of_65_mb(write, refused, name):
    assert refused(write(name, comments(65_100_000))) == [f"{name}: {TOO_LARGE}"]


def test_a_file_of_65_mb_is_refused_before_it_is_read(write, refused):
    done: list[int] = []
    path = write("a.yaml", comments(65_100_000))
    refused(path, progress=lambda phase, now, total: done.append(now))
    assert sum(done) == 0


# the database


def read_only() -> None:
    database.execute_sql("PRAGMA query_only = 1")


def full() -> None:
    (pages,) = database.execute_sql("PRAGMA page_count").fetchone()
    database.execute_sql(f"PRAGMA max_page_count = {pages}")


def many() -> list[dict]:
    return [claim(f"c{n}", text=f"{n} " + "x" * 200) for n in range(3000)]


@on_sqlite
@pytest.mark.parametrize(
    ("break_it", "message"),
    [(read_only, "attempt to write a readonly database"), (full, "database or disk is full")],
    ids=["read-only", "full"],
)
def test_a_database_that_cannot_be_written(
    write, load_paths, break_it: Callable[[], None], message: str
):
    before = state()
    break_it()
    with pytest.raises(peewee.OperationalError, match=message):
        load_paths(write("a.json", {"claims": many()}))
    assert state() == before


@on_sqlite
def test_a_disk_with_room_again(write, load_paths):
    full()
    path = write("a.json", {"claims": many()})
    with pytest.raises(peewee.OperationalError, match="full"):
        load_paths(path)
    database.execute_sql("PRAGMA max_page_count = 1000000")
    assert load_paths(path).added.count == 3000


@pytest.mark.parametrize(
    "record",
    [
        actor("a\nb"),
        actor("a\x1b[31m", name="A"),
        actor("x", **{"na\nme": "y"}),
        actor("x", **{"\x1b[31m": "y"}),
        actor("x", attributes={"a\nb": 5}),
        actor("x", url="a\nb\x1b"),
        actor("x", **{"n" * 10_000: "y"}),
    ],
    ids=["id", "escape in id", "name", "escape in name", "attribute", "value", "long name"],
)
def test_an_error_is_one_line_of_plain_text(write, refused, record):
    (error,) = refused(write("a.json", {"actors": [record]}))
    assert error.isprintable()
    assert len(error) < 500
