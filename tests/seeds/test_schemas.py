"""The fields of seed records: valid and invalid values."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from models import RECORD_TYPES
from seeds.schemas import SCHEMAS, schema_errors
from tests.seeds.build import (
    actor,
    claim,
    event,
    everything,
    lines_of,
    organization,
    position,
    source,
    topic,
)

BUILDERS = {
    "organization": organization,
    "actor": actor,
    "topic": topic,
    "position": position,
    "event": event,
    "source": source,
    "claim": claim,
}
FILLED = {"actor": {"kind": "person"}, "claim": {"status": "coded"}}
TYPES = list(BUILDERS)


def errors(type: str, record: Any) -> dict[str, list[str]]:
    """The messages of an invalid record, by path."""
    with pytest.raises(ValidationError) as caught:
        SCHEMAS[type].load(record)
    messages: dict[str, list[str]] = {}
    for path, message in schema_errors(caught.value.messages):
        messages.setdefault(".".join(map(str, path)), []).append(message)
    return messages


def test_each_type_has_a_schema():
    assert list(SCHEMAS) == list(RECORD_TYPES) == TYPES


@pytest.mark.parametrize("type", TYPES)
def test_the_smallest_record(type):
    record = BUILDERS[type]("x")
    assert SCHEMAS[type].load(record) == {**record, **FILLED.get(type, {})}


@pytest.mark.parametrize(
    "line",
    lines_of(everything()),
    ids=[f"{line['type']} {line['id']}" for line in lines_of(everything())],
)
def test_a_canonical_record_is_unchanged(line):
    record = {name: value for name, value in line.items() if name != "type"}
    assert SCHEMAS[line["type"]].load(record) == record


REQUIRED = [
    ("organization", {"id", "name", "kind"}),
    ("actor", {"id", "name"}),
    ("topic", {"id", "name"}),
    ("position", {"id", "text"}),
    ("event", {"id", "name", "kind", "start_date"}),
    ("source", {"id", "title", "kind"}),
    ("claim", {"id", "text"}),
]


@pytest.mark.parametrize(("type", "names"), REQUIRED, ids=TYPES)
def test_required_fields(type, names):
    record = {"actor": "ann"} if type == "claim" else {}
    assert errors(type, record) == {name: ["is missing"] for name in names}


EMPTY = [None, [], {}]


@pytest.mark.parametrize("value", EMPTY, ids=str)
@pytest.mark.parametrize("type", TYPES)
def test_null_and_empty_count_as_absent(type, value):
    record = BUILDERS[type]("x")
    empty = dict.fromkeys(SCHEMAS[type].fields.keys() - record.keys(), value)
    assert SCHEMAS[type].load(record | empty) == {**record, **FILLED.get(type, {})}


NESTED = [
    ("actor", "memberships", {"organization": "o"}, {"role": None, "start_date": None}),
    ("event", "participants", {"actor": "a"}, {"role": None, "organization": None}),
    ("claim", "reports", {"source": "s"}, {"exact": None, "start": None, "end": []}),
    ("claim", "about", {"organization": "o"}, {"actor": None}),
    ("claim", "reviews", {"organization": "o", "rating": "r"}, {"url": None, "summary": None}),
]


@pytest.mark.parametrize(
    ("type", "section", "item", "empty"), NESTED, ids=[section for _, section, _, _ in NESTED]
)
def test_null_counts_as_absent_within_lists(type, section, item, empty):
    loaded = SCHEMAS[type].load(BUILDERS[type]("x", **{section: [item | empty]}))
    assert loaded[section] == [item]


CANONICAL = [
    ("actor", "name", "  Ann \n", "Ann"),
    ("actor", "name", "S\u0327ahin", "Şahin"),
    ("actor", "name", "\u212b", "Å"),
    ("actor", "aliases", ["e\u0301", " b "], ["é", "b"]),
    ("actor", "attributes", {" e\u0301 ": " e\u0301 "}, {"é": "é"}),
    ("actor", "name", "x" * 500, "x" * 500),
    ("actor", "name", "tab\tand\nline", "tab\tand\nline"),
    ("actor", "name", "🕊", "🕊"),
    ("actor", "id", "a" * 200, "a" * 200),
    ("actor", "id", "0", "0"),
    ("actor", "id", "a-1-b", "a-1-b"),
    ("actor", "former_ids", ["b", "c-d"], ["b", "c-d"]),
    ("source", "text", " kept as it is \n", " kept as it is \n"),
    ("source", "text", "e\u0301", "é"),
    ("source", "language", "EN-gb", "en-GB"),
    ("source", "language", "zh-hant-tw", "zh-Hant-TW"),
    ("source", "language", "tr", "tr"),
    ("source", "language", "EN-us-U-CO-PHONEBK", "en-US-u-co-phonebk"),
    ("source", "language", "X-Private", "x-private"),
    ("source", "language", "de-ch-1996-X-AbCd", "de-CH-1996-x-abcd"),
    ("source", "language", "ZH-min-NAN-hant", "zh-min-nan-Hant"),
    ("source", "language", "i-Klingon", "i-klingon"),
    ("source", "language", "en-gb-OED", "en-GB-oed"),
    ("source", "language", "es-419", "es-419"),
    ("source", "language", "sl-rozaj-biske", "sl-rozaj-biske"),
    ("organization", "country", "SU", "SU"),
    ("organization", "country", "YU", "YU"),
    ("organization", "country", "XK", "XK"),
    ("organization", "kind", "parliament", "parliament"),
    ("event", "kind", "vote", "vote"),
    (
        "actor",
        "identifiers",
        [{"scheme": "parlgov.party_id", "identifier": "1"}],
        [{"scheme": "parlgov.party_id", "identifier": "1"}],
    ),
    ("source", "url", "https://example.org/ü?a=b#c", "https://example.org/ü?a=b#c"),
    ("source", "url", "HTTP://EXAMPLE.ORG", "HTTP://EXAMPLE.ORG"),
    (
        "source",
        "url",
        "https://a.example/O'Brien_’(x)[y]{z}|^~",
        "https://a.example/O'Brien_’(x)[y]{z}|^~",
    ),
    (
        "source",
        "url",
        "https://مثال.example/عربي?%E2%80%8F%22",
        "https://مثال.example/عربي?%E2%80%8F%22",
    ),
    ("source", "date", 2025, "2025"),
    ("source", "date", 7, "0007"),
    ("source", "date", "2024-02-29", "2024-02-29"),
    ("organization", "country", "NO", "NO"),
    ("organization", "country", "XK", "XK"),
    ("claim", "reports", [{"source": "s", "start": "7"}], [{"source": "s", "start": 7}]),
    ("claim", "reports", [{"source": "s", "start": 0}], [{"source": "s", "start": 0}]),
    ("claim", "reports", [{"source": "s", "prefix": " a "}], [{"source": "s", "prefix": " a "}]),
    (
        "claim",
        "reports",
        [{"source": "s", "exact": "a🕊", "start": 1, "end": 3}],
        [{"source": "s", "exact": "a🕊", "start": 1, "end": 3}],
    ),
    (
        "claim",
        "reports",
        [{"source": "s"}, {"source": "s"}],
        [{"source": "s"}, {"source": "s"}],
    ),
    (
        "claim",
        "relations",
        [{"kind": "repeats", "claim": "y"}, {"kind": "supports", "claim": "y"}],
        [{"kind": "repeats", "claim": "y"}, {"kind": "supports", "claim": "y"}],
    ),
    (
        "claim",
        "about",
        [{"actor": "y"}, {"organization": "y"}],
        [{"actor": "y"}, {"organization": "y"}],
    ),
    (
        "actor",
        "identifiers",
        [{"scheme": "a", "identifier": "1"}, {"scheme": "b", "identifier": "1"}],
        [{"scheme": "a", "identifier": "1"}, {"scheme": "b", "identifier": "1"}],
    ),
    (
        "actor",
        "attributes",
        {str(n): "x" for n in range(20)},
        {str(n): "x" for n in range(20)},
    ),
]


@pytest.mark.parametrize(
    ("type", "field", "value", "canonical"),
    CANONICAL,
    ids=[f"{n}-{type}-{field}" for n, (type, field, _, _) in enumerate(CANONICAL)],
)
def test_values_are_loaded_in_canonical_form(type, field, value, canonical):
    assert SCHEMAS[type].load(BUILDERS[type]("x") | {field: value})[field] == canonical


NO_ID = "invalid id: use a-z in lower case, digits and single hyphens"
NO_DATE = "not a date: write 2025, 2025-05 or 2025-05-14"
NO_DAY = "no such day in the calendar"
NO_URL = "invalid URL: it must start with http:// or https://"


def in_url(code: str, encoded: str) -> str:
    return f"invalid URL: it has the character U+{code}: write {encoded}"


NO_SCHEME = "invalid scheme: use a-z in lower case, digits, hyphens, underscores and dots"
NO_COUNTRY = "invalid country: use an alpha-2 code of ISO 3166-1, such as TR, or of ISO 3166-3"
NO_LANGUAGE = "language tag (BCP 47), such as en or en-GB"
DUPLICATE = "duplicate"
PARTY = "must name either an actor or an organization"
SECTION = {"scheme": "wikidata", "identifier": "Q1"}

REFUSED = [
    ("actor", {"id": "Ann"}, "id", NO_ID),
    ("actor", {"id": "-a"}, "id", NO_ID),
    ("actor", {"id": "a-"}, "id", NO_ID),
    ("actor", {"id": "a--b"}, "id", NO_ID),
    ("actor", {"id": "a_b"}, "id", NO_ID),
    ("actor", {"id": "é"}, "id", NO_ID),
    ("actor", {"id": "a/b"}, "id", NO_ID),
    ("actor", {"id": "a\nb"}, "id", NO_ID),
    ("actor", {"id": "١"}, "id", NO_ID),
    ("actor", {"id": "a" * 201}, "id", "is longer than 200 characters"),
    ("actor", {"id": 5}, "id", "must be text"),
    ("actor", {"id": ""}, "id", "is empty: leave the field out"),
    ("actor", {"id": None}, "id", "is missing"),
    ("actor", {"name": ""}, "name", "is empty: leave the field out"),
    ("actor", {"name": " \t"}, "name", "is empty: leave the field out"),
    *(
        (
            type,
            fields,
            path,
            "has only punctuation or invisible characters: give a name with a letter, digit or"
            " symbol",
        )
        for type, fields, path in (
            ("actor", {"name": "\u200b"}, "name"),
            ("actor", {"name": "..."}, "name"),
            ("actor", {"aliases": ["Ann", "\u202e\u2060-"]}, "aliases.1"),
            ("organization", {"name": "\u0081"}, "name"),
            ("topic", {"name": "\u3164"}, "name"),
            ("event", {"name": "—"}, "name"),
            ("source", {"title": "…"}, "title"),
            ("position", {"text": "!"}, "text"),
            ("position", {"label": "\ufe0f"}, "label"),
        )
    ),
    ("actor", {"name": "x" * 501}, "name", "is longer than 500 characters"),
    ("actor", {"name": 7}, "name", "must be text"),
    ("actor", {"name": True}, "name", "must be text"),
    ("actor", {"name": ["Ann"]}, "name", "must be text"),
    ("actor", {"name": {"en": "Ann"}}, "name", "must be text"),
    (
        "actor",
        {"name": "a\x00"},
        "name",
        "has the control character U+0000: remove it, or use --replace-control",
    ),
    (
        "actor",
        {"name": "a\x1b[0m"},
        "name",
        "has the control character U+001B: remove it, or use --replace-control",
    ),
    (
        "actor",
        {"name": "a\x7f"},
        "name",
        "has the control character U+007F: remove it, or use --replace-control",
    ),
    ("actor", {"name": "\ud83d"}, "name", "has the invalid character U+D83D"),
    ("actor", {"kind": "people"}, "kind", "must be one of person, group, unnamed"),
    ("actor", {"kind": "grup"}, "kind", "did you mean 'group'?"),
    ("actor", {"kind": "Person"}, "kind", "did you mean 'person'?"),
    ("actor", {"aliases": "Annie"}, "aliases", "must be a list"),
    ("actor", {"aliases": [None]}, "aliases.0", "is null"),
    ("actor", {"aliases": ["a", 5]}, "aliases.1", "must be text"),
    ("actor", {"aliases": ["a", "b", "a"]}, "aliases.2", DUPLICATE),
    ("actor", {"aliases": ["é", "e\u0301"]}, "aliases.1", DUPLICATE),
    ("actor", {"url": "www.example.org"}, "url", NO_URL),
    ("actor", {"url": "javascript:alert(1)"}, "url", NO_URL),
    ("actor", {"url": "ftp://example.org"}, "url", NO_URL),
    ("actor", {"url": "https://"}, "url", NO_URL),
    ("actor", {"url": "https:///path"}, "url", NO_URL),
    ("actor", {"url": "https://a b"}, "url", NO_URL),
    ("actor", {"url": "https://a.example/\x80"}, "url", in_url("0080", "%C2%80")),
    ("actor", {"url": "https://a.example/\x9b31m"}, "url", in_url("009B", "%C2%9B")),
    ("actor", {"url": "https://a.example/\x85b"}, "url", NO_URL),
    ("actor", {"url": 'https://a.example/"'}, "url", in_url("0022", "%22")),
    ("actor", {"url": 'https://a.example"onclick="x'}, "url", in_url("0022", "%22")),
    ("actor", {"url": "https://a.example/“b”"}, "url", in_url("201C", "%E2%80%9C")),
    ("actor", {"url": "https://a.example/<b>"}, "url", in_url("003C", "%3C")),
    ("actor", {"url": "https://a.example/b>"}, "url", in_url("003E", "%3E")),
    ("actor", {"url": "https://a.example\\b"}, "url", in_url("005C", "%5C")),
    ("actor", {"url": "https://a.example/`"}, "url", in_url("0060", "%60")),
    ("actor", {"url": "https://a.example/\u200f"}, "url", in_url("200F", "%E2%80%8F")),
    ("actor", {"url": "https://a.example/\u202eslx.exe"}, "url", in_url("202E", "%E2%80%AE")),
    ("actor", {"url": "https://a.example/\u2067"}, "url", in_url("2067", "%E2%81%A7")),
    ("actor", {"url": "https://a.example/\u061c"}, "url", in_url("061C", "%D8%9C")),
    ("actor", {"url": "https://a\u200b.example/"}, "url", in_url("200B", "%E2%80%8B")),
    ("actor", {"url": "https://a.example/\U000e0041"}, "url", in_url("E0041", "%F3%A0%81%81")),
    ("actor", {"url": "https://a.example/\ufeff"}, "url", in_url("FEFF", "%EF%BB%BF")),
    ("actor", {"url": "https://a.example/\uffff"}, "url", in_url("FFFF", "%EF%BF%BF")),
    ("source", {"archive_url": "https://a.example/\u200e"}, "archive_url", in_url("200E", "%E2")),
    ("event", {"url": "https://a.example/\u200e"}, "url", in_url("200E", "%E2%80%8E")),
    ("organization", {"url": "https://a.example/\u200e"}, "url", in_url("200E", "%E2%80%8E")),
    ("actor", {"attributes": ["a"]}, "attributes", "must be an object of names and texts"),
    ("actor", {"attributes": {"a": 5}}, "attributes.a", "must be text"),
    ("actor", {"attributes": {"a": ["b"]}}, "attributes.a", "must be text"),
    ("actor", {"attributes": {"value": 5}}, "attributes.value", "must be text"),
    ("actor", {"attributes": {"key": 5}}, "attributes.key", "must be text"),
    (
        "actor",
        {"attributes": {str(n): "x" for n in range(21)}},
        "attributes",
        "has more than 20 attributes",
    ),
    ("actor", {"attributes": {"é": "1", "e\u0301": "2"}}, "attributes", "NFC"),
    ("actor", {"former_ids": ["x"]}, "former_ids", "is the record's own id"),
    ("actor", {"former_ids": ["a", "a"]}, "former_ids.1", DUPLICATE),
    ("actor", {"former_ids": ["A"]}, "former_ids.0", NO_ID),
    ("actor", {"former_ids": "a"}, "former_ids", "must be a list"),
    ("actor", {"identifiers": [SECTION, SECTION]}, "identifiers.1", DUPLICATE),
    ("actor", {"identifiers": [{"scheme": "wikidata"}]}, "identifiers.0.identifier", "is missing"),
    ("actor", {"identifiers": [{"identifier": "Q1"}]}, "identifiers.0.scheme", "is missing"),
    ("actor", {"identifiers": ["wikidata:Q1"]}, "identifiers.0", "must be an object with fields"),
    (
        "actor",
        {"identifiers": [SECTION | {"scheme": "actor"}]},
        "identifiers.0.scheme",
        "is reserved",
    ),
    (
        "actor",
        {"identifiers": [SECTION | {"scheme": "organization"}]},
        "identifiers.0.scheme",
        "is reserved",
    ),
    ("actor", {"identifiers": [SECTION | {"scheme": "a:b"}]}, "identifiers.0.scheme", NO_SCHEME),
    ("actor", {"identifiers": [SECTION | {"scheme": "A"}]}, "identifiers.0.scheme", NO_SCHEME),
    ("actor", {"identifiers": [SECTION | {"scheme": "-a"}]}, "identifiers.0.scheme", NO_SCHEME),
    (
        "actor",
        {"identifiers": [SECTION | {"identifier": "x" * 201}]},
        "identifiers.0.identifier",
        "is longer than 200 characters",
    ),
    ("actor", {"memberships": [{"role": "x"}]}, "memberships.0.organization", "is missing"),
    ("actor", {"nmae": "Ann"}, "nmae", "unknown field"),
    ("actor", {"type": "actor"}, "type", "unknown field"),
    (
        "actor",
        {"memberships": [{"organization": "o", "rol": "x"}]},
        "memberships.0.rol",
        "unknown field",
    ),
    ("topic", {"kind": "x"}, "kind", "unknown field"),
    ("topic", {"attributes": {"a:b": "c"}}, "attributes.a:b", "has a colon in its name"),
    ("position", {"name": "x"}, "name", "unknown field"),
    ("position", {"topics": ["a", "a"]}, "topics.1", DUPLICATE),
    ("position", {"topics": [{"topic": "a"}]}, "topics.0", "must be text"),
    ("position", {"text": "x" * 2001}, "text", "is longer than 2000 characters"),
    ("organization", {"kind": "firm"}, "kind", "must be one of alliance, state, company"),
    ("source", {"language": "english"}, "language", "is not a language tag"),
    ("source", {"language": "en-a-bb-a-cc"}, "language", "is not a language tag"),
    ("source", {"language": "de-1996-1996"}, "language", "is not a language tag"),
    ("source", {"language": "en-u"}, "language", "is not a language tag"),
    ("organization", {"country": "SK-"}, "country", NO_COUNTRY),
    ("organization", {"country": "no"}, "country", NO_COUNTRY),
    ("organization", {"country": "NOR"}, "country", NO_COUNTRY),
    ("organization", {"country": "Norway"}, "country", NO_COUNTRY),
    ("organization", {"country": False}, "country", "must be text"),
    ("event", {"kind": "sumit"}, "kind", "did you mean 'summit'?"),
    ("event", {"organizers": ["a", "a"]}, "organizers.1", DUPLICATE),
    ("event", {"participants": [{"role": "x"}]}, "participants.0", PARTY),
    ("event", {"participants": [{"actor": "a", "organization": "b"}]}, "participants.0", PARTY),
    ("event", {"start_date": None}, "start_date", "is missing"),
    ("source", {"kind": "blog"}, "kind", "must be one of article, transcript"),
    ("source", {"language": "english"}, "language", NO_LANGUAGE),
    ("source", {"language": "en_GB"}, "language", NO_LANGUAGE),
    ("source", {"text": "x" * 1_000_001}, "text", "is longer than 1000000 characters"),
    ("source", {"date": "2025-02-30"}, "date", NO_DAY),
    ("source", {"date": "2023-02-29"}, "date", NO_DAY),
    ("source", {"date": "0000"}, "date", NO_DAY),
    ("source", {"date": 0}, "date", NO_DAY),
    ("source", {"date": "2025-13"}, "date", NO_DATE),
    ("source", {"date": "2025-00"}, "date", NO_DATE),
    ("source", {"date": "2025-5-14"}, "date", NO_DATE),
    ("source", {"date": "14.05.2025"}, "date", NO_DATE),
    ("source", {"date": "May 2025"}, "date", NO_DATE),
    ("source", {"date": "2025-05-14T10:00"}, "date", NO_DATE),
    ("source", {"date": "20250514"}, "date", NO_DATE),
    ("source", {"date": 20250514}, "date", NO_DATE),
    ("source", {"date": -5}, "date", NO_DATE),
    ("source", {"date": "٢٠٢٥"}, "date", NO_DATE),
    ("source", {"date": 2025.0}, "date", "must be text"),
    ("source", {"date": True}, "date", "must be text"),
    ("claim", {"actor": None}, "", "has no claimant: give an actor, an organization, or both"),
    ("claim", {"actor": []}, "", "has no claimant: give an actor, an organization, or both"),
    ("claim", {"form": "tweet"}, "form", "must be one of interview, speech, debate"),
    ("claim", {"status": "verifed"}, "status", "did you mean 'verified'?"),
    ("claim", {"topics": ["t", "t"]}, "topics.1", DUPLICATE),
    (
        "claim",
        {"positions": [{"position": "p", "stance": stance} for stance in ("support", "oppose")]},
        "positions.1",
        DUPLICATE,
    ),
    ("claim", {"positions": [{"position": "p"}]}, "positions.0.stance", "is missing"),
    (
        "claim",
        {"positions": [{"position": "p", "stance": "for"}]},
        "positions.0.stance",
        "must be one of support, oppose, neutral",
    ),
    ("claim", {"about": [{"actor": "a"}, {"actor": "a"}]}, "about.1", DUPLICATE),
    ("claim", {"about": [{"actor": "a", "organization": "b"}]}, "about.0", PARTY),
    ("claim", {"addressees": [{}]}, "addressees.0", PARTY),
    ("claim", {"addressees": [{"organization": "a"}] * 2}, "addressees.1", DUPLICATE),
    ("claim", {"reports": [{"exact": "x"}]}, "reports.0.source", "is missing"),
    ("claim", {"reports": [{"source": "s", "end": 3}]}, "reports.0.end", "needs a start"),
    (
        "claim",
        {"reports": [{"source": "s", "start": 5, "end": 3}]},
        "reports.0.end",
        "is before start 5",
    ),
    (
        "claim",
        {"reports": [{"source": "s", "exact": "abc", "start": 5, "end": 9}]},
        "reports.0.end",
        "is not start 5 plus the 3 characters of exact",
    ),
    ("claim", {"reports": [{"source": "s", "start": -1}]}, "reports.0.start", "whole number"),
    ("claim", {"reports": [{"source": "s", "start": 1.5}]}, "reports.0.start", "whole number"),
    ("claim", {"reports": [{"source": "s", "start": True}]}, "reports.0.start", "whole number"),
    ("claim", {"reports": [{"source": "s", "start": "1_0"}]}, "reports.0.start", "whole number"),
    ("claim", {"reports": [{"source": "s", "start": "x"}]}, "reports.0.start", "whole number"),
    ("claim", {"reports": [{"source": "s", "start": 1 << 70}]}, "reports.0.start", "whole number"),
    (
        "claim",
        {"reports": [{"source": "s", "attribution": "quoted"}]},
        "reports.0.attribution",
        "must be one of direct, indirect, mixed",
    ),
    (
        "claim",
        {"relations": [{"kind": "repeats", "claim": "x"}]},
        "relations",
        "is the claim itself",
    ),
    ("claim", {"relations": [{"kind": "repeats", "claim": "y"}] * 2}, "relations.1", DUPLICATE),
    (
        "claim",
        {"relations": [{"kind": "denies", "claim": "y"}]},
        "relations.0.kind",
        "must be one of repeats, supports, contradicts, qualifies, responds-to, retracts",
    ),
    (
        "claim",
        {"reviews": [{"organization": "o", "author": "A"}]},
        "reviews.0",
        "needs a rating, a verdict or a url",
    ),
    (
        "claim",
        {"reviews": [{"organization": "o", "verdict": "wrong"}]},
        "reviews.0.verdict",
        "must be one of true, mostly-true, mixed, mostly-false, false, unverifiable, other",
    ),
    ("claim", {"reviews": [{"rating": "x"}]}, "reviews.0.organization", "is missing"),
]


@pytest.mark.parametrize(
    ("type", "fields", "path", "message"),
    REFUSED,
    ids=[f"{n}-{type}-{path}" for n, (type, _, path, _) in enumerate(REFUSED)],
)
def test_invalid_values(type, fields, path, message):
    messages = errors(type, BUILDERS[type]("x") | fields)
    assert list(messages) == [path]
    assert len(messages[path]) == 1
    assert message in messages[path][0]


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("record", ["text", 5, True, ["a"], None], ids=str)
def test_records_that_are_not_objects(type, record):
    assert errors(type, record) == {"": ["must be an object with fields"]}


ORDERED = [
    ("2025", "2025", True),
    ("2025", "2025-01-01", True),
    ("2025-12-31", "2025", True),
    ("2025-05", "2025-05-01", True),
    ("2025-05-31", "2025-05", True),
    ("2025-05-14", "2025-05-14", True),
    ("2025-05", "2024", False),
    ("2025", "2024-12-31", False),
    ("2025-05", "2025-04-30", False),
    ("2025-05-14", "2025-05-13", False),
    ("2025-05-01", "2025-04", False),
]


PERIODS = [
    ("event", lambda dates: dates, ("end_date",)),
    (
        "actor",
        lambda dates: {"memberships": [{"organization": "o", **dates}]},
        ("memberships", 0, "end_date"),
    ),
]


@pytest.mark.parametrize(("start", "end", "right"), ORDERED)
@pytest.mark.parametrize(("type", "fields", "path"), PERIODS, ids=["event", "membership"])
def test_an_end_before_its_start_in_every_reading(type, fields, path, start, end, right):
    record = BUILDERS[type]("x") | fields({"start_date": start, "end_date": end})
    messages = list(schema_errors(SCHEMAS[type].validate(record)))
    assert messages == ([] if right else [(path, f"is before start_date {start}")])


def test_all_errors_of_a_record_are_reported():
    record = event("X y", name=5, kind="sumit", start_date="2025-02-30", plaze="here")
    assert set(errors("event", record)) == {"id", "name", "kind", "start_date", "plaze"}


def test_an_invalid_claimant_is_one_error():
    assert errors("claim", claim("x", actor="Ann Şahin")) == {"actor": [NO_ID]}


def test_an_invalid_party_is_one_error():
    record = claim("x", about=[{"actor": "Ann Şahin"}], addressees=["ann"])
    assert errors("claim", record) == {
        "about.0.actor": [NO_ID],
        "addressees.0": ["must be an object with fields"],
    }


def test_items_without_their_name_are_not_duplicates():
    record = claim("x", positions=[{"stance": "support"}, {"stance": "support"}])
    assert errors("claim", record) == {
        "positions.0.position": ["is missing"],
        "positions.1.position": ["is missing"],
    }
