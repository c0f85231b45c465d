"""Names: how they fold, and what a name, id or identifier finds."""

from __future__ import annotations

import json
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.database.connection import database, fetch_all
from models.search.names import NameQuery, ResolvedName
from models.search.resolution import resolve_names
from models.values.folding import fold
from seeds.loader import load as load_files
from tests.engines import ENGINE, EXAMPLES, scratch

FOLDED = {
    "Erdoğan": "erdogan",
    "ERDOĞAN": "erdogan",
    "Türkiye": "turkiye",
    "TÜRKİYE": "turkiye",
    "IŞIK": "isik",
    "ışık": "isik",
    "İstanbul": "istanbul",
    "O’Brien": "obrien",
    "O'Brien": "obrien",
    "O`Brien": "obrien",
    "OʼBrien": "obrien",
    "St. Petersburg": "st petersburg",
    "U.S.": "us",
    "U. S. A.": "u s a",
    "Jean-Claude": "jean claude",
    "Jean–Claude": "jean claude",
    "Straße": "strasse",
    "STRASSE": "strasse",
    "Łódź": "lodz",
    "Tromsø": "tromso",
    "Ærø": "aero",
    "Đà Nẵng": "da nang",
    "Владимир Путин": "vladimir putin",
    "ВЛАДИМИР ПУТИН": "vladimir putin",
    "北京": "beijing",
    "ＮＡＴＯ": "nato",
    "Ｍａｒｋ　Ｒｕｔｔｅ": "mark rutte",
    "ﬁnance": "finance",
    "  two \t words\n": "two words",
    "(AKP), 2025/2026": "akp 2025 2026",
    "“Quoted” «name»": "quoted name",
    "50 %": "50",
    "…": "",
    "—": "",
    "": "",
}


@pytest.mark.parametrize(("name", "folded"), FOLDED.items(), ids=map(ascii, FOLDED))
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_fold(name: str, folded: str, form: str) -> None:
    assert fold(unicodedata.normalize(form, name)) == folded


@given(st.text())
@settings(derandomize=True, deadline=None, database=None)
def test_a_folded_name_has_plain_words_and_folds_to_itself(name: str) -> None:
    folded = fold(name)
    assert set(folded) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert folded == " ".join(folded.split())
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFD", name)) == folded
    assert fold(f" {name}\n") == folded


LATIN = st.characters(max_codepoint=0x17F, categories=["Ll", "Lu"], exclude_characters="ŉ")


@given(st.text(LATIN))
@settings(derandomize=True, deadline=None, database=None)
def test_case_does_not_count(name: str) -> None:
    assert fold(name) == fold(name.upper()) == fold(name.lower())


# a plain resolver

NAMES = [
    "Mark Rutte", "mark RUTTE", "Rutte", "Mark", "Rutte, Mark", "Mark Rutte Rutte", "Marko Rutter",
    "O’Brien", "Turkey", "Türkiye", "Republic of Türkiye", "nato", "NATO", "North Atlantic Treaty",
    "old-1", "wikidata:Q1", "北京", "id 1", "id-1", "a b c d", "b a", "d c b a",
]  # fmt: skip
SECTIONS = {
    "actor": {"kind": "person"},
    "organization": {"kind": "other"},
    "topic": {},
    "event": {"kind": "other", "start_date": "2025"},
    "source": {"kind": "other"},
    "position": {},
}
IDS = ["nato", "turkey", "rutte", "mark-rutte", "id-1", "b-a"]
FORMERS = ["old-1", "mark", "turkiye"]
IDENTIFIERS = ["wikidata:Q1", "wikidata:Q2", "topic:Q1", "x:y:z"]


@st.composite
def things(draw: Callable) -> list[dict]:
    """Records of all types but claims, as `{type, id, names, former_ids, identifiers}`."""
    found = []
    for type in SECTIONS:
        ids = draw(st.lists(st.sampled_from(IDS), max_size=4, unique=True))
        formers = draw(st.permutations(FORMERS))
        identifiers = draw(st.permutations(IDENTIFIERS))
        for id in ids:
            names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
            found.append(
                {
                    "type": type,
                    "id": id,
                    "names": names[:1] if type in ("source", "position") else names,
                    "former_ids": [formers.pop()] if formers and draw(st.booleans()) else [],
                    "identifiers": [identifiers.pop()]
                    if identifiers and draw(st.booleans())
                    else [],
                }
            )
    return draw(st.permutations(found))


def record(thing: dict) -> dict:
    own = {"source": "title", "position": "text"}.get(thing["type"], "name")
    found = {
        "id": thing["id"],
        own: thing["names"][0],
        "former_ids": thing["former_ids"],
        "identifiers": [
            dict(zip(("scheme", "identifier"), one.split(":", 1), strict=True))
            for one in thing["identifiers"]
        ],
        **SECTIONS[thing["type"]],
    }
    return found if own != "name" else {**found, "aliases": thing["names"][1:]}


