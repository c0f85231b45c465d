"""Name resolution: the records that a name, id or identifier stands for."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.database.connection import database, fetch_all
from models.search.names import QUERY_COLUMNS, NameQuery, ResolvedName
from models.search.resolution import RESOLVE, query_rows, resolve_names
from models.search.suggestions import suggestion_query
from models.values.folding import fold
from models.values.spelling import script_key, spelling_keys
from seeds.loader import load as load_files
from tests.engines import EXAMPLES, on_sqlite, scratch

NAMES = [
    "Mark Rutte", "mark RUTTE", "Rutte", "Mark", "Rutte, Mark", "Mark Rutte Rutte", "Marko Rutter",
    "O’Brien", "Turkey", "Türkiye", "Republic of Türkiye", "nato", "NATO", "North Atlantic Treaty",
    "old-1", "wikidata:Q1", "北京", "背景", "Beijing", "id 1", "id-1", "a b c d", "b a", "d c b a",
    "ab", "J. K. Bürger", "JK Buerger", "Xi Jin Ping", "Xi Jinping", "A & B", "A und B", "A+B",
]  # fmt: skip
# by type: the required fields beside the name
REQUIRED = {
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
def records(draw: Callable) -> list[dict]:
    """Records of all types but claims, as `{type, id, names, former_ids, identifiers}`."""
    drawn = []
    for type in REQUIRED:
        ids = draw(st.lists(st.sampled_from(IDS), max_size=4, unique=True))
        formers = draw(st.permutations(FORMERS))
        identifiers = draw(st.permutations(IDENTIFIERS))
        for id in ids:
            names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
            drawn.append(
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
    return draw(st.permutations(drawn))


def seed_record(record: dict) -> dict:
    """A drawn record as seed files have it."""
    name_field = {"source": "title", "position": "text"}.get(record["type"], "name")
    seed = {
        "type": record["type"],
        "id": record["id"],
        name_field: record["names"][0],
        "former_ids": record["former_ids"],
        "identifiers": [
            dict(zip(("scheme", "identifier"), identifier.split(":", 1), strict=True))
            for identifier in record["identifiers"]
        ],
        **REQUIRED[record["type"]],
    }
    return {**seed, "aliases": record["names"][1:]} if name_field == "name" else seed


def search_all(records: list[dict], query: NameQuery) -> tuple[str, list[tuple[str, str]]]:
    """The tier and the (type, id)s that a query matches: the test oracle, which reads them all."""
    types, text, by_name = query.types, query.text, not query.id_only
    prefix, colon, rest = text.partition(":")
    if colon and rest and prefix in types and prefix in ("actor", "organization"):
        types, text, by_name = (prefix,), rest, False
    words = set(fold(text).split())
    tiers = {
        "id": lambda record: text in [record["id"], *record["former_ids"], *record["identifiers"]],
        "name": lambda record: by_name and fold(text) in map(fold, record["names"]),
        "spelling": lambda record: (
            by_name
            and any(set(spelling_keys(text)) & set(spelling_keys(name)) for name in record["names"])
        ),
        "words": lambda record: (
            by_name and words and any(words <= set(fold(name).split()) for name in record["names"])
        ),
    }
    for tier, matches in tiers.items():
        keys = [
            (record["type"], record["id"])
            for record in records
            if record["type"] in types and matches(record)
        ]
        if keys and tier == "name" and script_key(text):
            same_letters = [
                (record["type"], record["id"])
                for record in records
                if (record["type"], record["id"]) in keys
                and script_key(text) in map(script_key, record["names"])
            ]
            keys = same_letters or keys
        if keys:
            return tier, keys
    return "none", []


def load_records(records: list[dict]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.jsonl"
        lines = [json.dumps(seed_record(record)) for record in records]
        path.write_text("\n".join(lines), encoding="utf-8")
        load_files([path])


TYPES = [*((type,) for type in REQUIRED), ("actor", "organization"), ("organization", "actor")]


@st.composite
def queries(draw: Callable, records: list[dict]) -> NameQuery:
    """A query that mostly names one of the records."""
    record = draw(st.sampled_from(records))
    exact = [record["id"], *record["names"], *record["former_ids"], *record["identifiers"]]
    words = fold(" ".join(record["names"])).split()
    text = draw(
        st.sampled_from(exact)
        | st.lists(st.sampled_from(words or ["x"]), max_size=3).map(" ".join)
        | st.sampled_from([*NAMES, *IDS, *FORMERS, *IDENTIFIERS])
    )
    prefix = draw(st.sampled_from(["", "", "", "actor:", "organization:"]))
    types = draw(
        st.sampled_from([types for types in TYPES if record["type"] in types])
        | st.sampled_from(TYPES)
    )
    id_only = draw(st.sampled_from([False, False, False, True]))
    return NameQuery(prefix + text, types, draw(st.booleans()), id_only)


@given(st.data())
@settings(derandomize=True, deadline=None, database=None, max_examples=int(150 * EXAMPLES))
def test_names_resolve_to_what_a_search_of_all_records_matches(data: st.DataObject) -> None:
    drawn = data.draw(records())
    name_queries = data.draw(st.lists(queries(drawn), max_size=8)) if drawn else []
    names = {(record["type"], record["id"]): record["names"][0] for record in drawn}
    with scratch():
        load_records(drawn)
        resolved = resolve_names(name_queries)
        assert [name.query for name in resolved] == name_queries
        assert [
            (name.tier, [(match.type, match.id) for match in name.matches]) for name in resolved
        ] == [search_all(drawn, query) for query in name_queries]
        for name in resolved:
            for match in name.matches + name.suggestions:
                assert match.name == names[match.type, match.id]
            assert not (name.matches and name.suggestions)
            assert len(name.suggestions) <= 5
        # neither the other queries nor their order change a result
        assert resolve_names(name_queries[::-1]) == resolved[::-1]
        assert [resolve_names([query])[0] for query in name_queries] == resolved


ACTOR, PARTY = ("actor",), ("actor", "organization")


def test_a_broad_name_reads_few_rows_and_takes_none_from_others(load: Callable) -> None:
    actors = [{"id": f"lee-{n}", "name": "Ann Lee"} for n in range(300)]
    actors += [{"id": f"xi-{n}", "name": "Xi Jin-Ping"} for n in range(300)]
    actors += [{"id": f"li-{n}", "name": "刘莉"} for n in range(150)]
    load(actors=[*actors, {"id": "ann-lee", "name": "Ann"}, {"id": "liu", "name": "刘丽"}])
    # (name, tier, ids; None: too many)
    cases = [
        ("ann lee", "name", None),
        ("ann-lee", "id", ["ann-lee"]),
        ("xijinping", "spelling", None),
        ("lee-299", "id", ["lee-299"]),
        ("Ann", "name", ["ann-lee"]),
        ("刘莉", "name", None),
        ("刘丽", "name", ["liu"]),
        ("lee", "words", None),
    ]
    resolved = resolve_names([NameQuery(name, ("actor", "topic")) for name, _, _ in cases])
    for name, (text, tier, ids) in zip(resolved, cases, strict=True):
        assert (name.query.text, name.tier, name.too_broad) == (text, tier, ids is None)
        if ids is None:
            assert len(name.matches) == 101
        else:
            assert [match.id for match in name.matches] == ids


@pytest.mark.parametrize(
    ("text", "types", "tier", "ids"),
    [
        ("us", PARTY, "id", ["organization:us"]),
        ("U.S.", PARTY, "name", ["organization:us"]),
        ("usa", PARTY, "name", ["organization:us"]),
        ("u s a", PARTY, "spelling", ["organization:us"]),
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
def test_the_first_tier_that_matches_decides(
    load: Callable, text: str, types: tuple, tier: str, ids: list[str]
) -> None:
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
    (resolved,) = resolve_names([NameQuery(text, types)])
    assert resolved.tier == tier
    assert [f"{match.type}:{match.id}" for match in resolved.matches] == ids


@pytest.mark.parametrize("text", ["Minister", "minister of"], ids=["one word", "two words"])
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
def test_a_name_that_matches_over_a_hundred_records_is_too_broad(
    load: Callable, text: str, names: Callable, tier: str, count: int, too_broad: bool
) -> None:
    load(
        actors=[{"id": f"a{n}", "name": names(n)[0], "aliases": names(n)[1:]} for n in range(count)]
    )
    resolved = resolve_names([NameQuery(text, ACTOR), NameQuery("nobody at all", ACTOR)])[0]
    assert (resolved.tier, resolved.too_broad) == (tier, too_broad)
    if not too_broad:
        assert [match.id for match in resolved.matches] == [f"a{n}" for n in range(count)]


def test_the_limit_of_rows_does_not_hide_that_a_name_is_too_broad(load: Callable) -> None:
    """All queries of a statement share its limit of rows."""
    load(
        actors=[{"id": f"m{n}", "name": f"Minister {n}"} for n in range(300)]
        + [{"id": f"k{n}", "name": f"King {n}"} for n in range(60)]
    )
    for texts in (["minister", "king"], ["king", "minister"]):
        resolved = resolve_names([NameQuery(text, ACTOR) for text in texts])
        assert any(name.too_broad for name in resolved)
    assert len(resolve_names([NameQuery("king", ACTOR)])[0].matches) == 60


STATISTICS = {"name_key": "519520 1001 1001 1001 1 1", "name_key_record": "224200 4"}


@on_sqlite
@pytest.mark.parametrize("step", ["resolve", "suggest"])
@pytest.mark.parametrize("has_common_words", [False, True])
def test_a_name_is_looked_up_in_an_index(load: Callable, step: str, has_common_words: bool) -> None:
    load(actors=[{"id": f"a{n}", "name": f"Anna{n} Smith"} for n in range(2000)])
    if has_common_words:
        database.execute_sql("ANALYZE")
        # the statistics of 50,000 names of 500 words, by which other keys seem common, too
        for index, stat in STATISTICS.items():
            database.execute_sql("DELETE FROM sqlite_stat1 WHERE idx = ?", (index,))
            database.execute_sql(
                "INSERT INTO sqlite_stat1 VALUES ('name_key', ?, ?)", (index, stat)
            )
        database.execute_sql("ANALYZE sqlite_schema")
    name = ResolvedName(NameQuery("Anna7", ("actor",)))
    if step == "resolve":
        sql = RESOLVE.format(
            queries=database.packed_rows(**QUERY_COLUMNS), limit=101, position=database.position
        )
        parameters = [database.pack(query_rows([name]))]
    else:
        sql, *parameters = suggestion_query([name.query])
    plan = fetch_all(f"EXPLAIN QUERY PLAN {sql}", *parameters)
    assert [step for *_, step in plan if "BLOOM" in step or "SCAN name_key" in step] == []
