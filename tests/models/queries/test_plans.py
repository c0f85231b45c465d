"""Query plans of SQLite for lists of claims: index scans, without sorts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models import Claim
from models.database.connection import database, fetch_all
from models.queries.compiled import CompiledQuery, query_shape
from models.queries.defaults import with_listed_claims
from models.queries.facets import facet_query, with_value_query
from models.queries.lists import LISTS
from models.queries.slots import FilterValues, Placeholder
from models.queries.totals import total_query
from tests.engines import on_sqlite, scratch
from tests.models import synthetic
from tests.models.compiled_lists import bound_values, compiled_page

pytestmark = on_sqlite

Filters = dict[str, FilterValues]


@pytest.fixture(scope="module", params=[0, 20_000], ids=["empty", "20,000 claims"])
def claims(request: pytest.FixtureRequest) -> Iterator[int]:
    """An empty dataset, and an analyzed one with 20,000 claims."""
    with scratch():
        if request.param:
            synthetic.fill(request.param)
        yield request.param


def key(type: str, n: int = 1) -> int:
    return synthetic.keys(type)[n]


def any_of(*values: Any) -> FilterValues:
    return FilterValues(values)


# the condition that continues a scan after a cursor
AFTER_CURSOR = "(date_key,seq)>(?,?)"
# (filters, the index that is scanned, the columns that the scan searches by)
SCANS = {
    "all": ({}, "claim_listed_date_key_seq", "listed=?"),
    "actor": ({"actor": any_of(key("actor"))},
              "claim_actor_listed_date_key_seq", "actor=? AND listed=?"),
    "organization": ({"organization": any_of(key("organization"))},
                     "claim_organization_listed_date_key_seq", "organization=? AND listed=?"),
    "claimant": ({"claimant": any_of(key("actor"))},
                 "claim_claimant_listed_date_key_seq", "claimant=? AND listed=?"),
    "event": ({"event": any_of(key("event"))}, "PRIMARY KEY", "event=? AND listed=?"),
    "country": ({"country": any_of("TR")},
                "claim_country_listed_date_key_seq", "country=? AND listed=?"),
    "form": ({"form": any_of("speech")},
             "claim_form_listed_date_key_seq", "form=? AND listed=?"),
    "coder": ({"coder": any_of("ab")},
              "claim_coder_listed_date_key_seq", "coder=? AND listed=?"),
    "status": ({"status": any_of("draft")},
               "claim_status_listed_date_key_seq", "status=? AND listed=?"),
    "topic": ({"topic": any_of(key("topic"))}, "PRIMARY KEY", "topic=? AND listed=?"),
    "position": ({"position": any_of(key("position"))},
                 "claim_position_position_listed_date_key_seq_claim_stance",
                 "position=? AND listed=?"),
    "position and stance": ({"position": any_of(key("position")), "stance": any_of("oppose")},
                            "claim_position_position_listed_date_key_seq_claim_stance",
                            "position=? AND listed=?"),
    "stance": ({"stance": any_of("oppose")},
               "claim_position_stance_listed_date_key_seq_claim", "stance=? AND listed=?"),
    "about": ({"about": any_of(key("actor"))},
              "about_party_listed_date_key_seq_claim", "party=? AND listed=?"),
    "addressee": ({"addressee": any_of(key("organization"))},
                  "addressee_party_listed_date_key_seq_claim", "party=? AND listed=?"),
    "source": ({"source": any_of(key("source"))},
               "report_source_listed_date_key_seq_claim", "source=? AND listed=?"),
    "publisher": ({"publisher": any_of(key("organization"))},
                  "report_publisher_listed_date_key_seq_claim", "publisher=? AND listed=?"),
    "attribution": ({"attribution": any_of("direct")},
                    "report_attribution_listed_date_key_seq_claim",
                    "attribution=? AND listed=?"),
}  # fmt: skip
EACH_SCAN = pytest.mark.parametrize(
    ("filters", "index", "columns"), SCANS.values(), ids=map(str, SCANS)
)
# the values that are no filters: of a cursor, and of sizes
OTHER_VALUES = {"after": 79_949_500, "after.tie": 10_000, "limit": 51, "facet_limit": 20}


def page_plan(filters: Filters, cursor_position: str | None) -> list[str]:
    """The query plan of a page, newest first."""
    query = compiled_page(Claim, filters, sort="-date", cursor_position=cursor_position)
    return query_plan(query, filters)


def query_plan(query: CompiledQuery, filters: Filters) -> list[str]:
    values = bound_values(Claim, filters) | OTHER_VALUES
    params = [values[p] if isinstance(p, Placeholder) else p for p in query.params]
    return [detail for *_, detail in fetch_all(f"EXPLAIN QUERY PLAN {query.sql}", *params)]


def check_scan(plan: list[str], index: str, columns: str) -> None:
    """The plan searches the index by these columns first, and sorts nothing."""
    assert [step for step in plan if "TEMP B-TREE" in step] == []
    assert [step for step in plan if step.startswith("SCAN") and step != "SCAN page"] == []
    using = "PRIMARY KEY" if index == "PRIMARY KEY" else f"COVERING INDEX {index}"
    searches = [step.split(" USING ")[1] for step in plan if step.startswith("SEARCH")]
    assert searches[0] == f"{using} ({columns})"


@EACH_SCAN
def test_the_first_page_scans_an_index(
    claims: int, filters: Filters, index: str, columns: str
) -> None:
    check_scan(page_plan(filters, None), index, columns)


@EACH_SCAN
def test_the_next_page_scans_an_index_from_the_cursor(
    claims: int, filters: Filters, index: str, columns: str
) -> None:
    """The cursor's position is part of the search, so no earlier row is read."""
    check_scan(page_plan(filters, "value"), index, f"{columns} AND {AFTER_CURSOR}")


