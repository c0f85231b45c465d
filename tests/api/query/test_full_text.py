"""Full-text search: `q` against plain search, relevance, and inputs that are no words."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.list_parameters import FACETS, LISTS, Query, url
from tests.api.oracle import Made
from tests.api.plain_records import words_of
from tests.api.random_queries import queries
from tests.api.world import ids_of, pages
from tests.conftest import Load
from tests.engines import EXAMPLES


def text_queries(made: Made, section: str) -> st.SearchStrategy[str]:
    """Words, phrases, prefixes and exclusions from the texts of a list's records."""
    texts = [
        words
        for record in made.oracle.sections[section]
        for text in made.oracle.texts(section, record)
        if (words := words_of(text))
    ]

    def part(text: list[str], first: int, length: int, form: str) -> str:
        words = text[first % len(text) :][:length]
        if form == "phrase":
            return f'"{" ".join(words)}"'
        if form == "prefix":
            return f"{words[0][: max(1, len(words[0]) - length)]}*"
        return words[0].upper()

    term = st.builds(
        lambda sign, *of_part: sign + part(*of_part),
        st.sampled_from(["", "", "-"]),
        st.sampled_from(texts),
        st.integers(0, 20),
        st.integers(1, 4),
        st.sampled_from(["word", "phrase", "prefix"]),
    )
    return st.lists(term, min_size=1, max_size=3).map(" ".join)


