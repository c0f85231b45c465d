"""Long chains of parents: rows and time grow with their length, not with its square."""

from __future__ import annotations

from typing import Any

import pytest

from models.database.connection import fetch_all
from seeds.checks import find_circles
from tests.seeds.build import actor, claim
from tests.seeds.conftest import LoadPaths, Refuse, Write

LENGTH = 500
FIELDS: dict[str, dict] = {
    "topic": {},
    "event": {"kind": "summit", "start_date": "2025"},
    "organization": {"kind": "other"},
}
ANCESTORS = {"topic": "broader", "event": "event_ancestor"}
hierarchies = pytest.mark.parametrize("type", ANCESTORS)


def chain(type: str, *, reverse: bool = False) -> list[dict]:
    """Records that each have the one before as their parent; the first has none."""
    records: list[dict[str, Any]] = [
        {"id": f"r{n}", "name": f"Record {n}", **FIELDS[type]} for n in range(LENGTH)
    ]
    for n, record in enumerate(records[1:]):
        record["parent"] = f"r{n}"
    return records[::-1] if reverse else records


def claim_under(type: str, id: str, record: str) -> dict:
    """A claim on a topic, or at an event."""
    return claim(id, actor="a", **({"topics": [record]} if type == "topic" else {"event": record}))


def claim_counts(type: str) -> dict[str, int]:
    sql = f"SELECT id, claim_count FROM {type} JOIN record ON record.key = {type}.key"
    return dict(fetch_all(sql))


@pytest.mark.parametrize("reverse", [False, True], ids=["parents first", "parents last"])
@hierarchies
def test_a_chain_has_ancestors_only_where_something_refers_to_it(
    write: Write, load_paths: LoadPaths, type: str, reverse: bool
):
    sections = {
        f"{type}s": chain(type, reverse=reverse),
        "actors": [actor("a")],
        "claims": [claim_under(type, "c", "r499")],
    }
    load_paths(write("a.json", sections))
    assert fetch_all(f"SELECT COUNT(*) FROM {ANCESTORS[type]}") == [(LENGTH,)]
    assert fetch_all(f"SELECT COUNT(*) FROM {type}_claim") == [(LENGTH,)]
    assert set(claim_counts(type).values()) == {1}


@hierarchies
def test_a_record_that_changes_its_parent_takes_its_claims_along(
    write: Write, load_paths: LoadPaths, type: str
):
    sections = {
        f"{type}s": chain(type),
        "actors": [actor("a")],
        "claims": [claim_under(type, "c", "r499")],
    }
    load_paths(write("a.json", sections))
    # neither the record that changes nor its new parent has a claim of its own
    changed = {**sections[f"{type}s"][300], "parent": "r9"}
    load_paths(write("b.json", {f"{type}s": [changed]}))
    counts = claim_counts(type)
    assert {id for id in counts if counts[id]} == {
        *(f"r{n}" for n in range(10)),
        *(f"r{n}" for n in range(300, LENGTH)),
    }
    load_paths(write("c.json", {"claims": [claim_under(type, "d", "r9")]}))
    assert claim_counts(type)["r0"] == 2


def test_a_position_has_the_ancestors_of_its_topics(write: Write, load_paths: LoadPaths):
    load_paths(write("a.json", {"topics": chain("topic")}))
    assert fetch_all("SELECT COUNT(*) FROM broader") == [(0,)]
    position = {"id": "p", "text": "P", "topics": ["r99"]}
    load_paths(write("b.json", {"positions": [position]}))
    assert fetch_all("SELECT COUNT(*) FROM broader") == [(100,)]
    load_paths(write("c.json", {"positions": [{**position, "topics": ["r4"]}]}))
    assert fetch_all("SELECT COUNT(*) FROM broader") == [(105,)]
    load_paths(write("d.json", {"topics": [{"id": "r2", "name": "Another name"}]}))
    # the next change of a topic forgets the ancestors of what is no longer referred to
    assert fetch_all("SELECT COUNT(*) FROM broader") == [(3,)]


@pytest.mark.parametrize("type", ["topic", "event", "organization"])
def test_a_long_circle_is_shown_in_part(write: Write, refused: Refuse, type: str):
    records = chain(type)
    records[0]["parent"] = f"r{LENGTH - 1}"
    assert refused(write("a.json", {f"{type}s": records})) == [
        f"a.json: {type} r0: parent: circular parents: r0 → r499 → r498 → r497 → r496 → r495 →"
        " r494 → r493 → r492 → r491 → … 490 more … → r0"
    ]


def test_a_chain_into_a_circle():
    chain_and_circle = {n: n - 1 for n in range(1, 50_000)} | {0: 10}
    assert find_circles(chain_and_circle) == [[0, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]]
    assert find_circles({n: n + 1 for n in range(50_000)}) == []
