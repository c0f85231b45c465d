"""Invalid records: their problems, and the dataset stays as it was."""

from __future__ import annotations

import json

import pytest

from seeds.problems import Refused
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

SUFFIXES = ".yaml, .yml, .json, .jsonl, .ndjson"


@pytest.fixture
def initial() -> Sections:
    return small()


def lines(*records: dict) -> str:
    return "\n".join(map(json.dumps, records))


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
VALID = {
    "actor": "bob",
    "date": "2025-05-14",
    "exact": "we must act",
    "start": "10",
    "extra": "attribution: direct",
}
DANGLING = "there is no actor with this id"
NOT_IN_TEXT = "not found in the source's text"

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
        " not found at 9 in the source's text, but at 10",
    ),
    (
        {"start": "0", "exact": "we must wait"},
        "a.yaml:11: claim one: reports.0.exact: 'we must wait':"
        " not found at 0 in the source's text",
    ),
    (
        {"start": "4000000"},
        "a.yaml:11: claim one: reports.0.exact: 'we must act':"
        " not found at 4000000 in the source's text, but at 10",
    ),
    (
        {"start": "-1"},
        "a.yaml:13: claim one: reports.0.start: '-1': must be a whole number, 0 or more",
    ),
    (
        {"extra": "end: 20"},
        "a.yaml:14: claim one: reports.0.end: '20': is not start 10 plus the 11 characters"
        " of exact",
    ),
    (
        {"extra": "extact: x"},
        "a.yaml:14: claim one: reports.0.extact: 'x': unknown field; did you mean 'exact'?",
    ),
    (
        {"extra": "attribution: direkt"},
        "a.yaml:14: claim one: reports.0.attribution: 'direkt':"
        " must be one of direct, indirect, mixed; did you mean 'direct'?",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    IN_YAML,
    ids=[" ".join(map("=".join, fields.items())) for fields, _ in IN_YAML],
)
def test_an_error_names_file_line_field_and_value(write, refused, fields, expected):
    assert refused(write("a.yaml", YAML % (VALID | fields))) == [expected]


def test_the_valid_record_is_loaded(write, load_paths):
    assert load_paths(write("a.yaml", YAML % VALID)).added.examples == ["actor bob", "claim one"]