COMBINED_FILTERS: dict[str, Filters] = {
    "two actors": {"actor": any_of(key("actor"), key("actor", 2))},
    "actor, not topic": {
        "actor": any_of(key("actor")),
        "topic": FilterValues(None, (key("topic"),)),
    },
    "not actor": {"actor": FilterValues(None, (key("actor"), key("actor", 2)))},
    "two claimants": {"claimant": any_of(key("actor"), key("actor", 2))},
    "two events": {"event": any_of(key("event"), key("event", 2))},
    "an event and its part": {"event": any_of(synthetic.PARENT, synthetic.PART)},
    "two topics": {"topic": any_of(key("topic"), key("topic", 2))},
    "all of two": {
        "about": FilterValues(None, (), ((key("actor"),), (key("actor"), key("actor", 2))))
    },
    "actor and topic": {"actor": any_of(key("actor")), "topic": any_of(key("topic"))},
    "topic and source": {"topic": any_of(key("topic", 0)), "source": any_of(key("source", 0))},
    "two stances on one position": {
        "position": any_of(key("position")),
        "stance": any_of("support", "oppose"),
    },
    "all statuses": {"status": any_of("coded", "verified", "draft", "withdrawn")},
    "topic of all statuses": {"topic": any_of(key("topic")), "status": any_of("coded", "draft")},
    "language": {"language": any_of("en")},
    "form, not coder": {"form": any_of("speech"), "coder": FilterValues(None, ("ab",))},
    "has": {
        "event": any_of(key("event")),
        "has.position": any_of(1),
        "has.review": FilterValues(None, (1,)),
    },
}


@on_sqlite
def test_a_value_that_no_claim_has_is_searched_in_its_index() -> None:
    """Otherwise the planner scans all claims, because it expects all of them to have the value."""
    filters = {"country": any_of("TR", "NO")}
    with scratch():
        synthetic.fill(20_000)
        database.execute_sql("UPDATE claim SET country = NULL")
        database.analyze(20_000, of=20_000)
        plan = query_plan(compiled_page(Claim, filters, sort="date"), filters)
    assert any("claim_country" in step for step in plan)


@pytest.mark.parametrize("sort", ["date", "id", "-id", "updated_at", "-updated_at"])
@pytest.mark.parametrize("cursor_position", [None, "value"])
def test_a_sort_scans_an_index(claims: int, sort: str, cursor_position: str | None) -> None:
    """Only rows with equal sort values are sorted, by their tiebreaker."""
    query = compiled_page(Claim, {}, sort=sort, cursor_position=cursor_position)
    plan = query_plan(query, {})
    assert [step for step in plan if step == "USE TEMP B-TREE FOR ORDER BY"] == []
    assert any(step.startswith("SEARCH") for step in plan)


