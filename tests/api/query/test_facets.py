"""Facets: how many records of a list have each value of a filter."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import orjson
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.list_parameters import FACETS, LISTS, PRECISION, Query, url
from tests.api.oracle import Made
from tests.api.random_queries import queries
from tests.api.world import ids_of, pages

random_queries = settings(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def meta(client: FlaskClient, list_url: str) -> dict:
    response = client.get(list_url)
    assert response.status_code == 200, response.text
    return orjson.loads(response.data)["meta"]


def facets_of(client: FlaskClient, list_url: str) -> dict[str, dict]:
    return meta(client, list_url)["facets"]


def counts(facet: dict) -> str:
    """A facet's values as text: `nato 3, tuerkiye 1`."""
    return ", ".join(f"{value['id']} {value['count']}" for value in facet["values"])


def draw_query(data: st.DataObject, made: Made, section: str) -> Query:
    """Filters that a list accepts together, or none."""
    strategy = st.one_of(st.just([]), queries(made.oracle.values, section))
    query = data.draw(strategy, label="query")
    dates = {name for name, _ in query if name in ("from_date", "to_date")}
    return [(name, value) for name, value in query if len(dates) < 2 or name != "to_date"]


@pytest.mark.parametrize("section", LISTS)
@random_queries
@given(data=st.data())
def test_facets_agree_with_the_oracle(dataset_made: Made, section: str, data: st.DataObject):
    query = draw_query(data, dataset_made, section)
    with_facets = [*query, ("facet", ",".join(FACETS[section])), ("limit", "1")]
    facets = facets_of(dataset_made.client, url(section, with_facets))
    for name in FACETS[section]:
        expected = dataset_made.oracle.facet(section, query, name)
        assert facets[name] == expected, (name, url(section, query))


@pytest.mark.parametrize("section", LISTS)
@random_queries
@given(data=st.data())
def test_count_is_the_total_of_the_list_filtered_by_the_value(
    dataset_made: Made, section: str, data: st.DataObject
):
    query = draw_query(data, dataset_made, section)
    client = dataset_made.client
    used = {name for name, _ in query}
    unused = [name for name in FACETS[section] if not {name, filter_of(name)} & used]
    if not unused:
        return
    name = data.draw(st.sampled_from(unused), label="facet")
    list_meta = meta(client, url(section, [*query, ("facet", name), ("limit", "1")]))
    values = list_meta["facets"][name]["values"]
    for value in values[:3] + values[-1:]:
        narrowed = [*query, (filter_of(name), value["id"])]
        assert meta(client, url(section, narrowed))["total"] == value["count"], url(
            section, narrowed
        )
    assert list_meta["facets"][name]["missing"] <= list_meta["total"]


@pytest.mark.parametrize(
    ("filter", "name"),
    [("position", "stance"), ("source", "publisher")],
    ids=["stance", "publisher"],
)
def test_match_all_counts_values_that_every_row_has(dataset_made: Made, filter: str, name: str):
    client, oracle = dataset_made
    compared_values = 0
    ids = [record["id"] for record in oracle.sections[f"{filter}s"]]
    for first, second in combinations(ids, 2):
        query = [("match", "all"), (filter, first), (filter, second)]
        facet = facets_of(client, url("claims", [*query, ("facet", name)]))[name]
        assert facet == oracle.facet("claims", query, name), url("claims", query)
        for value in facet["values"]:
            narrowed = [*query, (name, value["id"])]
            assert meta(client, url("claims", narrowed))["total"] == value["count"]
            compared_values += 1
    assert compared_values


def filter_of(name: str) -> str:
    """The filter that takes a facet's values."""
    return "date" if name in PRECISION else name


