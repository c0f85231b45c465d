"""A list of claims, newest first, is a walk along an index: nothing is sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models import Claim
from models.base import rows
from models.queries import Choice, Slot
from tests.models import synthetic
from tests.models.asking import in_memory, statement, values


@pytest.fixture(scope="module", params=[0, 20_000], ids=["empty", "20,000 claims"])
def claims(request: pytest.FixtureRequest) -> Iterator[int]:
    """A dataset with so many claims; the larger one is analysed."""
    with in_memory():
        if request.param:
            synthetic.fill(request.param)
        yield request.param


def key(type: str, n: int = 1) -> int:
    return synthetic.keys(type)[n]


def one(*values: Any) -> Choice:
    return Choice(values)


# (filters, the index that is walked, by which columns, how the walk goes on after a cursor)
BOTH, DATE = "(date_key,claim)>(?,?)", "date_key>?"
WALKS = {
    "all": ({}, "claim_listed_date_key_key", "listed=?", DATE),
    "actor": ({"actor": one(key("actor"))},
              "claim_actor_listed_date_key_key", "actor=? AND listed=?", DATE),
    "organization": ({"organization": one(key("organization"))},
                     "claim_organization_listed_date_key_key", "organization=? AND listed=?", DATE),
    "event": ({"event": one(key("event"))},
              "claim_event_listed_date_key_key", "event=? AND listed=?", DATE),
    "country": ({"country": one("TR")},
                "claim_country_listed_date_key_key", "country=? AND listed=?", DATE),
    "form": ({"form": one("speech")},
             "claim_form_listed_date_key_key", "form=? AND listed=?", DATE),
    "coder": ({"coder": one("ab")},
              "claim_coder_listed_date_key_key", "coder=? AND listed=?", DATE),
    "status": ({"status": one("draft")},
               "claim_status_listed_date_key_key", "status=? AND listed=?", DATE),
    "topic": ({"topic": one(key("topic"))}, "PRIMARY KEY", "topic=? AND listed=?", BOTH),
    "position": ({"position": one(key("position"))},
                 "claim_position_position_listed_date_key_claim_stance",
                 "position=? AND listed=?", BOTH),
    "position and stance": ({"position": one(key("position")), "stance": one("oppose")},
                            "claim_position_position_listed_date_key_claim_stance",
                            "position=? AND listed=?", BOTH),
    "stance": ({"stance": one("oppose")},
               "claim_position_stance_listed_date_key_claim", "stance=? AND listed=?", BOTH),
    "about": ({"about": one(key("actor"))},
              "about_party_listed_date_key_claim", "party=? AND listed=?", BOTH),
    "addressee": ({"addressee": one(key("organization"))},
                  "addressee_party_listed_date_key_claim", "party=? AND listed=?", BOTH),
    "source": ({"source": one(key("source"))},
               "report_source_listed_date_key_claim", "source=? AND listed=?", BOTH),
    "publisher": ({"publisher": one(key("organization"))},
                  "report_publisher_listed_date_key_claim", "publisher=? AND listed=?", BOTH),
    "attribution": ({"attribution": one("direct")},
                    "report_attribution_listed_date_key_claim", "attribution=? AND listed=?", BOTH),
}  # fmt: skip
CASES = pytest.mark.parametrize(
    ("choices", "index", "by", "after"), WALKS.values(), ids=map(str, WALKS)
)


CURSOR = {"after": 79_949_500, "after.key": 10_000, "limit": 51}


def plan(choices: dict[str, Choice], after: str | None) -> list[str]:
    """What SQLite says of the very statement that a list runs."""
    compiled = statement(Claim, choices, sort="-date", after=after)
    slots = values(Claim, choices) | CURSOR
    bound = [slots[one] if isinstance(one, Slot) else one for one in compiled.params]
    return [detail for *_, detail in rows(f"EXPLAIN QUERY PLAN {compiled.sql}", *bound)]


def check(steps: list[str], index: str, by: str) -> None:
    assert [step for step in steps if "TEMP B-TREE" in step] == []
    assert [step for step in steps if step.startswith("SCAN") and step != "SCAN page"] == []
    walk = next(step for step in steps if step.startswith("SEARCH"))
    using = "PRIMARY KEY" if index == "PRIMARY KEY" else f"COVERING INDEX {index}"
    assert walk.endswith(f" USING {using} ({by})")


@CASES
def test_first_page(
    claims: int, choices: dict[str, Choice], index: str, by: str, after: str
) -> None:
    check(plan(choices, None), index, by)


@CASES
def test_next_page(
    claims: int, choices: dict[str, Choice], index: str, by: str, after: str
) -> None:
    check(plan(choices, "value"), index, f"{by} AND {after}")


@CASES
def test_pages_hold_what_a_sort_gives(
    claims: int, choices: dict[str, Choice], index: str, by: str, after: str
) -> None:
    """The walk meets all claims of the list, each once, in its order, page after page."""
    first = statement(Claim, choices, sort="-date")
    later = statement(Claim, choices, sort="-date", after="value")
    everything = [row[1:3] for row in first.rows(values(Claim, choices))]
    assert everything == sorted(set(everything))
    if claims:
        assert len(everything) > 51
    found: list[tuple] = []
    while True:
        cursor = dict(zip(("after", "after.key"), found[-1], strict=True)) if found else {}
        page = [
            row[1:3]
            for row in (later if found else first).rows(
                values(Claim, choices, **cursor) | {"limit": 1000}
            )
        ]
        found += page
        if len(page) < 1000:
            break
    assert found == everything


@pytest.mark.parametrize(
    ("choices", "search"),
    [
        ({"topic": one(key("topic"))}, "topic_claim_claim (claim=? AND topic=?)"),
        (
            {"position": one(key("position"))},
            "claim_position_claim_position (claim=? AND position=?)",
        ),
        ({"about": one(key("actor"))}, "about_claim_party (claim=? AND party=?)"),
        ({"source": one(key("source"))}, "sqlite_autoindex_report_1 (claim=?)"),
    ],
    ids=["topic", "position", "about", "source"],
)
def test_a_second_filter_is_tested_on_the_way(
    claims: int, choices: dict[str, Choice], search: str
) -> None:
    """The walk is along one filter; for the other one each claim's links are looked up."""
    if not claims:
        pytest.skip("of an empty dataset nothing is known")
    steps = plan({"actor": one(key("actor")), **choices}, None)
    check(steps, "claim_actor_listed_date_key_key", "actor=? AND listed=?")
    assert any(step.endswith(search) for step in steps)


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
    ids = dict(rows("SELECT id, key FROM record"))
    steps = plan({"actor": one(ids["a1"]), "source": one(ids["s1"])}, None)
    check(steps, "claim_actor_listed_date_key_key", "actor=? AND listed=?")
    assert any(step.endswith("sqlite_autoindex_report_1 (claim=?)") for step in steps)
