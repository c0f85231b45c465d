"""A list of claims, newest first, is a walk along an index: nothing is sorted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models import Claim
from models.database.connection import database, fetch_all
from models.queries.compiled import CompiledQuery, cache_compiled, query_shape
from models.queries.defaults import with_listed_claims
from models.queries.facets import facet_query, having_any_query
from models.queries.lists import LISTS
from models.queries.slots import FilterValues, Placeholder
from models.queries.totals import total_query
from models.search.names import QUERY_COLUMNS, NameQuery, ResolvedName
from models.search.resolution import RESOLVE, query_rows
from models.search.suggestions import SUGGEST
from tests.engines import on_sqlite, scratch
from tests.models import synthetic
from tests.models.asking import statement, values

pytestmark = on_sqlite


@pytest.fixture(scope="module", params=[0, 20_000], ids=["empty", "20,000 claims"])
def claims(request: pytest.FixtureRequest) -> Iterator[int]:
    """A dataset with so many claims; the larger one is analysed."""
    with scratch():
        if request.param:
            synthetic.fill(request.param)
        yield request.param


def key(type: str, n: int = 1) -> int:
    return synthetic.keys(type)[n]


def one(*values: Any) -> FilterValues:
    return FilterValues(values)


# how a walk goes on after a cursor
AFTER = "(date_key,entered)>(?,?)"
# (filters, the index that is walked, by which columns)
WALKS = {
    "all": ({}, "claim_listed_date_key_entered", "listed=?"),
    "actor": ({"actor": one(key("actor"))},
              "claim_actor_listed_date_key_entered", "actor=? AND listed=?"),
    "organization": ({"organization": one(key("organization"))},
                     "claim_organization_listed_date_key_entered", "organization=? AND listed=?"),
    "event": ({"event": one(key("event"))},
              "claim_event_listed_date_key_entered", "event=? AND listed=?"),
    "country": ({"country": one("TR")},
                "claim_country_listed_date_key_entered", "country=? AND listed=?"),
    "form": ({"form": one("speech")},
             "claim_form_listed_date_key_entered", "form=? AND listed=?"),
    "coder": ({"coder": one("ab")},
              "claim_coder_listed_date_key_entered", "coder=? AND listed=?"),
    "status": ({"status": one("draft")},
               "claim_status_listed_date_key_entered", "status=? AND listed=?"),
    "topic": ({"topic": one(key("topic"))}, "PRIMARY KEY", "topic=? AND listed=?"),
    "position": ({"position": one(key("position"))},
                 "claim_position_position_listed_date_key_entered_claim_stance",
                 "position=? AND listed=?"),
    "position and stance": ({"position": one(key("position")), "stance": one("oppose")},
                            "claim_position_position_listed_date_key_entered_claim_stance",
                            "position=? AND listed=?"),
    "stance": ({"stance": one("oppose")},
               "claim_position_stance_listed_date_key_entered_claim", "stance=? AND listed=?"),
    "about": ({"about": one(key("actor"))},
              "about_party_listed_date_key_entered_claim", "party=? AND listed=?"),
    "addressee": ({"addressee": one(key("organization"))},
                  "addressee_party_listed_date_key_entered_claim", "party=? AND listed=?"),
    "source": ({"source": one(key("source"))},
               "report_source_listed_date_key_entered_claim", "source=? AND listed=?"),
    "publisher": ({"publisher": one(key("organization"))},
                  "report_publisher_listed_date_key_entered_claim", "publisher=? AND listed=?"),
    "attribution": ({"attribution": one("direct")},
                    "report_attribution_listed_date_key_entered_claim",
                    "attribution=? AND listed=?"),
}  # fmt: skip
CASES = pytest.mark.parametrize(("choices", "index", "by"), WALKS.values(), ids=map(str, WALKS))


CURSOR = {"after": 79_949_500, "after.tie": 10_000, "limit": 51}


def plan(choices: dict[str, FilterValues], after: str | None) -> list[str]:
    """What SQLite says of the very statement that a list runs."""
    return explained(statement(Claim, choices, sort="-date", after=after), choices)


def explained(compiled: CompiledQuery, choices: dict[str, FilterValues]) -> list[str]:
    slots = values(Claim, choices) | CURSOR
    bound = [slots[one] if isinstance(one, Placeholder) else one for one in compiled.params]
    return [detail for *_, detail in fetch_all(f"EXPLAIN QUERY PLAN {compiled.sql}", *bound)]


def check(steps: list[str], index: str, by: str) -> None:
    """The steps search the index by these columns, and sort nothing."""
    assert [step for step in steps if "TEMP B-TREE" in step] == []
    assert [step for step in steps if step.startswith("SCAN") and step != "SCAN page"] == []
    using = "PRIMARY KEY" if index == "PRIMARY KEY" else f"COVERING INDEX {index}"
    walks = [step.split(" USING ")[1] for step in steps if step.startswith("SEARCH")]
    assert walks[0] == f"{using} ({by})"


@CASES
def test_first_page(claims: int, choices: dict[str, FilterValues], index: str, by: str) -> None:
    check(plan(choices, None), index, by)


@CASES
def test_next_page(claims: int, choices: dict[str, FilterValues], index: str, by: str) -> None:
    """The cursor's place is part of the search: nothing before it is read."""
    check(plan(choices, "value"), index, f"{by} AND {AFTER}")