def test_random_dataset_has_many_values_and_broader_languages(dataset_made: Made):
    oracle = dataset_made.oracle
    assert oracle.facet("claims", [], "about")["groups"] > 15
    languages = {value["id"] for value in oracle.facet("claims", [], "language")["values"]}
    assert {"en", "en-GB", "zh", "zh-Hant", "zh-Hant-TW"} <= languages
    assert (
        oracle.facet("claims", [], "month")["missing"]
        > (oracle.facet("claims", [], "year")["missing"])
    )


# path and query, facet, groups, missing, values
TABLE = [
    ("claims", "actor", 6, 1, "rutte 2, erdogan 1, isik-a 1, isik-b 1, obrien 1, protesters 1"),
    ("claims", "organization", 4, 2, "nato 3, tuerkiye 1, turkish-mfa 1, unity-party 1"),
    ("claims", "event", 4, 3, "summit 3, campaign 1, interview 1, session 1"),
    ("claims", "source", 5, 2, "aa 3, declaration 2, reprint 2, herald-report 1, leaf 1"),
    ("claims", "publisher", 4, 3, "anadolu 3, daily 2, nato 2, herald 1"),
    # a topic counts the claims of its narrower topics
    ("claims", "topic", 4, 3, "defence 4, energy 3, spending 3, procurement 1"),
    ("claims", "position", 3, 3, "five-percent 3, join 3, pipelines 3"),
    (
        "claims", "about", 4, 4,
        "organization:nato 2, actor:protesters 1, actor:rutte 1, organization:tuerkiye 1",
    ),
    (
        "claims", "addressee", 4, 5,
        "actor:erdogan 1, actor:rutte 1, organization:nato 1, organization:tuerkiye 1",
    ),
    (
        "claims", "form", 7, 0,
        "speech 2, declaration 1, interview 1, post 1, protest 1, vote 1, written-statement 1",
    ),
    ("claims", "stance", 3, 3, "oppose 3, support 3, neutral 2"),
    ("claims", "status", 2, 0, "coded 7, verified 1"),
    # `en` counts en-GB
    ("claims", "language", 3, 5, "en 2, de 1, en-GB 1"),
    ("claims", "year", 3, 1, "2025 5, 2024 1, 2026 1"),
    # a year alone has no month
    ("claims", "month", 4, 2, "2025-05 3, 2024-12 1, 2025-06 1, 2026-01 1"),
    ("claims", "coder", 2, 6, "Ann 1, ann 1"),
    ("claims", "role", 4, 4, "a guest 1, member 1, president 1, secretary general 1"),
    ("claims", "reviewer", 2, 6, "factcheck 2, daily 1"),
    ("claims", "rating", 2, 6, "half true 2, ★★ 1"),
    ("claims", "verdict", 3, 6, "false 1, mixed 1, mostly-true 1"),
    ("claims?reviewer=daily", "verdict", 1, 0, "false 1"),
    ("claims?reviewer=daily", "rating", 1, 0, "★★ 1"),
    ("claims?verdict=mixed", "rating", 1, 0, "half true 1"),
    # facet and filter look at the same row: the stance on that position, that source's publisher
    ("claims?position=join", "stance", 3, 0, "neutral 1, oppose 1, support 1"),
    ("claims?position=join&position=pipelines", "stance", 3, 0, "neutral 2, oppose 2, support 2"),
    ("claims?position=five-percent&stance=oppose", "stance", 1, 0, "oppose 1"),
    ("claims?stance=neutral", "position", 2, 0, "join 1, pipelines 1"),
    ("claims?stance=oppose&position=five-percent", "position", 1, 0, "five-percent 1"),
    ("claims?position=!join", "stance", 2, 3, "oppose 1, support 1"),
    ("claims?source=reprint", "publisher", 1, 0, "daily 2"),
    ("claims?publisher=anadolu", "source", 1, 0, "aa 3"),
    ("claims?source=leaf", "publisher", 0, 1, ""),
    ("claims?attribution=direct", "source", 3, 0, "aa 1, declaration 1, reprint 1"),
    ("claims?attribution=direct", "publisher", 3, 0, "anadolu 1, daily 1, nato 1"),
    ("claims?source=!aa", "publisher", 2, 3, "herald 1, nato 1"),
    # the filter of the facet itself narrows the records, not the values
    ("claims?topic=energy", "topic", 3, 0, "energy 3, defence 2, spending 1"),
    ("claims?source=aa", "source", 3, 0, "aa 3, reprint 2, declaration 1"),
    ("claims?about=rutte", "about", 2, 0, "actor:rutte 1, organization:nato 1"),
    ("claims?actor=rutte", "actor", 1, 0, "rutte 2"),
    ("claims?language=en-GB", "language", 2, 0, "en 1, en-GB 1"),
    ("claims?date=2025-05", "month", 1, 0, "2025-05 3"),
    ("claims?date=2025", "month", 2, 1, "2025-05 3, 2025-06 1"),
    ("claims?actor=Mark Rutte&topic=Defense", "language", 2, 0, "en 2, en-GB 1"),
    ("claims?has=review", "event", 1, 1, "interview 1"),
    ("claims?has=!event", "event", 0, 3, ""),
    ("claims?match=all&position=join&position=five-percent", "stance", 0, 2, ""),
    ("claims?match=all&position=pipelines&position=five-percent", "stance", 1, 0, "support 1"),
    ("claims?match=all&source=aa&source=reprint", "publisher", 0, 2, ""),
    ("claims?match=all&source=aa&source=reprint", "source", 2, 0, "aa 2, reprint 2"),
    (
        "claims?match=all&topic=defence&topic=energy", "topic", 3, 0,
        "defence 2, energy 2, spending 1",
    ),
    ("claims?match=all&position=join", "stance", 3, 0, "neutral 1, oppose 1, support 1"),
    # drafts count only under status=draft
    ("claims?coder=ann", "status", 1, 0, "coded 1"),
    ("claims?status=draft", "status", 1, 0, "draft 1"),
    ("claims?status=draft&status=coded&coder=ann", "status", 2, 0, "coded 1, draft 1"),
    ("claims?status=draft", "topic", 2, 0, "defence 1, spending 1"),
    ("claims?status=withdrawn", "actor", 1, 0, "official 1"),
    # no records match
    ("claims?actor=nobody", "actor", 0, 0, ""),
    ("claims?actor=kaya", "topic", 0, 0, ""),
    ("claims?actor=kaya", "year", 0, 0, ""),
    ("claims?actor=kaya", "language", 0, 0, ""),
    ("actors", "organization", 3, 4, "nato 3, unity-party 2, tuerkiye 1"),
    ("actors?role=general", "organization", 1, 0, "nato 2"),
    ("actors?as_of=2025-05-14", "organization", 3, 0, "nato 2, tuerkiye 1, unity-party 1"),
    ("actors", "event", 4, 4, "summit 3, session 2, campaign 1, interview 1"),
    ("actors", "topic", 4, 5, "defence 2, energy 2, spending 2, procurement 1"),
    ("actors", "position", 3, 5, "join 2, pipelines 2, five-percent 1"),
    ("actors", "source", 5, 4, "aa 3, reprint 2, declaration 1, herald-report 1, leaf 1"),
    ("actors", "kind", 3, 0, "person 6, group 1, unnamed 1"),
    # one claim passes the other filters by claims and has the value
    ("actors?event=summit", "topic", 1, 2, "energy 1"),
    ("actors?source=aa", "topic", 3, 1, "defence 1, energy 1, spending 1"),
    ("actors?stance=oppose", "position", 3, 0, "five-percent 1, join 1, pipelines 1"),
    ("actors?topic=defence", "event", 1, 1, "interview 1"),
    ("actors?kind=group", "source", 2, 0, "aa 1, reprint 1"),
    ("organizations", "parent", 2, 8, "norway 1, tuerkiye 1"),
    ("organizations", "actor", 4, 7, "obrien 2, rutte 2, erdogan 1, kaya 1"),
    ("organizations", "event", 3, 6, "interview 2, summit 2, campaign 1"),
    ("organizations", "topic", 4, 7, "energy 3, defence 2, spending 2, procurement 1"),
    ("organizations", "position", 3, 7, "pipelines 3, join 2, five-percent 1"),
    ("organizations", "source", 5, 7, "aa 2, declaration 2, herald-report 1, leaf 1, reprint 1"),
    (
        "organizations", "kind", 7, 0,
        "media 3, state 2, alliance 1, company 1, government 1, ngo 1, party 1",
    ),
    ("organizations?country=Turkey", "kind", 3, 0, "government 1, media 1, state 1"),
    ("events", "parent", 1, 4, "summit 1"),
    ("events", "actor", 4, 1, "erdogan 2, protesters 2, rutte 2, obrien 1"),
    ("events", "organization", 4, 2, "nato 2, anadolu 1, tuerkiye 1, unity-party 1"),
    ("events", "topic", 3, 3, "defence 2, energy 1, spending 1"),
    ("events", "position", 3, 2, "five-percent 2, join 2, pipelines 2"),
    ("events", "kind", 4, 0, "meeting 2, election 1, interview 1, summit 1"),
    ("sources", "publisher", 4, 2, "anadolu 1, daily 1, herald 1, nato 1"),
    ("sources", "origin", 1, 5, "anadolu 1"),
    ("sources", "actor", 4, 1, "rutte 3, erdogan 2, protesters 2, isik-b 1"),
    ("sources", "event", 3, 3, "summit 3, interview 2, session 2"),
    ("sources", "organization", 3, 1, "nato 4, tuerkiye 2, turkish-mfa 1"),
    ("sources", "position", 3, 2, "five-percent 4, join 3, pipelines 2"),
    ("sources", "topic", 4, 1, "defence 5, spending 4, energy 3, procurement 1"),
    ("sources", "kind", 5, 0, "article 2, declaration 1, other 1, post 1, report 1"),
    ("topics", "parent", 2, 2, "defence 1, spending 1"),
    ("topics", "actor", 3, 0, "isik-b 3, rutte 3, erdogan 1"),
    ("topics", "organization", 3, 0, "nato 4, turkish-mfa 3, tuerkiye 1"),
    ("topics", "event", 2, 1, "interview 2, summit 2"),
    ("positions", "topic", 4, 1, "defence 2, spending 2, energy 1, procurement 1"),
    ("positions", "actor", 3, 0, "obrien 2, rutte 2, erdogan 1"),
    ("positions", "organization", 3, 0, "nato 3, unity-party 2, tuerkiye 1"),
    # lists below another record
    ("actors/rutte/claims", "position", 2, 0, "five-percent 2, join 2"),
    ("positions/join/claims", "stance", 3, 0, "neutral 1, oppose 1, support 1"),
    ("sources/aa/claims", "publisher", 1, 0, "anadolu 3"),
    ("organizations/nato/actors?role=deputy", "kind", 1, 0, "person 2"),
    ("topics/energy/claims", "topic", 3, 0, "energy 3, defence 2, spending 1"),
    ("topics/defence/positions", "actor", 3, 0, "erdogan 1, obrien 1, rutte 1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "name", "groups", "missing", "values"),
    TABLE,
    ids=[f"{path} {name}" for path, name, *_ in TABLE],
)
def test_facet(world: FlaskClient, path: str, name: str, groups: int, missing: int, values: str):
    separator = "&" if "?" in path else "?"
    facets = facets_of(world, f"/v1/{path}{separator}facet={name}")
    assert facets.keys() == {name}
    assert (counts(facets[name]), facets[name]["groups"], facets[name]["missing"]) == (
        values,
        groups,
        missing,
    )


@pytest.mark.parametrize("section", LISTS)
def test_table_has_every_facet(section: str):
    assert {name for path, name, *_ in TABLE if path == section} == {*FACETS[section]}, (
        f'add a row ("{section}", facet, …) to TABLE in tests/api/query/test_facets.py'
    )


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("claims", "actor", {"id": "erdogan", "name": "Recep Tayyip Erdoğan", "count": 1}),
        ("claims", "about", {"id": "organization:nato", "name": "NATO", "count": 2}),
        ("claims", "addressee", {"id": "actor:rutte", "name": "Mark Rutte", "count": 1}),
        ("claims", "source", {"id": "aa", "name": "Interview with Rutte", "count": 3}),
        ("claims", "publisher", {"id": "daily", "name": "The Daily", "count": 2}),
        ("claims", "position", {"id": "join", "name": "Ukraine will join.", "count": 3}),
        ("claims", "event", {"id": "summit", "name": "The Summit", "count": 3}),
        ("claims", "form", {"id": "written-statement", "name": "written-statement", "count": 1}),
        ("claims", "stance", {"id": "oppose", "name": "oppose", "count": 3}),
        ("claims", "status", {"id": "verified", "name": "verified", "count": 1}),
        ("claims", "language", {"id": "en-GB", "name": "en-GB", "count": 1}),
        ("claims", "year", {"id": "2025", "name": "2025", "count": 5}),
        ("claims", "month", {"id": "2024-12", "name": "2024-12", "count": 1}),
        ("organizations", "parent", {"id": "tuerkiye", "name": "Türkiye", "count": 1}),
        ("topics", "parent", {"id": "defence", "name": "Defence", "count": 1}),
        ("sources", "origin", {"id": "anadolu", "name": "Anadolu Agency", "count": 1}),
        ("actors", "kind", {"id": "unnamed", "name": "unnamed", "count": 1}),
    ],
    ids=lambda value: value if isinstance(value, str) else value["id"],
)
def test_value_has_the_id_that_the_filter_accepts(
    world: FlaskClient, section: str, name: str, value: dict
):
    assert value in facets_of(world, f"/v1/{section}?facet={name}")[name]["values"]


