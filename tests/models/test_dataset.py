"""The dataset's own row."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.database.connection import fetch_all
from tests.models.stored_rows import records_by_key, stored_documents

ORGANIZATIONS = [
    {"id": "nato", "name": "Nato", "kind": "other"},
    {"id": "un", "name": "Un", "kind": "other"},
]
CLAIM = {"id": "c", "text": "C", "organization": "nato"}
NEWEST = {**CLAIM, "id": "newest"}
NEW = {**CLAIM, "id": "new"}


@pytest.mark.parametrize("type", ["organization", "claim"])
def test_a_load_that_prunes_the_newest_record_gives_a_new_record_a_new_key(
    load: Callable, type: str
) -> None:
    load(organizations=ORGANIZATIONS, claims=[CLAIM, NEWEST])
    (newest_key,) = fetch_all("SELECT key FROM record WHERE id = 'newest'")[0]
    if type == "claim":
        plan = load(organizations=ORGANIZATIONS, claims=[CLAIM, NEW], prune=True)
    else:
        organizations = [*ORGANIZATIONS, {"id": "eu", "name": "Eu", "kind": "other"}]
        plan = load(organizations=organizations, claims=[CLAIM], prune=True)
    assert (plan.added.count, plan.removed.count, plan.unchanged) == (1, 1, 3)
    assert fetch_all(f"SELECT MAX(key) > {newest_key} FROM record") == [(1,)]
    assert stored_documents().keys() == set(records_by_key().values())
    # a load that only prunes gives no key back, either
    load(organizations=ORGANIZATIONS, claims=[CLAIM], prune=True)
    load(organizations=ORGANIZATIONS, claims=[CLAIM, NEW])
    assert fetch_all(f"SELECT MAX(key) > {newest_key + 1} FROM record") == [(1,)]
