"""References to missing records, and references by former ids."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.database.connection import fetch_all
from seeds.problems import Refused
from tests.models.stored_rows import stored_documents

ORGANIZATIONS = [
    {"id": "nato", "name": "Nato", "kind": "other"},
    {"id": "un", "name": "Un", "kind": "other"},
]
CLAIM = {"id": "c", "text": "C", "organization": "nato"}


@pytest.mark.parametrize(
    ("section", "items", "problems"),
    [
        (
            "positions",
            [{"position": "x", "stance": "support"}, {"position": "y", "stance": "oppose"}],
            ["positions.0.position: 'x'", "positions.1.position: 'y'"],
        ),
        (
            "about",
            [{"actor": "x"}, {"organization": "un"}, {"organization": "y"}],
            ["about.0.actor: 'x'", "about.2.organization: 'y'"],
        ),
        (
            "addressees",
            [{"actor": "x"}, {"actor": "y"}],
            ["addressees.0.actor: 'x'", "addressees.1.actor: 'y'"],
        ),
        ("topics", ["x", "y"], ["topics.0: 'x'", "topics.1: 'y'"]),
        (
            "reports",
            [{"source": "x"}, {"source": "x"}],
            ["reports.0.source: 'x'", "reports.1.source: 'x'"],
        ),
        (
            "relations",
            [{"kind": "repeats", "claim": "x"}, {"kind": "supports", "claim": "x"}],
            ["relations.0.claim: 'x'", "relations.1.claim: 'x'"],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_load_lists_all_dangling_references(
    load: Callable, section: str, items: list, problems: list[str]
) -> None:
    load(organizations=ORGANIZATIONS, claims=[CLAIM])
    before = stored_documents()
    with pytest.raises(Refused) as refused:
        load(organizations=ORGANIZATIONS, claims=[{**CLAIM, section: items}])
    messages = [str(problem).split("claim c: ")[1] for problem in refused.value.problems]
    assert [message.split(": there is no")[0] for message in messages] == problems
    assert stored_documents() == before


@pytest.mark.parametrize("loaded_before", [False, True], ids=["at once", "loaded before"])
def test_two_stances_by_an_id_and_a_former_id_are_duplicates(
    load: Callable, loaded_before: bool
) -> None:
    """The load fails, because a claim has one stance on a position."""
    records = {"positions": [{"id": "is", "text": "P", "former_ids": ["was"]}]}
    if loaded_before:
        load(organizations=ORGANIZATIONS, **records)
    stances = [{"position": "was", "stance": "support"}, {"position": "is", "stance": "oppose"}]
    claims = [{**CLAIM, "positions": stances}]
    with pytest.raises(Refused, match="1 problem"):
        load(organizations=ORGANIZATIONS, claims=claims, **records)
    assert fetch_all("SELECT COUNT(*) FROM record WHERE id = 'c'") == [(0,)]


def test_a_claim_cannot_relate_to_itself_by_a_former_id(load: Callable) -> None:
    claim = {**CLAIM, "former_ids": ["b"], "relations": [{"kind": "repeats", "claim": "b"}]}
    with pytest.raises(Refused, match="1 problem"):
        load(organizations=ORGANIZATIONS, claims=[claim])