def crowd(load: Callable, sizes: dict[str, int]) -> None:
    """Load organizations with this many claims: by them, about them, of their topic and year."""
    load(
        organizations=[
            {"id": id, "name": f"Name of {id}", "kind": "other"} for id in sorted(sizes)[::-1]
        ],
        topics=[{"id": id, "name": id} for id in sizes],
        claims=[
            {
                "id": f"{id}-{n}",
                "text": "C",
                "organization": id,
                "about": [{"organization": id}],
                "topics": [id],
                "date": f"{1990 + int(id[1:])}-02",
            }
            for id, size in sizes.items()
            for n in range(size)
        ],
    )


def test_facet_shows_the_twenty_largest_values_and_equals_by_id(
    load: Callable, client: FlaskClient
):
    sizes = {f"o{n:02}": 1 for n in range(25)} | {"o24": 3, "o11": 2, "o23": 2}
    crowd(load, sizes)
    ranked = ["o24", "o11", "o23", *(f"o{n:02}" for n in range(23) if n != 11)][:20]
    facets = facets_of(client, "/v1/claims?facet=organization,about,topic,year,month&limit=1")
    for name, facet in facets.items():
        assert (facet["groups"], facet["missing"]) == (25, 0)
        assert [value["count"] for value in facet["values"]] == [3, 2, 2, *[1] * 17]
        ids = [value["id"] for value in facet["values"]]
        prefix = "organization:" if name == "about" else ""
        if name not in PRECISION:
            assert ids == [f"{prefix}{id}" for id in ranked]
        else:
            month = "-02" if name == "month" else ""
            assert ids == [f"{1990 + int(id[1:])}{month}" for id in ranked]