REPORT = {"source": "news"}
NUL = "has the control character U+0000: remove it, or use --replace-control"
INVALID = [
    ("a duplicate id", {"actors": [actor("x"), actor("x")]}, [
        "a.json: actor x: id: 'x': duplicate of the actor in a.json"]),
    ("an id three times", {"actors": [actor("x"), actor("x", name="X"), actor("x")]}, [
        "a.json: actor x: id: 'x': duplicate of the actor in a.json",
        "a.json: actor x: id: 'x': duplicate of the actor in a.json"]),
    ("a field too many", {"actors": [actor("x", nmae="y")]}, [
        "a.json: actor x: nmae: 'y': unknown field; did you mean 'name'?"]),
    ("a field of another type", {"topics": [topic("x", country="NO")]}, [
        "a.json: topic x: country: 'NO': unknown field"]),
    ("an unknown field inside", {"events": [event("x", participants=[{"actr": "ann"}])]}, [
        "a.json: event x: participants.0.actr: 'ann': unknown field; did you mean 'actor'?",
        "a.json: event x: participants.0: must name either an actor or an organization"]),
    ("an end before its start", {"events": [event("x", end_date="2024-12-31")]}, [
        "a.json: event x: end_date: '2024-12-31': is before start_date 2025"]),
    ("a membership's end before its start", {"actors": [actor("x", memberships=[
        {"organization": "nato", "start_date": "2025-05", "end_date": "2025-04-30"}])]}, [
        "a.json: actor x: memberships.0.end_date: '2025-04-30': is before start_date 2025-05"]),
    ("a country by name", {"organizations": [organization("x", country="Norway")]}, [
        "a.json: organization x: country: 'Norway':"
        " invalid country: use an alpha-2 code of ISO 3166-1, such as TR, or of ISO 3166-3"]),
    ("an invalid id", {"actors": [actor("Ann Şahin")]}, [
        "a.json: actor Ann Şahin: id: 'Ann Şahin':"
        " invalid id: use a-z in lower case, digits and single hyphens"]),
    ("no id", {"actors": [{"name": "x"}]}, ["a.json: actor number 1: id: is missing"]),
    ("a lone surrogate", {"actors": [actor("x", name="\ud83d")]}, [
        "a.json: actor x: name: '\\ud83d': has the invalid character U+D83D"]),
    ("a NUL", {"actors": [actor("x", name="a\0b")]}, [
        f"a.json: actor x: name: 'a\\x00b': {NUL}"]),
    ("a NUL in an attribute", {"actors": [actor("x", attributes={"a": "\0"})]}, [
        f"a.json: actor x: attributes.a: '\\x00': {NUL}"]),
    ("a field called _schema", {"actors": [actor("x", _schema=1)]}, [
        "a.json: actor x: _schema: 1: unknown field"]),
    ("a field called _schema inside", {"claims": [
        claim("x", reports=[{"source": "said", "_schema": 1}])]}, [
        "a.json: claim x: reports.0._schema: 1: unknown field"]),
    ("an attribute called _schema", {"actors": [actor("x", attributes={"_schema": 5})]}, [
        "a.json: actor x: attributes._schema: 5: must be text"]),
    ("several unknown fields", {"actors": [actor("x", url="x", ww=1, zz=2, qq=3)]}, [
        "a.json: actor x: qq: 3: unknown field",
        "a.json: actor x: ww: 1: unknown field",
        "a.json: actor x: zz: 2: unknown field",
        "a.json: actor x: url: 'x': invalid URL: it must start with http:// or https://"]),
    ("former ids with invalid characters", {"actors": [actor("x", former_ids=["\ud800", "a\0"])]}, [
        "a.json: actor x: former_ids.0: '\\ud800': has the invalid character U+D800",
        f"a.json: actor x: former_ids.1: 'a\\x00': {NUL}"]),
    ("an invalid alias among others", {"actors": [actor("x", aliases=["a", 5, "a"])]}, [
        "a.json: actor x: aliases.1: 5: must be text"]),
    ("two items with invalid identifiers", {"actors": [actor("x", identifiers=[
        {"scheme": "a", "identifier": 5}, {"scheme": "a", "identifier": 6}])]}, [
        "a.json: actor x: identifiers.0.identifier: 5: must be text",
        "a.json: actor x: identifiers.1.identifier: 6: must be text"]),
    ("a long value", {"actors": [actor("x", url="y" * 400)]}, [
        "a.json: actor x: url: '" + "y" * 76 + "…: invalid URL:"
        " it must start with http:// or https://"]),
    ("no claimant", {"claims": [{"id": "x", "text": "x"}]}, [
        "a.json: claim x: has no claimant: give an actor, an organization, or both"]),
    ("a claimant of null", {"claims": [{"id": "x", "text": "x", "actor": None}]}, [
        "a.json: claim x: has no claimant: give an actor, an organization, or both"]),
    ("a circle of one", {"topics": [topic("x", parent="x")]}, [
        "a.json: topic x: parent: circular parents: x → x"]),
    ("a circle of three", {"topics": [
        topic("x", parent="y"), topic("y", parent="z"), topic("z", parent="x"),
        topic("w", parent="x")]}, [
        "a.json: topic x: parent: circular parents: x → y → z → x"]),
    ("a circle of organizations", {"organizations": [
        organization("x", parent="y"), organization("y", parent="x")]}, [
        "a.json: organization x: parent: circular parents: x → y → x"]),
    ("a circle of events", {"events": [event("x", parent="y"), event("y", parent="x")]}, [
        "a.json: event x: parent: circular parents: x → y → x"]),
    ("a circle through the dataset", {"topics": [topic("defence", parent="spending")]}, [
        "a.json: topic defence: parent: circular parents: defence → spending → defence"]),
    ("two circles", {"topics": [
        topic("a", parent="b"), topic("b", parent="a"), topic("c", parent="c")]}, [
        "a.json: topic a: parent: circular parents: a → b → a",
        "a.json: topic c: parent: circular parents: c → c"]),
    ("an id of another type", {"claims": [claim("x", about=[{"actor": "nato"}])]}, [
        "a.json: claim x: about.0.actor: 'nato': there is no actor with this id"]),
    ("an event's country in small letters", {"events": [event("x", country="no")]}, [
        "a.json: event x: country: 'no':"
        " invalid country: use an alpha-2 code of ISO 3166-1, such as TR, or of ISO 3166-3"]),
    ("a quote that is in no text", {"claims": [claim("x", quote="We act", reports=[REPORT])]}, [
        "a.json: claim x: quote: 'We act': not found in the text of any of the claim's sources"]),
    ("a source whose text lost the words", {
        "sources": [source("news", text="She said nothing.")]}, [
        "in the dataset: claim act: reports.0.exact: 'we must act':"
        " not found at 10 in the source's text"]),
    ("a source whose text moved the words", {
        "sources": [source("news", text="Then Ann said: we must act.")]}, [
        "in the dataset: claim act: reports.0.exact: 'we must act':"
        " not found at 10 in the source's text, but at 15"]),
    ("words in another source", {
        "sources": [source("x", text="Silence.")],
        "claims": [claim("x", reports=[{"source": "news", "exact": "we must act"},
                                       {"source": "x", "exact": "we must act"}])]}, [
        "a.json: claim x: reports.1.exact: 'we must act': not found in the source's text"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sections", "expected"), [case[1:] for case in INVALID], ids=[case[0] for case in INVALID]
)
def test_invalid_records(write, refused, sections, expected):
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
    ids=[f"{case[0]} {case[2]}" for case in REFERENCES],
)
def test_a_dangling_reference_suggests_the_nearest_id(
    write, refused, section, record, field, value, near
):
    (error,) = refused(write("a.json", {section: [record]}))
    start = f"a.json: {section.removesuffix('s')} x: {field}: {value!r}: there is no "
    assert error.startswith(start)
    assert error.endswith(f" with this id; did you mean {near!r}?")


def test_a_duplicate_id_across_files(write, refused):
    first = write("a.yaml", "actors:\n- {id: x, name: X}\n")
    second = write("b.jsonl", "\n" + lines(actor("x", type="actor")))
    third = write("c.json", {"actors": [actor("x")]})
    errors = refused(third, second, first)
    assert errors == [
        "a.yaml:2: actor x: id: 'x': duplicate of the actor in c.json",
        "b.jsonl:2: actor x: id: 'x': duplicate of the actor in c.json",
    ]


def test_errors_of_claims_are_in_the_order_of_the_files(write, refused):
    first = [claim(f"c{n}", actor=who, event="nowhere") for n, who in enumerate(("bob", "ann"))]
    last = [claim("d", actor="ann", form="song")]
    people = [actor("ann", type="actor"), actor("bob", type="actor")]
    files = [
        write(name, lines(*people, *({**record, "type": "claim"} for record in claims)))
        for name, claims, people in (("a.jsonl", first, people), ("b.jsonl", last, []))
    ]
    assert [error.split(": ")[:2] for error in refused(*files)] == [
        ["a.jsonl:3", "claim c0"],
        ["a.jsonl:4", "claim c1"],
        ["b.jsonl:1", "claim d"],
    ]


def test_a_value_that_two_claims_have_is_an_error_of_the_later_one(write, refused):
    same = {"identifiers": [{"scheme": "x", "identifier": "1"}], "former_ids": ["was"]}
    file = write(
        "a.json",
        {
            "actors": [actor("ann"), actor("bob")],
            "claims": [claim("one", actor="bob", **same), claim("two", actor="ann", **same)],
        },
    )
    assert refused(file) == [
        "a.json: claim two: former_ids: 'was': is also used by claim one",
        "a.json: claim two: identifiers: 'x:1': is also used by claim one",
    ]


def test_a_duplicate_id_names_both_lines(write, refused):
    text = "actors:\n- {id: x, name: X}\n- {id: y, name: Y}\n- {id: x, name: X}\n"
    assert refused(write("a.yaml", text)) == [
        "a.yaml:4: actor x: id: 'x': duplicate of the actor in a.yaml:2"
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
            f"c.txt: unknown suffix: use {SUFFIXES}",
            "a.yaml:2: actor x: name: is missing",
            "a.yaml:2: actor x: nmae: 'X': unknown field; did you mean 'name'?",
            "a.yaml:3: actor y: url: 'z': invalid URL: it must start with http:// or https://",
            "b.jsonl:1: claim one: date: '2025-13': not a date: write 2025, 2025-05 or 2025-05-14",
            "b.jsonl:4: actor y: id: 'y': duplicate of the actor in a.yaml:3",
            "b.jsonl:2: claim two: event: 'nowhere': there is no event with this id",
            "b.jsonl:2: claim two: reports.0.exact: 'nay': not found in the source's text",
            "b.jsonl:3: topic t: parent: circular parents: t → t",
        ]
    )