@pytest.mark.parametrize("section", LISTS)
@settings(
    max_examples=int(60 * EXAMPLES),
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_lists_agree_with_plain_search(
    dataset_made: Made, section: str, data: st.DataObject
) -> None:
    query: Query = [("q", data.draw(text_queries(dataset_made, section), label="q"))]
    if data.draw(st.booleans(), label="filtered"):
        filters = data.draw(queries(dataset_made.oracle.values, section), label="filters")
        query += [pair for pair in filters if pair[0] not in ("q", "from_date", "to_date")]
    expected = dataset_made.oracle.ids(section, query)
    fetched = pages(dataset_made.client, url(section, query), data.draw(st.integers(1, 7)))
    assert ids_of(*fetched) == expected, url(section, query)
    assert {page["meta"]["total"] for page in fetched} == {len(expected)}
    ranked = pages(dataset_made.client, url(section, [*query, ("sort", "relevance")]), 3)
    assert sorted(ids_of(*ranked)) == sorted(expected)
    assert {page["meta"]["ranked"] for page in ranked} == {None}
    facet = data.draw(st.sampled_from(FACETS[section]), label="facet")
    page = dataset_made.client.get(url(section, [*query, ("facet", facet), ("limit", "1")])).json
    assert page["meta"]["facets"][facet] == dataset_made.oracle.facet(section, query, facet)


# query: status and code, or the number of actors that match
INPUTS: dict[str, Any] = {
    "": (422, "invalid-value"),
    "%20": (422, "invalid-value"),
    "a" * 500: 0,
    "a" * 501: (422, "invalid-value"),
    "a" * 10_000: (414, "uri-too-long"),
    "%00": (400, "bad-encoding"),
    "a%00b": (400, "bad-encoding"),
    "%FF": (400, "bad-encoding"),
    "%22": 0,
    "%22%22": 0,
    "*": 0,
    "-": 0,
    "--": 0,
    "-%22": 0,
    ":*": 0,
    "%26%7C!": 0,
    "%5C": 0,
    "'": 0,
    "')%20OR%201=1%20--": 0,
    "AND%20OR%20NOT%20NEAR(": 0,
    "NEAR(mark%20rutte)": 0,
    "mark%20AND%20rutte": 0,
    "words:mark": 0,
    "words%20:%20mark%5E2": 0,
    "mark": 1,
    "MARK": 1,
    "m": 0,
    "m*": 2,
    "mar*": 1,
    "rutte,%20mark": 1,
    "(mark)": 1,
    "{mark}": 1,
    "+mark": 1,
    "the": 1,
    "%D9%85%D8%AD%D9%85%D8%AF": 1,
    "%E2%80%AE%D9%85%D8%AD%D9%85%D8%AF%E2%80%AC": 1,
    "%F0%9F%99%82": 0,
    "mark%20%F0%9F%99%82": 1,
    "-mark": 1,
    "%20".join(["mark"] * 100): 1,
    "%20".join(f"-{n}" for n in range(100)): 2,
    "%20".join(map(str, range(120))): 0,
    "%20".join(f"{n}*" for n in range(100)): 0,
    "%22" + "%20".join("a" * 240) + "%22": 0,
    "%E4%BA%AC" * 500: 0,
}


@pytest.mark.parametrize(
    ("text", "answer"), INPUTS.items(), ids=[text[:40] or "empty" for text in INPUTS]
)
def test_an_input(load: Load, client: FlaskClient, text: str, answer: Any) -> None:
    load(
        actors=[
            {"id": "rutte", "name": "Mark Rutte", "aliases": ["The Secretary"]},
            {"id": "muhammad", "name": "محمد"},
        ]
    )
    for sort in ("name", "relevance"):
        response = client.get(f"/v1/actors?q={text}&sort={sort}")
        if isinstance(answer, int):
            assert response.status_code == 200, response.text
            assert response.json["meta"]["total"] == len(response.json["data"]) == answer
        else:
            assert (response.status_code, response.json["code"]) == answer


NAMES = {
    "erdogan": "Recep Tayyip ERDOĞAN",
    "ERDOĞAN": "recep tayyip erdogan",
    "Işık": "Isik",
    "isik": "AYŞE IŞIK",
    "Strauß": "Franz Josef Strauss",
    "strauss": "Strauß",
    "obrien": "Seán O’Brien",
    "xijinping": "习近平",
    "习近": "习近平",
    "aero": "Ærø",
    "lukasz": "Łukasz",
    "duric": "Đurić",
    "mitsotakis": "Κυριάκος Μητσοτάκης",
    "Путин": "Vladimir Putin",
    "putin": "Владимир Путин",
    "محمد": "مُحَمَّد",
    "京": "北京",
    "北京": "中国北京市",
    "ワ": "東京タワー",
}


def test_names_in_all_scripts_are_found(load: Load, client: FlaskClient) -> None:
    load(actors=[{"id": f"a-{n}", "name": name} for n, name in enumerate(NAMES.values())])
    for n, query in enumerate(NAMES):
        page = client.get("/v1/actors", query_string={"q": query}).json
        assert f"a-{n}" in ids_of(page), query


def test_a_long_source_loses_no_word(load: Load, client: FlaskClient) -> None:
    """PostgreSQL limits the positions of a word, the last position, and the bytes of a text."""
    many_words = " ".join(f"w{n:x}" for n in range(120_000))
    texts = {
        "repeated": "yes " * 20_000 + "yes indeed it ends here",
        "distinct": f"{many_words} and it ends there",
        "endless": "x" * 300_000 + " ends",
    }
    load(sources=[{"id": id, "title": id, "kind": "other", "text": t} for id, t in texts.items()])
    for query, ids in {
        "ends": ["distinct", "endless", "repeated"],
        '"yes indeed it ends here"': ["repeated"],
        '"yes yes yes indeed"': ["repeated"],
        '"it ends"': ["distinct", "repeated"],
        '"ends it"': [],
        "w1d4bf": ["distinct"],
        '"w1d4be w1d4bf and"': ["distinct"],
        "w1d4b*": ["distinct"],
        "nowhere": [],
        "ends -yes": ["distinct", "endless"],
        "ends -w1d4bf": ["endless", "repeated"],
        '-"it ends"': ["endless"],
        "x" * 100: ["endless"],
    }.items():
        for sort in ("name", "relevance"):
            page = client.get("/v1/sources", query_string={"q": query, "sort": sort}).json
            assert sorted(ids_of(page)) == ids, query


CLAIMS = [
    {"id": f"c-{n}", "text": text, "actor": "ann", "date": f"2025-01-{n + 1:02}"}
    for n, text in enumerate(
        ["tax", "tax tax tax", "a tax in a very long sentence about many other things", "no", "tax"]
    )
]


def test_relevance_ranks_the_newest_matches(
    load: Load, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(actors=[{"id": "ann", "name": "Ann"}], claims=CLAIMS)
    page = client.get("/v1/claims?q=tax&sort=relevance").json
    assert page["meta"]["ranked"] is None
    assert ids_of(page)[0] == "c-1"
    assert set(ids_of(page)) == {"c-0", "c-1", "c-2", "c-4"}
    for module in ("models.queries.pages", "api.v1.lists"):
        monkeypatch.setattr(f"{module}.MAX_RANKED", 2)
    # another version, since what was counted is cached
    load(actors=[{"id": "bob", "name": "Bob"}])
    fetched = pages(client, "/v1/claims?q=tax&sort=relevance&count=none", 1)
    assert sorted(ids_of(*fetched)) == ["c-2", "c-4"]
    assert [page["meta"]["ranked"] for page in fetched] == [2, 2]
    page = client.get("/v1/claims?q=tax&sort=relevance&limit=1").json
    assert (page["meta"]["total"], page["meta"]["ranked"]) == (4, 2)
    assert client.get("/v1/claims?q=tax").json["meta"]["ranked"] is None


def test_a_cursor_by_relevance_is_of_one_version(load: Load, client: FlaskClient) -> None:
    load(actors=[{"id": "ann", "name": "Ann"}], claims=CLAIMS)
    cursors = {
        sort: client.get(f"/v1/claims?q=tax&limit=1&sort={sort}").json["meta"]["next_cursor"]
        for sort in ("relevance", "-date")
    }
    load(actors=[{"id": "bob", "name": "Bob"}])
    statuses = {
        sort: client.get(f"/v1/claims?q=tax&limit=1&sort={sort}&cursor={cursor}").json.get("code")
        for sort, cursor in cursors.items()
    }
    assert statuses == {"relevance": "bad-cursor", "-date": None}


@pytest.mark.parametrize("section", LISTS)
def test_relevance_needs_words(world: FlaskClient, section: str) -> None:
    response = world.get(f"/v1/{section}?sort=relevance")
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    assert response.json["errors"][0]["parameter"] == "sort"
    # exclusions alone rank nothing: the default order
    by_relevance = pages(world, f"/v1/{section}?q=-nowhere&sort=relevance", 2)
    assert ids_of(*by_relevance) == ids_of(*pages(world, f"/v1/{section}", 2))


# list, query, highlights: (id, path, the highlighted parts)
HIGHLIGHTS = [
    ("claims", "rutte five", [("spend", "text", "Rutte|five"), ("spend", "reports.1.exact", "five"),
                              ("spend", "quote", "five"), ("spend", "actor.name", "Rutte")]),
    ("claims", "atlantic declare", [("communique", "text", "declare"),
                                    ("communique", "quote", "declare"),
                                    ("communique", "reports.0.exact", "declare")]),
    ("claims", "nato", [("communique", "organization.name", "NATO")]),
    ("claims", "rutte -percent", [("oppose", "text", "Rutte"), ("oppose", "actor.name", "Rutte")]),
    ("claims", "-rutte", []),
    ("actors", "secretary", [("rutte", "aliases.0", "Secretary")]),
    ("actors", "dutch", [("rutte", "description", "Dutch")]),
    ("positions", "goal", [("five-percent", "label", "goal")]),
    ("sources", "herald", [("herald-report", "title", "Herald")]),
]  # fmt: skip


@pytest.mark.parametrize(("section", "query", "parts"), HIGHLIGHTS)
def test_highlights(world: FlaskClient, section: str, query: str, parts: list) -> None:
    page = world.get(url(section, [("q", query), ("highlight", "true")])).json
    documents = {document["id"]: document for document in page["data"]}
    highlighted = []
    for highlight in page["meta"]["highlights"]:
        text = highlight["text"]
        value = documents[highlight["id"]]
        for step in highlight["path"].split("."):
            value = value[int(step) if isinstance(value, list) else step]
        assert value == text
        assert highlight["type"] == section.removesuffix("s")
        highlighted.append(
            (highlight["id"], highlight["path"],
             "|".join(text[first:last] for first, last in highlight["ranges"]))
        )  # fmt: skip
    assert sorted(highlighted) == sorted(parts)
    for parameters in ([("q", query)], [("highlight", "true")], [("highlight", "false")]):
        assert world.get(url(section, parameters)).json["meta"]["highlights"] == []


def test_highlights_inside_a_source(world: FlaskClient) -> None:
    """At most half of the text is shown."""
    page = world.get("/v1/sources?q=never&highlight=true&fields=id").json
    assert page["data"] == [{"id": "aa"}]
    (highlight,) = page["meta"]["highlights"]
    assert highlight == {
        "type": "source",
        "id": "aa",
        "path": "text",
        "text": "w - or never & ever,” he said.",
        "ranges": [[7, 12]],
    }
    assert "text" not in world.get("/v1/sources/aa").json