@pytest.mark.parametrize(
    ("facet_limit", "shown"), [("0", 0), ("1", 1), ("3", 3), ("25", 25), ("1000", 25), (None, 20)]
)
def test_facet_limit_bounds_the_values_and_not_the_counts(
    load: Callable, client: FlaskClient, facet_limit: str | None, shown: int
):
    crowd(load, {f"o{n:02}": 1 for n in range(25)} | {"o24": 3, "o11": 2})
    query = "" if facet_limit is None else f"&facet_limit={facet_limit}"
    for limit in (1, 100):
        facets = facets_of(
            client, f"/v1/claims?facet=organization,about,topic,year,language&limit={limit}{query}"
        )
        language = facets.pop("language")
        assert language == {"groups": 0, "missing": 28, "values": []}
        for name, facet in facets.items():
            assert (facet["groups"], facet["missing"]) == (25, 0), name
            assert [value["count"] for value in facet["values"]] == [3, 2, *[1] * 23][:shown]


def test_broader_language_is_counted_before_the_twenty_largest_are_chosen(
    load: Callable, client: FlaskClient
):
    """Of 25 regions of one language, the language itself is the largest group."""
    regions = [f"{letter}A" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXY"]
    load(
        organizations=[{"id": "o", "name": "O", "kind": "other"}],
        claims=[
            {"id": f"c-{n}", "text": "C", "organization": "o", "language": f"en-{region}"}
            for n, region in enumerate(regions)
        ],
    )
    facet = facets_of(client, "/v1/claims?facet=language&limit=1")["language"]
    assert (facet["groups"], facet["missing"]) == (26, 0)
    assert [(value["id"], value["count"]) for value in facet["values"]] == [
        ("en", 25),
        *((f"en-{region}", 1) for region in regions[:19]),
    ]


def test_years_have_four_digits(load: Callable, client: FlaskClient):
    dates = ["0001", "0001-01-01", "0099-12", "0999", "1000-10-10", "9999-12-31", "2000-02"]
    load(
        organizations=[{"id": "o", "name": "O", "kind": "other"}],
        claims=[
            {"id": f"c-{n}", "text": "C", "organization": "o", "date": date}
            for n, date in enumerate(dates)
        ],
    )
    facets = facets_of(client, "/v1/claims?facet=year,month")
    assert counts(facets["year"]) == "0001 2, 0099 1, 0999 1, 1000 1, 2000 1, 9999 1"
    assert counts(facets["month"]) == "0001-01 1, 0099-12 1, 1000-10 1, 2000-02 1, 9999-12 1"
    assert (facets["year"]["missing"], facets["month"]["missing"]) == (0, 2)


def test_claim_with_a_value_twice_counts_once(load: Callable, client: FlaskClient):
    load(
        organizations=[{"id": "o", "name": "O", "kind": "other"}],
        topics=[
            {"id": "top", "name": "Top"},
            {"id": "one", "name": "One", "parent": "top"},
            {"id": "two", "name": "Two", "parent": "top"},
        ],
        positions=[{"id": "p", "text": "P"}, {"id": "q", "text": "Q"}],
        sources=[
            {"id": "s", "title": "S", "kind": "other", "publisher": "o"},
            {"id": "t", "title": "T", "kind": "other", "publisher": "o"},
        ],
        claims=[
            {
                "id": "c",
                "text": "C",
                "organization": "o",
                "topics": ["one", "two"],
                "positions": [{"position": id, "stance": "support"} for id in "pq"],
                "reports": [{"source": "s"}, {"source": "s"}, {"source": "t"}],
            }
        ],
    )
    facets = facets_of(client, "/v1/claims?facet=topic,stance,source,publisher")
    assert {name: counts(facet) for name, facet in facets.items()} == {
        "topic": "one 1, top 1, two 1",
        "stance": "support 1",
        "source": "s 1, t 1",
        "publisher": "o 1",
    }


# the claim's reports as letters: n has no publisher, p and q have one
@pytest.mark.parametrize(
    ("reports", "published"),
    [
        ("n", 0), ("p", 1), ("np", 1), ("pn", 1), ("nnp", 1), ("npp", 1), ("pnp", 1), ("pq", 1),
        ("npq", 1), ("", 0),
    ],
)  # fmt: skip
def test_claim_has_a_publisher_if_one_of_its_reports_has(
    load: Callable, client: FlaskClient, reports: str, published: int
):
    load(
        organizations=[{"id": id, "name": id, "kind": "other"} for id in "pq"],
        sources=[
            {"id": "n", "title": "N", "kind": "other"},
            {"id": "p", "title": "P", "kind": "other", "publisher": "p"},
            {"id": "q", "title": "Q", "kind": "other", "publisher": "q"},
        ],
        claims=[
            {
                "id": "c",
                "text": "C",
                "organization": "p",
                "form": "speech",
                "reports": [{"source": source} for source in reports],
            }
        ],
    )
    for query in ("", "&form=speech"):
        facet = facets_of(client, f"/v1/claims?facet=publisher{query}")["publisher"]
        assert facet["missing"] == 1 - published
        assert counts(facet) == ", ".join(f"{id} 1" for id in "pq" if id in reports)


def test_facets_ignore_drafts(load: Callable, client: FlaskClient):
    claim = {"text": "C", "actor": "a", "event": "e", "topics": ["t"], "reports": [{"source": "s"}]}
    load(
        actors=[{"id": "a", "name": "A"}],
        events=[{"id": "e", "name": "E", "kind": "other", "start_date": "2025"}],
        topics=[{"id": "t", "name": "T"}],
        sources=[{"id": "s", "title": "S", "kind": "other"}],
        claims=[
            {**claim, "id": "one", "status": "draft"},
            {**claim, "id": "two", "status": "withdrawn"},
        ],
    )
    missing = {"groups": 0, "missing": 1, "values": []}
    for path in (
        "actors?facet=event,topic,source",
        "events?facet=actor,topic",
        "sources?facet=actor,event,topic",
        "topics?facet=actor,event",
    ):
        facets = facets_of(client, f"/v1/{path}")
        assert facets == dict.fromkeys(facets, missing), path
    empty = {"groups": 0, "missing": 0, "values": []}
    assert facets_of(client, "/v1/claims?facet=status,topic") == {"status": empty, "topic": empty}


@pytest.mark.parametrize("section", LISTS)
@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_facets_may_be_joined_by_commas_or_repeated(world: FlaskClient, prefix: str, section: str):
    a, b, *_ = FACETS[section]
    query_strings = [f"facet={a},{b}", f"facet={b},{a}", f"facet={a}&facet={b}",
               f"facet={b}&facet={a}", f"facet={a},{b}&facet={a}"]  # fmt: skip
    responses = [world.get(f"{prefix}{section}?{query}") for query in query_strings]
    assert {response.status_code for response in responses} == {200}
    assert {*responses[0].json["meta"]["facets"]} == {a, b}
    assert len({response.headers["ETag"] for response in responses}) == 1
    assert len({response.data for response in responses}) == 1


@pytest.mark.parametrize("section", LISTS)
def test_list_has_only_the_requested_facets(world: FlaskClient, section: str):
    assert facets_of(world, f"/v1/{section}") == {}
    facets = facets_of(world, f"/v1/{section}?facet={','.join(FACETS[section])}")
    assert {*facets} == {*FACETS[section]}
    for facet in facets.values():
        assert {*facet} == {"groups", "missing", "values"}


@pytest.mark.parametrize(
    ("section", "value", "suggestion"),
    [
        ("claims", "topics", "topic"),
        ("claims", "publishr", "publisher"),
        ("claims", "kind", None),
        ("claims", "Topic", "topic"),
        ("claims", " topic", "topic"),
        ("claims", "country", None),
        ("actors", "organisation", "organization"),
        ("actors", "role", None),
        ("organizations", "parents", "parent"),
        ("events", "date", None),
        ("sources", "orign", "origin"),
        ("topics", "even", "event"),
        ("positions", "actors", "actor"),
    ],
)
def test_unknown_facet_is_422(world: FlaskClient, section: str, value: str, suggestion: str | None):
    response = world.get(f"/v1/{section}", query_string={"facet": value})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == ("facet", value)
    assert error["message"] == f"must be one of {', '.join(FACETS[section])}", (
        f"add the facet to FACETS[{section!r}] in tests/api/list_parameters.py"
    )
    if suggestion:
        assert error["suggestion"] == suggestion


@pytest.mark.parametrize(
    "query", ["facet=", "facet=topic,", "facet=,topic", "facet=topic,,actor", "facet=%20"]
)
def test_empty_facet_is_422(world: FlaskClient, query: str):
    response = world.get(f"/v1/claims?{query}")
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    assert response.json["errors"][0]["parameter"] == "facet"


@pytest.mark.parametrize("path", [f"{section}/{{}}" for section in LISTS])
def test_single_record_has_no_facets(world: FlaskClient, path: str):
    section = path.partition("/")[0]
    id = ids_of(world.get(f"/v1/{section}?limit=1").json)[0]
    response = world.get(f"/v1/{section}/{id}?facet=kind")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")


@pytest.mark.parametrize("query", ["", "&actor=rutte", "&actor=nobody", "&status=draft"])
def test_facets_do_not_depend_on_how_rows_are_shown(world: FlaskClient, query: str):
    list_url = f"/v1/claims?facet=topic,stance,year{query}"
    facets = facets_of(world, list_url)
    for display in ("count=none", "limit=1", "sort=id", "fields=id", "include=actor"):
        assert facets_of(world, f"{list_url}&{display}") == facets, display
    assert meta(world, f"{list_url}&count=none")["total"] is None


def test_every_page_has_the_facets_of_the_whole_list(world: FlaskClient):
    list_url = "/v1/claims?topic=defence&facet=topic,form"
    facets = facets_of(world, list_url)
    fetched = pages(world, list_url, 1)
    assert len(fetched) == 4
    assert all(page["meta"]["facets"] == facets for page in fetched)


def test_cursor_is_valid_with_other_facets(world: FlaskClient):
    first = world.get("/v1/claims?limit=3&facet=form").json
    second = world.get(f"/v1/claims?limit=3&facet=actor&cursor={first['meta']['next_cursor']}").json
    assert {*second["meta"]["facets"]} == {"actor"}
    assert second["data"]
    assert not {*ids_of(first)} & {*ids_of(second)}


def test_facets_of_an_empty_dataset(client: FlaskClient):
    empty = {"groups": 0, "missing": 0, "values": []}
    for section in LISTS:
        for count in ("exact", "none"):
            list_url = f"/v1/{section}?count={count}&facet={','.join(FACETS[section])}"
            assert facets_of(client, list_url) == dict.fromkeys(FACETS[section], empty)


def test_facets_change_with_a_load(load: Callable, client: FlaskClient):
    named_records = {
        "organizations": [{"id": "o", "name": "O", "kind": "other"}],
        "topics": [{"id": "t", "name": "T"}, {"id": "u", "name": "U"}],
    }
    claim = {"id": "c", "text": "C", "organization": "o", "topics": ["t"]}
    load(**named_records, claims=[claim])
    assert counts(facets_of(client, "/v1/claims?facet=topic")["topic"]) == "t 1"
    load(topics=[{"id": "t", "name": "T", "parent": "u"}])
    assert counts(facets_of(client, "/v1/claims?facet=topic")["topic"]) == "t 1, u 1"
    load(claims=[{**claim, "status": "draft"}])
    assert counts(facets_of(client, "/v1/claims?facet=topic")["topic"]) == ""