def test_a_reference_to_an_invalid_record_is_no_second_error(write, refused):
    sections = {"actors": [actor("x", bogus="y")], "claims": [claim("one", actor="x")]}
    assert refused(write("a.json", sections)) == ["a.json: actor x: bogus: 'y': unknown field"]


@pytest.mark.parametrize(
    ("count", "make", "shown"),
    [
        (10, lambda n: actor(f"a{n}", type="actor", bogus="x"), range(1, 11)),
        (11, lambda n: actor(f"a{n}", type="actor", bogus="x"), range(1, 4)),
        (101, lambda n: claim(f"c{n}", type="claim", event=f"nowhere{n}"), range(1, 4)),
        (100, lambda n: claim(f"c{n}", type="claim", date=f"x{n}"), range(1, 4)),
        (2500, lambda n: actor(f"a{n}", type="actor", bogus="x"), range(1, 4)),
    ],
    ids=["10 fields", "11 fields", "101 references", "100 dates", "2500 fields"],
)
def test_three_problems_of_a_kind_are_shown_and_all_are_counted(
    write, load_paths, count, make, shown
):
    before = state()
    path = write("a.jsonl", lines(*map(make, range(count))))
    with pytest.raises(Refused) as caught:
        load_paths(path)
    assert str(caught.value) == f"{count:,} problems"
    assert [group.total for group in caught.value.groups] == [count]
    assert [problem.place.line for problem in caught.value.problems] == list(shown)
    assert state() == before


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