UNDATED = 99999999
# the sort key of (date key, tiebreaker): a date key falls as the date rises, the undated come last
SORT_KEYS: dict[str, Callable[[tuple[int, int]], tuple]] = {
    "-date": lambda row: row,
    "date": lambda row: (row[0] == UNDATED, -row[0], row[1]),
}
PAGE_SIZE = 997


@pytest.mark.parametrize("sort", SORT_KEYS)
@pytest.mark.parametrize(
    "filters",
    [*(scan[0] for scan in SCANS.values()), *COMBINED_FILTERS.values()],
    ids=[*SCANS, *COMBINED_FILTERS],
)
def test_pages_hold_each_claim_once_in_order(claims: int, filters: Filters, sort: str) -> None:
    first = compiled_page(Claim, filters, sort=sort)
    next_page = {
        position: compiled_page(Claim, filters, sort=sort, cursor_position=position)
        for position in ("value", "none")
    }
    all_rows = fetch_positions(first, filters)
    assert all_rows == sorted(set(all_rows), key=SORT_KEYS[sort])
    (other_sort,) = SORT_KEYS.keys() - {sort}
    other_rows = fetch_positions(compiled_page(Claim, filters, sort=other_sort), filters)
    assert sorted(all_rows) == sorted(other_rows)
    rows = fetch_positions(first, filters, limit=PAGE_SIZE)
    while len(rows) % PAGE_SIZE == 0 and rows:
        cursor = dict(zip(("after", "after.tie"), rows[-1], strict=True))
        position = "none" if sort == "date" and rows[-1][0] == UNDATED else "value"
        page = fetch_positions(next_page[position], filters, limit=PAGE_SIZE, **cursor)
        if not page:
            break
        rows += page
    assert rows == all_rows
    assert not claims or all_rows


def fetch_positions(query: CompiledQuery, filters: Filters, **bound: int) -> list[tuple]:
    """The (sort value, tiebreaker) of each row."""
    page = database.row_page(query.rows(bound_values(Claim, filters) | bound))
    return list(zip(page.sort_values, page.ties, strict=True))


# how a claim is searched among the links of one record
OF_CLAIM = "=? AND listed=? AND date_key=? AND seq=?)"


@pytest.mark.parametrize(
    ("filters", "search"),
    [
        ({"event": any_of(key("event"))}, "PRIMARY KEY (event"),
        ({"topic": any_of(key("topic"))}, "PRIMARY KEY (topic"),
        (
            {"position": any_of(key("position"))},
            "position_listed_date_key_seq_claim_stance (position",
        ),
        ({"about": any_of(key("actor"))}, "about_party_listed_date_key_seq_claim (party"),
        ({"source": any_of(key("source"))}, "report_source_listed_date_key_seq_claim (source"),
    ],
    ids=["event", "topic", "position", "about", "source"],
)
@pytest.mark.parametrize("claims", [20_000], indirect=True, ids=["20,000 claims"])
def test_a_second_filter_is_searched_for_each_claim(
    claims: int, filters: Filters, search: str
) -> None:
    """One filter is scanned; each of its claims is searched in the index of the other filter."""
    plan = page_plan({"actor": any_of(key("actor")), **filters}, None)
    check_scan(plan, "claim_actor_listed_date_key_seq", "actor=? AND listed=?")
    assert any(step.endswith(f"{search}{OF_CLAIM}") for step in plan)