def plainly(things: list[dict], asked: NameQuery) -> tuple[str, list[tuple[str, str]]]:
    """The tier and the (type, id)s that a value finds, tier by tier over all records."""
    types, text, by_name = asked.types, asked.text, not asked.id_only
    pin, colon, rest = text.partition(":")
    if colon and rest and pin in types and pin in ("actor", "organization"):
        types, text, by_name = (pin,), rest, False
    among = [one for one in things if one["type"] in types]
    words = set(fold(text).split())
    tiers = {
        "id": lambda one: text in [one["id"], *one["former_ids"], *one["identifiers"]],
        "name": lambda one: by_name and fold(text) in map(fold, one["names"]),
        "words": lambda one: (
            by_name and words and any(words <= set(fold(name).split()) for name in one["names"])
        ),
    }
    for tier, test in tiers.items():
        found = [(one["type"], one["id"]) for one in among if test(one)]
        if found:
            return tier, found
    return "none", []


def enter(things: list[dict]) -> None:
    """Load these records in their order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "things.jsonl"
        records = [{"type": thing["type"], **record(thing)} for thing in things]
        path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        load_files([path])


TYPES = [*((type,) for type in SECTIONS), ("actor", "organization"), ("organization", "actor")]


@st.composite
def questions(draw: Callable, things: list[dict]) -> NameQuery:
    """Something to ask, mostly after one of the things."""
    thing = draw(st.sampled_from(things))
    words = fold(" ".join(thing["names"])).split()
    text = draw(
        st.sampled_from([thing["id"], *thing["names"], *thing["former_ids"], *thing["identifiers"]])
        | st.lists(st.sampled_from(words or ["x"]), max_size=3).map(" ".join)
        | st.sampled_from([*NAMES, *IDS, *FORMERS, *IDENTIFIERS])
    )
    pin = draw(st.sampled_from(["", "", "", "actor:", "organization:"]))
    types = draw(
        st.sampled_from([types for types in TYPES if thing["type"] in types])
        | st.sampled_from(TYPES)
    )
    exact = draw(st.sampled_from([False, False, False, True]))
    return NameQuery(pin + text, types, draw(st.booleans()), exact)


@given(st.data())
@settings(derandomize=True, deadline=None, database=None, max_examples=int(150 * EXAMPLES))
def test_resolve_finds_what_a_plain_search_finds(data: st.DataObject) -> None:
    found_things = data.draw(things())
    asked = data.draw(st.lists(questions(found_things), max_size=8)) if found_things else []
    names = {(one["type"], one["id"]): one["names"][0] for one in found_things}
    with scratch():
        enter(found_things)
        found = resolve_names(asked)
        assert [one.query for one in found] == asked
        assert [(one.tier, [(match.type, match.id) for match in one.matches]) for one in found] == [
            plainly(found_things, one) for one in asked
        ]
        for one in found:
            for match in one.matches + one.suggestions:
                assert match.name == names[match.type, match.id]
            assert not (one.matches and one.suggestions)
            assert len(one.suggestions) <= 5
        # what else is asked, and in which order, does not count
        assert resolve_names(asked[::-1]) == found[::-1]
        assert [resolve_names([one])[0] for one in asked] == found


ACTOR, PARTY = ("actor",), ("actor", "organization")


def brief(one: ResolvedName) -> tuple[str, list[str]]:
    return one.tier, [f"{match.type}:{match.id}" for match in one.matches]


@pytest.mark.parametrize(
    ("text", "types", "tier", "found"),
    [
        ("us", PARTY, "id", ["organization:us"]),
        ("U.S.", PARTY, "name", ["organization:us"]),
        ("usa", PARTY, "name", ["organization:us"]),
        ("u s a", PARTY, "none", []),
        ("jean", PARTY, "words", ["actor:juncker"]),
        ("Claude Jean", PARTY, "words", ["actor:juncker"]),
        ("juncker-jc", PARTY, "id", ["actor:juncker"]),
        ("Juncker-JC", PARTY, "none", []),
        ("wikidata:Q1", PARTY, "id", ["actor:juncker", "organization:us"]),
        ("wikidata:q1", PARTY, "none", []),
        ("actor:wikidata:Q1", PARTY, "id", ["actor:juncker"]),
        ("organization:us", PARTY, "id", ["organization:us"]),
        ("organization:U.S.", PARTY, "none", []),
        ("actor:us", PARTY, "none", []),
        ("actor:", PARTY, "none", []),
        ("topic:Q1", ("topic",), "id", ["topic:trade"]),
        ("event:Q1", ("event",), "id", ["event:summit"]),
        ("...", PARTY, "none", []),
        ("", PARTY, "none", []),
    ],
)
def test_tiers(load: Callable, text: str, types: tuple, tier: str, found: list[str]) -> None:
    load(
        actors=[
            {
                "id": "juncker",
                "name": "Jean-Claude Juncker",
                "former_ids": ["juncker-jc"],
                "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
            }
        ],
        organizations=[
            {
                "id": "us",
                "name": "U.S.",
                "kind": "state",
                "aliases": ["USA", "United States of America"],
                "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
            }
        ],
        topics=[
            {
                "id": "trade",
                "name": "Trade",
                "identifiers": [{"scheme": "topic", "identifier": "Q1"}],
            }
        ],
        events=[
            {
                "id": "summit",
                "name": "Summit",
                "kind": "summit",
                "start_date": "2025",
                "identifiers": [{"scheme": "event", "identifier": "Q1"}],
            }
        ],
    )
    assert brief(resolve_names([NameQuery(text, types)])[0]) == (tier, found)


@pytest.mark.parametrize("asked", ["Minister", "minister of"], ids=["one word", "two words"])
@pytest.mark.parametrize(
    ("names", "tier"),
    [
        (lambda n: [f"Minister of Affairs {n}"], "words"),
        (lambda n: [f"Minister of Affairs {n}", f"Minister of {n}"], "words"),
        (lambda n: [f"Person {n}", "Minister", "Minister of"], "name"),
    ],
    ids=["words", "words twice", "name"],
)
@pytest.mark.parametrize(("count", "too_broad"), [(100, False), (101, True), (250, True)])
def test_too_broad(
    load: Callable, asked: str, names: Callable, tier: str, count: int, too_broad: bool
) -> None:
    load(
        actors=[{"id": f"a{n}", "name": names(n)[0], "aliases": names(n)[1:]} for n in range(count)]
    )
    found = resolve_names([NameQuery(asked, ACTOR), NameQuery("nobody at all", ACTOR)])[0]
    assert (found.tier, found.too_broad) == (tier, too_broad)
    if not too_broad:
        assert [match.id for match in found.matches] == [f"a{n}" for n in range(count)]


def test_too_broad_beside_another_broad_value(load: Callable) -> None:
    """The rows of one value do not crowd out that another one is too broad."""
    load(
        actors=[{"id": f"m{n}", "name": f"Minister {n}"} for n in range(300)]
        + [{"id": f"k{n}", "name": f"King {n}"} for n in range(60)]
    )
    for asked in (["minister", "king"], ["king", "minister"]):
        assert any(one.too_broad for one in resolve_names([NameQuery(one, ACTOR) for one in asked]))
    assert len(resolve_names([NameQuery("king", ACTOR)])[0].matches) == 60


@pytest.mark.parametrize(
    ("text", "types", "suggested"),
    [
        ("Erdgan", ACTOR, ["actor:erdogan"]),
        ("Recep Erdoğna", ACTOR, ["actor:erdogan"]),
        ("NATO", ACTOR, ["organization:nato"]),
        ("nato", ACTOR, ["organization:nato"]),
        ("erdogan", ("topic",), ["actor:erdogan"]),
        ("Natto", PARTY, ["organization:nato"]),
        ("wikidata:Q7", ACTOR, ["organization:nato"]),
        ("actor:erdogn", PARTY, ["actor:erdogan"]),
        ("zzz", ACTOR, []),
        ("...", ACTOR, []),
    ],
)
def test_suggestions(load: Callable, text: str, types: tuple, suggested: list[str]) -> None:
    load(
        organizations=[
            {
                "id": "nato",
                "name": "NATO",
                "kind": "alliance",
                "identifiers": [{"scheme": "wikidata", "identifier": "Q7"}],
            }
        ],
        actors=[{"id": "erdogan", "name": "Recep Tayyip Erdoğan"}, {"id": "x", "name": "Xi"}],
    )
    (one,) = resolve_names([NameQuery(text, types)])
    assert one.tier == "none"
    assert [f"{match.type}:{match.id}" for match in one.suggestions] == suggested


def test_suggestions_do_not_depend_on_how_rows_lie(load: Callable) -> None:
    """Of equally near names those come first that entered first, however often one asks."""
    load(actors=[{"id": f"a{n}", "name": "Jon Smyth", "aliases": ["Jon Smith"]} for n in range(9)])
    (before,) = resolve_names([NameQuery("Jon Smithe", ACTOR)])
    assert [match.id for match in before.suggestions] == ["a0", "a1", "a2", "a3", "a4"]
    load(organizations=[{"id": "zz", "name": "Zz", "kind": "other"}])
    database.execute_sql("REINDEX TABLE handle" if ENGINE == "postgres" else "REINDEX handle")
    database.execute_sql("ANALYZE")
    assert resolve_names([NameQuery("Jon Smithe", ACTOR)]) == [before]
    assert fetch_all("SELECT COUNT(*) FROM actor") == [(9,)]