SEVERAL = {
    "two actors": {"actor": one(key("actor"), key("actor", 2))},
    "actor, not topic": {"actor": one(key("actor")), "topic": FilterValues(None, (key("topic"),))},
    "not actor": {"actor": FilterValues(None, (key("actor"), key("actor", 2)))},
    "two topics": {"topic": one(key("topic"), key("topic", 2))},
    "all of two": {
        "about": FilterValues(None, (), ((key("actor"),), (key("actor"), key("actor", 2))))
    },
    "actor and topic": {"actor": one(key("actor")), "topic": one(key("topic"))},
    "topic and source": {"topic": one(key("topic", 0)), "source": one(key("source", 0))},
    "two stances on one position": {
        "position": one(key("position")),
        "stance": one("support", "oppose"),
    },
    "all statuses": {"status": one("coded", "verified", "draft", "withdrawn")},
    "topic of all statuses": {"topic": one(key("topic")), "status": one("coded", "draft")},
    "language": {"language": one("en")},
    "form, not coder": {"form": one("speech"), "coder": FilterValues(None, ("ab",))},
    "has": {
        "event": one(key("event")),
        "has.position": one(1),
        "has.review": FilterValues(None, (1,)),
    },
}


def test_compiled_queries_are_cached_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ever new shapes do not grow the memory; the most recent stay."""
    made = []
    monkeypatch.setattr("models.queries.compiled.COMPILED_BYTES", 20_000)

    @cache_compiled
    def build(number: int, length: int) -> CompiledQuery:
        made.append(number)
        return CompiledQuery("x" * length, ())

    for number in range(100):
        assert len(build(number, 500).sql) == 500
        assert build.cache.bytes <= 20_000
    assert made == [*range(100)]
    build(99, 500)
    assert made == [*range(100)]
    build(0, 500)
    assert made == [*range(100), 0]
    # what alone would take more than an eighth is made each time
    build(100, 2_000)
    build(100, 2_000)
    assert made == [*range(100), 0, 100, 100]


@on_sqlite
def test_what_no_claim_has_is_looked_for_in_its_index() -> None:
    """Else all claims are walked: the planner takes a value that is missing for one of all."""
    choices = {"country": one("TR", "NO")}
    with scratch():
        synthetic.fill(20_000)
        database.execute_sql("UPDATE claim SET country = NULL")
        database.analyze(20_000, of=20_000)
        steps = explained(statement(Claim, choices, sort="date"), choices)
    assert any("claim_country" in step for step in steps)


@pytest.mark.parametrize("sort", ["date", "id", "-id", "updated_at", "-updated_at"])
@pytest.mark.parametrize("after", [None, "value"])
def test_no_sort_takes_all_claims(claims: int, sort: str, after: str | None) -> None:
    """An index is walked; what is equal in it is put in the order of entry, a few at a time."""
    steps = explained(statement(Claim, {}, sort=sort, after=after), {})
    assert [step for step in steps if step == "USE TEMP B-TREE FOR ORDER BY"] == []
    assert any(step.startswith("SEARCH") for step in steps)


UNDATED = 99999999
# by a date's number, which falls as it rises; the undated come last either way
ORDERS: dict[str, Callable[[tuple[int, int]], tuple]] = {
    "-date": lambda place: place,
    "date": lambda place: (place[0] == UNDATED, -place[0], place[1]),
}


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize(
    "choices",
    [*(walk[0] for walk in WALKS.values()), *SEVERAL.values()],
    ids=[*WALKS, *SEVERAL],
)
def test_pages_hold_what_a_sort_gives(
    claims: int, choices: dict[str, FilterValues], sort: str
) -> None:
    """Page after page meets all claims of the list, each once, in their order."""
    first = statement(Claim, choices, sort=sort)
    later = {
        place: statement(Claim, choices, sort=sort, after=place) for place in ("value", "none")
    }
    everything = places(first, choices)
    assert everything == sorted(set(everything), key=ORDERS[sort])
    (other,) = ORDERS.keys() - {sort}
    assert sorted(everything) == sorted(places(statement(Claim, choices, sort=other), choices))
    found = places(first, choices, limit=SIZE)
    while len(found) % SIZE == 0 and found:
        cursor = dict(zip(("after", "after.tie"), found[-1], strict=True))
        place = "none" if sort == "date" and found[-1][0] == UNDATED else "value"
        page = places(later[place], choices, limit=SIZE, **cursor)
        if not page:
            break
        found += page
    assert found == everything
    assert not claims or everything


SIZE = 997


def places(compiled: CompiledQuery, choices: dict[str, FilterValues], **more: int) -> list[tuple]:
    """Where each row stands: its sort value, and its tie."""
    page = database.row_page(compiled.rows(values(Claim, choices) | more))
    return list(zip(page.sort_values, page.ties, strict=True))


# how a claim is found among the links to one thing
OF_CLAIM = "=? AND listed=? AND date_key=? AND entered=?)"


@pytest.mark.parametrize(
    ("choices", "search"),
    [
        ({"topic": one(key("topic"))}, "PRIMARY KEY (topic"),
        (
            {"position": one(key("position"))},
            "position_listed_date_key_entered_claim_stance (position",
        ),
        ({"about": one(key("actor"))}, "about_party_listed_date_key_entered_claim (party"),
        ({"source": one(key("source"))}, "report_source_listed_date_key_entered_claim (source"),
    ],
    ids=["topic", "position", "about", "source"],
)
@pytest.mark.parametrize("claims", [20_000], indirect=True, ids=["20,000 claims"])
def test_a_second_filter_is_tested_on_the_way(
    claims: int, choices: dict[str, FilterValues], search: str
) -> None:
    """The walk is along one filter; for the other one each claim is looked up in its index."""
    steps = plan({"actor": one(key("actor")), **choices}, None)
    check(steps, "claim_actor_listed_date_key_entered", "actor=? AND listed=?")
    assert any(step.endswith(f"{search}{OF_CLAIM}") for step in steps)


@pytest.mark.parametrize(
    ("choices", "walk"),
    [
        (
            {"topic": one(key("topic")), "coder": one("a")},
            "PRIMARY KEY (topic=? AND listed=?)",
        ),
        (
            {"topic": one(key("topic")), "actor": one(key("actor"))},
            "COVERING INDEX claim_actor_listed_date_key_entered (actor=? AND listed=?)",
        ),
        (
            {"topic": one(key("topic")), "form": one("speech")},
            "COVERING INDEX claim_form_listed_date_key_entered (form=? AND listed=?)",
        ),
    ],
    ids=["topic and coder", "topic and actor", "topic and form"],
)
def test_a_total_walks_one_index(claims: int, choices: dict[str, FilterValues], walk: str) -> None:
    steps = explained(total_query(Claim, query_shape(with_listed_claims(Claim, choices))), choices)
    assert steps[0].endswith(f" USING {walk}")
    assert [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step] == []


@pytest.mark.parametrize("name", ["actor", "organization", "event", "source", "topic", "position"])
def test_the_total_of_one_things_claims_is_kept(claims: int, name: str) -> None:
    choices = {name: one(key(name))}
    steps = explained(total_query(Claim, query_shape(with_listed_claims(Claim, choices))), choices)
    assert steps == ["SEARCH t1 USING INTEGER PRIMARY KEY (rowid=?)"]


def facet_plan(name: str, choices: dict[str, FilterValues]) -> list[str]:
    """What SQLite says of the statements of a facet of claims."""
    asked = query_shape(with_listed_claims(Claim, choices))
    statements = (
        facet_query(Claim, name, asked),
        having_any_query(Claim, name, asked),
    )
    return [step for one in statements if one for step in explained(one, choices)]


# what has to be told apart: the few links that meet a claim again, and, of these, the claims that
# have a report and no publisher
TOLD_APART = {
    "publisher": ["GROUP BY", "count(DISTINCT)"],
    "stance": ["GROUP BY"],
    # the counts of days, not claims
    "year": ["GROUP BY"],
    "month": ["GROUP BY"],
}


@pytest.mark.parametrize("name", LISTS[Claim].facets)
def test_a_facet_of_all_claims_sorts_no_claim(claims: int, name: str) -> None:
    """It counts along an index, or takes the counts that things keep; only these are ranked."""
    start = "USE TEMP B-TREE FOR "
    sorts = [step.removeprefix(start) for step in facet_plan(name, {}) if step.startswith(start)]
    assert [one for one in sorts if one != "ORDER BY"] == TOLD_APART.get(name, [])


@pytest.mark.parametrize("name", ["form", "status", "language", "year", "month"])
def test_a_facet_of_all_claims_by_their_own_field_reads_one_index(claims: int, name: str) -> None:
    columns = {"year": "", "month": ""}.get(name, f"{name}_")
    steps = facet_plan(name, {})
    assert "MATERIALIZE counts" in steps
    index = f"USING COVERING INDEX claim_{columns}listed_date_key_entered"
    assert [step for step in steps if index in step]
    assert [
        step for step in steps if re.match(r"(SCAN|SEARCH) t\d", step) and index not in step
    ] == []


@pytest.mark.parametrize("name", LISTS[Claim].facets)
def test_a_facet_of_an_actor_reads_none_but_its_claims(claims: int, name: str) -> None:
    steps = facet_plan(name, {"actor": one(key("actor"))})
    searches = [step for step in steps if "claim_actor_listed_date_key_entered (actor=?" in step]
    assert searches
    own = {"SCAN counts", "SCAN days"}
    scans = {step for step in steps if step.startswith("SCAN") and "subquery" not in step}
    assert scans <= own


@pytest.mark.parametrize("sql", [RESOLVE, SUGGEST], ids=["resolve", "suggest"])
def test_a_name_is_looked_up_and_no_table_read(load: Callable, sql: str) -> None:
    load(actors=[{"id": f"a{n}", "name": f"Anna{n} Smith"} for n in range(2000)])
    asked = database.columns(**QUERY_COLUMNS)
    values = query_rows([ResolvedName(NameQuery("Anna7", ("actor",)))])
    steps = fetch_all(
        "EXPLAIN QUERY PLAN " + sql.format(queries=asked, limit=101, position=database.position),
        database.pack(values),
    )
    assert [one for *_, one in steps if "BLOOM" in one or "SCAN handle" in one] == []


def test_a_load_lets_the_planner_know_the_data(load: Callable) -> None:
    """Without statistics SQLite reads all reports of the source for each claim of the actor."""
    load(
        actors=[{"id": f"a{n}", "name": f"A {n}"} for n in range(4)],
        sources=[{"id": f"s{n}", "title": f"S {n}", "kind": "other"} for n in range(4)],
        claims=[
            {
                "id": f"c{n}",
                "text": "T",
                "actor": f"a{n % 4}",
                "reports": [{"source": f"s{n // 4 % 4}"}],
            }
            for n in range(400)
        ],
    )
    ids = dict(fetch_all("SELECT id, key FROM record"))
    steps = plan({"actor": one(ids["a1"]), "source": one(ids["s1"])}, None)
    check(steps, "claim_actor_listed_date_key_entered", "actor=? AND listed=?")
    search = "report_source_listed_date_key_entered_claim (source"
    assert any(step.endswith(f"{search}{OF_CLAIM}") for step in steps)
