"""Statements: which of them filters choose, and their order in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from peewee import Select, Value, fn

from models import Claim, ClaimPosition
from models.base import Record
from models.database.connection import fetch_all
from models.networks.statements import (
    place_from_end,
    place_in_time,
    select_statements,
    seq_at,
    seq_from_end,
    tells_order,
)
from models.queries.compiled import bind_values, compile_query, query_shape, slots_of
from models.queries.defaults import with_listed_claims
from models.queries.slots import FilterValues
from models.values.dates import date_key

ACTORS = [{"id": id, "name": id} for id in ("ann", "bob")]
ORGANIZATIONS = [{"id": "acme", "name": "Acme", "kind": "company"}]
POSITIONS = [{"id": id, "text": id} for id in ("close", "join")]
SUPPORT, OPPOSE, NEUTRAL = "support", "oppose", "neutral"


def claim(id: str, positions: dict[str, str], **fields: object) -> dict:
    taken = [{"position": position, "stance": stance} for position, stance in positions.items()]
    return {"id": id, "text": id, "positions": taken, **fields}


CLAIMS = [
    claim("a1", {"join": SUPPORT, "close": OPPOSE}, actor="ann", organization="acme", date="2025"),
    claim("a2", {"join": OPPOSE}, actor="ann", date="2025-03"),
    claim("b1", {"join": NEUTRAL}, actor="bob", date="2025-03-14"),
    claim("c1", {"close": SUPPORT}, organization="acme"),
    claim("d1", {"join": SUPPORT}, actor="bob", status="draft"),
    claim("n1", {}, actor="bob"),
]


@pytest.fixture
def statements(load: Callable) -> Callable[..., list[tuple]]:
    """The statements (claimant, position, stance, claim) that filters choose."""
    load(actors=ACTORS, organizations=ORGANIZATIONS, positions=POSITIONS, claims=CLAIMS)
    ids = dict(fetch_all("SELECT key, id FROM record"))
    keys = {id: key for key, id in ids.items()}

    def select(of: str, **filters: FilterValues) -> list[tuple]:
        values = {
            name: FilterValues(
                *(None if part is None else tuple(keys.get(v, v) for v in part)
                  for part in (values.any_of, values.none_of)),
                tuple(tuple(keys.get(v, v) for v in group) for group in values.each_of),
            )
            for name, values in filters.items()
        }  # fmt: skip
        listed = with_listed_claims(Claim, values)
        chosen = select_statements(of, slots_of(query_shape(listed)))
        query = chosen.query.select(chosen.claimant, chosen.item, chosen.stance, Claim.key)
        rows = compile_query(query).rows(bind_values(listed))
        return sorted((ids[a], ids[b], stance, ids[c]) for a, b, stance, c in rows)

    return select


ANN_1 = ("ann", "join", SUPPORT, "a1")
ANN_CLOSE = ("ann", "close", OPPOSE, "a1")
ANN_2 = ("ann", "join", OPPOSE, "a2")
BOB = ("bob", "join", NEUTRAL, "b1")
BOB_DRAFT = ("bob", "join", SUPPORT, "d1")
ACME = ("acme", "close", SUPPORT, "c1")
FOR_ACME = [("acme", "close", OPPOSE, "a1"), ACME, ("acme", "join", SUPPORT, "a1")]


def any_of(*values: str) -> FilterValues:
    return FilterValues(values)


@pytest.mark.parametrize(
    ("of", "filters", "expected"),
    [
        ("claimant", {}, [ACME, ANN_CLOSE, ANN_2, ANN_1, BOB]),
        ("actor", {}, [ANN_CLOSE, ANN_2, ANN_1, BOB]),
        ("organization", {}, FOR_ACME),
        ("claimant", {"position": any_of("join")}, [ANN_2, ANN_1, BOB]),
        ("claimant", {"position": any_of("join", "close")}, [ACME, ANN_CLOSE, ANN_2, ANN_1, BOB]),
        ("claimant", {"position": FilterValues(None, ("close",))}, [ANN_2, BOB]),
        ("claimant", {"position": FilterValues(("join",), ("close",))}, [ANN_2, BOB]),
        ("claimant", {"position": FilterValues(None, (), (("join",), ("close",)))},
         [ANN_CLOSE, ANN_1]),
        ("claimant", {"stance": any_of(SUPPORT)}, [ACME, ANN_1]),
        ("claimant", {"stance": any_of(SUPPORT), "position": any_of("join")}, [ANN_1]),
        ("claimant", {"stance": any_of(SUPPORT, OPPOSE), "actor": any_of("ann")},
         [ANN_CLOSE, ANN_2, ANN_1]),
        ("claimant", {"stance": any_of(OPPOSE),
                      "position": FilterValues(None, (), (("join",), ("close",)))}, []),
        ("claimant", {"status": any_of("draft")}, [BOB_DRAFT]),
        ("organization", {"actor": any_of("ann"), "position": any_of("join")}, [FOR_ACME[2]]),
        ("organization", {"actor": any_of("bob")}, []),
    ],
)  # fmt: skip
def test_filters_choose_statements(
    statements: Callable[..., list[tuple]], of: str, filters: dict, expected: list[tuple]
) -> None:
    assert statements(of, **filters) == sorted(expected)


@pytest.mark.usefixtures("dataset")
@pytest.mark.parametrize(
    ("dates", "order", "first", "last"),
    [
        # (dates in the order of entry, their numbers in the order of time, the first, the last)
        (["2025", "2024"], [1, 0], 1, 0),
        (["2025-03-14", "2025-03", "2025"], [2, 1, 0], 2, 0),
        (["2025-03-14", "2025-03-14"], [0, 1], 0, 1),
        ([None, "2025", "2024"], [2, 1, 0], 2, 1),
        ([None, "2025"], [1, 0], 1, 1),
        ([None, None], [0, 1], 0, 1),
        (["0001", "9999-12-31"], [0, 1], 0, 1),
    ],
)
def test_statements_in_time(
    load: Callable, dates: list[str | None], order: list[int], first: int, last: int
) -> None:
    claims = [
        {**claim(str(n), {"join": SUPPORT}), "actor": "ann"} | ({"date": date} if date else {})
        for n, date in enumerate(dates)
    ]
    load(actors=ACTORS, positions=POSITIONS, claims=claims)
    columns = (ClaimPosition.date_key, ClaimPosition.seq)
    links = ClaimPosition.select(Record.id, ClaimPosition.seq)
    links = links.join(Record, on=(Record.key == ClaimPosition.claim))
    rows = compile_query(links.order_by(place_in_time(*columns))).rows({})
    assert [int(id) for id, _ in rows] == order
    ids = {seq: int(id) for id, seq in rows}
    ends = ClaimPosition.select(fn.MIN(place_in_time(*columns)), fn.MIN(place_from_end(*columns)))
    ((first_place, last_place),) = compile_query(ends).rows({})
    assert (ids[seq_at(first_place)], ids[seq_from_end(last_place)]) == (first, last)


@pytest.mark.usefixtures("dataset")
@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("2024", "2025", True),
        ("2024-12-31", "2025", True),
        ("2024-12", "2025-01-01", True),
        ("2025-03-14", "2025-03-15", True),
        ("2025-03", "2025-04", True),
        ("2025", "2025", False),
        ("2025", "2025-03", False),
        ("2025", "2025-12-31", False),
        ("2025-12", "2025-12-31", False),
        ("2025-03", "2025-03-14", False),
        ("2025-03-14", "2025-03-14", False),
        ("2025", None, False),
        (None, None, False),
        ("0001", "9999", True),
    ],
)
def test_dates_that_tell_an_order(earlier: str | None, later: str | None, expected: bool) -> None:
    test = tells_order(*(Value(date_key(date)) for date in (earlier, later)))
    ((result,),) = compile_query(Select((), [test])).rows({})
    assert bool(result) is expected