@pytest.mark.parametrize(
    ("filters", "scan"),
    [
        (
            {"topic": any_of(key("topic")), "coder": any_of("a")},
            "PRIMARY KEY (topic=? AND listed=?)",
        ),
        (
            {"topic": any_of(key("topic")), "actor": any_of(key("actor"))},
            "COVERING INDEX claim_actor_listed_date_key_seq (actor=? AND listed=?)",
        ),
        (
            {"event": any_of(key("event")), "claimant": any_of(key("actor"))},
            "COVERING INDEX claim_claimant_listed_date_key_seq (claimant=? AND listed=?)",
        ),
        (
            {"topic": any_of(key("topic")), "form": any_of("speech")},
            "COVERING INDEX claim_form_listed_date_key_seq (form=? AND listed=?)",
        ),
    ],
    ids=["topic and coder", "topic and actor", "event and claimant", "topic and form"],
)
def test_a_total_scans_one_index(claims: int, filters: Filters, scan: str) -> None:
    query = total_query(Claim, query_shape(with_listed_claims(Claim, filters)))
    plan = query_plan(query, filters)
    assert plan[0].endswith(f" USING {scan}")
    assert [step for step in plan if step.startswith("SCAN") or "TEMP B-TREE" in step] == []


@pytest.mark.parametrize("name", ["actor", "organization", "event", "source", "topic", "position"])
def test_the_total_of_one_record_is_read_from_its_row(claims: int, name: str) -> None:
    filters = {name: any_of(key(name))}
    query = total_query(Claim, query_shape(with_listed_claims(Claim, filters)))
    assert query_plan(query, filters) == ["SEARCH t1 USING INTEGER PRIMARY KEY (rowid=?)"]


def facet_plan(name: str, filters: Filters) -> list[str]:
    """The query plans of a facet of claims."""
    shape = query_shape(with_listed_claims(Claim, filters))
    queries = (facet_query(Claim, name, shape, shape), with_value_query(Claim, name, shape, shape))
    return [step for query in queries if query for step in query_plan(query, filters)]


# sorts that a facet needs: of links that repeat a claim, of claims with a report but no publisher
FACET_SORTS = {
    "publisher": ["GROUP BY", "count(DISTINCT)"],
    "stance": ["GROUP BY"],
}
# what facets of reviews may sort: further reviews of a claim, and the spellings of a rating
REVIEW_SORTS = {"GROUP BY", "count(DISTINCT)", "RIGHT PART OF ORDER BY"}


@pytest.mark.parametrize("name", LISTS[Claim].facets)
def test_a_facet_of_all_claims_sorts_only_its_counts(claims: int, name: str) -> None:
    """A facet counts along an index, or reads the stored counts of records."""
    start = "USE TEMP B-TREE FOR "
    sorts = [step.removeprefix(start) for step in facet_plan(name, {}) if step.startswith(start)]
    sorts = [sort for sort in sorts if sort != "ORDER BY"]
    if name in ("reviewer", "rating", "verdict"):
        assert set(sorts) <= REVIEW_SORTS
    else:
        assert sorts == FACET_SORTS.get(name, [])


@pytest.mark.parametrize("name", ["form", "status", "language", "year", "month"])
def test_a_facet_by_a_column_of_all_claims_reads_one_index(claims: int, name: str) -> None:
    columns = {"year": "", "month": ""}.get(name, f"{name}_")
    plan = facet_plan(name, {})
    assert "MATERIALIZE counts" in plan
    index = f"USING COVERING INDEX claim_{columns}listed_date_key_seq"
    assert [step for step in plan if index in step]
    assert [
        step for step in plan if re.match(r"(SCAN|SEARCH) t\d", step) and index not in step
    ] == []


@pytest.mark.parametrize("name", LISTS[Claim].facets)
def test_a_facet_of_an_actor_reads_only_its_claims(claims: int, name: str) -> None:
    plan = facet_plan(name, {"actor": any_of(key("actor"))})
    searches = [step for step in plan if "claim_actor_listed_date_key_seq (actor=?" in step]
    assert searches
    scans = {step for step in plan if step.startswith("SCAN") and "subquery" not in step}
    assert scans <= {"SCAN counts", "SCAN days"}


def test_a_load_gives_the_planner_statistics(load: Callable) -> None:
    """Without statistics, SQLite reads all reports of the source for each claim of the actor."""
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
    keys = dict(fetch_all("SELECT id, key FROM record"))
    plan = page_plan({"actor": any_of(keys["a1"]), "source": any_of(keys["s1"])}, None)
    check_scan(plan, "claim_actor_listed_date_key_seq", "actor=? AND listed=?")
    search = "report_source_listed_date_key_seq_claim (source"
    assert any(step.endswith(f"{search}{OF_CLAIM}") for step in plan)
